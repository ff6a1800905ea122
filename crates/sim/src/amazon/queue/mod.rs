//! An SQS-compatible queue that notifications go to.
//!
//! Both protocols, real signatures, visibility timeouts and long polls. It is one standard queue in one account; creating queues is
//! not served. Messages appear when somebody looks: nothing runs in the background.

mod actions;
mod protocol;
mod sigv4;
mod store;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;

use super::Amazon;
use super::call::Incoming;
use super::fault::before_work;
use super::tokens::hex;
use crate::faults::Point;
use protocol::{Outcome, Protocol};
use sigv4::{AccessKey, Refusal, Signed};
pub(super) use store::Content;
use store::Store;

/// Region of the queue.
pub(super) const REGION: &str = "eu-west-2";
/// AWS account of the user.
const ACCOUNT: &str = "000000123456";
/// Name of the queue.
const NAME: &str = "tillbridge-orders";

/// The queue and the key that opens it.
pub(super) struct Queue {
    pub(super) key: AccessKey,
    store: Mutex<Store>,
}

impl Queue {
    pub(super) fn new(seed: u64) -> Queue {
        let key =
            AccessKey { id: format!("AKIA{}", hex(seed ^ 0xAC1A, 16).to_uppercase()), secret: hex(seed ^ 0x5EC7, 40) };
        Queue { key, store: Mutex::default() }
    }

    pub(super) fn url(&self, base_url: &str) -> String {
        format!("{base_url}/{ACCOUNT}/{NAME}")
    }

    /// The name by which a destination refers to it.
    pub(super) fn arn() -> String {
        format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}")
    }

    /// Puts a message in that is visible from `visible_at`.
    pub(super) fn put(&self, content: Content, visible_at: Timestamp) {
        self.store().send(content, visible_at);
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a request is for the queue service: by its target header, its path, or its form-encoded action.
pub(super) fn is_for_queue(incoming: &Incoming) -> bool {
    let path = incoming.path.trim_end_matches('/');
    protocol::target(incoming).is_some()
        || path == format!("/{ACCOUNT}/{NAME}")
        || path.is_empty() && protocol::read(incoming).is_some()
}

/// Serves a request for the queue service.
pub(super) async fn serve(amazon: &Amazon, incoming: Incoming) -> Response {
    let request_id = amazon.request_id();
    let Some(action) = protocol::read(&incoming) else {
        let outcome = failed(StatusCode::BAD_REQUEST, "MissingAction", "The request must contain an action.");
        return protocol::response(Protocol::Query, "", outcome, &request_id);
    };
    let signed = Signed {
        method: &incoming.method,
        path: &incoming.path,
        raw_query: incoming.raw_query.as_deref().unwrap_or_default(),
        headers: &incoming.headers,
        body: &incoming.body,
    };
    if let Err(refusal) = sigv4::check(&signed, &amazon.queue.key, amazon.clock.now()) {
        return protocol::response(action.protocol, &action.name, refused(refusal), &request_id);
    }
    let afterwards = match before_work(amazon, Point::QueueReceive).await {
        Ok(afterwards) => afterwards,
        Err(response) => return response,
    };
    let outcome = actions::perform(amazon, &action).await;
    afterwards.spoil(protocol::response(action.protocol, &action.name, outcome, &request_id)).await
}

fn refused(refusal: Refusal) -> Outcome {
    let (code, message) = match refusal {
        Refusal::Missing => ("MissingAuthenticationToken", "Request is missing Authentication Token"),
        Refusal::UnknownKey => ("InvalidClientTokenId", "The security token included in the request is invalid."),
        Refusal::WrongSignature => {
            ("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
        }
        Refusal::Expired => ("SignatureDoesNotMatch", "Signature expired: the request was signed too long ago."),
    };
    failed(StatusCode::FORBIDDEN, code, message)
}

fn failed(status: StatusCode, code: &'static str, message: &str) -> Outcome {
    Outcome::Failed { status, code, message: message.to_owned() }
}
