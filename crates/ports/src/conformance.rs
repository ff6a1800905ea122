//! What any set of books must do, as laws that a connector's tests run against a real server.
//!
//! A law failed is a sentence that says which. The suite writes invented entries on `kit.on` under keys made of `kit.tag`: another tag is
//! another run. Nothing is deleted: books may not allow it.

use jiff::Span;
use jiff::civil::Date;
use model::{
    Agreement, AllocationDraft, BankDraft, CustomerCode, CustomerDraft, DocumentKey, DocumentKind, DocumentNumber,
    DocumentRef, Draft, DraftLine, JournalDraft, JournalLine, LaterPaymentDraft, NominalCode, PaidItem, PaymentDraft,
    PaymentMethodId, PurchaseDraft, PurchaseLine, SalesDraft, Series, Subject, SupplierDraft, TradeBorder,
    TransferDraft, VatRate,
};
use money::{Currency, Money};

use crate::{Books, ConnectorError, Depth, Found, Party, SendOutcome, Window};

/// What the suite needs to know about the account.
#[derive(Clone, Debug)]
pub struct Kit {
    /// Makes the keys of this run its own: letters and digits.
    pub tag: String,
    /// An open day.
    pub on: Date,
    /// The home currency.
    pub home: Currency,
    /// A bank-type account.
    pub clearing: NominalCode,
    /// Another one.
    pub bank: NominalCode,
    /// An income account.
    pub income: NominalCode,
    /// A cost account.
    pub cost: NominalCode,
    /// How invoices are paid.
    pub invoice_method: PaymentMethodId,
    /// How bills are paid.
    pub purchase_method: PaymentMethodId,
    /// A VAT rate of the account, in per cent: 20.
    pub vat_percent: u32,
}

type Law = Result<(), String>;

/// Runs every law.
///
/// # Errors
///
/// The law that does not hold, and what was seen.
pub async fn run(books: &dyn Books, kit: &Kit) -> Law {
    parties_are_made_once(books, kit).await?;
    documents_stand_under_our_number(books, kit).await?;
    movements_are_found_by_their_marker(books, kit).await?;
    journals_balance_or_are_refused(books, kit).await?;
    documents_are_paid_later_once(books, kit).await?;
    credits_are_set_off_once(books, kit).await
}

async fn parties_are_made_once(books: &dyn Books, kit: &Kit) -> Law {
    let (customer, supplier) = (kit.customer(), kit.supplier());
    for party in [Party::Customer(&customer), Party::Supplier(&supplier)] {
        let noun = party.noun();
        expect(find_party(books, party).await?.is_none(), || format!("a {noun} that nobody made is not there"))?;
        said(noun, books.create_party(party).await)?;
        let found = find_party(books, party).await?;
        expect(found.as_ref() == Some(party.code()), || format!("a {noun} is found by the code we chose: {found:?}"))?;
        let again = books.create_party(party).await;
        let refused = matches!(again, Err(ConnectorError::Duplicate { .. }));
        expect(refused, || format!("a {noun} is not made twice under one code: {again:?}"))?;
    }
    Ok(())
}

async fn documents_stand_under_our_number(books: &dyn Books, kit: &Kit) -> Law {
    for draft in
        [kit.invoice("paid", 1, true), kit.invoice("credit", -1, true), kit.bill("paid", 1), kit.bill("credit", -1)]
    {
        let (series, number) = numbered(books, &draft).await?;
        let before = said("find", books.find(series, number).await)?;
        expect(before.is_none(), || format!("number {number} of {} is free before it is used", series.as_str()))?;
        write_once(books, kit, Some(number), &draft).await?;
        let held = said("find", books.find(series, number).await)?;
        let agreement = held.as_ref().map(|receipt| receipt.agrees_with(&draft));
        expect(agreement == Some(Agreement::Full), || {
            format!("{} reads back to the penny: {held:#?}", draft.reference())
        })?;
        let next = said("next_number", books.next_number(series).await)?;
        expect(next > number, || format!("the next number of {} is above {number}: {next}", series.as_str()))?;
    }
    Ok(())
}

async fn movements_are_found_by_their_marker(books: &dyn Books, kit: &Kit) -> Law {
    let (fee, income) = (kit.movement("fee", -12_00, true), kit.movement("reimbursement", 7_30, false));
    for draft in [fee, income, kit.transfer("deposit", 350_00), kit.transfer("again", 350_00)] {
        write_once(books, kit, None, &draft).await?;
    }
    // The second transfer says the same as the first: only the markers tell them apart.
    let found = look(books, kit, &kit.transfer("third", 350_00)).await?;
    let none = found.ours.is_empty() && found.alike.is_empty();
    expect(none, || format!("an entry with another marker of ours is neither ours nor alike: {found:#?}"))
}

async fn journals_balance_or_are_refused(books: &dyn Books, kit: &Kit) -> Law {
    let draft = kit.journal("cogs", [8_10, -8_10]);
    let (series, number) = numbered(books, &draft).await?;
    write_once(books, kit, Some(number), &draft).await?;
    let held = said("find", books.find(series, number).await)?;
    let agreement = held.as_ref().map(|receipt| receipt.agrees_with(&draft));
    expect(agreement == Some(Agreement::Full), || format!("a journal reads back line by line: {held:#?}"))?;
    let lame = kit.journal("lame", [8_10, -8_00]);
    let (_, number) = numbered(books, &lame).await?;
    let refused = books.create(Some(number), &lame).await;
    let refused_for_good = matches!(refused, Err(ConnectorError::Rejected { .. }));
    expect(refused_for_good, || format!("a journal that does not balance is refused: {refused:?}"))?;
    let held = said("find", books.find(series, number).await)?;
    expect(held.is_none(), || "a refused journal is not in the books".to_owned())
}

async fn documents_are_paid_later_once(books: &dyn Books, kit: &Kit) -> Law {
    for series in [Series::Sales, Series::Purchases] {
        let mut paid = Vec::new();
        for part in ["later1", "later2", "later3"] {
            let draft = match series {
                Series::Purchases => kit.unpaid_bill(part),
                Series::Sales | Series::Journals => kit.invoice(part, 1, false),
            };
            let (_, number) = numbered(books, &draft).await?;
            write_once(books, kit, Some(number), &draft).await?;
            paid.push((draft.key().clone(), number));
        }
        write_once(books, kit, None, &kit.payment(series, "one", &paid[..1])).await?;
        write_once(books, kit, None, &kit.payment(series, "bulk", &paid[1..])).await?;
        for (_, number) in &paid {
            let held = said("find", books.find(series, *number).await)?;
            let count = held.as_ref().map(|receipt| (receipt.payments.len(), receipt.paid));
            expect(count == Some((1, kit.money(24_00))), || format!("document {number} is paid once: {held:#?}"))?;
        }
    }
    Ok(())
}

async fn credits_are_set_off_once(books: &dyn Books, kit: &Kit) -> Law {
    let (invoice, credit) = (kit.invoice("open", 1, false), kit.invoice("opencredit", -1, false));
    let mut refs = Vec::new();
    for draft in [&invoice, &credit] {
        let (_, number) = numbered(books, draft).await?;
        write_once(books, kit, Some(number), draft).await?;
        refs.push(DocumentRef { key: draft.key().clone(), number: Some(number) });
    }
    let [invoice, credit] = refs.as_slice() else { return Err("two documents were made".to_owned()) };
    let set = |part: &str| {
        Draft::Allocation(AllocationDraft {
            key: kit.key(DocumentKind::Allocation, part),
            reference: kit.reference(part),
            invoice: invoice.clone(),
            credit: credit.clone(),
            amount: kit.money(24_00),
            on: kit.on,
        })
    };
    write_once(books, kit, None, &set("set")).await?;
    let again = books.create(None, &set("again")).await;
    let refused = matches!(again, Err(ConnectorError::Rejected { .. }));
    expect(refused, || format!("a credit note is not set against a paid invoice: {again:?}"))
}

/// Not there, written, there once and to the penny, found by the quick look and by the scan.
async fn write_once(books: &dyn Books, kit: &Kit, number: Option<DocumentNumber>, draft: &Draft) -> Law {
    let name = format!("{:?} {}", draft.kind(), draft.reference());
    let found = look(books, kit, draft).await?;
    expect(found == Found::default(), || format!("{name} is not there before it is written: {found:#?}"))?;
    if let SendOutcome::Answered(receipt) = said(&name, books.create(number, draft).await)? {
        let agreement = receipt.agrees_with(draft);
        expect(agreement == Agreement::Full, || format!("{name} is answered as it is wanted: {receipt:#?}"))?;
    }
    for depth in [Depth::Search, Depth::Scan] {
        let found = said(&name, books.look(draft, kit.window(), depth).await)?;
        let agreements: Vec<Agreement> = found.ours.iter().map(|receipt| receipt.agrees_with(draft)).collect();
        let once = agreements == [Agreement::Full] && found.alike.is_empty();
        expect(once, || format!("{name} is found once and to the penny ({depth:?}): {found:#?}"))?;
    }
    Ok(())
}

async fn look(books: &dyn Books, kit: &Kit, draft: &Draft) -> Result<Found, String> {
    said("look", books.look(draft, kit.window(), Depth::Scan).await)
}

async fn numbered(books: &dyn Books, draft: &Draft) -> Result<(Series, DocumentNumber), String> {
    let series = draft.series().ok_or_else(|| format!("{} has a series", draft.reference()))?;
    Ok((series, said("next_number", books.next_number(series).await)?))
}

async fn find_party(books: &dyn Books, party: Party<'_>) -> Result<Option<CustomerCode>, String> {
    Ok(said("find_party", books.find_party(party).await)?.map(|found| found.code))
}

fn said<T>(what: &str, result: Result<T, ConnectorError>) -> Result<T, String> {
    result.map_err(|error| format!("{what}: {} {error}", error.code()))
}

fn expect(holds: bool, law: impl FnOnce() -> String) -> Law {
    if holds { Ok(()) } else { Err(law()) }
}

impl Kit {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.home)
    }

    fn window(&self) -> Window {
        let week = Span::new().days(7);
        let (from, to) = (self.on.checked_sub(week), self.on.checked_add(week));
        Window { from: from.unwrap_or(self.on), to: to.unwrap_or(self.on) }
    }

    fn key(&self, kind: DocumentKind, part: &str) -> DocumentKey {
        let subject = Subject::Settlement { id: self.tag.clone(), currency: self.home };
        DocumentKey { subject, kind, part: part.to_owned(), ordinal: 1 }
    }

    fn reference(&self, part: &str) -> String {
        format!("AMZ-S-{}-{part}", self.tag)
    }

    fn rate(&self) -> VatRate {
        VatRate::Percent(self.vat_percent.into())
    }

    fn customer(&self) -> CustomerDraft {
        let code = CustomerCode::parse(&format!("C{}", self.tag)).unwrap_or_else(|_| unusable(&self.tag));
        CustomerDraft {
            code,
            name: format!("Conformance {}", self.tag),
            currency: self.home,
            border: TradeBorder::Domestic,
            country: None,
            email: None,
            vat_number: None,
            address: None,
            shared: true,
        }
    }

    fn supplier(&self) -> SupplierDraft {
        let CustomerDraft { code, name, currency, border, country, .. } = self.customer();
        SupplierDraft { code, name, currency, border, country }
    }

    fn paid(&self, method: PaymentMethodId, amount: Money, part: &str) -> PaymentDraft {
        PaymentDraft { account: self.clearing, method, amount, on: self.on, note: format!("Conformance {part}") }
    }

    /// Net 20.00 and VAT 4.00, times `sign`.
    fn invoice(&self, part: &str, sign: i64, paid: bool) -> Draft {
        let (net, vat, gross) = (self.money(20_00 * sign), self.money(4_00 * sign), self.money(24_00 * sign));
        let line = DraftLine {
            description: "Conformance".to_owned(),
            quantity: 1,
            unit_net: net,
            net,
            vat_rate: self.rate(),
            vat,
            nominal: self.income,
            product: None,
            order_line: None,
            units: 0,
            sku: None,
        };
        Draft::Sales(SalesDraft {
            key: self.key(DocumentKind::Invoice, part),
            reference: self.reference(part),
            customer: self.customer(),
            issued_on: self.on,
            due_on: self.on,
            currency: self.home,
            rate: None,
            lines: vec![line],
            payment: paid.then(|| self.paid(self.invoice_method, gross, part)),
            delivery: None,
            reverses: None,
        })
    }

    fn bill(&self, part: &str, sign: i64) -> Draft {
        let payment = Some(self.paid(self.purchase_method, self.money(24_00 * sign), part));
        self.bill_of(part, sign, payment)
    }

    fn unpaid_bill(&self, part: &str) -> Draft {
        self.bill_of(part, 1, None)
    }

    fn bill_of(&self, part: &str, sign: i64, payment: Option<PaymentDraft>) -> Draft {
        let line = PurchaseLine {
            description: "Conformance".to_owned(),
            net: self.money(20_00 * sign),
            vat_rate: self.rate(),
            vat: self.money(4_00 * sign),
            nominal: self.cost,
        };
        Draft::Purchase(PurchaseDraft {
            key: self.key(DocumentKind::Bill, part),
            reference: self.reference(&format!("bill{part}")),
            supplier: self.supplier(),
            issued_on: self.on,
            due_on: self.on,
            currency: self.home,
            rate: None,
            lines: vec![line],
            payment,
            reverses: None,
        })
    }

    fn movement(&self, part: &str, minor: i64, vatable: bool) -> Draft {
        Draft::Bank(BankDraft {
            key: self.key(DocumentKind::Bank, part),
            reference: self.reference(part),
            account: self.clearing,
            on: self.on,
            amount: self.money(minor),
            rate: None,
            nominal: if minor < 0 { self.cost } else { self.income },
            vat_rate: if vatable { self.rate() } else { VatRate::OutsideScope },
            vat: if vatable { self.money(minor / 6) } else { self.money(0) },
            description: format!("Conformance {part}"),
            reverses: None,
        })
    }

    fn transfer(&self, part: &str, minor: i64) -> Draft {
        Draft::Transfer(TransferDraft {
            key: self.key(DocumentKind::Transfer, part),
            reference: self.reference(part),
            from: self.clearing,
            to: self.bank,
            amount: self.money(minor),
            rate: None,
            on: self.on,
            description: format!("Conformance {part}"),
            reverses: None,
        })
    }

    fn journal(&self, part: &str, minor: [i64; 2]) -> Draft {
        let line = |nominal, minor| JournalLine { nominal, amount: self.money(minor), description: part.to_owned() };
        Draft::Journal(JournalDraft {
            key: self.key(DocumentKind::Journal, part),
            reference: self.reference(part),
            on: self.on,
            currency: self.home,
            lines: vec![line(self.cost, minor[0]), line(self.income, minor[1])],
            description: format!("Conformance {part}"),
            reverses: None,
        })
    }

    fn payment(&self, series: Series, part: &str, documents: &[(DocumentKey, DocumentNumber)]) -> Draft {
        let item = |(key, number): &(DocumentKey, DocumentNumber)| PaidItem {
            document: DocumentRef { key: key.clone(), number: Some(*number) },
            amount: self.money(24_00),
        };
        let method = if series == Series::Purchases { self.purchase_method } else { self.invoice_method };
        let part = format!("{}{part}", series.as_str());
        Draft::Payment(LaterPaymentDraft {
            key: self.key(DocumentKind::Payment, &part),
            reference: self.reference(&part),
            series,
            account: self.clearing,
            method,
            on: self.on,
            currency: self.home,
            items: documents.iter().map(item).collect(),
            description: format!("Conformance {part}"),
            reverses: None,
        })
    }
}

#[expect(clippy::panic, reason = "a suite that is started wrongly cannot say anything about the books")]
fn unusable(tag: &str) -> CustomerCode {
    panic!("the tag `{tag}` is not of letters and digits")
}
