//! Faults of a request on their way to the wire.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, StatusCode, header};

use super::Amazon;
use super::answer::Answer;
use crate::faults::{Fault, Point};

/// What is still to go wrong after the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// Nothing.
    Fine,
    /// The token was forgotten before the work: answer as if it had expired.
    ForgetToken,
    /// The connection breaks instead of an answer.
    Reset,
    /// The answer breaks off in the middle.
    Truncate,
}

/// Draws a fault at `point` and lets happen what happens before the work.
///
/// # Errors
///
/// The response, if the fault is one.
pub(super) async fn before_work(amazon: &Amazon, point: Point) -> Result<Afterwards, Response> {
    match amazon.faults.draw(point) {
        None => Ok(Afterwards::Fine),
        Some(Fault::Slow { secs }) => {
            amazon.clock.sleep_in_request(std::time::Duration::from_secs(secs.into())).await;
            Ok(Afterwards::Fine)
        }
        Some(Fault::ExpiredSession) => Ok(Afterwards::ForgetToken),
        Some(Fault::TruncatedBody) => Ok(Afterwards::Truncate),
        Some(Fault::ResetAfterCommit | Fault::CommitsLate) => Ok(Afterwards::Reset),
        Some(Fault::ResetBeforeWork) => reset(),
        Some(Fault::Throttle429 { .. }) => Err(Answer::throttled().into_response(&amazon.request_id(), None)),
        Some(Fault::ServerError5xx { status }) => Err(server_error(amazon, status)),
        Some(Fault::Outage) => Err(server_error(amazon, 503)),
        Some(Fault::HtmlBody { status }) => Err(html(status)),
        // These belong to other points.
        Some(
            Fault::DuplicateMessage
            | Fault::LateMessage { .. }
            | Fault::LostMessage
            | Fault::SqlTimeout400 { .. }
            | Fault::StaleSearch { .. },
        ) => Ok(Afterwards::Fine),
    }
}

impl Afterwards {
    /// Lets happen to the response what is still to happen.
    pub(super) async fn spoil(self, response: Response) -> Response {
        match self {
            Afterwards::Fine | Afterwards::ForgetToken => response,
            Afterwards::Reset => reset(),
            Afterwards::Truncate => truncated(response).await,
        }
    }
}

/// Closes the connection without an answer: unwinds its task, past the panic hook.
fn reset() -> ! {
    struct ConnectionReset;
    std::panic::resume_unwind(Box::new(ConnectionReset))
}

async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else { reset() };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    let break_off = async {
        tokio::task::yield_now().await; // the first half is written to the socket meanwhile
        Err::<Bytes, std::io::Error>(std::io::ErrorKind::ConnectionReset.into())
    };
    Response::from_parts(parts, Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(break_off))))
}

fn server_error(amazon: &Amazon, status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = match status {
        StatusCode::SERVICE_UNAVAILABLE => {
            ("ServiceUnavailable", "Service is temporarily unavailable. Please try again later.")
        }
        _ => ("InternalFailure", "We encountered an internal error. Please try again."),
    };
    Answer::error(status, code, message, "").into_response(&amazon.request_id(), None)
}

fn html(status: u16) -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n";
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
