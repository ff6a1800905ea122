//! Amounts by their digits: a JSON number is never read through a binary float.
//!
//! `serde_json` keeps the digits of a number only with `arbitrary_precision`, which would change every crate that links it; so
//! answers are read as raw text and parsed here, and requests are written as raw text made here.

use money::{Currency, Money};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::value::RawValue;

/// Decimals of an exchange rate on the wire (BEHAVIOR 17).
const RATE_DECIMALS: u32 = 4;

/// The decimal that a JSON number, or a string that holds one, says exactly. `None` for anything else, and for a number with
/// more digits than can be kept: rounding would be hidden.
pub(crate) fn read(json: &str) -> Option<Decimal> {
    let text = json.trim();
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).trim();
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
        return None;
    }
    let read = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
    read.ok()
}

/// Money from a decimal, to the minor unit, half away from zero as KashFlow does (BEHAVIOR 12). `None` if it does not fit.
pub(crate) fn money(amount: Decimal, currency: Currency) -> Option<Money> {
    let rounded = amount.round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero);
    Money::parse(&rounded.to_string(), currency).ok()
}

/// An amount for a request.
pub(crate) fn number(amount: Money) -> Box<RawValue> {
    raw(&amount.digits())
}

/// A percentage for a request.
pub(crate) fn decimal(value: Decimal) -> Box<RawValue> {
    raw(&value.normalize().to_string())
}

/// An exchange rate for a request, to four decimals.
pub(crate) fn rate(value: Decimal) -> Box<RawValue> {
    decimal(value.round_dp_with_strategy(RATE_DECIMALS, RoundingStrategy::MidpointAwayFromZero))
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
    fn four_decimals_plain_numbers_and_strings_are_the_same_money() {
        for text in ["117.5000", "117.5", "\"117.50\"", " 1.175e2", "\" 117.5 \""] {
            let read = read(text).unwrap();
            assert_eq!(money(read, Currency::GBP), Some(Money::new(11_750, Currency::GBP)), "{text}");
        }
    }

    #[test]
    fn half_a_penny_goes_away_from_zero() {
        let pence = |text| money(read(text).unwrap(), Currency::GBP).unwrap().minor();
        assert_eq!([pence("1.665"), pence("-1.665"), pence("8.3301"), pence("0.004999")], [167, -167, 833, 0]);
    }

    #[test]
    fn what_is_not_a_number_is_not_zero() {
        for text in
            ["", "\"\"", "null", "true", "\"£5.00\"", "1,000.00", "NaN", "0x10", "99999999999999999999999999999999"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_rate_is_sent_with_four_decimals_at_most() {
        assert_eq!(rate(Decimal::from_str_exact("1.185049").unwrap()).get(), "1.185");
        assert_eq!(rate(Decimal::from_str_exact("0.83467").unwrap()).get(), "0.8347");
    }

    proptest! {
        #[test]
        fn money_survives_the_wire(minor in i64::MIN / 2..i64::MAX / 2) {
            let amount = Money::new(minor, Currency::GBP);
            prop_assert_eq!(money(read(number(amount).get()).unwrap(), Currency::GBP), Some(amount));
        }

        #[test]
        fn padding_zeros_change_nothing(minor in -1_000_000_i64..1_000_000, zeros in 0_usize..6) {
            let amount = Money::new(minor, Currency::GBP);
            let padded = format!("{}{}", amount.digits(), "0".repeat(zeros));
            prop_assert_eq!(money(read(&padded).unwrap(), Currency::GBP), Some(amount));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = read(&text).map(|value| money(value, Currency::GBP));
        }
    }
}
