//! The `local` dispatcher: who works on what, and when.
//!
//! One piece of work per key at a time (a lane row per key in the store), lanes interactive > event > back-fill, durable
//! timers. It holds no truth: killed at any point, the lanes that were busy are due again at the next start.

use std::sync::Arc;

use jiff::Timestamp;
use store::lanes::{self, Claimed, Finish};
use store::{Store, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How far ahead one sleep may reach: a clock that is set back must not make the dispatcher sleep for a year.
const SLEEP_MAX_S: u64 = 60;

/// Claims due lanes and runs `work` for each, at most `in_flight` at a time, until the future is dropped.
pub(crate) async fn run<W, F>(store: Store, nudge: Arc<Notify>, in_flight: usize, work: W) -> Result<(), StoreError>
where
    W: Fn(Claimed) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Finish> + Send + 'static,
{
    let clock = store.clock().clone();
    let mut running = JoinSet::new();
    loop {
        let busy = clock.busy();
        while running.try_join_next().is_some() {}
        let room = in_flight.saturating_sub(running.len());
        let claimed = if room > 0 { claim(&store, room).await? } else { Vec::new() };
        let idle = claimed.is_empty();
        for lane in claimed {
            let (store, work, guard) = (store.clone(), work.clone(), clock.busy());
            let nudge = nudge.clone();
            running.spawn(async move {
                let finish = work(lane.clone()).await;
                if let Err(error) = finish_lane(&store, lane, finish).await {
                    tracing::error!("a finished piece of work could not be put down: {error}");
                }
                nudge.notify_one();
                drop(guard);
            });
        }
        if !idle && running.len() < in_flight {
            continue;
        }
        if running.len() >= in_flight {
            drop(busy);
            running.join_next().await;
            continue;
        }
        let until = next_due(&store).await?;
        drop(busy);
        tokio::select! {
            () = nudge.notified() => {}
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = clock.sleep_until(until) => {}
        }
    }
}

async fn claim(store: &Store, room: usize) -> Result<Vec<Claimed>, StoreError> {
    let now = store.clock().now();
    store.write(move |tx| Box::pin(async move { lanes::claim(tx, now, room).await })).await
}

async fn finish_lane(store: &Store, lane: Claimed, finish: Finish) -> Result<bool, StoreError> {
    store.write(move |tx| Box::pin(async move { lanes::finish(tx, &lane, finish).await })).await
}

async fn next_due(store: &Store) -> Result<Timestamp, StoreError> {
    let latest = clock::later(store.clock().now(), std::time::Duration::from_secs(SLEEP_MAX_S));
    Ok(lanes::next_due(store).await?.map_or(latest, |due| due.min(latest)))
}
