//! The first page: how the day goes and what needs a person.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use store::{connections, lanes, orders, reviews};
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;
use crate::wire::{Connection, Money};

/// Days of the books are British days.
const DAY_ZONE: &str = "Europe/London";
/// Minutes of throughput.
const MINUTES: u32 = 60;

/// How the day goes.
#[derive(Serialize, ToSchema)]
pub(crate) struct Overview {
    /// The day in the United Kingdom.
    #[schema(format = Date)]
    day: String,
    /// Orders placed on that day.
    orders: OrderCounts,
    /// Value on its way or waiting for a person, per currency, of all days.
    value_unposted: Vec<Money>,
    /// The oldest change that is not posted, of all days.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    oldest_unposted_at: Option<Timestamp>,
    /// From ready to invoiced, of invoices confirmed on that day.
    latency_ms: Latency,
    /// Invoices confirmed in each of the last 60 minutes, the oldest first.
    throughput: Vec<Minute>,
    /// What waits for a person.
    open_items: OpenItems,
    /// Orders with work to do.
    lanes: Lanes,
    /// The accounts at both remotes.
    connections: Vec<Connection>,
    /// The live event that this answer is as new as.
    event_id: i64,
}

/// Orders of the day by stage.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct OrderCounts {
    /// All of them.
    r#in: u64,
    invoiced: u64,
    waiting: u64,
    invoicing: u64,
    nothing_to_do: u64,
    review: u64,
    failed: u64,
}

/// Milliseconds within which that part of the orders was done; null if there was none.
#[derive(Serialize, ToSchema)]
pub(crate) struct Latency {
    #[schema(required)]
    p50: Option<u64>,
    #[schema(required)]
    p95: Option<u64>,
    #[schema(required)]
    p99: Option<u64>,
}

/// Invoices of one minute.
#[derive(Serialize, ToSchema)]
pub(crate) struct Minute {
    /// 0 began 60 minutes ago, 59 ends now.
    minute: u32,
    invoiced: u64,
}

/// Open items by kind.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenItems {
    review: u64,
    r#break: u64,
    dead_letter: u64,
}

/// How many orders have work.
#[derive(Serialize, ToSchema)]
pub(crate) struct Lanes {
    /// Waiting for their time or a worker.
    waiting: u64,
    /// Being worked on.
    busy: u64,
    /// Waiting for a person.
    paused: u64,
}

/// How the day goes.
#[utoipa::path(get, path = "/overview", tag = "overview", operation_id = "overview", responses(
    (status = 200, body = Overview),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn overview(State(app): State<App>) -> Result<Json<Overview>, Problem> {
    let store = &app.services.store;
    // Before anything is read: what is committed meanwhile raises another event.
    let event_id = app.event_id();
    let now = app.services.clock.now();
    let (day, from, to) = day_of(now)?;
    let numbers = orders::overview(store, from, to).await?;
    let hour_ago = now.checked_sub(Duration::from_secs(u64::from(MINUTES) * 60)).unwrap_or(Timestamp::MIN);
    let minutes = orders::throughput(store, hour_ago).await?;
    let open = reviews::counts(store).await?;
    let open = |kind: reviews::Kind| open.get(kind.as_str()).copied().unwrap_or(0);
    let depth = lanes::depth(store).await?;
    Ok(Json(Overview {
        day,
        orders: counts(&numbers.stages),
        value_unposted: numbers.value_unposted.into_iter().map(Money::from).collect(),
        oldest_unposted_at: numbers.oldest_unposted,
        latency_ms: Latency {
            p50: percentile(&numbers.latencies_ms, 50),
            p95: percentile(&numbers.latencies_ms, 95),
            p99: percentile(&numbers.latencies_ms, 99),
        },
        throughput: (0..MINUTES).map(|minute| Minute { minute, invoiced: of_minute(&minutes, minute) }).collect(),
        open_items: OpenItems {
            review: open(reviews::Kind::Review),
            r#break: open(reviews::Kind::Break),
            dead_letter: open(reviews::Kind::DeadLetter),
        },
        lanes: Lanes { waiting: depth.waiting, busy: depth.busy, paused: depth.paused },
        connections: connections::list(store).await?.into_iter().map(Connection::from).collect(),
        event_id,
    }))
}

/// The British day of a moment, and when it begins and ends.
fn day_of(now: Timestamp) -> Result<(String, Timestamp, Timestamp), Problem> {
    let failed = |error: jiff::Error| {
        tracing::error!("the day cannot be told: {error}");
        Problem::internal()
    };
    let day = now.to_zoned(TimeZone::get(DAY_ZONE).map_err(failed)?);
    let from = day.start_of_day().map_err(failed)?;
    let to = from.checked_add(1.day()).map_err(failed)?;
    Ok((day.date().to_string(), from.timestamp(), to.timestamp()))
}

fn counts(stages: &[(orders::Stage, u64)]) -> OrderCounts {
    let mut counts = OrderCounts::default();
    for (stage, count) in stages {
        counts.r#in += count;
        let of_stage = match stage {
            orders::Stage::Waiting => &mut counts.waiting,
            orders::Stage::Invoicing => &mut counts.invoicing,
            orders::Stage::Invoiced => &mut counts.invoiced,
            orders::Stage::NothingToDo => &mut counts.nothing_to_do,
            orders::Stage::Review => &mut counts.review,
            orders::Stage::Failed => &mut counts.failed,
        };
        *of_stage += count;
    }
    counts
}

fn of_minute(minutes: &[(u32, u64)], minute: u32) -> u64 {
    // What is confirmed at this very moment would begin a minute 60.
    minutes.iter().filter(|(at, _)| (*at).min(MINUTES - 1) == minute).map(|(_, count)| count).sum()
}

/// The smallest value that at least `percent` of the sorted values do not exceed (nearest rank).
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[7], 99), Some(7));
        let sorted: Vec<u64> = (1..=200).collect();
        assert_eq!([50, 95, 99].map(|percent| percentile(&sorted, percent)), [Some(100), Some(190), Some(198)]);
    }

    #[test]
    fn a_day_in_summer_begins_an_hour_before_utc_does() {
        let (day, from, to) = day_of("2026-07-01T23:30:00Z".parse().unwrap()).unwrap();
        assert_eq!((day.as_str(), from.to_string().as_str()), ("2026-07-02", "2026-07-01T23:00:00Z"));
        assert_eq!(to.to_string(), "2026-07-02T23:00:00Z");
    }

    #[test]
    fn an_invoice_of_this_very_moment_counts_to_the_last_minute() {
        assert_eq!(of_minute(&[(59, 2), (60, 1)], 59), 3);
        assert_eq!(of_minute(&[(59, 2), (60, 1)], 0), 0);
    }
}
