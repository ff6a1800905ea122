//! Days of posting in Europe/London (rows carry UTC, and 23:30 UTC on 31 March is 1 April), and what holds on each of them.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::ExchangeRate;
use money::{Currency, Money};

use super::rules::Rules;
use crate::VatScheme;
use crate::currency::to_home;
use crate::sales::london;

/// Number of a day.
pub(crate) type DayId = u16;

/// A day and what holds on it.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) segment: u16,
    pub(crate) scheme: VatScheme,
    /// Rate of the settlement's currency, if it is foreign and there is one.
    pub(crate) rate: Option<ExchangeRate>,
}

/// The days of one settlement, numbered as they come.
pub(crate) struct Calendar<'a> {
    rules: &'a Rules,
    currency: Currency,
    days: Vec<Day>,
    by_date: HashMap<Date, DayId>,
    /// The UK changes its clocks on full hours of UTC, so an hour lies in one day.
    by_hour: HashMap<i64, DayId>,
    last: Option<(i64, DayId)>,
    /// Last day of each segment; `None` if nothing is split.
    segments: Vec<Option<Date>>,
}

impl<'a> Calendar<'a> {
    pub(crate) fn new(rules: &'a Rules, currency: Currency) -> Calendar<'a> {
        Calendar {
            rules,
            currency,
            days: Vec::new(),
            by_date: HashMap::new(),
            by_hour: HashMap::new(),
            last: None,
            segments: Vec::new(),
        }
    }

    pub(crate) fn day(&self, day: DayId) -> &Day {
        &self.days[usize::from(day)]
    }

    pub(crate) fn days(&self) -> &[Day] {
        &self.days
    }

    /// Last day of a segment; `None` if nothing is split.
    pub(crate) fn segment(&self, segment: u16) -> Option<Date> {
        self.segments[usize::from(segment)]
    }

    /// The day of a moment; `None` if there are more than 65,535 different days.
    pub(crate) fn of_moment(&mut self, at: Timestamp) -> Option<DayId> {
        let hour = at.as_second().div_euclid(3_600);
        if let Some((last, day)) = self.last
            && last == hour
        {
            return Some(day);
        }
        let day = match self.by_hour.get(&hour) {
            Some(&day) => day,
            None => {
                let day = self.of_date(london(at))?;
                self.by_hour.insert(hour, day);
                day
            }
        };
        self.last = Some((hour, day));
        Some(day)
    }

    /// The number of a date.
    pub(crate) fn of_date(&mut self, date: Date) -> Option<DayId> {
        if let Some(&day) = self.by_date.get(&date) {
            return Some(day);
        }
        let day = DayId::try_from(self.days.len()).ok()?;
        let end = self.rules.periods.segment_end(date);
        let segment = self.segments.iter().position(|known| *known == end).unwrap_or_else(|| {
            self.segments.push(end);
            self.segments.len() - 1
        });
        let policy = &self.rules.policy;
        let foreign = self.currency != policy.seller.home;
        self.days.push(Day {
            date,
            segment: u16::try_from(segment).ok()?,
            scheme: policy.seller.vat.on(date),
            rate: if foreign { policy.rates.find(self.currency, date) } else { None },
        });
        self.by_date.insert(date, day);
        Some(day)
    }

    /// An amount of a day in home currency; `None` if there is no rate or it does not fit.
    pub(crate) fn home(&self, day: DayId, minor: i64) -> Option<i64> {
        let home = self.rules.policy.seller.home;
        if self.currency == home {
            return Some(minor);
        }
        let rate = self.day(day).rate.as_ref()?;
        to_home(Money::new(minor, self.currency), rate, home).map(Money::minor)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::settlement::testing::rules;

    #[test]
    fn half_past_eleven_utc_on_31_march_is_1_april_in_london() {
        let rules = rules();
        let mut days = Calendar::new(&rules, Currency::GBP);
        let mut of = |text: &str| {
            let day = days.of_moment(text.parse().unwrap()).unwrap();
            (days.day(day).date, days.segment(days.day(day).segment))
        };
        assert_eq!(of("2026-03-31T23:30:00Z"), (date(2026, 4, 1), Some(date(2026, 4, 30))));
        assert_eq!(of("2026-03-31T22:59:59Z"), (date(2026, 3, 31), Some(date(2026, 3, 31))));
        assert_eq!(of("2025-12-31T23:59:59Z"), (date(2025, 12, 31), Some(date(2025, 12, 31))));
    }
}
