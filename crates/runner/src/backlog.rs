//! What the observer remembers of a marketplace's orders: how far listings, names and reports are, and how many orders come in a day.

use std::time::Duration;

use jiff::Timestamp;
use model::PairId;
use ports::{BacklogSituation, ChangeQuery};
use store::{Store, StoreError, cursors, hints, orders};

use crate::pair::Pair;

/// Up to where listings are complete.
pub(crate) const WATERMARK: &str = "orders.watermark";
/// When the last listing ended.
pub(crate) const LAST_SWEEP: &str = "orders.last_sweep";
/// The next query of a listing under way.
pub(crate) const SWEEP: &str = "orders.sweep";
/// The last change that the listing under way has come to.
pub(crate) const LISTED: &str = "orders.listed_until";
/// The report that is being made.
pub(crate) const BULK: &str = "orders.bulk";
/// When the last report was wanted or failed.
pub(crate) const LAST_BULK: &str = "orders.last_bulk";
/// Changes whose orders are known by name.
pub(crate) const NAMED: &str = "orders.named";

/// Cursors and their new values.
pub(crate) type Marks = Vec<(&'static str, String)>;

/// How often the orders of a day are counted: it is a look at thousands of rows.
const COUNT_EVERY: Duration = Duration::from_secs(60);
/// For how long names are done without after they could not be had.
const WITHOUT_NAMES: Duration = Duration::from_secs(6 * 3_600);

/// What need not outlive the process.
#[derive(Default)]
pub(crate) struct Backlog {
    /// When a report that is being made is looked at next.
    pub(crate) next_bulk_look: Timestamp,
    no_names_before: Timestamp,
    counted_at: Option<Timestamp>,
    orders_per_day: Option<u32>,
}

impl Backlog {
    /// What the planner must know.
    pub(crate) async fn situation(
        &mut self,
        store: &Store,
        pair: &Pair,
        now: Timestamp,
        bulk_under_way: bool,
    ) -> Result<BacklogSituation, StoreError> {
        let (hinted, oldest_hint) = hints::due(store, pair.id(), now).await?;
        if self.counted_at.is_none_or(|at| clock::later(at, COUNT_EVERY) <= now) {
            self.orders_per_day = orders::per_day(store, pair.id()).await?;
            self.counted_at = Some(now);
        }
        Ok(BacklogSituation {
            now,
            hinted,
            oldest_hint,
            watermark: read_cursor(store, pair.id(), WATERMARK).await?.unwrap_or(pair.setup.history_from),
            last_sweep: read_cursor(store, pair.id(), LAST_SWEEP).await?,
            sweep_under_way: read_cursor::<ChangeQuery>(store, pair.id(), SWEEP).await?,
            has_hints: pair.setup.marketplace.has_hints(),
            orders_per_day: self.orders_per_day,
            listed_until: read_cursor(store, pair.id(), LISTED).await?,
            named: read_cursor(store, pair.id(), NAMED).await?,
            names_refused: now < self.no_names_before,
            bulk_under_way,
            last_bulk: read_cursor(store, pair.id(), LAST_BULK).await?,
        })
    }

    /// Names cannot be had: the listing goes on without for a while.
    pub(crate) fn without_names(&mut self, now: Timestamp) {
        self.no_names_before = clock::later(now, WITHOUT_NAMES);
    }
}

/// A cursor's value; `None` if it was never set or is at rest.
pub(crate) async fn read_cursor<T: serde::de::DeserializeOwned>(
    store: &Store,
    pair: &PairId,
    name: &str,
) -> Result<Option<T>, StoreError> {
    match cursors::get(store, pair, name).await? {
        Some(text) if !text.is_empty() => {
            serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Bad(format!("cursor {name}: {error}")))
        }
        _ => Ok(None),
    }
}

/// Sets cursors in one commit.
pub(crate) async fn write_cursors(store: &Store, pair: &Pair, marks: Marks) -> Result<(), StoreError> {
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

/// A cursor's value as text.
pub(crate) fn to_text<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Bad(error.to_string()))
}
