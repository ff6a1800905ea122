//! What the books offer, read when it is old and kept meanwhile.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use flow::Reference;
use jiff::Timestamp;
use money::Currency;
use ports::{BooksReference, ConnectorError};
use store::Store;
use tokio::sync::Mutex;

use crate::Settings;
use crate::pair::Pair;

/// The last reading of one pair's books.
#[derive(Default)]
pub(crate) struct ReferenceCache {
    current: RwLock<Option<(Timestamp, Arc<Reference>)>>,
    /// One reading at a time: a hundred orders that find it old must not read it a hundred times.
    reading: Mutex<()>,
}

impl ReferenceCache {
    /// What was read last; empty while nothing was.
    pub(crate) fn current(&self) -> Arc<Reference> {
        self.read_lock().as_ref().map(|(_, reference)| reference.clone()).unwrap_or_default()
    }

    /// Reads the books if the last reading is old. A reading that is old but there serves on when the books do not answer.
    pub(crate) async fn refresh(&self, store: &Store, settings: &Settings, pair: &Pair) -> Result<(), ConnectorError> {
        let now = store.clock().now();
        if self.is_fresh(now, settings) {
            return Ok(());
        }
        let _one_at_a_time = store.clock().wait_for(self.reading.lock()).await;
        if self.is_fresh(now, settings) {
            return Ok(());
        }
        match pair.setup.books.reference().await {
            Ok(books) => {
                let read = Some((store.clock().now(), Arc::new(reference(&books))));
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = read;
                Ok(())
            }
            Err(error @ ConnectorError::Unauthorized { .. }) => Err(error),
            Err(error) if self.read_lock().is_none() => Err(error),
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    "the books' accounts were not read again, the last reading serves on: {error}"
                );
                Ok(())
            }
        }
    }

    /// Forgets the reading, so that a corrected account is seen at once.
    pub(crate) fn forget(&self) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn is_fresh(&self, now: Timestamp, settings: &Settings) -> bool {
        let life = Duration::from_secs(settings.reference_max_age_s);
        self.read_lock().as_ref().is_some_and(|(read, _)| clock::later(*read, life) > now)
    }

    fn read_lock(&self) -> std::sync::RwLockReadGuard<'_, Option<(Timestamp, Arc<Reference>)>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reference(books: &BooksReference) -> Reference {
    Reference {
        nominals: books.nominals.iter().filter(|nominal| !nominal.archived).map(|nominal| nominal.code).collect(),
        currencies: books.currencies.iter().filter_map(|code| Currency::parse(code).ok()).collect(),
        stock_products: if books.stock_enabled {
            books.products.iter().filter(|product| product.stock_managed).map(|product| product.code.clone()).collect()
        } else {
            BTreeSet::new()
        },
    }
}
