//! What can be done with the queue.

use std::time::Duration;

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::protocol::{Action, Outcome, number};
use super::store::{Content, Message, Store};
use super::{ACCOUNT, NAME, Queue, failed};
use crate::amazon::{Amazon, notifications};

/// Seconds a received message stays hidden unless the request says otherwise.
const VISIBILITY_S: i64 = 30;

pub(super) async fn perform(amazon: &Amazon, action: &Action) -> Outcome {
    let here =
        action.text("QueueUrl").is_some_and(|url| url.trim_end_matches('/').ends_with(&format!("/{ACCOUNT}/{NAME}")));
    if !here && !matches!(action.name.as_str(), "GetQueueUrl" | "ListQueues") {
        return no_such_queue();
    }
    let now = amazon.clock.now();
    let store = || amazon.queue.store();
    match action.name.as_str() {
        "ReceiveMessage" => receive(amazon, action).await,
        "DeleteMessage" => delete(&mut store(), action.text("ReceiptHandle")),
        "DeleteMessageBatch" => batch(
            action,
            |store, entry| store.delete(entry["ReceiptHandle"].as_str().unwrap_or_default()),
            &mut store(),
        ),
        "ChangeMessageVisibility" => {
            let seconds = action.number("VisibilityTimeout").unwrap_or(-1);
            match action.text("ReceiptHandle") {
                _ if !(0..=43_200).contains(&seconds) => {
                    invalid_value("VisibilityTimeout must be between 0 and 43200.")
                }
                Some(receipt) if store().change_visibility(receipt, seconds, now) => Outcome::Done(json!({})),
                _ => bad_receipt(),
            }
        }
        "ChangeMessageVisibilityBatch" => {
            let change = |store: &mut Store, entry: &Value| {
                let seconds = number(&entry["VisibilityTimeout"]).unwrap_or(0);
                store.change_visibility(entry["ReceiptHandle"].as_str().unwrap_or_default(), seconds, now)
            };
            batch(action, change, &mut store())
        }
        "SendMessage" => send(&mut store(), action, now),
        "GetQueueAttributes" => {
            notifications::deliver(amazon, now);
            Outcome::Done(attributes(&store(), now))
        }
        "SetQueueAttributes" => Outcome::Done(json!({})),
        "PurgeQueue" => {
            store().purge();
            Outcome::Done(json!({}))
        }
        "GetQueueUrl" if action.text("QueueName") == Some(NAME) => {
            Outcome::Done(json!({"QueueUrl": amazon.queue.url(&amazon.base_url)}))
        }
        "GetQueueUrl" => no_such_queue(),
        "ListQueues" => Outcome::Done(json!({"QueueUrls": [amazon.queue.url(&amazon.base_url)]})),
        _ => failed(StatusCode::BAD_REQUEST, "InvalidAction", "The action is not valid for this endpoint."),
    }
}

/// Receives, waiting for the first message if the request asks for a long poll.
async fn receive(amazon: &Amazon, action: &Action) -> Outcome {
    let limit = action.number("MaxNumberOfMessages").unwrap_or(1);
    let hidden_s = action.number("VisibilityTimeout").unwrap_or(VISIBILITY_S);
    let wait_s = action.number("WaitTimeSeconds").unwrap_or(0);
    let Some(limit) = usize::try_from(limit).ok().filter(|limit| (1..=10).contains(limit)) else {
        return invalid_value("MaxNumberOfMessages must be between 1 and 10.");
    };
    if !(0..=43_200).contains(&hidden_s) || !(0..=20).contains(&wait_s) {
        return invalid_value("WaitTimeSeconds must be between 0 and 20 and VisibilityTimeout between 0 and 43200.");
    }
    let deadline = amazon.clock.now().checked_add(wait_s.seconds()).unwrap_or(Timestamp::MAX);
    loop {
        let now = amazon.clock.now();
        let next_change = notifications::deliver(amazon, now);
        let (received, next_visible) = {
            let mut store = amazon.queue.store();
            (store.receive(limit, hidden_s, now), store.next_visible_at())
        };
        if !received.is_empty() || now >= deadline {
            let messages: Vec<Value> = received.iter().map(|message| shown(amazon, action, message)).collect();
            return Outcome::Done(if messages.is_empty() { json!({}) } else { json!({"Messages": messages}) });
        }
        // A message may also be sent meanwhile, which nothing here foretells: look again each second on a real clock.
        let soon = now.checked_add(1.second()).unwrap_or(deadline);
        let tick = if amazon.clock.is_virtual() { deadline } else { soon };
        let until = [next_visible, next_change]
            .into_iter()
            .flatten()
            .filter(|at| *at > now)
            .fold(deadline.min(tick), Timestamp::min);
        let nap = Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO).max(Duration::from_millis(1));
        amazon.clock.sleep_in_request(nap).await;
    }
}

fn shown(amazon: &Amazon, action: &Action, message: &Message) -> Value {
    let body = match &message.content {
        Content::Text(text) => text.clone(),
        change @ Content::OrderChange { .. } => notifications::body(amazon, change),
    };
    let mut shown = json!({
        "MessageId": message.uuid(),
        "ReceiptHandle": message.receipt(),
        "MD5OfBody": md5(&body),
        "Body": body,
    });
    let asked = |name: &str| {
        let named = action.list("AttributeNames").iter().chain(action.list("MessageSystemAttributeNames"));
        named.filter_map(Value::as_str).any(|asked| asked == name || asked == "All")
    };
    let first = message.first_received_at.unwrap_or(message.sent_at);
    let attributes = [
        ("SenderId", "437568002678".to_owned()),
        ("SentTimestamp", message.sent_at.as_millisecond().to_string()),
        ("ApproximateReceiveCount", message.receive_count.to_string()),
        ("ApproximateFirstReceiveTimestamp", first.as_millisecond().to_string()),
    ];
    for (name, value) in attributes {
        if asked(name) {
            shown["Attributes"][name] = value.into();
        }
    }
    shown
}

fn send(store: &mut Store, action: &Action, now: Timestamp) -> Outcome {
    let Some(body) = action.text("MessageBody").filter(|body| !body.is_empty()) else {
        return failed(
            StatusCode::BAD_REQUEST,
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        );
    };
    let delay_s = action.number("DelaySeconds").unwrap_or(0).clamp(0, 900);
    let id = store.send(Content::Text(body.to_owned()), now.checked_add(delay_s.seconds()).unwrap_or(now));
    Outcome::Done(json!({"MessageId": id, "MD5OfMessageBody": md5(body)}))
}

fn delete(store: &mut Store, receipt: Option<&str>) -> Outcome {
    if receipt.is_some_and(|receipt| store.delete(receipt)) { Outcome::Done(json!({})) } else { bad_receipt() }
}

fn batch(action: &Action, mut each: impl FnMut(&mut Store, &Value) -> bool, store: &mut Store) -> Outcome {
    let entries = action.list("Entries");
    if entries.is_empty() {
        return failed(
            StatusCode::BAD_REQUEST,
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry.",
        );
    }
    if entries.len() > 10 {
        return failed(
            StatusCode::BAD_REQUEST,
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "At most 10 entries are allowed.",
        );
    }
    let (mut done, mut not_done) = (Vec::new(), Vec::new());
    for entry in entries {
        let id = &entry["Id"];
        if each(store, entry) {
            done.push(json!({"Id": id}));
        } else {
            not_done.push(json!({"Id": id, "SenderFault": true, "Code": "ReceiptHandleIsInvalid", "Message": "The receipt handle is not valid."}));
        }
    }
    let mut outcome = json!({"Successful": done});
    if !not_done.is_empty() {
        outcome["Failed"] = not_done.into();
    }
    Outcome::Done(outcome)
}

fn attributes(store: &Store, now: Timestamp) -> Value {
    let (visible, in_flight, delayed) = store.counts(now);
    json!({"Attributes": {
        "QueueArn": Queue::arn(),
        "ApproximateNumberOfMessages": visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible": in_flight.to_string(),
        "ApproximateNumberOfMessagesDelayed": delayed.to_string(),
        "VisibilityTimeout": VISIBILITY_S.to_string(),
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "DelaySeconds": "0",
    }})
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bad_receipt() -> Outcome {
    failed(StatusCode::BAD_REQUEST, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
}

fn invalid_value(message: &str) -> Outcome {
    failed(StatusCode::BAD_REQUEST, "InvalidParameterValue", message)
}

fn no_such_queue() -> Outcome {
    failed(StatusCode::BAD_REQUEST, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}
