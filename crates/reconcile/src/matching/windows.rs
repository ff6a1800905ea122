//! Stage 2: links by amount and days, for things that lack a key on one side; and the blocks in which several fit, for stage 3.

use std::collections::BTreeMap;

use jiff::ToSpan;
use money::MoneyError;

use super::block::Block;
use super::item::Item;
use super::link::{Match, Matching, Rule};
use super::score::Score;
use super::{Tolerances, difference};

/// Things that fit more than this many are left open: that is not evidence any more.
const FITS_MAX: usize = 64;

/// Links what has exactly one partner on both sides, and solves the blocks in which several fit.
pub(super) fn by_windows(
    left: &[Item<'_>],
    right: &[Item<'_>],
    tolerances: &Tolerances,
    matching: &mut Matching,
) -> Result<(), MoneyError> {
    // Two things with different orders never belong together, so one of a pair must lack its order.
    let (l_plain, l_keyed): (Vec<usize>, Vec<usize>) =
        matching.left_only.iter().partition(|&&at| left[at].order.is_empty());
    let (r_plain, r_keyed): (Vec<usize>, Vec<usize>) =
        matching.right_only.iter().partition(|&&at| right[at].order.is_empty());
    if l_plain.is_empty() && r_plain.is_empty() || matching.left_only.is_empty() || matching.right_only.is_empty() {
        return Ok(());
    }
    let plain = Index::new(right, r_plain.clone());
    let keyed = Index::new(right, r_keyed.clone());
    let mut graph = Graph::default();
    for &l in l_keyed.iter().chain(&l_plain) {
        let mut fits = plain.fits(&left[l], tolerances);
        if left[l].order.is_empty() {
            fits.extend(keyed.fits(&left[l], tolerances));
        }
        graph.add(l, fits);
    }
    matching.left_only.clear();
    matching.right_only.clear();
    let (l_all, r_all) = ([l_keyed, l_plain].concat(), [r_keyed, r_plain].concat());
    for block in graph.blocks(left, right, l_all, r_all, matching) {
        match (&block.left[..], &block.right[..]) {
            (&[l], &[r]) => {
                let score = block.edges[&(l, r)];
                let difference = difference(left, right, &[l], &[r])?;
                matching.matches.push(Match { left: vec![l], right: vec![r], rule: Rule::Window, difference, score });
            }
            (_, []) => matching.left_only.extend(block.left),
            ([], _) => matching.right_only.extend(block.right),
            _ => block.solve(left, right, tolerances, matching)?,
        }
    }
    matching.left_only.sort_by(|&a, &b| left[a].canonical(&left[b]));
    matching.right_only.sort_by(|&a, &b| right[a].canonical(&right[b]));
    Ok(())
}

/// One side, sorted so that an amount and a range of days are found together.
struct Index<'a, 'b> {
    items: &'b [Item<'a>],
    sorted: Vec<usize>,
}

impl<'a, 'b> Index<'a, 'b> {
    fn new(items: &'b [Item<'a>], mut members: Vec<usize>) -> Index<'a, 'b> {
        members.sort_by_key(|&at| (items[at].amount.minor(), items[at].on, at));
        Index { items, sorted: members }
    }

    /// Everything that fits, with its score.
    fn fits(&self, item: &Item<'_>, tolerances: &Tolerances) -> Vec<(usize, Score)> {
        let minor = item.amount.minor();
        let (low, high) = (minor.saturating_sub(tolerances.minor), minor.saturating_add(tolerances.minor));
        let from = self.sorted.partition_point(|&at| self.items[at].amount.minor() < low);
        let mut rest = &self.sorted[from..];
        let mut found = Vec::new();
        while let Some(&first) = rest.first() {
            let amount = self.items[first].amount.minor();
            if amount > high {
                break;
            }
            let (same, others) = rest.split_at(rest.partition_point(|&at| self.items[at].amount.minor() == amount));
            rest = others;
            found.extend(self.of_amount(same, item, tolerances));
        }
        found
    }

    /// Of things with one amount, sorted by day, those that fit. Things without a day stand first.
    fn of_amount<'c>(
        &'c self,
        same: &'c [usize],
        item: &'c Item<'_>,
        tolerances: &'c Tolerances,
    ) -> impl Iterator<Item = (usize, Score)> + 'c {
        let dayless = same.partition_point(|&at| self.items[at].on.is_none());
        let window = item.on.and_then(|day| {
            let first = day.checked_sub(tolerances.days_before.days()).ok()?;
            let last = day.checked_add(tolerances.days_after.days()).ok()?;
            let from = same.partition_point(|&at| self.items[at].on < Some(first));
            let to = same.partition_point(|&at| self.items[at].on <= Some(last));
            Some(from.max(dayless)..to.max(dayless))
        });
        let dated = window.unwrap_or(dayless..same.len());
        same[..dayless]
            .iter()
            .chain(&same[dated])
            .filter_map(move |&at| Some((at, Score::of_pair(item, &self.items[at], tolerances)?)))
    }
}

/// What fits what.
#[derive(Default)]
struct Graph {
    edges: BTreeMap<(usize, usize), Score>,
    /// Things that too many others fit, and those others: nothing that hangs together with them is linked by amount.
    crowds: Vec<(usize, Vec<usize>)>,
}

impl Graph {
    fn add(&mut self, l: usize, fits: Vec<(usize, Score)>) {
        if fits.len() > FITS_MAX {
            self.crowds.push((l, fits.into_iter().map(|(r, _)| r).collect()));
        } else {
            self.edges.extend(fits.into_iter().map(|(r, score)| ((l, r), score)));
        }
    }

    /// The connected parts, each in canonical order.
    fn blocks(
        self,
        left: &[Item<'_>],
        right: &[Item<'_>],
        l_all: Vec<usize>,
        r_all: Vec<usize>,
        matching: &mut Matching,
    ) -> Vec<Block> {
        // Lefts are 0..n, rights n..n+m of the union-find.
        let l_at: BTreeMap<usize, usize> = l_all.iter().copied().zip(0..).collect();
        let r_at: BTreeMap<usize, usize> = r_all.iter().copied().zip(l_all.len()..).collect();
        let mut parent: Vec<usize> = (0..l_all.len() + r_all.len()).collect();
        fn root(parent: &mut [usize], mut at: usize) -> usize {
            while parent[at] != at {
                parent[at] = parent[parent[at]];
                at = parent[at];
            }
            at
        }
        for (l, r) in self.edges.keys() {
            let (a, b) = (root(&mut parent, l_at[l]), root(&mut parent, r_at[r]));
            parent[a] = b;
        }
        let mut crowded = Vec::new();
        for (l, rights) in &self.crowds {
            for r in rights {
                let (a, b) = (root(&mut parent, l_at[l]), root(&mut parent, r_at[r]));
                parent[a] = b;
            }
            crowded.push(l_at[l]);
        }
        let mut blocks: BTreeMap<usize, Block> = BTreeMap::new();
        let empty = || Block { left: Vec::new(), right: Vec::new(), edges: BTreeMap::new() };
        for &l in &l_all {
            blocks.entry(root(&mut parent, l_at[&l])).or_insert_with(empty).left.push(l);
        }
        for &r in &r_all {
            blocks.entry(root(&mut parent, r_at[&r])).or_insert_with(empty).right.push(r);
        }
        for ((l, r), score) in self.edges {
            if let Some(block) = blocks.get_mut(&root(&mut parent, l_at[&l])) {
                block.edges.insert((l, r), score);
            }
        }
        for block in blocks.values_mut() {
            block.left.sort_by(|&a, &b| left[a].canonical(&left[b]));
            block.right.sort_by(|&a, &b| right[a].canonical(&right[b]));
        }
        for at in crowded {
            if let Some(block) = blocks.remove(&root(&mut parent, at)) {
                let why = format!("more than {FITS_MAX} things fit one of them, which says nothing");
                block.leave_open(why, matching);
            }
        }
        blocks.into_values().collect()
    }
}
