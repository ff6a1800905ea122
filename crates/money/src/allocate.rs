//! Splitting an amount without losing or inventing a penny.

use crate::{Money, MoneyError};

/// Splits `whole` in proportion to `weights`. The parts always sum to `whole`, to the penny.
///
/// Pennies left over by rounding go one each to the largest remainders, earliest first, so an order always splits alike.
/// Source: the largest-remainder method.
///
/// # Errors
///
/// [`MoneyError::NoWeight`] if `weights` is empty or all zero.
///
/// # Examples
///
/// ```
/// use money::{allocate, Currency::{self}, Money};
/// let thirds = allocate(Money::new(10_00, Currency::GBP), &[1, 1, 1])?;
/// assert_eq!(thirds, [3_34, 3_33, 3_33].map(|minor| Money::new(minor, Currency::GBP)));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn allocate(whole: Money, weights: &[u64]) -> Result<Vec<Money>, MoneyError> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if total == 0 {
        return Err(MoneyError::NoWeight);
    }
    let magnitude = u128::from(whole.minor().unsigned_abs());
    let exact = |weight: u64| magnitude * u128::from(weight);
    let mut parts: Vec<u128> = weights.iter().map(|&weight| exact(weight) / total).collect();
    let left_over = magnitude - parts.iter().sum::<u128>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&index| (std::cmp::Reverse(exact(weights[index]) % total), index));
    for &index in by_remainder.iter().take(usize::try_from(left_over).unwrap_or(0)) {
        parts[index] += 1;
    }
    parts.into_iter().map(|part| with_sign_of(whole, part)).collect()
}

/// The part of `whole` that belongs to units `from..to` of `of` equal units, such that consecutive ranges sum to `whole`.
///
/// Used when an order line is dispatched in several parcels: each parcel's share is the difference of two rounded running
/// totals (half away from zero), so the shares never depend on how many parcels follow.
///
/// # Errors
///
/// [`MoneyError::NoWeight`] if `of` is zero or the range does not lie within it.
pub fn share(whole: Money, from: u64, to: u64, of: u64) -> Result<Money, MoneyError> {
    if of == 0 || from > to || to > of {
        return Err(MoneyError::NoWeight);
    }
    let running = |units: u64| {
        let doubled = 2 * u128::from(whole.minor().unsigned_abs()) * u128::from(units) + u128::from(of);
        doubled / (2 * u128::from(of))
    };
    with_sign_of(whole, running(to) - running(from))
}

fn with_sign_of(whole: Money, magnitude: u128) -> Result<Money, MoneyError> {
    let minor = i64::try_from(magnitude).map_err(|_| MoneyError::TooLarge)?;
    Ok(Money::new(if whole.is_negative() { -minor } else { minor }, whole.currency()))
}
