//! Virtual time: a heap of deadlines and a count of those who have work.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use jiff::Timestamp;
use tokio::sync::Notify;

/// Rounds of yielding in which nothing may become busy before time moves: lets woken tasks, channels and sockets settle.
const QUIET_ROUNDS: u32 = 24;

#[derive(Clone)]
pub(crate) struct VirtualTime(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    idle: Notify,
}

struct State {
    now: Timestamp,
    /// Signed: a server that is dropped while it sleeps gives the lent guard back after its client may have dropped it.
    busy: isize,
    /// Raised whenever somebody becomes busy: tells the driver that its quiet rounds were not quiet.
    stirred: u64,
    next_sleeper: u64,
    sleepers: BTreeMap<(Timestamp, u64), Option<Waker>>,
}

/// Somebody has work: virtual time stands still while this lives.
pub struct Busy(Option<VirtualTime>);

impl Busy {
    pub(crate) fn nobody() -> Busy {
        Busy(None)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(time) = &self.0 {
            time.release();
        }
    }
}

impl fmt::Debug for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Busy")
    }
}

impl fmt::Debug for VirtualTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VirtualTime({})", self.now())
    }
}

impl VirtualTime {
    pub(crate) fn new(start: Timestamp) -> VirtualTime {
        let state = State { now: start, busy: 0, stirred: 0, next_sleeper: 0, sleepers: BTreeMap::new() };
        VirtualTime(Arc::new(Shared { state: Mutex::new(state), idle: Notify::new() }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.lock().now
    }

    pub(crate) fn busy(&self) -> Busy {
        self.take();
        Busy(Some(self.clone()))
    }

    pub(crate) async fn sleep_until(&self, deadline: Timestamp) {
        let key = {
            let mut state = self.lock();
            if state.now >= deadline {
                return;
            }
            let key = (deadline, state.next_sleeper);
            state.next_sleeper += 1;
            state.sleepers.insert(key, None);
            key
        };
        let _removed_when_dropped = Sleeper { time: self, key };
        self.0.idle.notify_one();
        poll_fn(|context| {
            let mut state = self.lock();
            match state.sleepers.get_mut(&key) {
                None => Poll::Ready(()),
                Some(waker) => {
                    *waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await;
    }

    pub(crate) async fn sleep_on_behalf(&self, deadline: Timestamp) {
        self.wait_on_behalf(self.sleep_until(deadline)).await;
    }

    pub(crate) async fn wait_on_behalf<F: Future>(&self, future: F) -> F::Output {
        struct Lent<'a>(&'a VirtualTime);
        impl Drop for Lent<'_> {
            fn drop(&mut self) {
                self.0.take();
            }
        }
        self.release();
        let _given_back_when_dropped = Lent(self);
        future.await
    }

    pub(crate) async fn drive(&self) {
        loop {
            if !self.stays_idle().await {
                self.0.idle.notified().await;
                continue;
            }
            if !self.jump() {
                self.0.idle.notified().await;
            }
        }
    }

    async fn stays_idle(&self) -> bool {
        let before = {
            let state = self.lock();
            if state.busy > 0 {
                return false;
            }
            state.stirred
        };
        for _ in 0..QUIET_ROUNDS {
            tokio::task::yield_now().await;
            let state = self.lock();
            if state.busy > 0 {
                return false;
            }
            if state.stirred != before {
                drop(state);
                self.0.idle.notify_one();
                return false;
            }
        }
        true
    }

    /// Moves to the earliest deadline and wakes who waits for it. Says whether there was one.
    fn jump(&self) -> bool {
        let mut due = Vec::new();
        {
            let mut state = self.lock();
            if state.busy > 0 {
                return false;
            }
            let Some((&(deadline, _), _)) = state.sleepers.first_key_value() else { return false };
            state.now = state.now.max(deadline);
            while let Some(entry) = state.sleepers.first_entry() {
                if entry.key().0 > deadline {
                    break;
                }
                due.push(entry.remove());
            }
        }
        due.into_iter().flatten().for_each(Waker::wake);
        true
    }

    fn take(&self) {
        let mut state = self.lock();
        state.busy += 1;
        state.stirred += 1;
    }

    fn release(&self) {
        let mut state = self.lock();
        state.busy -= 1;
        if state.busy <= 0 {
            self.0.idle.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Sleeper<'a> {
    time: &'a VirtualTime,
    key: (Timestamp, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.time.lock().sleepers.remove(&self.key);
    }
}
