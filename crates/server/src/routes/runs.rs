//! Decisions: one evaluation of a flow for an order each.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::runs::{self, RunFilter};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::query;
use crate::wire::RunSummary;

/// Which runs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// `wants`, `nothing`, `waiting` or `parked`.
    outcome: Option<String>,
    /// Only orders whose id begins so.
    subject: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 if absent.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// One page of runs, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunPage {
    runs: Vec<RunSummary>,
    /// Pass it as `after` for the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

/// One run with its trace.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunDetail {
    #[serde(flatten)]
    run: RunSummary,
    trace: Vec<TraceStep>,
}

/// What one step decided.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceStep {
    /// The step's id.
    step: String,
    /// The pattern or action.
    uses: String,
    /// What was decided, in words.
    decision: String,
    /// What it looked at.
    input: Value,
    /// What it gave.
    output: Value,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/runs", tag = "runs", operation_id = "list_runs", params(Filter), responses(
    (status = 200, body = RunPage),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, Query(asked): Query<Filter>) -> Result<Json<RunPage>, Problem> {
    let filter = RunFilter { outcome: query::text(asked.outcome), subject_prefix: query::text(asked.subject) };
    let (after, limit) = (query::text(asked.after), query::limit(asked.limit)?);
    let mut rows = runs::page(&app.services.store, &filter, after.as_deref(), limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|run| run.id.clone());
    Ok(Json(RunPage { runs: rows.into_iter().map(RunSummary::from).collect(), next }))
}

/// One run with its trace.
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", operation_id = "show_run", params(("id" = String, Path)), responses(
    (status = 200, body = RunDetail),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Json<RunDetail>, Problem> {
    let run = runs::get(&app.services.store, &id).await?.ok_or_else(|| Problem::not_found("There is no such run."))?;
    let trace = serde_json::from_value(run.trace.clone()).map_err(|error| {
        tracing::error!("the trace of run {id} cannot be read: {error}");
        Problem::internal()
    })?;
    Ok(Json(RunDetail { trace, run: run.into() }))
}
