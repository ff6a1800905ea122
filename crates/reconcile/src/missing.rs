//! Names the row that a settlement lacks: what does not add up in one place is often what is left over in another.

use money::Money;

use crate::breaks::{self, Break, Code, Link};
use crate::matching::{Subset, SubsetLimits, subset};

/// Joins the breaks of both audits: where transactions that should be in a settlement are not, and together are exactly what it lacks, they
/// are the cause, and both breaks become one.
///
/// Only a unique explanation counts: if several sets of transactions would do, all breaks stay as they are.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Break, Code, Link, name_missing_rows};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let imbalance = Break::new(Code::SettlementOutOfBalance, "settlement/1-GBP", gbp(-120_00), "120.00 GBP are missing.");
/// let lost = Break::new(Code::TransactionNotSettled, "transaction/T9", gbp(-120_00), "Transaction T9 has no row.")
///     .evidence(Link::Transaction("T9".into()), "not in the rows", Some(gbp(-120_00)))
///     .evidence(Link::Settlement("1".into()), "should have it", None);
/// let joined = name_missing_rows(vec![imbalance, lost]);
/// assert_eq!(joined.len(), 1);
/// assert!(joined[0].cause.ends_with("The finances have it: transaction T9 of -120.00 GBP has no row."));
/// ```
pub fn name_missing_rows(breaks: Vec<Break>) -> Vec<Break> {
    let (mut imbalances, mut others): (Vec<Break>, Vec<Break>) =
        breaks.into_iter().partition(|found| found.code == Code::SettlementOutOfBalance);
    breaks::sort(&mut imbalances);
    breaks::sort(&mut others);
    for imbalance in &mut imbalances {
        let lost: Vec<usize> = (0..others.len()).filter(|&at| is_lost_by(&others[at], imbalance)).collect();
        let amounts: Vec<i64> = lost.iter().map(|&at| others[at].amount.minor()).collect();
        let Some(parts) = parts_of(imbalance.amount, &amounts) else { continue };
        let mut names = Vec::new();
        // From the back, so that positions stay true.
        for part in parts.into_iter().rev() {
            let cause = others.remove(lost[part]);
            for evidence in cause.evidence.into_iter().filter(|one| matches!(one.link, Link::Transaction(_))) {
                if let Link::Transaction(id) = &evidence.link {
                    names.push(format!("transaction {id} of {}", cause.amount));
                }
                imbalance.evidence.push(evidence);
            }
        }
        names.reverse();
        imbalance.evidence.sort();
        let has = if names.len() == 1 { "has" } else { "have" };
        imbalance.cause.push_str(&format!(" The finances have it: {} {has} no row.", names.join(" and ")));
    }
    others.extend(imbalances);
    breaks::sort(&mut others);
    others
}

/// Whether a break is a transaction that says it is in the settlement of an imbalance.
fn is_lost_by(found: &Break, imbalance: &Break) -> bool {
    let key = imbalance.subject.trim_start_matches("settlement/");
    let of_settlement = |link: &Link| match link {
        Link::Settlement(id) => id == key || key == format!("{id}-{}", imbalance.amount.currency()),
        _ => false,
    };
    found.code == Code::TransactionNotSettled
        && found.amount.currency() == imbalance.amount.currency()
        && found.evidence.iter().any(|one| of_settlement(&one.link))
}

/// The only way in which some of the amounts make the sum: one alone, or several together.
fn parts_of(sum: Money, amounts: &[i64]) -> Option<Vec<usize>> {
    let alone: Vec<usize> = (0..amounts.len()).filter(|&at| amounts[at] == sum.minor()).collect();
    match (&alone[..], subset(sum.minor(), amounts, &SubsetLimits::default())) {
        ([_], Subset::None) => Some(alone),
        ([], Subset::One { parts, chance: false }) => Some(parts),
        _ => None,
    }
}
