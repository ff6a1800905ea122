//! Notifications v1: destinations and subscriptions (fact sheet §6).
//!
//! Destinations belong to the application and take a grantless token; subscriptions are made with the seller's token.

mod body;
mod deliver;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Amazon;
use super::answer::{Answer, Answered};
use super::call::Call;
use super::queue::Queue;
use super::tokens::uuid;

pub(super) use body::body;
pub(super) use deliver::deliver;

/// Types that can be subscribed to, with the payload versions that they have.
const TYPES: [(&str, &str); 8] = [
    ("ORDER_CHANGE", "1.0"),
    ("TRANSACTION_UPDATE", "1.0"),
    ("FBA_OUTBOUND_SHIPMENT_STATUS", "1.0"),
    ("LISTINGS_ITEM_STATUS_CHANGE", "1.0"),
    ("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "1.0"),
    ("FBA_INVENTORY_AVAILABILITY_CHANGES", "1.0"),
    ("REPORT_PROCESSING_FINISHED", "2020-09-04"),
    ("FEED_PROCESSING_FINISHED", "2020-09-04"),
];

/// Destinations and subscriptions.
#[derive(Default)]
pub(super) struct Notifications(Mutex<State>);

#[derive(Default)]
struct State {
    destinations: Vec<Destination>,
    /// Deleted ones stay, so that their number stays theirs.
    subscriptions: Vec<Subscription>,
    made: u64,
    /// Changes of orders up to here are on their way.
    delivered_until: Option<Timestamp>,
    sent: u64,
}

struct Destination {
    id: String,
    name: String,
    resource: Value,
}

struct Subscription {
    id: String,
    kind: &'static str,
    version: &'static str,
    destination_id: String,
    directive: Option<Value>,
    since: Timestamp,
    deleted: bool,
}

impl Notifications {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_id(&mut self, seed: u64) -> String {
        self.made += 1;
        uuid(seed ^ (self.made << 40) ^ 0xDE57)
    }

    fn live(&self) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.iter().filter(|subscription| !subscription.deleted)
    }
}

/// Answers the operations of this API; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    let kind = || call.path.first().map(String::as_str).unwrap_or_default();
    let second = || call.path.get(1).map(String::as_str).unwrap_or_default();
    Some(match call.operation.name {
        "createDestination" => create_destination(amazon, call),
        "getDestinations" => {
            Ok(Answer::payload(&amazon.notifications.lock().destinations.iter().map(shown).collect::<Vec<_>>()))
        }
        "getDestination" => {
            let state = amazon.notifications.lock();
            let found = state.destinations.iter().find(|destination| destination.id == kind());
            found.map(|destination| Answer::payload(&shown(destination))).ok_or_else(no_destination)
        }
        "deleteDestination" => delete_destination(amazon, kind()),
        "createSubscription" => create_subscription(amazon, call, kind()),
        "getSubscription" => {
            let version = call.query.get("payloadVersion");
            let wanted = |of: &&Subscription| of.kind == kind() && version.is_none_or(|version| version == of.version);
            amazon
                .notifications
                .lock()
                .live()
                .find(wanted)
                .map(|of| Answer::payload(&shown_subscription(of)))
                .ok_or_else(no_subscription)
        }
        "getSubscriptions" => {
            let kinds = call.query.list("notificationTypes").unwrap_or_default();
            let &[kind] = kinds.as_slice() else {
                return Some(Err(Answer::invalid_input("Exactly one notification type must be specified.")));
            };
            let state = amazon.notifications.lock();
            let of_kind: Vec<Value> = state.live().filter(|of| of.kind == kind).map(shown_subscription).collect();
            Ok(Answer::payload(&json!({"subscriptions": of_kind})))
        }
        "getSubscriptionById" => {
            let wanted = |of: &&Subscription| of.kind == kind() && of.id == second();
            amazon
                .notifications
                .lock()
                .live()
                .find(wanted)
                .map(|of| Answer::payload(&shown_subscription(of)))
                .ok_or_else(no_subscription)
        }
        "deleteSubscriptionById" => delete_subscription(amazon, kind(), second()),
        "sendTestNotification" => send_test(amazon, call, kind()),
        _ => return None,
    })
}

fn create_destination(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let request: Value =
        serde_json::from_slice(call.body).map_err(|_| Answer::invalid_input("The body is not valid JSON."))?;
    let name = request["name"].as_str().filter(|name| !name.is_empty() && name.len() <= 256);
    let name = name.ok_or_else(|| Answer::invalid_input("The name of the destination is missing or too long."))?;
    let specification = &request["resourceSpecification"];
    let resource = match (specification["sqs"]["arn"].as_str(), specification["eventBridge"].as_object()) {
        (Some(arn), None) => {
            if !arn.starts_with("arn:aws:sqs:") || arn.split(':').count() != 6 || arn.ends_with(".fifo") {
                return Err(Answer::invalid_input("The ARN is not one of a standard SQS queue."));
            }
            json!({"sqs": {"arn": arn}})
        }
        (None, Some(bridge)) => json!({"eventBridge": {
            "name": format!("aws.partner/sellingpartnerapi.amazon.com/{name}"),
            "region": bridge.get("region").and_then(Value::as_str).unwrap_or_default(),
            "accountId": bridge.get("accountId").and_then(Value::as_str).unwrap_or_default(),
        }}),
        _ => return Err(Answer::invalid_input("Exactly one resource must be specified: sqs or eventBridge.")),
    };
    let mut state = amazon.notifications.lock();
    if state.destinations.iter().any(|destination| destination.resource == resource) {
        return Err(Answer::error(
            StatusCode::CONFLICT,
            "Conflict",
            "A destination for this resource already exists.",
            "",
        ));
    }
    let destination = Destination { id: state.next_id(amazon.world.seed()), name: name.to_owned(), resource };
    let answer = Answer::payload(&shown(&destination));
    state.destinations.push(destination);
    Ok(answer)
}

fn delete_destination(amazon: &Amazon, id: &str) -> Answered {
    let mut state = amazon.notifications.lock();
    let place = state.destinations.iter().position(|destination| destination.id == id).ok_or_else(no_destination)?;
    if state.live().any(|subscription| subscription.destination_id == id) {
        return Err(Answer::error(StatusCode::CONFLICT, "Conflict", "A subscription uses this destination.", ""));
    }
    state.destinations.remove(place);
    Ok(Answer::ok(&json!({})))
}

fn create_subscription(amazon: &Amazon, call: &Call<'_>, kind: &str) -> Answered {
    let request: Value =
        serde_json::from_slice(call.body).map_err(|_| Answer::invalid_input("The body is not valid JSON."))?;
    let &(kind, version) = TYPES
        .iter()
        .find(|(known, version)| *known == kind && request["payloadVersion"] == *version)
        .ok_or_else(|| Answer::invalid_input("The notification type is not known or has no such payload version."))?;
    let directive = request.get("processingDirective").filter(|directive| !directive.is_null()).cloned();
    if directive.as_ref().is_some_and(|directive| directive.get("filterExpression").is_some()) {
        return Err(Answer::invalid_input("The sandbox does not evaluate filterExpression: use eventFilter."));
    }
    let destination_id = request["destinationId"].as_str().unwrap_or_default().to_owned();
    let now = amazon.clock.now();
    let mut state = amazon.notifications.lock();
    if !state.destinations.iter().any(|destination| destination.id == destination_id) {
        return Err(Answer::invalid_input("The destination does not exist for this application and region."));
    }
    if state.live().any(|subscription| subscription.kind == kind) {
        return Err(Answer::error(StatusCode::CONFLICT, "Conflict", "A subscription of this type already exists.", ""));
    }
    if state.live().next().is_none() {
        state.delivered_until = Some(now);
    }
    let id = state.next_id(amazon.world.seed());
    let subscription = Subscription { id, kind, version, destination_id, directive, since: now, deleted: false };
    let answer = Answer::payload(&shown_subscription(&subscription));
    state.subscriptions.push(subscription);
    Ok(answer)
}

fn delete_subscription(amazon: &Amazon, kind: &str, id: &str) -> Answered {
    let mut state = amazon.notifications.lock();
    let wanted = |of: &&mut Subscription| !of.deleted && of.kind == kind && of.id == id;
    state.subscriptions.iter_mut().find(wanted).ok_or_else(no_subscription)?.deleted = true;
    Ok(Answer::ok(&json!({})))
}

fn send_test(amazon: &Amazon, call: &Call<'_>, kind: &str) -> Answered {
    let request: Value =
        serde_json::from_slice(call.body).map_err(|_| Answer::invalid_input("The body is not valid JSON."))?;
    if kind != "ORDER_CHANGE" {
        return Err(Answer::invalid_input("The sandbox sends test notifications of ORDER_CHANGE only."));
    }
    let state = amazon.notifications.lock();
    let wanted = request["destinationId"].as_str();
    let destination = state.destinations.iter().find(|destination| wanted.is_none_or(|id| id == destination.id));
    let destination = destination.ok_or_else(no_destination)?;
    if destination.resource["sqs"]["arn"] == Queue::arn() {
        deliver::send_test(amazon);
    }
    Ok(Answer::ok(&json!({})))
}

fn shown(destination: &Destination) -> Value {
    json!({"name": destination.name, "destinationId": destination.id, "resource": destination.resource})
}

fn shown_subscription(subscription: &Subscription) -> Value {
    let mut shown = json!({
        "subscriptionId": subscription.id,
        "payloadVersion": subscription.version,
        "destinationId": subscription.destination_id,
    });
    if let Some(directive) = &subscription.directive {
        shown["processingDirective"] = directive.clone();
    }
    shown
}

fn no_destination() -> Answer {
    Answer::not_found("The requested destination does not exist.")
}

fn no_subscription() -> Answer {
    Answer::not_found("The requested subscription does not exist.")
}
