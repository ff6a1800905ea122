//! The registration watch of a seller who is not registered for VAT: taxable turnover of twelve months against the threshold.
//!
//! Turnover is what buyers paid, never the deposit, and at the end of every month the last twelve count (VAT Notice 700/1). Exempt sales,
//! sales outside the scope and compensation are no taxable turnover.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use model::VatRate;
use money::{Currency, Money, MoneyError};

use super::lines::{EntryLine, EntryRole};

/// The threshold since 1 April 2024, in minor units of pounds.
const THRESHOLD: i64 = 90_000_00;
/// From this share of the threshold on it is worth a warning.
const WARN_PERCENT: i64 = 80;

/// One month and the twelve months that end with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationMonth {
    /// First day of the month.
    pub month: Date,
    /// Turnover of the month.
    pub turnover: Money,
    /// Turnover of the twelve months that end with it.
    pub rolling: Money,
}

/// The watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationWatch {
    /// Every month from the first sale to that of `today`.
    pub months: Vec<RegistrationMonth>,
    /// Turnover of the last twelve months.
    pub rolling: Money,
    /// What may still be sold in the present twelve months; zero or below once the threshold is passed.
    pub room: Money,
    /// Whether 80 % of the threshold is reached.
    pub warn: bool,
    /// The month whose end passed the threshold first: registration is due within 30 days after it.
    pub passed: Option<Date>,
}

/// Watches the threshold. Lines are in pounds.
///
/// # Errors
///
/// [`MoneyError`] if a line is in another currency or a sum does not fit.
pub fn watch_registration(lines: &[EntryLine], today: Date) -> Result<RegistrationWatch, MoneyError> {
    let gbp = Currency::GBP;
    let mut by_month: BTreeMap<Date, Money> = BTreeMap::new();
    for line in lines.iter().filter(|line| is_turnover(line) && line.on <= today) {
        let month = by_month.entry(line.on.first_of_month()).or_insert(Money::zero(gbp));
        *month = month.plus(line.net)?.plus(line.vat)?;
    }
    let mut months: Vec<RegistrationMonth> = Vec::new();
    let mut next = by_month.keys().next().copied();
    while let Some(month) = next.filter(|month| *month <= today) {
        let turnover = by_month.get(&month).copied().unwrap_or(Money::zero(gbp));
        let eleven = months.iter().rev().take(11).map(|before| before.turnover);
        let rolling = Money::sum(gbp, eleven.chain([turnover]))?;
        months.push(RegistrationMonth { month, turnover, rolling });
        next = month.checked_add(1.month()).ok();
    }
    let rolling = months.last().map_or(Money::zero(gbp), |month| month.rolling);
    let threshold = Money::new(THRESHOLD, gbp);
    let passed = months.iter().find(|month| month.rolling.minor() > THRESHOLD).map(|month| month.month);
    Ok(RegistrationWatch {
        rolling,
        room: threshold.minus(rolling)?,
        warn: rolling.minor() >= THRESHOLD / 100 * WARN_PERCENT,
        passed,
        months,
    })
}

fn is_turnover(line: &EntryLine) -> bool {
    matches!(line.role, EntryRole::Revenue | EntryRole::Refund | EntryRole::Promotion)
        && !line.bought
        && matches!(line.rate, VatRate::Percent(_) | VatRate::NoVat)
}
