//! Token buckets, one for each operation: the seller and the application are always the same here.
//!
//! Kept as the moment at which the bucket would be full again (GCRA), in whole nanoseconds.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::operation::{OPERATIONS, Operation};

pub(super) struct Buckets(Mutex<[i128; OPERATIONS.len()]>);

impl Buckets {
    /// All buckets full.
    pub(super) fn full() -> Buckets {
        Buckets(Mutex::new([i128::MIN; OPERATIONS.len()]))
    }

    /// Takes one call out of the bucket; `false` if it is empty.
    pub(super) fn take(&self, operation: &Operation, now: Timestamp) -> bool {
        let now = now.as_nanosecond();
        let interval = operation.nanos_per_call();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = &mut buckets[operation.index()];
        let next = (*full_at).max(now) + interval;
        let allowed = next - now <= interval * i128::from(operation.burst);
        if allowed {
            *full_at = next;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn a_full_bucket_gives_its_burst_and_then_one_call_per_interval() {
        let buckets = Buckets::full();
        let search = &OPERATIONS[0];
        let start: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let taken = |at: Timestamp| {
            std::iter::repeat_with(|| buckets.take(search, at)).take_while(|taken| *taken).take(99).count()
        };
        assert_eq!(taken(start), 20);
        assert_eq!(taken(start + 178.seconds()), 0);
        assert_eq!(taken(start + 179.seconds()), 1);
        assert_eq!(taken(start + 24.hours()), 20);
    }
}
