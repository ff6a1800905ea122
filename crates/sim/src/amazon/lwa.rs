//! Login with Amazon: the token endpoint with all three grants and its table of errors (fact sheet §2.1).

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::Amazon;
use super::tokens::{ACCESS_TOKEN_S, Grant};

/// Scopes of grantless calls.
const SCOPES: [&str; 3] = [
    "sellingpartnerapi::notifications",
    "sellingpartnerapi::client_credential:rotation",
    "sellingpartnerapi::migration",
];

/// Why no token was given.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    class: &'static str,
}

/// Answers `POST /auth/o2/token`, form-encoded or JSON.
pub(super) fn token(amazon: &Amazon, headers: &HeaderMap, body: &[u8]) -> Response {
    let now = amazon.clock.now();
    let request_id = amazon.request_id();
    match parameters(headers, body).ok_or(INVALID_REQUEST).and_then(|parameters| grant(amazon, &parameters, now)) {
        Ok(body) => response(StatusCode::OK, &body, &request_id, now, None),
        Err(refusal) => {
            let body = json!({
                "error": refusal.error,
                "error_description": refusal.description,
                "request_id": request_id,
                "error_index": super::tokens::hex(request_id.len() as u64, 24),
            });
            response(refusal.status, &body, &request_id, now, Some(refusal.class))
        }
    }
}

fn grant(amazon: &Amazon, parameters: &Map<String, Value>, now: Timestamp) -> Result<Value, Refusal> {
    let get = |name: &str| parameters.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    let grant_type = get("grant_type").ok_or(UNSUPPORTED_GRANT_TYPE)?;
    if !matches!(grant_type, "refresh_token" | "authorization_code" | "client_credentials") {
        return Err(UNSUPPORTED_GRANT_TYPE);
    }
    let client_id = get("client_id").ok_or(INVALID_REQUEST)?;
    let client_secret = get("client_secret").ok_or(INVALID_REQUEST)?;
    if client_id != amazon.application.client_id || client_secret != amazon.application.client_secret {
        return Err(INVALID_CLIENT);
    }
    match grant_type {
        "refresh_token" => {
            let refresh_token = get("refresh_token").ok_or(INVALID_REQUEST)?;
            if !amazon.tokens.is_refresh_token(refresh_token) {
                return Err(INVALID_GRANT);
            }
            Ok(bearer(amazon, Grant::Seller, now, ("refresh_token", refresh_token)))
        }
        "authorization_code" => {
            let code = get("code").ok_or(INVALID_REQUEST)?;
            if !amazon.tokens.use_code(code, get("redirect_uri"), now) {
                return Err(INVALID_GRANT);
            }
            let refresh_token = amazon.tokens.new_refresh_token();
            Ok(bearer(amazon, Grant::Seller, now, ("refresh_token", &refresh_token)))
        }
        _ => {
            let asked = get("scope").ok_or(INVALID_REQUEST)?;
            let scope = SCOPES
                .into_iter()
                .find(|scope| asked.split_whitespace().any(|asked| asked == *scope))
                .ok_or(INVALID_SCOPE)?;
            Ok(bearer(amazon, Grant::Grantless(scope), now, ("scope", scope)))
        }
    }
}

fn bearer(amazon: &Amazon, grant: Grant, now: Timestamp, (extra, value): (&str, &str)) -> Value {
    let access_token = amazon.tokens.new_access_token(grant, now);
    let mut body = json!({"access_token": access_token, "token_type": "bearer", "expires_in": ACCESS_TOKEN_S});
    body[extra] = value.into();
    body
}

fn parameters(headers: &HeaderMap, body: &[u8]) -> Option<Map<String, Value>> {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/json") {
        return serde_json::from_slice(body).ok();
    }
    Some(
        url::form_urlencoded::parse(body)
            .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
            .collect(),
    )
}

fn response(status: StatusCode, body: &Value, request_id: &str, now: Timestamp, class: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let date = now.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let error_type = class.map(|class| format!("{class}:http://internal.amazon.com/coral/com.amazon.panda/"));
    let headers = [
        ("content-type", Some("application/json;charset=UTF-8")),
        ("cache-control", Some("no-cache, no-store, must-revalidate")),
        ("pragma", Some("no-cache")),
        ("x-amzn-requestid", Some(request_id)),
        ("x-amz-rid", Some(request_id)),
        ("x-amz-date", Some(date.as_str())),
        ("x-amzn-errortype", error_type.as_deref()),
    ];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

const UNSUPPORTED_GRANT_TYPE: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    error: "unsupported_grant_type",
    description: "The authorization grant type is not supported by the authorization server",
    class: "OA2UnsupportedGrantTypeException",
};
const INVALID_REQUEST: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    error: "invalid_request",
    description: "The request is missing a required parameter or is otherwise malformed",
    class: "OA2InvalidRequestException",
};
const INVALID_GRANT: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    error: "invalid_grant",
    description: "The request has an invalid grant parameter",
    class: "OA2InvalidGrantException",
};
const INVALID_CLIENT: Refusal = Refusal {
    status: StatusCode::UNAUTHORIZED,
    error: "invalid_client",
    description: "Client authentication failed",
    class: "OA2InvalidClientException",
};
const INVALID_SCOPE: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    error: "invalid_scope",
    description: "The request has an invalid scope",
    class: "OA2InvalidScopeException",
};
