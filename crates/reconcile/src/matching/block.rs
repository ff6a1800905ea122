//! Stage 3: a small block in which several things fit. The best whole is taken where it is clearly the best; things that are all alike
//! are linked as a whole; the rest stays open with its candidates.

use std::collections::{BTreeMap, BTreeSet};

use money::MoneyError;

use super::assignment::best;
use super::item::Item;
use super::link::{Candidates, Match, Matching, Rule};
use super::score::{GAP_MIN, Score};
use super::{Tolerances, difference};

/// A connected part of the graph of what fits what.
pub(super) struct Block {
    /// Positions in the left side, in canonical order.
    pub(super) left: Vec<usize>,
    /// Positions in the right side, in canonical order.
    pub(super) right: Vec<usize>,
    /// What fits, by positions.
    pub(super) edges: BTreeMap<(usize, usize), Score>,
}

impl Block {
    /// Links what can be linked and names what stays open.
    pub(super) fn solve(
        self,
        left: &[Item<'_>],
        right: &[Item<'_>],
        tolerances: &Tolerances,
        matching: &mut Matching,
    ) -> Result<(), MoneyError> {
        if self.left.len() + self.right.len() > tolerances.block_max {
            let why = format!(
                "{} on one side and {} on the other fit each other, which is too many to choose from",
                self.left.len(),
                self.right.len()
            );
            self.leave_open(why, matching);
            return Ok(());
        }
        let score: Vec<Vec<Option<i64>>> = self
            .left
            .iter()
            .map(|&l| self.right.iter().map(|&r| self.edges.get(&(l, r)).map(|score| score.total().into())).collect())
            .collect();
        let mut l_free: BTreeSet<usize> = self.left.iter().copied().collect();
        let mut r_free: BTreeSet<usize> = self.right.iter().copied().collect();
        for pair in best(&score, self.right.len()) {
            let (l, r) = (self.left[pair.row], self.right[pair.column]);
            if pair.gap < i64::from(GAP_MIN) {
                continue;
            }
            l_free.remove(&l);
            r_free.remove(&r);
            let gap = Some(i32::try_from(pair.gap).unwrap_or(i32::MAX));
            let score = Score { gap, ..self.edges[&(l, r)] };
            let difference = difference(left, right, &[l], &[r])?;
            matching.matches.push(Match { left: vec![l], right: vec![r], rule: Rule::Assignment, difference, score });
        }
        self.link_alike(left, right, &mut l_free, &mut r_free, matching)?;
        let open = Block {
            left: self.left.iter().copied().filter(|l| l_free.contains(l)).collect(),
            right: self.right.iter().copied().filter(|r| r_free.contains(r)).collect(),
            edges: self.edges,
        };
        let competing = open.edges.keys().any(|(l, r)| l_free.contains(l) && r_free.contains(r));
        if competing {
            open.leave_open("they fit each other about equally well".to_owned(), matching);
        } else {
            matching.left_only.extend(open.left);
            matching.right_only.extend(open.right);
        }
        Ok(())
    }

    /// Links classes of things that are alike in everything but the caller's id, if as many stand on both sides and nothing else fits.
    fn link_alike(
        &self,
        left: &[Item<'_>],
        right: &[Item<'_>],
        l_free: &mut BTreeSet<usize>,
        r_free: &mut BTreeSet<usize>,
        matching: &mut Matching,
    ) -> Result<(), MoneyError> {
        let l_class = classes(left, &self.left, l_free);
        let r_class = classes(right, &self.right, r_free);
        for l in &l_class {
            let fits =
                |l: &[usize], r: &[usize]| l.iter().any(|&a| r.iter().any(|&b| self.edges.contains_key(&(a, b))));
            let partners: Vec<&Vec<usize>> = r_class.iter().filter(|r| fits(l, r)).collect();
            let [r] = partners[..] else { continue };
            let alone = l_class.iter().filter(|other| fits(other, r)).count() == 1;
            if !alone || l.len() != r.len() || l.len() < 2 {
                continue;
            }
            let score = self.edges[&(l[0], r[0])];
            let difference = difference(left, right, l, r)?;
            if difference.is_zero() {
                l.iter().for_each(|at| _ = l_free.remove(at));
                r.iter().for_each(|at| _ = r_free.remove(at));
                matching.matches.push(Match {
                    left: l.clone(),
                    right: r.clone(),
                    rule: Rule::Alike,
                    difference,
                    score,
                });
            }
        }
        Ok(())
    }

    /// Links nothing and says why.
    pub(super) fn leave_open(self, why: String, matching: &mut Matching) {
        matching.left_only.extend(&self.left);
        matching.right_only.extend(&self.right);
        matching.open.push(Candidates { left: self.left, right: self.right, why });
    }
}

/// Free things that differ in nothing but the caller's id, together.
fn classes(items: &[Item<'_>], members: &[usize], free: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for &at in members.iter().filter(|at| free.contains(at)) {
        let alike = |other: usize| Item { id: "", ..items[other] } == Item { id: "", ..items[at] };
        match found.iter_mut().find(|class| alike(class[0])) {
            Some(class) => class.push(at),
            None => found.push(vec![at]),
        }
    }
    found
}
