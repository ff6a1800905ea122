//! The observer: asks the planner how to look, looks, and turns what it saw into facts that make their orders due.
//!
//! Facts, the orders they wake and the cursor of the listing are committed together. A crash between a call and its commit
//! costs that call, nothing else.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use model::{OrderId, PairId};
use ports::{BacklogSituation, BulkJob, BulkState, ChangeQuery, ConnectorError, Look, Observed, System, Urgency};
use store::lanes::Wake;
use store::{Store, StoreError, cursors, facts, hints, lanes, reviews};

use crate::deliver::pause;
use crate::pair::Pair;
use crate::{Settings, backoff};

const WATERMARK: &str = "orders.watermark";
const LAST_SWEEP: &str = "orders.last_sweep";
const SWEEP: &str = "orders.sweep";
const BULK: &str = "orders.bulk";

/// Shortest pause after any refusal: a planner that is wrong about a bucket must not make the loop spin.
const PAUSE_MIN: Duration = Duration::from_millis(200);

/// Looks until the future is dropped. `woke` is called after each commit that made orders due.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair, woke: impl Fn()) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut failures = 0;
    loop {
        let busy = clock.busy();
        let until = match next_look(store, settings, pair, &woke).await? {
            Looked::Something => {
                failures = 0;
                continue;
            }
            Looked::Rest(until) => {
                failures = 0;
                until
            }
            // Only one bucket is empty: the planner knows it now and uses the others.
            Looked::Failed(ConnectorError::Throttled { .. }) => clock::later(clock.now(), PAUSE_MIN),
            Looked::Failed(error) => {
                failures += 1;
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    pause(store, pair, System::Amazon, &error).await?;
                } else {
                    tracing::warn!(code = error.code(), pair = %pair.id(), "looking at the marketplace failed: {error}");
                }
                clock::later(clock.now(), backoff::pause(settings, "observe", failures))
            }
        };
        drop(busy);
        tokio::select! {
            () = pair.look.notified() => {}
            () = clock.sleep_until(until) => {}
        }
    }
}

enum Looked {
    Something,
    Rest(Timestamp),
    Failed(ConnectorError),
}

async fn next_look(store: &Store, settings: &Settings, pair: &Pair, woke: &impl Fn()) -> Result<Looked, StoreError> {
    let now = store.clock().now();
    if pair.is_paused(System::Amazon) {
        // Resuming the connection notifies `pair.look`; the long sleep is only a safety net.
        return Ok(Looked::Rest(clock::later(now, Duration::from_secs(3_600))));
    }
    if let Some(job) = read_cursor::<BulkJob>(store, pair, BULK).await? {
        return step_bulk(store, pair, job, woke).await;
    }
    let situation = situation(store, pair, now).await?;
    match pair.setup.marketplace.plan(&situation).await {
        Look::Single { at_most } => {
            let at_most = at_most.clamp(1, settings.reads_in_flight.max(1));
            let pending = match situation.sweep_under_way {
                Some(_) => hints::newest(store, pair.id(), now, at_most).await?,
                None => hints::pending(store, pair.id(), now, at_most).await?,
            };
            read_hinted(store, pair, pending, now, woke).await
        }
        Look::Page(query) => read_page(store, pair, query, &situation, woke).await,
        Look::Bulk(job) => {
            write_cursors(store, pair, vec![(BULK, to_text(&job)?)]).await?;
            Ok(Looked::Something)
        }
        Look::Rest { until } => Ok(Looked::Rest(until)),
    }
}

async fn situation(store: &Store, pair: &Pair, now: Timestamp) -> Result<BacklogSituation, StoreError> {
    let (hinted, oldest_hint) = hints::due(store, pair.id(), now).await?;
    Ok(BacklogSituation {
        now,
        hinted,
        oldest_hint,
        watermark: read_cursor(store, pair, WATERMARK).await?.unwrap_or(pair.setup.history_from),
        last_sweep: read_cursor(store, pair, LAST_SWEEP).await?,
        sweep_under_way: read_cursor::<ChangeQuery>(store, pair, SWEEP).await?,
        has_hints: pair.setup.marketplace.has_hints(),
        orders_per_day: None,
    })
}

async fn read_hinted(
    store: &Store,
    pair: &Pair,
    pending: Vec<hints::Pending>,
    now: Timestamp,
    woke: &impl Fn(),
) -> Result<Looked, StoreError> {
    if pending.is_empty() {
        return Ok(Looked::Rest(clock::later(now, Duration::from_secs(60))));
    }
    let reads = pending.iter().map(|hint| pair.setup.marketplace.order(&hint.order, Urgency::Event));
    let mut seen = Vec::new();
    let mut gone = Vec::new();
    let mut failure = None;
    for (hint, read) in pending.iter().zip(join_all(reads).await) {
        match read {
            Ok(observed) => seen.push(observed),
            Err(ConnectorError::NotFound { .. } | ConnectorError::Malformed { .. }) => gone.push(hint.clone()),
            Err(error) => failure = Some(error),
        }
    }
    let progressed = !seen.is_empty() || !gone.is_empty();
    let settled = versions(&seen);
    // An answer older than its hint came from a replica that lags: look again later.
    let stale = |hint: &hints::Pending| {
        settled.iter().any(|(order, version)| *order == hint.order && *version < hint.changed_at)
    };
    gone.extend(pending.iter().filter(|hint| stale(hint)).cloned());
    let deferred: Vec<(OrderId, Timestamp)> = gone
        .into_iter()
        .map(|hint| {
            let wait = NOT_THERE_YET.get(hint.attempts as usize).unwrap_or(&21_600);
            (hint.order, clock::later(now, Duration::from_secs(*wait)))
        })
        .collect();
    commit(store, pair, seen, Vec::new(), settled, deferred, None).await?;
    woke();
    match failure {
        Some(error) if !progressed || matches!(error, ConnectorError::Unauthorized { .. }) => Ok(Looked::Failed(error)),
        _ => Ok(Looked::Something),
    }
}

/// A change and the update time of its order are stamped by different machines: this much apart they are the same change.
const STAMP_SKEW: Duration = Duration::from_secs(5);

fn versions(seen: &[Observed]) -> Vec<(OrderId, Timestamp)> {
    seen.iter()
        .filter_map(|observed| {
            Some((OrderId::parse(&observed.external_id).ok()?, clock::later(observed.version, STAMP_SKEW)))
        })
        .collect()
}

/// Schedule B (facts: reliability §5): an order that a hint names may become visible later.
const NOT_THERE_YET: &[u64] = &[60, 300, 900, 3_600, 21_600];

async fn read_page(
    store: &Store,
    pair: &Pair,
    query: ChangeQuery,
    situation: &BacklogSituation,
    woke: &impl Fn(),
) -> Result<Looked, StoreError> {
    let page = match pair.setup.marketplace.changes(&query, Urgency::Event).await {
        Ok(page) => page,
        // The page token died or was refused: begin the listing again from the watermark.
        Err(error @ (ConnectorError::Rejected { .. } | ConnectorError::NotFound { .. }))
            if query.page_token.is_some() =>
        {
            write_cursors(store, pair, vec![(SWEEP, String::new())]).await?;
            return Ok(Looked::Failed(error));
        }
        Err(error) => return Ok(Looked::Failed(error)),
    };
    let settled = versions(&page.orders);
    let mut marks = Vec::new();
    let mut covered = None;
    match page.next {
        Some(token) => marks.push((SWEEP, to_text(&ChangeQuery { page_token: Some(token), ..query })?)),
        None => {
            marks.push((SWEEP, String::new()));
            marks.push((LAST_SWEEP, to_text(&situation.now)?));
            if page.up_to > situation.watermark {
                marks.push((WATERMARK, to_text(&page.up_to)?));
            }
            covered = Some(page.up_to);
        }
    }
    commit_page(store, pair, page.orders, page.unreadable, settled, marks, covered).await?;
    woke();
    Ok(Looked::Something)
}

async fn step_bulk(store: &Store, pair: &Pair, job: BulkJob, woke: &impl Fn()) -> Result<Looked, StoreError> {
    let (state, orders) = match pair.setup.marketplace.bulk(&job).await {
        Ok(step) => step,
        Err(error) => return Ok(Looked::Failed(error)),
    };
    let now = store.clock().now();
    let mut marks = Vec::new();
    let mut rest = None;
    match &state {
        BulkState::Done => {
            marks.push((BULK, String::new()));
            marks.push((WATERMARK, to_text(&job.to)?));
            marks.push((LAST_SWEEP, to_text(&now)?));
        }
        BulkState::Failed { reason } => {
            tracing::warn!(pair = %pair.id(), "the order report failed ({reason}); listings take over");
            marks.push((BULK, String::new()));
            marks.push((LAST_SWEEP, to_text(&now)?));
        }
        waiting => {
            if *waiting == job.state {
                rest = Some(clock::later(now, Duration::from_secs(30)));
            }
            marks.push((BULK, to_text(&BulkJob { state: state.clone(), ..job.clone() })?));
        }
    }
    commit_page(store, pair, orders, Vec::new(), Vec::new(), marks, None).await?;
    woke();
    Ok(rest.map_or(Looked::Something, Looked::Rest))
}

type Marks = Vec<(&'static str, String)>;

async fn commit_page(
    store: &Store,
    pair: &Pair,
    orders: Vec<Observed>,
    unreadable: Vec<ports::Parked>,
    settled: Vec<(OrderId, Timestamp)>,
    marks: Marks,
    covered: Option<Timestamp>,
) -> Result<(), StoreError> {
    let cursor = Cursor { marks, covered };
    commit(store, pair, orders, unreadable, settled, Vec::new(), Some(cursor)).await
}

struct Cursor {
    marks: Marks,
    covered: Option<Timestamp>,
}

async fn commit(
    store: &Store,
    pair: &Pair,
    orders: Vec<Observed>,
    unreadable: Vec<ports::Parked>,
    settled: Vec<(OrderId, Timestamp)>,
    deferred: Vec<(OrderId, Timestamp)>,
    cursor: Option<Cursor>,
) -> Result<(), StoreError> {
    let (id, now) = (pair.id().clone(), store.clock().now());
    let vault = store.vault();
    let buyer_until = clock::later(now, Duration::from_secs(u64::from(pair.setup.buyer_days) * 86_400));
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut wakes = Vec::new();
                for observed in orders {
                    let fact = facts::NewFact {
                        pair: id.clone(),
                        kind: observed.kind,
                        external_id: observed.external_id.clone(),
                        version: observed.version,
                        payload: observed.payload,
                        buyer: observed.buyer,
                        observed_at: now,
                        buyer_until,
                    };
                    if let facts::Recorded::New(_) = facts::record(tx, &vault, &fact).await? {
                        let key = format!("order/{}", observed.external_id);
                        wakes.push(Wake { pair: id.clone(), key, urgency: Urgency::Event, not_before: now });
                    }
                }
                lanes::wake(tx, &wakes).await?;
                for parked in unreadable {
                    reviews::open(tx, &unreadable_review(&id, &parked, now)).await?;
                }
                for (order, version) in settled {
                    hints::settle(tx, &id, &order, version).await?;
                }
                for (order, not_before) in deferred {
                    hints::defer(tx, &id, &order, not_before).await?;
                }
                if let Some(cursor) = cursor {
                    for (name, value) in cursor.marks {
                        cursors::set(tx, &id, name, &value).await?;
                    }
                    if let Some(up_to) = cursor.covered {
                        hints::settle_up_to(tx, &id, up_to).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

fn unreadable_review(pair: &PairId, parked: &ports::Parked, at: Timestamp) -> reviews::NewReview {
    reviews::NewReview {
        pair: pair.clone(),
        subject: format!("listing/{}", parked.path),
        code: parked.code.clone(),
        kind: reviews::Kind::DeadLetter,
        title: "An order in a listing could not be read".to_owned(),
        reason: parked.reason.clone(),
        fix: parked.fix.clone(),
        path: Some(parked.path.clone()),
        amount: None,
        source: "listing",
        at,
    }
}

/// Whether a listing of the pair is under way, or none has ever come to its end.
pub(crate) async fn is_listing(store: &Store, pair: &PairId) -> Result<bool, StoreError> {
    let under_way = |value: &Option<String>| value.as_ref().is_some_and(|text| !text.is_empty());
    let (sweep, bulk) = (cursors::get(store, pair, SWEEP).await?, cursors::get(store, pair, BULK).await?);
    Ok(under_way(&sweep) || under_way(&bulk) || !under_way(&cursors::get(store, pair, LAST_SWEEP).await?))
}

async fn read_cursor<T: serde::de::DeserializeOwned>(
    store: &Store,
    pair: &Pair,
    name: &str,
) -> Result<Option<T>, StoreError> {
    match cursors::get(store, pair.id(), name).await? {
        Some(text) if !text.is_empty() => {
            serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Bad(format!("cursor {name}: {error}")))
        }
        _ => Ok(None),
    }
}

async fn write_cursors(store: &Store, pair: &Pair, marks: Marks) -> Result<(), StoreError> {
    let id = pair.id().clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                for (name, value) in marks {
                    cursors::set(tx, &id, name, &value).await?;
                }
                Ok(())
            })
        })
        .await
}

fn to_text<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Bad(error.to_string()))
}
