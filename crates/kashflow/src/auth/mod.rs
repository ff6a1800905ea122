//! Signing in. One log-in at a time, at most two an hour, and never again by itself after a refusal: a wrong memorable word
//! must not lock the account.

mod external;
mod ledger;
mod login;
pub mod oauth2;
mod session;

pub use ledger::{LoginLedger, LoginNote, LoginOutcome, MemoryLedger, SavedSession};
pub(crate) use session::Sessions;
