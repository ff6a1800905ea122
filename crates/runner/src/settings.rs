//! How patient the runner is. Production values are the defaults; campaigns on virtual time use them unchanged.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Correctness and patience values (facts: reliability §3, §5, §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Seconds to wait after a write of unknown outcome before looking. Must be at least twice the client's time-out and longer
    /// than the books may still work on a request; a smaller value makes duplicates possible.
    pub settle_s: u64,
    /// First pause of the retry schedule, in milliseconds; doubles each time, with full jitter.
    pub retry_first_ms: u64,
    /// Longest pause of the retry schedule, in seconds.
    pub retry_cap_s: u64,
    /// Seconds after which a failing piece of work is given to a person.
    pub give_up_after_s: u64,
    /// Orders worked on at the same time.
    pub orders_in_flight: usize,
    /// Orders of the marketplace read at the same time.
    pub reads_in_flight: usize,
    /// Seconds after which the books' accounts, rates and products are read again.
    pub reference_max_age_s: u64,
    /// Seconds after its confirmation at which a document is looked at again: found once, still as we wrote it.
    pub sweep_after_s: Vec<u64>,
    /// Days either side of a document's date in which its reference is searched.
    pub reference_window_days: u32,
    /// Seconds a long poll for hints waits.
    pub hint_wait_s: u32,
    /// Seconds after which settlement files are looked for again, unless a message says that one is ready.
    pub settlement_every_s: u64,
    /// Seconds for which a settlement waits for its orders and for the one before it; then it is decided by what is known.
    pub settlement_wait_s: u64,
    /// Seconds between two readings of the account's transactions. Each reads weeks back: money that was held back changes old ones.
    pub finances_every_s: u64,
    /// Seconds after which a settlement that waits is looked at again.
    pub settlement_again_s: u64,
    /// Foreign documents on our next number per day above which a person is told.
    pub number_skips_alert: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            settle_s: 120,
            retry_first_ms: 1_000,
            retry_cap_s: 900,
            give_up_after_s: 72 * 3_600,
            orders_in_flight: 16,
            reads_in_flight: 4,
            reference_max_age_s: 900,
            sweep_after_s: vec![300, 3_600, 86_400],
            reference_window_days: 7,
            hint_wait_s: 20,
            settlement_every_s: 3_600,
            settlement_wait_s: 21_600,
            settlement_again_s: 120,
            finances_every_s: 24 * 3_600,
            number_skips_alert: 5,
        }
    }
}

impl Settings {
    /// The settle time.
    pub fn settle(&self) -> Duration {
        Duration::from_secs(self.settle_s)
    }
}
