//! Taking a settlement file in: kept byte for byte, each settlement in it known once, whichever file it came in.

use jiff::Timestamp;
use money::Currency;
use ports::{Parked, ReadSettlement};
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, StoreError, files, lanes, reviews};

use super::person::post_anyway;
use super::{SOURCE, subject, wake};
use crate::pair::Pair;

/// Where a file came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A report of the marketplace, by its id there.
    Marketplace { report: String },
    /// A person gave it.
    Upload,
}

/// A settlement that was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The marketplace's id.
    pub id: String,
    /// Its currency.
    pub currency: Currency,
    /// How far it is.
    pub stage: Stage,
    /// Whether it was here before, from this or another file.
    pub duplicate: bool,
}

/// Keeps the file and makes each settlement in it due. What cannot be read as a settlement is kept out, and says why.
pub(crate) async fn receive(
    store: &Store,
    pair: &Pair,
    name: &str,
    file: ports::FileBytes,
    origin: Origin,
) -> Result<Result<Vec<Received>, Parked>, StoreError> {
    let Opened { bytes, charset, file, read } = open(pair, file).await?;
    let read = match read {
        Ok(read) => read,
        Err(parked) => return Ok(Err(parked)),
    };
    if let Some(nameless) = read.iter().find(|settlement| settlement.id.is_empty()) {
        return Ok(Err(no_id(nameless)));
    }
    let by_hand = origin == Origin::Upload;
    let now = store.clock().now();
    let (id, name) = (pair.id().clone(), name.to_owned());
    let rows: Vec<SettlementRow> = read.iter().map(|settlement| row(pair, settlement, &file, &origin, now)).collect();
    let received = store
        .write(move |tx| {
            Box::pin(async move {
                files::add(tx, &name, &bytes, charset.as_deref(), now).await?;
                let mut received = Vec::new();
                for row in rows {
                    let taken = settlements::take_in(tx, &row).await?;
                    if taken == settlements::Taken::Contradicts {
                        reviews::open(tx, &contradiction(&row, now)).await?;
                    }
                    let duplicate = !matches!(taken, settlements::Taken::New | settlements::Taken::Better);
                    if !duplicate {
                        lanes::wake(tx, &[wake(&id, &row.id, row.currency, now)]).await?;
                    }
                    received.push((row.id, row.currency, duplicate));
                }
                if let Origin::Marketplace { report } = &origin {
                    let first = received.first().map_or("", |(settlement, ..)| settlement.as_str());
                    settlements::see_report(tx, &id, report, first, now).await?;
                }
                Ok(received)
            })
        })
        .await?;
    if by_hand {
        for (settlement, currency, _) in received.iter().filter(|(.., duplicate)| *duplicate) {
            // Whoever gives a held-back settlement by hand wants it posted; any other answer leaves it as it is.
            let _ = post_anyway(store, pair, settlement, *currency).await?;
        }
    }
    let mut shown = Vec::with_capacity(received.len());
    for (settlement, currency, duplicate) in received {
        let row = settlements::get(store, pair.id(), &settlement, currency).await?;
        let stage = row.map_or(Stage::Received, |row| row.stage);
        shown.push(Received { id: settlement, currency, stage, duplicate });
    }
    Ok(Ok(shown))
}

/// A file with what a first reading gave.
struct Opened {
    bytes: Vec<u8>,
    charset: Option<String>,
    /// Id under which the bytes are kept.
    file: String,
    read: Result<Vec<ReadSettlement>, Parked>,
}

/// Reads a file away from the threads that serve everybody else: a large one takes seconds.
async fn open(pair: &Pair, file: ports::FileBytes) -> Result<Opened, StoreError> {
    let marketplace = pair.setup.marketplace.clone();
    let work = move || {
        let ports::FileBytes { bytes, charset } = file;
        let book = marketplace.read_settlements(&bytes, charset.as_deref(), &Default::default());
        let read = book.map(|book| book.settlements().to_vec());
        let file = files::id_of(&bytes);
        Opened { bytes, charset, file, read }
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Bad(format!("reading a settlement file: {error}")))
}

fn row(pair: &Pair, read: &ReadSettlement, file: &str, origin: &Origin, now: Timestamp) -> SettlementRow {
    let head = read.head.as_ref();
    SettlementRow {
        pair: pair.id().clone(),
        id: read.id.clone(),
        currency: read.currency,
        file: file.to_owned(),
        source: match origin {
            Origin::Marketplace { .. } => "marketplace",
            Origin::Upload => "upload",
        }
        .to_owned(),
        from: head.and_then(|head| head.from),
        to: head.and_then(|head| head.to),
        deposit_on: head.and_then(|head| head.deposit_on),
        total: head.map_or(read.sum, |head| head.total),
        rows: read.rows,
        stage: Stage::Received,
        stage_reason: None,
        mode: pair.setup.mapping.settlements.mode.clone(),
        accepted: String::new(),
        summary: String::new(),
        first_seen_at: now,
        posted_at: None,
        updated_at: now,
    }
}

fn no_id(settlement: &ReadSettlement) -> Parked {
    Parked {
        code: "no_settlement_id".to_owned(),
        path: "file".to_owned(),
        reason: format!(
            "a settlement of {} in {} rows has no id, so it cannot be told from another",
            settlement.currency, settlement.rows
        ),
        fix: "Download the settlement as Flat File V2 from Seller Central".to_owned(),
    }
}

fn contradiction(row: &SettlementRow, at: Timestamp) -> reviews::NewReview {
    reviews::NewReview {
        pair: row.pair.clone(),
        subject: subject(&row.id, row.currency),
        code: "settlement_contradicts".to_owned(),
        kind: reviews::Kind::Break,
        title: format!("Settlement {}", row.id),
        reason: format!(
            "It came again with other figures: {} in {} rows. What was received first stands; nothing of the new file is posted.",
            row.total, row.rows
        ),
        fix: "Download the settlement again from Seller Central and compare; undo what was posted if the first file was wrong."
            .to_owned(),
        path: Some(row.file.clone()),
        amount: Some(row.total),
        source: SOURCE,
        at,
    }
}
