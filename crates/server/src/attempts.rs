//! Attempts to get in, before anybody is known.
//!
//! Checking a password takes 19 MiB and tens of milliseconds, so one is checked at a time and others are refused. Every
//! failure is written into the audit trail, so failures are rationed too: nobody may fill the disk from outside.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// Failures within one window, of all callers together.
const FAILURES_MAX: u32 = 30;
/// Length of a window.
const WINDOW: Duration = Duration::from_secs(15 * 60);

pub(crate) struct Attempts {
    alone: Semaphore,
    failures: Mutex<Failures>,
}

struct Failures {
    count: u32,
    window_ends: Timestamp,
}

impl Default for Attempts {
    fn default() -> Attempts {
        let failures = Failures { count: 0, window_ends: Timestamp::MIN };
        Attempts { alone: Semaphore::new(1), failures: Mutex::new(failures) }
    }
}

impl Attempts {
    /// Lets one attempt begin; it holds the place until the answer is dropped.
    ///
    /// # Errors
    ///
    /// The problem to answer with, if it is not its turn.
    pub(crate) fn begin(&self, now: Timestamp) -> Result<SemaphorePermit<'_>, Problem> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.window_ends > now && failures.count >= FAILURES_MAX {
            let detail = "There were too many failed attempts to sign in within 15 minutes.";
            return Err(refused("too_many_attempts", detail, "Wait for 15 minutes and try again."));
        }
        self.alone
            .try_acquire()
            .map_err(|_| refused("busy", "Another password is being checked at this moment.", "Try again in a second."))
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.window_ends <= now {
            *failures = Failures { count: 0, window_ends: clock::later(now, WINDOW) };
        }
        failures.count += 1;
    }
}

fn refused(code: &'static str, detail: &str, fix: &str) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, code, "Not now", detail, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn thirty_failures_close_the_door_for_the_rest_of_the_window() {
        let attempts = Attempts::default();
        for second in 0..30 {
            assert!(attempts.begin(at(second)).is_ok());
            attempts.failed(at(second));
        }
        assert!(attempts.begin(at(60)).is_err());
        assert!(attempts.begin(at(900)).is_ok());
    }

    #[test]
    fn only_one_password_is_checked_at_a_time() {
        let attempts = Attempts::default();
        let first = attempts.begin(at(0)).unwrap();
        assert!(attempts.begin(at(0)).is_err());
        drop(first);
        assert!(attempts.begin(at(0)).is_ok());
    }
}
