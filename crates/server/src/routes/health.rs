//! For whoever watches over the process. Says nothing about the books, so it needs no session.

use axum::extract::State;
use axum::http::StatusCode;
use store::lanes;

use crate::app::App;

/// The process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// The process can work: its store answers, and it was not told to stop.
pub(crate) async fn readyz(State(app): State<App>) -> (StatusCode, &'static str) {
    if *app.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match lanes::depth(&app.services.store).await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!("not ready: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}
