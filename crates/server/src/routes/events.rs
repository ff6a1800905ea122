//! The live stream: "something changed", never what. Consoles fetch again what they show.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{AppendHeaders, IntoResponse};
use futures_util::stream;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// At most one event in this time.
const APART: Duration = Duration::from_millis(250);
/// Without events, a sign of life after this time.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream ends after this time. Browsers open the next at once, which needs a session that is still alive.
const LIFE: Duration = Duration::from_secs(15 * 60);
/// How long a browser waits before it opens the next.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Data of the event `changed`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changed {
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Live events, named `changed`, with data like [`Changed`]. A stream begins with one, so nothing is missed between two
/// streams whatever `Last-Event-ID` says.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "events", responses(
    (status = 200, description = "Server-sent events named `changed`.", body = Changed, content_type = "text/event-stream"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn stream(State(app): State<App>) -> impl IntoResponse {
    let listener = Listener {
        changed: app.services.store.changed(),
        endings: app.sessions.endings(),
        stopping: app.stopping.clone(),
        ends_at: clock::later(app.services.clock.now(), LIFE),
        told_at: None,
        app,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    // Proxies that buffer would hold events back.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    (AppendHeaders([unbuffered]), Sse::new(events))
}

struct Listener {
    app: App,
    changed: watch::Receiver<u64>,
    endings: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    ends_at: Timestamp,
    /// When the last event was told; nothing at the beginning.
    told_at: Option<Timestamp>,
}

impl Listener {
    /// The next event or sign of life; nothing when the stream must end.
    async fn next(&mut self) -> Option<Event> {
        let clock = self.app.services.clock.clone();
        let Some(told_at) = self.told_at else { return self.tell() };
        tokio::select! {
            biased;
            () = told_to_stop(&mut self.stopping) => None,
            _ = self.endings.changed() => None,
            () = clock.sleep_until(self.ends_at) => None,
            changed = changed_after(&clock, &mut self.changed, clock::later(told_at, APART)) => {
                changed.ok()?;
                self.tell()
            }
            () = clock.sleep(HEARTBEAT) => Some(Event::default().comment("alive")),
        }
    }

    fn tell(&mut self) -> Option<Event> {
        // First marked as seen, then numbered: a commit in between is told again rather than never.
        self.changed.mark_unchanged();
        let at = self.app.services.clock.now();
        self.told_at = Some(at);
        let event = Event::default().event("changed").id(self.app.event_id().to_string()).retry(AGAIN_AFTER);
        event.json_data(Changed { at }).ok()
    }
}

async fn changed_after(
    clock: &clock::Clock,
    changed: &mut watch::Receiver<u64>,
    not_before: Timestamp,
) -> Result<(), watch::error::RecvError> {
    changed.changed().await?;
    clock.sleep_until(not_before).await;
    Ok(())
}

/// Never ready for a router that nobody stops.
async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}
