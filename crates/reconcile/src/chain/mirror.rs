//! Debt that moves between the marketplaces of one account: every row must have a counterpart in another settlement.

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};

use super::statement::{Balance, BalanceRow, Statement};
use crate::breaks::{Break, Code, Link};
use crate::days::{between, london};

/// Days within which both sides of a movement are posted.
const APART_DAYS: i64 = 3;
/// Days after which a side that did not appear is missing: the other marketplace's settlement has closed by then.
const MISSING_DAYS: i64 = 21;

struct Side<'a> {
    statement: &'a Statement,
    row: &'a BalanceRow,
    day: Option<Date>,
}

impl Side<'_> {
    fn amount(&self) -> Money {
        Money::new(self.row.minor, self.currency())
    }

    fn currency(&self) -> Currency {
        self.statement.settlement.currency
    }

    fn key(&self) -> String {
        self.statement.key()
    }

    fn near(&self, other: &Side<'_>) -> bool {
        matches!((self.day, other.day), (Some(a), Some(b)) if between(a, b).abs() <= APART_DAYS)
    }
}

/// Pairs the rows of all chains of an account, and names those that stay alone.
pub(super) fn check(statements: &[&Statement], today: Date, breaks: &mut Vec<Break>) -> Result<(), MoneyError> {
    let mut by_account: BTreeMap<&str, Vec<Side<'_>>> = BTreeMap::new();
    for &statement in statements {
        for row in statement.of(Balance::DebtMoved) {
            let day = row.at.map(london).or_else(|| statement.last_day());
            by_account.entry(&statement.account).or_default().push(Side { statement, row, day });
        }
    }
    for sides in by_account.values_mut() {
        sides.sort_by(|a, b| (a.day, a.key(), a.row).cmp(&(b.day, b.key(), b.row)));
        let mut open: Vec<&Side<'_>> = sides.iter().collect();
        // The same currency must cancel to the penny, nearest days first.
        take_pairs(&mut open, |a, b| {
            a.currency() == b.currency() && a.amount() == b.amount().negated() && a.key() != b.key()
        });
        let pairs = take_pairs(&mut open, |a, b| {
            a.currency() != b.currency() && a.near(b) && a.amount().is_negative() != b.amount().is_negative()
        });
        breaks.extend(pairs.iter().map(|(a, b)| converted(a, b)));
        let old = |side: &&&Side<'_>| side.day.is_none_or(|day| between(day, today) > MISSING_DAYS);
        breaks.extend(open.iter().filter(old).map(|side| missing(side)));
    }
    Ok(())
}

/// Takes pairs that fit out of `open`: each thing with the nearest that fits, the earliest first.
fn take_pairs<'b, 'a>(
    open: &mut Vec<&'b Side<'a>>,
    fits: impl Fn(&Side<'a>, &Side<'a>) -> bool,
) -> Vec<(&'b Side<'a>, &'b Side<'a>)> {
    let mut pairs = Vec::new();
    let mut at = 0;
    while at < open.len() {
        let first = open[at];
        let apart = |other: &Side<'_>| match (first.day, other.day) {
            (Some(a), Some(b)) => between(a, b).abs(),
            _ => i64::MAX,
        };
        let partner =
            (at + 1..open.len()).filter(|&other| fits(first, open[other])).min_by_key(|&other| apart(open[other]));
        match partner {
            Some(other) => {
                pairs.push((first, open.remove(other)));
                open.remove(at);
            }
            None => at += 1,
        }
    }
    pairs
}

fn missing(side: &Side<'_>) -> Break {
    let (key, amount) = (side.key(), side.amount());
    let cause = format!(
        "Settlement {key} moves {amount} of debt to or from another marketplace, and no settlement has the other side."
    );
    Break::new(Code::DebtMirrorMissing, format!("settlement/{key}/{}", side.row.line), amount, cause)
        .since(side.day)
        .evidence(Link::Row(key, side.row.line), "debt moved", Some(amount))
}

fn converted(a: &Side<'_>, b: &Side<'_>) -> Break {
    let cause = format!(
        "Settlement {} moves {} of debt and settlement {} {}: probably one movement between two currencies.",
        a.key(),
        a.amount(),
        b.key(),
        b.amount()
    );
    let subject = format!("settlement/{}/{}..{}/{}", a.key(), a.row.line, b.key(), b.row.line);
    Break::new(Code::DebtMirrorConverted, subject, a.amount(), cause)
        .since(a.day)
        .evidence(Link::Row(a.key(), a.row.line), "debt moved", Some(a.amount()))
        .evidence(Link::Row(b.key(), b.row.line), "debt moved", Some(b.amount()))
}
