//! Events for the console's live stream: what changed, never the data itself.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row;

use crate::columns::{Columns, damaged, us};
use crate::{Store, StoreError, Tx};

pub(crate) const APPEND: &str = "INSERT INTO event (topic, subject, at, data) VALUES ($1, $2, $3, $4)";
pub(crate) const AFTER: &str = "SELECT * FROM event WHERE id > $1 ORDER BY id LIMIT $2";
pub(crate) const LAST: &str = "SELECT COALESCE(MAX(id), 0) FROM event";
pub(crate) const TRIM: &str = "DELETE FROM event WHERE id <= $1";

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id, rising.
    pub id: i64,
    /// `order`, `review`, `connection`, ….
    pub topic: String,
    /// What it is about.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// A few words for the list that shows it.
    pub data: Value,
}

/// Appends an event.
///
/// # Errors
///
/// [`StoreError`].
pub async fn append(tx: &mut Tx, topic: &str, subject: &str, at: Timestamp, data: &Value) -> Result<(), StoreError> {
    sqlx::query(APPEND).bind(topic).bind(subject).bind(us(at)).bind(data.to_string()).execute(tx).await?;
    Ok(())
}

/// Events after `id`, oldest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn after(store: &Store, id: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
    let rows = sqlx::query(AFTER).bind(id).bind(i64::from(limit)).fetch_all(store.readers()).await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            Ok(Event {
                id: row.int("id")?,
                topic: row.text("topic")?,
                subject: row.text("subject")?,
                at: row.time("at")?,
                data: serde_json::from_str(&row.text("data")?).map_err(|_| damaged("data"))?,
            })
        })
        .collect()
}

/// The id of the newest event; 0 if there is none.
///
/// # Errors
///
/// [`StoreError`].
pub async fn last_id(store: &Store) -> Result<i64, StoreError> {
    Ok(sqlx::query(LAST).fetch_one(store.readers()).await?.try_get(0)?)
}

/// Forgets all but the newest `keep` events.
///
/// # Errors
///
/// [`StoreError`].
pub async fn trim(tx: &mut Tx, keep: i64) -> Result<u64, StoreError> {
    let last: i64 = sqlx::query(LAST).fetch_one(&mut *tx).await?.try_get(0)?;
    Ok(sqlx::query(TRIM).bind(last - keep).execute(tx).await?.rows_affected())
}
