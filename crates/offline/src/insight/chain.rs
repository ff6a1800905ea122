//! Settlements as the audit of chains sees them.

use jiff::Timestamp;
use money::MoneyError;
use reconcile::{Balance, Break, Statement};

use super::Seen;
use crate::evidence::Previous;

/// Seconds by which one period may begin before the other ended: the same as one after the other.
const SEAM_S: i64 = 3600;

/// Audits all settlements, those of before too.
pub(super) fn audit(seen: &[Seen], previous: &[Previous], today: jiff::civil::Date) -> Result<Vec<Break>, MoneyError> {
    let mut statements: Vec<Statement> = seen.iter().map(|one| one.statement.clone()).collect();
    for one in previous {
        statements.extend(before(one, &statements)?);
    }
    apart(&mut statements);
    Ok(reconcile::audit_chains(&statements, &[], today)?.breaks)
}

/// A settlement of before, of which only total and reserve are known. Without a period it has no place in a chain.
fn before(one: &Previous, known: &[Statement]) -> Result<Option<Statement>, MoneyError> {
    let (Some(to), Some(reserve)) = (one.to, one.reserve) else { return Ok(None) };
    let head = model::Settlement {
        id: one.id.clone(),
        currency: one.total.currency(),
        from: None,
        to: Some(to),
        deposit_on: None,
        total: one.total,
    };
    let mut statement = Statement::new(head, "", "", "the settlement before");
    if known.iter().any(|other| other.key() == statement.key()) {
        return Ok(None);
    }
    statement.add(one.total.plus(reserve)?)?;
    if !reserve.is_zero() {
        statement.add_balance(Balance::ReserveHeld, reserve.negated(), Some(to), 0)?;
    }
    Ok(Some(statement))
}

/// Gives settlements of one currency whose periods overlap to different accounts: the marketplace keeps a chain for each kind of
/// account, and a file does not say which. Two files with common rows were kept back before.
fn apart(statements: &mut [Statement]) {
    let begin = |statement: &Statement| {
        (statement.settlement.from.or(statement.settlement.to), statement.settlement.id.clone())
    };
    statements.sort_by_key(begin);
    let mut ends: Vec<(String, Option<Timestamp>)> = Vec::new();
    for statement in statements {
        let (from, to) = (statement.settlement.from, statement.settlement.to);
        let key = format!("{}/{}", statement.settlement.currency, statement.marketplace);
        let own: Vec<usize> = (0..ends.len()).filter(|at| ends[*at].0 == key).collect();
        let continues = |at: &&usize| ends[**at].1.is_some() && ends[**at].1 == from;
        let follows = |at: &&usize| match (ends[**at].1, from) {
            (Some(end), Some(from)) => from.as_second() - end.as_second() >= -SEAM_S,
            _ => true,
        };
        let at = own.iter().find(continues).or_else(|| own.iter().find(follows)).copied().unwrap_or_else(|| {
            ends.push((key.clone(), None));
            ends.len() - 1
        });
        ends[at].1 = to;
        let place = ends[..at].iter().filter(|end| end.0 == key).count();
        statement.account = if place == 0 { String::new() } else { format!("account {}", place + 1) };
    }
}
