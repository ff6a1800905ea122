//! The two protocols of the queue service: AWS JSON 1.0, and the older form-encoded query protocol with XML answers.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use crate::amazon::call::Incoming;

/// A request in either protocol, as the members of the JSON one.
pub(super) struct Action {
    pub(super) name: String,
    pub(super) members: Map<String, Value>,
    pub(super) protocol: Protocol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Json,
    Query,
}

/// What an action gives back.
pub(super) enum Outcome {
    Done(Value),
    Failed { status: StatusCode, code: &'static str, message: String },
}

/// Reads the action; `None` if the request is in neither protocol.
pub(super) fn read(incoming: &Incoming) -> Option<Action> {
    if let Some(name) = target(incoming) {
        let members =
            if incoming.body.is_empty() { Map::new() } else { serde_json::from_slice(&incoming.body).ok()? };
        return Some(Action { name: name.to_owned(), members, protocol: Protocol::Json });
    }
    let raw = [incoming.raw_query.as_deref().unwrap_or_default().as_bytes(), &incoming.body].join(&b'&');
    let mut members = Map::new();
    for (key, value) in url::form_urlencoded::parse(&raw) {
        put(&mut members, &key, &value);
    }
    let name = members.get("Action")?.as_str()?.to_owned();
    if !members.contains_key("QueueUrl") {
        members.insert("QueueUrl".to_owned(), incoming.path.clone().into());
    }
    Some(Action { name, members, protocol: Protocol::Query })
}

/// The action of a JSON request.
pub(super) fn target(incoming: &Incoming) -> Option<&str> {
    incoming.headers.get("x-amz-target")?.to_str().ok()?.strip_prefix("AmazonSQS.")
}

/// Flat query keys become the members of JSON: `AttributeName.1` a list, `DeleteMessageBatchRequestEntry.1.Id` a list of objects.
fn put(members: &mut Map<String, Value>, key: &str, value: &str) {
    let mut parts = key.splitn(3, '.');
    let (name, index, field) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let Some(index) = index.and_then(|index| index.parse::<usize>().ok()).filter(|index| (1..=64).contains(index))
    else {
        members.insert(key.to_owned(), value.into());
        return;
    };
    let name = match name {
        "AttributeName" => "AttributeNames",
        "MessageAttributeName" => "MessageAttributeNames",
        "DeleteMessageBatchRequestEntry"
        | "ChangeMessageVisibilityBatchRequestEntry"
        | "SendMessageBatchRequestEntry" => "Entries",
        other => other,
    };
    let list = members.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Some(list) = list.as_array_mut() else { return };
    while list.len() < index {
        list.push(if field.is_some() { json!({}) } else { Value::Null });
    }
    match field {
        Some(field) => list[index - 1][field] = value.into(),
        None => list[index - 1] = value.into(),
    }
}

impl Action {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// A number; the query protocol sends it as text.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        number(self.members.get(name)?)
    }

    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.members.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A JSON number, or one written as text.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Writes the outcome in the protocol of the request.
pub(super) fn response(protocol: Protocol, action: &str, outcome: Outcome, request_id: &str) -> Response {
    let (status, content_type, body, error) = match (protocol, outcome) {
        (Protocol::Json, Outcome::Done(value)) => (StatusCode::OK, JSON, value.to_string(), None),
        (Protocol::Json, Outcome::Failed { status, code, message }) => {
            let shape = if code.ends_with(".NonExistentQueue") { "QueueDoesNotExist" } else { code };
            let body = json!({"__type": format!("com.amazonaws.sqs#{shape}"), "message": message});
            (status, JSON, body.to_string(), Some(format!("{code};Sender")))
        }
        (Protocol::Query, Outcome::Done(value)) => {
            let result = xml_result(action, &value);
            let body = format!(
                "<?xml version=\"1.0\"?><{action}Response xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">{result}\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
            );
            (StatusCode::OK, "text/xml", body, None)
        }
        (Protocol::Query, Outcome::Failed { status, code, message }) => {
            let body = format!(
                "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
                escaped(&message)
            );
            (status, "text/xml", body, None)
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = [
        ("content-type", Some(content_type)),
        ("x-amzn-requestid", Some(request_id)),
        ("x-amzn-query-error", error.as_deref()),
    ];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

const JSON: &str = "application/x-amz-json-1.0";

/// Members whose list elements have another name in XML.
fn element(name: &str) -> &str {
    match name {
        "Messages" => "Message",
        "Successful" => "BatchResultEntry",
        "Failed" => "BatchResultErrorEntry",
        "QueueUrls" => "QueueUrl",
        other => other,
    }
}

fn xml_result(action: &str, value: &Value) -> String {
    let members = value
        .as_object()
        .map(|members| members.iter().map(|(name, value)| xml(action, name, value)).collect::<String>());
    match members {
        Some(members) if !members.is_empty() || action == "ReceiveMessage" => {
            format!("<{action}Result>{members}</{action}Result>")
        }
        _ => String::new(),
    }
}

fn xml(action: &str, name: &str, value: &Value) -> String {
    match value {
        Value::Array(values) if element(name) == "BatchResultEntry" => {
            values.iter().map(|value| xml(action, &format!("{action}ResultEntry"), value)).collect()
        }
        Value::Array(values) => values.iter().map(|value| xml(action, element(name), value)).collect(),
        Value::Object(members) if name == "Attributes" => {
            let attribute = |(name, value): (&String, &Value)| {
                format!("<Attribute><Name>{name}</Name>{}</Attribute>", xml(action, "Value", value))
            };
            members.iter().map(attribute).collect()
        }
        Value::Object(members) => {
            let inner: String = members.iter().map(|(name, value)| xml(action, name, value)).collect();
            format!("<{name}>{inner}</{name}>")
        }
        Value::String(text) => format!("<{name}>{}</{name}>", escaped(text)),
        other => format!("<{name}>{other}</{name}>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\r', "&#xD;")
}
