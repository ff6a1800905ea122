//! [`Money`]: an amount in minor units, read from digits and printed as digits.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Currency;

/// An amount in minor units: `Money::new(12_99, Currency::GBP)` is £12.99. Credits are negative.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The code is not an ISO 4217 currency that we know, so its decimals would be a guess.
    #[error("unknown currency `{0}`")]
    UnknownCurrency(String),
    /// The text is not a plain decimal number.
    #[error("`{0}` is not an amount")]
    NotAnAmount(String),
    /// The text has more decimals than the currency has, and they are not zero.
    #[error("`{text}` has more decimals than {currency} has")]
    TooPrecise {
        /// The text as it was read.
        text: String,
        /// The currency it was read for.
        currency: Currency,
    },
    /// The amount does not fit: more than about 92 quadrillion minor units.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added")]
    MixedCurrencies {
        /// Currency of the left operand.
        left: Currency,
        /// Currency of the right operand.
        right: Currency,
    },
    /// There is nothing to split by: no weights, or all of them zero.
    #[error("there is nothing to split the amount by")]
    NoWeight,
}

impl Money {
    /// An amount of `minor` units (pence for GBP) of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// Reads a plain decimal such as `"12.99"`, `"-3"`, `"0.5000"`; trailing zeros beyond the minor unit are allowed.
    ///
    /// # Errors
    ///
    /// [`MoneyError::NotAnAmount`], [`MoneyError::TooPrecise`] (a rounding would be hidden) or [`MoneyError::TooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use money::{Currency, Money};
    /// assert_eq!(Money::parse("12.9900", Currency::GBP)?, Money::new(12_99, Currency::GBP));
    /// assert!(Money::parse("12.995", Currency::GBP).is_err());
    /// # Ok::<(), money::MoneyError>(())
    /// ```
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let not_an_amount = || MoneyError::NotAnAmount(text.chars().take(32).collect());
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(not_an_amount());
        }
        let kept = fraction.len().min(currency.decimals() as usize);
        let (minor_digits, beyond) = fraction.split_at(kept);
        if beyond.bytes().any(|byte| byte != b'0') {
            return Err(MoneyError::TooPrecise { text: text.chars().take(32).collect(), currency });
        }
        let mut minor: i64 = 0;
        let padding = std::iter::repeat_n(b'0', currency.decimals() as usize - kept);
        for digit in whole.bytes().chain(minor_digits.bytes()).chain(padding) {
            minor = minor
                .checked_mul(10)
                .and_then(|sum| sum.checked_add(i64::from(digit - b'0')))
                .ok_or(MoneyError::TooLarge)?;
        }
        Ok(Money::new(if negative { -minor } else { minor }, currency))
    }

    /// The amount in minor units: pence for GBP, whole yen for JPY.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency of the amount.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below nothing (a credit).
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// `self + other`.
    ///
    /// # Errors
    ///
    /// [`MoneyError::MixedCurrencies`] or [`MoneyError::TooLarge`].
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money::new(minor, self.currency))
    }

    /// `self - other`.
    ///
    /// # Errors
    ///
    /// [`MoneyError::MixedCurrencies`] or [`MoneyError::TooLarge`].
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money::new(minor, self.currency))
    }

    /// `self` taken `times` times.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`].
    pub fn times(self, times: i64) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(times).ok_or(MoneyError::TooLarge)?;
        Ok(Money::new(minor, self.currency))
    }

    /// The amount with the opposite sign: a reversal.
    #[must_use]
    pub const fn negated(self) -> Money {
        Money { minor: -self.minor, currency: self.currency }
    }

    /// The sum of `amounts`, which is `zero` of `currency` when there are none.
    ///
    /// # Errors
    ///
    /// [`MoneyError::MixedCurrencies`] or [`MoneyError::TooLarge`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::zero(currency), Money::plus)
    }

    /// The amount as plain digits without the currency: `12.99`, `-0.05`, `1500` for yen.
    pub fn digits(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let magnitude = self.minor.unsigned_abs();
        if decimals == 0 {
            return format!("{sign}{magnitude}");
        }
        let unit = self.currency.minor_per_major().unsigned_abs();
        format!("{sign}{}.{:0decimals$}", magnitude / unit, magnitude % unit)
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::MixedCurrencies { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.digits(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
