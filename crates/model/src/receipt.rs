//! A receipt: what the books hold, read back, and whether it is what a draft wants.
//!
//! One shape for every kind of entry, so that "is it the same?" is asked in one place. What the books do not tell is `None` and
//! counts as no difference; what they tell is compared to the penny.

use std::cmp::Ordering;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{DocumentNumber, Draft, EntryKind, NominalCode, PaymentDraft, VatRate};

/// An entry as the books hold it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What it is.
    pub kind: EntryKind,
    /// Its number, if entries of its kind have one.
    pub number: Option<DocumentNumber>,
    /// The books' internal id, if it has one.
    pub remote_id: Option<i64>,
    /// By what it is found: its reference field, trimmed, or the marker in its comment (empty if there is none).
    pub reference: String,
    /// Code of its customer or supplier; empty for an entry that has none.
    pub party: String,
    /// The bank-type account of a bank transaction or payment, or from which a transfer goes out.
    pub account: Option<NominalCode>,
    /// Its date.
    pub on: Date,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Its lines: of a document its own; of a bank transaction or transfer the other side; of a journal all, debit positive; of
    /// a payment the documents it pays; of an allocation invoice and credit note.
    pub lines: Vec<ReceiptLine>,
    /// Sum of line nets; of a journal and an allocation, of the positive ones.
    pub net: Money,
    /// Sum of line VATs.
    pub vat: Money,
    /// The payments of a document.
    pub payments: Vec<ReceiptPayment>,
    /// Paid so far, as the books say.
    pub paid: Money,
    /// Whether it lies in a submitted VAT return or another locked period.
    pub locked: bool,
}

/// A line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// Net of the line, with its sign.
    pub net: Money,
    /// VAT of the line.
    pub vat: Money,
    /// VAT rate. The books keep one flag for everything that is no percentage.
    pub vat_rate: VatRate,
    /// Where it is posted, if the books tell.
    pub nominal: Option<NominalCode>,
    /// The document that a payment pays or an allocation sets off.
    pub document: Option<DocumentNumber>,
}

/// A payment of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPayment {
    /// The books' id of it.
    pub remote_id: Option<i64>,
    /// The bank-type account, if the books tell.
    pub account: Option<NominalCode>,
    /// How much.
    pub amount: Money,
    /// When, if the books tell.
    pub on: Option<Date>,
    /// Its note, trimmed.
    pub note: String,
    /// Whether it is a credit note set off, so that no money moved.
    pub credit: bool,
}

/// How far what the books hold is what a draft wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// In everything that the books tell.
    Full,
    /// In kind, reference, currency and totals; date, party, account, VAT rate, split or payment differ.
    SumsOnly,
    /// In less than that.
    None,
}

impl Receipt {
    /// The receipt that the books should give for `draft`, with everything they could tell. `home` is the currency in which they
    /// keep money movements.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if amounts of the draft cannot be summed or converted: such a draft cannot be in any books.
    pub fn wanted(draft: &Draft, home: Currency) -> Result<Receipt, MoneyError> {
        let draft = draft.kept_in(home)?;
        let currency = draft.currency();
        let (mut party, mut account, mut payment) = (String::new(), None, None);
        let lines: Vec<ReceiptLine> = match &draft {
            Draft::Sales(sales) => {
                sales.customer.code.as_str().clone_into(&mut party);
                payment = sales.payment.as_ref();
                sales
                    .lines
                    .iter()
                    .map(|line| ReceiptLine::posted(line.net, line.vat, line.vat_rate, line.nominal))
                    .collect()
            }
            Draft::Purchase(purchase) => {
                purchase.supplier.code.as_str().clone_into(&mut party);
                payment = purchase.payment.as_ref();
                let of =
                    |line: &crate::PurchaseLine| ReceiptLine::posted(line.net, line.vat, line.vat_rate, line.nominal);
                purchase.lines.iter().map(of).collect()
            }
            Draft::Bank(bank) => {
                account = Some(bank.account);
                vec![ReceiptLine::posted(bank.amount.minus(bank.vat)?, bank.vat, bank.vat_rate, bank.nominal)]
            }
            Draft::Transfer(transfer) => {
                account = Some(transfer.from);
                vec![ReceiptLine::moved(transfer.amount, Some(transfer.to))]
            }
            Draft::Journal(journal) => {
                journal.lines.iter().map(|line| ReceiptLine::moved(line.amount, Some(line.nominal))).collect()
            }
            Draft::Payment(paid) => {
                account = Some(paid.account);
                paid.items.iter().map(|item| ReceiptLine::of_document(item.amount, item.document.number)).collect()
            }
            Draft::Allocation(set) => vec![
                ReceiptLine::of_document(set.amount, set.invoice.number),
                ReceiptLine::of_document(set.amount.negated(), set.credit.number),
            ],
        };
        let payments: Vec<ReceiptPayment> = payment.into_iter().map(ReceiptPayment::of).collect();
        let paid = Money::sum(currency, payments.iter().map(|payment| payment.amount))?;
        let (net, vat) = Receipt::totals(draft.kind(), currency, &lines)?;
        Ok(Receipt {
            kind: draft.kind(),
            number: None,
            remote_id: None,
            reference: draft.mark(),
            party,
            account,
            on: draft.on(),
            currency,
            lines,
            net,
            vat,
            payments,
            paid,
            locked: false,
        })
    }

    /// Net and VAT of `lines` for an entry of `kind`: of what sums to zero, the positive side.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if a line is in another currency or a sum does not fit.
    pub fn totals(kind: EntryKind, currency: Currency, lines: &[ReceiptLine]) -> Result<(Money, Money), MoneyError> {
        let two_sided = matches!(kind, EntryKind::Journal | EntryKind::Allocation);
        let counted = lines.iter().map(|line| line.net).filter(|net| !two_sided || !net.is_negative());
        Ok((Money::sum(currency, counted)?, Money::sum(currency, lines.iter().map(|line| line.vat))?))
    }

    /// Whether this carries `mark` (compared without case, as books do).
    pub fn carries(&self, mark: &str) -> bool {
        self.reference.trim().eq_ignore_ascii_case(mark.trim())
    }

    /// How far this is what `draft` wants. The books' own currency for movements is taken from the receipt.
    pub fn agrees_with(&self, draft: &Draft) -> Agreement {
        Receipt::wanted(draft, self.currency).map_or(Agreement::None, |wanted| self.agrees(&wanted))
    }

    /// Whether this is still what `then` was: it may have got payments since, but lost none.
    pub fn is_still(&self, then: &Receipt) -> bool {
        self.agrees(then) == Agreement::Full
    }

    /// Whether this says what `draft` says, whatever its reference: for entries that people make by hand without a marker.
    pub fn is_like(&self, draft: &Draft) -> bool {
        let Ok(wanted) = Receipt::wanted(draft, self.currency) else { return false };
        let unmarked = Receipt { reference: self.reference.clone(), ..wanted };
        self.agrees(&unmarked) == Agreement::Full
    }

    fn agrees(&self, wanted: &Receipt) -> Agreement {
        let sums = self.kind == wanted.kind
            && self.currency == wanted.currency
            && self.carries(&wanted.reference)
            && (self.net, self.vat) == (wanted.net, wanted.vat);
        if !sums {
            return Agreement::None;
        }
        // The books date an allocation themselves.
        let same_day = self.on == wanted.on || self.kind == EntryKind::Allocation;
        let same_party = self.party.eq_ignore_ascii_case(&wanted.party);
        let rest = same_day
            && same_party
            && untold_or_equal(self.account, wanted.account)
            && same_lines(&self.lines, &wanted.lines)
            && wanted.payments.iter().all(|payment| self.holds(payment, wanted));
        if rest { Agreement::Full } else { Agreement::SumsOnly }
    }

    /// Whether the payment is there, as often as it is wanted.
    fn holds(&self, payment: &ReceiptPayment, wanted: &Receipt) -> bool {
        let count = |among: &[ReceiptPayment]| among.iter().filter(|held| held.is_same(payment)).count();
        count(&self.payments) >= count(&wanted.payments)
    }
}

impl ReceiptLine {
    /// A line with VAT, posted to a nominal.
    pub fn posted(net: Money, vat: Money, vat_rate: VatRate, nominal: NominalCode) -> ReceiptLine {
        ReceiptLine { net, vat, vat_rate, nominal: Some(nominal), document: None }
    }

    /// An amount without VAT.
    pub fn moved(amount: Money, nominal: Option<NominalCode>) -> ReceiptLine {
        let vat = Money::zero(amount.currency());
        ReceiptLine { net: amount, vat, vat_rate: VatRate::OutsideScope, nominal, document: None }
    }

    /// What is paid of a document.
    pub fn of_document(amount: Money, document: Option<DocumentNumber>) -> ReceiptLine {
        ReceiptLine { document, ..ReceiptLine::moved(amount, None) }
    }

    /// The rate as books keep it: a percentage, or none. KashFlow has one flag for all that is no percentage (facts: vat_rate to
    /// the wire), so a receipt cannot tell them apart.
    fn percent(&self) -> Option<Decimal> {
        match self.vat_rate {
            VatRate::Percent(percent) => Some(percent.normalize()),
            VatRate::Exempt
            | VatRate::OutsideScope
            | VatRate::NoVat
            | VatRate::ReverseCharge
            | VatRate::OneStopShop { .. } => None,
        }
    }

    fn in_order(&self, other: &ReceiptLine) -> Ordering {
        let key =
            |line: &ReceiptLine| (line.net.minor(), line.vat.minor(), line.percent(), line.nominal, line.document);
        key(self).cmp(&key(other))
    }

    fn is_same(&self, other: &ReceiptLine) -> bool {
        (self.net, self.vat, self.percent()) == (other.net, other.vat, other.percent())
            && untold_or_equal(self.nominal, other.nominal)
            && untold_or_equal(self.document, other.document)
    }
}

impl ReceiptPayment {
    fn of(draft: &PaymentDraft) -> ReceiptPayment {
        ReceiptPayment {
            remote_id: None,
            account: Some(draft.account),
            amount: draft.amount,
            on: Some(draft.on),
            note: draft.note.clone(),
            credit: false,
        }
    }

    /// Notes are left out: the books may cut them.
    fn is_same(&self, other: &ReceiptPayment) -> bool {
        self.amount == other.amount
            && self.credit == other.credit
            && untold_or_equal(self.account, other.account)
            && untold_or_equal(self.on, other.on)
    }
}

fn untold_or_equal<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left == right,
        _ => true,
    }
}

/// As lists, or whatever their order: books may sort the lines of a journal.
fn same_lines(left: &[ReceiptLine], right: &[ReceiptLine]) -> bool {
    let pairwise = |left: &[&ReceiptLine], right: &[&ReceiptLine]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.is_same(right))
    };
    let (mut left, mut right): (Vec<_>, Vec<_>) = (left.iter().collect(), right.iter().collect());
    pairwise(&left, &right) || {
        left.sort_by(|a, b| a.in_order(b));
        right.sort_by(|a, b| a.in_order(b));
        pairwise(&left, &right)
    }
}

/// What must agree between a draft and a receipt, as one hash: kind, reference or marker, party, account, date, currency, and per
/// line net, VAT, rate and nominal. Descriptions, numbers and payments are left out: the books may change or add to them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fingerprint {
    /// The fingerprint of `draft` as it was decided, in its own currency. A draft whose amounts cannot be summed has an empty one,
    /// which no receipt has.
    pub fn of_draft(draft: &Draft) -> Fingerprint {
        Receipt::wanted(draft, draft.currency())
            .map_or_else(|_| Fingerprint(String::new()), |wanted| Fingerprint::of_receipt(&wanted))
    }

    /// The fingerprint of what the books hold.
    pub fn of_receipt(receipt: &Receipt) -> Fingerprint {
        let mut hash = Sha256::new();
        let (kind, reference, party) = (receipt.kind, receipt.reference.trim(), receipt.party.to_ascii_uppercase());
        hash.update(format!("{kind:?}\n{}\n{party}\n{:?}\n", reference.to_ascii_uppercase(), receipt.account));
        hash.update(format!("{}\n{}\n", receipt.on, receipt.currency));
        let mut lines: Vec<&ReceiptLine> = receipt.lines.iter().collect();
        lines.sort_by(|a, b| a.in_order(b));
        for line in lines {
            let rate = line.percent().map_or_else(|| "none".to_owned(), |percent| percent.to_string());
            let (net, vat) = (line.net.minor(), line.vat.minor());
            hash.update(format!("{net} {vat} {rate} {:?} {:?}\n", line.nominal, line.document));
        }
        Fingerprint(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The fingerprint as hex text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
