//! The durable memory of KashFlow log-ins: a restart must not log in more often than the lock-out rule allows.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kashflow::{LoginLedger, LoginNote, SavedSession};
use model::PairId;
use ports::System;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Store, connections, cursors};

/// Attempts kept: more than a day's worth at two log-ins an hour.
const KEPT: usize = 64;

const SESSION: &str = "kashflow.session";

const CURSOR: &str = "kashflow.logins";

/// Log-in attempts and the open session of one pair, kept in the store.
pub struct Ledger {
    store: Store,
    pair: PairId,
    /// Whose attempts these are: another user or address starts with none.
    account: String,
}

/// Forgets the log-ins of a pair, as an hour does that passes: for campaigns, whose hours are minutes.
///
/// # Errors
///
/// [`store::StoreError`].
pub async fn let_an_hour_pass(store: &Store, pair: &PairId) -> Result<(), store::StoreError> {
    let pair = pair.clone();
    store.write(move |tx| Box::pin(async move { cursors::set(tx, &pair, CURSOR, "").await })).await
}

#[derive(Serialize, Deserialize)]
struct Attempt {
    at: Timestamp,
    account: String,
}

/// Sealed like every secret: it opens the whole account.
#[derive(Serialize, Deserialize)]
struct Kept {
    account: String,
    token: String,
}

impl Ledger {
    /// The ledger of `pair` for `account`.
    pub fn new(store: Store, pair: PairId, account: String) -> Ledger {
        Ledger { store, pair, account }
    }

    async fn attempts(&self) -> Vec<Attempt> {
        match cursors::get(&self.store, &self.pair, CURSOR).await {
            Ok(text) => text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            Err(error) => {
                tracing::error!("the memory of log-ins cannot be read: {error}");
                Vec::new()
            }
        }
    }

    async fn keep(&self, attempts: &[Attempt]) {
        let first = attempts.len().saturating_sub(KEPT);
        match serde_json::to_string(&attempts[first..]) {
            Ok(text) => self.write(CURSOR, text).await,
            Err(error) => tracing::error!("log-ins cannot be noted: {error}"),
        }
    }

    fn place(&self) -> String {
        format!("session|{}|kashflow", self.pair)
    }

    async fn write(&self, name: &'static str, text: String) {
        let pair = self.pair.clone();
        let written =
            self.store.write(move |tx| Box::pin(async move { cursors::set(tx, &pair, name, &text).await })).await;
        if let Err(error) = written {
            tracing::error!("{name} could not be kept: {error}");
        }
    }

    fn seal(&self, session: &SavedSession) -> Option<String> {
        let kept = Kept { account: session.account.clone(), token: session.token.expose_secret().to_owned() };
        let sealed = self.store.vault().seal(&self.place(), &serde_json::to_vec(&kept).ok()?).ok()?;
        Some(STANDARD.encode(sealed))
    }

    fn unseal(&self, text: &str) -> Option<SavedSession> {
        let plain = self.store.vault().open_sealed(&self.place(), &STANDARD.decode(text).ok()?).ok()?;
        let kept: Kept = serde_json::from_slice(&plain).ok()?;
        Some(SavedSession { account: kept.account, token: SecretString::from(kept.token) })
    }
}

#[async_trait]
impl LoginLedger for Ledger {
    async fn attempts_since(&self, since: Timestamp) -> u32 {
        let attempts = self.attempts().await;
        let counted = attempts.iter().filter(|attempt| attempt.at >= since && attempt.account == self.account);
        u32::try_from(counted.count()).unwrap_or(u32::MAX)
    }

    async fn note(&self, note: LoginNote) {
        let mut attempts = self.attempts().await;
        attempts.push(Attempt { at: note.at, account: self.account.clone() });
        self.keep(&attempts).await;
    }

    async fn forget(&self, at: Timestamp) {
        let mut attempts = self.attempts().await;
        attempts.retain(|attempt| attempt.at != at || attempt.account != self.account);
        self.keep(&attempts).await;
    }

    async fn saved_session(&self) -> Option<SavedSession> {
        self.unseal(&cursors::get(&self.store, &self.pair, SESSION).await.ok()??)
    }

    async fn save_session(&self, session: Option<SavedSession>) {
        let sealed = session.and_then(|session| self.seal(&session));
        self.write(SESSION, sealed.unwrap_or_default()).await;
    }

    async fn refresh_token_changed(&self, token: &SecretString) {
        let saved = match connections::load(&self.store, &self.pair, System::KashFlow).await {
            Ok(Some(mut connection)) => {
                connection.secrets.insert("refresh_token".to_owned(), token.clone());
                connections::save(&self.store, &connection).await
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = saved {
            tracing::error!("KashFlow's new refresh token could not be kept; connect again if it is refused: {error}");
        }
    }
}
