//! What Amazon will pay, from transactions that are in no settlement yet: [`reconcile::forecast_cash`].

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use reconcile::{CashFacts, CashReason, DeferredMoney, forecast_cash};
use serde::Serialize;

use super::{Seen, london};
use crate::evidence::{BankLine, Told};
use crate::post::Done;

/// Days of a period, where one settlement does not tell: Amazon's usual two weeks.
const CYCLE_DAYS: i64 = 14;
/// Days from closing to the bank, where neither statement nor settlement tells.
const BANK_DAYS: i64 = 5;

/// Payouts to come in one currency. Amounts are texts of digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cash {
    /// Currency of the amounts.
    pub currency: &'static str,
    /// The payouts, by their days.
    pub payouts: Vec<CashLine>,
    /// What is probably held back for as long as Amazon likes.
    pub reserved: String,
    /// Deferred money that has no day of release.
    pub without_day: String,
    /// Transactions without an amount, which are therefore in no sum.
    pub without_amount: usize,
}

/// A payout to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CashLine {
    /// The day on which its settlement closes.
    pub closes_on: String,
    /// The day on which it should be in the bank.
    pub in_bank_on: String,
    /// How much; below zero it is not paid but carried into the next.
    pub amount: String,
    /// What it is made of: `open`, `matures`, `debt`, `reserve_released`, `reserve_held`.
    pub parts: BTreeMap<&'static str, String>,
}

/// Forecasts each currency of the last settlements.
pub(super) fn forecast(
    done: &[Done<'_>],
    seen: &[Seen],
    told: &[Told],
    lines: &[BankLine],
    today: Date,
) -> Result<Vec<Cash>, MoneyError> {
    let mut currencies: Vec<Currency> = told.iter().filter_map(|one| Some(one.amount?.currency())).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut all = Vec::new();
    for currency in currencies {
        let last = done.iter().filter(|one| one.head.currency == currency && one.head.to.is_some());
        let Some(last) = last.max_by_key(|one| one.head.to) else { continue };
        if let Some(facts) = facts(last, seen, told, lines, today)? {
            let without_amount = told.iter().filter(|one| one.amount.is_none()).count();
            all.push(shown(currency, &facts, without_amount)?);
        }
    }
    Ok(all)
}

fn facts(
    last: &Done<'_>,
    seen: &[Seen],
    told: &[Told],
    lines: &[BankLine],
    today: Date,
) -> Result<Option<CashFacts>, MoneyError> {
    let head = &last.head;
    let (Some(to), Some(closed)) = (head.to, head.to.and_then(london)) else { return Ok(None) };
    let zero = Money::zero(head.currency);
    let of_currency = |one: &&Told| one.amount.is_some_and(|amount| amount.currency() == head.currency);
    let settled = |one: &Told| {
        !one.settlement.is_empty() && seen.iter().any(|known| known.statement.settlement.id == one.settlement)
    };
    let open = told.iter().filter(of_currency).filter(|one| one.status == "RELEASED" && one.at >= to && !settled(one));
    let deferred = told.iter().filter(of_currency).filter(|one| one.status == "DEFERRED");
    let cycle = head.from.and_then(london).map(|from| days_between(from, closed)).filter(|days| *days > 0);
    let cycle_days = cycle.unwrap_or(CYCLE_DAYS);
    let mut closes_on = closed.saturating_add(cycle_days.days());
    while closes_on < today {
        closes_on = closes_on.saturating_add(cycle_days.days());
    }
    let paid = lines.iter().find(|line| line.amount == head.total && line.on >= closed).map(|line| line.on);
    let bank = paid.or_else(|| head.deposit_on.and_then(london)).map(|on| days_between(closed, on));
    Ok(Some(CashFacts {
        today,
        open: Money::sum(head.currency, open.filter_map(|one| one.amount))?,
        debt: if head.total.is_negative() { head.total } else { zero },
        reserve: last.reserve,
        reserve_again: last.reserve,
        closes_on,
        cycle_days,
        bank_days: bank.filter(|days| *days >= 0).unwrap_or(BANK_DAYS),
        deferred: deferred
            .filter_map(|one| Some(DeferredMoney { amount: one.amount?, matures_on: one.matures_on }))
            .collect(),
    }))
}

/// Whole days from one day to another.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

fn shown(currency: Currency, facts: &CashFacts, without_amount: usize) -> Result<Cash, MoneyError> {
    let forecast = forecast_cash(facts)?;
    let line = |line: &reconcile::CashLine| CashLine {
        closes_on: line.closes_on.to_string(),
        in_bank_on: line.in_bank_on.to_string(),
        amount: line.amount.digits(),
        parts: line.parts.iter().map(|(reason, amount)| (word(*reason), amount.digits())).collect(),
    };
    Ok(Cash {
        currency: currency.code(),
        // A settlement of which nothing is known yet is no forecast.
        payouts: forecast.payouts.iter().filter(|line| !line.parts.is_empty()).map(line).collect(),
        reserved: forecast.reserved.digits(),
        without_day: forecast.without_day.digits(),
        without_amount,
    })
}

fn word(reason: CashReason) -> &'static str {
    match reason {
        CashReason::Open => "open",
        CashReason::Matures => "matures",
        CashReason::Debt => "debt",
        CashReason::ReserveReleased => "reserve_released",
        CashReason::ReserveHeld => "reserve_held",
    }
}
