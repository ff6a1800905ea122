//! Sessions that were checked a moment ago.
//!
//! Checking a session in the store is a write, since it keeps the session alive; and every write raises the live event on
//! which consoles fetch again what they show. Asked for each request, the two would chase each other without end. So a check holds for a
//! minute. Ending a session forgets all checks, and ends the live streams.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{Store, StoreError, users};
use tokio::sync::watch;

/// How long a check holds.
const CHECK_HOLDS: Duration = Duration::from_secs(60);

type Hash = [u8; 32];

pub(crate) struct Sessions {
    checked: Mutex<HashMap<Hash, Checked>>,
    /// Counts endings. What was asked of the store before an ending must not be remembered after it.
    endings: watch::Sender<u64>,
}

struct Checked {
    account: String,
    until: Timestamp,
}

impl Default for Sessions {
    fn default() -> Sessions {
        Sessions { checked: Mutex::default(), endings: watch::Sender::new(0) }
    }
}

impl Sessions {
    /// The account of a living session.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(crate) async fn account(&self, store: &Store, token: &str) -> Result<Option<String>, StoreError> {
        let hash: Hash = Sha256::digest(token.as_bytes()).into();
        let now = store.clock().now();
        let endings = *self.endings.borrow();
        if let Some(account) = self.remembered(&hash, now) {
            return Ok(Some(account));
        }
        let Some(account) = users::session(store, token).await? else { return Ok(None) };
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if *self.endings.borrow() == endings {
            checked.retain(|_, checked| checked.until > now);
            checked.insert(hash, Checked { account: account.clone(), until: clock::later(now, CHECK_HOLDS) });
        }
        Ok(Some(account))
    }

    /// To be called after sessions were ended in the store.
    pub(crate) fn forget(&self) {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        self.endings.send_modify(|endings| *endings += 1);
        checked.clear();
    }

    /// Raised when sessions were ended.
    pub(crate) fn endings(&self) -> watch::Receiver<u64> {
        self.endings.subscribe()
    }

    fn remembered(&self, hash: &Hash, now: Timestamp) -> Option<String> {
        let checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.get(hash).filter(|checked| checked.until > now).map(|checked| checked.account.clone())
    }
}
