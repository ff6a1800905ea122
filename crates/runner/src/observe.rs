//! The observer: asks the planner how to look, looks, and turns what it saw into facts that make their orders due.
//!
//! Facts, the orders they wake and the cursor of the listing are committed together. A crash between a call and its commit
//! costs that call, nothing else.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use model::{OrderId, PairId};
use ports::{
    BacklogSituation, BulkJob, BulkState, BulkStep, ChangeQuery, ConnectorError, Discovered, Look, Named, Observed,
    System, Urgency,
};
use store::lanes::Wake;
use store::{Store, StoreError, cursors, facts, hints, lanes, reviews};

use crate::backlog::{
    BULK, Backlog, LAST_BULK, LAST_SWEEP, LISTED, Marks, NAMED, SWEEP, WATERMARK, read_cursor, to_text, write_cursors,
};
use crate::deliver::pause;
use crate::pair::Pair;
use crate::{Settings, backoff};

/// Shortest pause after any refusal: a planner that is wrong about a bucket must not make the loop spin.
const PAUSE_MIN: Duration = Duration::from_millis(200);

/// Looks until the future is dropped. `woke` is called after each commit that made orders due.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair, woke: impl Fn()) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut failures = 0;
    let mut backlog = Backlog::default();
    loop {
        let busy = clock.busy();
        let until = match next_look(store, settings, pair, &mut backlog, &woke).await? {
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

async fn next_look(
    store: &Store,
    settings: &Settings,
    pair: &Pair,
    backlog: &mut Backlog,
    woke: &impl Fn(),
) -> Result<Looked, StoreError> {
    let now = store.clock().now();
    if pair.is_paused(System::Amazon) {
        // Resuming the connection notifies `pair.look`; the long sleep is only a safety net.
        return Ok(Looked::Rest(clock::later(now, Duration::from_secs(3_600))));
    }
    let job = read_cursor::<BulkJob>(store, pair.id(), BULK).await?;
    if let Some(job) = job.clone().filter(|_| backlog.next_bulk_look <= now) {
        return step_bulk(store, pair, backlog, job, woke).await;
    }
    let situation = backlog.situation(store, pair, now, job.is_some()).await?;
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
        Look::Names(query) => read_names(store, pair, backlog, query, situation.named).await,
        Look::Listed { up_to } => {
            // What changed after `up_to` is listed at once: the schedule counts from there.
            let marks = vec![
                (SWEEP, String::new()),
                (LISTED, String::new()),
                (NAMED, String::new()),
                (WATERMARK, to_text(&up_to)?),
                (LAST_SWEEP, to_text(&up_to)?),
            ];
            write_cursors(store, pair, marks).await?;
            Ok(Looked::Something)
        }
        Look::Bulk(job) => {
            backlog.next_bulk_look = now;
            write_cursors(store, pair, vec![(BULK, to_text(&job)?), (LAST_BULK, to_text(&now)?)]).await?;
            Ok(Looked::Something)
        }
        Look::Rest { until } if job.is_some() => Ok(Looked::Rest(until.min(backlog.next_bulk_look))),
        Look::Rest { until } => Ok(Looked::Rest(until)),
    }
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
    commit(store, pair, News { orders: seen, settled, deferred, ..News::default() }).await?;
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
            write_cursors(store, pair, vec![(SWEEP, String::new()), (LISTED, String::new())]).await?;
            return Ok(Looked::Failed(error));
        }
        Err(error) => return Ok(Looked::Failed(error)),
    };
    let settled = versions(&page.orders);
    let listed = page.orders.iter().map(|order| order.version).max().max(situation.listed_until);
    let mut marks = Vec::new();
    let mut covered = None;
    match page.next {
        Some(token) => {
            marks.push((SWEEP, to_text(&ChangeQuery { page_token: Some(token), ..query })?));
            marks.push((LISTED, listed.map(|at| to_text(&at)).transpose()?.unwrap_or_default()));
        }
        None => {
            marks.extend([SWEEP, LISTED, NAMED].map(|name| (name, String::new())));
            marks.push((LAST_SWEEP, to_text(&situation.now)?));
            if page.up_to > situation.watermark {
                marks.push((WATERMARK, to_text(&page.up_to)?));
            }
            covered = Some(page.up_to);
        }
    }
    let news = News { orders: page.orders, unreadable: page.unreadable, settled, marks, covered, ..News::default() };
    commit(store, pair, news).await?;
    woke();
    Ok(Looked::Something)
}

/// Reads one page of names. Whatever goes wrong but a wait, names are done without for a while: they only save time.
async fn read_names(
    store: &Store,
    pair: &Pair,
    backlog: &mut Backlog,
    query: ChangeQuery,
    named: Option<Named>,
) -> Result<Looked, StoreError> {
    let page = match pair.setup.marketplace.names(&query).await {
        Ok(page) => page,
        Err(error @ ConnectorError::Throttled { .. }) => return Ok(Looked::Failed(error)),
        // Also a refusal of the credentials: it may be about this list alone. If not, the next real call tells.
        Err(error) => {
            tracing::info!(pair = %pair.id(), "orders cannot be listed by name ({error}); the listing goes on without");
            backlog.without_names(store.clock().now());
            let kept = named.filter(|named| named.from < named.until);
            let kept = kept.map(|named| to_text(&Named { listing: None, ..named })).transpose()?;
            write_cursors(store, pair, vec![(NAMED, kept.unwrap_or_default())]).await?;
            return Ok(Looked::Something);
        }
    };
    let upper = query.changed_before.unwrap_or(query.changed_after);
    let (from, until) = named.map_or((upper, upper), |named| (named.from, named.until));
    let named = match page.next {
        Some(token) => Named { from, until, listing: Some(ChangeQuery { page_token: Some(token), ..query }) },
        None => Named { from: query.changed_after, until, listing: None },
    };
    let marks = vec![(NAMED, to_text(&named)?)];
    commit(store, pair, News { discovered: page.orders, marks, ..News::default() }).await?;
    Ok(Looked::Something)
}

/// How often a report that is being made is looked at.
const BULK_LOOK: Duration = Duration::from_secs(30);

async fn step_bulk(
    store: &Store,
    pair: &Pair,
    backlog: &mut Backlog,
    job: BulkJob,
    woke: &impl Fn(),
) -> Result<Looked, StoreError> {
    let BulkStep { state, orders, discovered } = match pair.setup.marketplace.bulk(&job).await {
        Ok(step) => step,
        Err(error) => {
            // The report waits; pages and single reads go on meanwhile.
            let wait = clock::later(store.clock().now(), BULK_LOOK);
            backlog.next_bulk_look = match &error {
                ConnectorError::Throttled { until, .. } => wait.max(*until),
                _ => wait,
            };
            return Ok(Looked::Failed(error));
        }
    };
    let now = store.clock().now();
    let mut marks = Vec::new();
    match &state {
        BulkState::Done => {
            let known = read_cursor::<Named>(store, pair.id(), NAMED).await?.filter(|known| known.from <= job.to);
            let until = known.map_or(job.to, |known| known.until.max(job.to));
            marks.push((BULK, String::new()));
            // Not the watermark: orders that are only named are still to be read, by pages from one end and singly from the other.
            marks.push((NAMED, to_text(&Named { from: job.from, until, listing: None })?));
        }
        BulkState::Failed { reason } => {
            tracing::warn!(pair = %pair.id(), "the order report failed ({reason}); listings take over");
            marks.extend([(BULK, String::new()), (LAST_BULK, to_text(&now)?)]);
        }
        waiting => {
            if *waiting == job.state {
                backlog.next_bulk_look = clock::later(now, BULK_LOOK);
            }
            marks.push((BULK, to_text(&BulkJob { state: state.clone(), ..job.clone() })?));
        }
    }
    commit(store, pair, News { orders, discovered, marks, ..News::default() }).await?;
    woke();
    Ok(Looked::Something)
}

/// What a look brought, to be committed together.
#[derive(Default)]
struct News {
    orders: Vec<Observed>,
    discovered: Vec<Discovered>,
    unreadable: Vec<ports::Parked>,
    settled: Vec<(OrderId, Timestamp)>,
    deferred: Vec<(OrderId, Timestamp)>,
    marks: Marks,
    /// Everything that changed up to here has been seen.
    covered: Option<Timestamp>,
}

async fn commit(store: &Store, pair: &Pair, news: News) -> Result<(), StoreError> {
    let (id, now) = (pair.id().clone(), store.clock().now());
    let vault = store.vault();
    let buyer_until = clock::later(now, Duration::from_secs(u64::from(pair.setup.buyer_days) * 86_400));
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut wakes = Vec::new();
                for observed in news.orders {
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
                for parked in news.unreadable {
                    reviews::open(tx, &unreadable_review(&id, &parked, now)).await?;
                }
                for (order, version) in news.settled {
                    hints::settle(tx, &id, &order, version).await?;
                }
                for (order, not_before) in news.deferred {
                    hints::defer(tx, &id, &order, not_before).await?;
                }
                for found in news.discovered {
                    let known_from = found.changed_at.saturating_sub(STAMP_SKEW).unwrap_or(Timestamp::MIN);
                    hints::name(tx, &id, &found.order, found.changed_at, known_from, now).await?;
                }
                for (name, value) in news.marks {
                    cursors::set(tx, &id, name, &value).await?;
                }
                if let Some(up_to) = news.covered {
                    hints::settle_up_to(tx, &id, up_to).await?;
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

#[cfg(test)]
mod tests;
