//! Reading requests strictly: an unknown or unreadable field is a problem that names it, never a default.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use model::PairId;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

/// The query string. Parameters that are there but empty count as absent: browsers send forms so.
pub(crate) struct Query<T>(pub(crate) T);

/// Parts of the path.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Problem::bad_request("The body must be sent as `Content-Type: application/json`."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejected| {
            if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = "The body is larger than 1 MiB.";
                Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "The request is too large",
                    detail,
                    "Send less at once.",
                )
            } else {
                Problem::bad_request("The body could not be read to its end.")
            }
        })?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| unreadable(&error))?;
        reader.end().map_err(|_| Problem::bad_request("Something follows after the end of the JSON body."))?;
        Ok(Body(body))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Query::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(query)| Query(query))
            .map_err(|rejected| Problem::bad_request(rejected.body_text()))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(path)| Path(path))
            .map_err(|_| Problem::not_found("The address does not name one of our things."))
    }
}

/// The pair in a path.
pub(crate) fn pair(text: &str) -> Result<PairId, Problem> {
    PairId::parse(text).map_err(|_| Problem::not_found("There is no pair of that name."))
}

/// Names the place and, unless the words of the body would be repeated, the cause: a body may hold a password.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    let place = match error.path().to_string() {
        path if path == "." => "The body".to_owned(),
        path => format!("`{path}`"),
    };
    let text = inner.to_string();
    let cause = if text.starts_with("unknown field") || text.starts_with("missing field") {
        text
    } else if inner.is_data() {
        "it is not of the right kind".to_owned()
    } else {
        "it is not JSON".to_owned()
    };
    Problem::bad_request(format!("{place} cannot be used: {cause}."))
}
