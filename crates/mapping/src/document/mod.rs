//! The mapping document.

mod accounts;
mod offline;
mod read;
mod seller;
mod settlements;
mod stock;
mod vat;

use std::collections::BTreeMap;

use model::{PaymentMethodId, RateSource};
use money::Currency;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Table;

use crate::MappingError;
use crate::schema;

pub use accounts::{Account, Accounts};
pub use seller::Seller;
pub use settlements::{Loan, OwnRule, Settlements, Supplier};
pub use stock::{Cost, DatedCost, Stock};
pub use vat::{Oss, Scheme, SchemeKind, Vat};

/// Everything the owner decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mapping {
    /// Version, for the trace: raise it with each change.
    pub version: u32,
    /// Who sells.
    pub seller: Seller,
    /// VAT schemes and classes.
    #[serde(default)]
    pub vat: Vat,
    /// How invoices look.
    pub invoices: Invoices,
    /// Whom they are made out to.
    pub customers: Customers,
    /// Where they are posted.
    pub accounts: Accounts,
    /// SKU → product of the books.
    #[serde(default)]
    pub products: BTreeMap<String, Product>,
    /// What to do when the destination is unknown.
    #[serde(default)]
    pub destination: Destination,
    /// Exchange rates.
    #[serde(default)]
    pub rates: Rates,
    /// Cost and place of stock.
    #[serde(default)]
    pub stock: Stock,
    /// How settlements are posted.
    #[serde(default)]
    pub settlements: Settlements,
    /// Series of tax invoices → supplier of the books.
    #[serde(default)]
    pub suppliers: BTreeMap<String, Supplier>,
}

/// How invoices look.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Invoices {
    /// `dispatch` or `payment`.
    pub when: String,
    /// What references begin with.
    pub prefix: String,
    /// Days until due.
    #[serde(default)]
    pub due_days: u32,
    /// The payment that goes with each invoice; absent: invoices stay open.
    pub payment: Option<Payment>,
}

/// The payment that goes with each invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Payment {
    /// Payment method of the books.
    pub method: PaymentMethodId,
    /// Currency → its clearing account (a bank-type account of the books).
    pub accounts: BTreeMap<Currency, Account>,
}

/// Whom invoices are made out to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Customers {
    /// `shared` or `per_buyer`.
    pub mode: String,
    /// Beginning of customer codes.
    pub code_prefix: String,
}

/// A product of the books.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its code.
    pub code: String,
    /// Whether the books count its stock.
    #[serde(default)]
    pub stock_managed: bool,
}

/// What to do when the destination is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Destination {
    /// `park` or `marketplace_country`.
    pub unknown: String,
}

impl Default for Destination {
    fn default() -> Destination {
        Destination { unknown: "park".to_owned() }
    }
}

/// Exchange rates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Rates {
    /// Where they are from.
    pub source: RateSource,
    /// Month or day → currency → units for one unit of home currency.
    #[serde(deserialize_with = "read::rates")]
    pub periods: BTreeMap<String, BTreeMap<Currency, Decimal>>,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates { source: RateSource::HmrcMonthly, periods: BTreeMap::new() }
    }
}

impl Mapping {
    /// Reads the mapping of live books: accounts that the owner did not choose are never filled in.
    ///
    /// # Errors
    ///
    /// Every problem that was found, each with its key and what to do.
    pub fn parse(text: &str) -> Result<Mapping, Vec<MappingError>> {
        Mapping::of(table(text)?)
    }

    /// Reads a profile for offline use: the same document, in which everything that has a documented default may be left out, the
    /// chart of accounts too.
    ///
    /// # Errors
    ///
    /// As [`Mapping::parse`].
    pub fn parse_profile(text: &str) -> Result<Mapping, Vec<MappingError>> {
        let mut own = table(text)?;
        let found = schema::problems(&own);
        if !found.is_empty() {
            return Err(found);
        }
        offline::fill(&mut own);
        Mapping::of(own)
    }

    fn of(table: Table) -> Result<Mapping, Vec<MappingError>> {
        let mut found = schema::problems(&table);
        if !found.is_empty() {
            return Err(found);
        }
        match Table::try_into::<Mapping>(table) {
            Ok(mapping) => {
                mapping.seller.check(&mapping.vat, &mut found);
                mapping.vat.check(&mut found);
                mapping.settlements.check(&mut found);
                mapping.whole_pennies(&mut found);
                if found.is_empty() { Ok(mapping) } else { Err(found) }
            }
            Err(error) => Err(vec![MappingError::new(
                "",
                error.to_string().trim().to_owned(),
                "Compare with the documented default mapping",
            )]),
        }
    }

    /// Amounts are whole minor units: a cost of a third of a penny would be rounded each time it is used.
    fn whole_pennies(&self, found: &mut Vec<MappingError>) {
        let home = self.seller.home_currency;
        let costs = self
            .stock
            .costs
            .iter()
            .flat_map(|(sku, cost)| cost.0.iter().map(move |dated| (format!("stock.costs.{sku}"), dated.cost)));
        let loans = self.settlements.loans.iter().enumerate().flat_map(|(index, loan)| {
            let parts = [loan.principal, loan.interest].into_iter().flatten();
            parts.map(move |part| (format!("settlements.loans[{}]", index + 1), part))
        });
        let tolerance = [("settlements.vat_tolerance".to_owned(), self.settlements.vat_tolerance)];
        for (key, amount) in costs.chain(loans).chain(tolerance) {
            if amount.normalize().scale() > home.decimals() || amount.abs() > Decimal::from(1_000_000_000_000_i64) {
                found.push(MappingError::new(
                    key,
                    format!("`{amount}` is not an amount of {home}"),
                    format!("Write at most {} decimals", home.decimals()),
                ));
            }
        }
    }

    /// VAT schemes by the day they begin, oldest first. `seller.vat_registered` is one scheme since ever.
    pub fn schemes(&self) -> Vec<Scheme> {
        if !self.vat.schemes.is_empty() {
            let mut schemes = self.vat.schemes.clone();
            schemes.sort_by_key(|scheme| scheme.from);
            return schemes;
        }
        let kind =
            if self.seller.vat_registered == Some(false) { SchemeKind::NotRegistered } else { SchemeKind::Standard };
        vec![Scheme { scheme: kind, from: None, flat_rate: None, limited_cost: false, cash: false }]
    }

    /// Whether the seller is registered for VAT today, by its latest scheme.
    pub fn vat_registered(&self) -> bool {
        self.schemes().last().is_some_and(|scheme| scheme.scheme != SchemeKind::NotRegistered)
    }
}

fn table(text: &str) -> Result<Table, Vec<MappingError>> {
    text.parse().map_err(|error: toml::de::Error| {
        vec![MappingError::new(
            "",
            error.to_string().trim().to_owned(),
            "Correct the line; texts stand in double quotes",
        )]
    })
}
