//! Orders for the console: a projection of facts and intents, to be rebuilt at any time.

use jiff::Timestamp;
use model::PairId;
use money::{Currency, Money};
use sqlx::Row;

use crate::columns::{Columns, damaged, opt_us, us};
use crate::runs::escaped;
use crate::{Store, StoreError, Tx};

pub(crate) const UPSERT: &str = "INSERT INTO sales_order (pair, order_id, marketplace, status, fulfilment, business, placed_at, updated_at, \
     total_minor, total_currency, stage, stage_reason, first_seen_at, ready_at, invoiced_at, documents) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (pair, order_id) DO UPDATE SET \
     marketplace = excluded.marketplace, status = excluded.status, fulfilment = excluded.fulfilment, business = excluded.business, \
     placed_at = excluded.placed_at, updated_at = excluded.updated_at, total_minor = excluded.total_minor, \
     total_currency = excluded.total_currency, stage = excluded.stage, stage_reason = excluded.stage_reason, \
     ready_at = COALESCE(sales_order.ready_at, excluded.ready_at), invoiced_at = COALESCE(sales_order.invoiced_at, excluded.invoiced_at), \
     documents = (CASE WHEN excluded.documents = '' THEN sales_order.documents ELSE excluded.documents END)";
pub(crate) const SHOW_DOCUMENTS: &str = "UPDATE sales_order SET documents = COALESCE((SELECT string_agg(CAST(number AS TEXT), ',' ORDER BY number) \
     FROM intent WHERE intent.pair = $1 AND intent.subject = $2 AND intent.state = 'confirmed'), ''), \
     stage = (CASE WHEN EXISTS (SELECT 1 FROM intent JOIN review ON review.pair = intent.pair AND review.subject = intent.subject AND review.path = intent.reference \
     WHERE intent.pair = $1 AND intent.subject = $2 AND intent.state IN ('conflict', 'rejected') AND review.closed_at IS NULL) THEN 'review' \
     WHEN sales_order.stage = 'review' AND EXISTS (SELECT 1 FROM review WHERE review.pair = $1 AND review.subject = $2 AND review.source = 'flow' AND review.closed_at IS NULL) THEN 'review' \
     WHEN EXISTS (SELECT 1 FROM intent WHERE intent.pair = $1 AND intent.subject = $2 AND intent.state NOT IN ('confirmed', 'conflict', 'rejected')) THEN 'invoicing' ELSE 'invoiced' END), \
     invoiced_at = COALESCE(invoiced_at, (SELECT MIN(confirmed_at) FROM intent WHERE intent.pair = $1 AND intent.subject = $2 AND intent.state = 'confirmed')) \
     WHERE pair = $1 AND order_id = $2";
pub(crate) const GET: &str = "SELECT * FROM sales_order WHERE pair = $1 AND order_id = $2";
pub(crate) const PAGE: &str = "SELECT * FROM sales_order WHERE ($1 = '' OR order_id LIKE $1 OR documents LIKE $1) AND ($2 = '' OR marketplace = $2) \
     AND ($3 = '' OR fulfilment = $3) AND placed_at >= $4 AND placed_at < $5 AND (placed_at < $6 OR (placed_at = $6 AND order_id < $7)) \
     ORDER BY placed_at DESC, order_id DESC LIMIT $8";
pub(crate) const PAGE_OF_STAGE: &str = "SELECT * FROM sales_order WHERE stage = $9 AND ($1 = '' OR order_id LIKE $1 OR documents LIKE $1) \
     AND ($2 = '' OR marketplace = $2) AND ($3 = '' OR fulfilment = $3) AND placed_at >= $4 AND placed_at < $5 \
     AND (placed_at < $6 OR (placed_at = $6 AND order_id < $7)) ORDER BY placed_at DESC, order_id DESC LIMIT $8";
pub(crate) const STAGES: &str =
    "SELECT stage, COUNT(*) FROM sales_order WHERE placed_at >= $1 AND placed_at < $2 GROUP BY stage";
pub(crate) const UNPOSTED: &str = "SELECT total_currency, SUM(total_minor) FROM sales_order \
     WHERE stage IN ('invoicing', 'review', 'failed') AND total_currency IS NOT NULL GROUP BY total_currency ORDER BY total_currency";
pub(crate) const OLDEST_UNPOSTED: &str =
    "SELECT MIN(updated_at) FROM sales_order WHERE stage IN ('invoicing', 'review', 'failed')";
pub(crate) const LATENCIES: &str = "SELECT (invoiced_at - ready_at) / 1000 FROM sales_order \
     WHERE invoiced_at IS NOT NULL AND ready_at IS NOT NULL AND invoiced_at >= $1 ORDER BY 1";
pub(crate) const THROUGHPUT: &str =
    "SELECT (invoiced_at - $1) / 60000000, COUNT(*) FROM sales_order WHERE invoiced_at >= $1 GROUP BY 1 ORDER BY 1";
pub(crate) const TOTAL: &str = "SELECT COUNT(*) FROM sales_order";
pub(crate) const LATELY: &str = "SELECT COUNT(*), MAX(placed_at) - MIN(placed_at) FROM sales_order WHERE pair = $1 \
     AND placed_at >= (SELECT MAX(placed_at) FROM sales_order WHERE pair = $1) - $2";

/// A day in microseconds.
const DAY_US: i64 = 86_400_000_000;

/// How far an order is on its way into the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Not dispatched or not paid yet.
    Waiting,
    /// A document is on its way.
    Invoicing,
    /// Everything it wants is in the books.
    Invoiced,
    /// It wants nothing, for good.
    NothingToDo,
    /// A person must decide.
    Review,
    /// Given up or refused.
    Failed,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// The pair.
    pub pair: PairId,
    /// The marketplace's id.
    pub order_id: String,
    /// Name of the site.
    pub marketplace: String,
    /// Status in our words.
    pub status: String,
    /// `FBA` or `FBM`.
    pub fulfilment: String,
    /// Whether a business bought.
    pub business: bool,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When the marketplace last changed it.
    pub updated_at: Timestamp,
    /// What the marketplace states as total.
    pub total: Option<Money>,
    /// How far it is.
    pub stage: Stage,
    /// Why, in a sentence.
    pub stage_reason: Option<String>,
    /// When we first heard of it.
    pub first_seen_at: Timestamp,
    /// When the marketplace made it ready for its first document.
    pub ready_at: Option<Timestamp>,
    /// When its first document was confirmed.
    pub invoiced_at: Option<Timestamp>,
    /// Numbers of its documents, comma-joined.
    pub documents: String,
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Part of the order id or a document number.
    pub search: Option<String>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this site.
    pub marketplace: Option<String>,
    /// `FBA` or `FBM`.
    pub fulfilment: Option<String>,
    /// Placed at or after.
    pub placed_from: Option<Timestamp>,
    /// Placed before.
    pub placed_to: Option<Timestamp>,
}

/// One page, newest first.
#[derive(Clone, Debug)]
pub struct OrderPage {
    /// The orders.
    pub rows: Vec<OrderRow>,
    /// Pass it as `after` for the next page.
    pub next: Option<String>,
    /// All orders there are, unfiltered.
    pub total: u64,
}

/// Numbers of a period.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Orders placed in the period, by stage word.
    pub stages: Vec<(Stage, u64)>,
    /// Value on its way or waiting for a person, per currency.
    pub value_unposted: Vec<Money>,
    /// The oldest change that is not posted.
    pub oldest_unposted: Option<Timestamp>,
    /// Milliseconds from ready to invoiced, sorted, of invoices confirmed in the period.
    pub latencies_ms: Vec<u64>,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 6] =
        [Stage::Waiting, Stage::Invoicing, Stage::Invoiced, Stage::NothingToDo, Stage::Review, Stage::Failed];

    /// The word in rows and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Waiting => "waiting",
            Stage::Invoicing => "invoicing",
            Stage::Invoiced => "invoiced",
            Stage::NothingToDo => "nothing_to_do",
            Stage::Review => "review",
            Stage::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// Writes an order. What it was first seen, ready and invoiced at stays.
///
/// # Errors
///
/// [`StoreError`].
pub async fn upsert(tx: &mut Tx, row: &OrderRow) -> Result<(), StoreError> {
    sqlx::query(UPSERT)
        .bind(row.pair.as_str())
        .bind(&row.order_id)
        .bind(&row.marketplace)
        .bind(&row.status)
        .bind(&row.fulfilment)
        .bind(i64::from(row.business))
        .bind(us(row.placed_at))
        .bind(us(row.updated_at))
        .bind(row.total.map(Money::minor))
        .bind(row.total.map(|total| total.currency().code()))
        .bind(row.stage.as_str())
        .bind(&row.stage_reason)
        .bind(us(row.first_seen_at))
        .bind(opt_us(row.ready_at))
        .bind(opt_us(row.invoiced_at))
        .bind(&row.documents)
        .execute(tx)
        .await?;
    Ok(())
}

/// One order.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, pair: &PairId, order_id: &str) -> Result<Option<OrderRow>, StoreError> {
    let row = sqlx::query(GET).bind(pair.as_str()).bind(order_id).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// One page of orders, newest first. `after` is the `next` of the page before.
///
/// # Errors
///
/// [`StoreError`]; [`StoreError::Bad`] for an `after` that we did not make.
pub async fn page(
    store: &Store,
    filter: &OrderFilter,
    after: Option<&str>,
    limit: u32,
) -> Result<OrderPage, StoreError> {
    let (before_us, before_id) = match after {
        None => (i64::MAX, String::new()),
        Some(mark) => {
            let (time, id) =
                mark.split_once('.').ok_or_else(|| StoreError::Bad("this page mark is not ours".to_owned()))?;
            let time = time.parse().map_err(|_| StoreError::Bad("this page mark is not ours".to_owned()))?;
            (time, id.to_owned())
        }
    };
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let query = sqlx::query(if filter.stage.is_some() { PAGE_OF_STAGE } else { PAGE })
        .bind(search.map(|text| format!("%{}%", escaped(text))).unwrap_or_default())
        .bind(filter.marketplace.clone().unwrap_or_default())
        .bind(filter.fulfilment.clone().unwrap_or_default())
        .bind(opt_us(filter.placed_from).unwrap_or(i64::MIN))
        .bind(opt_us(filter.placed_to).unwrap_or(i64::MAX))
        .bind(before_us)
        .bind(before_id)
        .bind(i64::from(limit) + 1);
    let query = match filter.stage {
        Some(stage) => query.bind(stage.as_str()),
        None => query,
    };
    let found = query.fetch_all(store.readers()).await?;
    let mut rows: Vec<OrderRow> = found.iter().map(|row| read(&Columns(row))).collect::<Result<_, _>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", us(row.placed_at), row.order_id));
    let total: i64 = sqlx::query(TOTAL).fetch_one(store.readers()).await?.try_get(0)?;
    Ok(OrderPage { rows, next, total: u64::try_from(total).unwrap_or(0) })
}

/// Brings an order's stage, documents and invoice moment up to date with its intents, in the commit that changed them.
///
/// # Errors
///
/// [`StoreError`].
pub async fn show_documents(tx: &mut Tx, pair: &PairId, order_id: &str) -> Result<(), StoreError> {
    sqlx::query(SHOW_DOCUMENTS).bind(pair.as_str()).bind(order_id).execute(tx).await?;
    Ok(())
}

/// Numbers of the period from `from` to `to`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn overview(store: &Store, from: Timestamp, to: Timestamp) -> Result<Overview, StoreError> {
    let mut stages = Vec::new();
    for row in sqlx::query(STAGES).bind(us(from)).bind(us(to)).fetch_all(store.readers()).await? {
        let (word, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        stages.push((Stage::parse(&word).ok_or_else(|| damaged("stage"))?, u64::try_from(count).unwrap_or(0)));
    }
    let mut value_unposted = Vec::new();
    for row in sqlx::query(UNPOSTED).fetch_all(store.readers()).await? {
        let (code, minor): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let currency = Currency::parse(&code).map_err(|_| damaged("total_currency"))?;
        value_unposted.push(Money::new(minor, currency));
    }
    let oldest: Option<i64> = sqlx::query(OLDEST_UNPOSTED).fetch_one(store.readers()).await?.try_get(0)?;
    Ok(Overview {
        stages,
        value_unposted,
        oldest_unposted: oldest.and_then(|micros| Timestamp::from_microsecond(micros).ok()),
        latencies_ms: latencies_since(store, from).await?,
    })
}

/// How many orders a day buyers placed in the last days that we know of: `None` before there are enough to tell. Counted by the
/// buyer's day, not by ours: a first reading hears of a month in an hour.
///
/// # Errors
///
/// [`StoreError`].
pub async fn per_day(store: &Store, pair: &PairId) -> Result<Option<u32>, StoreError> {
    const ENOUGH: i64 = 50;
    let days = 7 * DAY_US;
    let row = sqlx::query(LATELY).bind(pair.as_str()).bind(days).fetch_one(store.readers()).await?;
    let (count, span): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
    let Some(span) = span.filter(|_| count >= ENOUGH) else { return Ok(None) };
    // A few minutes tell little about a day: at least an hour counts.
    let per_day = i128::from(count) * i128::from(DAY_US) / i128::from(span.max(DAY_US / 24));
    Ok(Some(u32::try_from(per_day).unwrap_or(u32::MAX)))
}

/// Milliseconds from ready to invoiced of every order, sorted.
///
/// # Errors
///
/// [`StoreError`].
pub async fn latencies(store: &Store) -> Result<Vec<u64>, StoreError> {
    latencies_since(store, Timestamp::MIN).await
}

async fn latencies_since(store: &Store, from: Timestamp) -> Result<Vec<u64>, StoreError> {
    let rows = sqlx::query(LATENCIES).bind(us(from)).fetch_all(store.readers()).await?;
    rows.iter().map(|row| Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))).collect()
}

/// Invoices confirmed in each minute since `from`: (minute, count).
///
/// # Errors
///
/// [`StoreError`].
pub async fn throughput(store: &Store, from: Timestamp) -> Result<Vec<(u32, u64)>, StoreError> {
    let mut minutes = Vec::new();
    for row in sqlx::query(THROUGHPUT).bind(us(from)).fetch_all(store.readers()).await? {
        let (minute, count): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        minutes.push((u32::try_from(minute).unwrap_or(0), u64::try_from(count).unwrap_or(0)));
    }
    Ok(minutes)
}

fn read(row: &Columns<'_>) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        pair: row.parsed("pair", PairId::parse)?,
        order_id: row.text("order_id")?,
        marketplace: row.text("marketplace")?,
        status: row.text("status")?,
        fulfilment: row.text("fulfilment")?,
        business: row.flag("business")?,
        placed_at: row.time("placed_at")?,
        updated_at: row.time("updated_at")?,
        total: row.opt_money("total")?,
        stage: Stage::parse(&row.text("stage")?).ok_or_else(|| damaged("stage"))?,
        stage_reason: row.opt_text("stage_reason")?,
        first_seen_at: row.time("first_seen_at")?,
        ready_at: row.opt_time("ready_at")?,
        invoiced_at: row.opt_time("invoiced_at")?,
        documents: row.text("documents")?,
    })
}
