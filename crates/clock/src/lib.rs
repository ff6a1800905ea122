//! The one source of product time.
//!
//! Everything that has to do with product time (settle, back-off, quotas, sweeps, token lives, schedules) asks a [`Clock`].
//! [`Clock::real`] is the machine's clock. [`Clock::virtual_at`] stands still while anybody has work and jumps to the next
//! deadline when nobody has: a simulated day then takes as long as its work takes, with production values for every delay.
//!
//! The contract that makes the jump safe: whoever has work that is not a [`Clock::sleep_until`] holds a [`Busy`] guard. A
//! request in flight is work of its *client*; a server that delays an answer sleeps through [`Clock::sleep_in_request`], which
//! lends the client's guard to the clock for the time of the delay.

mod virtual_time;

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

pub use virtual_time::Busy;
use virtual_time::VirtualTime;

/// Where product time comes from. Cheap to clone; clones share the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Real,
    Virtual(VirtualTime),
}

/// A deadline passed before the future was ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

impl Clock {
    /// The machine's clock.
    pub fn real() -> Clock {
        Clock(Source::Real)
    }

    /// A clock that starts at `start` and moves only when nobody holds a [`Busy`] guard. Call [`Clock::drive`] once to run it.
    pub fn virtual_at(start: Timestamp) -> Clock {
        Clock(Source::Virtual(VirtualTime::new(start)))
    }

    /// Whether this is a virtual clock.
    pub fn is_virtual(&self) -> bool {
        matches!(self.0, Source::Virtual(_))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::Real => Timestamp::now(),
            Source::Virtual(time) => time.now(),
        }
    }

    /// Says that the caller has work until the guard is dropped. Free on the real clock.
    #[must_use = "the guard counts as work only while it lives"]
    pub fn busy(&self) -> Busy {
        match &self.0 {
            Source::Real => Busy::nobody(),
            Source::Virtual(time) => time.busy(),
        }
    }

    /// Waits until `deadline`. The caller must not hold a [`Busy`] guard, or a virtual clock never moves.
    pub async fn sleep_until(&self, deadline: Timestamp) {
        match &self.0 {
            Source::Real => {
                let left = deadline.duration_since(self.now());
                #[expect(clippy::disallowed_methods, reason = "the one place that waits on the machine's clock")]
                tokio::time::sleep(Duration::try_from(left).unwrap_or(Duration::ZERO)).await;
            }
            Source::Virtual(time) => time.sleep_until(deadline).await,
        }
    }

    /// Waits for `duration`. The caller must not hold a [`Busy`] guard.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(later(self.now(), duration)).await;
    }

    /// Delays an answer inside a server while its client, which is busy, waits for it.
    pub async fn sleep_in_request(&self, duration: Duration) {
        let deadline = later(self.now(), duration);
        match &self.0 {
            Source::Real => self.sleep_until(deadline).await,
            Source::Virtual(time) => time.sleep_on_behalf(deadline).await,
        }
    }

    /// Waits for what another task does (a lock, a permit) while the caller is busy.
    ///
    /// The caller's guard is lent to the clock meanwhile. Without that a virtual clock stands still for ever when the task that
    /// has the lock waits for time to pass.
    pub async fn wait_for<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Source::Real => future.await,
            Source::Virtual(time) => time.wait_on_behalf(future).await,
        }
    }

    /// Runs `future` but gives up `limit` after now, in this clock's time.
    ///
    /// # Errors
    ///
    /// [`Elapsed`] when the limit passed first.
    pub async fn timeout<F: Future>(&self, limit: Duration, future: F) -> Result<F::Output, Elapsed> {
        let mut future = std::pin::pin!(future);
        tokio::select! {
            biased;
            output = &mut future => Ok(output),
            () = self.sleep(limit) => Err(Elapsed),
        }
    }

    /// Moves a virtual clock for as long as the returned future is polled; returns at once on the real clock.
    ///
    /// Spawn it on the same runtime as the work. It moves time only after the runtime had nothing else to do.
    pub async fn drive(&self) {
        if let Source::Virtual(time) = &self.0 {
            time.drive().await;
        }
    }
}

/// `duration` after `at`, or the last representable moment.
pub fn later(at: Timestamp, duration: Duration) -> Timestamp {
    at.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn a_busy_task_that_waits_for_a_lock_does_not_stop_the_clock() {
        let clock = Clock::virtual_at(Timestamp::UNIX_EPOCH);
        let lock = Arc::new(Mutex::new(()));
        let worker = |clock: Clock, lock: Arc<Mutex<()>>| async move {
            let _busy = clock.busy();
            let _held = clock.wait_for(lock.lock()).await;
            clock.sleep_in_request(Duration::from_secs(7)).await;
            clock.now()
        };
        let driven = clock.clone();
        let driver = tokio::spawn(async move { driven.drive().await });
        let starting = clock.busy();
        let first = tokio::spawn(worker(clock.clone(), lock.clone()));
        let second = tokio::spawn(worker(clock.clone(), lock));
        tokio::task::yield_now().await;
        drop(starting);
        let ended = [first.await.unwrap(), second.await.unwrap()].map(Timestamp::as_second);
        assert_eq!(ended, [7, 14]);
        driver.abort();
    }
}
