//! The finance observer: reads what the marketplace says about money before a settlement closes, and keeps it as facts.
//!
//! Old windows change for weeks, because money that was held back shows up in them when it is let go. So a round reads far back each
//! time; what is known already changes nothing. Each page is one commit: its facts, their projection (`store::finances`) and the
//! place of the next page. A crash between a call and its commit costs that call, nothing else.

use std::time::Duration;

use jiff::Timestamp;
use model::{PairId, Transaction, TransactionStatus};
use ports::{
    ConnectorError, Marketplace, Observed, Parked, System, TransactionPage, TransactionQuery, TransactionsOf, Urgency,
};
use serde::{Deserialize, Serialize};
use store::finances::FinanceRow;
use store::lanes::Wake;
use store::{Store, StoreError, Tx, cursors, facts, finances, lanes, reviews, settlements};

use crate::backlog::{read_cursor, to_text};
use crate::deliver::pause;
use crate::pair::Pair;
use crate::{Settings, backoff, settlement};

/// Everything posted before this was read, as it was at [`LAST_ROUND`].
const COMPLETE_UNTIL: &str = "finances.complete_until";
/// When the last round ended.
const LAST_ROUND: &str = "finances.last_round";
/// The round under way.
const ROUND: &str = "finances.round";

/// Who opens and closes the items of this place.
const SOURCE: &str = "finances";
/// Code of the item for a reading that fails again and again.
const BEHIND: &str = "finances_not_read";
/// Failures in a row after which a person is told.
const FAILURES_TOLD: u32 = 6;

/// Reads money until the future is dropped. `woke` is called after each commit that made settlements due.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair, woke: impl Fn()) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut source = Source {
        pair: pair.id(),
        marketplace: pair.setup.marketplace.as_ref(),
        history_from: pair.setup.history_from,
        every: Duration::from_secs(settings.finances_every_s),
        wanted: false,
    };
    let mut failures = 0;
    loop {
        if pair.is_paused(System::Amazon) {
            clock.sleep(Duration::from_secs(60)).await;
            continue;
        }
        let busy = clock.busy();
        let until = match look(store, &source).await? {
            Looked::Page { woke: due } => {
                if due {
                    woke();
                }
                if failures >= FAILURES_TOLD {
                    close_behind(store, pair.id()).await?;
                }
                failures = 0;
                source.wanted = false;
                continue;
            }
            Looked::Rest { until } => until,
            Looked::Failed(ConnectorError::Throttled { until, .. }) => until,
            Looked::Failed(error) => {
                failures += 1;
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    pause(store, pair, System::Amazon, &error).await?;
                } else {
                    tracing::warn!(code = error.code(), pair = %pair.id(), "reading transactions failed: {error}");
                }
                if failures == FAILURES_TOLD {
                    open_behind(store, pair.id(), &error).await?;
                }
                clock::later(clock.now(), backoff::pause(settings, "finances", failures))
            }
        };
        drop(busy);
        tokio::select! {
            () = pair.finances_wanted.notified(), if failures == 0 => source.wanted = true,
            () = clock.sleep_until(until) => {}
        }
    }
}

/// Whether everything that was posted before `until` has been read. If not, and a reading is not under way, one begins at once: a
/// settlement that is decided without it would not know which of its orders' money was held back.
pub(crate) async fn has_read(store: &Store, pair: &Pair, until: Timestamp) -> Result<bool, StoreError> {
    let read = read_cursor::<Timestamp>(store, pair.id(), COMPLETE_UNTIL).await?;
    let is_read = read.is_some_and(|read| read >= until);
    if !is_read {
        pair.finances_wanted.notify_one();
    }
    Ok(is_read)
}

/// Whose money is read, and how often.
struct Source<'a> {
    pair: &'a PairId,
    marketplace: &'a dyn Marketplace,
    /// Nothing before this is asked for, but for what the marketplace says must be read again.
    history_from: Timestamp,
    every: Duration,
    /// Whether somebody waits for what is read.
    wanted: bool,
}

#[derive(Debug)]
enum Looked {
    /// A page is committed.
    Page {
        /// Whether it made settlements due.
        woke: bool,
    },
    Rest {
        until: Timestamp,
    },
    Failed(ConnectorError),
}

/// A round under way: what is still to be asked, the page that comes next at the front.
#[derive(Debug, Serialize, Deserialize)]
struct Round {
    queries: Vec<TransactionQuery>,
    /// What the round will have read everything before.
    until: Timestamp,
}

/// Reads one page, or says until when there is nothing to read.
async fn look(store: &Store, source: &Source<'_>) -> Result<Looked, StoreError> {
    let now = store.clock().now();
    let mut round = match read_cursor::<Round>(store, source.pair, ROUND).await? {
        Some(round) => round,
        None => match next_round(store, source, now).await? {
            Ok(round) => round,
            Err(until) => return Ok(Looked::Rest { until }),
        },
    };
    let Some(query) = round.queries.first_mut() else {
        return end_round(store, source, round.until, now).await;
    };
    let page = match source.marketplace.transactions(query, Urgency::Backfill).await {
        Ok(page) => page,
        Err(error) => {
            // The token of the page died or was refused: this window begins again. What was read of it changes nothing.
            let refused = matches!(error, ConnectorError::Rejected { .. } | ConnectorError::NotFound { .. });
            if refused && query.page_token.take().is_some() {
                let marks = vec![(ROUND, to_text(&round)?)];
                commit(store, source, TransactionPage::default(), marks, now).await?;
            }
            return Ok(Looked::Failed(error));
        }
    };
    match &page.next {
        Some(token) => query.page_token = Some(token.clone()),
        None => drop(round.queries.remove(0)),
    }
    let marks = if round.queries.is_empty() { ended(round.until, now)? } else { vec![(ROUND, to_text(&round)?)] };
    let woke = commit(store, source, page, marks, now).await?;
    Ok(Looked::Page { woke })
}

/// The next round, or until when there is none.
async fn next_round(
    store: &Store,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Result<Round, Timestamp>, StoreError> {
    let due =
        read_cursor::<Timestamp>(store, source.pair, LAST_ROUND).await?.map(|last| clock::later(last, source.every));
    if let Some(due) = due.filter(|due| *due > now && !source.wanted) {
        return Ok(Err(due));
    }
    let complete_until = read_cursor(store, source.pair, COMPLETE_UNTIL).await?.unwrap_or(source.history_from);
    let queries = source.marketplace.transaction_windows(complete_until, now);
    let ends = queries.iter().map(|query| match query.of {
        TransactionsOf::Posted { to, .. } => to,
        TransactionsOf::Order(_) | TransactionsOf::Group(_) => None,
    });
    // A window without an end goes up to the remote's own limit, which nobody knows here: it proves nothing new.
    let until = ends.flatten().max().unwrap_or(complete_until);
    Ok(Ok(Round { queries, until }))
}

fn ended(until: Timestamp, now: Timestamp) -> Result<Vec<(&'static str, String)>, StoreError> {
    Ok(vec![(ROUND, String::new()), (COMPLETE_UNTIL, to_text(&until)?), (LAST_ROUND, to_text(&now)?)])
}

/// A round with nothing to ask.
async fn end_round(store: &Store, source: &Source<'_>, until: Timestamp, now: Timestamp) -> Result<Looked, StoreError> {
    commit(store, source, TransactionPage::default(), ended(until, now)?, now).await?;
    Ok(Looked::Rest { until: clock::later(now, source.every) })
}

/// Commits a page and the place of the next. Says whether settlements were made due.
async fn commit(
    store: &Store,
    source: &Source<'_>,
    page: TransactionPage,
    marks: Vec<(&'static str, String)>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let read: Vec<(Observed, Result<Transaction, Parked>)> = page
        .transactions
        .into_iter()
        .map(|observed| {
            let read = source.marketplace.translate_transaction(&observed.kind, &observed.payload);
            (observed, read)
        })
        .collect();
    let (pair, vault) = (source.pair.clone(), store.vault());
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut woke = false;
                for (observed, read) in read {
                    let id = observed.external_id.clone();
                    let fact = facts::NewFact {
                        pair: pair.clone(),
                        kind: observed.kind,
                        external_id: id.clone(),
                        version: observed.version,
                        payload: observed.payload,
                        buyer: observed.buyer,
                        observed_at: now,
                        buyer_until: now,
                    };
                    let (facts::Recorded::New(fact) | facts::Recorded::Known(fact)) =
                        facts::record(tx, &vault, &fact).await?;
                    match read {
                        Ok(transaction) => {
                            let row = row(&pair, &transaction, fact);
                            if finances::put(tx, &row).await? {
                                reviews::close_cured(tx, &pair, &subject(&id), SOURCE, &[], now).await?;
                                woke |= wake_settlement(tx, &row, now).await?;
                            }
                        }
                        Err(parked) => reviews::open(tx, &unreadable(&pair, &subject(&id), parked, now)).await?,
                    }
                }
                for parked in page.unreadable {
                    let place = format!("transactions/{}", parked.path);
                    reviews::open(tx, &unreadable(&pair, &place, parked, now)).await?;
                }
                for (name, value) in marks {
                    cursors::set(tx, &pair, name, &value).await?;
                }
                Ok(woke)
            })
        })
        .await
}

/// Makes the settlement of a changed transaction due, if it waits to be decided. Says whether it does.
///
/// This is the one place where money that was held back, or let go, wakes settlement work. It is called in the commit that changed
/// the row, so that whoever is woken finds in `store::finances::of_order` what woke it: a row with status `DEFERRED` or
/// `DEFERRED_RELEASED` says by `posted_at` when the order was dispatched; the row with status `RELEASED` that came of it says by
/// `posted_at` when the money was let go. A settlement that was decided is never woken: it is decided once. A transaction that is
/// in no settlement yet wakes nothing: it comes again, changed, when it is.
async fn wake_settlement(tx: &mut Tx, row: &FinanceRow, now: Timestamp) -> Result<bool, StoreError> {
    let (Some(settlement), Some(_)) = (&row.settlement, &row.order) else { return Ok(false) };
    let currencies = settlements::undecided(tx, &row.pair, settlement).await?;
    let due = |currency| settlement::wake(&row.pair, settlement, currency, now);
    let wakes: Vec<Wake> = currencies.into_iter().map(due).collect();
    lanes::wake(tx, &wakes).await?;
    Ok(!wakes.is_empty())
}

fn row(pair: &PairId, transaction: &Transaction, fact: i64) -> FinanceRow {
    FinanceRow {
        pair: pair.clone(),
        transaction: transaction.id.clone(),
        kind: transaction.kind.clone(),
        status: match transaction.status {
            TransactionStatus::Deferred => "DEFERRED",
            TransactionStatus::Released => "RELEASED",
            TransactionStatus::DeferredReleased => "DEFERRED_RELEASED",
        }
        .to_owned(),
        order: transaction.related("ORDER_ID").map(str::to_owned),
        settlement: transaction.related("SETTLEMENT_ID").map(str::to_owned),
        posted_at: transaction.posted_at,
        matures_at: transaction.matures_at,
        amount: transaction.total,
        fact,
    }
}

fn subject(transaction: &str) -> String {
    format!("transaction/{transaction}")
}

fn unreadable(pair: &PairId, subject: &str, parked: Parked, at: Timestamp) -> reviews::NewReview {
    reviews::NewReview {
        pair: pair.clone(),
        subject: subject.to_owned(),
        code: parked.code,
        kind: reviews::Kind::Review,
        title: "A transaction cannot be read".to_owned(),
        reason: format!(
            "{} (at {}). It is kept; whether its order's money is held back is not known.",
            parked.reason, parked.path
        ),
        fix: parked.fix,
        path: Some(parked.path),
        amount: None,
        source: SOURCE,
        at,
    }
}

async fn open_behind(store: &Store, pair: &PairId, error: &ConnectorError) -> Result<(), StoreError> {
    let opened = reviews::NewReview {
        pair: pair.clone(),
        subject: SOURCE.to_owned(),
        code: BEHIND.to_owned(),
        kind: reviews::Kind::DeadLetter,
        title: "Transactions cannot be read".to_owned(),
        reason: format!(
            "Reading the account's transactions failed {FAILURES_TOLD} times in a row: {error}. Orders are invoiced all the same; \
             settlements do not know meanwhile which money is held back."
        ),
        fix:
            "It is tried again by itself. If it stays, check that the application has the role Finance and Accounting."
                .to_owned(),
        path: None,
        amount: None,
        source: SOURCE,
        at: store.clock().now(),
    };
    store.write(move |tx| Box::pin(async move { reviews::open(tx, &opened).await })).await
}

async fn close_behind(store: &Store, pair: &PairId) -> Result<(), StoreError> {
    let (pair, now) = (pair.clone(), store.clock().now());
    store
        .write(move |tx| {
            Box::pin(async move {
                reviews::close(tx, &pair, SOURCE, BEHIND, SOURCE, now).await?;
                Ok(())
            })
        })
        .await
}

#[cfg(test)]
mod tests;
