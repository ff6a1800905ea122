//! Answers of the Selling Partner API: bodies, error envelopes and the headers seen in recorded traffic.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

/// An answer before the call's own headers are put on it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    /// Class name for `x-amzn-ErrorType`.
    pub(super) error_type: Option<&'static str>,
}

/// What a handler gives back: either way an answer; `?` leaves early.
pub(super) type Answered = Result<Answer, Answer>;

impl Answer {
    /// `status` with a JSON body.
    pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).unwrap_or_default();
        Answer { status, body, error_type: None }
    }

    /// 200 with a JSON body.
    pub(super) fn ok(body: &impl Serialize) -> Answer {
        Answer::json(StatusCode::OK, body)
    }

    /// 200 with `{"payload": ...}`, the envelope of the older APIs.
    pub(super) fn payload(payload: &impl Serialize) -> Answer {
        #[derive(Serialize)]
        struct Envelope<'a, T> {
            payload: &'a T,
        }
        Answer::ok(&Envelope { payload })
    }

    /// A status without a body.
    pub(super) fn empty(status: StatusCode) -> Answer {
        Answer { status, body: Vec::new(), error_type: None }
    }

    /// An error with the envelope that all APIs share.
    pub(super) fn error(status: StatusCode, code: &str, message: &str, details: &str) -> Answer {
        let body = json!({"errors": [{"code": code, "message": message, "details": details}]});
        let error_type = match status.as_u16() {
            403 => "AccessDeniedException",
            404 => "ResourceNotFoundException",
            409 => "ConflictException",
            429 => "TooManyRequestsException",
            500.. => "InternalFailureException",
            _ => "InvalidInputException",
        };
        Answer { error_type: Some(error_type), ..Answer::json(status, &body) }
    }

    /// 400.
    pub(super) fn invalid_input(message: &str) -> Answer {
        Answer::error(StatusCode::BAD_REQUEST, "InvalidInput", message, "")
    }

    /// 404.
    pub(super) fn not_found(message: &str) -> Answer {
        Answer::error(StatusCode::NOT_FOUND, "NotFound", message, "")
    }

    /// 403; unknown paths get it too.
    pub(super) fn denied(details: &str) -> Answer {
        Answer::error(StatusCode::FORBIDDEN, "Unauthorized", "Access to requested resource is denied.", details)
    }

    /// 429; it has neither `Retry-After` nor the rate.
    pub(super) fn throttled() -> Answer {
        Answer::error(
            StatusCode::TOO_MANY_REQUESTS,
            "QuotaExceeded",
            "You exceeded your quota for the requested resource.",
            "",
        )
    }

    /// The HTTP response. The rate is told on answers up to 400 and on 404, never on 403 and 429.
    pub(super) fn into_response(self, request_id: &str, rate: Option<&str>) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put("content-type", "application/json");
        put("x-amzn-requestid", request_id);
        put("x-amz-rid", &request_id.replace('-', "").to_uppercase()[..20.min(request_id.len())]);
        put("x-amz-apigw-id", &request_id[..15.min(request_id.len())]);
        put("x-amzn-trace-id", &trace_id(request_id));
        if let Some(error_type) = self.error_type {
            put("x-amzn-errortype", error_type);
        }
        if let Some(rate) = rate.filter(|_| self.status.is_success() || matches!(self.status.as_u16(), 400 | 404)) {
            put("x-amzn-ratelimit-limit", rate);
        }
        if self.status == StatusCode::NO_CONTENT {
            response.headers_mut().remove(header::CONTENT_TYPE);
        }
        response
    }
}

fn trace_id(request_id: &str) -> String {
    let hex: String = request_id.bytes().filter(|byte| *byte != b'-').map(char::from).collect();
    format!("Root=1-{}-{}", hex.get(..8).unwrap_or("00000000"), hex.get(8..).unwrap_or("000000000000000000000000"))
}
