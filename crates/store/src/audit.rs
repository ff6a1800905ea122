//! Audit: who did what, append-only and hash-chained.

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::columns::{Columns, damaged, us};
use crate::sql::hex;
use crate::{Store, StoreError, Tx};

pub(crate) const HEAD: &str = "SELECT hash FROM audit ORDER BY id DESC LIMIT 1";
pub(crate) const APPEND: &str =
    "INSERT INTO audit (at, actor, action, target, detail, ip, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const PAGE: &str = "SELECT * FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2";
pub(crate) const ALL: &str = "SELECT * FROM audit WHERE id > $1 ORDER BY id LIMIT 1000";

/// What was done.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who: the owner, or `system`.
    pub actor: String,
    /// What: `session.create`, `order.retry`, ….
    pub action: String,
    /// To what.
    pub target: String,
    /// More, without secrets and buyer data.
    pub detail: Value,
    /// From where.
    pub ip: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A recorded entry.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: i64,
    /// What was done.
    pub entry: Entry,
    /// Its hash.
    pub hash: String,
}

/// The chain is broken from this row on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenAt(pub i64);

/// Appends an entry.
///
/// # Errors
///
/// [`StoreError`].
pub async fn append(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let head: Option<sqlx::sqlite::SqliteRow> = sqlx::query(HEAD).fetch_optional(&mut *tx).await?;
    let previous: String = head.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    let detail = entry.detail.to_string();
    let hash = link(&previous, entry, &detail);
    sqlx::query(APPEND)
        .bind(us(entry.at))
        .bind(&entry.actor)
        .bind(&entry.action)
        .bind(&entry.target)
        .bind(detail)
        .bind(&entry.ip)
        .bind(previous)
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Entries before the id `before`, newest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn page(store: &Store, before: Option<i64>, limit: u32) -> Result<Vec<Recorded>, StoreError> {
    let query = sqlx::query(PAGE).bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit));
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// Recomputes the chain. `Ok(Ok(n))`: all `n` entries are as they were written.
///
/// # Errors
///
/// [`StoreError`].
pub async fn verify(store: &Store) -> Result<Result<u64, BrokenAt>, StoreError> {
    let (mut previous, mut last, mut count) = (String::new(), 0, 0);
    loop {
        let rows = sqlx::query(ALL).bind(last).fetch_all(store.readers()).await?;
        if rows.is_empty() {
            return Ok(Ok(count));
        }
        for row in &rows {
            let columns = Columns(row);
            let read = read(&columns)?;
            let expected = link(&previous, &read.entry, &columns.text("detail")?);
            if columns.text("previous")? != previous || read.hash != expected {
                return Ok(Err(BrokenAt(read.id)));
            }
            (previous, last, count) = (read.hash, read.id, count + 1);
        }
    }
}

fn link(previous: &str, entry: &Entry, detail: &str) -> String {
    let mut hash = Sha256::new();
    let at = us(entry.at).to_string();
    for part in [previous, &at, &entry.actor, &entry.action, &entry.target, detail, entry.ip.as_deref().unwrap_or("")] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn read(row: &Columns<'_>) -> Result<Recorded, StoreError> {
    let entry = Entry {
        actor: row.text("actor")?,
        action: row.text("action")?,
        target: row.text("target")?,
        detail: serde_json::from_str(&row.text("detail")?).map_err(|_| damaged("detail"))?,
        ip: row.opt_text("ip")?,
        at: row.time("at")?,
    };
    Ok(Recorded { id: row.int("id")?, entry, hash: row.text("hash")? })
}
