//! The books of an account as the oracle reads them: documents, postings and sums, without HTTP.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Account;
use super::ledger::{BankAccount, BankTransaction, BulkPayment, Invoice, Journal, Ledger, Payment, Posting, Side};

/// Money moved between two bank accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Internal id; both accounts list it under this one.
    pub id: i64,
    /// When.
    pub date: Date,
    /// Nominal code of the account it left.
    pub from: i64,
    /// Nominal code of the account it reached.
    pub to: i64,
    /// How much, above 0.
    pub amount: Decimal,
    /// Free text.
    pub comment: String,
}

/// A payment and the document it pays.
#[derive(Clone, Debug, PartialEq)]
pub struct Paid {
    /// Of an invoice or a purchase.
    pub side: Side,
    /// Number of the document.
    pub number: i64,
    /// The payment.
    pub payment: Payment,
}

/// What the VAT return is made of: one VAT rate on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VatRate {
    /// Sales: output VAT; purchases: input VAT.
    pub side: Side,
    /// VAT percentage.
    pub level: Decimal,
    /// Exempt or outside the scope.
    pub exempt: bool,
}

/// Net and VAT at one rate, in pounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VatSum {
    /// Net, above 0 for sales and for purchases.
    pub net: Decimal,
    /// VAT, above 0 for sales and for purchases.
    pub vat: Decimal,
}

impl Account {
    /// Every purchase and purchase credit, by number.
    pub fn purchases(&self) -> Vec<Invoice> {
        self.ledger()[Side::Purchases].invoices.all().cloned().collect()
    }

    /// The purchase with this number.
    pub fn purchase(&self, number: i64) -> Option<Invoice> {
        self.ledger()[Side::Purchases].invoices.get(number).cloned()
    }

    /// Every bank transaction, oldest id first: transfers too, which have an `other_account`.
    pub fn bank_transactions(&self) -> Vec<BankTransaction> {
        self.ledger().transactions.values().cloned().collect()
    }

    /// Every transfer between bank accounts, oldest id first.
    pub fn transfers(&self) -> Vec<Transfer> {
        let ledger = self.ledger();
        ledger.transactions.values().filter_map(|own| transfer(&ledger, own)).collect()
    }

    /// Every journal, by number.
    pub fn journals(&self) -> Vec<Journal> {
        self.ledger().journals.values().cloned().collect()
    }

    /// Every payment of an invoice or purchase, applied credits too.
    pub fn payments(&self) -> Vec<Paid> {
        let ledger = self.ledger();
        let documents = Side::BOTH.into_iter().flat_map(|side| ledger[side].invoices.all());
        let payments = documents.flat_map(|own| {
            own.payments.iter().map(|payment| Paid { side: own.side, number: own.number, payment: payment.clone() })
        });
        payments.collect()
    }

    /// Every bulk payment of a side, applied credits too, by number.
    pub fn bulk_payments(&self, side: Side) -> Vec<BulkPayment> {
        self.ledger()[side].bulk.values().cloned().collect()
    }

    /// Every posting, derived from the documents that are there now.
    pub fn postings(&self) -> Vec<Posting> {
        let ledger = self.ledger();
        let mut postings = Vec::new();
        for side in Side::BOTH {
            postings.extend(ledger[side].invoices.all().flat_map(|own| ledger.invoice_postings(own)));
        }
        postings.extend(ledger.transactions.values().flat_map(|own| ledger.transaction_postings(own)));
        postings.extend(ledger.journals.values().flat_map(Journal::postings));
        postings
    }

    /// Pounds on each nominal code that was ever posted to, as the ledger carries them: debits above 0, credits below.
    pub fn balances(&self) -> BTreeMap<i64, Decimal> {
        self.ledger().balances.clone()
    }

    /// What the rows of each bank account's list sum to, by its nominal code.
    pub fn bank_balances(&self) -> BTreeMap<i64, Decimal> {
        let ledger = self.ledger();
        let total = |own: &BankAccount| own.rows(Date::MIN, Date::MAX).iter().map(|row| row.amount).sum();
        ledger.banks.values().map(|own| (own.code, total(own))).collect()
    }

    /// Net and VAT per side and rate: what a VAT return of everything would say.
    pub fn vat(&self) -> BTreeMap<VatRate, VatSum> {
        let mut sums: BTreeMap<VatRate, VatSum> = BTreeMap::new();
        for posting in self.postings() {
            let Some(tax) = posting.tax else { continue };
            let level = tax.level.normalize();
            let sum = sums.entry(VatRate { side: tax.side, level, exempt: tax.exempt }).or_default();
            // Sales are credits, purchases debits.
            let amount = -posting.amount * tax.side.sign();
            *(if tax.is_vat { &mut sum.vat } else { &mut sum.net }) += amount;
        }
        sums
    }
}

fn transfer(ledger: &Ledger, own: &BankTransaction) -> Option<Transfer> {
    let entered = ledger.banks.get(&own.account)?.code;
    let other = ledger.banks.get(&own.other_account?)?.code;
    let (from, to) = if own.amount < Decimal::ZERO { (entered, other) } else { (other, entered) };
    Some(Transfer { id: own.id, date: own.date, from, to, amount: own.amount.abs(), comment: own.comment.clone() })
}
