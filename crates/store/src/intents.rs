//! Intents: committed decisions to write, and how far each is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{DocumentNumber, PairId};
use sqlx::Row;

use crate::columns::{Columns, damaged, opt_us, us};
use crate::{Store, StoreError, Tx};

pub(crate) const PLAN: &str = "INSERT INTO intent (id, pair, key, version, subject, kind, number, reference, body, body_sha256, \
     fingerprint, state, attempts, epoch, planned_at, sent_at, settle_until, empty_looks, confirmed_at, adopted, receipt, reason, \
     next_sweep_at, sweeps, updated_at, cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     $19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT (pair, key, version) DO NOTHING";
pub(crate) const SAVE: &str = "UPDATE intent SET number = $2, body = $3, body_sha256 = $4, fingerprint = $5, state = $6, attempts = $7, \
     epoch = $8, sent_at = $9, settle_until = $10, empty_looks = $11, confirmed_at = $12, adopted = $13, receipt = $14, reason = $15, \
     next_sweep_at = $16, sweeps = $17, updated_at = $18, cause = $19 WHERE id = $1 AND state = $20 AND epoch <= $8";
pub(crate) const GET: &str = "SELECT * FROM intent WHERE id = $1";
pub(crate) const BY_KEY: &str = "SELECT * FROM intent WHERE pair = $1 AND key = $2 ORDER BY version";
pub(crate) const COUNT_UNDER: &str = "SELECT COUNT(*) FROM intent WHERE pair = $1 AND key >= $2 AND key < $3";
pub(crate) const OF_SUBJECT: &str = "SELECT * FROM intent WHERE pair = $1 AND subject = $2 ORDER BY planned_at, id";
pub(crate) const OPEN: &str =
    "SELECT * FROM intent WHERE state NOT IN ('confirmed', 'conflict', 'rejected') ORDER BY planned_at LIMIT $1";
pub(crate) const DUE_SWEEPS: &str =
    "SELECT * FROM intent WHERE next_sweep_at IS NOT NULL AND next_sweep_at <= $1 ORDER BY next_sweep_at LIMIT $2";
pub(crate) const COUNTS: &str =
    "SELECT state, COUNT(*) FROM intent WHERE kind NOT IN ('customer', 'supplier') GROUP BY state";

/// How far an intent is (facts: reliability §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Decided; no number yet.
    Planned,
    /// Has its number; not sent.
    Intended,
    /// Sent; whoever sent it waits for the answer.
    Sent,
    /// Sent, and nobody knows what became of it.
    Unknown,
    /// In the books, read back.
    Confirmed,
    /// The books hold something else; a person decides.
    Conflict,
    /// The books refused it; a person puts the cause right.
    Rejected,
}

/// A committed decision to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// UUIDv7.
    pub id: String,
    /// The pair.
    pub pair: PairId,
    /// Natural key: `order/203-…/invoice/1`, `settlement/42-GBP/bill/selling/1`, `customer/AMZUKSTD`.
    pub key: String,
    /// 1, and 2 … for what replaces it under the same key.
    pub version: u32,
    /// What it belongs to: an order by its id, anything else as in its key (`settlement/42-GBP`).
    pub subject: String,
    /// The word of its [`model::DocumentKind`], or `customer` or `supplier`.
    pub kind: String,
    /// The number that we chose.
    pub number: Option<DocumentNumber>,
    /// The reference by which it is found.
    pub reference: String,
    /// The frozen draft as JSON.
    pub body: String,
    /// SHA-256 of the body.
    pub body_sha256: String,
    /// What a receipt must agree with.
    pub fingerprint: String,
    /// How far it is.
    pub state: State,
    /// Times it was sent.
    pub attempts: u32,
    /// Epoch of the process that last changed it.
    pub epoch: i64,
    /// When it was decided.
    pub planned_at: Timestamp,
    /// When it was last sent.
    pub sent_at: Option<Timestamp>,
    /// Not to be looked for before this.
    pub settle_until: Option<Timestamp>,
    /// Looks in a row that found nothing.
    pub empty_looks: u32,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Whether it was there already and was taken over.
    pub adopted: bool,
    /// The receipt as JSON.
    pub receipt: Option<String>,
    /// Why it waits for a person.
    pub reason: Option<String>,
    /// The same as a stable code (`period_locked`, `alike_in_books`, …); of a planned one, what a person asked for.
    pub cause: Option<String>,
    /// When it is next looked at although it is confirmed.
    pub next_sweep_at: Option<Timestamp>,
    /// Looks since it was confirmed.
    pub sweeps: u32,
    /// Last change.
    pub updated_at: Timestamp,
}

impl State {
    /// The word in rows and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Intended => "intended",
            State::Sent => "sent",
            State::Unknown => "unknown",
            State::Confirmed => "confirmed",
            State::Conflict => "conflict",
            State::Rejected => "rejected",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] for another word.
    pub fn parse(word: &str) -> Result<State, StoreError> {
        const ALL: [State; 7] = [
            State::Planned,
            State::Intended,
            State::Sent,
            State::Unknown,
            State::Confirmed,
            State::Conflict,
            State::Rejected,
        ];
        ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| damaged("state"))
    }
}

/// Commits an intent. `false` if its key and version are there already.
///
/// # Errors
///
/// [`StoreError`].
pub async fn plan(tx: &mut Tx, intent: &Intent) -> Result<bool, StoreError> {
    let done = sqlx::query(PLAN)
        .bind(&intent.id)
        .bind(intent.pair.as_str())
        .bind(&intent.key)
        .bind(i64::from(intent.version))
        .bind(&intent.subject)
        .bind(&intent.kind)
        .bind(intent.number.map(|number| i64::from(number.0)))
        .bind(&intent.reference)
        .bind(&intent.body)
        .bind(&intent.body_sha256)
        .bind(&intent.fingerprint)
        .bind(intent.state.as_str())
        .bind(i64::from(intent.attempts))
        .bind(intent.epoch)
        .bind(us(intent.planned_at))
        .bind(opt_us(intent.sent_at))
        .bind(opt_us(intent.settle_until))
        .bind(i64::from(intent.empty_looks))
        .bind(opt_us(intent.confirmed_at))
        .bind(i64::from(intent.adopted))
        .bind(&intent.receipt)
        .bind(&intent.reason)
        .bind(opt_us(intent.next_sweep_at))
        .bind(i64::from(intent.sweeps))
        .bind(us(intent.updated_at))
        .bind(&intent.cause)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Saves a changed intent that was in state `from`, unless a process of a later epoch has it.
///
/// # Errors
///
/// [`StoreError::Stale`] if it is no longer in that state.
pub async fn save(tx: &mut Tx, intent: &Intent, from: State) -> Result<(), StoreError> {
    let done = sqlx::query(SAVE)
        .bind(&intent.id)
        .bind(intent.number.map(|number| i64::from(number.0)))
        .bind(&intent.body)
        .bind(&intent.body_sha256)
        .bind(&intent.fingerprint)
        .bind(intent.state.as_str())
        .bind(i64::from(intent.attempts))
        .bind(intent.epoch)
        .bind(opt_us(intent.sent_at))
        .bind(opt_us(intent.settle_until))
        .bind(i64::from(intent.empty_looks))
        .bind(opt_us(intent.confirmed_at))
        .bind(i64::from(intent.adopted))
        .bind(&intent.receipt)
        .bind(&intent.reason)
        .bind(opt_us(intent.next_sweep_at))
        .bind(i64::from(intent.sweeps))
        .bind(us(intent.updated_at))
        .bind(&intent.cause)
        .bind(from.as_str())
        .execute(tx)
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale { what: format!("intent {}", intent.key) }) }
}

/// One intent.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, id: &str) -> Result<Option<Intent>, StoreError> {
    let row = sqlx::query(GET).bind(id).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// Every version under a natural key, oldest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn by_key(store: &Store, pair: &PairId, key: &str) -> Result<Vec<Intent>, StoreError> {
    read_all(sqlx::query(BY_KEY).bind(pair.as_str()).bind(key).fetch_all(store.readers()).await?)
}

/// How many intents have a key that begins with `prefix`, in any state; `prefix` ends with `/`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn count_under(store: &Store, pair: &PairId, prefix: &str) -> Result<u64, StoreError> {
    // `0` is the character after `/`, so this is a range of the index and not a search.
    let end = format!("{}0", prefix.trim_end_matches('/'));
    let row = sqlx::query(COUNT_UNDER).bind(pair.as_str()).bind(prefix).bind(end).fetch_one(store.readers()).await?;
    Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))
}

/// Every intent of an order, oldest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_subject(store: &Store, pair: &PairId, subject: &str) -> Result<Vec<Intent>, StoreError> {
    read_all(sqlx::query(OF_SUBJECT).bind(pair.as_str()).bind(subject).fetch_all(store.readers()).await?)
}

/// Intents on their way, oldest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn open(store: &Store, limit: usize) -> Result<Vec<Intent>, StoreError> {
    read_all(sqlx::query(OPEN).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(store.readers()).await?)
}

/// Confirmed intents that are due to be looked at again.
///
/// # Errors
///
/// [`StoreError`].
pub async fn due_sweeps(store: &Store, now: Timestamp, limit: usize) -> Result<Vec<Intent>, StoreError> {
    let query = sqlx::query(DUE_SWEEPS).bind(us(now)).bind(i64::try_from(limit).unwrap_or(i64::MAX));
    read_all(query.fetch_all(store.readers()).await?)
}

/// Documents by state.
///
/// # Errors
///
/// [`StoreError`].
pub async fn counts(store: &Store) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    for row in sqlx::query(COUNTS).fetch_all(store.readers()).await? {
        let (state, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        counts.insert(state, u64::try_from(count).unwrap_or(0));
    }
    Ok(counts)
}

fn read_all(rows: Vec<sqlx::sqlite::SqliteRow>) -> Result<Vec<Intent>, StoreError> {
    rows.iter().map(|row| read(&Columns(row))).collect()
}

fn read(row: &Columns<'_>) -> Result<Intent, StoreError> {
    let number = row.opt_int("number")?;
    Ok(Intent {
        id: row.text("id")?,
        pair: row.parsed("pair", PairId::parse)?,
        key: row.text("key")?,
        version: row.count("version")?,
        subject: row.text("subject")?,
        kind: row.text("kind")?,
        number: number
            .map(|number| u32::try_from(number).map(DocumentNumber).map_err(|_| damaged("number")))
            .transpose()?,
        reference: row.text("reference")?,
        body: row.text("body")?,
        body_sha256: row.text("body_sha256")?,
        fingerprint: row.text("fingerprint")?,
        state: State::parse(&row.text("state")?)?,
        attempts: row.count("attempts")?,
        epoch: row.int("epoch")?,
        planned_at: row.time("planned_at")?,
        sent_at: row.opt_time("sent_at")?,
        settle_until: row.opt_time("settle_until")?,
        empty_looks: row.count("empty_looks")?,
        confirmed_at: row.opt_time("confirmed_at")?,
        adopted: row.flag("adopted")?,
        receipt: row.opt_text("receipt")?,
        reason: row.opt_text("reason")?,
        cause: row.opt_text("cause")?,
        next_sweep_at: row.opt_time("next_sweep_at")?,
        sweeps: row.count("sweeps")?,
        updated_at: row.time("updated_at")?,
    })
}
