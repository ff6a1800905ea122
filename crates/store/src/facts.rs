//! Facts: what remotes said, verbatim and append-only. Buyer data lies apart, sealed, with its last day.

use jiff::Timestamp;
use model::PairId;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::columns::{Columns, us};
use crate::vault::Vault;
use crate::{Store, StoreError, Tx};

pub(crate) const RECORD: &str = "INSERT INTO fact (pair, kind, external_id, version, sha256, payload, observed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pair, kind, external_id, sha256) DO NOTHING RETURNING id";
pub(crate) const KNOWN: &str = "SELECT id FROM fact WHERE pair = $1 AND kind = $2 AND external_id = $3 AND sha256 = $4";
pub(crate) const LATEST: &str =
    "SELECT * FROM fact WHERE pair = $1 AND external_id = $2 ORDER BY version DESC, id DESC LIMIT 1";
pub(crate) const CURRENT: &str = "SELECT fact.*, buyer.sealed FROM fact LEFT JOIN buyer ON buyer.fact_id = fact.id \
     WHERE fact.pair = $1 AND fact.external_id = $2 ORDER BY fact.version DESC, fact.id DESC LIMIT 1";
pub(crate) const HISTORY: &str = "SELECT * FROM fact WHERE pair = $1 AND external_id = $2 ORDER BY id LIMIT 1000";
pub(crate) const SEAL_BUYER: &str = "INSERT INTO buyer (fact_id, sealed, delete_after) VALUES ($1, $2, $3)";
pub(crate) const BUYER: &str = "SELECT sealed FROM buyer WHERE fact_id = $1";
pub(crate) const EXPIRE: &str = "DELETE FROM buyer WHERE delete_after <= $1";

/// A fact to record.
#[derive(Clone, Debug)]
pub struct NewFact {
    /// The pair.
    pub pair: PairId,
    /// Shape of the payload.
    pub kind: String,
    /// The object it is about.
    pub external_id: String,
    /// When the object last changed at the remote.
    pub version: Timestamp,
    /// What was said.
    pub payload: String,
    /// Buyer data, to be sealed.
    pub buyer: Option<String>,
    /// When we heard it.
    pub observed_at: Timestamp,
    /// When the buyer data must be gone.
    pub buyer_until: Timestamp,
}

/// Whether a fact was news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was; this is its id.
    New(i64),
    /// The same was said before.
    Known(i64),
}

/// A recorded fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Its id, in order of recording.
    pub id: i64,
    /// Shape of the payload.
    pub kind: String,
    /// The object it is about.
    pub external_id: String,
    /// When the object last changed at the remote.
    pub version: Timestamp,
    /// What was said.
    pub payload: String,
    /// When we heard it.
    pub observed_at: Timestamp,
}

/// Records a fact once: the same words about the same object are the same fact.
///
/// # Errors
///
/// [`StoreError`].
pub async fn record(tx: &mut Tx, vault: &Vault, fact: &NewFact) -> Result<Recorded, StoreError> {
    let sha256 = crate::sql::hex(&Sha256::digest(fact.payload.as_bytes()));
    let inserted = sqlx::query(RECORD)
        .bind(fact.pair.as_str())
        .bind(&fact.kind)
        .bind(&fact.external_id)
        .bind(us(fact.version))
        .bind(&sha256)
        .bind(&fact.payload)
        .bind(us(fact.observed_at))
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = inserted else {
        let query = sqlx::query(KNOWN).bind(fact.pair.as_str()).bind(&fact.kind).bind(&fact.external_id).bind(&sha256);
        return Ok(Recorded::Known(query.fetch_one(tx).await?.try_get(0)?));
    };
    let id: i64 = row.try_get(0)?;
    if let Some(buyer) = &fact.buyer {
        let sealed = vault.seal(&place(id), buyer.as_bytes())?;
        sqlx::query(SEAL_BUYER).bind(id).bind(sealed).bind(us(fact.buyer_until)).execute(tx).await?;
    }
    Ok(Recorded::New(id))
}

/// What counts about an object: the fact with the latest version, the newest of equals.
///
/// # Errors
///
/// [`StoreError`].
pub async fn latest(store: &Store, pair: &PairId, external_id: &str) -> Result<Option<FactRow>, StoreError> {
    let row = sqlx::query(LATEST).bind(pair.as_str()).bind(external_id).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// [`latest`] and its buyer data, if there was any and it has not expired.
///
/// # Errors
///
/// [`StoreError`].
pub async fn current(
    store: &Store,
    pair: &PairId,
    external_id: &str,
) -> Result<Option<(FactRow, Option<String>)>, StoreError> {
    let found = sqlx::query(CURRENT).bind(pair.as_str()).bind(external_id).fetch_optional(store.readers()).await?;
    let Some(row) = found else { return Ok(None) };
    let fact = read(&Columns(&row))?;
    let buyer = match row.try_get::<Option<Vec<u8>>, _>("sealed")? {
        Some(sealed) => unsealed(store, fact.id, &sealed)?,
        None => None,
    };
    Ok(Some((fact, buyer)))
}

/// Everything said about an object, oldest first, at most 1,000.
///
/// # Errors
///
/// [`StoreError`].
pub async fn history(store: &Store, pair: &PairId, external_id: &str) -> Result<Vec<FactRow>, StoreError> {
    let rows = sqlx::query(HISTORY).bind(pair.as_str()).bind(external_id).fetch_all(store.readers()).await?;
    rows.iter().map(|row| read(&Columns(row))).collect()
}

/// Buyer data of a fact, if there was any and it has not expired.
///
/// # Errors
///
/// [`StoreError`].
pub async fn buyer(store: &Store, fact_id: i64) -> Result<Option<String>, StoreError> {
    let Some(row) = sqlx::query(BUYER).bind(fact_id).fetch_optional(store.readers()).await? else { return Ok(None) };
    unsealed(store, fact_id, &Columns(&row).bytes("sealed")?)
}

fn unsealed(store: &Store, fact_id: i64, sealed: &[u8]) -> Result<Option<String>, StoreError> {
    let plain = store.vault().open_sealed(&place(fact_id), sealed)?;
    Ok(String::from_utf8(plain.to_vec()).ok())
}

/// Deletes buyer data whose last day has passed. Says how many.
///
/// # Errors
///
/// [`StoreError`].
pub async fn expire_buyers(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query(EXPIRE).bind(us(now)).execute(tx).await?.rows_affected())
}

fn read(row: &Columns<'_>) -> Result<FactRow, StoreError> {
    Ok(FactRow {
        id: row.int("id")?,
        kind: row.text("kind")?,
        external_id: row.text("external_id")?,
        version: row.time("version")?,
        payload: row.text("payload")?,
        observed_at: row.time("observed_at")?,
    })
}

fn place(fact_id: i64) -> String {
    format!("buyer|{fact_id}")
}
