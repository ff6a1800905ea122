//! Works on one settlement: decides it once, then brings its documents into the books in their order.

use std::collections::BTreeMap;

use model::{DocumentKey, DocumentNumber, Draft};
use money::Currency;
use store::intents::{self, Intent, State};
use store::lanes::Finish;
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, StoreError, reviews};

use super::decide::{Decided, decide};
use super::subject;
use crate::Settings;
use crate::decide::{freeze_again, held};
use crate::pair::Pair;

/// Where the work on a settlement stands.
pub(crate) enum Standing {
    /// These documents are to be delivered, in this order.
    Deliver(Vec<(Intent, Draft)>),
    /// The lane ends, or comes back later.
    Ended(Finish),
}

/// Decides the settlement if nobody has, and gives what is to be delivered.
pub(crate) async fn work(
    store: &Store,
    settings: &Settings,
    pair: &Pair,
    id: &str,
    currency: Currency,
) -> Result<Standing, StoreError> {
    let Some(row) = settlements::get(store, pair.id(), id, currency).await? else {
        return Ok(Standing::Ended(Finish::Done));
    };
    let own = subject(id, currency);
    if intents::of_subject(store, pair.id(), &own).await?.is_empty() && row.stage != Stage::Posted {
        match decide(store, settings, pair, &row).await? {
            Decided::Planned => {}
            Decided::ForPerson => return Ok(Standing::Ended(Finish::Done)),
            Decided::Wait(until) => {
                return Ok(Standing::Ended(Finish::Again { not_before: until, reset_attempts: true }));
            }
        }
    }
    let open = held(store, pair, &own).await?.into_iter().filter(|(intent, _)| intent.state != State::Confirmed);
    Ok(Standing::Deliver(open.collect()))
}

/// Fills in under which numbers the books hold what a draft pays, sets off or takes back. `None`: one of them is not there yet.
pub(crate) async fn with_numbers(
    store: &Store,
    pair: &Pair,
    mut intent: Intent,
    mut draft: Draft,
) -> Result<Option<(Intent, Draft)>, StoreError> {
    let needs: Vec<DocumentKey> = draft.needs().into_iter().cloned().collect();
    if needs.is_empty() || intent.state != State::Planned {
        return Ok(Some((intent, draft)));
    }
    let mut numbers: BTreeMap<DocumentKey, Option<DocumentNumber>> = BTreeMap::new();
    for key in needs {
        let versions = intents::by_key(store, pair.id(), &key.to_string()).await?;
        match versions.into_iter().rfind(|intent| intent.state == State::Confirmed) {
            Some(held) => numbers.insert(key, held.number),
            None => return Ok(None),
        };
    }
    if fill(&mut draft, &numbers) {
        freeze_again(&mut intent, &draft)?;
        let row = intent.clone();
        store.write(move |tx| Box::pin(async move { intents::save(tx, &row, State::Planned).await })).await?;
    }
    Ok(Some((intent, draft)))
}

/// Says whether anything changed.
fn fill(draft: &mut Draft, numbers: &BTreeMap<DocumentKey, Option<DocumentNumber>>) -> bool {
    let mut changed = false;
    let mut set = |document: &mut model::DocumentRef| {
        if let Some(number) = numbers.get(&document.key)
            && document.number != *number
        {
            document.number = *number;
            changed = true;
        }
    };
    match draft {
        Draft::Payment(draft) => draft.items.iter_mut().for_each(|item| set(&mut item.document)),
        Draft::Allocation(draft) => [&mut draft.invoice, &mut draft.credit].into_iter().for_each(set),
        Draft::Sales(_) | Draft::Purchase(_) | Draft::Bank(_) | Draft::Transfer(_) | Draft::Journal(_) => {}
    }
    changed
}

/// Writes how far a settlement is after a round of delivery: posted, or waiting for a person with the rest in the books.
pub(crate) async fn put_down(store: &Store, pair: &Pair, id: &str, currency: Currency) -> Result<(), StoreError> {
    let Some(row) = settlements::get(store, pair.id(), id, currency).await? else { return Ok(()) };
    let own = subject(id, currency);
    let documents = intents::of_subject(store, pair.id(), &own).await?;
    if row.stage == Stage::Quarantined || (documents.is_empty() && row.stage != Stage::Posting) {
        return Ok(());
    }
    let waiting = documents.iter().filter(|intent| intent.state != State::Confirmed).count();
    let items = reviews::of_subject(store, pair.id(), &own).await?;
    let open = items.iter().filter(|item| item.closed_at.is_none()).count();
    let now = store.clock().now();
    let (stage, reason) = match (waiting, open) {
        (0, 0) => (Stage::Posted, None),
        (0, open) => (Stage::Review, Some(format!("Everything is in the books; {open} items wait for a person."))),
        (waiting, _) => {
            let all = documents.len();
            (Stage::Review, Some(format!("{} of {all} documents are in the books; {waiting} wait.", all - waiting)))
        }
    };
    let changed = row.stage != stage || row.stage_reason != reason;
    if !changed {
        return Ok(());
    }
    let posted_at = row.posted_at.or((waiting == 0).then_some(now));
    let row = SettlementRow { stage, stage_reason: reason, posted_at, updated_at: now, ..row };
    store.write(move |tx| Box::pin(async move { settlements::update(tx, &row).await })).await
}
