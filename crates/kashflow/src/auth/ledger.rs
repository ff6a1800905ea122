//! The durable memory of log-ins: what makes the lock-out rule hold over restarts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;

/// Remembers log-ins, over restarts too. Of one connection: it starts empty when a person enters new credentials.
#[async_trait]
pub trait LoginLedger: Send + Sync {
    /// Log-ins attempted at or after `since`: what [`LoginLedger::note`] was told.
    async fn attempts_since(&self, since: Timestamp) -> u32;

    /// Notes an attempt, with [`LoginOutcome::Begun`]. Called before anything is sent, so that a crash cannot hide one.
    async fn note(&self, note: LoginNote);

    /// The attempt was refused. It is counted already; by default the refusal is not kept.
    async fn refused(&self, note: LoginNote) {
        let _ = note;
    }

    /// The attempt begun at `at` reached nobody (no connection, or asked to wait): it need not count. By default it does.
    async fn forget(&self, at: Timestamp) {
        let _ = at;
    }

    /// A session that was saved before and may still be alive, so that a restart needs no log-in. By default none is kept.
    async fn saved_session(&self) -> Option<SavedSession> {
        None
    }

    /// Keeps a session (sealed: it opens the whole account), or forgets the one that was kept.
    async fn save_session(&self, session: Option<SavedSession>) {
        drop(session);
    }

    /// The token endpoint gave another refresh token: keep it (sealed) in place of the old one, which may be dead now.
    async fn refresh_token_changed(&self, token: &SecretString) {
        let _ = token;
    }
}

/// One attempt to log in. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginNote {
    /// When it began.
    pub at: Timestamp,
    /// How far it came.
    pub outcome: LoginOutcome,
}

/// How far a log-in came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// It is about to be sent.
    Begun,
    /// The credentials were refused.
    Refused,
}

/// An open session. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct SavedSession {
    /// Which account and user it belongs to; one of another user is not used.
    pub account: String,
    /// The session token.
    pub token: SecretString,
}

/// A ledger that forgets with the process: for tests and one-off commands.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    notes: Vec<LoginNote>,
    session: Option<SavedSession>,
    refresh_token: Option<SecretString>,
}

impl MemoryLedger {
    /// All notes, oldest first.
    pub fn notes(&self) -> Vec<LoginNote> {
        self.lock().notes.clone()
    }

    /// The refresh token that was kept last.
    pub fn refresh_token(&self) -> Option<SecretString> {
        self.lock().refresh_token.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl LoginLedger for MemoryLedger {
    async fn attempts_since(&self, since: Timestamp) -> u32 {
        let memory = self.lock();
        let begun = memory.notes.iter().filter(|note| note.at >= since && note.outcome == LoginOutcome::Begun);
        u32::try_from(begun.count()).unwrap_or(u32::MAX)
    }

    async fn note(&self, note: LoginNote) {
        self.lock().notes.push(note);
    }

    async fn refused(&self, note: LoginNote) {
        self.lock().notes.push(note);
    }

    async fn forget(&self, at: Timestamp) {
        self.lock().notes.retain(|note| note.at != at);
    }

    async fn saved_session(&self) -> Option<SavedSession> {
        self.lock().session.clone()
    }

    async fn save_session(&self, session: Option<SavedSession>) {
        self.lock().session = session;
    }

    async fn refresh_token_changed(&self, token: &SecretString) {
        self.lock().refresh_token = Some(token.clone());
    }
}
