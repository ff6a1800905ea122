//! The mapping document.

use std::collections::BTreeMap;

use model::{Country, NominalCode, PaymentMethodId, RateSource};
use money::Currency;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Table;

use crate::MappingError;
use crate::schema::unknown_keys;

/// Everything the owner decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mapping {
    /// Version, for the trace: raise it with each change.
    pub version: u32,
    /// Who sells.
    pub seller: Seller,
    /// VAT classes.
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
}

/// Who sells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Seller {
    /// Country of establishment.
    pub established: Country,
    /// Whether registered for UK VAT.
    pub vat_registered: bool,
    /// VAT Calculation Service: `on`, `off` or `detect`.
    pub vcs: String,
    /// Where goods start when the order does not say.
    pub ship_from: Country,
    /// Whether they start in Northern Ireland.
    #[serde(default)]
    pub northern_ireland: bool,
    /// Home currency of the books.
    pub home_currency: Currency,
    /// Whether export evidence is kept for every export.
    #[serde(default)]
    pub export_evidence_kept: bool,
}

/// VAT classes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Vat {
    /// Class of products that are not listed; absent: they are parked.
    pub default_class: Option<String>,
    /// SKU, or beginning of one followed by `*`, → class.
    #[serde(default)]
    pub skus: BTreeMap<String, String>,
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
    /// Currency → nominal code of its clearing account (a bank-type account of the books).
    pub accounts: BTreeMap<Currency, NominalCode>,
}

/// Whom invoices are made out to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Customers {
    /// `shared` or `per_buyer`.
    pub mode: String,
    /// Beginning of customer codes.
    pub code_prefix: String,
}

/// Role → nominal code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Accounts {
    /// For everything.
    #[serde(flatten)]
    pub general: BTreeMap<String, NominalCodeOrTable>,
}

/// A nominal code, or the table of overrides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum NominalCodeOrTable {
    /// A role's code.
    Code(NominalCode),
    /// Overrides: marketplace or SKU → role → code.
    Overrides(BTreeMap<String, BTreeMap<String, NominalCode>>),
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
pub struct Rates {
    /// Where they are from.
    pub source: RateSource,
    /// Month or day → currency → units for one unit of home currency.
    #[serde(default)]
    pub periods: BTreeMap<String, BTreeMap<Currency, Decimal>>,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates { source: RateSource::HmrcMonthly, periods: BTreeMap::new() }
    }
}

impl Mapping {
    /// Reads a mapping document.
    ///
    /// # Errors
    ///
    /// Every problem that was found, each with its key and what to do.
    pub fn parse(text: &str) -> Result<Mapping, Vec<MappingError>> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| vec![syntax(&error)])?;
        let mut found = unknown_keys(&table);
        match Table::try_into::<Mapping>(table) {
            Ok(mapping) => {
                mapping.check(&mut found);
                if found.is_empty() { Ok(mapping) } else { Err(found) }
            }
            Err(error) => {
                if found.is_empty() {
                    found.push(MappingError::new(
                        "",
                        error.to_string().trim().to_owned(),
                        "Compare with the documented default mapping",
                    ));
                }
                Err(found)
            }
        }
    }

    /// Overrides of accounts by marketplace (`marketplaces`) or by SKU (`products`).
    pub fn overrides(&self, kind: &str) -> BTreeMap<String, BTreeMap<String, NominalCode>> {
        match self.accounts.general.get(kind) {
            Some(NominalCodeOrTable::Overrides(table)) => table.clone(),
            _ => BTreeMap::new(),
        }
    }

    fn check(&self, found: &mut Vec<MappingError>) {
        one_of(found, "seller.vcs", &self.seller.vcs, &["on", "off", "detect"]);
        one_of(found, "invoices.when", &self.invoices.when, &["dispatch", "payment"]);
        one_of(found, "customers.mode", &self.customers.mode, &["shared", "per_buyer"]);
        one_of(found, "destination.unknown", &self.destination.unknown, &["park", "marketplace_country"]);
        for (sku, class) in &self.vat.skus {
            one_of(found, &format!("vat.skus.{sku}"), class, VAT_CLASSES);
        }
        if let Some(class) = &self.vat.default_class {
            one_of(found, "vat.default_class", class, VAT_CLASSES);
        }
        let code = |text: &str| !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric());
        if !code(&self.customers.code_prefix) {
            found.push(MappingError::new(
                "customers.code_prefix",
                "only letters and digits are allowed",
                "KashFlow refuses other characters in customer codes",
            ));
        }
        if self.invoices.prefix.trim().is_empty() {
            found.push(MappingError::new(
                "invoices.prefix",
                "the prefix is empty",
                "Documents are found again by it: use for example \"AMZ-\"",
            ));
        }
        for (period, rates) in &self.rates.periods {
            let good =
                |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            let parts: Vec<&str> = period.split('-').collect();
            let dated = matches!(parts.as_slice(), [year, month] if good(year, 4) && good(month, 2))
                || matches!(parts.as_slice(), [year, month, day] if good(year, 4) && good(month, 2) && good(day, 2));
            if !dated {
                found.push(MappingError::new(
                    format!("rates.periods.{period}"),
                    "this is neither a month nor a day",
                    "Write 2026-11 or 2026-11-05",
                ));
            }
            for (currency, rate) in rates {
                if *rate <= Decimal::ZERO {
                    found.push(MappingError::new(
                        format!("rates.periods.{period}.{currency}"),
                        "a rate is above zero",
                        "Write units of foreign currency for one pound, for example \"1.1850\"",
                    ));
                }
            }
        }
    }
}

const VAT_CLASSES: &[&str] = &["20", "5", "0", "exempt"];

fn one_of(found: &mut Vec<MappingError>, key: &str, value: &str, allowed: &[&str]) {
    if !allowed.contains(&value) {
        found.push(MappingError::new(
            key,
            format!("`{value}` is not possible here"),
            format!("Use one of {}", allowed.join(", ")),
        ));
    }
}

fn syntax(error: &toml::de::Error) -> MappingError {
    MappingError::new("", error.to_string().trim().to_owned(), "Correct the line; texts stand in double quotes")
}
