//! A cash forecast: what the marketplace will pay, when, and why. It adds up what is known and guesses no sales.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};

/// Money that the marketplace holds until a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredMoney {
    /// How much, fees taken off.
    pub amount: Money,
    /// The day of its release; none if the marketplace does not say.
    pub matures_on: Option<Date>,
}

/// What is known today about one seller account and currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashFacts {
    /// The day on which it is asked.
    pub today: Date,
    /// The open settlement so far: released sales less fees, without reserve and debt.
    pub open: Money,
    /// The negative total of the last settlement, zero or below.
    pub debt: Money,
    /// What the last settlement held back, zero or above.
    pub reserve: Money,
    /// What the open settlement will probably hold back, zero or above: by default what the last one did.
    pub reserve_again: Money,
    /// The day on which the open settlement closes.
    pub closes_on: Date,
    /// Days from one closing to the next, at least one.
    pub cycle_days: i64,
    /// Days from closing to the bank.
    pub bank_days: i64,
    /// Deferred money.
    pub deferred: Vec<DeferredMoney>,
}

/// Why a sum is in a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashReason {
    /// The open settlement so far.
    Open,
    /// Deferred money that matures before the settlement closes.
    Matures,
    /// A debt brought forward.
    Debt,
    /// The reserve of the settlement before comes back.
    ReserveReleased,
    /// A reserve is held again.
    ReserveHeld,
}

/// One payout to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashLine {
    /// The day on which its settlement closes.
    pub closes_on: Date,
    /// The day on which it should be in the bank.
    pub in_bank_on: Date,
    /// How much; a negative total is not paid but brought forward into the next.
    pub amount: Money,
    /// What it is made of.
    pub parts: BTreeMap<CashReason, Money>,
}

/// The forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashForecast {
    /// Payouts in the order of their days, until nothing known is left.
    pub payouts: Vec<CashLine>,
    /// Held back for as long as the marketplace likes.
    pub reserved: Money,
    /// Deferred money without a day.
    pub without_day: Money,
}

/// Settlements that are forecast at most: about a year.
const PAYOUTS_MAX: usize = 60;

/// Adds up what is known.
///
/// # Errors
///
/// [`MoneyError`] if amounts are in different currencies or a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{CashFacts, DeferredMoney, forecast_cash};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let day = |text: &str| text.parse().unwrap();
/// let facts = CashFacts {
///     today: day("2025-12-01"), open: gbp(300_00), debt: gbp(0), reserve: gbp(100_00), reserve_again: gbp(100_00),
///     closes_on: day("2025-12-08"), cycle_days: 14, bank_days: 3,
///     deferred: vec![
///         DeferredMoney { amount: gbp(19_60), matures_on: Some(day("2025-12-07")) },
///         DeferredMoney { amount: gbp(50_00), matures_on: Some(day("2025-12-12")) },
///     ],
/// };
/// let forecast = forecast_cash(&facts)?;
/// assert_eq!((forecast.payouts[0].in_bank_on, forecast.payouts[0].amount), (day("2025-12-11"), gbp(319_60)));
/// assert_eq!(forecast.payouts[1].amount, gbp(50_00));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn forecast_cash(facts: &CashFacts) -> Result<CashForecast, MoneyError> {
    let currency = facts.open.currency();
    let zero = Money::zero(currency);
    let without_day = facts.deferred.iter().filter(|money| money.matures_on.is_none()).map(|money| money.amount);
    let mut forecast = CashForecast {
        payouts: Vec::new(),
        reserved: facts.reserve_again,
        without_day: Money::sum(currency, without_day)?,
    };
    let last = facts.deferred.iter().filter_map(|money| money.matures_on).max();
    let (mut closes_on, mut debt, mut after) = (facts.closes_on, facts.debt, None);
    while forecast.payouts.len() < PAYOUTS_MAX {
        let matures = |day: Date| day <= closes_on && after.is_none_or(|after| day > after);
        let deferred = facts.deferred.iter().filter(|money| money.matures_on.is_some_and(matures));
        let mut parts =
            BTreeMap::from([(CashReason::Matures, Money::sum(currency, deferred.map(|money| money.amount))?)]);
        if after.is_none() {
            parts.insert(CashReason::Open, facts.open);
        }
        let released = if after.is_none() { facts.reserve } else { facts.reserve_again };
        parts.insert(CashReason::Debt, debt);
        parts.insert(CashReason::ReserveReleased, released);
        parts.insert(CashReason::ReserveHeld, facts.reserve_again.negated());
        parts.retain(|_, part| !part.is_zero());
        let amount = Money::sum(currency, parts.values().copied())?;
        let in_bank_on = closes_on.saturating_add(facts.bank_days.days());
        forecast.payouts.push(CashLine { closes_on, in_bank_on, amount, parts });
        debt = if amount.is_negative() { amount } else { zero };
        if last.is_none_or(|last| last <= closes_on) {
            break;
        }
        after = Some(closes_on);
        closes_on = closes_on.saturating_add(facts.cycle_days.max(1).days());
    }
    Ok(forecast)
}
