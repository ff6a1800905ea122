//! Setting notifications up: a destination (the queue) and a subscription to ORDER_CHANGE.
//!
//! Destinations belong to the application and need a grantless token, subscriptions belong to the seller. Everything is
//! looked for before it is made, and what exists is adopted, so this can be run again at any time.

use ports::ConnectorError;
use ports::System;
use serde_json::{Value, json};

use crate::client::{Access, Client, Request};
use crate::read::malformed;
use crate::throttle::Operation;

/// Name under which we make destinations.
const DESTINATION_NAME: &str = "tillbridge-orders";
/// Version of ORDER_CHANGE that we read.
const PAYLOAD_VERSION: &str = "1.0";

/// What is in place afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// Amazon's id of the queue as a destination.
    pub destination_id: String,
    /// Amazon's id of the subscription.
    pub subscription_id: String,
}

/// Makes sure that changes of the seller's orders are sent to the queue `arn` (a standard queue whose policy lets Amazon's
/// account 437568002678 send). First messages may take about an hour.
///
/// # Errors
///
/// [`ConnectorError::Duplicate`] if the seller's changes already go to another destination of this application.
pub async fn ensure_destination_and_subscription(client: &Client, arn: &str) -> Result<Subscribed, ConnectorError> {
    let destination_id = match destination_of(&destinations(client).await?, arn) {
        Some(id) => id,
        None => match create_destination(client, arn).await {
            // Somebody was faster, or the list was old.
            Err(ConnectorError::Duplicate { .. }) => destination_of(&destinations(client).await?, arn)
                .ok_or_else(|| taken("a destination with our name but another queue"))?,
            made => made?,
        },
    };
    let subscription = match subscription(client).await? {
        Some(subscription) => subscription,
        None => match create_subscription(client, &destination_id).await {
            Err(ConnectorError::Duplicate { .. }) => {
                subscription(client).await?.ok_or_else(|| taken("a subscription"))?
            }
            made => made?,
        },
    };
    if subscription.destination_id != destination_id {
        return Err(taken("a subscription of this application that sends the seller's order changes elsewhere"));
    }
    Ok(Subscribed { destination_id, subscription_id: subscription.id })
}

fn taken(what: &str) -> ConnectorError {
    ConnectorError::Duplicate { system: System::Amazon, what: what.to_owned() }
}

/// A subscription as Amazon tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) destination_id: String,
    pub(crate) payload_version: String,
}

pub(crate) async fn subscription(client: &Client) -> Result<Option<Subscription>, ConnectorError> {
    let path = ["notifications", "v1", "subscriptions", "ORDER_CHANGE"];
    let query = [("payloadVersion", PAYLOAD_VERSION.to_owned())];
    let request = Request { query: &query, ..Request::get(Operation::Subscriptions, &path, "the subscription") };
    match client.call(&request).await {
        Ok(answer) => read_subscription(&answer).map(Some),
        Err(ConnectorError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) async fn create_subscription(client: &Client, destination_id: &str) -> Result<Subscription, ConnectorError> {
    let path = ["notifications", "v1", "subscriptions", "ORDER_CHANGE"];
    let filter = json!({
        "eventFilterType": "ORDER_CHANGE",
        "orderChangeTypes": ["OrderStatusChange", "BuyerRequestedChange"],
    });
    let body = json!({
        "payloadVersion": PAYLOAD_VERSION,
        "destinationId": destination_id,
        "processingDirective": { "eventFilter": filter },
    });
    read_subscription(&client.call(&Request::post(Operation::Subscriptions, &path, body, "the subscription")).await?)
}

fn read_subscription(answer: &Value) -> Result<Subscription, ConnectorError> {
    let text = |name: &str| answer.pointer(&format!("/payload/{name}")).and_then(Value::as_str).map(str::to_owned);
    Ok(Subscription {
        id: text("subscriptionId").ok_or_else(|| malformed("subscription", "$.payload.subscriptionId"))?,
        destination_id: text("destinationId").ok_or_else(|| malformed("subscription", "$.payload.destinationId"))?,
        payload_version: text("payloadVersion").unwrap_or_default(),
    })
}

pub(crate) async fn destinations(client: &Client) -> Result<Vec<Value>, ConnectorError> {
    let path = ["notifications", "v1", "destinations"];
    let request = Request::get(Operation::Destinations, &path, "the destinations");
    let mut answer = client.call(&Request { access: Access::Application, ..request }).await?;
    match answer.get_mut("payload").map(Value::take) {
        Some(Value::Array(destinations)) => Ok(destinations),
        Some(Value::Null) | None => Ok(Vec::new()),
        Some(_) => Err(malformed("list of destinations", "$.payload")),
    }
}

pub(crate) async fn create_destination(client: &Client, arn: &str) -> Result<String, ConnectorError> {
    let path = ["notifications", "v1", "destinations"];
    let body = json!({ "name": DESTINATION_NAME, "resourceSpecification": { "sqs": { "arn": arn } } });
    let request = Request::post(Operation::Destinations, &path, body, "the destination");
    let answer = client.call(&Request { access: Access::Application, ..request }).await?;
    let id = answer.pointer("/payload/destinationId").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| malformed("destination", "$.payload.destinationId"))
}

/// The destination whose queue is `arn`.
pub(crate) fn destination_of(destinations: &[Value], arn: &str) -> Option<String> {
    let ours = |entry: &&Value| entry.pointer("/resource/sqs/arn").and_then(Value::as_str) == Some(arn);
    destinations.iter().find(ours)?.get("destinationId")?.as_str().map(str::to_owned)
}
