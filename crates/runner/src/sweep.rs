//! The sweep: confirmed documents are looked at again, so that a late duplicate, an edit or a deletion in the books is found.
//!
//! It never writes to the books: what changed there was changed by somebody, and a person decides.

use model::{Fingerprint, SalesDraft};
use ports::ConnectorError;
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
    let (Some(number), Ok(draft)) = (intent.number, serde_json::from_str::<SalesDraft>(&intent.body)) else {
        return Ok(Ok(()));
    };
    let held = match pair.setup.books.find(number).await {
        Ok(held) => held,
        Err(error) => return Ok(Err(error)),
    };
    let last = intent.sweeps as usize + 1 >= settings.sweep_after_s.len();
    let mut question = drift(intent, &draft, held.as_ref());
    if question.is_none() && last {
        let (from, to) = window(draft.issued_on, settings.reference_window_days);
        match pair.setup.books.find_by_reference(&intent.reference, from, to).await {
            Ok(found) => question = twice(intent, &found),
            Err(error) => return Ok(Err(error)),
        }
    }
    put_down(store, settings, intent, question, draft.gross().ok()).await?;
    Ok(Ok(()))
}

fn drift(intent: &Intent, draft: &SalesDraft, held: Option<&model::Receipt>) -> Option<Question> {
    let fix = "Put the document right in KashFlow, or close this item with a note if the change is wanted.".to_owned();
    let Some(receipt) = held else {
        return Some(Question {
            code: "deleted_in_books",
            reason: format!(
                "Our document for {} is no longer in KashFlow. The sale is missing from the books.",
                intent.reference
            ),
            fix,
        });
    };
    // An adopted document was accepted with the differences it has: compare it with what it was then.
    let expected = intent
        .receipt
        .as_deref()
        .and_then(|text| serde_json::from_str::<model::Receipt>(text).ok())
        .map_or_else(|| Fingerprint::of_draft(draft), |receipt| Fingerprint::of_receipt(&receipt));
    (Fingerprint::of_receipt(receipt) != expected).then(|| Question {
        code: "changed_in_books",
        reason: format!(
            "Document {} for {} was changed in KashFlow: it now holds net {} and VAT {}.",
            receipt.number, intent.reference, receipt.net, receipt.vat
        ),
        fix,
    })
}

fn twice(intent: &Intent, found: &[model::Receipt]) -> Option<Question> {
    (found.len() > 1).then(|| Question {
        code: "duplicate_reference",
        reason: format!(
            "{} documents carry the reference {}. One sale stands in the books more than once.",
            found.len(),
            intent.reference
        ),
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
