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

#[cfg(test)]
mod tests {
    use clock::Clock;
    use secrecy::ExposeSecret;
    use store::users::LogIn;

    use super::*;

    const PASSWORD: &str = "copper kettle quiet marsh";

    /// A store in virtual time, and the token of a session that has just begun.
    async fn signed_in() -> (Store, String) {
        let clock = Clock::virtual_at("2026-11-23T09:00:00Z".parse().unwrap());
        let driver = clock.clone();
        tokio::spawn(async move { driver.drive().await });
        let store = Store::in_memory(clock).await.unwrap();
        let link = users::new_owner_link(&store).await.unwrap();
        assert!(users::set_password(&store, &link, PASSWORD.to_owned().into()).await.unwrap());
        match users::log_in(&store, PASSWORD.to_owned().into()).await.unwrap() {
            LogIn::Welcome(token) => (store, token.expose_secret().to_owned()),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_session_lives_while_it_is_used_and_ends_after_half_an_hour_without() {
        let (store, token) = signed_in().await;
        let sessions = Sessions::default();
        for _ in 0..3 {
            store.clock().sleep(Duration::from_secs(20 * 60)).await;
            assert_eq!(sessions.account(&store, &token).await.unwrap().as_deref(), Some("owner"));
        }
        store.clock().sleep(Duration::from_secs(31 * 60)).await;
        assert_eq!(sessions.account(&store, &token).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_session_ends_after_twelve_hours_however_busy() {
        let (store, token) = signed_in().await;
        let sessions = Sessions::default();
        for _ in 0..71 {
            store.clock().sleep(Duration::from_secs(10 * 60)).await;
            assert!(sessions.account(&store, &token).await.unwrap().is_some());
        }
        store.clock().sleep(Duration::from_secs(12 * 60)).await;
        assert_eq!(sessions.account(&store, &token).await.unwrap(), None);
    }

    #[tokio::test]
    async fn within_a_minute_the_store_is_not_written_again() {
        let (store, token) = signed_in().await;
        let sessions = Sessions::default();
        sessions.account(&store, &token).await.unwrap();
        let changed = store.changed();
        let before = *changed.borrow();
        for _ in 0..5 {
            sessions.account(&store, &token).await.unwrap();
        }
        assert_eq!(*changed.borrow(), before);
        store.clock().sleep(Duration::from_secs(61)).await;
        sessions.account(&store, &token).await.unwrap();
        assert_eq!(*changed.borrow(), before + 1);
    }

    #[tokio::test]
    async fn an_ended_session_is_forgotten_at_once() {
        let (store, token) = signed_in().await;
        let sessions = Sessions::default();
        assert!(sessions.account(&store, &token).await.unwrap().is_some());
        users::log_out(&store, &token).await.unwrap();
        sessions.forget();
        assert_eq!(sessions.account(&store, &token).await.unwrap(), None);
    }
}
