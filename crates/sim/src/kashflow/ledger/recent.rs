//! What was made lately: what a stale list does not know yet.

use std::collections::{BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

/// Records older than this are never hidden from a list, however stale it is.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// Internal ids of all records of the last hour, oldest first.
#[derive(Default)]
pub struct Recent(VecDeque<(Timestamp, i64)>);

impl Recent {
    /// Remembers that the record with this internal id was made now.
    pub(super) fn remember(&mut self, now: Timestamp, id: i64) {
        self.0.push_back((now, id));
        while self.0.front().is_some_and(|(oldest, _)| now.duration_since(*oldest) > REMEMBERED) {
            self.0.pop_front();
        }
    }

    /// Internal ids of records made after `moment`.
    pub fn made_after(&self, moment: Timestamp) -> BTreeSet<i64> {
        self.0.iter().rev().take_while(|(made, _)| *made > moment).map(|(_, id)| *id).collect()
    }
}
