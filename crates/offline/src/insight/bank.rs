//! Payouts against the bank statement.

use bookkeeping::settlement::Rules;
use jiff::civil::Date;
use money::{Money, MoneyError};
use reconcile::{Balance, BankLine, BankRules, Break, Code, Deposit, match_bank};

use super::{Seen, london};
use crate::evidence;

/// The word by which Amazon's lines are known.
const WORD: &str = "AMAZON";

/// Matches payouts of settlements with bank lines. A statement says nothing about days that it does not cover.
pub(super) fn matched(
    seen: &[Seen],
    lines: &[evidence::BankLine],
    rules: &Rules,
    today: Date,
) -> Result<Vec<Break>, MoneyError> {
    let days = || lines.iter().map(|line| line.on);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Vec::new()) };
    let keys: Vec<String> = seen.iter().map(|one| one.statement.key()).collect();
    let ids: Vec<String> = lines.iter().map(|line| format!("line {}", line.line)).collect();
    let failed = failed(seen);
    let deposits: Vec<Deposit<'_>> = seen
        .iter()
        .zip(&keys)
        .zip(failed)
        .filter_map(|((one, key), failed)| deposit(one, key, failed, rules))
        .collect();
    let of_bank: Vec<BankLine<'_>> = lines
        .iter()
        .zip(&ids)
        .map(|(line, id)| BankLine { id, on: line.on, amount: line.amount, text: &line.description })
        .collect();
    let rules = BankRules { today: today.min(last), word: WORD, confirmed: &[] };
    let breaks = match_bank(&deposits, &of_bank, &rules)?.breaks;
    let silent = |found: &Break| found.code == Code::DepositNotInBank && found.since.is_some_and(|day| day < first);
    Ok(breaks.into_iter().filter(|found| !silent(found)).collect())
}

fn deposit<'k>(one: &Seen, key: &'k str, failed: bool, rules: &Rules) -> Option<Deposit<'k>> {
    let head = &one.statement.settlement;
    let on = head.deposit_on.and_then(london).filter(|_| one.posted && !head.total.is_zero())?;
    let home = rules.policy.seller.home;
    let at_books_rate = if head.currency == home {
        None
    } else {
        rules.policy.rates.find(head.currency, on).and_then(|rate| rate.to_home(head.total, home))
    };
    Some(Deposit { settlement: key, amount: head.total, on, trace: "", converted: None, at_books_rate, failed })
}

/// Which payouts came back into a later settlement: for each return the latest payout of that amount before it.
fn failed(seen: &[Seen]) -> Vec<bool> {
    let mut failed = vec![false; seen.len()];
    for later in seen {
        let head = &later.statement.settlement;
        for row in later.statement.balances.iter().filter(|row| row.balance == Balance::TransferReturned) {
            let returned = Money::new(row.minor, head.currency);
            let paid = |at: &usize| {
                let earlier = &seen[*at].statement.settlement;
                !failed[*at] && earlier.total == returned && earlier.to < head.to
            };
            if let Some(at) = (0..seen.len()).filter(paid).max_by_key(|at| seen[*at].statement.settlement.to) {
                failed[at] = true;
            }
        }
    }
    failed
}
