//! Signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::users::{self, LogIn};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::app::App;
use crate::extract::Body;
use crate::guard;
use crate::problem::Problem;

const OWNER: &str = "owner";

/// The password of the owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSession {
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// Always `owner`.
    account: String,
}

/// Signs in. The answer carries the session's cookie.
#[utoipa::path(post, path = "/session", tag = "session", operation_id = "log_in", request_body = NewSession, responses(
    (status = 204, description = "Signed in."),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Wrong password, or no owner yet.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many wrong passwords.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn log_in(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<NewSession>,
) -> Result<impl IntoResponse, Problem> {
    let _alone = app.attempts.begin(app.services.clock.now())?;
    match users::log_in(&app.services.store, body.password).await? {
        LogIn::Welcome(token) => {
            actor.named(OWNER).record(&app, "session.create", OWNER, json!({ "outcome": "welcome" })).await?;
            let cookie = guard::cookie(&app, token.expose_secret(), users::SESSION_LIFE.as_secs())?;
            Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
        }
        LogIn::Refused => {
            app.attempts.failed(app.services.clock.now());
            actor.record(&app, "session.create", OWNER, json!({ "outcome": "refused" })).await?;
            Err(refused())
        }
        LogIn::Locked { until } => {
            app.attempts.failed(app.services.clock.now());
            actor.record(&app, "session.create", OWNER, json!({ "outcome": "locked", "until": until })).await?;
            Err(locked())
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", operation_id = "show_session", responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(actor: Actor) -> Json<Session> {
    Json(Session { account: actor.name })
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session", operation_id = "log_out", responses(
    (status = 204, description = "Signed out."),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn log_out(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    if let Some(token) = guard::token(&app, &headers) {
        users::log_out(&app.services.store, token).await?;
        app.sessions.forget();
    }
    actor.record(&app, "session.end", OWNER, json!({})).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, guard::cookie(&app, "", 0)?)])))
}

fn refused() -> Problem {
    let detail = "The password is wrong, or no password has been set yet.";
    let fix = "Try again. Without a password, start `tillbridge serve --owner-link` and open the link it prints.";
    Problem::new(StatusCode::UNAUTHORIZED, "wrong_password", "Not signed in", detail, fix)
}

fn locked() -> Problem {
    let detail = "There were too many wrong passwords in a row, so the account is locked for 15 minutes.";
    let fix = "Wait, or set a new password with the link that `tillbridge serve --owner-link` prints.";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", "The account is locked", detail, fix)
}
