//! Setting the owner's password through a one-time link.

use axum::extract::State;
use axum::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use store::{StoreError, users};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::app::App;
use crate::extract::Body;
use crate::problem::Problem;

/// The link's token and the password to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnerLink {
    #[schema(value_type = String)]
    token: SecretString,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Sets the owner's password and ends every session. The link works once.
#[utoipa::path(post, path = "/owner-link", tag = "session", operation_id = "set_owner_password", request_body = OwnerLink, responses(
    (status = 204, description = "The password is set."),
    (status = 400, description = "The password is too weak; the link is still good.", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "The link is wrong, used or expired.", body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn set_password(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<OwnerLink>,
) -> Result<StatusCode, Problem> {
    let _alone = app.attempts.begin(app.services.clock.now())?;
    match users::set_password(&app.services.store, body.token.expose_secret(), body.password).await {
        Ok(true) => {
            app.sessions.forget();
            actor.named("owner").record(&app, "owner.set_password", "owner", json!({ "outcome": "set" })).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Ok(false) => {
            app.attempts.failed(app.services.clock.now());
            actor.record(&app, "owner.set_password", "owner", json!({ "outcome": "refused" })).await?;
            Err(unusable())
        }
        Err(StoreError::Bad(advice)) => {
            let title = "Choose another password";
            let detail = "The password was not set. The link is still good.";
            Err(Problem::new(StatusCode::BAD_REQUEST, "weak_password", title, detail, advice))
        }
        Err(error) => Err(error.into()),
    }
}

fn unusable() -> Problem {
    let detail = "The link is wrong, was used before, or is older than 24 hours.";
    let fix = "Start `tillbridge serve --owner-link` and open the link it prints.";
    Problem::new(StatusCode::GONE, "link_unusable", "This link does not work", detail, fix)
}
