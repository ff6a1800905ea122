//! Which of some amounts make a sum: meet in the middle, in whole numbers, within stated limits.
//!
//! Uniqueness is the point. Of 26 amounts between 1 and 500 pounds any sum is met by dozens of subsets, so a solution counts only if it
//! is the only one, and only if so few subsets were tried that meeting the sum by chance is unlikely.

use serde::{Deserialize, Serialize};

/// How much may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubsetLimits {
    /// Most amounts to choose from; beyond this nothing is tried. At most 30 are ever used.
    pub size_max: usize,
    /// Most amounts that may make one sum.
    pub parts_max: usize,
    /// Most subsets of one half that are listed; beyond this nothing is tried.
    pub nodes_max: usize,
    /// The subsets tried, times this, must be fewer than the different sums they can make: 20 means that a sum met by chance is
    /// about a 1 in 20 event.
    pub chance: u64,
}

impl Default for SubsetLimits {
    fn default() -> SubsetLimits {
        SubsetLimits { size_max: 24, parts_max: 12, nodes_max: 1 << 15, chance: 20 }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subset {
    /// No subset makes the sum.
    None,
    /// Exactly one subset makes it, by positions; `chance` is false if meeting it by chance is unlikely.
    One {
        /// Positions of the amounts, ascending.
        parts: Vec<usize>,
        /// So many subsets were tried that this may be a coincidence.
        chance: bool,
    },
    /// Several subsets make it: at most 20 of them, each by positions.
    Several(Vec<Vec<usize>>),
    /// There are more amounts than the limits allow: nothing was tried.
    TooMany,
}

/// Solutions that are listed; more add nothing for a person.
const LISTED_MAX: usize = 20;

/// Which two or more of `amounts` sum to `target`. Amounts may be negative; zeros are never part of a solution.
///
/// # Examples
///
/// ```
/// use reconcile::{Subset, SubsetLimits, subset};
///
/// let limits = SubsetLimits::default();
/// let one = subset(350_00, &[120_10, 99_00, 229_90, 10_00], &limits);
/// assert_eq!(one, Subset::One { parts: vec![0, 2], chance: false });
/// assert!(matches!(subset(30_00, &[10_00, 20_00, 20_00], &limits), Subset::Several(ways) if ways.len() == 2));
/// ```
pub fn subset(target: i64, amounts: &[i64], limits: &SubsetLimits) -> Subset {
    let useful: Vec<usize> = (0..amounts.len()).filter(|&at| amounts[at] != 0).collect();
    if useful.len() > limits.size_max.min(30) || 1 << useful.len().div_ceil(2) > limits.nodes_max {
        return Subset::TooMany;
    }
    let (first, second) = useful.split_at(useful.len() / 2);
    let lows = half(first, amounts, limits.parts_max);
    let mut highs = half(second, amounts, limits.parts_max);
    highs.sort_unstable();
    let mut found: Vec<Vec<usize>> = Vec::new();
    for (sum, mask) in lows {
        let wanted = i128::from(target) - sum;
        let from = highs.partition_point(|high| high.0 < wanted);
        for &(_, other) in highs[from..].iter().take_while(|high| high.0 == wanted) {
            let parts = mask.count_ones() + other.count_ones();
            if parts < 2 || parts as usize > limits.parts_max {
                continue;
            }
            found.push(members(first, mask).chain(members(second, other)).collect());
            if found.len() == LISTED_MAX {
                found.sort();
                return Subset::Several(found);
            }
        }
    }
    found.sort();
    match found.len() {
        0 => Subset::None,
        1 => Subset::One { chance: by_chance(&useful, amounts, limits), parts: found.remove(0) },
        _ => Subset::Several(found),
    }
}

/// All subsets of at most `parts_max` members: their sums and their members as bits.
fn half(members: &[usize], amounts: &[i64], parts_max: usize) -> Vec<(i128, u32)> {
    let mut all: Vec<(i128, u32)> = vec![(0, 0)];
    for (bit, &at) in members.iter().enumerate() {
        let more: Vec<_> = all
            .iter()
            .filter(|(_, mask)| (mask.count_ones() as usize) < parts_max)
            .map(|&(sum, mask)| (sum + i128::from(amounts[at]), mask | 1 << bit))
            .collect();
        all.extend(more);
    }
    all
}

fn members(of: &[usize], mask: u32) -> impl Iterator<Item = usize> + '_ {
    of.iter().enumerate().filter(move |(bit, _)| mask >> bit & 1 == 1).map(|(_, &at)| at)
}

/// Whether the subsets tried are so many that one of them meets any sum by chance.
fn by_chance(useful: &[usize], amounts: &[i64], limits: &SubsetLimits) -> bool {
    let spread: u128 = useful.iter().map(|&at| u128::from(amounts[at].unsigned_abs())).sum();
    let n = useful.len() as u128;
    let mut tried: u128 = 0;
    let mut of_size: u128 = 1;
    for k in 1..=n.min(limits.parts_max as u128) {
        of_size = of_size * (n - k + 1) / k;
        if k >= 2 {
            tried += of_size;
        }
    }
    tried * u128::from(limits.chance) > spread
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_force(target: i64, amounts: &[i64], parts_max: usize) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = (0_u32..1 << amounts.len())
            .map(|mask| (0..amounts.len()).filter(|bit| mask >> bit & 1 == 1).collect::<Vec<_>>())
            .filter(|parts| parts.len() >= 2 && parts.len() <= parts_max)
            .filter(|parts| parts.iter().map(|&at| amounts[at]).sum::<i64>() == target)
            .filter(|parts| parts.iter().all(|&at| amounts[at] != 0))
            .collect();
        found.sort();
        found
    }

    proptest! {
        #[test]
        fn exactly_the_subsets_that_make_the_sum_are_found(
            amounts in proptest::collection::vec(-30_i64..60, 0..10), target in -40_i64..120, parts_max in 2_usize..6,
        ) {
            let limits = SubsetLimits { parts_max, ..SubsetLimits::default() };
            let force = by_force(target, &amounts, parts_max);
            match subset(target, &amounts, &limits) {
                Subset::None => prop_assert!(force.is_empty()),
                Subset::One { parts, .. } => prop_assert_eq!(vec![parts], force),
                Subset::Several(ways) if ways.len() < LISTED_MAX => prop_assert_eq!(ways, force),
                Subset::Several(ways) => prop_assert!(ways.iter().all(|way| force.contains(way))),
                Subset::TooMany => prop_assert!(false, "ten are not too many"),
            }
        }
    }

    #[test]
    fn a_sum_that_many_subsets_could_meet_is_a_coincidence() {
        let amounts: Vec<i64> = (0..20).map(|at| 1_000 + at * at * 37).collect();
        let target = amounts[..12].iter().sum();
        let limits = SubsetLimits::default();
        assert!(matches!(subset(target, &amounts, &limits), Subset::Several(_) | Subset::One { chance: true, .. }));
        assert_eq!(subset(1, &[1; 31], &limits), Subset::TooMany);
    }
}
