//! Items for a person: reviews (something cannot be decided), breaks (the books differ) and dead letters (given up).

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::PairId;
use money::Money;
use sqlx::Row;

use crate::columns::{Columns, damaged, us};
use crate::{Store, StoreError, Tx};

pub(crate) const OPEN: &str = "INSERT INTO review (pair, subject, code, kind, title, reason, fix, path, amount_minor, amount_currency, source, opened_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (pair, subject, code, path) WHERE closed_at IS NULL DO UPDATE SET \
     kind = excluded.kind, title = excluded.title, reason = excluded.reason, fix = excluded.fix, \
     amount_minor = excluded.amount_minor, amount_currency = excluded.amount_currency";
pub(crate) const CLOSE: &str = "UPDATE review SET closed_at = $4, closed_by = $5, note = $6 \
     WHERE pair = $1 AND subject = $2 AND code = $3 AND closed_at IS NULL";
pub(crate) const CLOSE_ID: &str =
    "UPDATE review SET closed_at = $2, closed_by = $3, note = $4 WHERE id = $1 AND closed_at IS NULL";
pub(crate) const CLOSE_AT: &str = "UPDATE review SET closed_at = $5, closed_by = $3 \
     WHERE pair = $1 AND subject = $2 AND source = $3 AND path = $4 AND closed_at IS NULL";
pub(crate) const OPEN_OF_SOURCE: &str =
    "SELECT code FROM review WHERE pair = $1 AND subject = $2 AND source = $3 AND closed_at IS NULL";
pub(crate) const LIST: &str = "SELECT * FROM review WHERE ($1 = 0 OR closed_at IS NULL) AND ($2 = '' OR kind = $2) AND id > $3 ORDER BY id LIMIT $4";
pub(crate) const OF_SUBJECT: &str = "SELECT * FROM review WHERE pair = $1 AND subject = $2 ORDER BY id";
pub(crate) const COUNTS: &str = "SELECT kind, COUNT(*) FROM review WHERE closed_at IS NULL GROUP BY kind";
pub(crate) const GET: &str = "SELECT * FROM review WHERE id = $1";

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something cannot be decided without a person.
    Review,
    /// The books hold something that we cannot explain.
    Break,
    /// Work that was given up or refused.
    DeadLetter,
}

/// An item to open.
#[derive(Clone, Debug)]
pub struct NewReview {
    /// The pair.
    pub pair: PairId,
    /// The order, connection or message it is about.
    pub subject: String,
    /// Stable code. One subject has at most one open item of a code and path.
    pub code: String,
    /// Its kind.
    pub kind: Kind,
    /// Heading.
    pub title: String,
    /// What happened and what it means for the books.
    pub reason: String,
    /// The next action.
    pub fix: String,
    /// JSON path of the value that could not be used, or the reference of the document that it is about.
    pub path: Option<String>,
    /// What it is about, in money.
    pub amount: Option<Money>,
    /// Who opened it: `flow`, `delivery`, `sweep`, …. A source closes its own items when their cause is gone.
    pub source: &'static str,
    /// When.
    pub at: Timestamp,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: i64,
    /// The pair.
    pub pair: PairId,
    /// The order, connection or message it is about.
    pub subject: String,
    /// Stable code.
    pub code: String,
    /// Its kind.
    pub kind: Kind,
    /// Heading.
    pub title: String,
    /// What happened.
    pub reason: String,
    /// The next action.
    pub fix: String,
    /// JSON path.
    pub path: Option<String>,
    /// Money.
    pub amount: Option<Money>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<String>,
    /// What they wrote.
    pub note: Option<String>,
}

impl Kind {
    /// The word in rows and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Review => "review",
            Kind::Break => "break",
            Kind::DeadLetter => "dead_letter",
        }
    }
}

/// Opens an item, or refreshes the open one of the same subject and code.
///
/// # Errors
///
/// [`StoreError`].
pub async fn open(tx: &mut Tx, review: &NewReview) -> Result<(), StoreError> {
    sqlx::query(OPEN)
        .bind(review.pair.as_str())
        .bind(&review.subject)
        .bind(&review.code)
        .bind(review.kind.as_str())
        .bind(&review.title)
        .bind(&review.reason)
        .bind(&review.fix)
        .bind(review.path.as_deref().unwrap_or_default())
        .bind(review.amount.map(Money::minor))
        .bind(review.amount.map(|amount| amount.currency().code()))
        .bind(review.source)
        .bind(us(review.at))
        .execute(tx)
        .await?;
    Ok(())
}

/// Closes the open item of a subject and code. Says whether there was one.
///
/// # Errors
///
/// [`StoreError`].
pub async fn close(
    tx: &mut Tx,
    pair: &PairId,
    subject: &str,
    code: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(CLOSE).bind(pair.as_str()).bind(subject).bind(code).bind(us(now)).bind(by);
    Ok(query.bind(None::<String>).execute(tx).await?.rows_affected() > 0)
}

/// A person closes an item with a note. Says whether it was open.
///
/// # Errors
///
/// [`StoreError`].
pub async fn close_by_id(tx: &mut Tx, id: i64, by: &str, note: &str, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query(CLOSE_ID).bind(id).bind(us(now)).bind(by).bind(note);
    Ok(query.execute(tx).await?.rows_affected() > 0)
}

/// A source looked again: its items of this subject whose code is not in `still` are closed.
///
/// # Errors
///
/// [`StoreError`].
pub async fn close_cured(
    tx: &mut Tx,
    pair: &PairId,
    subject: &str,
    source: &str,
    still: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = sqlx::query(OPEN_OF_SOURCE).bind(pair.as_str()).bind(subject).bind(source);
    for row in query.fetch_all(&mut *tx).await? {
        let code: String = row.try_get(0)?;
        if !still.contains(&code) {
            close(tx, pair, subject, &code, source, now).await?;
        }
    }
    Ok(())
}

/// The cause at one path (a document's reference) is gone: the items of `source` about it are closed, those of its neighbours stay.
///
/// # Errors
///
/// [`StoreError`].
pub async fn close_at(
    tx: &mut Tx,
    pair: &PairId,
    subject: &str,
    source: &str,
    path: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(CLOSE_AT).bind(pair.as_str()).bind(subject).bind(source).bind(path).bind(us(now)).execute(tx).await?;
    Ok(())
}

/// Items in order of opening, after the id `after`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list(
    store: &Store,
    open_only: bool,
    kind: Option<Kind>,
    limit: u32,
    after: Option<i64>,
) -> Result<Vec<Review>, StoreError> {
    let query =
        sqlx::query(LIST).bind(i64::from(open_only)).bind(kind.map_or("", Kind::as_str)).bind(after.unwrap_or(0));
    query.bind(i64::from(limit)).fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// Items of one subject, oldest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_subject(store: &Store, pair: &PairId, subject: &str) -> Result<Vec<Review>, StoreError> {
    let query = sqlx::query(OF_SUBJECT).bind(pair.as_str()).bind(subject);
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// One item.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, id: i64) -> Result<Option<Review>, StoreError> {
    let row = sqlx::query(GET).bind(id).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// Open items by kind.
///
/// # Errors
///
/// [`StoreError`].
pub async fn counts(store: &Store) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    for row in sqlx::query(COUNTS).fetch_all(store.readers()).await? {
        let (kind, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        counts.insert(kind, u64::try_from(count).unwrap_or(0));
    }
    Ok(counts)
}

fn read(row: &Columns<'_>) -> Result<Review, StoreError> {
    let kind = match row.text("kind")?.as_str() {
        "review" => Kind::Review,
        "break" => Kind::Break,
        "dead_letter" => Kind::DeadLetter,
        _ => return Err(damaged("kind")),
    };
    Ok(Review {
        id: row.int("id")?,
        pair: row.parsed("pair", PairId::parse)?,
        subject: row.text("subject")?,
        code: row.text("code")?,
        kind,
        title: row.text("title")?,
        reason: row.text("reason")?,
        fix: row.text("fix")?,
        path: row.opt_text("path")?.filter(|path| !path.is_empty()),
        amount: row.opt_money("amount")?,
        opened_at: row.time("opened_at")?,
        closed_at: row.opt_time("closed_at")?,
        closed_by: row.opt_text("closed_by")?,
        note: row.opt_text("note")?,
    })
}
