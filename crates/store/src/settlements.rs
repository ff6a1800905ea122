//! Settlements: which there are, the file each came in, and how far it is on its way into the books.

use jiff::Timestamp;
use model::PairId;
use money::{Currency, Money};
use sqlx::Row;

use crate::columns::{Columns, damaged, opt_us, us};
use crate::{Store, StoreError, Tx};

pub(crate) const INSERT: &str = "INSERT INTO settlement (pair, settlement_id, currency, file, source, period_from, period_to, deposit_on, \
     total_minor, row_count, stage, stage_reason, mode, accepted, summary, first_seen_at, posted_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
     ON CONFLICT (pair, settlement_id, currency) DO NOTHING RETURNING settlement_id";
pub(crate) const UPDATE: &str = "UPDATE settlement SET stage = $4, stage_reason = $5, accepted = $6, summary = $7, posted_at = $8, updated_at = $9 \
     WHERE pair = $1 AND settlement_id = $2 AND currency = $3";
pub(crate) const REPLACE: &str = "UPDATE settlement SET file = $4, source = $5, period_from = $6, period_to = $7, deposit_on = $8, \
     total_minor = $9, row_count = $10, stage = 'received', stage_reason = NULL, accepted = '', summary = '', updated_at = $11 \
     WHERE pair = $1 AND settlement_id = $2 AND currency = $3 AND stage = 'quarantined'";
pub(crate) const GET: &str = "SELECT * FROM settlement WHERE pair = $1 AND settlement_id = $2 AND currency = $3";
pub(crate) const PAGE: &str = "SELECT * FROM settlement WHERE ($1 = '' OR pair = $1) AND ($2 = '' OR stage = $2) \
     AND ($3 = 0 OR (COALESCE(period_to, first_seen_at), settlement_id, currency, pair) < ($4, $5, $6, $7)) \
     ORDER BY COALESCE(period_to, first_seen_at) DESC, settlement_id DESC, currency DESC, pair DESC LIMIT $8";
pub(crate) const VAT: &str = "SELECT * FROM settlement WHERE COALESCE(period_to, first_seen_at) >= $1 \
     ORDER BY pair, currency, settlement_id";
pub(crate) const CHAIN: &str =
    "SELECT * FROM settlement WHERE pair = $1 AND currency = $2 ORDER BY period_from, settlement_id";
pub(crate) const UNDECIDED: &str =
    "SELECT currency FROM settlement WHERE pair = $1 AND settlement_id = $2 AND stage = 'received'";
pub(crate) const COUNTS: &str = "SELECT stage, COUNT(*) FROM settlement GROUP BY stage";
pub(crate) const SEE: &str = "INSERT INTO report_seen (pair, report_id, settlement, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pair, report_id) DO NOTHING";
pub(crate) const SEEN: &str = "SELECT settlement FROM report_seen WHERE pair = $1 AND report_id = $2";

/// How far a settlement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Received; not decided yet.
    Received,
    /// Its rows do not sum to its total, or an amount cannot be read: nothing is posted until a person acts.
    Quarantined,
    /// Its documents are on their way.
    Posting,
    /// Everything it wants is in the books.
    Posted,
    /// Something waits for a person; the rest is in the books.
    Review,
}

/// One settlement of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRow {
    /// The pair.
    pub pair: PairId,
    /// The marketplace's id.
    pub id: String,
    /// Currency of every amount in it; id and currency are its natural key.
    pub currency: Currency,
    /// The file it is read from.
    pub file: String,
    /// `marketplace` or `upload`.
    pub source: String,
    /// Begin of its period.
    pub from: Option<Timestamp>,
    /// End of its period.
    pub to: Option<Timestamp>,
    /// When the payout is initiated.
    pub deposit_on: Option<Timestamp>,
    /// What is paid out.
    pub total: Money,
    /// Rows that carry an amount.
    pub rows: u64,
    /// How far it is.
    pub stage: Stage,
    /// Why it is there, in words.
    pub stage_reason: Option<String>,
    /// The posting mode with which it was decided: it never changes within a settlement.
    pub mode: String,
    /// Amounts that a person accepted for unreadable rows, as JSON: line → amount.
    pub accepted: String,
    /// What was posted, as JSON, for the console.
    pub summary: String,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When all of it was in the books.
    pub posted_at: Option<Timestamp>,
    /// Last change.
    pub updated_at: Timestamp,
}

/// Which settlements.
#[derive(Clone, Debug, Default)]
pub struct SettlementFilter {
    /// Only of this pair.
    pub pair: Option<PairId>,
    /// Only at this stage.
    pub stage: Option<Stage>,
}

/// One page of settlements.
#[derive(Clone, Debug)]
pub struct SettlementPage {
    /// Newest period first.
    pub rows: Vec<SettlementRow>,
    /// Marks where the next page begins.
    pub next: Option<String>,
}

/// Where a page ended: the sort key of its last row.
#[derive(Default)]
struct Mark {
    at_us: i64,
    id: String,
    currency: String,
    pair: String,
}

impl Mark {
    fn of(row: &SettlementRow) -> Mark {
        let at = row.to.unwrap_or(row.first_seen_at);
        Mark { at_us: us(at), id: row.id.clone(), currency: row.currency.code().to_owned(), pair: row.pair.to_string() }
    }

    /// The marketplace's id comes last, because nobody promises what is in it.
    fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.at_us, self.currency, self.pair, self.id)
    }

    fn parse(text: &str) -> Result<Mark, StoreError> {
        let foreign = || StoreError::Bad("this page mark is not ours".to_owned());
        let parts: Vec<&str> = text.splitn(4, '.').collect();
        let [at, currency, pair, id] = parts[..] else { return Err(foreign()) };
        let at_us = at.parse().map_err(|_| foreign())?;
        Ok(Mark { at_us, id: id.to_owned(), currency: currency.to_owned(), pair: pair.to_owned() })
    }
}

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 5] = [Stage::Received, Stage::Quarantined, Stage::Posting, Stage::Posted, Stage::Review];

    /// The word in rows and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Quarantined => "quarantined",
            Stage::Posting => "posting",
            Stage::Posted => "posted",
            Stage::Review => "review",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// Records a settlement the first time it is seen; `false` if it is there already, whichever file it came in.
///
/// # Errors
///
/// [`StoreError`].
pub async fn receive(tx: &mut Tx, row: &SettlementRow) -> Result<bool, StoreError> {
    let inserted = sqlx::query(INSERT)
        .bind(row.pair.as_str())
        .bind(&row.id)
        .bind(row.currency.code())
        .bind(&row.file)
        .bind(&row.source)
        .bind(opt_us(row.from))
        .bind(opt_us(row.to))
        .bind(opt_us(row.deposit_on))
        .bind(row.total.minor())
        .bind(i64::try_from(row.rows).unwrap_or(i64::MAX))
        .bind(row.stage.as_str())
        .bind(&row.stage_reason)
        .bind(&row.mode)
        .bind(&row.accepted)
        .bind(&row.summary)
        .bind(us(row.first_seen_at))
        .bind(opt_us(row.posted_at))
        .bind(us(row.updated_at))
        .fetch_optional(tx)
        .await?;
    Ok(inserted.is_some())
}

/// What came of taking a settlement in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was not known.
    New,
    /// The file that was known was quarantined: this one is read in its place.
    Better,
    /// It was known with the same total and as many rows.
    Same,
    /// It was known with other figures; what was received first stands.
    Contradicts,
}

/// Takes a settlement in: once, whichever file it comes in, unless what was received before could not be used.
///
/// # Errors
///
/// [`StoreError`].
pub async fn take_in(tx: &mut Tx, row: &SettlementRow) -> Result<Taken, StoreError> {
    if receive(tx, row).await? {
        return Ok(Taken::New);
    }
    let query = sqlx::query(GET).bind(row.pair.as_str()).bind(&row.id).bind(row.currency.code());
    let known = read(&Columns(&query.fetch_one(&mut *tx).await?))?;
    if known.file == row.file {
        return Ok(Taken::Same);
    }
    if known.stage == Stage::Quarantined {
        sqlx::query(REPLACE)
            .bind(row.pair.as_str())
            .bind(&row.id)
            .bind(row.currency.code())
            .bind(&row.file)
            .bind(&row.source)
            .bind(opt_us(row.from))
            .bind(opt_us(row.to))
            .bind(opt_us(row.deposit_on))
            .bind(row.total.minor())
            .bind(i64::try_from(row.rows).unwrap_or(i64::MAX))
            .bind(us(row.updated_at))
            .execute(tx)
            .await?;
        return Ok(Taken::Better);
    }
    let same = known.total == row.total && known.rows == row.rows;
    Ok(if same { Taken::Same } else { Taken::Contradicts })
}

/// Writes how far a settlement is, what was accepted and what was posted. The head and the file stay as received.
///
/// # Errors
///
/// [`StoreError::Bad`] if it was never received.
pub async fn update(tx: &mut Tx, row: &SettlementRow) -> Result<(), StoreError> {
    let changed = sqlx::query(UPDATE)
        .bind(row.pair.as_str())
        .bind(&row.id)
        .bind(row.currency.code())
        .bind(row.stage.as_str())
        .bind(&row.stage_reason)
        .bind(&row.accepted)
        .bind(&row.summary)
        .bind(opt_us(row.posted_at))
        .bind(us(row.updated_at))
        .execute(tx)
        .await?;
    if changed.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Bad(format!("there is no settlement {}", row.id)))
    }
}

/// One settlement.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(
    store: &Store,
    pair: &PairId,
    id: &str,
    currency: Currency,
) -> Result<Option<SettlementRow>, StoreError> {
    let query = sqlx::query(GET).bind(pair.as_str()).bind(id).bind(currency.code());
    query.fetch_optional(store.readers()).await?.map(|row| read(&Columns(&row))).transpose()
}

/// One page of settlements, newest period first. `after` is the `next` of the page before.
///
/// # Errors
///
/// [`StoreError`]; [`StoreError::Bad`] for an `after` that we did not make.
pub async fn page(
    store: &Store,
    filter: &SettlementFilter,
    after: Option<&str>,
    limit: u32,
) -> Result<SettlementPage, StoreError> {
    let mark = after.map(Mark::parse).transpose()?;
    let (is_marked, mark) = (mark.is_some(), mark.unwrap_or_default());
    let query = sqlx::query(PAGE)
        .bind(filter.pair.as_ref().map_or("", PairId::as_str))
        .bind(filter.stage.map_or("", Stage::as_str))
        .bind(i64::from(is_marked))
        .bind(mark.at_us)
        .bind(mark.id)
        .bind(mark.currency)
        .bind(mark.pair)
        .bind(i64::from(limit) + 1);
    let found = query.fetch_all(store.readers()).await?;
    let mut rows: Vec<SettlementRow> = found.iter().map(|row| read(&Columns(row))).collect::<Result<_, _>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| Mark::of(row).text());
    Ok(SettlementPage { rows, next })
}

/// Currencies in which a settlement waits to be decided.
///
/// # Errors
///
/// [`StoreError`].
pub async fn undecided(tx: &mut Tx, pair: &PairId, id: &str) -> Result<Vec<Currency>, StoreError> {
    let rows = sqlx::query(UNDECIDED).bind(pair.as_str()).bind(id).fetch_all(tx).await?;
    rows.iter().map(|row| Columns(row).parsed("currency", Currency::parse)).collect()
}

/// Settlements whose period ended at or after `from`, of all pairs: for the VAT of what was posted.
///
/// # Errors
///
/// [`StoreError`].
pub async fn ended_since(store: &Store, from: Timestamp) -> Result<Vec<SettlementRow>, StoreError> {
    let query = sqlx::query(VAT).bind(us(from));
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// The chain of a pair and currency, oldest period first: for reserve and debt chains and gaps.
///
/// # Errors
///
/// [`StoreError`].
pub async fn chain(store: &Store, pair: &PairId, currency: Currency) -> Result<Vec<SettlementRow>, StoreError> {
    let query = sqlx::query(CHAIN).bind(pair.as_str()).bind(currency.code());
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// How many settlements stand at which stage.
///
/// # Errors
///
/// [`StoreError`].
pub async fn counts(store: &Store) -> Result<Vec<(Stage, u64)>, StoreError> {
    let rows = sqlx::query(COUNTS).fetch_all(store.readers()).await?;
    rows.iter()
        .map(|row| {
            let (word, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            Ok((Stage::parse(&word).ok_or_else(|| damaged("stage"))?, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

/// Notes that a report of the marketplace was dealt with, and which settlement (or none) was in it.
///
/// # Errors
///
/// [`StoreError`].
pub async fn see_report(
    tx: &mut Tx,
    pair: &PairId,
    report: &str,
    settlement: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(SEE).bind(pair.as_str()).bind(report).bind(settlement).bind(us(at)).execute(tx).await?;
    Ok(())
}

/// Whether a report was dealt with before.
///
/// # Errors
///
/// [`StoreError`].
pub async fn is_report_seen(store: &Store, pair: &PairId, report: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query(SEEN).bind(pair.as_str()).bind(report).fetch_optional(store.readers()).await?.is_some())
}

fn read(row: &Columns<'_>) -> Result<SettlementRow, StoreError> {
    let currency = row.parsed("currency", Currency::parse)?;
    Ok(SettlementRow {
        pair: row.parsed("pair", PairId::parse)?,
        id: row.text("settlement_id")?,
        currency,
        file: row.text("file")?,
        source: row.text("source")?,
        from: row.opt_time("period_from")?,
        to: row.opt_time("period_to")?,
        deposit_on: row.opt_time("deposit_on")?,
        total: Money::new(row.int("total_minor")?, currency),
        rows: u64::try_from(row.int("row_count")?).unwrap_or(0),
        stage: Stage::parse(&row.text("stage")?).ok_or_else(|| damaged("stage"))?,
        stage_reason: row.opt_text("stage_reason")?,
        mode: row.text("mode")?,
        accepted: row.text("accepted")?,
        summary: row.text("summary")?,
        first_seen_at: row.time("first_seen_at")?,
        posted_at: row.opt_time("posted_at")?,
        updated_at: row.time("updated_at")?,
    })
}
