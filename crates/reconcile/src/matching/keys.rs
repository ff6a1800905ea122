//! Stage 1: links by keys, with the fallbacks of the accounting rules (§12). A merge join over both sides sorted by order and kind.
//!
//! Keys decide and amounts are only compared: an order whose rows have another sum is still that order, with a difference.

use money::MoneyError;

use super::item::{Item, is_unique, rank};
use super::link::{Match, Matching, Rule};
use super::score::Score;
use super::{Tolerances, difference};

/// One side in the order of the join.
struct Side<'a, 'b> {
    items: &'b [Item<'a>],
    sorted: Vec<(u64, u32)>,
}

impl<'a, 'b> Side<'a, 'b> {
    fn new(items: &'b [Item<'a>]) -> Result<Side<'a, 'b>, MoneyError> {
        u32::try_from(items.len()).map_err(|_| MoneyError::TooLarge)?;
        let mut sorted: Vec<(u64, u32)> =
            items.iter().zip(0..).map(|(item, index)| (rank(item.order, item.kind), index)).collect();
        // Ranks alone are quick to sort; only the few runs that share one are compared in full.
        if !sorted.is_sorted() {
            sorted.sort_unstable();
        }
        for run in sorted.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            run.sort_by(|a, b| items[a.1 as usize].canonical(&items[b.1 as usize]));
        }
        Ok(Side { items, sorted })
    }

    fn order(&self, at: usize) -> &'a str {
        self.items[self.sorted[at].1 as usize].order
    }

    /// The end of the bucket (one order, one kind) that begins at `at`. Items are only looked at where ranks alone do not tell.
    fn bucket_end(&self, at: usize) -> usize {
        let rank = self.sorted[at].0;
        let mut end = at + 1;
        while end < self.sorted.len()
            && self.sorted[end].0 == rank
            && (is_unique(rank) || self.order(end) == self.order(at))
        {
            end += 1;
        }
        end
    }

    fn members(&self, from: usize, to: usize) -> Vec<usize> {
        self.sorted[from..to].iter().map(|&(_, index)| index as usize).collect()
    }
}

/// Links everything that has an order on both sides; what is left over is named.
pub(super) fn by_keys(left: &[Item<'_>], right: &[Item<'_>], tolerances: &Tolerances) -> Result<Matching, MoneyError> {
    let (l, r) = (Side::new(left)?, Side::new(right)?);
    let mut bucket = Bucket { left, right, tolerances, found: Matching::default() };
    bucket.found.matches.reserve(left.len().min(right.len()));
    let (mut i, mut j) = (0, 0);
    while i < l.sorted.len() && j < r.sorted.len() {
        let key = |side: &Side<'_, '_>, at: usize| (side.sorted[at].0, !is_unique(side.sorted[at].0));
        let order = match (key(&l, i), key(&r, j)) {
            ((a, true), (b, true)) if a == b => l.order(i).cmp(r.order(j)),
            (a, b) => a.cmp(&b),
        };
        match order {
            std::cmp::Ordering::Less => {
                bucket.found.left_only.push(l.sorted[i].1 as usize);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                bucket.found.right_only.push(r.sorted[j].1 as usize);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                let (i_end, j_end) = (l.bucket_end(i), r.bucket_end(j));
                if !is_unique(l.sorted[i].0) && l.order(i).is_empty() {
                    bucket.found.left_only.extend(l.members(i, i_end));
                    bucket.found.right_only.extend(r.members(j, j_end));
                } else if (i_end - i, j_end - j) == (1, 1) {
                    bucket.pair(l.sorted[i].1 as usize, r.sorted[j].1 as usize)?;
                } else {
                    bucket.resolve(l.members(i, i_end), r.members(j, j_end))?;
                }
                (i, j) = (i_end, j_end);
            }
        }
    }
    bucket.found.left_only.extend(l.members(i, l.sorted.len()));
    bucket.found.right_only.extend(r.members(j, r.sorted.len()));
    Ok(bucket.found)
}

/// All of one order and kind on both sides.
struct Bucket<'a, 'b> {
    left: &'b [Item<'a>],
    right: &'b [Item<'a>],
    tolerances: &'b Tolerances,
    found: Matching,
}

impl Bucket<'_, '_> {
    fn link(&mut self, rule: Rule, l: Vec<usize>, r: Vec<usize>) -> Result<(), MoneyError> {
        let difference = difference(self.left, self.right, &l, &r)?;
        let amount = match difference.minor().unsigned_abs() {
            0 => 100,
            away if away <= self.tolerances.minor.unsigned_abs() => 60,
            _ => 0,
        };
        let keys = Score::keys(&self.left[l[0]], &self.right[r[0]]);
        let score = Score { keys, amount, days: 0, gap: None };
        self.found.matches.push(Match { left: l, right: r, rule, difference, score });
        Ok(())
    }

    /// One on each side: they are the same order, whatever else is known.
    fn pair(&mut self, l: usize, r: usize) -> Result<(), MoneyError> {
        let (a, b) = (&self.left[l], &self.right[r]);
        if a.amount.currency() != b.amount.currency() {
            self.found.left_only.push(l);
            self.found.right_only.push(r);
            return Ok(());
        }
        let rule = if !a.line.is_empty() && a.line == b.line {
            Rule::Line
        } else if !a.sku.is_empty() && a.sku == b.sku && a.quantity.is_some() && a.quantity == b.quantity {
            Rule::SkuQuantity
        } else if !a.event.is_empty() && a.event == b.event {
            Rule::Event
        } else {
            Rule::Order
        };
        self.link(rule, vec![l], vec![r])
    }

    /// Several on one side or both: by line, then SKU and quantity, then event, and the rest as a whole.
    fn resolve(&mut self, l: Vec<usize>, r: Vec<usize>) -> Result<(), MoneyError> {
        let (left, right) = (self.left, self.right);
        let currency = left[l[0]].amount.currency();
        let mixed = |items: &[Item<'_>], of: &[usize]| of.iter().any(|&at| items[at].amount.currency() != currency);
        if mixed(left, &l) || mixed(right, &r) {
            self.found.left_only.extend(l);
            self.found.right_only.extend(r);
            return Ok(());
        }
        let (l, r) = self.by_line(l, r)?;
        let sku = |item: &Item<'_>| (item.sku.to_owned(), item.quantity);
        let (l, r) = self.by_unique(l, r, Rule::SkuQuantity, |item| {
            (!item.sku.is_empty() && item.quantity.is_some()).then(|| sku(item))
        })?;
        let (l, r) = self.by_event(l, r)?;
        match (l.is_empty(), r.is_empty()) {
            (false, false) => self.link(Rule::Order, l, r),
            _ => {
                self.found.left_only.extend(l);
                self.found.right_only.extend(r);
                Ok(())
            }
        }
    }

    /// Lines that both sides know. Of several events of a line, those with one name on both sides or one quantity and amount are linked
    /// one to one, and the rest of the line as a whole.
    fn by_line(&mut self, l: Vec<usize>, r: Vec<usize>) -> Result<(Vec<usize>, Vec<usize>), MoneyError> {
        let (left, right) = (self.left, self.right);
        let (mut l_rest, mut r_rest) = (Vec::new(), r);
        for line in l.chunk_by(|&a, &b| left[a].line == left[b].line) {
            let name = left[line[0]].line;
            let (mine, others): (Vec<usize>, Vec<usize>) =
                r_rest.iter().partition(|&&at| !name.is_empty() && right[at].line == name);
            if mine.is_empty() {
                l_rest.extend_from_slice(line);
                continue;
            }
            r_rest = others;
            let event = |item: &Item<'_>| (!item.event.is_empty()).then(|| (item.event.to_owned(), None));
            let (l, r) = self.by_unique(line.to_vec(), mine, Rule::Line, event)?;
            let (l, r) = match (l.len(), r.len()) {
                (0 | 1, _) | (_, 0 | 1) => (l, r),
                _ => self.by_unique(l, r, Rule::Line, |item| Some((item.amount.minor().to_string(), item.quantity)))?,
            };
            match (l.len(), r.len()) {
                (1, 1) => self.link(Rule::Line, l, r)?,
                (0, _) | (_, 0) => {
                    l_rest.extend(l);
                    r_rest.extend(r);
                }
                _ => self.link(Rule::LineTotal, l, r)?,
            }
        }
        Ok((l_rest, r_rest))
    }

    /// Events that both sides know, where one side has it whole: a transaction has the whole shipment, rows have its lines.
    fn by_event(&mut self, l: Vec<usize>, r: Vec<usize>) -> Result<(Vec<usize>, Vec<usize>), MoneyError> {
        let (left, right) = (self.left, self.right);
        let mut events: Vec<&str> = l.iter().map(|&at| left[at].event).filter(|event| !event.is_empty()).collect();
        events.sort_unstable();
        events.dedup();
        let (mut l_rest, mut r_rest) = (l, r);
        for event in events {
            let of = |items: &[Item<'_>], rest: &[usize]| -> (Vec<usize>, Vec<usize>) {
                rest.iter().partition(|&&at| items[at].event == event)
            };
            let ((l_event, l_other), (r_event, r_other)) = (of(left, &l_rest), of(right, &r_rest));
            if matches!((l_event.len(), r_event.len()), (1, 1..) | (1.., 1)) {
                self.link(Rule::Event, l_event, r_event)?;
                (l_rest, r_rest) = (l_other, r_other);
            }
        }
        Ok((l_rest, r_rest))
    }

    /// Links what has a key that occurs once on each side.
    fn by_unique(
        &mut self,
        l: Vec<usize>,
        r: Vec<usize>,
        rule: Rule,
        key: impl Fn(&Item<'_>) -> Option<(String, Option<i64>)>,
    ) -> Result<(Vec<usize>, Vec<usize>), MoneyError> {
        if l.is_empty() || r.is_empty() {
            return Ok((l, r));
        }
        let l_keys: Vec<_> = l.iter().map(|&at| key(&self.left[at])).collect();
        let r_keys: Vec<_> = r.iter().map(|&at| key(&self.right[at])).collect();
        let mut r_taken = vec![false; r.len()];
        let mut l_rest = Vec::new();
        for (&at, mine) in l.iter().zip(&l_keys) {
            let once = |keys: &[Option<_>]| keys.iter().filter(|other| *other == mine).count() == 1;
            let partner = match mine {
                Some(_) if once(&l_keys) && once(&r_keys) => r_keys.iter().position(|other| other == mine),
                _ => None,
            };
            match partner {
                Some(position) => {
                    r_taken[position] = true;
                    self.link(rule, vec![at], vec![r[position]])?;
                }
                None => l_rest.push(at),
            }
        }
        let r_rest = r.iter().zip(r_taken).filter(|(_, taken)| !taken).map(|(&at, _)| at).collect();
        Ok((l_rest, r_rest))
    }
}
