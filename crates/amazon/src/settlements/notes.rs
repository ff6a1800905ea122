//! What was noticed while rows were read: flaws with their place, heads, rows of other currencies and settlements.

use std::collections::BTreeMap;

use money::Currency;

use super::number::NotAnAmount;

/// Flaws of one kind that are kept; all are counted.
pub(super) const FLAWS_MAX: usize = 100;

/// A place in the file: the number of its piece and the line within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) block: u32,
    pub(crate) line: u64,
}

/// Something that could not be read, or not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) at: At,
    pub(crate) kind: FlawKind,
    pub(crate) column: &'static str,
    pub(crate) value: String,
}

/// What sort of flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FlawKind {
    Amount(NotAnAmount),
    Accepted,
    Date,
    Quantity,
    Currency,
    Settlement,
    Fragment,
    TooManyFields,
    Marketplace,
}

/// The line on which a settlement introduces itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) at: At,
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) deposit: String,
    pub(crate) total: String,
    pub(crate) currency: String,
}

/// What was noticed.
#[derive(Default, Debug)]
pub(crate) struct Notes {
    pub(crate) flaws: Vec<Flaw>,
    pub(crate) counts: BTreeMap<FlawKind, u64>,
    pub(crate) heads: Vec<Head>,
    /// First row in another currency.
    pub(crate) mixed: Option<(At, Currency)>,
    /// Rows that repeat the payout.
    pub(crate) transfers: Vec<At>,
    /// Rows of ids that have no summary in this settlement.
    pub(crate) foreign: BTreeMap<String, u64>,
    /// Lines that carry a quantity and no amount.
    pub(crate) without_amount: u64,
    /// Amounts that could not be read and were not accepted.
    pub(crate) unreadable: u64,
}

impl Notes {
    pub(super) fn flaw(&mut self, at: At, kind: FlawKind, column: &'static str, value: &str) {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        if *count <= FLAWS_MAX as u64 {
            self.flaws.push(Flaw { at, kind, column, value: crate::answer::cut(value, 60) });
        }
    }

    pub(crate) fn absorb(&mut self, other: Notes) {
        self.flaws.extend(other.flaws);
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_insert(0) += count;
        }
        self.heads.extend(other.heads);
        self.mixed = match (self.mixed, other.mixed) {
            (Some(own), Some(others)) => Some(if own.0 <= others.0 { own } else { others }),
            (own, others) => own.or(others),
        };
        self.transfers.extend(other.transfers);
        for (id, count) in other.foreign {
            *self.foreign.entry(id).or_insert(0) += count;
        }
        self.without_amount += other.without_amount;
        self.unreadable += other.unreadable;
    }
}
