//! Double entry: what each document does to the nominal codes, in pounds.
//!
//! Postings are derived from documents and never kept. What is kept are their sums, per nominal code and per bank account and
//! day: filing a document adds its postings, taking it out takes the same ones away. So an edit or a deletion reverses exactly.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{BankRow, Invoice, Ledger, Side};

/// Where a posting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An invoice, sent or received.
    Invoice {
        /// Sent or received.
        side: Side,
        /// Its number.
        number: i64,
    },
    /// The payment of an invoice.
    Payment {
        /// Sent or received.
        side: Side,
        /// The number of the invoice.
        number: i64,
    },
    /// Money in or out of a bank account against another nominal code.
    BankTransaction,
    /// Money from one bank account to another.
    Transfer,
    /// A journal.
    Journal {
        /// Its number.
        number: i64,
    },
}

/// One side of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The document.
    pub origin: Origin,
    /// Internal id of the document, payment, bank transaction or journal line.
    pub id: i64,
    /// When.
    pub date: Date,
    /// Nominal code.
    pub nominal: i64,
    /// Pounds: debits above 0, credits below.
    pub amount: Decimal,
    /// What it is to the VAT return, if anything.
    pub tax: Option<Tax>,
}

/// What a posting is to the VAT return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    /// Sales: output VAT; purchases: input VAT.
    pub side: Side,
    /// VAT percentage.
    pub level: Decimal,
    /// Exempt or outside the scope.
    pub exempt: bool,
    /// The VAT itself, not the net it is on.
    pub is_vat: bool,
}

impl Ledger {
    /// Adds a document's postings (`sign` 1) or takes them away (-1).
    pub(super) fn post(&mut self, postings: &[Posting], sign: Decimal) {
        for posting in postings {
            *self.balances.entry(posting.nominal).or_default() += posting.amount * sign;
            if let Some(bank) = self.banks.values_mut().find(|bank| bank.code == posting.nominal) {
                let row =
                    BankRow { date: posting.date, id: posting.id, origin: posting.origin, amount: posting.amount };
                bank.enter(row, sign);
            }
        }
    }

    /// What an invoice and its payments do.
    pub(in crate::kashflow) fn invoice_postings(&self, invoice: &Invoice) -> Vec<Posting> {
        let mut postings = document_postings(invoice);
        postings.extend(self.payment_postings(invoice));
        postings
    }

    /// What the payments of an invoice do. Applied credits move no money: their two halves meet in the control account.
    fn payment_postings(&self, invoice: &Invoice) -> Vec<Posting> {
        let side = invoice.side;
        let mut postings = Vec::with_capacity(invoice.payments.len() * 2);
        for payment in invoice.payments.iter().filter(|payment| !payment.is_credit) {
            let Some(bank) = self.banks.get(&payment.account) else { continue };
            let amount = invoice.in_home(payment.amount) * side.sign();
            let origin = Origin::Payment { side, number: invoice.number };
            let debit = Posting { origin, id: payment.id, date: payment.date, nominal: bank.code, amount, tax: None };
            postings.extend([debit, Posting { nominal: side.control(), amount: -amount, ..debit }]);
        }
        postings
    }
}

/// What the lines of an invoice do.
///
/// Pounds are rounded on running totals, VAT first: the VAT sums to the document's in pounds, the whole to its gross.
fn document_postings(invoice: &Invoice) -> Vec<Posting> {
    let side = invoice.side;
    let origin = Origin::Invoice { side, number: invoice.number };
    let mut running = (Decimal::ZERO, Decimal::ZERO);
    let mut in_home = |foreign: Decimal| {
        let before = running.1;
        running.0 += foreign;
        running.1 = invoice.in_home(running.0);
        running.1 - before
    };
    let entry = |nominal, home: Decimal, tax| Posting {
        origin,
        id: invoice.id,
        date: invoice.issued_on,
        nominal,
        amount: home * side.sign(),
        tax,
    };
    let mut postings = Vec::with_capacity(invoice.lines.len() * 2 + 1);
    let tax = |line: &super::Line, is_vat| Tax { side, level: line.vat_level, exempt: line.vat_exempt, is_vat };
    for line in invoice.lines.iter().filter(|line| !line.vat.is_zero()) {
        postings.push(entry(side.vat_control(), -in_home(line.vat), Some(tax(line, true))));
    }
    for line in &invoice.lines {
        postings.push(entry(line.nominal, -in_home(line.net()), Some(tax(line, false))));
    }
    postings.push(entry(side.control(), invoice.in_home(invoice.gross()), None));
    postings
}
