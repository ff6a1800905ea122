//! Quotas: token buckets that outlive the process (GCRA, one row and one statement per bucket).
//!
//! A bucket that was never seen begins with one token, not full: another process, or this one on another machine, may have
//! used it a minute ago. A tenth of each bucket, at least one token of five, is kept back for people.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{Limit, Permits, Urgency};
use sqlx::Row;

use crate::columns::us;
use crate::{Store, StoreError};

pub(crate) const TAKE: &str = "INSERT INTO bucket (name, tat_us, interval_us, burst, learned) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT) * CAST($4 AS BIGINT), $3, $4, 0) \
     ON CONFLICT (name) DO UPDATE SET tat_us = (CASE WHEN bucket.tat_us > $2 THEN bucket.tat_us ELSE $2 END) + bucket.interval_us \
     WHERE bucket.tat_us - $2 <= bucket.interval_us * (bucket.burst - 1 - $5) RETURNING tat_us";
pub(crate) const STATE: &str = "SELECT tat_us, interval_us, burst FROM bucket WHERE name = $1";
pub(crate) const LEARN: &str = "UPDATE bucket SET interval_us = $2, learned = 1, \
     tat_us = $3 + (CASE WHEN tat_us > $3 THEN (tat_us - $3) / (CASE WHEN interval_us > 0 THEN interval_us ELSE 1 END) * $2 ELSE 0 END) \
     WHERE name = $1 AND interval_us <> $2";
pub(crate) const DRAIN: &str = "INSERT INTO bucket (name, tat_us, interval_us, burst, learned) VALUES ($1, $2, $3, $4, 0) \
     ON CONFLICT (name) DO UPDATE SET tat_us = $5 + bucket.interval_us * (bucket.burst - 1)";

/// The buckets of a store.
pub struct StorePermits {
    store: Store,
    /// What was learned last, so that an answer that says nothing new costs no write.
    learned: Mutex<HashMap<String, Duration>>,
}

impl StorePermits {
    /// The buckets of `store`.
    pub fn new(store: Store) -> StorePermits {
        StorePermits { store, learned: Mutex::default() }
    }

    async fn state(&self, bucket: &str) -> Result<Option<(i64, i64, i64)>, StoreError> {
        let row = sqlx::query(STATE).bind(bucket).fetch_optional(self.store.readers()).await?;
        Ok(row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()?)
    }

    async fn try_take(
        &self,
        bucket: &str,
        limit: Limit,
        urgency: Urgency,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        let (name, now) = (bucket.to_owned(), us(self.store.clock().now()));
        let (interval, burst, kept) = (micros(limit.interval), i64::from(limit.burst), kept(limit.burst, urgency));
        let taken = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let query = sqlx::query(TAKE).bind(name).bind(now).bind(interval).bind(burst).bind(kept);
                    Ok(query.fetch_optional(tx).await?.is_some())
                })
            })
            .await?;
        if taken {
            return Ok(Ok(()));
        }
        let (tat, interval, burst) = self.state(bucket).await?.unwrap_or((now, interval, burst));
        let from = tat - interval * (burst - 1 - kept);
        Ok(Err(Timestamp::from_microsecond(from.max(now + 1)).unwrap_or(Timestamp::MAX)))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX).max(1)
}

fn kept(burst: u32, urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Interactive => 0,
        Urgency::Event | Urgency::Backfill if burst >= 5 => i64::from((burst / 10).max(1)),
        Urgency::Event | Urgency::Backfill => 0,
    }
}

#[async_trait]
impl Permits for StorePermits {
    async fn take(&self, bucket: &str, limit: Limit, urgency: Urgency) -> Result<(), Timestamp> {
        match self.try_take(bucket, limit, urgency).await {
            Ok(taken) => taken,
            Err(error) => {
                // Without the store nothing may be called: the call could not be remembered.
                tracing::error!("the quota of {bucket} cannot be counted: {error}");
                Err(clock::later(self.store.clock().now(), Duration::from_secs(5)))
            }
        }
    }

    async fn learn(&self, bucket: &str, interval: Duration) {
        {
            let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
            if learned.insert(bucket.to_owned(), interval) == Some(interval) {
                return;
            }
        }
        let (name, interval, now) = (bucket.to_owned(), micros(interval), us(self.store.clock().now()));
        let written = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query(LEARN).bind(name).bind(interval).bind(now).execute(tx).await?;
                    Ok(())
                })
            })
            .await;
        if let Err(error) = written {
            tracing::error!("the rate of {bucket} cannot be kept: {error}");
        }
    }

    async fn drain(&self, bucket: &str, limit: Limit, until: Timestamp) {
        let (interval, burst) = (micros(limit.interval), i64::from(limit.burst));
        let (name, until) = (bucket.to_owned(), us(until));
        let written = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let query = sqlx::query(DRAIN).bind(name).bind(until + interval * (burst - 1)).bind(interval);
                    query.bind(burst).bind(until).execute(tx).await?;
                    Ok(())
                })
            })
            .await;
        if let Err(error) = written {
            tracing::error!("the refusal of {bucket} cannot be kept: {error}");
        }
    }

    async fn level(&self, bucket: &str, limit: Limit) -> u32 {
        let now = us(self.store.clock().now());
        match self.state(bucket).await {
            Ok(Some((tat, interval, burst))) => {
                let used = (tat - now).max(0).div_euclid(interval.max(1));
                let partly = i64::from((tat - now).max(0).rem_euclid(interval.max(1)) > 0);
                let free = burst - used - partly - kept(limit.burst, Urgency::Event);
                u32::try_from(free).unwrap_or(0)
            }
            Ok(None) => 1,
            Err(_) => 0,
        }
    }
}
