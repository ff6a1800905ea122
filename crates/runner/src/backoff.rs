//! Full-jitter back-off (schedule A): base, doubled each time, capped; the pause is drawn between nothing and that.
//!
//! The draw is a hash of what is retried and how often it was, so a simulated run repeats exactly and two workers that fail
//! together do not come back together.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::Settings;

/// The pause before attempt `attempt + 1` of `what` (0 = first failure). At least a tenth of the full step, so that a failing
/// remote is never hammered.
pub(crate) fn pause(settings: &Settings, what: &str, attempt: u32) -> Duration {
    let cap = Duration::from_secs(settings.retry_cap_s);
    let doubled = settings.retry_first_ms.saturating_mul(1_u64 << attempt.min(20));
    let step = Duration::from_millis(doubled).min(cap);
    let floor = step / 10;
    floor + fraction(what, attempt, step - floor)
}

fn fraction(what: &str, attempt: u32, of: Duration) -> Duration {
    let digest = Sha256::new().chain_update(what).chain_update(attempt.to_be_bytes()).finalize();
    let draw = u64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]));
    let micros = u64::try_from(of.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(micros.saturating_mul(draw >> 12) >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_cap_and_never_beyond() {
        let settings = Settings::default();
        for attempt in 0..40 {
            let full =
                Duration::from_millis(1_000_u64.saturating_mul(1 << attempt.min(20))).min(Duration::from_secs(900));
            let drawn = pause(&settings, "order/203-1", attempt);
            assert!(drawn >= full / 10 && drawn <= full, "attempt {attempt}: {drawn:?} of {full:?}");
        }
    }

    #[test]
    fn two_orders_that_fail_together_come_back_apart() {
        let settings = Settings::default();
        let pauses: std::collections::HashSet<_> =
            (0..50).map(|order| pause(&settings, &format!("order/{order}"), 6)).collect();
        assert!(pauses.len() > 45);
    }
}
