//! VAT schemes, classes and the One-Stop Shop.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Country;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::read;
use crate::MappingError;

/// How the seller accounts for VAT, and the class of each product.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Vat {
    /// Class of products that are not listed; absent: they are parked.
    pub default_class: Option<String>,
    /// SKU, or beginning of one followed by `*`, → class.
    pub skus: BTreeMap<String, String>,
    /// `order/item` → class.
    pub order_items: BTreeMap<String, String>,
    /// The VAT history.
    pub schemes: Vec<Scheme>,
    /// Whether the flat-rate surplus is posted as a journal.
    pub flat_rate_journal: bool,
    /// Months in a VAT period.
    pub period_months: u8,
    /// A month in which a VAT period ends.
    pub period_ends: u8,
    /// One-Stop Shop.
    pub oss: Oss,
}

impl Default for Vat {
    fn default() -> Vat {
        Vat {
            default_class: None,
            skus: BTreeMap::new(),
            order_items: BTreeMap::new(),
            schemes: Vec::new(),
            flat_rate_journal: false,
            period_months: 3,
            period_ends: 3,
            oss: Oss::default(),
        }
    }
}

/// A VAT scheme and the day it begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Scheme {
    /// Which.
    pub scheme: SchemeKind,
    /// First day; `None`: since ever.
    #[serde(default, deserialize_with = "read::maybe_day")]
    pub from: Option<Date>,
    /// Percentage of the flat-rate scheme.
    #[serde(default, deserialize_with = "read::maybe_decimal")]
    pub flat_rate: Option<Decimal>,
    /// Limited-cost trader of the flat-rate scheme: 16.5 per cent.
    #[serde(default)]
    pub limited_cost: bool,
    /// Cash accounting.
    #[serde(default)]
    pub cash: bool,
}

/// Kinds of VAT schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeKind {
    /// Standard VAT accounting.
    Standard,
    /// Flat-rate scheme.
    FlatRate,
    /// Not registered for VAT.
    NotRegistered,
}

/// Union One-Stop Shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Oss {
    /// Whether registered.
    pub union: bool,
    /// First day of the registration; `None`: since ever.
    #[serde(deserialize_with = "read::maybe_day")]
    pub from: Option<Date>,
    /// Country of destination → its VAT rate in per cent.
    #[serde(deserialize_with = "read::decimals")]
    pub rates: BTreeMap<Country, Decimal>,
}

impl Vat {
    pub(super) fn check(&self, found: &mut Vec<MappingError>) {
        if ![1, 3, 12].contains(&self.period_months) {
            found.push(MappingError::new(
                "vat.period_months",
                format!("`{}` is not possible here", self.period_months),
                "HMRC has periods of 1, 3 and 12 months",
            ));
        }
        for (index, scheme) in self.schemes.iter().enumerate() {
            let key = |name: &str| format!("vat.schemes[{}].{name}", index + 1);
            if self.schemes[..index].iter().any(|earlier| earlier.from == scheme.from) {
                let from = scheme.from.map_or_else(|| "since ever".to_owned(), |day| day.to_string());
                found.push(MappingError::new(
                    key("from"),
                    format!("two schemes begin on one day ({from})"),
                    "Give each scheme the day it begins; only the first may leave it out",
                ));
            }
            let flat = scheme.scheme == SchemeKind::FlatRate;
            if flat && scheme.flat_rate.is_none() && !scheme.limited_cost {
                found.push(MappingError::new(
                    key("flat_rate"),
                    "the flat-rate percentage is missing",
                    "Write for example flat_rate = \"7.5\", or limited_cost = true for 16.5 per cent",
                ));
            }
            if !flat && (scheme.flat_rate.is_some() || scheme.limited_cost) {
                found.push(MappingError::new(
                    key("flat_rate"),
                    "only the flat-rate scheme has a percentage",
                    "Write scheme = \"flat_rate\", or remove flat_rate and limited_cost",
                ));
            }
        }
    }
}
