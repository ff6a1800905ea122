//! What every request goes through: which service, then for the Selling Partner API token, quota, fault, work, headers.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, Request, StatusCode};

use super::answer::{Answer, Answered};
use super::fault::{Afterwards, before_work};
use super::operation::{Access, Operation, find};
use super::query::Query;
use super::tokens::{Grant, Refused};
use super::{Amazon, consent, finances, lwa, notifications, orders, queue, reports, restricted, sellers, static_mode};
use crate::Quotas;
use crate::faults::Point;

/// Largest request body.
const BODY_MAX: usize = 1 << 20;

/// A call that passed token and quota.
pub(super) struct Call<'a> {
    pub(super) operation: &'static Operation,
    /// Values of the path.
    pub(super) path: Vec<String>,
    pub(super) query: Query,
    pub(super) body: &'a [u8],
    pub(super) grant: Grant,
}

/// A request read in full.
pub(super) struct Incoming {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) raw_query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Serves every request on Amazon's port.
pub(super) async fn serve(State(amazon): State<Arc<Amazon>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        let answer =
            Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLarge", "The request is larger than 1 MiB.", "");
        return answer.into_response(&amazon.request_id(), None);
    };
    let incoming = Incoming {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        raw_query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
    };
    if static_mode::is_wanted(&incoming) {
        return static_mode::serve(&amazon, &incoming);
    }
    if queue::is_for_queue(&incoming) {
        return queue::serve(&amazon, incoming).await;
    }
    match (incoming.method.as_str(), incoming.path.as_str()) {
        ("POST", "/auth/o2/token") => match before_work(&amazon, Point::LwaCall).await {
            Ok(afterwards) => afterwards.spoil(lwa::token(&amazon, &incoming.headers, &incoming.body)).await,
            Err(response) => response,
        },
        ("GET" | "POST", "/apps/authorize/consent") => consent::page(&amazon, &incoming),
        ("GET", path) if path.starts_with(reports::DOCUMENTS) => reports::document(&amazon, &incoming),
        _ => selling_partner_api(&amazon, incoming).await,
    }
}

/// What the rate limit header says without quotas: clients that learn from it then hold nothing back.
const UNLIMITED: &str = "1000.0";

async fn selling_partner_api(amazon: &Amazon, incoming: Incoming) -> Response {
    let request_id = amazon.request_id();
    let Some((operation, path)) = find(&incoming.method, &incoming.path) else {
        return Answer::denied("").into_response(&request_id, None); // not 404: seen in recorded traffic
    };
    let afterwards = match before_work(amazon, Point::AmazonCall { operation: operation.name }).await {
        Ok(afterwards) => afterwards,
        Err(response) => return response,
    };
    let answer = answer(amazon, operation, path, &incoming, afterwards).unwrap_or_else(|refusal| refusal);
    let rate = match amazon.quotas {
        Quotas::Real => operation.rate_header(),
        Quotas::Off => UNLIMITED.to_owned(),
    };
    afterwards.spoil(answer.into_response(&request_id, Some(&rate))).await
}

fn answer(
    amazon: &Amazon,
    operation: &'static Operation,
    path: Vec<String>,
    incoming: &Incoming,
    afterwards: Afterwards,
) -> Answered {
    let token = incoming.headers.get("x-amz-access-token").and_then(|token| token.to_str().ok()).unwrap_or_default();
    if afterwards == Afterwards::ForgetToken {
        amazon.tokens.expire(token);
    }
    let grant = authorise(amazon, operation, token, incoming)?;
    if amazon.quotas == Quotas::Real && !amazon.buckets.take(operation, amazon.clock.now()) {
        return Err(Answer::throttled());
    }
    let call =
        Call { operation, path, query: Query::parse(incoming.raw_query.as_deref()), body: &incoming.body, grant };
    let answered = orders::answer(amazon, &call)
        .or_else(|| notifications::answer(amazon, &call))
        .or_else(|| reports::answer(amazon, &call))
        .or_else(|| finances::answer(amazon, &call))
        .or_else(|| sellers::answer(amazon, &call))
        .or_else(|| restricted::answer(amazon, &call));
    answered.unwrap_or_else(|| Err(Answer::denied("")))
}

fn authorise(amazon: &Amazon, operation: &Operation, token: &str, incoming: &Incoming) -> Result<Grant, Answer> {
    if token.is_empty() {
        return Err(Answer::denied("Access token is missing in the request header."));
    }
    let grant = amazon.tokens.grant(token, amazon.clock.now()).map_err(|refused| match refused {
        Refused::Expired => Answer::denied("The access token you provided has expired."),
        Refused::Unknown => Answer::denied("The access token you provided is revoked, malformed or invalid."),
    })?;
    let allowed = match (&grant, operation.access) {
        (Grant::Seller, Access::Seller | Access::Restrictable | Access::GrantlessOrSeller) => true,
        (Grant::Grantless(scope), Access::Grantless | Access::GrantlessOrSeller) => {
            *scope == "sellingpartnerapi::notifications"
        }
        (Grant::Restricted(resources), _) => {
            resources.iter().any(|resource| resource.covers(&incoming.method, &incoming.path))
        }
        _ => false,
    };
    if allowed { Ok(grant) } else { Err(Answer::denied("")) }
}

impl super::tokens::Resource {
    /// Whether this resource is `method path`; a `{...}` segment of it stands for any.
    fn covers(&self, method: &Method, path: &str) -> bool {
        let same = |(wanted, given): (&str, &str)| {
            wanted == given || (wanted.starts_with('{') && wanted.ends_with('}') && !given.is_empty())
        };
        let own = self.path.trim_end_matches('/');
        self.method == method.as_str()
            && own.split('/').count() == path.split('/').count()
            && own.split('/').zip(path.split('/')).all(same)
    }
}
