//! Deferred money and its release: income is booked once, when the goods are shipped; a release only moves it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use money::{Money, MoneyError};

use crate::breaks::{self, Break, Code, Link};
use crate::days::between;

/// Which of both a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeferralStage<'a> {
    /// Held by the marketplace until `matures_on`, if it says when.
    Deferred {
        /// The day on which it should be released.
        matures_on: Option<Date>,
    },
    /// Sets a deferred one free.
    Release {
        /// The id of the deferred transaction, empty if it is not said.
        of: &'a str,
    },
}

/// A transaction that is deferred or releases one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deferral<'a> {
    /// Transaction id.
    pub id: &'a str,
    /// The order, empty if none.
    pub order: &'a str,
    /// What kind of transaction it is, in any stable words: deferred and release of one event have the same.
    pub event: &'a str,
    /// Total amount.
    pub amount: Money,
    /// The day in Europe/London on which it was posted.
    pub on: Date,
    /// Which of both it is.
    pub stage: DeferralStage<'a>,
    /// Whether a document of the books was made from it.
    pub booked: bool,
}

/// Days after maturity until a release is called overdue.
const OVERDUE_DAYS: i64 = 7;
/// Days before the first transaction that we know of, for which a release may refer to one that we do not know.
const UNKNOWN_BEFORE_DAYS: i64 = 60;

/// Pairs deferred transactions with their releases: by id, else by order, event and amount.
///
/// # Errors
///
/// [`MoneyError`] if deferred and released amount are in different currencies.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Code, Deferral, DeferralStage, audit_deferrals};
///
/// let amount = Money::new(19_60, Currency::GBP);
/// let sale = Deferral {
///     id: "T1", order: "203-1", event: "Shipment", amount, on: "2025-11-27".parse().unwrap(),
///     stage: DeferralStage::Deferred { matures_on: None }, booked: true,
/// };
/// let release = Deferral { id: "T2", on: "2025-12-07".parse().unwrap(), stage: DeferralStage::Release { of: "T1" }, ..sale };
/// let breaks = audit_deferrals(&[sale, release], "2025-12-08".parse().unwrap())?;
/// assert_eq!(breaks[0].code, Code::ReleaseBookedAgain); // the release must not be booked
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn audit_deferrals(transactions: &[Deferral<'_>], today: Date) -> Result<Vec<Break>, MoneyError> {
    let mut sorted: Vec<&Deferral<'_>> = transactions.iter().collect();
    sorted.sort_by_key(|one| (one.on, one.id));
    sorted.dedup();
    let first = sorted.first().map(|one| one.on);
    let deferred: BTreeMap<&str, &Deferral<'_>> = sorted
        .iter()
        .filter(|one| matches!(one.stage, DeferralStage::Deferred { .. }))
        .map(|one| (one.id, *one))
        .collect();
    let mut breaks = Vec::new();
    let mut released: BTreeMap<&str, &Deferral<'_>> = BTreeMap::new();
    let (named, nameless): (Vec<&Deferral<'_>>, Vec<&Deferral<'_>>) = sorted
        .iter()
        .filter(|one| matches!(one.stage, DeferralStage::Release { .. }))
        .partition(|one| matches!(one.stage, DeferralStage::Release { of } if deferred.contains_key(of)));
    let mut paired: Vec<(&Deferral<'_>, Option<&Deferral<'_>>)> = Vec::new();
    for release in named {
        let DeferralStage::Release { of } = release.stage else { continue };
        paired.push((release, deferred.get(of).copied()));
    }
    let taken: BTreeSet<&str> = paired.iter().filter_map(|(_, sale)| Some(sale.as_ref()?.id)).collect();
    let mut free: Vec<&Deferral<'_>> = deferred.values().filter(|one| !taken.contains(one.id)).copied().collect();
    free.sort_by_key(|one| (one.on, one.id));
    for release in nameless {
        let DeferralStage::Release { of } = release.stage else { continue };
        let fits = |one: &&Deferral<'_>| {
            of.is_empty()
                && !one.order.is_empty()
                && (one.order, one.event, one.amount) == (release.order, release.event, release.amount)
                && one.on <= release.on
        };
        let sale = free.iter().position(fits).map(|at| free.remove(at));
        paired.push((release, sale));
    }
    for (release, sale) in paired {
        match sale {
            None => breaks.extend(unknown(release, first)),
            Some(sale) => breaks.extend(pair(release, sale, &mut released)?),
        }
    }
    for sale in deferred.values().filter(|one| !released.contains_key(one.id)) {
        breaks.extend(overdue(sale, today));
    }
    breaks::sort(&mut breaks);
    Ok(breaks)
}

fn pair<'b, 'a>(
    release: &'b Deferral<'a>,
    sale: &'b Deferral<'a>,
    released: &mut BTreeMap<&'a str, &'b Deferral<'a>>,
) -> Result<Option<Break>, MoneyError> {
    let subject = format!("transaction/{}", release.id);
    let both = |found: Break| {
        found
            .since(Some(release.on))
            .evidence(Link::Transaction(sale.id.to_owned()), "deferred", Some(sale.amount))
            .evidence(Link::Transaction(release.id.to_owned()), "release", Some(release.amount))
    };
    if let Some(earlier) = released.insert(sale.id, release) {
        let cause = format!("Transaction {} was released by {} and again by {}.", sale.id, earlier.id, release.id);
        return Ok(Some(both(Break::new(Code::ReleasedTwice, subject, release.amount, cause))));
    }
    if sale.booked && release.booked {
        let cause = format!(
            "Order {} was booked from transaction {} when it was shipped, and again from its release {}.",
            sale.order, sale.id, release.id
        );
        let found = Break::new(Code::ReleaseBookedAgain, subject, release.amount, cause).in_clearing(release.amount);
        return Ok(Some(both(found)));
    }
    let difference = release.amount.minus(sale.amount)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let cause = format!(
        "Transaction {} deferred {}, its release {} set free {}.",
        sale.id, sale.amount, release.id, release.amount
    );
    let found = Break::new(Code::ReleaseDiffers, subject, difference, cause).compare(sale.amount, release.amount);
    Ok(Some(both(found)))
}

fn unknown(release: &Deferral<'_>, first: Option<Date>) -> Option<Break> {
    // What was deferred before the first day that we know cannot be known.
    if first.is_some_and(|first| between(first, release.on) <= UNKNOWN_BEFORE_DAYS) {
        return None;
    }
    let cause = format!("Transaction {} releases {}, and no deferred transaction fits it.", release.id, release.amount);
    Some(
        Break::new(Code::ReleaseUnknown, format!("transaction/{}", release.id), release.amount, cause)
            .since(Some(release.on))
            .evidence(Link::Transaction(release.id.to_owned()), "release", Some(release.amount)),
    )
}

fn overdue(sale: &Deferral<'_>, today: Date) -> Option<Break> {
    let DeferralStage::Deferred { matures_on: Some(matures_on) } = sale.stage else { return None };
    let late = between(matures_on, today);
    if late <= OVERDUE_DAYS {
        return None;
    }
    let cause = format!(
        "Transaction {} of {} should have been released on {matures_on}, {late} days ago.",
        sale.id, sale.amount
    );
    Some(
        Break::new(Code::DeferralOverdue, format!("transaction/{}", sale.id), sale.amount.negated(), cause)
            .since(Some(matures_on))
            .evidence(Link::Transaction(sale.id.to_owned()), "deferred", Some(sale.amount)),
    )
}
