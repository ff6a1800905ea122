//! Fees of a sale: charged twice, charged for nothing, or above the rate card.

use std::collections::BTreeMap;

use money::{Money, MoneyError};

use super::table::FeeTable;
use super::{Charge, FeeKind, SoldLine};
use crate::breaks::{Break, Code, Link};

fn name(kind: FeeKind<'_>) -> &str {
    match kind {
        FeeKind::Referral => "referral fee",
        FeeKind::Fulfilment => "fulfilment fee",
        FeeKind::RefundAdministration => "refund administration fee",
        FeeKind::Other(name) => name,
    }
}

fn subject(line: &SoldLine<'_>, kind: FeeKind<'_>) -> String {
    format!("order/{}/{}/{}", line.order, line.line, name(kind))
}

/// A break about a line with the charges that it rests on.
fn found(code: Code, line: &SoldLine<'_>, charges: &[Charge<'_>], amount: Money, cause: String) -> Break {
    let mut one = Break::new(code, subject(line, charges[0].kind), amount, cause).since(Some(line.on)).evidence(
        Link::Order(line.order.to_owned()),
        format!("{} of {}", line.quantity, line.sku),
        Some(line.price),
    );
    for charge in charges {
        one = one.evidence(Link::Books(charge.id.to_owned()), name(charge.kind), Some(charge.amount));
    }
    one
}

pub(super) fn check(line: &SoldLine<'_>, table: Option<&FeeTable>, breaks: &mut Vec<Break>) -> Result<(), MoneyError> {
    let mut by_kind: BTreeMap<FeeKind<'_>, Vec<Charge<'_>>> = BTreeMap::new();
    for charge in line.charges {
        by_kind.entry(charge.kind).or_default().push(*charge);
    }
    for (kind, mut charges) in by_kind {
        charges.sort_by_key(|charge| (charge.event, charge.amount.minor(), charge.id));
        let sum = Money::sum(line.price.currency(), charges.iter().map(|charge| charge.amount))?;
        // What was charged and given back is settled.
        if !sum.is_negative() {
            continue;
        }
        if line.cancelled {
            let cause = format!(
                "Order {} was cancelled, and a {} of {sum} was charged and not given back.",
                line.order,
                name(kind)
            );
            breaks.push(found(Code::FeeOnCancelled, line, &charges, sum, cause));
            continue;
        }
        let twice = doubles(&charges);
        let mut once = sum;
        if let Some(first) = twice.first() {
            let amount = Money::sum(sum.currency(), twice.iter().map(|charge| charge.amount))?;
            let cause = format!(
                "The {} of {} was charged {} times for order {}, line {}.",
                name(kind),
                first.amount.negated(),
                twice.len() + 1,
                line.order,
                line.line
            );
            once = sum.minus(amount)?;
            breaks.push(found(Code::FeeChargedTwice, line, &charges, amount, cause));
        }
        if let Some(table) = table {
            breaks.extend(above(line, kind, &charges, once, table)?);
        }
    }
    Ok(())
}

/// Charges of one event and amount after the first. Without an event, equal charges of a line of several units may be one for each.
fn doubles<'a>(charges: &[Charge<'a>]) -> Vec<Charge<'a>> {
    let same = |a: &Charge<'_>, b: &Charge<'_>| !a.event.is_empty() && (a.event, a.amount) == (b.event, b.amount);
    charges.windows(2).filter(|pair| same(&pair[0], &pair[1])).map(|pair| pair[1]).collect()
}

fn above(
    line: &SoldLine<'_>,
    kind: FeeKind<'_>,
    charges: &[Charge<'_>],
    charged: Money,
    table: &FeeTable,
) -> Result<Option<Break>, MoneyError> {
    let (code, expected, why) = match (kind, line.size) {
        (FeeKind::Referral, _) => match table.referral_fee(line.category, line.price, line.quantity) {
            Some(expected) => (Code::ReferralFeeDiffers, expected, format!("category “{}”", line.category)),
            None => return Ok(None),
        },
        (FeeKind::Fulfilment, Some(size)) if line.by_marketplace => match table.fulfilment_fee(size, line.quantity) {
            Some((tier, expected)) => (Code::FulfilmentFeeDiffers, expected, format!("size “{}”", tier.name)),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let difference = charged.minus(expected)?;
    // Each charge, or each unit of one charge, is rounded by itself.
    let rounded = i64::try_from(charges.len()).unwrap_or(i64::MAX).max(line.quantity);
    let rounding = table.tolerance_minor.saturating_mul(rounded);
    // Only what was charged too much can be claimed.
    if difference.minor() >= -rounding {
        return Ok(None);
    }
    let cause = format!(
        "Order {}, line {}: a {} of {} was charged; {} for {why} it is {} ({}).",
        line.order,
        line.line,
        name(kind),
        charged.negated(),
        line.price,
        expected.negated(),
        table.source
    );
    Ok(Some(found(code, line, charges, difference, cause).compare(expected, charged)))
}
