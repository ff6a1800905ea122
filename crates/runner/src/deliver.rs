//! Delivers one intent: performs what [`crate::intent::advance`] asks for, committing each state before its effect.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use model::{DocumentNumber, Draft, Series};
use ports::{ConnectorError, Depth, Found, SendOutcome, System, Window};
use store::intents::{Intent, State};
use store::lanes::Finish;
use store::{Store, StoreError, connections, intents, numbers, orders, reviews};

use crate::intent::{Event, Findings, Look, Next, Question, advance};
use crate::pair::Pair;
use crate::{Settings, backoff};

/// Code of the item for work that failed for too long.
pub(crate) const GIVEN_UP: &str = "given_up";

/// How the delivery of one intent ended for now.
#[derive(Debug)]
pub(crate) enum Delivered {
    /// It is in the books, or a person was asked; the order's other documents go on.
    Ended,
    /// Come back later.
    Later(Finish),
}

/// Works on `intent` until it is confirmed, needs a person, or has to wait.
pub(crate) async fn deliver(
    store: &Store,
    settings: &Settings,
    pair: &Pair,
    mut intent: Intent,
    draft: &Draft,
    failures: u32,
) -> Result<Delivered, StoreError> {
    let mut event = Event::Resume;
    loop {
        let from = intent.state;
        let before = intent.clone();
        let now = store.clock().now();
        let next = advance(&mut intent, draft, event, now, settings.settle());
        let changed = intent != before;
        match next {
            Next::Done { note } => {
                if changed {
                    confirm(store, settings, &mut intent, from, note).await?;
                }
                return Ok(Delivered::Ended);
            }
            Next::Ask(question) => {
                ask(store, &mut intent, from, changed, question, draft).await?;
                return Ok(Delivered::Ended);
            }
            Next::Wait { until } => {
                save(store, &mut intent, from, changed).await?;
                return Ok(Delivered::Later(Finish::Again { not_before: until, reset_attempts: true }));
            }
            Next::Retry(error) => {
                save(store, &mut intent, from, changed).await?;
                return Ok(later(store, settings, &intent, &error, failures, now));
            }
            Next::Pause(error) => {
                save(store, &mut intent, from, changed).await?;
                pause(store, pair, System::KashFlow, &error).await?;
                return Ok(Delivered::Later(Finish::Paused { reason: "books_paused".to_owned() }));
            }
            Next::Look(look) => {
                save(store, &mut intent, from, changed).await?;
                event = match perform_look(settings, pair, look, draft).await {
                    Ok(findings) => Event::Found(findings),
                    Err(error) => Event::LookFailed(error),
                };
            }
            Next::Allocate { refresh } => {
                save(store, &mut intent, from, changed).await?;
                // `advance` allocates only for a draft that has a series.
                let Some(series) = draft.series() else {
                    return Err(StoreError::Bad(format!("intent {} was to get a number without a series", intent.id)));
                };
                event = match books_next(store.clock(), pair, series, refresh).await {
                    Ok(at_least) => Event::Numbered(number(store, &mut intent, series, at_least).await?),
                    Err(error) => Event::LookFailed(error),
                };
            }
            Next::Send => {
                save(store, &mut intent, from, changed).await?;
                // `advance` sends a draft of a series only under its number; without it there is nothing to look for afterwards.
                if draft.series().is_some() && intent.number.is_none() {
                    return Err(StoreError::Bad(format!("intent {} was to be sent without a number", intent.id)));
                }
                event = match pair.setup.books.create(intent.number, draft).await {
                    Ok(SendOutcome::Answered(receipt)) => Event::Answered(Some(receipt)),
                    Ok(SendOutcome::Accepted) => Event::Answered(None),
                    Err(error) => Event::SendFailed(error),
                };
            }
        }
    }
}

async fn perform_look(settings: &Settings, pair: &Pair, look: Look, draft: &Draft) -> Result<Findings, ConnectorError> {
    let books = &pair.setup.books;
    let by_number = match (look.number, draft.series()) {
        (Some(number), Some(series)) => books.find(series, number).await?,
        _ => None,
    };
    let found = if look.mark {
        let depth = if look.scan { Depth::Scan } else { Depth::Search };
        books.look(draft, window(draft.on(), settings.reference_window_days), depth).await?
    } else {
        Found::default()
    };
    Ok(Findings { by_number, by_mark: found.ours, alike: found.alike })
}

/// The days in which a document's reference is looked for.
pub(crate) fn window(day: Date, days: u32) -> Window {
    let span = Span::new().days(i64::from(days));
    Window { from: day.checked_sub(span).unwrap_or(Date::MIN), to: day.checked_add(span).unwrap_or(Date::MAX) }
}

async fn books_next(
    clock: &clock::Clock,
    pair: &Pair,
    series: Series,
    refresh: bool,
) -> Result<DocumentNumber, ConnectorError> {
    let mut known = clock.wait_for(pair.next_numbers.lock()).await;
    if let (Some(number), false) = (known.get(&series), refresh) {
        return Ok(*number);
    }
    let number = pair.setup.books.next_number(series).await?;
    known.insert(series, number);
    Ok(number)
}

/// Allocates a number and gives it to the intent, in one commit.
async fn number(
    store: &Store,
    intent: &mut Intent,
    series: Series,
    at_least: DocumentNumber,
) -> Result<DocumentNumber, StoreError> {
    stamp(store, intent);
    let (mut row, from) = (intent.clone(), intent.state);
    let number = store.write(move |tx| {
        Box::pin(async move {
            let number = numbers::allocate(tx, &row.pair, series.as_str(), at_least).await?;
            row.number = Some(number);
            row.state = State::Intended;
            intents::save(tx, &row, from).await?;
            Ok(number)
        })
    });
    let number = number.await?;
    (intent.number, intent.state) = (Some(number), State::Intended);
    Ok(number)
}

async fn save(store: &Store, intent: &mut Intent, from: State, changed: bool) -> Result<(), StoreError> {
    if !changed {
        return Ok(());
    }
    stamp(store, intent);
    let row = intent.clone();
    store.write(move |tx| Box::pin(async move { intents::save(tx, &row, from).await })).await
}

fn stamp(store: &Store, intent: &mut Intent) {
    intent.updated_at = store.clock().now();
    intent.epoch = store.epoch();
}

async fn confirm(
    store: &Store,
    settings: &Settings,
    intent: &mut Intent,
    from: State,
    note: Option<Question>,
) -> Result<(), StoreError> {
    stamp(store, intent);
    intent.sweeps = 0;
    intent.next_sweep_at = settings.sweep_after_s.first().map(|&after| seconds_later(intent.updated_at, after));
    let row = intent.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                intents::save(tx, &row, from).await?;
                // Another document of the same order may still wait for a person.
                reviews::close_at(tx, &row.pair, &row.subject, "delivery", &row.reference, row.updated_at).await?;
                reviews::close(tx, &row.pair, &row.subject, GIVEN_UP, "delivery", row.updated_at).await?;
                if let Some(note) = note {
                    reviews::open(tx, &review(&row, reviews::Kind::Break, note, None)).await?;
                }
                orders::show_documents(tx, &row.pair, &row.subject).await
            })
        })
        .await
}

pub(crate) fn seconds_later(at: Timestamp, seconds: u64) -> Timestamp {
    clock::later(at, std::time::Duration::from_secs(seconds))
}

async fn ask(
    store: &Store,
    intent: &mut Intent,
    from: State,
    changed: bool,
    question: Question,
    draft: &Draft,
) -> Result<(), StoreError> {
    if !changed {
        return Ok(());
    }
    stamp(store, intent);
    let kind = match intent.state {
        State::Rejected => reviews::Kind::DeadLetter,
        _ => reviews::Kind::Break,
    };
    let row = intent.clone();
    let opened = review(&row, kind, question, draft.amount().ok());
    store
        .write(move |tx| {
            Box::pin(async move {
                intents::save(tx, &row, from).await?;
                reviews::open(tx, &opened).await?;
                orders::show_documents(tx, &row.pair, &row.subject).await
            })
        })
        .await
}

pub(crate) fn review(
    intent: &Intent,
    kind: reviews::Kind,
    question: Question,
    amount: Option<money::Money>,
) -> reviews::NewReview {
    reviews::NewReview {
        pair: intent.pair.clone(),
        subject: intent.subject.clone(),
        code: question.code.to_owned(),
        kind,
        title: format!("{} {}", intent.kind, intent.reference),
        reason: question.reason,
        fix: question.fix,
        path: Some(intent.reference.clone()),
        amount,
        source: "delivery",
        at: intent.updated_at,
    }
}

fn later(
    store: &Store,
    settings: &Settings,
    intent: &Intent,
    error: &ConnectorError,
    failures: u32,
    now: Timestamp,
) -> Delivered {
    let wait = backoff::pause(settings, &intent.key, failures);
    tracing::warn!(code = error.code(), subject = %intent.subject, "delivery of {} waits {wait:?}: {error}", intent.reference);
    let _ = store;
    Delivered::Later(Finish::Again { not_before: clock::later(now, wait), reset_attempts: false })
}

/// Pauses a connection: nothing is called until a person has put the credentials right.
pub(crate) async fn pause(
    store: &Store,
    pair: &Pair,
    system: System,
    error: &ConnectorError,
) -> Result<(), StoreError> {
    let (reason, fix) = match error {
        ConnectorError::Unauthorized { reason, fix, .. } => (reason.clone(), fix.clone()),
        other => (other.to_string(), String::new()),
    };
    tracing::error!(code = error.code(), pair = %pair.id(), "{system} is paused: {reason}. {fix}");
    pair.set_paused(system, true);
    let (id, code, at) = (pair.id().clone(), error.code().to_owned(), store.clock().now());
    store
        .write(move |tx| {
            Box::pin(async move {
                connections::pause(tx, &id, system, &code, &reason, &fix, at).await?;
                let opened = reviews::NewReview {
                    pair: id.clone(),
                    subject: format!("connection/{system}"),
                    code: "connection_paused".to_owned(),
                    kind: reviews::Kind::Review,
                    title: format!("{system} is paused"),
                    reason,
                    fix,
                    path: None,
                    amount: None,
                    source: "connection",
                    at,
                };
                reviews::open(tx, &opened).await?;
                Ok(())
            })
        })
        .await
}
