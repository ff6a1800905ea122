//! Permits: the remote's quota as a token bucket that outlives the process.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// A token bucket: one token every `interval`, at most `burst` kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Time in which one token grows: 178.571 s for Amazon's `searchOrders`.
    pub interval: Duration,
    /// Tokens kept at most.
    pub burst: u32,
}

/// Who asks. Part of each bucket is kept back for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// A person waits for it.
    Interactive,
    /// A change on the marketplace.
    Event,
    /// History.
    Backfill,
}

/// Token buckets shared by all workers of a store and kept over restarts (GCRA, one row per bucket).
#[async_trait]
pub trait Permits: Send + Sync {
    /// Takes one token of `bucket`, or says when to come back. `limit` is used the first time; a learned rate wins later.
    ///
    /// # Errors
    ///
    /// The moment from which a token can be had. A refused permit is a timer, not a spin.
    async fn take(&self, bucket: &str, limit: Limit, urgency: Urgency) -> Result<(), Timestamp>;

    /// Adopts the rate that the remote stated in an answer (`x-amzn-RateLimit-Limit`).
    async fn learn(&self, bucket: &str, interval: Duration);

    /// Empties the bucket after a refusal by the remote (429): nobody tries before `until`.
    async fn drain(&self, bucket: &str, limit: Limit, until: Timestamp);

    /// Whole tokens that could be taken now.
    async fn level(&self, bucket: &str, limit: Limit) -> u32;
}
