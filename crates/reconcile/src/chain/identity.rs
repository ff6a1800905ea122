//! The identity: rows sum to the total, to the penny. Where they do not, the difference is explained if it can be.

use std::borrow::Cow;

use money::{Money, MoneyError};

use super::statement::{Balance, BalanceRow, Statement};
use crate::breaks::{Break, Code, Link};

/// Checks each settlement of a chain. Answers the chain as it would be with the rows that its neighbours show to be missing.
pub(super) fn check<'a>(
    chain: &[&'a Statement],
    breaks: &mut Vec<Break>,
) -> Result<Vec<Cow<'a, Statement>>, MoneyError> {
    let mut mended = Vec::new();
    for (at, &statement) in chain.iter().enumerate() {
        let missing = statement.settlement.total.minus(statement.sum)?;
        if missing.is_zero() {
            mended.push(Cow::Borrowed(statement));
            continue;
        }
        let before = at.checked_sub(1).map(|before| chain[before]);
        let (why, row) = explain(statement, missing, before, chain.get(at + 1).copied())?;
        let key = statement.key();
        let cause = format!(
            "The {} rows of settlement {key} sum to {}, its total is {}: {missing} are missing. {why}",
            statement.rows, statement.sum, statement.settlement.total
        );
        breaks.push(
            Break::new(Code::SettlementOutOfBalance, format!("settlement/{key}"), missing, cause)
                .compare(statement.settlement.total, statement.sum)
                .since(statement.last_day())
                .evidence(Link::Settlement(key), statement.source.clone(), Some(statement.sum)),
        );
        mended.push(match row {
            None => Cow::Borrowed(statement),
            Some(balance) => {
                let mut whole = statement.clone();
                whole.balances.push(BalanceRow { balance, minor: missing.minor(), at: None, line: 0 });
                whole.sum = whole.sum.plus(missing)?;
                Cow::Owned(whole)
            }
        });
    }
    Ok(mended)
}

/// What the difference probably is, and the balance row that is missing if it is one.
fn explain(
    statement: &Statement,
    missing: Money,
    before: Option<&Statement>,
    after: Option<&Statement>,
) -> Result<(String, Option<Balance>), MoneyError> {
    if let Some(before) = before {
        let held = before.balance(Balance::ReserveHeld)?;
        if !held.is_zero() && missing == held.negated() && statement.of(Balance::ReserveReleased).next().is_none() {
            let why = format!(
                "That is the reserve that settlement {} held back: the row that releases it is missing.",
                before.key()
            );
            return Ok((why, Some(Balance::ReserveReleased)));
        }
        let debt = before.debt();
        if !debt.is_zero() && missing == debt && statement.of(Balance::DebtBroughtForward).next().is_none() {
            let why = format!(
                "That is the negative total of settlement {}: the row that brings it forward is missing.",
                before.key()
            );
            return Ok((why, Some(Balance::DebtBroughtForward)));
        }
    }
    if let Some(after) = after {
        let released = after.balance(Balance::ReserveReleased)?;
        if !released.is_zero() && missing == released.negated() && statement.of(Balance::ReserveHeld).next().is_none() {
            let why = format!(
                "That is the reserve that settlement {} releases: the row that holds it back is missing.",
                after.key()
            );
            return Ok((why, Some(Balance::ReserveHeld)));
        }
    }
    if let Some(row) = statement.balances.iter().find(|row| row.minor.checked_mul(-2) == Some(missing.minor())) {
        return Ok((format!("It is twice the amount of line {}: that row may have the wrong sign.", row.line), None));
    }
    if missing.minor() % 9 == 0 {
        return Ok((
            "It divides by nine, as when two digits of one amount changed places; or a row is missing.".to_owned(),
            None,
        ));
    }
    Ok(("A row is missing, or one is there that should not be.".to_owned(), None))
}
