//! VAT rates on lines and exchange rates with their source.

use jiff::civil::Date;
use money::{Currency, Money};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::Country;

/// VAT rate on a document line. Everything but a percentage is written to KashFlow as "no rate" (facts: `vat_rate` to the wire), but
/// the difference decides which boxes of the VAT return a line belongs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatRate {
    /// A percentage such as 20, 5 or 0 (zero-rated is a rate: the net goes to Box 6 or 7).
    Percent(Decimal),
    /// Exempt supply: Box 6 without VAT.
    Exempt,
    /// Outside the scope of UK VAT.
    OutsideScope,
    /// No VAT is stated or reclaimed: the seller is not registered, or the VAT is part of the cost.
    NoVat,
    /// The customer accounts for the VAT: a service bought from abroad.
    ReverseCharge,
    /// EU One-Stop Shop: VAT of another country, declared there.
    OneStopShop {
        /// The country of consumption.
        country: Country,
        /// Its rate in per cent.
        percent: Decimal,
    },
}

/// An exchange rate with its source: foreign ÷ rate = home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    /// Units of the document currency for one unit of home currency.
    pub per_home: Decimal,
    /// Where it is from.
    pub source: RateSource,
    /// The day or month it holds for.
    pub on: Date,
}

impl ExchangeRate {
    /// `amount` in `home` currency: foreign ÷ rate, rounded half away from zero. `None` if it does not fit.
    pub fn to_home(&self, amount: Money, home: Currency) -> Option<Money> {
        let foreign = Decimal::from_i128_with_scale(i128::from(amount.minor()), amount.currency().decimals());
        let minor = foreign.checked_div(self.per_home)?.checked_mul(Decimal::from(home.minor_per_major()))?;
        let rounded = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Some(Money::new(rounded.to_i64()?, home))
    }
}

/// Where a rate is from (VAT Notice 700 §7: one method for all supplies of a kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateSource {
    /// HMRC monthly period rate, the default.
    HmrcMonthly,
    /// European Central Bank reference rate (needs HMRC's agreement).
    Ecb,
    /// The seller's own table.
    Own,
}
