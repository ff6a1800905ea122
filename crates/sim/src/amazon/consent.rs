//! The page on which the seller authorises the application (fact sheet §2.2).
//!
//! The application is a draft, so `version=beta` is needed. Only loopback redirect URIs and `example.invalid` are registered.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use url::Url;

use super::Amazon;
use super::call::Incoming;
use super::query::Query;

/// Shows the page, or on `POST` sends the browser back to the application with a code.
pub(super) fn page(amazon: &Amazon, incoming: &Incoming) -> Response {
    let query = Query::parse(incoming.raw_query.as_deref());
    if query.get("application_id") != Some(amazon.application.id.as_str()) {
        return problem("MD1000", "The application is not known.");
    }
    if query.get("version") != Some("beta") {
        return problem("MD1000", "The application is a draft: authorise it with version=beta.");
    }
    let Some(state) = query.get("state") else { return problem("MD9000", "The parameter state is missing.") };
    let Some(mut target) = query.get("redirect_uri").and_then(registered) else {
        return problem("MD5101", "The redirect URI is not one of those registered for the application.");
    };
    if incoming.method == http::Method::GET {
        return html(StatusCode::OK, CONFIRM);
    }
    let redirect_uri = query.get("redirect_uri").unwrap_or_default();
    let code = amazon.tokens.new_code(redirect_uri, amazon.clock.now());
    target
        .query_pairs_mut()
        .append_pair("state", state)
        .append_pair("selling_partner_id", &amazon.world.seller().seller_id)
        .append_pair("spapi_oauth_code", &code);
    let mut response = html(StatusCode::FOUND, "");
    if let Ok(location) = HeaderValue::from_str(target.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

const CONFIRM: &str = "<h1>Authorise Tillbridge (sandbox)</h1>\
    <p>The application asks to read your orders and reports.</p>\
    <form method=\"post\"><button>Confirm</button></form>";

fn registered(uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    let host = url.host_str()?;
    (matches!(host, "127.0.0.1" | "localhost" | "[::1]") || host.ends_with("example.invalid")).then_some(url)
}

fn problem(code: &str, message: &str) -> Response {
    html(StatusCode::BAD_REQUEST, &format!("<h1>We cannot continue</h1><p>Error {code}: {message}</p>"))
}

fn html(status: StatusCode, body: &str) -> Response {
    let mut response =
        Response::new(Body::from(format!("<!doctype html><meta charset=\"utf-8\"><title>Sandbox</title>{body}")));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html;charset=UTF-8"));
    response
}
