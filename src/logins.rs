//! The durable memory of KashFlow log-ins: a restart must not log in more often than the lock-out rule allows.

use async_trait::async_trait;
use jiff::Timestamp;
use kashflow::{LoginLedger, LoginNote};
use model::PairId;
use serde::{Deserialize, Serialize};
use store::{Store, cursors};

/// Notes kept: more than a day's worth at two log-ins an hour.
const KEPT: usize = 64;

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
        let pair = self.pair.clone();
        let written =
            self.store.write(move |tx| Box::pin(async move { cursors::set(tx, &pair, CURSOR, &text).await })).await;
        if let Err(error) = written {
            tracing::error!("a log-in could not be noted: {error}");
        }
    }
}
