//! Hints: orders to look at. Ten hints about one order are one look.

use jiff::Timestamp;
use model::{OrderId, PairId};
use ports::Hint;
use sqlx::Row;

use crate::columns::{Columns, opt_us, us};
use crate::{Store, StoreError, Tx};

pub(crate) const SEEN: &str =
    "INSERT INTO hint_seen (pair, id, at) VALUES ($1, $2, $3) ON CONFLICT (pair, id) DO NOTHING";
pub(crate) const NOTE: &str = "INSERT INTO hint (pair, order_id, changed_at, noted_at, attempts, not_before) VALUES ($1, $2, $3, $4, 0, $4) \
     ON CONFLICT (pair, order_id) DO UPDATE SET changed_at = excluded.changed_at, attempts = 0, not_before = excluded.not_before \
     WHERE hint.changed_at < excluded.changed_at";
pub(crate) const NAME: &str = "INSERT INTO hint (pair, order_id, changed_at, noted_at, attempts, not_before) \
     SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), 0, CAST($4 AS BIGINT) \
     WHERE NOT EXISTS (SELECT 1 FROM fact WHERE pair = $1 AND external_id = $2 AND version >= $5) \
     ON CONFLICT (pair, order_id) DO UPDATE SET changed_at = excluded.changed_at, attempts = 0, not_before = excluded.not_before \
     WHERE hint.changed_at < excluded.changed_at";
pub(crate) const FORGET_SEEN: &str = "DELETE FROM hint_seen WHERE at < $1";
pub(crate) const PENDING: &str = "SELECT * FROM hint WHERE pair = $1 AND not_before <= $2 ORDER BY changed_at LIMIT $3";
pub(crate) const NEWEST: &str =
    "SELECT * FROM hint WHERE pair = $1 AND not_before <= $2 ORDER BY changed_at DESC LIMIT $3";
pub(crate) const SUMMARY: &str = "SELECT COUNT(*), MIN(changed_at) FROM hint WHERE pair = $1";
pub(crate) const DUE: &str = "SELECT COUNT(*), MIN(changed_at) FROM hint WHERE pair = $1 AND not_before <= $2";
pub(crate) const SETTLE: &str = "DELETE FROM hint WHERE pair = $1 AND order_id = $2 AND changed_at <= $3";
pub(crate) const SETTLE_UP_TO: &str = "DELETE FROM hint WHERE pair = $1 AND changed_at <= $2";
pub(crate) const DEFER: &str =
    "UPDATE hint SET not_before = $3, attempts = attempts + 1 WHERE pair = $1 AND order_id = $2";

/// An order that a hint named and nobody has looked at since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The order.
    pub order: OrderId,
    /// When it changed, as the hint says.
    pub changed_at: Timestamp,
    /// When we first heard of it.
    pub noted_at: Timestamp,
    /// Looks that did not see the change.
    pub attempts: u32,
    /// Not to be looked at before.
    pub not_before: Timestamp,
}

/// Notes hints; a message seen before is nothing new. Says how many messages were new.
///
/// # Errors
///
/// [`StoreError`].
pub async fn note(tx: &mut Tx, pair: &PairId, hints: &[Hint], now: Timestamp) -> Result<u64, StoreError> {
    let mut fresh = 0;
    for hint in hints {
        let seen = sqlx::query(SEEN).bind(pair.as_str()).bind(&hint.id).bind(us(now)).execute(&mut *tx).await?;
        if seen.rows_affected() == 0 {
            continue;
        }
        fresh += 1;
        sqlx::query(NOTE)
            .bind(pair.as_str())
            .bind(hint.order.as_str())
            .bind(us(hint.changed_at))
            .bind(us(now))
            .execute(&mut *tx)
            .await?;
    }
    Ok(fresh)
}

/// Notes an order that a list or report named, unless we know it as it was at `known_from` or later.
///
/// # Errors
///
/// [`StoreError`].
pub async fn name(
    tx: &mut Tx,
    pair: &PairId,
    order: &OrderId,
    changed_at: Timestamp,
    known_from: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = sqlx::query(NAME).bind(pair.as_str()).bind(order.as_str()).bind(us(changed_at)).bind(us(now));
    query.bind(us(known_from)).execute(tx).await?;
    Ok(())
}

/// Forgets message ids from before `before`: queues keep messages 14 days at most.
///
/// # Errors
///
/// [`StoreError`].
pub async fn forget_seen(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query(FORGET_SEEN).bind(us(before)).execute(tx).await?.rows_affected())
}

/// Orders to look at now, oldest change first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn pending(store: &Store, pair: &PairId, now: Timestamp, limit: usize) -> Result<Vec<Pending>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let query = sqlx::query(PENDING).bind(pair.as_str()).bind(us(now)).bind(limit);
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// Orders to look at now, newest change first: while a listing comes up from the oldest, single reads go down from the newest,
/// so that no order is read twice.
///
/// # Errors
///
/// [`StoreError`].
pub async fn newest(store: &Store, pair: &PairId, now: Timestamp, limit: usize) -> Result<Vec<Pending>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let query = sqlx::query(NEWEST).bind(pair.as_str()).bind(us(now)).bind(limit);
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// How many orders wait for a look, and the earliest change among them.
///
/// # Errors
///
/// [`StoreError`].
pub async fn summary(store: &Store, pair: &PairId) -> Result<(usize, Option<Timestamp>), StoreError> {
    counted(sqlx::query(SUMMARY).bind(pair.as_str()).fetch_one(store.readers()).await?)
}

/// The same for orders that may be looked at now.
///
/// # Errors
///
/// [`StoreError`].
pub async fn due(store: &Store, pair: &PairId, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
    counted(sqlx::query(DUE).bind(pair.as_str()).bind(us(now)).fetch_one(store.readers()).await?)
}

fn counted(row: sqlx::sqlite::SqliteRow) -> Result<(usize, Option<Timestamp>), StoreError> {
    let (count, oldest): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
    let oldest = oldest.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    debug_assert_eq!(opt_us(oldest).is_some(), count > 0);
    Ok((usize::try_from(count).unwrap_or(0), oldest))
}

/// Removes the hint if what was seen is as new as it.
///
/// # Errors
///
/// [`StoreError`].
pub async fn settle(tx: &mut Tx, pair: &PairId, order: &OrderId, seen_version: Timestamp) -> Result<(), StoreError> {
    sqlx::query(SETTLE).bind(pair.as_str()).bind(order.as_str()).bind(us(seen_version)).execute(tx).await?;
    Ok(())
}

/// Removes every hint up to `up_to`: a complete listing has seen them all.
///
/// # Errors
///
/// [`StoreError`].
pub async fn settle_up_to(tx: &mut Tx, pair: &PairId, up_to: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query(SETTLE_UP_TO).bind(pair.as_str()).bind(us(up_to)).execute(tx).await?.rows_affected())
}

/// Puts a look off.
///
/// # Errors
///
/// [`StoreError`].
pub async fn defer(tx: &mut Tx, pair: &PairId, order: &OrderId, not_before: Timestamp) -> Result<(), StoreError> {
    sqlx::query(DEFER).bind(pair.as_str()).bind(order.as_str()).bind(us(not_before)).execute(tx).await?;
    Ok(())
}

fn read(row: &Columns<'_>) -> Result<Pending, StoreError> {
    Ok(Pending {
        order: row.parsed("order_id", OrderId::parse)?,
        changed_at: row.time("changed_at")?,
        noted_at: row.time("noted_at")?,
        attempts: row.count("attempts")?,
        not_before: row.time("not_before")?,
    })
}
