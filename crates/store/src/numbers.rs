//! Document numbers of ours: allocated once, never given twice.

use model::{DocumentNumber, PairId};
use sqlx::Row;

use crate::{Store, StoreError, Tx};

pub(crate) const ALLOCATE: &str = "INSERT INTO number (pair, series, next) VALUES ($1, $2, $3 + 1) \
     ON CONFLICT (pair, series) DO UPDATE SET next = (CASE WHEN number.next > $3 THEN number.next ELSE $3 END) + 1 RETURNING next - 1";
pub(crate) const HIGH: &str = "SELECT next - 1 FROM number WHERE pair = $1 AND series = $2";

/// The next number of a series: the larger of our own next and `at_least`.
///
/// # Errors
///
/// [`StoreError`]; [`StoreError::Bad`] when the series has no numbers left.
pub async fn allocate(
    tx: &mut Tx,
    pair: &PairId,
    series: &str,
    at_least: DocumentNumber,
) -> Result<DocumentNumber, StoreError> {
    let query = sqlx::query(ALLOCATE).bind(pair.as_str()).bind(series).bind(i64::from(at_least.0));
    let number: i64 = query.fetch_one(tx).await?.try_get(0)?;
    let fits = u32::try_from(number).ok().filter(|number| i32::try_from(*number).is_ok());
    fits.map(DocumentNumber).ok_or_else(|| StoreError::Bad(format!("the number series `{series}` has no numbers left")))
}

/// The highest number we ever allocated in a series.
///
/// # Errors
///
/// [`StoreError`].
pub async fn high_water(store: &Store, pair: &PairId, series: &str) -> Result<Option<DocumentNumber>, StoreError> {
    let row = sqlx::query(HIGH).bind(pair.as_str()).bind(series).fetch_optional(store.readers()).await?;
    let number: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(number.and_then(|number| u32::try_from(number).ok()).map(DocumentNumber))
}
