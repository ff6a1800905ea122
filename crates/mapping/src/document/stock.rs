//! Cost and place of stock.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Country;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use toml::Value;

use super::read;

/// Cost and place of stock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Stock {
    /// Whether the books keep stock perpetually.
    pub perpetual: bool,
    /// SKU, or beginning of one followed by `*`, → cost of a unit.
    pub costs: BTreeMap<String, Cost>,
    /// SKU, or beginning of one followed by `*`, → country in which its stock lies.
    pub places: BTreeMap<String, Country>,
}

/// Cost of one unit in home currency, by the day it begins to hold; oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost(pub Vec<DatedCost>);

/// A cost and the day it begins to hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DatedCost {
    /// First day; `None`: since ever.
    #[serde(default, deserialize_with = "read::maybe_day")]
    pub from: Option<Date>,
    /// Cost of one unit in home currency.
    #[serde(deserialize_with = "read::decimal")]
    pub cost: Decimal,
}

impl<'de> Deserialize<'de> for Cost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cost, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Array(list) => {
                let dated = |entry: Value| entry.try_into::<DatedCost>().map_err(D::Error::custom);
                let mut costs = list.into_iter().map(dated).collect::<Result<Vec<_>, _>>()?;
                costs.sort_by_key(|cost| cost.from);
                Ok(Cost(costs))
            }
            one => {
                let cost = read::decimal(one).map_err(D::Error::custom)?;
                Ok(Cost(vec![DatedCost { from: None, cost }]))
            }
        }
    }
}
