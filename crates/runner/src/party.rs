//! Makes sure that a document's customer or supplier is in the books, under one code, once.
//!
//! A party's code is chosen by us and refused twice by the books, so unlike a document it may be looked for again at once
//! after a lost answer. It is an intent all the same: nothing is written that was not committed first.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use model::{CustomerCode, Draft};
use ports::{ConnectorError, Party, System};
use sha2::{Digest, Sha256};
use store::intents::{self, Intent, State};
use store::parties::{self, Resolved};
use store::{Store, StoreError};

use crate::deliver::pause;
use crate::pair::Pair;

/// Customers and suppliers that are in the books, as the store knows them: hundreds of orders share one and need not ask again.
#[derive(Default)]
pub(crate) struct Known(RwLock<HashMap<(&'static str, CustomerCode), Resolved>>);

impl Known {
    fn get(&self, party: Party<'_>, wanted: &str) -> Option<CustomerCode> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(party.noun(), party.code().clone()))
            .filter(|row| row.fingerprint == wanted)
            .map(|row| row.remote_code.clone())
    }

    fn put(&self, party: Party<'_>, row: Resolved) -> CustomerCode {
        let remote = row.remote_code.clone();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert((party.noun(), row.our_code.clone()), row);
        remote
    }
}

/// Parties kept at most; a seller with one customer for each buyer has more.
const KNOWN_MAX: usize = 1_000;

/// What came of it.
pub(crate) enum Ensured {
    /// The party is in the books under this code.
    Known(CustomerCode),
    /// It is not, for now.
    Failed(ConnectorError),
    /// The connection was paused.
    Paused,
}

/// The customer or supplier of a draft, if its kind has one.
pub(crate) fn of(draft: &Draft) -> Option<Party<'_>> {
    match draft {
        Draft::Sales(draft) => Some(Party::Customer(&draft.customer)),
        Draft::Purchase(draft) => Some(Party::Supplier(&draft.supplier)),
        Draft::Bank(_) | Draft::Transfer(_) | Draft::Journal(_) | Draft::Payment(_) | Draft::Allocation(_) => None,
    }
}

/// Finds, creates or updates `party` and says under which code the books hold it.
pub(crate) async fn ensure(store: &Store, pair: &Pair, party: Party<'_>) -> Result<Ensured, StoreError> {
    let wanted = fingerprint(party);
    if let Some(known) = resolved(store, pair, party, &wanted).await? {
        return Ok(Ensured::Known(known));
    }
    let _one_at_a_time = store.clock().wait_for(pair.parties.lock()).await;
    if let Some(known) = resolved(store, pair, party, &wanted).await? {
        return Ok(Ensured::Known(known));
    }
    match find_or_create(store, pair, party, &wanted).await? {
        Ok(remote) => {
            let row = Resolved {
                our_code: party.code().clone(),
                remote_code: remote.clone(),
                fingerprint: wanted,
                at: store.clock().now(),
            };
            let (id, noun) = (pair.id().clone(), party.noun());
            store.write(move |tx| Box::pin(async move { parties::put(tx, &id, noun, &row).await })).await?;
            Ok(Ensured::Known(remote))
        }
        Err(error @ ConnectorError::Unauthorized { .. }) => {
            pause(store, pair, System::KashFlow, &error).await?;
            Ok(Ensured::Paused)
        }
        Err(error) => Ok(Ensured::Failed(error)),
    }
}

async fn resolved(
    store: &Store,
    pair: &Pair,
    party: Party<'_>,
    wanted: &str,
) -> Result<Option<CustomerCode>, StoreError> {
    if let Some(known) = pair.known_parties.get(party, wanted) {
        return Ok(Some(known));
    }
    let known = parties::get(store, pair.id(), party.noun(), party.code()).await?;
    Ok(known.filter(|row| row.fingerprint == wanted).map(|row| pair.known_parties.put(party, row)))
}

async fn find_or_create(
    store: &Store,
    pair: &Pair,
    party: Party<'_>,
    wanted: &str,
) -> Result<Result<CustomerCode, ConnectorError>, StoreError> {
    let books = &pair.setup.books;
    let found = match books.find_party(party).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    if let Some(found) = &found
        && (is_the_owners(party) || !found.differs)
    {
        // Written by a process that ended before it could say so.
        for open in earlier(store, pair, party).await?.into_iter().filter(|intent| intent.state != State::Confirmed) {
            confirm(store, open).await?;
        }
        return Ok(Ok(found.code.clone()));
    }
    let intent = plan(store, pair, party, wanted).await?;
    let sent = match &found {
        Some(found) => books.update_party(&found.code, party).await,
        None => books.create_party(party).await,
    };
    let code = match (sent, found) {
        (Ok(()), Some(found)) => found.code,
        (Ok(()), None) => party.code().clone(),
        // Taken, or perhaps done: the code is the key, so one look tells.
        (Err(error @ (ConnectorError::Duplicate { .. } | ConnectorError::OutcomeUnknown { .. })), _) => {
            match books.find_party(party).await {
                Ok(Some(found)) => found.code,
                Ok(None) | Err(_) => return Ok(Err(error)),
            }
        }
        (Err(error), _) => return Ok(Err(error)),
    };
    confirm(store, intent).await?;
    Ok(Ok(code))
}

async fn confirm(store: &Store, mut intent: Intent) -> Result<(), StoreError> {
    let from = intent.state;
    intent.state = State::Confirmed;
    intent.confirmed_at = Some(store.clock().now());
    intent.updated_at = store.clock().now();
    store.write(move |tx| Box::pin(async move { intents::save(tx, &intent, from).await })).await
}

/// Every intent to write this party so far.
async fn earlier(store: &Store, pair: &Pair, party: Party<'_>) -> Result<Vec<Intent>, StoreError> {
    intents::by_key(store, pair.id(), &key(party)).await
}

fn key(party: Party<'_>) -> String {
    format!("{}/{}", party.noun(), party.code())
}

/// Commits the intent to write the party, or finds the one that an earlier attempt committed.
async fn plan(store: &Store, pair: &Pair, party: Party<'_>, wanted: &str) -> Result<Intent, StoreError> {
    let earlier = earlier(store, pair, party).await?;
    if let Some(open) = earlier.iter().find(|intent| intent.fingerprint == wanted && intent.state != State::Confirmed) {
        return Ok(open.clone());
    }
    let version = earlier.last().map_or(1, |last| last.version + 1);
    let body = body(party).map_err(|error| StoreError::Bad(error.to_string()))?;
    let subject = format!("{}s", party.noun());
    let mut intent =
        crate::decide::new_intent(store, pair.id(), &key(party), &subject, party.noun(), party.code().as_str(), body);
    intent.version = version;
    intent.fingerprint = wanted.to_owned();
    intent.state = State::Sent;
    intent.sent_at = Some(store.clock().now());
    intent.attempts = 1;
    let row = intent.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                intents::plan(tx, &row).await?;
                Ok(())
            })
        })
        .await?;
    Ok(intent)
}

fn body(party: Party<'_>) -> serde_json::Result<String> {
    match party {
        Party::Customer(customer) => serde_json::to_string(customer),
        Party::Supplier(supplier) => serde_json::to_string(supplier),
    }
}

/// A supplier and a shared customer belong to the owner once they are there: people rename them, and we leave them so.
fn is_the_owners(party: Party<'_>) -> bool {
    match party {
        Party::Customer(customer) => customer.shared,
        Party::Supplier(_) => true,
    }
}

fn fingerprint(party: Party<'_>) -> String {
    let text = body(party).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
