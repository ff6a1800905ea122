//! Who may ask what: a session for everything but two routes, and nothing that changes something from another site.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::actor::Account;
use crate::app::App;
use crate::operator::{self, OPERATOR};
use crate::problem::Problem;

/// What may be asked without a session: how one begins. Paths are below `/api`.
const OPEN: [(Method, &str); 2] = [(Method::POST, "/v1/session"), (Method::POST, "/v1/owner-link")];

/// Refuses what has no session. Lies around every route of the API, and around its "not found".
pub(crate) async fn require_session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if OPEN.iter().any(|(method, path)| request.method() == method && request.uri().path() == *path) {
        return next.run(request).await;
    }
    match account(&app, request.headers()).await {
        Ok(Some(account)) => {
            request.extensions_mut().insert(Account(account));
            next.run(request).await
        }
        Ok(None) => not_signed_in().into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Refuses requests that may change something unless a page of ours sent them (Fetch Metadata, else `Origin`).
/// A browser sets both and lets no page forge them; a program that sends neither must name our own origin.
pub(crate) async fn refuse_other_sites(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_same_site(request.headers()) { next.run(request).await } else { cross_site().into_response() }
}

/// The token of the session cookie.
pub(crate) fn token<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = cookie_name(app);
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name && !value.is_empty()).then_some(value))
}

/// The cookie that begins a session, or with an empty token and no life ends it.
pub(crate) fn cookie(app: &App, token: &str, life_s: u64) -> Result<HeaderValue, Problem> {
    let secure = if app.is_https() { "; Secure" } else { "" };
    let text = format!("{}={token}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}", cookie_name(app));
    HeaderValue::try_from(text).map_err(|_| Problem::internal())
}

/// `__Host-` makes browsers refuse the cookie unless it is `Secure`, for one host and the whole site.
fn cookie_name(app: &App) -> &'static str {
    if app.is_https() { "__Host-tillbridge" } else { "tillbridge" }
}

async fn account(app: &App, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    if let Some(text) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        let good = text
            .strip_prefix("Bearer ")
            .is_some_and(|token| operator::is_good(&app.services.store.vault(), token, app.services.clock.now()));
        return Ok(good.then(|| OPERATOR.to_owned()));
    }
    let Some(token) = token(app, headers) else { return Ok(None) };
    Ok(app.sessions.account(&app.services.store, token).await?)
}

fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    matches!((origin, text(header::HOST)), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

fn not_signed_in() -> Problem {
    let detail = "There is no session, or it ended: after 30 minutes without use, or 12 hours after signing in.";
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "not_signed_in",
        "Not signed in",
        detail,
        "Sign in with the owner's password.",
    )
}

fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "Refused: this came from another site",
        "Requests that change something are taken from the console's own pages only.",
        "Use the console. A program must send an `Origin` header that names the host it talks to.",
    )
}
