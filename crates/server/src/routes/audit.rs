//! The audit trail.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::audit;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::Query;
use crate::problem::Problem;
use crate::query;

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only entries before this id: the last id of the page before.
    #[param(value_type = Option<i64>)]
    before: Option<String>,
    /// 1 to 200; 50 if absent.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Entries, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditPage {
    entries: Vec<AuditEntry>,
}

/// Who did what.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    id: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `owner`, `system`, or `nobody` for somebody who did not sign in.
    actor: String,
    /// What was done.
    action: String,
    /// To what.
    target: String,
    /// More about it.
    detail: Value,
    /// From which address.
    #[schema(required)]
    ip: Option<String>,
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(Filter), responses(
    (status = 200, body = AuditPage),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, Query(asked): Query<Filter>) -> Result<Json<AuditPage>, Problem> {
    let (before, limit) = (query::number("before", asked.before)?, query::limit(asked.limit)?);
    let rows = audit::page(&app.services.store, before, limit).await?;
    Ok(Json(AuditPage { entries: rows.into_iter().map(AuditEntry::from).collect() }))
}

impl From<audit::Recorded> for AuditEntry {
    fn from(row: audit::Recorded) -> AuditEntry {
        let audit::Entry { actor, action, target, detail, ip, at } = row.entry;
        AuditEntry { id: row.id, at, actor, action, target, detail, ip }
    }
}
