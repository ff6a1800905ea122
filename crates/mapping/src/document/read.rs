//! Reading values whose digits must not pass through a float, and days that TOML writes without quotes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::Currency;
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error};
use toml::Value;

/// A number in quotes, or a whole one without.
struct Exact(Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Decimal::from_str_exact(text.trim()).map(Exact).map_err(Error::custom),
            Value::Integer(number) => Ok(Exact(number.into())),
            other => Err(Error::custom(format!("`{other}` is not a number in quotes"))),
        }
    }
}

pub(super) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Exact::deserialize(deserializer).map(|exact| exact.0)
}

pub(super) fn maybe_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    decimal(deserializer).map(Some)
}

pub(super) fn decimals<'de, D, K>(deserializer: D) -> Result<BTreeMap<K, Decimal>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
{
    let map = BTreeMap::<K, Exact>::deserialize(deserializer)?;
    Ok(map.into_iter().map(|(key, exact)| (key, exact.0)).collect())
}

pub(super) fn rates<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeMap<Currency, Decimal>>, D::Error> {
    let map = BTreeMap::<String, BTreeMap<Currency, Exact>>::deserialize(deserializer)?;
    let plain =
        |rates: BTreeMap<Currency, Exact>| rates.into_iter().map(|(currency, exact)| (currency, exact.0)).collect();
    Ok(map.into_iter().map(|(period, rates)| (period, plain(rates))).collect())
}

pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::Datetime(moment) => moment.to_string(),
        Value::String(text) => text,
        other => return Err(Error::custom(format!("`{other}` is not a day"))),
    };
    text.parse().map_err(Error::custom)
}

pub(super) fn maybe_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}
