//! The audit of settlements and of the chain they form: each adds up, each begins where the one before ended, what was held back comes
//! back, debts are brought forward, failed payouts return, and nothing is missing or there twice.
//!
//! One cause is one break. A missing row is looked for in the neighbours first; where it is found, the chain is read as if it stood
//! there. Across a missing settlement nothing is compared: its absence explains the rest.

mod attribution;
mod deferral;
mod identity;
mod links;
mod mirror;
mod statement;
mod transfers;

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::{Currency, MoneyError};

pub use attribution::{Attribution, Attributions, BlankRow, attribute_marketplaces};
pub use deferral::{Deferral, DeferralStage, audit_deferrals};
pub use statement::{Balance, BalanceRow, Payout, Statement};

use crate::breaks::{self, Break, Code, Link};

/// The audit's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainAudit {
    /// What does not add up.
    pub breaks: Vec<Break>,
    /// Keys of the settlements that count, each once, in the order of their chains.
    pub settlements: Vec<String>,
    /// Readings that say exactly what another one says, and were left out.
    pub copies: usize,
}

/// Audits settlements of any number of accounts and currencies, read in any order, each any number of times.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] if a sum does not fit.
///
/// # Examples
///
/// ```
/// use model::Settlement;
/// use money::{Currency, Money};
/// use reconcile::{Balance, Code, Statement, audit_chains};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let at = |day: &str| Some(format!("{day}T00:00:00Z").parse().unwrap());
/// let head = |id: &str, from, to, total| Settlement {
///     id: id.into(), currency: Currency::GBP, from: at(from), to: at(to), deposit_on: None, total: gbp(total),
/// };
/// let mut first = Statement::new(head("1", "2026-03-01", "2026-03-15", 350_00), "seller", "", "1.tsv");
/// first.add(gbp(500_00))?;
/// first.add_balance(Balance::ReserveHeld, gbp(-150_00), None, 9)?;
/// let mut second = Statement::new(head("2", "2026-03-15", "2026-03-29", 540_00), "seller", "", "2.tsv");
/// second.add(gbp(400_00))?;
/// second.add_balance(Balance::ReserveReleased, gbp(140_00), None, 3)?;
///
/// let audit = audit_chains(&[second, first], &[], "2026-04-01".parse().unwrap())?;
/// assert_eq!((audit.breaks[0].code, audit.breaks[0].amount), (Code::ReserveBroken, gbp(-10_00)));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn audit_chains(statements: &[Statement], payouts: &[Payout], today: Date) -> Result<ChainAudit, MoneyError> {
    let mut audit = ChainAudit::default();
    let kept = once_each(statements, &mut audit);
    let mut chains: BTreeMap<(&str, &str, Currency), Vec<&Statement>> = BTreeMap::new();
    for statement in kept {
        chains
            .entry((&statement.account, &statement.marketplace, statement.settlement.currency))
            .or_default()
            .push(statement);
    }
    let mut all = Vec::new();
    for chain in chains.values_mut() {
        chain.sort_by_key(|statement| (statement.settlement.from, statement.settlement.to, &statement.settlement.id));
        let chain = without_doubles(chain, &mut audit);
        audit.settlements.extend(chain.iter().map(|statement| statement.key()));
        let mended = identity::check(&chain, &mut audit.breaks)?;
        links::check(&mended, today, &mut audit.breaks)?;
        transfers::check(&chain, payouts, &mut audit.breaks)?;
        all.extend(chain);
    }
    mirror::check(&all, today, &mut audit.breaks)?;
    breaks::sort(&mut audit.breaks);
    Ok(audit)
}

/// One reading of each settlement. Readings that say the same are copies; of those that differ the one that adds up counts.
fn once_each<'a>(statements: &'a [Statement], audit: &mut ChainAudit) -> Vec<&'a Statement> {
    let mut by_key: BTreeMap<String, Vec<&Statement>> = BTreeMap::new();
    for statement in statements {
        by_key.entry(statement.key()).or_default().push(statement);
    }
    let mut kept = Vec::new();
    for (key, mut readings) in by_key {
        let adds_up = |statement: &Statement| statement.sum == statement.settlement.total;
        readings.sort_by_key(|one| (!adds_up(one), one.sum.minor(), one.rows, one.source.clone()));
        let mut versions: Vec<&Statement> = Vec::new();
        for reading in readings {
            match versions.iter().any(|version| version.says_the_same(reading)) {
                true => audit.copies += 1,
                false => versions.push(reading),
            }
        }
        if let [first, second, ..] = versions[..] {
            let total = |one: &Statement| format!("{} ({} rows, sum {})", one.source, one.rows, one.sum);
            let cause = format!(
                "Settlement {key} was read in {} versions: {} and {}.",
                versions.len(),
                total(first),
                total(second)
            );
            let difference = second.sum.minus(first.sum).unwrap_or(second.sum);
            let mut found = Break::new(Code::SettlementContradicts, format!("settlement/{key}"), difference, cause)
                .compare(first.sum, second.sum)
                .since(first.last_day());
            for version in &versions {
                found = found.evidence(Link::Settlement(key.clone()), version.source.clone(), Some(version.sum));
            }
            audit.breaks.push(found);
        }
        kept.extend(versions.first());
    }
    kept
}

/// A chain without settlements whose whole content stands under another id too.
fn without_doubles<'a>(chain: &[&'a Statement], audit: &mut ChainAudit) -> Vec<&'a Statement> {
    let mut kept: Vec<&Statement> = Vec::new();
    for &statement in chain {
        let same = |other: &&&Statement| {
            let (a, b) = (&statement.settlement, &other.settlement);
            a.from.is_some()
                && (a.from, a.to, a.total) == (b.from, b.to, b.total)
                && (statement.rows, statement.sum) == (other.rows, other.sum)
        };
        let Some(double) = kept.iter().find(same) else {
            kept.push(statement);
            continue;
        };
        let (key, other) = (statement.key(), double.key());
        let total = statement.settlement.total;
        let cause = format!(
            "Settlements {other} and {key} have the same period, the same number of rows and the same total {total}."
        );
        audit.breaks.push(
            Break::new(Code::SettlementDuplicated, format!("settlement/{key}"), total, cause)
                .since(statement.last_day())
                .evidence(Link::Settlement(other), double.source.clone(), Some(total))
                .evidence(Link::Settlement(key), statement.source.clone(), Some(total)),
        );
    }
    kept
}
