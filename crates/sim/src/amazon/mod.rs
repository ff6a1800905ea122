//! Amazon over HTTP: Login with Amazon, the Selling Partner API, and the queue that its notifications go to.
//!
//! Independent clients are pointed at this, so status codes, headers, casing and error bodies follow recorded traffic rather than
//! convenience. `BEHAVIOR-amazon.md` says what is assumed. What a call shows is a function of the world and the clock; only what
//! callers do (tokens, subscriptions, reports, confirmed shipments) is kept as state.

mod answer;
mod bucket;
mod call;
mod consent;
mod fault;
mod finances;
mod lwa;
mod notifications;
mod operation;
mod orders;
mod page;
mod query;
mod queue;
mod reports;
mod restricted;
mod sellers;
mod static_mode;
mod tokens;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use clock::Clock;

use crate::faults::Faults;
use crate::world::World;
use crate::{AmazonCredentials, Quotas};

use bucket::Buckets;
use finances::Finances;
use notifications::Notifications;
use queue::Queue;
use reports::Reports;
use static_mode::StaticMode;
use tokens::{Application, Tokens};

/// Amazon as one seller and one application see it. Share it in an `Arc`.
pub struct Amazon {
    world: Arc<World>,
    faults: Arc<Faults>,
    clock: Clock,
    quotas: Quotas,
    base_url: String,
    application: Application,
    tokens: Tokens,
    buckets: Buckets,
    queue: Queue,
    notifications: Notifications,
    reports: Reports,
    finances: Finances,
    static_mode: StaticMode,
    requests: AtomicU64,
}

impl Amazon {
    /// Amazon for `world`, served at `base_url` (no trailing slash).
    pub fn new(world: Arc<World>, faults: Arc<Faults>, clock: Clock, quotas: Quotas, base_url: String) -> Amazon {
        let seed = world.seed();
        Amazon {
            queue: Queue::new(seed),
            application: Application::of(seed),
            tokens: Tokens::of(seed),
            buckets: Buckets::full(),
            notifications: Notifications::default(),
            reports: Reports::default(),
            finances: Finances::default(),
            static_mode: StaticMode::default(),
            requests: AtomicU64::new(0),
            world,
            faults,
            clock,
            quotas,
            base_url,
        }
    }

    /// Everything a client needs. The same seed and port give the same credentials.
    pub fn credentials(&self) -> AmazonCredentials {
        AmazonCredentials {
            base_url: self.base_url.clone(),
            lwa_url: format!("{}/auth/o2/token", self.base_url),
            client_id: self.application.client_id.clone(),
            client_secret: self.application.client_secret.clone(),
            refresh_token: tokens::own_refresh_token(self.world.seed()),
            seller_id: self.world.seller().seller_id.clone(),
            marketplaces: crate::world::MARKETPLACES.iter().map(|marketplace| marketplace.id.to_owned()).collect(),
            queue_url: self.queue.url(&self.base_url),
            aws_region: queue::REGION.to_owned(),
            aws_access_key_id: self.queue.key.id.clone(),
            aws_secret_access_key: self.queue.key.secret.clone(),
        }
    }

    /// The id under which the application is known to sellers: `application_id` of the consent page.
    pub fn application_id(&self) -> &str {
        &self.application.id
    }

    /// The seller withdraws the authorisation: every refresh token is refused from now on. Access tokens live on for their hour.
    pub fn revoke_authorisation(&self) {
        self.tokens.revoke_all();
    }

    /// The refresh token of the credentials is accepted again.
    pub fn restore_authorisation(&self) {
        self.tokens.restore_own();
    }

    /// Whether the Finances APIs may lack events of the last 48 hours, as they do unless told otherwise.
    pub fn let_finances_lag(&self, lag: bool) {
        self.finances.set_lag(lag);
    }

    /// Names the folder that has `amazon/models` for the static sandbox, instead of `TILLBRIDGE_CONTRACTS`.
    pub fn read_contracts_from(&self, folder: std::path::PathBuf) {
        self.static_mode.read_from(folder);
    }

    fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        tokens::uuid(self.world.seed() ^ (number << 20) ^ 0x4E0)
    }
}

impl std::fmt::Debug for Amazon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Amazon").field("base_url", &self.base_url).field("world", &self.world).finish_non_exhaustive()
    }
}

/// Serves Amazon.
pub fn router(amazon: Arc<Amazon>) -> Router {
    Router::new().fallback(call::serve).with_state(amazon)
}
