//! Exchange rates as HMRC would publish them for a month. Invented: a function of the seed, the month and the currency.

use rust_decimal::Decimal;

/// Units of `currency` per pound in the month; `None` for a currency that the seller's world does not know.
pub(super) fn monthly_rate(seed: u64, year: i16, month: i8, currency: &str) -> Option<Decimal> {
    let (low, spread) = match currency {
        "GBP" => return Some(Decimal::ONE),
        "EUR" => (11_380_i64, 420),
        "USD" => (12_550, 700),
        "SEK" => (128_500, 4_000),
        "PLN" => (48_900, 1_800),
        "NOK" => (133_000, 5_000),
        _ => return None,
    };
    let months = u64::from(year.unsigned_abs()) * 12 + u64::from(month.unsigned_abs());
    let drawn = mix(seed ^ (months << 24) ^ currency.bytes().fold(0, |sum, byte| (sum << 8) | u64::from(byte)));
    let offset = i64::try_from(drawn % spread).unwrap_or(0);
    Some(Decimal::new(low + offset, 4))
}

/// The finaliser of SplitMix64: spreads a counter over all bits.
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
