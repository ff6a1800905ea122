//! Amazon's quotas: one token bucket for each operation, application and seller, and what to do when one is empty.
//!
//! The buckets live in [`Permits`] (they outlive the process); here is the table of default rates and the back-off after a
//! 429, which comes without `Retry-After`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clock::{Clock, later};
use jiff::Timestamp;
use ports::{ConnectorError, Limit, Permits, System, Urgency};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sha2::{Digest, Sha256};

/// Longest wait after a 429.
const WAIT_MAX: Duration = Duration::from_secs(600);

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $text:literal $interval_us:literal $burst:literal $owner:ident),* $(,)?) => {
        /// An operation with a quota of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation { $($(#[$doc])* $name),* }

        impl Operation {
            /// All operations.
            pub const ALL: &'static [Operation] = &[$(Operation::$name),*];

            /// The name in bucket names and messages.
            pub fn name(self) -> &'static str {
                match self { $(Operation::$name => $text),* }
            }

            /// The default quota: time for one token (microseconds in the table) and tokens kept.
            pub fn limit(self) -> Limit {
                match self { $(Operation::$name => Limit { interval: Duration::from_micros($interval_us), burst: $burst }),* }
            }

            fn owner(self) -> Owner {
                match self { $(Operation::$name => Owner::$owner),* }
            }
        }
    };
}

enum Owner {
    Seller,
    Application,
}

operations! {
    /// `searchOrders`, 0.0056 a second: a page of 100 orders every 178.6 s.
    SearchOrders "orders2026.searchOrders" 178_571_429 20 Seller,
    /// `getOrder` 2026, 0.5 a second.
    GetOrder "orders2026.getOrder" 2_000_000 30 Seller,
    /// v0 `getOrders`, 0.0167 a second.
    V0GetOrders "ordersV0.getOrders" 59_880_240 20 Seller,
    /// v0 `getOrder`, 0.5 a second.
    V0GetOrder "ordersV0.getOrder" 2_000_000 30 Seller,
    /// v0 `getOrderItems`, 0.5 a second.
    V0GetOrderItems "ordersV0.getOrderItems" 2_000_000 30 Seller,
    /// `createReport`, 0.0167 a second.
    CreateReport "reports.createReport" 59_880_240 15 Seller,
    /// `getReport`, 2 a second.
    GetReport "reports.getReport" 500_000 15 Seller,
    /// `getReports`, 0.0222 a second.
    GetReports "reports.getReports" 45_045_046 10 Seller,
    /// `getReportDocument`, 0.0167 a second.
    GetReportDocument "reports.getReportDocument" 59_880_240 15 Seller,
    /// `listTransactions` 2024-06-19, 0.5 a second.
    ListTransactions "finances2024.listTransactions" 2_000_000 10 Seller,
    /// `listSummary`, 0.5 a second.
    ListSummary "finances2024.listSummary" 2_000_000 10 Seller,
    /// `listBalances`, 0.5 a second.
    ListBalances "finances2024.listBalances" 2_000_000 10 Seller,
    /// `listPayouts`, 0.5 a second.
    ListPayouts "transfers.listPayouts" 2_000_000 10 Seller,
    /// Subscriptions of a seller, 1 a second.
    Subscriptions "notifications.subscriptions" 1_000_000 5 Seller,
    /// Destinations of the application, 1 a second.
    Destinations "notifications.destinations" 1_000_000 5 Application,
    /// `createRestrictedDataToken`, 1 a second.
    RestrictedToken "tokens.createRestrictedDataToken" 1_000_000 10 Seller,
    /// `getMarketplaceParticipations`, 0.016 a second.
    Participations "sellers.getMarketplaceParticipations" 62_500_000 15 Seller,
}

/// The quotas of one seller, application and region.
#[derive(Clone)]
pub struct Throttle {
    permits: Arc<dyn Permits>,
    clock: Clock,
    seller: String,
    application: String,
    seen: Arc<Mutex<HashMap<Operation, Seen>>>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    rate: Option<Duration>,
    refusals: u32,
    not_before: Option<Timestamp>,
}

impl Throttle {
    /// Quotas of `seller_id` for the application `client_id` on `host`.
    pub fn new(permits: Arc<dyn Permits>, clock: Clock, seller_id: &str, client_id: &str, host: &str) -> Throttle {
        let digest = Sha256::digest(format!("{client_id}\n{host}"));
        let application: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Throttle { permits, clock, seller: seller_id.to_owned(), application, seen: Arc::default() }
    }

    /// Name of the bucket of `operation`.
    pub fn bucket(&self, operation: Operation) -> String {
        match operation.owner() {
            Owner::Seller => format!("amazon/{}/{}/{}", self.application, self.seller, operation.name()),
            Owner::Application => format!("amazon/{}/-/{}", self.application, operation.name()),
        }
    }

    /// Takes one token.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Throttled`] until the next token.
    pub async fn take(&self, operation: Operation, urgency: Urgency) -> Result<(), ConnectorError> {
        let taken = self.permits.take(&self.bucket(operation), operation.limit(), urgency).await;
        taken.map_err(|until| {
            self.with(operation, |seen| seen.not_before = Some(until));
            ConnectorError::Throttled { system: System::Amazon, until }
        })
    }

    /// Tokens that a change may take now. 0 while a refusal lasts, whatever the bucket says.
    pub async fn level(&self, operation: Operation, now: Timestamp) -> u32 {
        if self.with(operation, |seen| seen.not_before.is_some_and(|until| until > now)) {
            return 0;
        }
        self.permits.level(&self.bucket(operation), operation.limit()).await
    }

    /// Adopts the rate of an answer's header (`x-amzn-RateLimit-Limit`, requests per second as decimal text).
    pub async fn learn(&self, operation: Operation, header: Option<&str>) {
        let known = self.with(operation, |seen| {
            seen.refusals = 0;
            seen.rate
        });
        let Some(interval) = header.and_then(interval_of) else { return };
        if known != Some(interval) {
            self.with(operation, |seen| seen.rate = Some(interval));
            self.permits.learn(&self.bucket(operation), interval).await;
        }
    }

    /// After a 429: empties the bucket and says when to come back: max(1/rate, 2ⁿ s) plus up to a fifth, 10 minutes at most.
    pub async fn refused(&self, operation: Operation, retry_after: Option<Duration>) -> ConnectorError {
        let now = self.clock.now();
        let seen = self.with(operation, |seen| {
            seen.refusals = seen.refusals.saturating_add(1);
            *seen
        });
        let interval = seen.rate.unwrap_or(operation.limit().interval);
        let doubling = Duration::from_secs(1 << seen.refusals.min(10));
        let wait = interval.max(doubling).max(retry_after.unwrap_or_default());
        let wait =
            (wait + jitter(wait, &self.bucket(operation), now)).min(WAIT_MAX.max(retry_after.unwrap_or_default()));
        let until = later(now, wait);
        self.with(operation, |seen| seen.not_before = Some(until));
        self.permits.drain(&self.bucket(operation), operation.limit(), until).await;
        ConnectorError::Throttled { system: System::Amazon, until }
    }

    fn with<T>(&self, operation: Operation, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(self.seen.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default())
    }
}

/// Up to a fifth of `wait`, drawn from the bucket and the moment: spread between sellers, equal in equal simulations.
fn jitter(wait: Duration, bucket: &str, now: Timestamp) -> Duration {
    let mut hasher = DefaultHasher::new();
    (bucket, now.as_microsecond()).hash(&mut hasher);
    wait / 5 * u32::from(hasher.finish() as u8) / 255
}

/// `"0.0056"` requests a second → 178.571 s. `None` for anything that is not a positive decimal.
fn interval_of(header: &str) -> Option<Duration> {
    let rate: Decimal = header.trim().parse().ok()?;
    let micros = Decimal::from(1_000_000).checked_div(rate)?.round().to_u64()?;
    (1_000..=86_400_000_000).contains(&micros).then(|| Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_header_becomes_the_time_of_one_token() {
        assert_eq!(interval_of("0.5"), Some(Duration::from_secs(2)));
        assert_eq!(interval_of(" 0.0056 "), Some(Duration::from_micros(178_571_429)));
        assert_eq!(interval_of("2.0"), Some(Duration::from_millis(500)));
        for nonsense in ["0", "-1", "fast", "", "1e300", "0.00000000001"] {
            assert_eq!(interval_of(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn jitter_is_at_most_a_fifth_and_the_same_for_the_same_moment() {
        let wait = Duration::from_secs(100);
        for second in 0..200 {
            let now = Timestamp::from_second(second).unwrap();
            let drawn = jitter(wait, "bucket", now);
            assert!(drawn <= wait / 5);
            assert_eq!(drawn, jitter(wait, "bucket", now));
        }
    }
}
