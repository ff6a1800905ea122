//! The shell of flows: observe, decide, deliver, confirm.
//!
//! A loop over state, not a chain of messages. Hints and listings become facts ([`observe`]); a fact makes its order due; for a
//! due order the core decides what the books should hold ([`decide`]) and the intent protocol puts it there once
//! ([`intent`], [`deliver`]). Every step commits before its effect, so a process may die anywhere: the next one finds the
//! state, looks at the books, and goes on.

mod backlog;
mod backoff;
mod decide;
mod deliver;
mod dispatch;
mod finances;
mod hints;
pub mod intent;
mod observe;
mod pair;
mod party;
mod reference;
mod runner;
mod settings;
mod settlement;
mod sweep;
#[cfg(test)]
mod testing;

pub use decide::{Decision, decide_order};
pub use pair::{Pair, PairSetup};
pub use runner::{Runner, RunnerError};
pub use settings::Settings;
pub use settlement::Received;
