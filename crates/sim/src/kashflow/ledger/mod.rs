//! The books themselves, without HTTP: what a person would see in the application.
//!
//! Every change of a document goes through its `put_` or `take_out_`, which keep indexes, double entry, bank and stock in step
//! with it. Sales and purchases are two [`Trade`]s of the same rules: `ledger[side]`.

mod bank;
mod bulk;
mod contacts;
mod credits;
mod invoices;
mod journals;
mod lines;
mod locks;
mod postings;
mod products;
mod recent;
mod side;
mod totals;
mod transactions;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use super::chart::{self, Class};
use super::error::ApiError;
use super::json::Json;
use super::reference;
use crate::KashflowOptions;

pub use bank::{BankAccount, BankRow};
pub use bulk::{BulkItem, BulkPayment};
pub use contacts::{Contact, Contacts};
pub use credits::{Credit, CreditKind};
pub use invoices::{Invoice, Invoices};
pub use journals::{Journal, JournalLine};
pub use lines::{Line, Payment};
pub use locks::VatReturn;
pub use postings::{Origin, Posting, Tax};
pub use products::Product;
pub use recent::Recent;
pub use side::{Side, Trade};
pub use transactions::BankTransaction;

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

/// A note on a record.
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
    sales: Trade,
    purchases: Trade,
    pub(super) products: BTreeMap<(i64, String), Product>,
    pub(super) banks: BTreeMap<i64, BankAccount>,
    pub(super) transactions: BTreeMap<i64, BankTransaction>,
    pub(super) journals: BTreeMap<i64, Journal>,
    /// Pounds on each nominal code: debits above 0.
    pub(super) balances: BTreeMap<i64, Decimal>,
    pub(super) notes: HashMap<(&'static str, String), Vec<Note>>,
    pub(super) settings: BTreeMap<&'static str, Extras>,
    /// What is dated on or before this day cannot be made, changed or deleted.
    pub(super) locked_until: Option<Date>,
    /// Submitted VAT returns, oldest first.
    pub(super) vat_returns: Vec<VatReturn>,
    pub(super) recent: Recent,
    /// The time at which the books are open: what is made now was made then.
    pub(super) now: Timestamp,
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
        let currencies = reference::CURRENCIES.iter().map(|&(code, name, symbol, symbol_on_right, rate)| {
            let rate = Decimal::new(rate, 4);
            (
                code.to_owned(),
                Currency { code: code.into(), name: name.into(), symbol: symbol.into(), symbol_on_right, rate },
            )
        });
        Ledger {
            options,
            nominals: nominals.collect(),
            vat_rates: reference::VAT_RATES.iter().map(|&(id, hundredths)| (id, Decimal::new(hundredths, 2))).collect(),
            currencies: currencies.collect(),
            sources: BTreeMap::from([
                (1, ("Website".to_owned(), Decimal::ZERO)),
                (2, ("Amazon".to_owned(), Decimal::ZERO)),
            ]),
            sales: Trade::default(),
            purchases: Trade::default(),
            products: BTreeMap::new(),
            banks: bank::seeded(),
            transactions: BTreeMap::new(),
            journals: BTreeMap::new(),
            balances: BTreeMap::new(),
            notes: HashMap::new(),
            settings: BTreeMap::new(),
            locked_until: None,
            vat_returns: Vec::new(),
            recent: Recent::default(),
            now: Timestamp::UNIX_EPOCH,
            next_id: 880_000,
        }
    }

    /// A fresh internal id. All kinds of record share one series, so an id is never mistaken for a number.
    pub(super) fn fresh_id(&mut self) -> i64 {
        self.next_id += 1;
        self.recent.remember(self.now, self.next_id);
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
