//! How a seller accounts for VAT, with its history: what held on the day of a supply decides, not what holds today.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A way to account for UK VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VatScheme {
    /// Standard VAT accounting. Under cash accounting the tax point of a marketplace sale stays at dispatch, because the
    /// marketplace's collection from the buyer counts as payment; so it is no scheme of its own here.
    Standard,
    /// Flat-rate scheme: VAT is charged as usual, a percentage of the turnover is paid, VAT on purchases is a cost.
    FlatRate {
        /// The percentage, 16.5 for a limited-cost trader.
        percent: Decimal,
    },
    /// Not registered for VAT.
    NotRegistered,
}

impl VatScheme {
    /// The percentage of a limited-cost trader under the flat-rate scheme (VAT Notice 733 §4.4).
    pub const LIMITED_COST: Decimal = Decimal::from_parts(165, 0, 0, false, 1);

    /// Whether VAT is charged on sales.
    pub fn is_registered(self) -> bool {
        self != VatScheme::NotRegistered
    }

    /// Whether VAT on purchases is reclaimed.
    pub fn reclaims(self) -> bool {
        self == VatScheme::Standard
    }
}

/// Schemes by the day they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatHistory {
    first: VatScheme,
    later: Vec<(Date, VatScheme)>,
}

impl VatHistory {
    /// One scheme since ever.
    pub fn always(scheme: VatScheme) -> VatHistory {
        VatHistory { first: scheme, later: Vec::new() }
    }

    /// `scheme` from the day `from` on.
    #[must_use]
    pub fn then(mut self, from: Date, scheme: VatScheme) -> VatHistory {
        self.later.retain(|(day, _)| *day != from);
        self.later.push((from, scheme));
        self.later.sort_by_key(|(day, _)| *day);
        self
    }

    /// What held on a day.
    pub fn on(&self, day: Date) -> VatScheme {
        self.later.iter().rev().find(|(from, _)| *from <= day).map_or(self.first, |(_, scheme)| *scheme)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_scheme_of_the_day_holds() {
        let flat = VatScheme::FlatRate { percent: Decimal::new(75, 1) };
        let history = VatHistory::always(VatScheme::NotRegistered)
            .then(date(2026, 4, 1), flat)
            .then(date(2025, 1, 1), VatScheme::Standard);
        assert_eq!(history.on(date(2024, 12, 31)), VatScheme::NotRegistered);
        assert_eq!(history.on(date(2025, 1, 1)), VatScheme::Standard);
        assert_eq!(history.on(date(2026, 4, 1)), flat);
        assert_eq!(VatScheme::LIMITED_COST.to_string(), "16.5");
    }
}
