//! The accounts at both remotes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ports::System;
use serde::Serialize;
use serde_json::json;
use store::connections;
use utoipa::ToSchema;

use crate::ControlError;
use crate::actor::Actor;
use crate::app::App;
use crate::extract::{self, Path};
use crate::problem::Problem;
use crate::wire::Connection;

/// All connections.
#[derive(Serialize, ToSchema)]
pub(crate) struct Connections {
    connections: Vec<Connection>,
}

/// All connections, without their secrets.
#[utoipa::path(get, path = "/connections", tag = "connections", operation_id = "list_connections", responses(
    (status = 200, body = Connections),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Connections>, Problem> {
    let rows = connections::list(&app.services.store).await?;
    Ok(Json(Connections { connections: rows.into_iter().map(Connection::from).collect() }))
}

/// Goes on with a paused connection, after its cause was put right.
#[utoipa::path(post, path = "/connections/{pair}/{system}/resume", tag = "connections", operation_id = "resume_connection",
    params(("pair" = String, Path), ("system" = String, Path, description = "`amazon` or `kashflow`")), responses(
    (status = 204, description = "It goes on."),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The workers refused.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn resume(
    State(app): State<App>,
    actor: Actor,
    Path((pair, system)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let pair = extract::pair(&pair)?;
    let known = [System::Amazon, System::KashFlow].into_iter().find(|known| connections::word(*known) == system);
    let system = known.ok_or_else(|| Problem::not_found("There is no system of that name."))?;
    let there = connections::load(&app.services.store, &pair, system).await?;
    there.ok_or_else(|| Problem::not_found("There is no such connection."))?;
    let done = app.services.control.resume_connection(&pair, system, &actor.name).await;
    let target = format!("connection/{pair}/{}", connections::word(system));
    actor.record(&app, "connection.resume", &target, outcome(&done)).await?;
    done.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// How the workers answered, for the audit trail.
pub(crate) fn outcome(done: &Result<(), ControlError>) -> serde_json::Value {
    match done {
        Ok(()) => json!({ "outcome": "done" }),
        Err(ControlError::Refused(why)) => json!({ "outcome": "refused", "why": why }),
    }
}

/// What the workers refused.
pub(crate) fn refused(error: ControlError) -> Problem {
    let ControlError::Refused(why) = error;
    let fix = "Put right what the text names, then try again.";
    Problem::new(StatusCode::CONFLICT, "refused", "The workers did not do this", why, fix)
}
