//! Decides a settlement: its documents, what they leave for the next one, and what a person should see, in one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bookkeeping::Problem;
use bookkeeping::settlement::vocabulary::Source;
use bookkeeping::settlement::{Evidence, Posted, Poster, Rules, Task};
use jiff::Timestamp;
use model::{OrderId, Settlement};
use money::Currency;
use ports::{Hint, Parked, ReadSettlement};
use store::intents::{self, Intent};
use store::settled::{self, SettledRow};
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, StoreError, cursors, files, hints, lanes, reviews};

use super::evidence::{self, Before, Orders};
use super::summary::Summary;
use super::{Accepted, SOURCE, subject};
use crate::Settings;
use crate::decide::intent_of;
use crate::finances;
use crate::pair::Pair;

/// The cursor that holds the first day from which the pair is responsible for settlements.
const START: &str = "settlements.start";

/// What came of it.
pub(super) enum Decided {
    /// Its documents are committed.
    Planned,
    /// A person must act first.
    ForPerson,
    /// Something that it must be compared with is not there yet.
    Wait(Timestamp),
}

/// Decides `row`, which has no documents yet.
pub(super) async fn decide(
    store: &Store,
    settings: &Settings,
    pair: &Pair,
    row: &SettlementRow,
) -> Result<Decided, StoreError> {
    let accepted = Accepted::parse(&row.accepted)?;
    let source = File::load(store, row, accepted.lines.clone()).await?;
    let first = match on_a_thread(pair, source.clone(), |book, place| names(book, place)).await? {
        Ok(first) => first,
        Err(parked) => return quarantine(store, pair, row, None, vec![of_file(row, parked)]).await,
    };
    if !first.read.balanced {
        let why = unbalanced(row, &first.read);
        return quarantine(store, pair, row, Some(&first.read), vec![why]).await;
    }
    if begins_before(store, pair, row).await? && !accepted.from_before {
        return hold_back(store, pair, row, &first.read, vec![before_start(row)]).await;
    }
    let now = store.clock().now();
    let again = clock::later(now, Duration::from_secs(settings.settlement_again_s));
    let patient = clock::later(row.first_seen_at, Duration::from_secs(settings.settlement_wait_s)) > now;
    let earlier = match evidence::before(store, row).await? {
        Before::Undecided if patient => return Ok(Decided::Wait(again)),
        Before::Undecided | Before::Unknown => None,
        Before::Known(earlier) => Some(earlier),
    };
    let Orders { known, unread, converted } = evidence::orders(store, pair, row, &first.orders).await?;
    if !unread.is_empty() && patient {
        ask_for(store, pair, row, unread).await?;
        return Ok(Decided::Wait(again));
    }
    // Only for an order without an invoice does it matter whether its money was held back.
    let until = row.to.filter(|_| patient && known.values().any(|order| order.held.is_empty()));
    if let Some(until) = until
        && !finances::has_read(store, pair, until).await?
    {
        return Ok(Decided::Wait(again));
    }
    if let Some(order) = converted.first() {
        return hold_back(store, pair, row, &first.read, vec![in_other_currency(row, order, converted.len())]).await;
    }
    let rules = match flow::rules(&pair.setup.mapping, &pair.reference.current(), None) {
        Ok(rules) => rules,
        Err(problems) => return hold_back(store, pair, row, &first.read, problems).await,
    };
    let evidence = Evidence { orders: known, earlier, bank: None, accepted_difference: None };
    let posting = Posting { rules, evidence, currency: row.currency };
    let posted = match on_a_thread(pair, source, move |book, place| posting.post(book, place)).await? {
        Ok(Ok(made)) => made,
        Ok(Err(problems)) => return hold_back(store, pair, row, &first.read, problems).await,
        Err(parked) => return quarantine(store, pair, row, Some(&first.read), vec![of_file(row, parked)]).await,
    };
    commit(store, pair, row, &first.read, posted).await
}

/// A kept file, ready to be read on another thread.
#[derive(Clone)]
struct File {
    bytes: std::sync::Arc<Vec<u8>>,
    charset: Option<String>,
    accepted: BTreeMap<u64, String>,
    id: String,
    currency: Currency,
}

impl File {
    async fn load(store: &Store, row: &SettlementRow, accepted: BTreeMap<u64, String>) -> Result<File, StoreError> {
        let charset = files::get(store, &row.file).await?.and_then(|file| file.charset);
        let bytes = std::sync::Arc::new(files::bytes(store, &row.file).await?);
        Ok(File { bytes, charset, accepted, id: row.id.clone(), currency: row.currency })
    }
}

/// Reads the settlement's file away from the workers' threads: a large one takes seconds.
async fn on_a_thread<T: Send + 'static>(
    pair: &Pair,
    file: File,
    work: impl FnOnce(&dyn ports::SettlementBook, usize) -> Result<T, Parked> + Send + 'static,
) -> Result<Result<T, Parked>, StoreError> {
    let marketplace = pair.setup.marketplace.clone();
    let read = move || {
        let book = marketplace.read_settlements(&file.bytes, file.charset.as_deref(), &file.accepted)?;
        let own = |read: &ReadSettlement| read.id == file.id && read.currency == file.currency;
        let place = book.settlements().iter().position(own).ok_or_else(|| gone(&file.id))?;
        work(book.as_ref(), place)
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| StoreError::Bad(format!("reading a settlement: {error}")))
}

/// What a first look at the rows gives.
struct First {
    read: ReadSettlement,
    /// The orders that they name.
    orders: BTreeSet<String>,
}

fn names(book: &dyn ports::SettlementBook, place: usize) -> Result<First, Parked> {
    let read = book.settlements()[place].clone();
    let mut orders = BTreeSet::new();
    if read.balanced {
        book.rows(place, &mut |row| {
            if !row.order.is_empty() && !orders.contains(row.order) {
                orders.insert(row.order.to_owned());
            }
        })?;
    }
    Ok(First { read, orders })
}

/// Everything that the documents are made of, besides the rows.
struct Posting {
    rules: Rules,
    evidence: Evidence,
    currency: Currency,
}

/// What was made, with what it was made by.
struct Made {
    posted: Posted,
    rules: Rules,
    head: Settlement,
}

impl Posting {
    fn post(self, book: &dyn ports::SettlementBook, place: usize) -> Result<Result<Made, Vec<Problem>>, Parked> {
        let Posting { rules, evidence, currency } = self;
        let Some(head) = book.settlements()[place].head.clone() else { return Err(gone("")) };
        let mut poster = Poster::new(&rules, &evidence, Source::SettlementV2, currency);
        book.rows(place, &mut |row| match row.doubt {
            // What the reader doubts is not posted by what it says: its amount goes to suspense, the rest goes on.
            None => poster.push(row),
            Some(_) => poster.push_broken(row.line, row.amount, row.posted_at),
        })?;
        let posted = poster.finish(&head);
        Ok(posted.map(|posted| Made { posted, rules, head }))
    }
}

/// Whether the settlement began before this pair was responsible. The first start is kept: a later restart does not move it.
async fn begins_before(store: &Store, pair: &Pair, row: &SettlementRow) -> Result<bool, StoreError> {
    let kept = cursors::get(store, pair.id(), START).await?.and_then(|text| text.parse::<Timestamp>().ok());
    let start = match kept {
        Some(start) => start,
        None => {
            let (id, start) = (pair.id().clone(), pair.setup.history_from);
            let text = start.to_string();
            store.write(move |tx| Box::pin(async move { cursors::set(tx, &id, START, &text).await })).await?;
            start
        }
    };
    Ok(row.source == "marketplace" && row.from.is_some_and(|from| from < start))
}

/// Asks the observer to read orders that a settlement names and nobody has seen.
async fn ask_for(store: &Store, pair: &Pair, row: &SettlementRow, orders: Vec<OrderId>) -> Result<(), StoreError> {
    let (id, now) = (pair.id().clone(), store.clock().now());
    // The change lies before anything that a replica could lag behind, so any answer will do.
    let changed_at = row.from.unwrap_or(pair.setup.history_from).min(pair.setup.history_from);
    let settlement = row.id.clone();
    let hint = move |order: OrderId| Hint { id: format!("settlement/{settlement}/{order}"), order, changed_at };
    let asked: Vec<Hint> = orders.into_iter().map(hint).collect();
    let fresh = store.write(move |tx| Box::pin(async move { hints::note(tx, &id, &asked, now).await })).await?;
    if fresh > 0 {
        pair.look.notify_one();
    }
    Ok(())
}

/// Commits documents, what they leave for later settlements, the items for a person, and the new stage.
async fn commit(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    read: &ReadSettlement,
    made: Made,
) -> Result<Decided, StoreError> {
    let Made { posted, rules, head } = made;
    let now = store.clock().now();
    let own = subject(&row.id, row.currency);
    let mut planned = Vec::with_capacity(posted.documents.len());
    for draft in &posted.documents {
        planned.push(intent_of(store, pair.id(), &own, draft)?);
    }
    let settled: Vec<SettledRow> = posted
        .settled
        .iter()
        .map(|line| SettledRow {
            order: line.order.clone(),
            line: line.line.clone(),
            settlement: row.id.clone(),
            settled_until: row.to,
            units: line.units,
            refunded: line.refunded,
            refunded_vat: line.refunded_vat,
        })
        .collect();
    let mut notes: Vec<reviews::NewReview> = posted.tasks.iter().map(|task| note(row, task, now)).collect();
    if !posted.explained && notes.is_empty() {
        notes.push(unexplained(row, &posted, now));
    }
    let mut row = row.clone();
    row.stage = Stage::Posting;
    row.stage_reason = None;
    row.mode = rules.mode.as_str().to_owned();
    row.summary = Summary::of_posted(read, &head, &posted, &rules).to_text()?;
    row.updated_at = now;
    let (id, next) = (pair.id().clone(), evidence::next(store, &row).await?);
    store
        .write(move |tx| {
            Box::pin(async move {
                for intent in &planned {
                    plan(tx, intent).await?;
                }
                for line in &settled {
                    settled::put(tx, &id, line).await?;
                }
                settlements::update(tx, &row).await?;
                let codes: Vec<String> = notes.iter().map(|note| note.code.clone()).collect();
                reviews::close_cured(tx, &id, &own, SOURCE, &codes, now).await?;
                for note in &notes {
                    reviews::open(tx, note).await?;
                }
                lanes::wake(tx, &next).await
            })
        })
        .await?;
    Ok(Decided::Planned)
}

/// Commits one intent. A document that another decision committed meanwhile makes the whole decision void: it is taken again.
async fn plan(tx: &mut store::Tx, intent: &Intent) -> Result<(), StoreError> {
    if intents::plan(tx, intent).await? {
        return Ok(());
    }
    Err(StoreError::Bad(format!("{} was decided by somebody else meanwhile", intent.key)))
}

/// Nothing of it is posted until a person acts: its file cannot be used as it is.
async fn quarantine(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    read: Option<&ReadSettlement>,
    problems: Vec<Problem>,
) -> Result<Decided, StoreError> {
    stop(store, pair, row, read, problems, Stage::Quarantined).await
}

/// Nothing of it is posted until a person acts: what is missing is not in the file.
async fn hold_back(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    read: &ReadSettlement,
    problems: Vec<Problem>,
) -> Result<Decided, StoreError> {
    stop(store, pair, row, Some(read), problems, Stage::Review).await
}

async fn stop(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    read: Option<&ReadSettlement>,
    problems: Vec<Problem>,
    stage: Stage,
) -> Result<Decided, StoreError> {
    let now = store.clock().now();
    let mut row = row.clone();
    row.stage = stage;
    row.stage_reason = problems.first().map(|problem| problem.reason.clone());
    if let Some(read) = read {
        row.summary = Summary::of_read(read, &row.mode, pair.setup.mapping.seller.home_currency).to_text()?;
    }
    row.updated_at = now;
    let notes: Vec<reviews::NewReview> = problems.into_iter().map(|problem| kept_back(&row, problem, now)).collect();
    let (id, own, next) = (pair.id().clone(), subject(&row.id, row.currency), evidence::next(store, &row).await?);
    store
        .write(move |tx| {
            Box::pin(async move {
                settlements::update(tx, &row).await?;
                let codes: Vec<String> = notes.iter().map(|note| note.code.clone()).collect();
                reviews::close_cured(tx, &id, &own, SOURCE, &codes, now).await?;
                for note in &notes {
                    reviews::open(tx, note).await?;
                }
                lanes::wake(tx, &next).await
            })
        })
        .await?;
    Ok(Decided::ForPerson)
}

fn problem(code: &str, path: String, reason: String, fix: &str) -> Problem {
    Problem { code: code.to_owned(), path, reason, fix: fix.to_owned(), high_priority: true }
}

fn of_file(row: &SettlementRow, parked: Parked) -> Problem {
    problem(
        &parked.code,
        format!("file of settlement {}", row.id),
        format!("Its file cannot be used: {}. Nothing of it is posted.", parked.reason),
        &parked.fix,
    )
}

fn unbalanced(row: &SettlementRow, read: &ReadSettlement) -> Problem {
    let worst = read.problems.iter().find(|problem| problem.weight == ports::ProblemWeight::Stops);
    let (what, next) = worst.map_or_else(
        || {
            let what = format!("Its rows sum to {}, but it states {}", read.sum, row.total);
            (what, "Download the settlement again and upload it.".to_owned())
        },
        |worst| (worst.what.clone(), worst.next.clone()),
    );
    problem(
        "settlement_quarantined",
        format!("settlement {}", row.id),
        format!("{what}. Nothing of the settlement is posted."),
        &next,
    )
}

fn before_start(row: &SettlementRow) -> Problem {
    problem(
        "settlement_before_start",
        format!("settlement {}", row.id),
        "It begins before the first day that this connection looks at, so some of its sales may be in the books already. Nothing of it is \
         posted."
            .to_owned(),
        "If none of its sales were entered by hand, upload its file on the Settlements page: it is posted then. Else enter this one settlement \
         by hand and close this item.",
    )
}

fn in_other_currency(row: &SettlementRow, order: &str, count: usize) -> Problem {
    problem(
        "invoice_in_other_currency",
        format!("order {order}"),
        format!(
            "The invoices of {count} of its orders are not in {}, so they cannot be compared with its rows to the penny. Nothing of it is posted.",
            row.currency
        ),
        "Enable the currency in KashFlow for new orders; post this settlement offline with `tillbridge settlement post`, or by hand.",
    )
}

fn gone(id: &str) -> Parked {
    Parked {
        code: "no_such_settlement".to_owned(),
        path: "file".to_owned(),
        reason: format!("the file does not hold settlement {id}"),
        fix: "Download the settlement again and upload it".to_owned(),
    }
}

fn kept_back(row: &SettlementRow, problem: Problem, at: Timestamp) -> reviews::NewReview {
    reviews::NewReview {
        pair: row.pair.clone(),
        subject: subject(&row.id, row.currency),
        code: problem.code,
        kind: reviews::Kind::Review,
        title: format!("Settlement {} ({})", row.id, row.total),
        reason: problem.reason,
        fix: problem.fix,
        path: Some(problem.path),
        amount: Some(row.total),
        source: SOURCE,
        at,
    }
}

/// A task of the core as an item for a person.
fn note(row: &SettlementRow, task: &Task, at: Timestamp) -> reviews::NewReview {
    let rows = task.rows_of.as_ref().map(|words| words.join(" / ")).unwrap_or_default();
    let about = [rows, task.subject.clone()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    reviews::NewReview {
        pair: row.pair.clone(),
        subject: subject(&row.id, row.currency),
        code: task.code.to_owned(),
        kind: reviews::Kind::Review,
        title: format!("Settlement {}", row.id),
        reason: if about.is_empty() { task.cause.clone() } else { format!("{about}: {}", task.cause) },
        fix: task.next.clone(),
        path: Some(about).filter(|about| !about.is_empty()),
        amount: Some(task.sum),
        source: SOURCE,
        at,
    }
}

fn unexplained(row: &SettlementRow, posted: &Posted, at: Timestamp) -> reviews::NewReview {
    let clearing = &posted.clearing;
    let problem = problem(
        "clearing_unexplained",
        format!("settlement {}", row.id),
        format!(
            "Its documents move {} on the clearing account, but its rows account for {}. The documents are posted as they are.",
            clearing.change, clearing.expected
        ),
        "Report this settlement: the difference is not in its file.",
    );
    reviews::NewReview { kind: reviews::Kind::Break, ..kept_back(row, problem, at) }
}
