//! Looks for settlement files at the marketplace: they cannot be asked for, only found.

use std::time::Duration;

use jiff::Timestamp;
use model::PairId;
use ports::{ConnectorError, SettlementFileRef, SettlementQuery, System};
use store::{Store, StoreError, cursors, reviews, settlements};

use super::{Origin, SOURCE, receive};
use crate::deliver::pause;
use crate::pair::Pair;
use crate::{Settings, backoff};

/// When files were last looked for, to the end of the list.
const LAST_LOOK: &str = "settlements.last_look";

/// How far back the list is read: a file is made some time after its period ends, and appears in the list late.
const LOOK_BACK: Duration = Duration::from_secs(90 * 86_400);

/// Looks until the future is dropped. `woke` is called after each file that made settlements due.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair, woke: impl Fn()) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut failures = 0;
    loop {
        if pair.is_paused(System::Amazon) {
            clock.sleep(Duration::from_secs(60)).await;
            continue;
        }
        let busy = clock.busy();
        let until = match look(store, pair, &woke).await? {
            Ok(()) => {
                failures = 0;
                clock::later(clock.now(), Duration::from_secs(settings.settlement_every_s))
            }
            Err(ConnectorError::Throttled { until, .. }) => until,
            Err(error) => {
                failures += 1;
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    pause(store, pair, System::Amazon, &error).await?;
                } else {
                    tracing::warn!(code = error.code(), pair = %pair.id(), "looking for settlements failed: {error}");
                }
                clock::later(clock.now(), backoff::pause(settings, "settlements", failures))
            }
        };
        drop(busy);
        tokio::select! {
            () = pair.settlement_ready.notified() => {}
            () = clock.sleep_until(until) => {}
        }
    }
}

/// Whether files have never been looked for to the end of the list.
pub(crate) async fn is_looking(store: &Store, pair: &PairId) -> Result<bool, StoreError> {
    Ok(cursors::get(store, pair, LAST_LOOK).await?.is_none_or(|text| text.is_empty()))
}

async fn look(store: &Store, pair: &Pair, woke: &impl Fn()) -> Result<Result<(), ConnectorError>, StoreError> {
    let now = store.clock().now();
    let made_after = now.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let mut query = SettlementQuery { made_after, page_token: None };
    loop {
        let page = match pair.setup.marketplace.settlement_files(&query).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error)),
        };
        for file in &page.files {
            if let Err(error) = fetch(store, pair, file, woke).await? {
                return Ok(Err(error));
            }
        }
        match page.next {
            Some(next) => query.page_token = Some(next),
            None => break,
        }
    }
    let (id, text) = (pair.id().clone(), now.to_string());
    store.write(move |tx| Box::pin(async move { cursors::set(tx, &id, LAST_LOOK, &text).await })).await?;
    Ok(Ok(()))
}

/// Downloads a file that was not dealt with before.
async fn fetch(
    store: &Store,
    pair: &Pair,
    file: &SettlementFileRef,
    woke: &impl Fn(),
) -> Result<Result<(), ConnectorError>, StoreError> {
    let Some(document) = &file.document else { return Ok(Ok(())) };
    if settlements::is_report_seen(store, pair.id(), &file.report).await? {
        return Ok(Ok(()));
    }
    let bytes = match pair.setup.marketplace.file(document).await {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error)),
    };
    let origin = Origin::Marketplace { report: file.report.clone() };
    match receive(store, pair, &format!("settlement report {}", file.report), bytes, origin).await? {
        Ok(received) => {
            if received.iter().any(|one| !one.duplicate) {
                woke();
            }
        }
        Err(parked) => unusable(store, pair, file, parked).await?,
    }
    Ok(Ok(()))
}

/// A report that cannot be read as a settlement: told once, and not fetched again.
async fn unusable(
    store: &Store,
    pair: &Pair,
    file: &SettlementFileRef,
    parked: ports::Parked,
) -> Result<(), StoreError> {
    let now = store.clock().now();
    let opened = reviews::NewReview {
        pair: pair.id().clone(),
        subject: format!("report/{}", file.report),
        code: parked.code,
        kind: reviews::Kind::DeadLetter,
        title: "A settlement report cannot be used".to_owned(),
        reason: format!("Amazon's report {}: {}. Nothing of it is posted.", file.report, parked.reason),
        fix: format!("{}. Upload the file that Seller Central gives for this settlement.", parked.fix),
        path: Some(parked.path),
        amount: None,
        source: SOURCE,
        at: now,
    };
    let (id, report) = (pair.id().clone(), file.report.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                settlements::see_report(tx, &id, &report, "", now).await?;
                reviews::open(tx, &opened).await
            })
        })
        .await
}
