//! What settlements paid and gave back of each line of an order: the next settlement of the order goes on from there.

use jiff::Timestamp;
use model::PairId;
use money::{Currency, Money};

use crate::columns::Columns;
use crate::{Store, StoreError, Tx};

pub(crate) const PUT: &str = "INSERT INTO settled_line (pair, order_id, line, settlement_id, currency, units, refunded_minor, refunded_vat_minor) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (pair, order_id, line, settlement_id, currency) DO UPDATE SET \
     units = excluded.units, refunded_minor = excluded.refunded_minor, refunded_vat_minor = excluded.refunded_vat_minor";
pub(crate) const OF_ORDER: &str = "SELECT l.*, s.period_to FROM settled_line l LEFT JOIN settlement s \
     ON s.pair = l.pair AND s.settlement_id = l.settlement_id AND s.currency = l.currency \
     WHERE l.pair = $1 AND l.order_id = $2 ORDER BY l.settlement_id, l.line";

/// What one settlement paid and gave back of one line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledRow {
    /// The marketplace's order id.
    pub order: String,
    /// The marketplace's id of the line; empty if the rows name none.
    pub line: String,
    /// The settlement.
    pub settlement: String,
    /// End of its period.
    pub settled_until: Option<Timestamp>,
    /// Units that it paid for.
    pub units: u32,
    /// What it gave back, with VAT, above zero.
    pub refunded: Money,
    /// The VAT of that.
    pub refunded_vat: Money,
}

/// Writes what a settlement did to a line; the same settlement again changes nothing.
///
/// # Errors
///
/// [`StoreError`].
pub async fn put(tx: &mut Tx, pair: &PairId, row: &SettledRow) -> Result<(), StoreError> {
    sqlx::query(PUT)
        .bind(pair.as_str())
        .bind(&row.order)
        .bind(&row.line)
        .bind(&row.settlement)
        .bind(row.refunded.currency().code())
        .bind(i64::from(row.units))
        .bind(row.refunded.minor())
        .bind(row.refunded_vat.minor())
        .execute(tx)
        .await?;
    Ok(())
}

/// What settlements did to an order.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_order(store: &Store, pair: &PairId, order: &str) -> Result<Vec<SettledRow>, StoreError> {
    let rows = sqlx::query(OF_ORDER).bind(pair.as_str()).bind(order).fetch_all(store.readers()).await?;
    rows.iter().map(|row| read(&Columns(row))).collect()
}

fn read(row: &Columns<'_>) -> Result<SettledRow, StoreError> {
    let currency = row.parsed("currency", Currency::parse)?;
    Ok(SettledRow {
        order: row.text("order_id")?,
        line: row.text("line")?,
        settlement: row.text("settlement_id")?,
        settled_until: row.opt_time("period_to")?,
        units: row.count("units")?,
        refunded: Money::new(row.int("refunded_minor")?, currency),
        refunded_vat: Money::new(row.int("refunded_vat_minor")?, currency),
    })
}
