//! Settlements of all files that were given, and what they have in common.
//!
//! The same settlement may be given twice, as one file or as two; it counts once. Two settlements whose periods overlap may both be
//! right (Amazon keeps one chain for each kind of account), so only rows that stand in both make them suspect: the same item of an
//! order with the same amount at the same second.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use amazon::settlements::{Checked, Refusal, SettlementFile, Weight};
use bookkeeping::settlement::vocabulary::Vocabulary;
use model::SettlementRow;
use money::Currency;

use crate::given::{FileReport, Given, Trouble};

/// A settlement in a file that was given.
pub(crate) struct Opened<'a> {
    /// Place of its file among those given.
    pub(crate) file: usize,
    /// Place of its report.
    pub(crate) report: usize,
    pub(crate) checked: Checked,
    /// Whether another file has it already.
    pub(crate) again: bool,
    pub(crate) name: &'a str,
}

/// Everything that was given.
pub(crate) struct All<'a> {
    pub(crate) files: Vec<Option<SettlementFile<'a>>>,
    pub(crate) settlements: Vec<Opened<'a>>,
    pub(crate) reports: Vec<FileReport>,
}

/// Amounts that a person accepted, by file and line.
pub type Accepted = BTreeMap<String, BTreeMap<u64, String>>;

impl<'a> All<'a> {
    /// Opens and checks each file.
    pub(crate) fn open(
        given: &[Given<'a>],
        accepted: &Accepted,
        vocabulary: &Vocabulary,
        threads: usize,
        progress: &mut dyn FnMut(&str),
    ) -> All<'a> {
        let mut all = All { files: Vec::new(), settlements: Vec::new(), reports: Vec::new() };
        let nothing = BTreeMap::new();
        for (index, file) in given.iter().enumerate() {
            progress(&format!("reading {}", file.name));
            let opened = file.open(accepted.get(file.name).unwrap_or(&nothing));
            match opened.and_then(|open| open.check(threads).map(|settlements| (open, settlements))) {
                Ok((open, settlements)) => {
                    all.files.push(Some(open));
                    for checked in settlements {
                        let report = all.reports.len();
                        all.reports.push(FileReport::of(file.name, &checked, vocabulary));
                        all.settlements.push(Opened { file: index, report, checked, again: false, name: file.name });
                    }
                }
                Err(refusal) => {
                    all.files.push(None);
                    all.reports.push(FileReport::refused(file.name, &refusal));
                }
            }
        }
        all.given_twice();
        all.overlapping();
        all
    }

    /// Marks settlements that were given before.
    fn given_twice(&mut self) {
        for later in 0..self.settlements.len() {
            let (before, rest) = self.settlements.split_at_mut(later);
            let this = &mut rest[0];
            let key = (this.checked.id.clone(), this.checked.currency);
            let Some(first) = before.iter().find(|one| !one.again && !key.0.is_empty() && one.key() == key) else {
                continue;
            };
            this.again = true;
            let same = first.checked.sum == this.checked.sum && first.checked.rows == this.checked.rows;
            let what = format!("Settlement {} was already given in {}", key.0, first.name);
            let (first, this) = (first.report, this.report);
            if same {
                self.reports[this].problems.push(Trouble {
                    weight: Weight::Note,
                    ..Trouble::of_file("duplicate", what, "It counts once", "Nothing needs to be done")
                });
                continue;
            }
            for (report, what) in [
                (this, format!("{what} with other rows")),
                (first, format!("Settlement {} is given twice, with different rows", key.0)),
            ] {
                let trouble = Trouble::of_file(
                    "contradiction",
                    what,
                    "It cannot be told which of the two is right, so nothing of either is posted",
                    "Download the settlement again and give that file alone",
                );
                self.reports[report].problems.push(trouble);
                self.reports[report].balanced = false;
            }
        }
    }

    /// Looks for rows that stand in two settlements whose periods overlap.
    fn overlapping(&mut self) {
        for later in 0..self.settlements.len() {
            for earlier in 0..later {
                if self.settlements[later].overlaps(&self.settlements[earlier]) {
                    self.compare(earlier, later);
                }
            }
        }
    }

    fn compare(&mut self, earlier: usize, later: usize) {
        let hasher = RandomState::new();
        let mut seen = HashSet::new();
        let mut common: Vec<u64> = Vec::new();
        let mut count = 0_u64;
        let first = self.rows(earlier, |row| {
            if row.order.is_empty() {
                return;
            }
            seen.insert(hasher.hash_one(identity(row)));
        });
        let second = self.rows(later, |row| {
            if !row.order.is_empty() && seen.contains(&hasher.hash_one(identity(row))) {
                count += 1;
                if common.len() < 5 {
                    common.push(row.line);
                }
            }
        });
        let (one, other) = (&self.settlements[earlier], &self.settlements[later]);
        let both = format!(
            "The periods of settlements {} ({}) and {} ({}) overlap",
            one.checked.id, one.name, other.checked.id, other.name
        );
        let reports = [one.report, other.report];
        let trouble = if first.is_err() || second.is_err() || count > 0 {
            let lines: Vec<String> = common.iter().map(u64::to_string).collect();
            Trouble::of_file(
                "overlap",
                format!("{both}, and {count} rows stand in both (in {}: lines {})", other.name, lines.join(", ")),
                "Posting both would count these rows twice, so nothing of either is posted",
                "Give only the settlement that Seller Central lists for this period",
            )
        } else {
            Trouble {
                weight: Weight::Note,
                ..Trouble::of_file(
                    "overlap",
                    format!("{both}, and no row stands in both"),
                    "Both are posted: Amazon keeps one chain of settlements for each kind of account",
                    "Nothing needs to be done",
                )
            }
        };
        for report in reports {
            if trouble.weight == Weight::Stops {
                self.reports[report].balanced = false;
            }
            self.reports[report].problems.push(trouble.clone());
        }
    }

    /// Gives the rows of a settlement.
    pub(crate) fn rows(&self, settlement: usize, each: impl FnMut(&SettlementRow<'_>)) -> Result<(), Refusal> {
        let Opened { file, checked, .. } = &self.settlements[settlement];
        match &self.files[*file] {
            Some(open) => open.rows(checked, each),
            None => Ok(()),
        }
    }
}

impl Opened<'_> {
    fn key(&self) -> (String, Currency) {
        (self.checked.id.clone(), self.checked.currency)
    }

    fn overlaps(&self, other: &Opened<'_>) -> bool {
        let period = |one: &Opened<'_>| one.checked.settlement.as_ref().and_then(|head| Some((head.from?, head.to?)));
        let (Some((from, to)), Some((other_from, other_to))) = (period(self), period(other)) else { return false };
        let one_currency = self.checked.currency == other.checked.currency;
        !self.again && !other.again && one_currency && from < other_to && other_from < to
    }
}

/// What makes two rows of different settlements the same event.
fn identity<'r>(row: &'r SettlementRow<'_>) -> impl std::hash::Hash + 'r {
    let when = row.posted_at.map(|at| at.as_nanosecond());
    let what = (row.kind, row.class, row.name, row.amount.minor());
    (what, row.order, row.order_line, row.adjustment, row.shipment, row.sku, row.promotion, (when, row.posted_on))
}
