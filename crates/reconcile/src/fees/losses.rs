//! Units that the marketplace lost or damaged: it finds them again or pays for them, or they are claimed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::{Money, MoneyError};

use crate::breaks::{Break, Code, Link};
use crate::days::between;

/// Units that were lost or damaged in the marketplace's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss<'a> {
    /// Its id in the inventory ledger.
    pub id: &'a str,
    /// The product.
    pub sku: &'a str,
    /// Units.
    pub units: i64,
    /// The day.
    pub on: Date,
    /// What a unit is worth to claim; zero if unknown.
    pub unit_value: Money,
}

/// Units that were paid for or found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reimbursed<'a> {
    /// The loss it is for, empty if it is not said.
    pub loss: &'a str,
    /// The product.
    pub sku: &'a str,
    /// Units.
    pub units: i64,
    /// The day.
    pub on: Date,
}

/// Days within which the marketplace pays by itself.
const WITHIN_DAYS: i64 = 45;

/// Sets what was paid or found against losses: those it names, then the oldest of the same product that came before.
pub(super) fn check(
    losses: &[Loss<'_>],
    reimbursed: &[Reimbursed<'_>],
    today: Date,
    breaks: &mut Vec<Break>,
) -> Result<(), MoneyError> {
    let mut open: Vec<(&Loss<'_>, i64)> = losses.iter().map(|loss| (loss, loss.units)).collect();
    open.sort_by_key(|(loss, _)| (loss.on, loss.id));
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (loss, _)) in open.iter().enumerate() {
        by_id.insert(loss.id, at);
    }
    let mut paid: Vec<&Reimbursed<'_>> = reimbursed.iter().collect();
    paid.sort_by_key(|one| (one.loss.is_empty(), one.on, one.sku, one.loss, one.units));
    for one in paid {
        let mut units = one.units;
        let mut settle = |left: &mut i64| {
            let taken = units.min(*left);
            *left -= taken;
            units -= taken;
        };
        if let Some(&at) = by_id.get(one.loss) {
            settle(&mut open[at].1);
        } else {
            let fits = |loss: &Loss<'_>| loss.sku == one.sku && loss.on <= one.on;
            open.iter_mut().filter(|(loss, _)| fits(loss)).for_each(|(_, left)| settle(left));
        }
    }
    for (loss, left) in open {
        let age = between(loss.on, today);
        if left <= 0 || age <= WITHIN_DAYS {
            continue;
        }
        let value = loss.unit_value.times(left)?;
        let worth = if value.is_zero() { "of unknown value".to_owned() } else { format!("worth {value}") };
        let cause = format!(
            "{left} of {} units of {} that were lost or damaged on {} were neither paid nor found in {age} days ({worth}).",
            loss.units, loss.sku, loss.on
        );
        breaks.push(
            Break::new(Code::ReimbursementMissing, format!("loss/{}", loss.id), value.negated(), cause)
                .since(Some(loss.on))
                .evidence(Link::Sku(loss.sku.to_owned()), format!("{left} units"), Some(value)),
        );
    }
    Ok(())
}
