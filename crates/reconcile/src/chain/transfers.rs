//! Payouts that failed: each must come back into a settlement, and what comes back must have been paid out before.

use money::{Money, MoneyError};

use super::statement::{Balance, Payout, Statement};
use crate::breaks::{Break, Code, Link};
use crate::days::between;

/// Days after a failed payout by which a settlement that closes must have it.
const RETURN_DAYS: i64 = 14;

/// Checks one chain against what is known of its transfers.
pub(super) fn check(chain: &[&Statement], payouts: &[Payout], breaks: &mut Vec<Break>) -> Result<(), MoneyError> {
    let mut payouts: Vec<&Payout> =
        payouts.iter().filter(|payout| chain.iter().any(|statement| statement.key() == payout.settlement)).collect();
    payouts.sort_by(|a, b| (&a.settlement, a.on, a.amount.minor()).cmp(&(&b.settlement, b.on, b.amount.minor())));
    let place = |key: &str| chain.iter().position(|statement| statement.key() == key);
    // Every payout may come back once. Those known to have failed come first, then the latest before the return.
    let mut open: Vec<(usize, Money, Option<&Payout>)> = Vec::new();
    for (at, statement) in chain.iter().enumerate() {
        let total = statement.settlement.total;
        let told = payouts.iter().find(|payout| place(&payout.settlement) == Some(at) && payout.failed);
        if !total.is_negative() && !total.is_zero() {
            open.push((at, told.map_or(total, |payout| payout.amount), told.copied()));
        }
    }
    for (at, statement) in chain.iter().enumerate() {
        let mut returned: Vec<_> = statement.of(Balance::TransferReturned).collect();
        returned.sort();
        for row in returned {
            let amount = Money::new(row.minor, statement.settlement.currency);
            let fits = open.iter().enumerate().filter(|(_, (from, paid, _))| *from < at && *paid == amount);
            let best = fits.max_by_key(|(_, (from, _, told))| (told.is_some(), *from)).map(|(index, _)| index);
            match best {
                Some(index) => _ = open.remove(index),
                // Before the first settlement that we know there may have been others.
                None if at == 0 => {}
                None => breaks.push(unknown(statement, amount, row.line)),
            }
        }
    }
    for (at, paid, payout) in open {
        let Some(payout) = payout else { continue };
        let closed = chain[at + 1..]
            .iter()
            .filter_map(|later| later.last_day())
            .any(|day| between(payout.on, day) > RETURN_DAYS);
        if closed {
            let cause = format!(
                "The payout of {paid} of settlement {} failed on {}, and no settlement since has it back.",
                payout.settlement, payout.on
            );
            let subject = format!("settlement/{}", payout.settlement);
            breaks.push(
                Break::new(Code::FailedTransferNotReturned, subject, paid.negated(), cause)
                    .since(Some(payout.on))
                    .evidence(Link::Settlement(payout.settlement.clone()), "payout failed", Some(paid)),
            );
        }
    }
    Ok(())
}

fn unknown(statement: &Statement, amount: Money, line: u64) -> Break {
    let key = statement.key();
    let cause = format!("Settlement {key} has {amount} back of a payout, and no earlier payout of that sum is open.");
    Break::new(Code::ReturnedTransferUnknown, format!("settlement/{key}/{line}"), amount, cause)
        .since(statement.last_day())
        .evidence(Link::Row(key, line), "payout returned", Some(amount))
}
