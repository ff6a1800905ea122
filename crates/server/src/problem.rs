//! Errors on the wire: problem+json, with what it means and what to do next.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

/// Why a request failed, in the shape of RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Heading.
    title: String,
    /// The HTTP status.
    status: u16,
    /// Stable word for programs.
    code: &'static str,
    /// What it means.
    detail: String,
    /// The next action.
    fix: String,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &str,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        Problem {
            kind: "about:blank",
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            fix: fix.into(),
        }
    }

    /// The request cannot be understood; `detail` names the field.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Problem {
        let fix = "Correct the request. The document at ui/api/openapi.json says what each route takes.";
        Problem::new(StatusCode::BAD_REQUEST, "bad_request", "The request cannot be understood", detail, fix)
    }

    /// There is no such thing.
    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        let fix = "Check the address, or go back to the list and open it from there.";
        Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail, fix)
    }

    /// Something that should not fail did. Details are in the log, not in the answer.
    pub(crate) fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Tillbridge could not do this",
            "Something failed inside the server. Nothing was half done: every change is kept whole or not at all.",
            "Try again. If it stays, look into the server's log and run `tillbridge doctor`.",
        )
    }
}

/// Problems of the store that are nobody's request: logged here, once, and told without details.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        tracing::error!("a request failed: {error}");
        Problem::internal()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
