//! [`FeeTable`]: a rate card as data, dated, with its source; the owner replaces it with their own.

use jiff::civil::Date;
use money::{Currency, Money};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A rate card for Amazon.co.uk as TOML, to begin with. Its head says where its figures are from and how far they can be trusted.
pub const FEES_AMAZON_UK: &str = include_str!("../../data/fees-amazon-uk.toml");

/// A rate card. Amounts are in minor units of `currency`, without VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeTable {
    /// Where the figures are from.
    pub source: String,
    /// First day on which it holds.
    pub from: Date,
    /// Currency of its amounts.
    pub currency: Currency,
    /// VAT that comes on top of every fee, in per cent: 20 for a UK seller since 1 August 2024, 0 before.
    pub vat_percent: Decimal,
    /// Difference per charge that is only rounding, in minor units.
    pub tolerance_minor: i64,
    /// Share of the returned referral fee that the marketplace keeps when it refunds, in per cent.
    pub refund_administration_percent: Decimal,
    /// Most that it keeps, in minor units.
    pub refund_administration_cap_minor: i64,
    /// Referral fees by category.
    pub referral: Vec<Referral>,
    /// Fulfilment fees by size; the first tier that a product fits counts.
    #[serde(default)]
    pub fulfilment: Vec<SizeTier>,
}

/// The referral fee of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// The category, in the owner's words.
    pub category: String,
    /// Least fee for a unit, in minor units.
    #[serde(default)]
    pub minimum_minor: i64,
    /// Percentages by price of a unit, ascending.
    pub bands: Vec<Band>,
    /// `true`: each part of the price at the percentage of its band. `false`: the whole price at that of the band it falls in.
    #[serde(default)]
    pub by_portion: bool,
}

/// One band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Price of a unit up to which it reaches, in minor units; none for the last.
    pub up_to_minor: Option<i64>,
    /// Per cent of the price.
    pub percent: Decimal,
}

/// The fulfilment fee of a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeTier {
    /// Its name.
    pub name: String,
    /// Greatest longest, middle and shortest side in millimetres.
    pub sides_mm: [u32; 3],
    /// Greatest weight in grams.
    pub weight_g: u32,
    /// Fee for a unit, in minor units.
    pub fee_minor: i64,
}

/// Size and weight of a packed unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Its sides in millimetres, in any order.
    pub sides_mm: [u32; 3],
    /// Its weight in grams.
    pub weight_g: u32,
}

impl FeeTable {
    /// The table that holds on a day: the latest that has begun.
    pub(super) fn on(tables: &[FeeTable], day: Date, currency: Currency) -> Option<&FeeTable> {
        tables.iter().filter(|table| table.from <= day && table.currency == currency).max_by_key(|table| table.from)
    }

    /// The referral fee of a line with VAT, as a charge (negative); `None` if the category is not in the table.
    pub fn referral_fee(&self, category: &str, price: Money, quantity: i64) -> Option<Money> {
        let referral = self.referral.iter().find(|referral| referral.category.eq_ignore_ascii_case(category))?;
        let units = Decimal::from(quantity.max(1));
        let unit = Decimal::from(price.minor()) / units;
        let fee = (referral.of(unit)? * units).max(Decimal::from(referral.minimum_minor) * units);
        self.charge(fee)
    }

    /// The fulfilment fee of some units with VAT, as a charge (negative); `None` if no tier fits.
    pub fn fulfilment_fee(&self, size: Size, quantity: i64) -> Option<(&SizeTier, Money)> {
        let mut sides = size.sides_mm;
        sides.sort_unstable_by(|a, b| b.cmp(a));
        let fits = |tier: &&SizeTier| {
            let mut most = tier.sides_mm;
            most.sort_unstable_by(|a, b| b.cmp(a));
            sides.iter().zip(most).all(|(side, most)| *side <= most) && size.weight_g <= tier.weight_g
        };
        let tier = self.fulfilment.iter().find(fits)?;
        Some((tier, self.charge(Decimal::from(tier.fee_minor) * Decimal::from(quantity))?))
    }

    /// What the marketplace may keep of a returned referral fee, both with VAT; a charge (negative).
    pub fn refund_administration(&self, referral: Money) -> Option<Money> {
        let share = Decimal::from(referral.minor().abs()) * self.refund_administration_percent / Decimal::ONE_HUNDRED;
        let cap = Decimal::from(self.refund_administration_cap_minor) * self.with_vat();
        Some(Money::new(-whole(share.min(cap))?, self.currency))
    }

    fn with_vat(&self) -> Decimal {
        Decimal::ONE + self.vat_percent / Decimal::ONE_HUNDRED
    }

    /// Net rounded to the penny, then its VAT, as the marketplace bills them.
    fn charge(&self, net: Decimal) -> Option<Money> {
        let net = whole(net)?;
        let vat = whole(Decimal::from(net) * self.vat_percent / Decimal::ONE_HUNDRED)?;
        Some(Money::new(-net.checked_add(vat)?, self.currency))
    }
}

impl Referral {
    /// The fee of one unit at a price, in minor units, not rounded.
    fn of(&self, price: Decimal) -> Option<Decimal> {
        let mut below = Decimal::ZERO;
        let mut fee = Decimal::ZERO;
        for band in &self.bands {
            let end = band.up_to_minor.map_or(price, Decimal::from);
            if price <= end && !self.by_portion {
                return Some(price * band.percent / Decimal::ONE_HUNDRED);
            }
            fee += (price.min(end) - below).max(Decimal::ZERO) * band.percent / Decimal::ONE_HUNDRED;
            below = end;
            if price <= end {
                return Some(fee);
            }
        }
        None
    }
}

/// Rounded to whole minor units, half away from zero.
pub(super) fn whole(value: Decimal) -> Option<i64> {
    value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> FeeTable {
        toml::from_str(FEES_AMAZON_UK).expect("the shipped table reads")
    }

    fn fee(category: &str, minor: i64, quantity: i64) -> Option<i64> {
        let price = Money::new(minor, Currency::GBP);
        table().referral_fee(category, price, quantity).map(Money::minor)
    }

    #[test]
    fn the_shipped_table_gives_the_fee_of_the_worked_example_and_knows_minimum_and_bands() {
        assert_eq!(fee("home", 24_00, 1), Some(-4_40));
        assert_eq!(fee("home", 1_00, 1), Some(-30), "the minimum of 0.25 and its VAT");
        assert_eq!(fee("home", 48_00, 2), Some(-8_81), "rounded once for the line");
        assert_eq!(fee("no such category", 24_00, 1), None);
    }

    #[test]
    fn portions_are_each_at_their_own_percentage() {
        let table = FeeTable {
            referral: vec![Referral {
                category: "x".into(),
                minimum_minor: 0,
                by_portion: true,
                bands: vec![
                    Band { up_to_minor: Some(100_00), percent: 20.into() },
                    Band { up_to_minor: None, percent: 5.into() },
                ],
            }],
            vat_percent: 0.into(),
            ..table()
        };
        assert_eq!(table.referral_fee("x", Money::new(300_00, Currency::GBP), 1).unwrap().minor(), -30_00);
        assert_eq!(table.referral_fee("x", Money::new(80_00, Currency::GBP), 1).unwrap().minor(), -16_00);
    }

    #[test]
    fn the_first_tier_that_a_product_fits_counts_however_it_lies() {
        let table = table();
        let (tier, _) = table.fulfilment_fee(Size { sides_mm: [10, 200, 150], weight_g: 70 }, 1).unwrap();
        assert_eq!(tier.name, table.fulfilment[0].name);
        assert!(table.fulfilment_fee(Size { sides_mm: [9_000, 1, 1], weight_g: 1 }, 1).is_none());
    }
}
