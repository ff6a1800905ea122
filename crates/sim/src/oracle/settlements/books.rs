//! What the books hold of settlements: every document that is no invoice of an order, as its maker left it.
//!
//! Documents that people edited or deleted are put back as they were, and those that people made are left out: a person's deed is an open
//! item, not a wrong sum.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Currency, Month, known_currency, month_of};
use crate::kashflow::people::Before;
use crate::kashflow::{Account, BankTransaction, Invoice, Journal, Side};
use crate::oracle::is_of_order;

/// What is in the books, in the terms of [`super::wanted::Wanted`].
#[derive(Debug, Default)]
pub(super) struct Held {
    pub refunds: BTreeMap<(Currency, i64), i64>,
    pub fees: BTreeMap<(Currency, i64), i64>,
    pub vat: BTreeMap<(Currency, Side), i64>,
    pub vat_by_month: BTreeMap<(Currency, Side, Month), i64>,
    /// In pence, by the currency whose clearing account it is about.
    pub moved: BTreeMap<(Currency, i64), Sum>,
    pub clearing: BTreeMap<Currency, Sum>,
    /// What invoices of orders brought into the clearing account, in pence.
    pub sales: BTreeMap<Currency, i64>,
    /// Transfers from a clearing account to the bank, in pence.
    pub payouts: Vec<(Currency, i64)>,
    /// VAT of invoices of orders, in pence.
    pub sales_vat: i64,
    /// VAT of everything else, output less input, in pence.
    pub other_vat: i64,
    pub credit_notes: u64,
    pub payments: u64,
    /// What cannot be read: amounts with fractions of a penny.
    pub odd: Vec<String>,
}

/// Pence and how many postings they are of: each was rounded by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub pence: i64,
    pub postings: u64,
}

/// Where a nominal code belongs.
struct Codes {
    clearing: BTreeMap<i64, Currency>,
    bank_of_id: BTreeMap<i64, i64>,
    deferred: i64,
    bank: i64,
    conversion: [i64; 2],
}

/// Reads the books.
pub(super) fn of(account: &Account) -> Held {
    let roles = account.roles();
    let code = |role: &str| roles.get(role).copied().unwrap_or_default();
    let codes = Codes {
        clearing: super::CURRENCIES
            .iter()
            .filter_map(|&own| account.clearing_nominal(own).map(|nominal| (nominal, own)))
            .collect(),
        bank_of_id: account.bank_nominals(),
        deferred: code("DEFERRED"),
        bank: code("BANK"),
        conversion: [code("FX"), code("ROUNDING")],
    };
    let mut held = Held::default();
    let books = Documents::of(account);
    for invoice in &books.invoices {
        held.invoice(&codes, invoice);
    }
    for transaction in &books.transactions {
        held.transaction(&codes, transaction);
    }
    for journal in &books.journals {
        held.journal(&codes, journal);
    }
    held
}

/// Documents without what people did.
struct Documents {
    invoices: Vec<Invoice>,
    transactions: Vec<BankTransaction>,
    journals: Vec<Journal>,
}

impl Documents {
    fn of(account: &Account) -> Documents {
        let mut own = Documents {
            invoices: account.invoices(),
            transactions: account.bank_transactions(),
            journals: account.journals(),
        };
        own.invoices.extend(account.purchases());
        for done in account.people_done().into_iter().rev() {
            match done.before {
                Before::Nothing => {}
                Before::Absent { number } => {
                    own.invoices.retain(|other| other.side != Side::Sales || other.number != number);
                }
                Before::Invoice(before) => {
                    own.invoices.retain(|other| (other.side, other.number) != (before.side, before.number));
                    own.invoices.push(*before);
                }
                Before::Transaction(before) => {
                    own.transactions.retain(|other| other.id != before.id);
                    own.transactions.push(*before);
                }
                Before::Journal(before) => {
                    own.journals.retain(|other| other.number != before.number);
                    own.journals.push(*before);
                }
            }
        }
        own
    }
}

impl Held {
    fn invoice(&mut self, codes: &Codes, invoice: &Invoice) {
        let paid_into = invoice.payments.iter().filter_map(|own| codes.bank_of_id.get(&own.account));
        let foreign = paid_into.filter_map(|nominal| codes.clearing.get(nominal)).next().copied();
        let currency = match known_currency(&invoice.currency) {
            "GBP" => foreign.unwrap_or("GBP"),
            own => own,
        };
        let of_order = invoice.side == Side::Sales && is_of_order(&invoice.reference);
        self.payments += invoice.payments.len() as u64;
        for payment in invoice.payments.iter().filter(|payment| !payment.is_credit) {
            let Some(&nominal) = codes.bank_of_id.get(&payment.account) else { continue };
            let Some(pence) = self.pence(invoice.in_home(payment.amount), &invoice.reference) else { continue };
            let sign = if invoice.side == Side::Sales { 1 } else { -1 };
            if of_order && codes.clearing.contains_key(&nominal) {
                *self.sales.entry(currency).or_default() += pence;
            }
            self.leg(codes, currency, nominal, sign * pence);
        }
        let vat = self.pence(invoice.in_home(invoice.vat()), &invoice.reference).unwrap_or_default();
        if of_order {
            self.sales_vat += vat;
            return;
        }
        self.other_vat += if invoice.side == Side::Sales { vat } else { -vat };
        self.credit_notes += u64::from(invoice.side == Side::Sales && invoice.gross() < Decimal::ZERO);
        for line in &invoice.lines {
            let (net, vat) = (self.pence(line.net(), &invoice.reference), self.pence(line.vat, &invoice.reference));
            let (Some(net), Some(vat)) = (net, vat) else { continue };
            match invoice.side {
                Side::Sales => *self.refunds.entry((currency, line.nominal)).or_default() += net + vat,
                Side::Purchases => *self.fees.entry((currency, line.nominal)).or_default() += net,
            }
            self.vat(currency, invoice.side, month_of(invoice.issued_on), vat);
        }
    }

    fn transaction(&mut self, codes: &Codes, own: &BankTransaction) {
        let Some(&nominal) = codes.bank_of_id.get(&own.account) else { return };
        let currency = codes.currency_of([nominal, own.nominal]);
        let (amount, vat) = (self.pence(own.amount, &own.comment), self.pence(own.vat, &own.comment));
        let (Some(amount), Some(vat)) = (amount, vat) else { return };
        let paid_out = match (codes.clearing.contains_key(&nominal), codes.clearing.contains_key(&own.nominal)) {
            (true, _) if own.nominal == codes.bank => -amount,
            (_, true) if nominal == codes.bank => amount,
            _ => 0,
        };
        if paid_out > 0 {
            self.payouts.push((currency, paid_out));
        }
        self.leg(codes, currency, nominal, amount);
        if vat != 0 {
            // Money out brings input VAT, money in output VAT.
            let side = if amount < 0 { Side::Purchases } else { Side::Sales };
            let sign = if amount < 0 { -1 } else { 1 };
            self.vat(currency, side, month_of(own.date), sign * vat);
            self.other_vat += vat;
        }
        if currency == "GBP" && own.vatable {
            *self.fees.entry((currency, own.nominal)).or_default() += vat - amount;
        } else {
            self.leg(codes, currency, own.nominal, vat - amount);
        }
    }

    fn journal(&mut self, codes: &Codes, own: &Journal) {
        let currency = codes.currency_of(own.lines.iter().map(|line| line.nominal));
        for line in &own.lines {
            if let Some(pence) = self.pence(line.amount, &own.note) {
                self.leg(codes, currency, line.nominal, pence);
            }
        }
    }

    /// What a bank account or a nominal code without VAT gets, in pence.
    fn leg(&mut self, codes: &Codes, currency: Currency, nominal: i64, pence: i64) {
        // Differences of conversion belong to the clearing account that they were taken off.
        let clears = codes.clearing.contains_key(&nominal)
            || nominal == codes.deferred
            || currency != "GBP" && codes.conversion.contains(&nominal);
        let sum = if clears {
            self.clearing.entry(currency).or_default()
        } else {
            self.moved.entry((currency, nominal)).or_default()
        };
        sum.pence += pence;
        sum.postings += 1;
    }

    fn vat(&mut self, currency: Currency, side: Side, month: Month, minor: i64) {
        *self.vat.entry((currency, side)).or_default() += minor;
        *self.vat_by_month.entry((currency, side, month)).or_default() += minor;
    }

    fn pence(&mut self, amount: Decimal, of: &str) -> Option<i64> {
        let pence = crate::oracle::held::pence(amount);
        if pence.is_none() {
            self.odd.push(format!("{amount} in {of}"));
        }
        pence
    }
}

impl Codes {
    /// The currency of the first clearing account among these codes; pounds if none is.
    fn currency_of(&self, nominals: impl IntoIterator<Item = i64>) -> Currency {
        let found: Vec<Currency> = nominals.into_iter().filter_map(|own| self.clearing.get(&own)).copied().collect();
        found.iter().find(|own| **own != "GBP").or(found.first()).copied().unwrap_or("GBP")
    }
}
