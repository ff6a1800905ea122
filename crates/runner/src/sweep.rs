//! The sweep: confirmed documents are looked at again, so that a late duplicate, an edit or a deletion in the books is found.
//!
//! It never writes to the books: what changed there was changed by somebody, and a person decides.

use model::{Agreement, Draft, Receipt};
use ports::{ConnectorError, Depth};
use store::intents::{self, Intent};
use store::{Store, StoreError, reviews};

use crate::deliver::{pause, review, seconds_later, window};
use crate::intent::Question;
use crate::pair::Pair;
use crate::{Settings, backoff};

/// Documents looked at in one round.
const ROUND: usize = 50;

/// Looks at confirmed documents when they are due, until the future is dropped.
pub(crate) async fn run(store: &Store, settings: &Settings, pair: &Pair) -> Result<(), StoreError> {
    let clock = store.clock();
    let mut failures = 0;
    loop {
        if pair.is_paused(ports::System::KashFlow) {
            clock.sleep(std::time::Duration::from_secs(60)).await;
            continue;
        }
        let busy = clock.busy();
        let due = intents::due_sweeps(store, clock.now(), ROUND).await?;
        let mut failed = None;
        for intent in due.iter().filter(|intent| intent.pair == *pair.id()) {
            if let Err(error) = look(store, settings, pair, intent).await? {
                failed = Some(error);
                break;
            }
        }
        let wait = match failed {
            Some(ConnectorError::Throttled { until, .. }) => until,
            Some(error) => {
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    pause(store, pair, ports::System::KashFlow, &error).await?;
                }
                failures += 1;
                clock::later(clock.now(), backoff::pause(settings, "sweep", failures))
            }
            None if due.len() == ROUND => clock.now(),
            None => {
                failures = 0;
                seconds_later(clock.now(), 60)
            }
        };
        drop(busy);
        clock.sleep_until(wait).await;
    }
}

async fn look(
    store: &Store,
    settings: &Settings,
    pair: &Pair,
    intent: &Intent,
) -> Result<Result<(), ConnectorError>, StoreError> {
    let Ok(draft) = serde_json::from_str::<Draft>(&intent.body) else { return Ok(Ok(())) };
    match ask(settings, pair, intent, &draft).await {
        Ok(question) => put_down(store, settings, intent, question, draft.amount().ok()).await.map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// What a person should know about the entry: it is gone, changed, or there twice.
async fn ask(
    settings: &Settings,
    pair: &Pair,
    intent: &Intent,
    draft: &Draft,
) -> Result<Option<Question>, ConnectorError> {
    let books = &pair.setup.books;
    let last = intent.sweeps as usize + 1 >= settings.sweep_after_s.len();
    let by_number = match (draft.series(), intent.number) {
        (Some(series), Some(number)) => books.find(series, number).await?,
        _ => None,
    };
    // The last look counts everything that carries our mark; what has no number is looked for by it each time.
    let counted = if last || draft.series().is_none() {
        let window = window(draft.on(), settings.reference_window_days);
        let depth = if last { Depth::Scan } else { Depth::Search };
        books.look(draft, window, depth).await?.ours
    } else {
        Vec::new()
    };
    let held = if draft.series().is_some() { by_number.as_ref() } else { counted.first() };
    Ok(drift(intent, draft, held).or_else(|| twice(draft, counted.len())))
}

fn drift(intent: &Intent, draft: &Draft, held: Option<&Receipt>) -> Option<Question> {
    let fix = "Put the entry right in KashFlow, or close this item with a note if the change is wanted.".to_owned();
    let reference = &intent.reference;
    let Some(receipt) = held else {
        return Some(Question {
            code: "deleted_in_books",
            reason: format!("Our entry {reference} is no longer in KashFlow. What it says is missing from the books."),
            fix,
        });
    };
    // An adopted document was accepted with the differences it has: compare it with what it was then.
    let then = intent.receipt.as_deref().and_then(|text| serde_json::from_str::<Receipt>(text).ok());
    let unchanged = then.map_or_else(|| receipt.agrees_with(draft) == Agreement::Full, |then| receipt.is_still(&then));
    (!unchanged).then(|| Question {
        code: "changed_in_books",
        reason: format!(
            "Our entry {reference} was changed in KashFlow: it now holds net {} and VAT {}, paid {}.",
            receipt.net, receipt.vat, receipt.paid
        ),
        fix,
    })
}

fn twice(draft: &Draft, count: usize) -> Option<Question> {
    (count > 1).then(|| Question {
        code: "duplicate_reference",
        reason: format!("{count} entries carry {}. One stands in the books more than once.", draft.mark()),
        fix: "Delete or reverse the ones that are wrong, then close this item.".to_owned(),
    })
}

async fn put_down(
    store: &Store,
    settings: &Settings,
    intent: &Intent,
    question: Option<Question>,
    amount: Option<money::Money>,
) -> Result<(), StoreError> {
    let mut row = intent.clone();
    row.sweeps += 1;
    row.updated_at = store.clock().now();
    row.epoch = store.epoch();
    let confirmed = intent.confirmed_at.unwrap_or(row.updated_at);
    row.next_sweep_at = settings.sweep_after_s.get(row.sweeps as usize).map(|&after| seconds_later(confirmed, after));
    let opened = question.map(|question| review(&row, reviews::Kind::Break, question, amount));
    let from = intent.state;
    store
        .write(move |tx| {
            Box::pin(async move {
                intents::save(tx, &row, from).await?;
                if let Some(opened) = opened {
                    reviews::open(tx, &opened).await?;
                }
                Ok(())
            })
        })
        .await
}
