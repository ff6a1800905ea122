//! What every handler shares.

use std::sync::Arc;

use tokio::sync::watch;

use crate::Services;
use crate::attempts::Attempts;
use crate::sessions::Sessions;

/// The server's state. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) services: Services,
    pub(crate) sessions: Sessions,
    pub(crate) attempts: Attempts,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(services: Services, stopping: watch::Receiver<bool>) -> App {
        App(Arc::new(Inner { services, sessions: Sessions::default(), attempts: Attempts::default(), stopping }))
    }

    /// Whether browsers reach us encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.services.public_url.starts_with("https://")
    }

    /// A number that rises with every commit, over restarts too: the epoch of this process above the count of its commits.
    /// It stays below 2^53, where JavaScript's whole numbers end, for two million restarts.
    pub(crate) fn event_id(&self) -> i64 {
        let commits = *self.services.store.changed().borrow();
        (self.services.store.epoch() << 32) | i64::try_from(commits & 0xffff_ffff).unwrap_or(0)
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
