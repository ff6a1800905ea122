//! What finances say about single transactions: a projection of facts, so that an order's deferral is found at once.

use jiff::Timestamp;
use model::PairId;
use money::{Currency, Money};

use crate::columns::{Columns, opt_us, us};
use crate::{Store, StoreError, Tx};

pub(crate) const PUT: &str = "INSERT INTO finance (pair, transaction_id, kind, status, order_id, settlement_id, posted_at, matures_at, \
     amount_minor, amount_currency, fact_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
     ON CONFLICT (pair, transaction_id) DO UPDATE SET kind = excluded.kind, status = excluded.status, order_id = excluded.order_id, \
     settlement_id = excluded.settlement_id, posted_at = excluded.posted_at, matures_at = excluded.matures_at, \
     amount_minor = excluded.amount_minor, amount_currency = excluded.amount_currency, fact_id = excluded.fact_id \
     WHERE excluded.fact_id > finance.fact_id";
pub(crate) const OF_ORDER: &str =
    "SELECT * FROM finance WHERE pair = $1 AND order_id = $2 ORDER BY posted_at, transaction_id";
pub(crate) const OF_STATUS: &str =
    "SELECT * FROM finance WHERE pair = $1 AND status = $2 ORDER BY posted_at, transaction_id LIMIT $3";

/// One transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinanceRow {
    /// The pair.
    pub pair: PairId,
    /// The marketplace's id.
    pub transaction: String,
    /// What happened, in the marketplace's word.
    pub kind: String,
    /// How far it is, in the marketplace's word.
    pub status: String,
    /// The order, if it belongs to one.
    pub order: Option<String>,
    /// The settlement, if it is in one.
    pub settlement: Option<String>,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// When deferred money becomes available.
    pub matures_at: Option<Timestamp>,
    /// Its total.
    pub amount: Money,
    /// The fact it is read from: a later fact wins.
    pub fact: i64,
}

/// Writes what a fact says about a transaction. An older fact, or the same again, changes nothing; says whether it changed anything.
///
/// # Errors
///
/// [`StoreError`].
pub async fn put(tx: &mut Tx, row: &FinanceRow) -> Result<bool, StoreError> {
    let written = sqlx::query(PUT)
        .bind(row.pair.as_str())
        .bind(&row.transaction)
        .bind(&row.kind)
        .bind(&row.status)
        .bind(&row.order)
        .bind(&row.settlement)
        .bind(us(row.posted_at))
        .bind(opt_us(row.matures_at))
        .bind(row.amount.minor())
        .bind(row.amount.currency().code())
        .bind(row.fact)
        .execute(tx)
        .await?;
    Ok(written.rows_affected() > 0)
}

/// Everything known about an order's money.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_order(store: &Store, pair: &PairId, order: &str) -> Result<Vec<FinanceRow>, StoreError> {
    let rows = sqlx::query(OF_ORDER).bind(pair.as_str()).bind(order).fetch_all(store.readers()).await?;
    rows.iter().map(|row| read(&Columns(row))).collect()
}

/// Transactions with this status, oldest first, at most `limit`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_status(store: &Store, pair: &PairId, status: &str, limit: u32) -> Result<Vec<FinanceRow>, StoreError> {
    let query = sqlx::query(OF_STATUS).bind(pair.as_str()).bind(status).bind(i64::from(limit));
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

fn read(row: &Columns<'_>) -> Result<FinanceRow, StoreError> {
    let amount_currency = row.parsed("amount_currency", Currency::parse)?;
    Ok(FinanceRow {
        pair: row.parsed("pair", PairId::parse)?,
        transaction: row.text("transaction_id")?,
        kind: row.text("kind")?,
        status: row.text("status")?,
        order: row.opt_text("order_id")?,
        settlement: row.opt_text("settlement_id")?,
        posted_at: row.time("posted_at")?,
        matures_at: row.opt_time("matures_at")?,
        amount: Money::new(row.int("amount_minor")?, amount_currency),
        fact: row.int("fact_id")?,
    })
}
