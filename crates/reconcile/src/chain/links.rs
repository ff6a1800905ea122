//! From one settlement of a chain to the next: days, reserve, debt, charges; and whether the next one is overdue.

use std::borrow::Cow;

use jiff::civil::Date;
use money::{Money, MoneyError};

use super::statement::{Balance, Statement};
use crate::breaks::{Break, Code, Link};
use crate::days::between;

/// Seconds by which one period may end before or after the next begins.
const SEAM_S: i64 = 3600;
/// Days after the usual length of a period until the next settlement is called overdue.
const OVERDUE_DAYS: i64 = 5;

/// Checks a chain in the order of its periods.
pub(super) fn check(chain: &[Cow<'_, Statement>], today: Date, breaks: &mut Vec<Break>) -> Result<(), MoneyError> {
    for pair in chain.windows(2) {
        let (before, after) = (pair[0].as_ref(), pair[1].as_ref());
        let seam = match (before.settlement.to, after.settlement.from) {
            (Some(to), Some(from)) => from.as_second() - to.as_second(),
            _ => 0,
        };
        if seam > SEAM_S {
            breaks.push(gap(before, after)?);
            continue;
        }
        if seam < -SEAM_S {
            breaks.push(overlap(before, after));
        }
        breaks.extend(reserve(before, after)?);
        breaks.extend(debt(before, after)?);
    }
    breaks.extend(overdue(chain, today));
    Ok(())
}

fn both(found: Break, before: &Statement, after: &Statement) -> Break {
    let link = |statement: &Statement| Link::Settlement(statement.key());
    found
        .since(before.last_day())
        .evidence(link(before), before.source.clone(), Some(before.settlement.total))
        .evidence(link(after), after.source.clone(), Some(after.settlement.total))
}

fn period(before: &Statement, after: &Statement) -> String {
    format!("settlement/{}..{}", before.key(), after.key())
}

/// Days that no settlement covers, and what the missing one must say.
fn gap(before: &Statement, after: &Statement) -> Result<Break, MoneyError> {
    let (from, to) = (before.settlement.to, after.settlement.from);
    let text = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let mut cause = format!(
        "Settlement {} ends at {}, the next one, {}, begins at {}.",
        before.key(),
        text(from),
        after.key(),
        text(to)
    );
    let held = before.balance(Balance::ReserveHeld)?;
    let released = after.balance(Balance::ReserveReleased)?;
    if !held.is_zero() || !released.is_zero() {
        cause.push_str(&format!(
            " The missing one must release a reserve of {} and hold back {released}.",
            held.negated()
        ));
    }
    let brought = after.balance(Balance::DebtBroughtForward)?;
    if !brought.is_zero() {
        cause.push_str(&format!(" Its total must be {brought}."));
    }
    let zero = Money::zero(before.settlement.currency);
    Ok(both(Break::new(Code::SettlementMissing, period(before, after), zero, cause), before, after))
}

fn overlap(before: &Statement, after: &Statement) -> Break {
    let text = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let cause = format!(
        "Settlement {} runs to {}, but {} already begins at {}.",
        before.key(),
        text(before.settlement.to),
        after.key(),
        text(after.settlement.from)
    );
    let zero = Money::zero(before.settlement.currency);
    both(Break::new(Code::SettlementOverlap, period(before, after), zero, cause), before, after)
}

/// What was held back must come back.
fn reserve(before: &Statement, after: &Statement) -> Result<Option<Break>, MoneyError> {
    let held = before.balance(Balance::ReserveHeld)?;
    let released = after.balance(Balance::ReserveReleased)?;
    let difference = released.plus(held)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let cause = format!(
        "Settlement {} held back {}, settlement {} releases {released}: {difference}.",
        before.key(),
        held.negated(),
        after.key()
    );
    let found =
        Break::new(Code::ReserveBroken, period(before, after), difference, cause).compare(held.negated(), released);
    Ok(Some(both(found, before, after)))
}

/// A negative total must be brought forward, and no more than it may be charged.
fn debt(before: &Statement, after: &Statement) -> Result<Vec<Break>, MoneyError> {
    let mut found = Vec::new();
    let (owed, brought) = (before.debt(), after.balance(Balance::DebtBroughtForward)?);
    if owed != brought {
        let difference = brought.minus(owed)?;
        let cause = format!(
            "Settlement {} ends with {} owed by you, settlement {} brings forward {}.",
            before.key(),
            owed.negated(),
            after.key(),
            brought.negated()
        );
        // A debt that is not brought forward stays in the clearing account; one that is brought forward too high is taken out of it.
        let one = Break::new(Code::DebtBroken, period(before, after), difference, cause)
            .compare(owed, brought)
            .in_clearing(difference.negated());
        found.push(both(one, before, after));
    }
    let charged = after.balance(Balance::Charged)?;
    let excess = charged.plus(brought)?;
    if !charged.is_zero() && !excess.is_negative() && !excess.is_zero() {
        let cause = format!(
            "{charged} were charged to your card or bank in settlement {}, but only {} were owed.",
            after.key(),
            brought.negated()
        );
        let one = Break::new(Code::ChargeExceedsDebt, format!("settlement/{}", after.key()), excess, cause)
            .compare(brought.negated(), charged)
            .since(after.last_day())
            .evidence(Link::Settlement(after.key()), after.source.clone(), Some(charged));
        found.push(one);
    }
    Ok(found)
}

/// The longest period of a chain says when the next settlement should have closed.
fn overdue(chain: &[Cow<'_, Statement>], today: Date) -> Option<Break> {
    let last = chain.last()?;
    let closed = last.last_day()?;
    let longest = chain.windows(2).filter_map(|pair| Some(between(pair[0].last_day()?, pair[1].last_day()?))).max()?;
    let age = between(closed, today);
    if age <= longest + OVERDUE_DAYS {
        return None;
    }
    let cause = format!(
        "The last settlement, {}, ended on {closed}, {age} days ago; so far none took longer than {longest} days.",
        last.key()
    );
    let zero = Money::zero(last.settlement.currency);
    let found = Break::new(Code::SettlementOverdue, format!("settlement/{}..", last.key()), zero, cause)
        .since(Some(closed))
        .evidence(Link::Settlement(last.key()), last.source.clone(), Some(last.settlement.total));
    Some(found)
}
