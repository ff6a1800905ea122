//! Exchange rates with their source (VAT Notice 700 §7: the HMRC monthly period rate, unless another was agreed).

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::{ExchangeRate, RateSource};
use money::{Currency, Money};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// Rates by month (`2026-11`) or day (`2026-11-05`): units of foreign currency for one unit of home currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Where they are from.
    pub source: RateSource,
    /// Period → currency → rate.
    pub table: BTreeMap<String, BTreeMap<Currency, Decimal>>,
}

impl Rates {
    /// The rate for a tax point: the day's if there is one, else the month's.
    pub fn find(&self, currency: Currency, on: Date) -> Option<ExchangeRate> {
        let month = format!("{:04}-{:02}", on.year(), on.month());
        let of = |period: &str| self.table.get(period)?.get(&currency).copied();
        let per_home = of(&on.to_string()).or_else(|| of(&month))?;
        (per_home > Decimal::ZERO).then_some(ExchangeRate { per_home, source: self.source, on })
    }
}

/// `amount` in home currency: foreign ÷ rate, rounded half away from zero.
pub(crate) fn to_home(amount: Money, rate: &ExchangeRate, home: Currency) -> Option<Money> {
    let foreign = Decimal::from_i128_with_scale(i128::from(amount.minor()), amount.currency().decimals());
    let converted = foreign.checked_div(rate.per_home)?;
    let minor = converted.checked_mul(Decimal::from(home.minor_per_major()))?;
    let rounded = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    Some(Money::new(rounded.to_i64()?, home))
}
