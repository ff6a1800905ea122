//! Files as they came: settlement reports that were fetched or uploaded. Kept byte for byte, once each, cut into parts so that
//! no single value of the database grows large.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::columns::{Columns, us};
use crate::{Store, StoreError, Tx};

pub(crate) const ADD: &str = "INSERT INTO file (sha256, name, size, parts, added_at, charset) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (sha256) DO NOTHING RETURNING sha256";
pub(crate) const ADD_PART: &str = "INSERT INTO file_part (sha256, part, bytes) VALUES ($1, $2, $3)";
pub(crate) const GET: &str = "SELECT * FROM file WHERE sha256 = $1";
pub(crate) const PART: &str = "SELECT bytes FROM file_part WHERE sha256 = $1 AND part = $2";

/// Bytes of one part at most.
const PART_BYTES: usize = 1 << 20;

/// A kept file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// SHA-256 of its bytes, as lower-case hex.
    pub sha256: String,
    /// The name it came with.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// How many parts it is kept in.
    pub parts: u32,
    /// When it was first kept.
    pub added_at: Timestamp,
    /// The encoding that came with it, if one did; it may be wrong.
    pub charset: Option<String>,
}

/// SHA-256 of `bytes` as lower-case hex: the id of the file.
pub fn id_of(bytes: &[u8]) -> String {
    crate::sql::hex(&Sha256::digest(bytes))
}

/// Keeps a file. The same bytes are the same file, whatever their name. Answers its id and whether it is new.
///
/// # Errors
///
/// [`StoreError`].
pub async fn add(
    tx: &mut Tx,
    name: &str,
    bytes: &[u8],
    charset: Option<&str>,
    at: Timestamp,
) -> Result<(String, bool), StoreError> {
    let sha256 = id_of(bytes);
    let parts = bytes.chunks(PART_BYTES).count();
    let added = sqlx::query(ADD)
        .bind(&sha256)
        .bind(name)
        .bind(i64::try_from(bytes.len()).unwrap_or(i64::MAX))
        .bind(i64::try_from(parts).unwrap_or(i64::MAX))
        .bind(us(at))
        .bind(charset)
        .fetch_optional(&mut *tx)
        .await?;
    if added.is_none() {
        return Ok((sha256, false));
    }
    for (part, bytes) in (0_i64..).zip(bytes.chunks(PART_BYTES)) {
        sqlx::query(ADD_PART).bind(&sha256).bind(part).bind(bytes).execute(&mut *tx).await?;
    }
    Ok((sha256, true))
}

/// What is known about a file.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, sha256: &str) -> Result<Option<FileRow>, StoreError> {
    let row = sqlx::query(GET).bind(sha256).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// The bytes of a file, checked against its id.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a part is missing or a byte has changed.
pub async fn bytes(store: &Store, sha256: &str) -> Result<Vec<u8>, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("the file {sha256}: {what}"));
    let file = get(store, sha256).await?.ok_or_else(|| damaged("it is not there"))?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or_default());
    for part in 0..file.parts {
        let row = sqlx::query(PART).bind(sha256).bind(i64::from(part)).fetch_optional(store.readers()).await?;
        let row = row.ok_or_else(|| damaged(&format!("part {part} is missing")))?;
        bytes.extend(row.try_get::<Vec<u8>, _>(0)?);
    }
    if id_of(&bytes) == sha256 { Ok(bytes) } else { Err(damaged("its bytes have changed")) }
}

fn read(row: &Columns<'_>) -> Result<FileRow, StoreError> {
    Ok(FileRow {
        sha256: row.text("sha256")?,
        name: row.text("name")?,
        size: u64::try_from(row.int("size")?).unwrap_or(0),
        parts: row.count("parts")?,
        added_at: row.time("added_at")?,
        charset: row.opt_text("charset")?,
    })
}
