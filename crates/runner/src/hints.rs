//! The hint loop: an Event Message says "look at this order", is committed, and only then removed from the queue.

use store::{Store, StoreError, hints, reviews};

use crate::deliver::pause;
use crate::pair::Pair;
use crate::{Settings, backoff};

/// Receives hints until the future is dropped.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut failures = 0;
    loop {
        if !pair.setup.marketplace.has_hints() {
            std::future::pending::<()>().await;
        }
        if pair.is_paused(ports::System::Amazon) {
            clock.sleep(std::time::Duration::from_secs(60)).await;
            continue;
        }
        let busy = clock.busy();
        match receive(store, settings, pair).await? {
            None => failures = 0,
            Some(error) => {
                failures += 1;
                let paused = matches!(error, ports::ConnectorError::Unauthorized { .. });
                if paused {
                    pause(store, pair, ports::System::Amazon, &error).await?;
                }
                let wait = match error {
                    ports::ConnectorError::Throttled { until, .. } => until,
                    _ => clock::later(clock.now(), backoff::pause(settings, "hints", failures)),
                };
                drop(busy);
                clock.sleep_until(wait).await;
            }
        }
    }
}

async fn receive(store: &Store, settings: &Settings, pair: &Pair) -> Result<Option<ports::ConnectorError>, StoreError> {
    let batch = match pair.setup.marketplace.hints(settings.hint_wait_s).await {
        Ok(batch) => batch,
        Err(error) => return Ok(Some(error)),
    };
    if batch.handles.is_empty() {
        return Ok(None);
    }
    let (id, now) = (pair.id().clone(), store.clock().now());
    let (noted, unreadable) = (batch.hints, batch.unreadable);
    let files_ready = !batch.settlement_files.is_empty();
    let fresh = store
        .write(move |tx| {
            Box::pin(async move {
                let fresh = hints::note(tx, &id, &noted, now).await?;
                for (handle, body, why) in unreadable {
                    let opened = unreadable_review(&id, &handle, &body, &why, now);
                    reviews::open(tx, &opened).await?;
                }
                Ok(fresh)
            })
        })
        .await?;
    if fresh > 0 {
        pair.look.notify_one();
    }
    // Which file is ready need not be kept: the list tells, and it is read again within the hour if this message is lost.
    if files_ready {
        pair.settlement_ready.notify_one();
    }
    Ok(pair.setup.marketplace.acknowledge(&batch.handles).await.err())
}

fn unreadable_review(
    pair: &model::PairId,
    handle: &str,
    body: &str,
    why: &str,
    at: jiff::Timestamp,
) -> reviews::NewReview {
    let subject: String = handle.chars().take(60).collect();
    reviews::NewReview {
        pair: pair.clone(),
        subject: format!("message/{subject}"),
        code: "unreadable_message".to_owned(),
        kind: reviews::Kind::DeadLetter,
        title: "A notification could not be read".to_owned(),
        reason: format!("{why}. The message begins: {}", body.chars().take(200).collect::<String>()),
        fix: "Nothing is lost: the next listing finds the order. Report the message if it happens again.".to_owned(),
        path: None,
        amount: None,
        source: "hints",
        at,
    }
}
