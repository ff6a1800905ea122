//! The books themselves, without HTTP: what a person would see in the application.
//!
//! Every change of an invoice goes through [`Ledger::put_invoice`] or [`Ledger::delete_invoice`], which keep indexes, totals and
//! stock in step with it.

mod bank;
mod bulk;
mod customers;
mod invoices;
mod lines;
mod products;
mod side;
mod totals;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use super::chart::{self, Class};
use super::error::ApiError;
use super::json::Json;
use crate::KashflowOptions;

pub use bank::BankAccount;
pub use bulk::{BulkItem, BulkPayment, Credit, CreditKind};
pub use customers::{Customer, Customers};
pub use invoices::{Invoice, Invoices};
pub use lines::{Line, Payment};
pub use products::Product;
pub use side::Side;

/// One nominal code.
#[derive(Clone, Debug)]
pub struct Nominal {
    /// Internal id.
    pub id: i64,
    /// Its code.
    pub code: i64,
    /// Its name.
    pub name: String,
    /// Where the application lists it.
    pub class: Class,
    /// Out of use.
    pub archived: bool,
    /// What else a client has set.
    pub extras: Extras,
}

/// Properties that are kept and given back without a meaning here, by their right names.
pub type Extras = BTreeMap<&'static str, Json>;

/// An enabled currency.
#[derive(Clone, Debug)]
pub struct Currency {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Where the symbol stands.
    pub symbol_on_right: bool,
    /// Units per pound that the account proposes.
    pub rate: Decimal,
}

/// A note on a customer or an invoice.
#[derive(Clone, Debug)]
pub struct Note {
    /// 1 for the first of its object.
    pub number: i64,
    /// Text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// The books.
pub struct Ledger {
    options: KashflowOptions,
    pub(super) nominals: BTreeMap<i64, Nominal>,
    pub(super) vat_rates: BTreeMap<i64, Decimal>,
    pub(super) currencies: BTreeMap<String, Currency>,
    pub(super) sources: BTreeMap<i64, (String, Decimal)>,
    pub(super) customers: Customers,
    pub(super) invoices: Invoices,
    pub(super) products: BTreeMap<(i64, String), Product>,
    pub(super) banks: BTreeMap<i64, BankAccount>,
    pub(super) bulk: BTreeMap<i64, BulkPayment>,
    pub(super) notes: HashMap<(&'static str, String), Vec<Note>>,
    pub(super) settings: BTreeMap<&'static str, Extras>,
    /// Documents and payments dated on or before this day cannot be made, changed or deleted.
    pub(super) locked_until: Option<Date>,
    next_id: i64,
}

impl Ledger {
    /// The books of a new account: the chart, no customers, no documents.
    pub fn new(options: KashflowOptions) -> Ledger {
        let nominals = chart::NOMINALS.iter().zip(1..).map(|(seeded, id)| {
            let extras = Extras::new();
            let nominal = Nominal {
                id,
                code: seeded.code,
                name: seeded.name.into(),
                class: seeded.class,
                archived: false,
                extras,
            };
            (seeded.code, nominal)
        });
        let currencies = chart::CURRENCIES.iter().map(|&(code, name, symbol, symbol_on_right, rate)| {
            let rate = Decimal::new(rate, 4);
            (
                code.to_owned(),
                Currency { code: code.into(), name: name.into(), symbol: symbol.into(), symbol_on_right, rate },
            )
        });
        Ledger {
            options,
            nominals: nominals.collect(),
            vat_rates: chart::VAT_RATES.iter().map(|&(id, hundredths)| (id, Decimal::new(hundredths, 2))).collect(),
            currencies: currencies.collect(),
            sources: BTreeMap::from([
                (1, ("Website".to_owned(), Decimal::ZERO)),
                (2, ("Amazon".to_owned(), Decimal::ZERO)),
            ]),
            customers: Customers::default(),
            invoices: Invoices::default(),
            products: BTreeMap::new(),
            banks: bank::seeded(),
            bulk: BTreeMap::new(),
            notes: HashMap::new(),
            settings: BTreeMap::new(),
            locked_until: None,
            next_id: 880_000,
        }
    }

    /// A fresh internal id. All kinds of record share one series, so an id is never mistaken for a number.
    pub(super) fn fresh_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn nominal(&self, code: i64) -> Result<&Nominal, ApiError> {
        let found = self.nominals.get(&code).filter(|nominal| !nominal.archived);
        found.ok_or_else(|| ApiError::invalid(format!("Nominal code {code} does not exist.")))
    }

    pub(super) fn currency(&self, code: &str) -> Result<&Currency, ApiError> {
        let found = self.currencies.get(&code.to_ascii_uppercase());
        found.ok_or_else(|| ApiError::invalid(format!("Currency {code} is not enabled on this account.")))
    }

    pub(super) fn has_vat_level(&self, level: Decimal) -> bool {
        self.vat_rates.values().any(|own| *own == level)
    }

    /// Refuses a day inside a locked period.
    pub(super) fn refuse_locked(&self, day: Date) -> Result<(), ApiError> {
        match self.locked_until {
            Some(until) if day <= until => Err(ApiError::refused(
                "TransactionLocked",
                format!("Transactions dated on or before {until} are locked."),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn options(&self) -> &KashflowOptions {
        &self.options
    }
}

/// Rounds to the penny, half away from zero.
pub(in crate::kashflow) fn to_pence(amount: Decimal) -> Decimal {
    round(amount, 2)
}

/// Rounds to `decimals`, half away from zero.
pub(in crate::kashflow) fn round(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}
