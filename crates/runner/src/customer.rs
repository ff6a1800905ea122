//! Makes sure that a document's customer is in the books, under one code, once.
//!
//! A customer's code is chosen by us and refused twice by the books, so unlike a document it may be looked for again at once
//! after a lost answer. It is an intent all the same: nothing is written that was not committed first.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use model::{CustomerCode, CustomerDraft};
use ports::{ConnectorError, System};
use sha2::{Digest, Sha256};
use store::customers::{self, Resolved};
use store::intents::{self, Intent, State};
use store::{Store, StoreError};

use crate::deliver::pause;
use crate::pair::Pair;

/// Customers that are in the books, as the store knows them: hundreds of orders share one and need not ask for it again.
#[derive(Default)]
pub(crate) struct Known(RwLock<HashMap<CustomerCode, Resolved>>);

impl Known {
    fn get(&self, code: &CustomerCode, wanted: &str) -> Option<CustomerCode> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(code).filter(|row| row.fingerprint == wanted).map(|row| row.remote_code.clone())
    }

    fn put(&self, row: Resolved) -> CustomerCode {
        let remote = row.remote_code.clone();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(row.our_code.clone(), row);
        remote
    }
}

/// Customers kept at most; a seller with one customer for each buyer has more.
const KNOWN_MAX: usize = 1_000;

/// What came of it.
pub(crate) enum Ensured {
    /// The customer is in the books under this code.
    Known(CustomerCode),
    /// It is not, for now.
    Failed(ConnectorError),
    /// The connection was paused.
    Paused,
}

/// Finds, creates or updates `customer` and says under which code the books hold it.
pub(crate) async fn ensure(store: &Store, pair: &Pair, customer: &CustomerDraft) -> Result<Ensured, StoreError> {
    let wanted = fingerprint(customer);
    if let Some(known) = resolved(store, pair, customer, &wanted).await? {
        return Ok(Ensured::Known(known));
    }
    let _one_at_a_time = store.clock().wait_for(pair.customers.lock()).await;
    if let Some(known) = resolved(store, pair, customer, &wanted).await? {
        return Ok(Ensured::Known(known));
    }
    match find_or_create(store, pair, customer, &wanted).await? {
        Ok(remote) => {
            let row = Resolved {
                our_code: customer.code.clone(),
                remote_code: remote.clone(),
                fingerprint: wanted,
                at: store.clock().now(),
            };
            let id = pair.id().clone();
            store.write(move |tx| Box::pin(async move { customers::put(tx, &id, &row).await })).await?;
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
    customer: &CustomerDraft,
    wanted: &str,
) -> Result<Option<CustomerCode>, StoreError> {
    if let Some(known) = pair.known_customers.get(&customer.code, wanted) {
        return Ok(Some(known));
    }
    let known = customers::get(store, pair.id(), &customer.code).await?;
    Ok(known.filter(|row| row.fingerprint == wanted).map(|row| pair.known_customers.put(row)))
}

async fn find_or_create(
    store: &Store,
    pair: &Pair,
    customer: &CustomerDraft,
    wanted: &str,
) -> Result<Result<CustomerCode, ConnectorError>, StoreError> {
    let books = &pair.setup.books;
    let found = match books.find_customer(customer).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    // A shared customer belongs to the owner once it is there: people rename it, and we leave it so.
    if let Some(found) = &found
        && (customer.shared || !found.differs)
    {
        return Ok(Ok(found.code.clone()));
    }
    let mut intent = plan(store, pair, customer, wanted).await?;
    let sent = match &found {
        Some(found) => books.update_customer(&found.code, customer).await,
        None => books.create_customer(customer).await,
    };
    let code = match (sent, found) {
        (Ok(()), Some(found)) => found.code,
        (Ok(()), None) => customer.code.clone(),
        // Taken, or perhaps done: the code is the key, so one look tells.
        (Err(error @ (ConnectorError::Duplicate { .. } | ConnectorError::OutcomeUnknown { .. })), _) => {
            match books.find_customer(customer).await {
                Ok(Some(found)) => found.code,
                Ok(None) | Err(_) => return Ok(Err(error)),
            }
        }
        (Err(error), _) => return Ok(Err(error)),
    };
    let from = intent.state;
    intent.state = State::Confirmed;
    intent.confirmed_at = Some(store.clock().now());
    intent.updated_at = store.clock().now();
    store.write(move |tx| Box::pin(async move { intents::save(tx, &intent, from).await })).await?;
    Ok(Ok(code))
}

/// Commits the intent to write the customer, or finds the one that an earlier attempt committed.
async fn plan(store: &Store, pair: &Pair, customer: &CustomerDraft, wanted: &str) -> Result<Intent, StoreError> {
    let key = format!("customer/{}", customer.code);
    let earlier = intents::by_key(store, pair.id(), &key).await?;
    if let Some(open) = earlier.iter().find(|intent| intent.fingerprint == wanted && intent.state != State::Confirmed) {
        return Ok(open.clone());
    }
    let version = earlier.last().map_or(1, |last| last.version + 1);
    let body = serde_json::to_string(customer).map_err(|error| StoreError::Bad(error.to_string()))?;
    let mut intent =
        crate::decide::new_intent(store, pair.id(), &key, "customers", "customer", customer.code.as_str(), body);
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

fn fingerprint(customer: &CustomerDraft) -> String {
    let text = serde_json::to_string(customer).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
