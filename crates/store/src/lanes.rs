//! Lanes: the dispatcher's durable state. One row for each (pair, key) that has work; one piece of work per key at a time.

use jiff::Timestamp;
use model::PairId;
use ports::Urgency;
use sqlx::Row;

use crate::columns::{Columns, damaged, us};
use crate::{Store, StoreError, Tx};

pub(crate) const WAKE: &str = "INSERT INTO lane (pair, key, urgency, not_before, state, attempts, ticket, woken, reason) \
     VALUES ($1, $2, $3, $4, 0, 0, 0, 0, NULL) ON CONFLICT (pair, key) DO UPDATE SET \
     urgency = (CASE WHEN lane.urgency < excluded.urgency THEN lane.urgency ELSE excluded.urgency END), \
     not_before = (CASE WHEN lane.state = 0 AND lane.not_before < excluded.not_before THEN lane.not_before ELSE excluded.not_before END), \
     woken = (CASE WHEN lane.state = 1 THEN 1 ELSE 0 END), \
     attempts = (CASE WHEN lane.state = 2 THEN 0 ELSE lane.attempts END), \
     state = (CASE WHEN lane.state = 2 THEN 0 ELSE lane.state END), reason = NULL";
pub(crate) const CLAIM: &str = "UPDATE lane SET state = 1, ticket = ticket + 1, woken = 0 WHERE (pair, key) IN (SELECT pair, key FROM \
     (SELECT * FROM (SELECT * FROM (SELECT pair, key, urgency, not_before FROM lane WHERE state = 0 AND urgency = 0 AND not_before <= $1 \
     ORDER BY not_before LIMIT $2) AS people UNION ALL SELECT * FROM (SELECT pair, key, urgency, not_before FROM lane \
     WHERE state = 0 AND urgency = 1 AND not_before <= $1 ORDER BY not_before LIMIT $3) AS events ORDER BY urgency, not_before LIMIT $3) AS ahead \
     UNION ALL SELECT * FROM (SELECT pair, key, urgency, not_before FROM lane WHERE state = 0 AND urgency = 2 AND not_before <= $1 \
     ORDER BY not_before LIMIT $4) AS history ORDER BY urgency, not_before LIMIT $4) AS due) \
     RETURNING pair, key, urgency, attempts, ticket";
pub(crate) const DONE: &str =
    "DELETE FROM lane WHERE pair = $1 AND key = $2 AND ticket = $3 AND state = 1 AND woken = 0";
pub(crate) const DONE_BUT_WOKEN: &str = "UPDATE lane SET state = 0, woken = 0, attempts = 0 \
     WHERE pair = $1 AND key = $2 AND ticket = $3 AND state = 1";
pub(crate) const AGAIN: &str = "UPDATE lane SET state = 0, attempts = CAST($5 AS BIGINT), woken = 0, \
     not_before = (CASE WHEN woken = 1 AND CAST($5 AS BIGINT) = 0 THEN not_before ELSE $4 END) \
     WHERE pair = $1 AND key = $2 AND ticket = $3 AND state = 1";
pub(crate) const PAUSE: &str =
    "UPDATE lane SET state = 2, reason = $4, woken = 0 WHERE pair = $1 AND key = $2 AND ticket = $3 AND state = 1";
pub(crate) const NEXT_DUE: &str = "SELECT MIN(not_before) FROM lane WHERE state = 0";
pub(crate) const RELEASE_ALL: &str = "UPDATE lane SET state = 0, woken = 0 WHERE state = 1";
pub(crate) const DEPTH: &str = "SELECT state, COUNT(*) FROM lane GROUP BY state";
pub(crate) const REASON: &str = "SELECT reason FROM lane WHERE pair = $1 AND key = $2 AND state = 2";

/// "There is something to do for this key, not before then."
#[derive(Clone, Debug)]
pub struct Wake {
    /// The pair.
    pub pair: PairId,
    /// What to work on, for example `order/203-…`.
    pub key: String,
    /// Which lane.
    pub urgency: Urgency,
    /// Not before this.
    pub not_before: Timestamp,
}

/// A key that was handed out to be worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The pair.
    pub pair: PairId,
    /// The key.
    pub key: String,
    /// Its lane.
    pub urgency: Urgency,
    /// Failures in a row so far.
    pub attempts: u32,
    /// Fences the claim: only its holder may finish it.
    pub ticket: i64,
}

/// How work on a key ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing is left, unless it was woken meanwhile.
    Done,
    /// Come back.
    Again {
        /// Not before this.
        not_before: Timestamp,
        /// Whether this was a failure (`false`) or only a wait (`true`).
        reset_attempts: bool,
    },
    /// A person, or a resumed connection, wakes it.
    Paused {
        /// Why.
        reason: String,
    },
}

/// How many keys have work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneDepth {
    /// Waiting for their time or a worker.
    pub waiting: u64,
    /// Being worked on.
    pub busy: u64,
    /// Waiting for a person.
    pub paused: u64,
}

/// Makes keys due. A waiting key keeps the earlier time, a busy one is due again when it ends, a paused one goes on.
///
/// # Errors
///
/// [`StoreError`].
pub async fn wake(tx: &mut Tx, wakes: &[Wake]) -> Result<(), StoreError> {
    for wake in wakes {
        sqlx::query(WAKE)
            .bind(wake.pair.as_str())
            .bind(&wake.key)
            .bind(rank(wake.urgency))
            .bind(us(wake.not_before))
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// Hands out up to `limit` due keys: people first, but of eight places two are kept for events and one for back-fill.
///
/// # Errors
///
/// [`StoreError`].
pub async fn claim(tx: &mut Tx, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, StoreError> {
    let up_to = |room: usize| i64::try_from(room).unwrap_or(i64::MAX);
    let (people, ahead) = (limit - limit / 4, limit - limit / 8);
    let query = sqlx::query(CLAIM).bind(us(now)).bind(up_to(people)).bind(up_to(ahead)).bind(up_to(limit));
    query.fetch_all(tx).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// Puts a claimed key down. Says whether the claim still held.
///
/// # Errors
///
/// [`StoreError`].
pub async fn finish(tx: &mut Tx, lane: &Claimed, finish: Finish) -> Result<bool, StoreError> {
    let of_lane = |sql: &'static str| sqlx::query(sql).bind(lane.pair.as_str()).bind(&lane.key).bind(lane.ticket);
    let held = match finish {
        Finish::Done => {
            let gone = of_lane(DONE).execute(&mut *tx).await?.rows_affected();
            if gone > 0 { gone } else { of_lane(DONE_BUT_WOKEN).execute(tx).await?.rows_affected() }
        }
        Finish::Again { not_before, reset_attempts } => {
            let attempts = if reset_attempts { 0 } else { i64::from(lane.attempts) + 1 };
            of_lane(AGAIN).bind(us(not_before)).bind(attempts).execute(tx).await?.rows_affected()
        }
        Finish::Paused { reason } => of_lane(PAUSE).bind(reason).execute(tx).await?.rows_affected(),
    };
    Ok(held > 0)
}

/// When the next waiting key is due.
///
/// # Errors
///
/// [`StoreError`].
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let micros: Option<i64> = sqlx::query(NEXT_DUE).fetch_one(store.readers()).await?.try_get(0)?;
    micros.map(|micros| Timestamp::from_microsecond(micros).map_err(|_| damaged("not_before"))).transpose()
}

/// At start: whoever worked on these keys is gone.
///
/// # Errors
///
/// [`StoreError`].
pub async fn release_all(tx: &mut Tx) -> Result<u64, StoreError> {
    Ok(sqlx::query(RELEASE_ALL).execute(tx).await?.rows_affected())
}

/// How many keys have work.
///
/// # Errors
///
/// [`StoreError`].
pub async fn depth(store: &Store) -> Result<LaneDepth, StoreError> {
    let mut depth = LaneDepth::default();
    for row in sqlx::query(DEPTH).fetch_all(store.readers()).await? {
        let (state, count): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let count = u64::try_from(count).unwrap_or(0);
        match state {
            0 => depth.waiting = count,
            1 => depth.busy = count,
            _ => depth.paused = count,
        }
    }
    Ok(depth)
}

/// Why a key is paused, if it is.
///
/// # Errors
///
/// [`StoreError`].
pub async fn paused_reason(store: &Store, pair: &PairId, key: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(REASON).bind(pair.as_str()).bind(key).fetch_optional(store.readers()).await?;
    Ok(row.map(|row| row.try_get::<Option<String>, _>(0)).transpose()?.flatten())
}

fn rank(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Interactive => 0,
        Urgency::Event => 1,
        Urgency::Backfill => 2,
    }
}

fn read(row: &Columns<'_>) -> Result<Claimed, StoreError> {
    let urgency = match row.int("urgency")? {
        0 => Urgency::Interactive,
        1 => Urgency::Event,
        2 => Urgency::Backfill,
        _ => return Err(damaged("urgency")),
    };
    Ok(Claimed {
        pair: row.parsed("pair", PairId::parse)?,
        key: row.text("key")?,
        urgency,
        attempts: row.count("attempts")?,
        ticket: row.int("ticket")?,
    })
}
