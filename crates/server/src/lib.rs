//! HTTP API, sign-in, live events and the embedded console.
//!
//! Deny by default: every route of the API needs a session (or the proof of who has the folder's key file) but the two in `guard`
//! by which one begins. A request that changes
//! something must come from the console's own pages, and leaves a row in the audit trail. Routes and OpenAPI document come
//! from one declaration (`api`), from which the console's types are generated.

mod actor;
mod api;
mod app;
mod attempts;
mod console;
mod explain;
mod extract;
mod guard;
mod headers;
mod operator;
mod problem;
mod query;
mod routes;
mod sessions;
mod summary;
mod timeline;
mod wire;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use clock::Clock;
use model::PairId;
use money::Currency;
use ports::System;
use store::Store;
use store::settlements::Stage;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::App;

pub use crate::operator::{OPERATOR, operator_token};

/// How long open requests may still take after the server was told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// What the server works on.
pub struct Services {
    /// The truth.
    pub store: Store,
    /// The product's time.
    pub clock: Clock,
    /// The workers.
    pub control: Arc<dyn Control>,
    /// How browsers reach us, without a slash at the end. With `https`, the session cookie is for encrypted connections only.
    pub public_url: String,
}

/// What the console may ask the workers to do.
#[async_trait]
pub trait Control: Send + Sync {
    /// Decides an order again and delivers what is open.
    ///
    /// # Errors
    ///
    /// [`ControlError::Refused`] if the workers cannot.
    async fn retry(&self, pair: &PairId, subject: &str) -> Result<(), ControlError>;

    /// Goes on with a connection that was paused, in the name of `by`.
    ///
    /// # Errors
    ///
    /// [`ControlError::Refused`] if the workers cannot.
    async fn resume_connection(&self, pair: &PairId, system: System, by: &str) -> Result<(), ControlError>;

    /// Takes in a settlement file that a person hands in.
    ///
    /// # Errors
    ///
    /// [`ControlError::Refused`] if it is no settlement that can be kept: nothing of it is used.
    async fn receive_settlement(
        &self,
        pair: &PairId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<Received>, ControlError>;

    /// A person accepts `amount`, digits in `currency`, for a line whose own cannot be read.
    ///
    /// # Errors
    ///
    /// [`ControlError::Refused`] if the settlement does not wait for it.
    async fn accept_amount(
        &self,
        pair: &PairId,
        settlement: &str,
        currency: Currency,
        line: u64,
        amount: &str,
    ) -> Result<(), ControlError>;

    /// Decides a settlement again and delivers what is open.
    ///
    /// # Errors
    ///
    /// [`ControlError::Refused`] if the workers cannot.
    async fn retry_settlement(&self, pair: &PairId, settlement: &str, currency: Currency) -> Result<(), ControlError>;
}

/// A settlement that was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The marketplace's id.
    pub settlement: String,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// How far it is.
    pub stage: Stage,
    /// Whether it was known before, from this or another file.
    pub duplicate: bool,
}

/// Why the workers did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// They refused; the text says why, for the owner to read.
    #[error("{0}")]
    Refused(String),
}

/// Serves until `shutdown` is ready. Open requests then have five seconds; live streams end at once.
///
/// # Errors
///
/// What the listener failed with.
pub async fn serve(
    listener: TcpListener,
    services: Services,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let clock = services.clock.clone();
    let (stop, stopping) = watch::channel(false);
    let app = api::whole(App::new(services, stopping.clone())).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        // Nobody listens when no stream is open.
        let _ = stop.send(true);
    });
    tokio::select! {
        served = served => served,
        () = too_long(clock, stopping) => Ok(()),
    }
}

/// Every route: for a test or a server of your own. Client addresses are known only if the service carries `ConnectInfo`.
pub fn router(services: Services) -> Router {
    // The sender is gone at once: such a router is never told to stop.
    let (_, stopping) = watch::channel(false);
    api::whole(App::new(services, stopping))
}

/// The OpenAPI document of the API, as pretty JSON with a line feed at the end.
pub fn openapi_json() -> String {
    api::document()
}

async fn too_long(clock: Clock, mut stopping: watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        // The server is gone, so nothing is left to be stopped.
        std::future::pending::<()>().await;
    }
    clock.sleep(STOP_WITHIN).await;
}
