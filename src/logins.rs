//! The durable memory of KashFlow log-ins: a restart must not log in more often than the lock-out rule allows.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kashflow::{LoginLedger, LoginNote};
use model::PairId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Store, cursors};

/// Notes kept: more than a day's worth at two log-ins an hour.
const KEPT: usize = 64;

const SESSION: &str = "kashflow.session";

const CURSOR: &str = "kashflow.logins";

/// Log-in attempts of one pair, kept in the store.
pub struct Ledger {
    store: Store,
    pair: PairId,
}

#[derive(Serialize, Deserialize)]
struct Row {
    at: Timestamp,
    outcome: String,
}

impl Ledger {
    /// The ledger of `pair`.
    pub fn new(store: Store, pair: PairId) -> Ledger {
        Ledger { store, pair }
    }

    async fn rows(&self) -> Vec<Row> {
        match cursors::get(&self.store, &self.pair, CURSOR).await {
            Ok(text) => text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            Err(error) => {
                tracing::error!("the memory of log-ins cannot be read: {error}");
                Vec::new()
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    at: Timestamp,
    header: String,
}

impl Ledger {
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

    /// Sealed like every secret; the place it belongs to is sealed with it.
    fn seal(&self, kept: &Kept) -> Option<String> {
        let plain = serde_json::to_vec(kept).ok()?;
        let sealed = self.store.vault().seal(&self.place(), &plain).ok()?;
        Some(STANDARD.encode(sealed))
    }

    fn open(&self, text: &str) -> Option<Kept> {
        let sealed = STANDARD.decode(text).ok()?;
        let plain = self.store.vault().open_sealed(&self.place(), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

#[async_trait]
impl LoginLedger for Ledger {
    async fn attempts_since(&self, since: Timestamp) -> u32 {
        let count = self.rows().await.iter().filter(|row| row.at >= since).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    async fn note(&self, note: LoginNote) {
        let mut rows = self.rows().await;
        rows.push(Row { at: note.at, outcome: format!("{:?}", note.outcome) });
        let first = rows.len().saturating_sub(KEPT);
        let Ok(text) = serde_json::to_string(&rows[first..]) else { return };
        self.write(CURSOR, text).await;
    }

    async fn kept(&self) -> Option<(SecretString, Timestamp)> {
        let text = cursors::get(&self.store, &self.pair, SESSION).await.ok()??;
        let kept = self.open(&text)?;
        Some((SecretString::from(kept.header), kept.at))
    }

    async fn keep(&self, session: Option<(SecretString, Timestamp)>) {
        let sealed =
            session.and_then(|(header, at)| self.seal(&Kept { at, header: header.expose_secret().to_owned() }));
        self.write(SESSION, sealed.unwrap_or_default()).await;
    }
}
