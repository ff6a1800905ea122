//! Signing in. One log-in at a time, at most two an hour, and never again by itself after a refusal: a wrong memorable word
//! must not lock the account.

mod external;
pub mod oauth;
mod session;

use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;

pub(crate) use session::Sessions;

/// Remembers log-ins, over restarts too.
#[async_trait]
pub trait LoginLedger: Send + Sync {
    /// Log-ins attempted at or after `since`.
    async fn attempts_since(&self, since: Timestamp) -> u32;
    /// Notes an attempt.
    async fn note(&self, note: LoginNote);
    /// The session that an earlier life of this process left open, and when it was last kept. A restart then needs no log-in.
    async fn kept(&self) -> Option<(SecretString, Timestamp)>;
    /// Keeps a session, sealed, or forgets it.
    async fn keep(&self, session: Option<(SecretString, Timestamp)>);
}

/// One attempt to log in. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginNote {
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: LoginOutcome,
}

/// How a log-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// A session was opened.
    Opened,
    /// The credentials were refused.
    Refused,
    /// No clear answer.
    Failed,
}

/// A ledger that forgets with the process: for tests and one-off commands.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Vec<LoginNote>>, Mutex<Option<(SecretString, Timestamp)>>);

#[async_trait]
impl LoginLedger for MemoryLedger {
    async fn attempts_since(&self, since: Timestamp) -> u32 {
        let notes = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        u32::try_from(notes.iter().filter(|note| note.at >= since).count()).unwrap_or(u32::MAX)
    }

    async fn note(&self, note: LoginNote) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(note);
    }

    async fn kept(&self) -> Option<(SecretString, Timestamp)> {
        self.1.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    async fn keep(&self, session: Option<(SecretString, Timestamp)>) {
        *self.1.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = session;
    }
}
