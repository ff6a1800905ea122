//! Amounts by their digits: JSON numbers are never read through a binary float.
//!
//! `serde_json` keeps a number that is not an integer as text only with `arbitrary_precision`, which would change every crate
//! that links it; so answers are read with [`serde_json::value::RawValue`] where an amount is expected.

use std::str::FromStr;

use money::{Currency, Money};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A decimal exactly as its digits say; `null` and absent read as `None` through `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digits(pub(crate) Decimal);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digits, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get().trim().trim_matches('"').trim();
        let read = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str(text) };
        read.map(Digits).map_err(|_| serde::de::Error::custom("not an amount"))
    }
}

/// Money from a decimal, rounded to the minor unit half away from zero (KashFlow prints four decimals).
pub(crate) fn money(amount: Decimal, currency: Currency) -> Option<Money> {
    let text = amount.round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero).to_string();
    Money::parse(&text, currency).ok()
}

/// A number for a request, from money: digits, never a float.
pub(crate) fn number(amount: Money) -> Box<RawValue> {
    raw(&amount.digits())
}

/// A number for a request, from a decimal.
pub(crate) fn decimal(amount: Decimal) -> Box<RawValue> {
    raw(&amount.normalize().to_string())
}

fn raw(digits: &str) -> Box<RawValue> {
    // Digits that were printed by us are JSON; should they ever not be, `null` is refused by the remote instead of misread.
    RawValue::from_string(digits.to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn four_decimals_and_plain_numbers_are_the_same_money() {
        for text in ["117.5000", "117.5", "\"117.50\""] {
            let digits: Digits = serde_json::from_str(text).unwrap();
            assert_eq!(money(digits.0, Currency::GBP), Some(Money::new(117_50, Currency::GBP)));
        }
    }

    proptest! {
        #[test]
        fn money_survives_the_wire(minor in -1_000_000_000_i64..1_000_000_000) {
            let amount = Money::new(minor, Currency::GBP);
            let digits: Digits = serde_json::from_str(number(amount).get()).unwrap();
            prop_assert_eq!(money(digits.0, Currency::GBP), Some(amount));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = serde_json::from_str::<Digits>(&text);
        }
    }
}
