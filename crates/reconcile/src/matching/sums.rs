//! Stage 4: several left-over things on one side that make one on the other, such as payouts that the bank shows as one line.

use std::collections::BTreeSet;

use money::MoneyError;

use super::item::Item;
use super::link::{Candidates, Match, Matching, Rule};
use super::score::Score;
use super::subset::{Subset, SubsetLimits, subset};
use super::{Tolerances, difference};
use crate::days::between;

/// One thing of a side and those of the other that may be parts of it.
struct Whole {
    whole: usize,
    of_left: bool,
    ways: Vec<Vec<usize>>,
    chance: bool,
}

/// Links sums that come about in exactly one way, and lists the ways of others.
pub(super) fn by_sums(
    left: &[Item<'_>],
    right: &[Item<'_>],
    tolerances: &Tolerances,
    limits: SubsetLimits,
    matching: &mut Matching,
) -> Result<(), MoneyError> {
    let mut wholes = Vec::new();
    let mut too_many = Vec::new();
    for of_left in [true, false] {
        let (whole_side, part_side) = if of_left { (left, right) } else { (right, left) };
        let (whole_at, part_at) = match of_left {
            true => (&matching.left_only, &matching.right_only),
            false => (&matching.right_only, &matching.left_only),
        };
        for &whole in whole_at {
            let fits = |&&part: &&usize| may_be_part(&whole_side[whole], &part_side[part], of_left, tolerances);
            let mut parts: Vec<usize> = part_at.iter().filter(fits).copied().collect();
            parts.sort_by(|&a, &b| part_side[a].canonical(&part_side[b]));
            let amounts: Vec<i64> = parts.iter().map(|&at| part_side[at].amount.minor()).collect();
            let name =
                |ways: Vec<Vec<usize>>| ways.iter().map(|way| way.iter().map(|&at| parts[at]).collect()).collect();
            match subset(whole_side[whole].amount.minor(), &amounts, &limits) {
                Subset::None => {}
                Subset::One { parts, chance } => wholes.push(Whole { whole, of_left, ways: name(vec![parts]), chance }),
                Subset::Several(ways) => {
                    let ways = distinct(part_side, name(ways));
                    wholes.push(Whole { whole, of_left, ways, chance: false });
                }
                Subset::TooMany => too_many.push((whole, of_left, parts.len())),
            }
        }
    }
    settle(left, right, wholes, matching)?;
    for (whole, of_left, count) in too_many {
        let free = if of_left { &matching.left_only } else { &matching.right_only };
        if free.contains(&whole) {
            let why = format!("{count} amounts could be parts of it, which is too many to try all sums");
            let (l, r) = if of_left { (vec![whole], Vec::new()) } else { (Vec::new(), vec![whole]) };
            matching.open.push(Candidates { left: l, right: r, why });
        }
    }
    Ok(())
}

/// Links wholes whose only way shares nothing with another whole; names the candidates of the others.
fn settle(
    left: &[Item<'_>],
    right: &[Item<'_>],
    wholes: Vec<Whole>,
    matching: &mut Matching,
) -> Result<(), MoneyError> {
    // Each whole and part as (is of the left side, position).
    let uses = |whole: &Whole| -> BTreeSet<(bool, usize)> {
        let parts = whole.ways.iter().flatten().map(|&part| (!whole.of_left, part));
        parts.chain([(whole.of_left, whole.whole)]).collect()
    };
    let used: Vec<BTreeSet<(bool, usize)>> = wholes.iter().map(uses).collect();
    for (index, whole) in wholes.iter().enumerate() {
        let alone = (0..wholes.len()).all(|other| other == index || used[index].is_disjoint(&used[other]));
        let (l, r) = match whole.of_left {
            true => (vec![whole.whole], whole.ways[0].clone()),
            false => (whole.ways[0].clone(), vec![whole.whole]),
        };
        if whole.ways.len() == 1 && !whole.chance && alone {
            matching.left_only.retain(|at| !l.contains(at));
            matching.right_only.retain(|at| !r.contains(at));
            let score = Score { keys: Score::keys(&left[l[0]], &right[r[0]]), amount: 100, days: 0, gap: None };
            let difference = difference(left, right, &l, &r)?;
            matching.matches.push(Match { left: l, right: r, rule: Rule::Sum, difference, score });
            continue;
        }
        let why = match (whole.ways.len(), whole.chance) {
            (1, true) => "these make the sum, but among so many amounts that it may be a coincidence".to_owned(),
            (1, false) => "these make the sum, and other sums need some of them too".to_owned(),
            (ways, _) => format!("the sum comes about in {ways} ways; the first is shown"),
        };
        matching.open.push(Candidates { left: l, right: r, why });
    }
    Ok(())
}

fn may_be_part(whole: &Item<'_>, part: &Item<'_>, whole_is_left: bool, tolerances: &Tolerances) -> bool {
    if whole.contradicts(part) || (!whole.order.is_empty() && whole.order == part.order) {
        return false;
    }
    match (whole.on, part.on) {
        (Some(whole), Some(part)) => {
            let later = if whole_is_left { between(whole, part) } else { between(part, whole) };
            (-tolerances.days_before..=tolerances.days_after).contains(&later)
        }
        _ => false,
    }
}

/// Ways that differ only in things that are alike but for the caller's id are one way; the canonical one stands for them.
fn distinct(items: &[Item<'_>], ways: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let alike = |a: usize, b: usize| Item { id: "", ..items[a] } == Item { id: "", ..items[b] };
    for way in ways {
        let same = |other: &Vec<usize>| other.len() == way.len() && other.iter().zip(&way).all(|(&a, &b)| alike(a, b));
        if !found.iter().any(same) {
            found.push(way);
        }
    }
    found
}
