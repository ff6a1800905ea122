//! Cursors: small values that a loop must not forget.

use model::PairId;
use sqlx::Row;

use crate::{Store, StoreError, Tx};

pub(crate) const GET: &str = "SELECT value FROM cursor WHERE pair = $1 AND name = $2";
pub(crate) const SET: &str = "INSERT INTO cursor (pair, name, value) VALUES ($1, $2, $3) ON CONFLICT (pair, name) DO UPDATE SET value = excluded.value";

/// The value, if it was ever set.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, pair: &PairId, name: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(GET).bind(pair.as_str()).bind(name).fetch_optional(store.readers()).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Sets the value.
///
/// # Errors
///
/// [`StoreError`].
pub async fn set(tx: &mut Tx, pair: &PairId, name: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query(SET).bind(pair.as_str()).bind(name).bind(value).execute(tx).await?;
    Ok(())
}
