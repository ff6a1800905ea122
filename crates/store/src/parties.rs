//! Customers and suppliers whose code in the books is known.

use jiff::Timestamp;
use model::{CustomerCode, PairId};

use crate::columns::{Columns, us};
use crate::{Store, StoreError, Tx};

pub(crate) const GET: &str = "SELECT * FROM party WHERE pair = $1 AND role = $2 AND our_code = $3";
pub(crate) const PUT: &str = "INSERT INTO party (pair, role, our_code, remote_code, fingerprint, at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (pair, role, our_code) DO UPDATE SET remote_code = excluded.remote_code, fingerprint = excluded.fingerprint, at = excluded.at";

/// A customer or supplier that is in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The code we chose.
    pub our_code: CustomerCode,
    /// The code under which the books hold it.
    pub remote_code: CustomerCode,
    /// Hash of what we last wanted it to be.
    pub fingerprint: String,
    /// When it was last looked at.
    pub at: Timestamp,
}

/// What is known about our code; `role` is `customer` or `supplier`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(
    store: &Store,
    pair: &PairId,
    role: &str,
    our_code: &CustomerCode,
) -> Result<Option<Resolved>, StoreError> {
    let query = sqlx::query(GET).bind(pair.as_str()).bind(role).bind(our_code.as_str());
    let row = query.fetch_optional(store.readers()).await?;
    row.map(|row| {
        let row = Columns(&row);
        Ok(Resolved {
            our_code: row.parsed("our_code", CustomerCode::parse)?,
            remote_code: row.parsed("remote_code", CustomerCode::parse)?,
            fingerprint: row.text("fingerprint")?,
            at: row.time("at")?,
        })
    })
    .transpose()
}

/// Remembers a customer or supplier.
///
/// # Errors
///
/// [`StoreError`].
pub async fn put(tx: &mut Tx, pair: &PairId, role: &str, party: &Resolved) -> Result<(), StoreError> {
    sqlx::query(PUT)
        .bind(pair.as_str())
        .bind(role)
        .bind(party.our_code.as_str())
        .bind(party.remote_code.as_str())
        .bind(&party.fingerprint)
        .bind(us(party.at))
        .execute(tx)
        .await?;
    Ok(())
}
