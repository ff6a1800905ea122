//! Matching two sides in four stages; each takes only what the one before left, and says why it linked what it linked.
//!
//! 1. **Keys** ([`Rule::Line`] … [`Rule::Order`]): order, line, event, SKU and quantity. Keys decide, amounts are only compared.
//! 2. **Windows** ([`Rule::Window`]): same amount, days close together, and nothing else fits on either side.
//! 3. **Assignment** ([`Rule::Assignment`], [`Rule::Alike`]): several fit; the best whole is taken where it is clearly the best.
//! 4. **Sums** ([`Rule::Sum`]): several things on one side make one on the other, in exactly one way.
//!
//! A key that both sides know and that differs always forbids a link. The order of the inputs leaves no trace: things are looked at in
//! one canonical order, and a choice that only that order could decide is not made. Sources: Fellegi and Sunter's weights of evidence
//! (1969), the Hungarian method for the assignment (Kuhn 1955), meet in the middle for subset sums (Horowitz and Sahni 1974).

mod assignment;
mod block;
mod groups;
mod item;
mod keys;
mod link;
mod score;
mod subset;
mod sums;
mod windows;

use money::{Money, MoneyError};

pub use groups::{Basis, Groups, Part, Row, RowGroups};
pub use item::{Item, Kind};
pub use link::{Candidates, Match, Matching, Rule};
pub use score::Score;
pub use subset::{Subset, SubsetLimits, subset};

/// How far apart things may be and still belong together. Days and pence are stated here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerances {
    /// Days that the right side may be earlier than the left.
    pub days_before: i64,
    /// Days that the right side may be later than the left.
    pub days_after: i64,
    /// Difference in minor units up to which amounts count as equal.
    pub minor: i64,
    /// Most things in a block of the assignment; a larger block is left open.
    pub block_max: usize,
    /// Whether several things may make one, and within which limits.
    pub sums: Option<SubsetLimits>,
}

impl Default for Tolerances {
    /// The day of an order and that of its rows: 3 days before to 45 after; amounts to the penny; blocks of 60; no sums.
    fn default() -> Tolerances {
        Tolerances { days_before: 3, days_after: 45, minor: 0, block_max: 60, sums: None }
    }
}

/// Matches two sides. Every item of both is in exactly one match, or named as left over.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] if a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Item, Kind, Rule, Tolerances, match_items};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let orders = [Item { order: "203-1", ..Item::new(Kind::Sale, gbp(24_00)) }];
/// let rows = [
///     Item { order: "203-1", line: "a", ..Item::new(Kind::Sale, gbp(14_00)) },
///     Item { order: "203-1", line: "b", ..Item::new(Kind::Sale, gbp(9_99)) },
///     Item { order: "203-9", line: "a", ..Item::new(Kind::Sale, gbp(24_00)) },
/// ];
/// let matching = match_items(&orders, &rows, &Tolerances::default())?;
/// assert_eq!(matching.matches[0].rule, Rule::Order);
/// assert_eq!(matching.matches[0].difference, gbp(-1)); // rows less order
/// assert_eq!(matching.right_only, [2]); // the other order is never taken for this one, though its amount fits
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn match_items(left: &[Item<'_>], right: &[Item<'_>], tolerances: &Tolerances) -> Result<Matching, MoneyError> {
    let mut matching = keys::by_keys(left, right, tolerances)?;
    let by_keys = matching.matches.len();
    windows::by_windows(left, right, tolerances, &mut matching)?;
    if let Some(limits) = tolerances.sums {
        sums::by_sums(left, right, tolerances, limits, &mut matching)?;
    }
    matching.sort(by_keys, left, right);
    Ok(matching)
}

/// The sum of the amounts of some items.
fn total(items: &[Item<'_>], members: &[usize]) -> Result<i64, MoneyError> {
    members
        .iter()
        .try_fold(0_i64, |sum, &index| sum.checked_add(items[index].amount.minor()))
        .ok_or(MoneyError::TooLarge)
}

/// Right less left of a link.
fn difference(left: &[Item<'_>], right: &[Item<'_>], l: &[usize], r: &[usize]) -> Result<Money, MoneyError> {
    let minor = total(right, r)?.checked_sub(total(left, l)?).ok_or(MoneyError::TooLarge)?;
    Ok(Money::new(minor, left[l[0]].amount.currency()))
}
