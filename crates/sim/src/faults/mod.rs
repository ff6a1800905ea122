//! The fault plan: what goes wrong, where and when, from a seed.
//!
//! A handler names the [`Point`] it is at and draws; the answer depends on (seed, point, how often that point was drawn before)
//! and, for outages, on the time. Faults heal by themselves: no point fails more than [`IN_A_ROW_MAX`] times running outside an
//! outage, and an outage ends within hours. What only a person can put right is no fault of a request and is not drawn here: it
//! is done to the ledger (`kashflow::people`) and to the world.

mod dice;
mod outage;
mod plan;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use clock::Clock;
use jiff::{SignedDuration, Timestamp};

pub use dice::Dice;
pub use plan::kinds_at;

use crate::FaultLevel;

/// Faults in a row at one point after which the next draw is clean.
pub const IN_A_ROW_MAX: u32 = 3;

/// Sessions expire in mid-run at most this often, whoever asks: each costs a log-in, and log-ins are rationed by the lock-out.
const BETWEEN_EXPIRIES: SignedDuration = SignedDuration::from_hours(1);

/// Where in the two remotes a fault can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// A call of Amazon's Selling Partner API.
    AmazonCall {
        /// Its name, for example `searchOrders`.
        operation: &'static str,
    },
    /// A call of Login with Amazon.
    LwaCall,
    /// A call of the queue service.
    QueueReceive,
    /// One notification on its way into the queue.
    Notification,
    /// A KashFlow request that changes nothing.
    KashflowRead {
        /// Its name, for example `listInvoices`.
        operation: &'static str,
    },
    /// A KashFlow request that changes the ledger.
    KashflowWrite {
        /// Its name, for example `createInvoice`.
        operation: &'static str,
    },
    /// A KashFlow log-in, either step.
    KashflowLogin,
}

/// What goes wrong. Seconds are seconds of the sandbox's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// 429, with `Retry-After` where the remote sends one.
    Throttle429 {
        /// What the header says.
        retry_after_s: u32,
    },
    /// A server error before any work was done.
    ServerError5xx {
        /// 500, 502, 503 or 504.
        status: u16,
    },
    /// An HTML page of some gateway instead of JSON.
    HtmlBody {
        /// 502, or 200 with a page that is no answer.
        status: u16,
    },
    /// The connection breaks before the request is worked on.
    ResetBeforeWork,
    /// The work is done, the answer is lost.
    ResetAfterCommit,
    /// The connection breaks at once, yet the work is done later (as long after as the remote's options allow).
    CommitsLate,
    /// The work is done and the answer breaks off in the middle.
    TruncatedBody,
    /// The answer comes late.
    Slow {
        /// By how much.
        secs: u32,
    },
    /// The message is delivered twice.
    DuplicateMessage,
    /// The message is delivered late.
    LateMessage {
        /// By how much.
        secs: u32,
    },
    /// The message never arrives.
    LostMessage,
    /// The whole remote is away; ends by itself.
    Outage,
    /// The session or token is forgotten in the middle of a run.
    ExpiredSession,
    /// HTTP 400 with the SQL time-out code: says nothing about whether a write was done.
    SqlTimeout400 {
        /// Whether it was done.
        after_commit: bool,
    },
    /// Lists and searches show the ledger as it was some time ago.
    StaleSearch {
        /// How long ago.
        secs: u32,
    },
}

/// A fault without its figures: what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is explained at the variant of `Fault` that has its name")]
pub enum FaultKind {
    Throttle429,
    ServerError5xx,
    HtmlBody,
    ResetBeforeWork,
    ResetAfterCommit,
    CommitsLate,
    TruncatedBody,
    Slow,
    DuplicateMessage,
    LateMessage,
    LostMessage,
    Outage,
    ExpiredSession,
    SqlTimeout400,
    StaleSearch,
}

/// The fault plan of one sandbox. Share it in an `Arc`.
pub struct Faults {
    level: FaultLevel,
    dice: Dice,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    drawn: HashMap<Point, Drawn>,
    dialled: HashMap<Point, VecDeque<Fault>>,
    fired: BTreeMap<FaultKind, u64>,
    expired_at: Option<Timestamp>,
}

#[derive(Default)]
struct Drawn {
    times: u64,
    in_a_row: u32,
}

impl Faults {
    /// The plan of this `level` for this `seed`; outages are read off `clock`.
    pub fn new(level: FaultLevel, seed: u64, clock: Clock) -> Faults {
        Faults { level, dice: Dice::new(seed), clock, state: Mutex::default() }
    }

    /// How much goes wrong.
    pub fn level(&self) -> FaultLevel {
        self.level
    }

    /// Says what goes wrong with this request or message, if anything, and counts it.
    pub fn draw(&self, point: Point) -> Option<Fault> {
        let mut state = self.lock();
        let fault =
            state.dialled.get_mut(&point).and_then(VecDeque::pop_front).or_else(|| self.planned(&mut state, point));
        if let Some(fault) = fault {
            *state.fired.entry(fault.kind()).or_default() += 1;
        }
        fault
    }

    /// Dials the next fault at `point`, whatever the level. Dialled faults come first, in the order dialled.
    pub fn dial(&self, point: Point, fault: Fault) {
        self.lock().dialled.entry(point).or_default().push_back(fault);
    }

    /// How often each kind has fired.
    pub fn fired(&self) -> BTreeMap<FaultKind, u64> {
        self.lock().fired.clone()
    }

    /// The kinds that this level has and that have not fired yet: a campaign that ends with any of them proved less than it says.
    pub fn not_fired(&self) -> Vec<FaultKind> {
        let state = self.lock();
        kinds_at(self.level).into_iter().filter(|kind| !state.fired.contains_key(kind)).collect()
    }

    fn planned(&self, state: &mut State, point: Point) -> Option<Fault> {
        let now = self.clock.now();
        if outage::is_out(self.level, &self.dice, point, now) {
            return Some(Fault::Outage);
        }
        let expires_too_soon = state.expired_at.is_some_and(|last| now.duration_since(last) < BETWEEN_EXPIRIES);
        let drawn = state.drawn.entry(point).or_default();
        drawn.times += 1;
        let fault = plan::fault(self.level, &self.dice, point, drawn.times)
            .filter(|fault| drawn.in_a_row < IN_A_ROW_MAX && !(*fault == Fault::ExpiredSession && expires_too_soon));
        if fault == Some(Fault::ExpiredSession) {
            state.expired_at = Some(now);
        }
        drawn.in_a_row = if fault.is_some() { drawn.in_a_row + 1 } else { 0 };
        fault
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("level", &self.level).field("fired", &self.fired()).finish_non_exhaustive()
    }
}

impl Fault {
    /// The fault without its figures.
    pub fn kind(self) -> FaultKind {
        match self {
            Fault::Throttle429 { .. } => FaultKind::Throttle429,
            Fault::ServerError5xx { .. } => FaultKind::ServerError5xx,
            Fault::HtmlBody { .. } => FaultKind::HtmlBody,
            Fault::ResetBeforeWork => FaultKind::ResetBeforeWork,
            Fault::ResetAfterCommit => FaultKind::ResetAfterCommit,
            Fault::CommitsLate => FaultKind::CommitsLate,
            Fault::TruncatedBody => FaultKind::TruncatedBody,
            Fault::Slow { .. } => FaultKind::Slow,
            Fault::DuplicateMessage => FaultKind::DuplicateMessage,
            Fault::LateMessage { .. } => FaultKind::LateMessage,
            Fault::LostMessage => FaultKind::LostMessage,
            Fault::Outage => FaultKind::Outage,
            Fault::ExpiredSession => FaultKind::ExpiredSession,
            Fault::SqlTimeout400 { .. } => FaultKind::SqlTimeout400,
            Fault::StaleSearch { .. } => FaultKind::StaleSearch,
        }
    }
}

impl Point {
    /// The words that make this point's dice its own.
    pub(crate) fn label(self) -> (&'static str, &'static str) {
        match self {
            Point::AmazonCall { operation } => ("amazon", operation),
            Point::LwaCall => ("lwa", ""),
            Point::QueueReceive => ("queue", ""),
            Point::Notification => ("notification", ""),
            Point::KashflowRead { operation } => ("kashflow-read", operation),
            Point::KashflowWrite { operation } => ("kashflow-write", operation),
            Point::KashflowLogin => ("kashflow-login", ""),
        }
    }
}

#[cfg(test)]
mod tests;
