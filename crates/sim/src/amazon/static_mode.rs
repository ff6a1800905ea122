//! The static sandbox: answers with the request/response pairs of the official models, and nothing else.
//!
//! A request is for it when its path begins with `/static` or it carries `x-tillbridge-sandbox: static`. The models are read from
//! `$TILLBRIDGE_CONTRACTS/amazon/models` when first asked. A request matches a pair by the parameters that the pair lists; no
//! match is 400 as on Amazon's own static sandbox. No token is asked for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::Amazon;
use super::answer::Answer;
use super::call::Incoming;
use super::query::{Query, decoded_segment};

const PREFIX: &str = "/static";
/// Every operation of Amazon's sandbox has this rate.
const RATE: &str = "5.0";

/// The pairs, read once, and where from.
#[derive(Default)]
pub(super) struct StaticMode {
    folder: OnceLock<PathBuf>,
    pairs: OnceLock<Result<Vec<Pair>, String>>,
}

impl StaticMode {
    /// Names the folder that has `amazon/models`, instead of the environment. The first call counts.
    pub(super) fn read_from(&self, folder: PathBuf) {
        self.folder.get_or_init(|| folder);
    }

    fn pairs(&self) -> Result<&[Pair], &str> {
        let from_environment = || {
            std::env::var_os("TILLBRIDGE_CONTRACTS").map_or_else(|| PathBuf::from("../shared/contracts"), PathBuf::from)
        };
        let read = || load(&self.folder.get().cloned().unwrap_or_else(from_environment));
        self.pairs.get_or_init(read).as_ref().map(Vec::as_slice).map_err(String::as_str)
    }
}

/// One request/response pair of a model.
#[derive(Debug)]
struct Pair {
    method: String,
    path: String,
    status: StatusCode,
    /// What the request must have: name and value.
    parameters: Map<String, Value>,
    /// Parameters of the operation: name and where it is.
    places: Vec<(String, String)>,
    response: Value,
}

/// Whether a request is for the static sandbox.
pub(super) fn is_wanted(incoming: &Incoming) -> bool {
    let by_header = incoming.headers.get("x-tillbridge-sandbox").is_some_and(|value| value == "static");
    by_header || incoming.path.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('/'))
}

/// Answers with the pair that lists most parameters among those that match.
pub(super) fn serve(amazon: &Amazon, incoming: &Incoming) -> Response {
    let request_id = amazon.request_id();
    let path = incoming.path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/')).unwrap_or(&incoming.path);
    let pairs = match amazon.static_mode.pairs() {
        Ok(pairs) => pairs,
        Err(problem) => {
            return Answer::error(StatusCode::NOT_IMPLEMENTED, "InternalFailure", problem, "")
                .into_response(&request_id, None);
        }
    };
    let query = Query::parse(incoming.raw_query.as_deref());
    let body: Value = serde_json::from_slice(&incoming.body).unwrap_or(Value::Null);
    let matching = pairs.iter().filter(|pair| pair.matches(incoming.method.as_str(), path, &query, &body));
    let best = matching.max_by_key(|pair| (pair.parameters.len(), std::cmp::Reverse(pair.status.as_u16())));
    let Some(pair) = best else {
        return Answer::invalid_input("Could not match input arguments").into_response(&request_id, Some(RATE));
    };
    let empty = pair.status == StatusCode::NO_CONTENT || pair.response.is_null();
    let answer = if empty { Answer::empty(pair.status) } else { Answer::json(pair.status, &pair.response) };
    let mut response = answer.into_response(&request_id, Some(RATE));
    if empty {
        *response.body_mut() = Body::empty();
    }
    response
}

impl Pair {
    fn matches(&self, method: &str, path: &str, query: &Query, body: &Value) -> bool {
        if self.method != method {
            return false;
        }
        let Some(in_path) = segments(&self.path, path) else { return false };
        self.parameters.iter().all(|(name, wanted)| {
            let place = self.places.iter().find(|(known, _)| known == name).map(|(_, place)| place.as_str());
            match place {
                Some("path") => in_path.iter().any(|(known, given)| known == name && wanted == given),
                Some("query") => in_query(query, name, wanted),
                _ => body == wanted, // a body parameter may be listed under another name than the model's
            }
        })
    }
}

fn in_query(query: &Query, name: &str, wanted: &Value) -> bool {
    match wanted {
        Value::Array(values) => {
            query.list(name).is_some_and(|given| values.iter().map(Value::as_str).eq(given.into_iter().map(Some)))
        }
        Value::String(text) => query.get(name) == Some(text),
        other => query.get(name) == Some(other.to_string().as_str()),
    }
}

/// The values of the `{...}` segments, if the path is of this form.
fn segments(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if wanted.len() != given.len() {
        return None;
    }
    let mut values = Vec::new();
    for (wanted, given) in wanted.into_iter().zip(given) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => values.push((name.to_owned(), decoded_segment(given))),
            None if wanted == given => {}
            None => return None,
        }
    }
    Some(values)
}

fn load(folder: &Path) -> Result<Vec<Pair>, String> {
    let folder = folder.join("amazon/models");
    let problem = |error: &dyn std::fmt::Display| {
        format!(
            "The static sandbox needs the official models: set TILLBRIDGE_CONTRACTS to the folder that has amazon/models ({error})."
        )
    };
    let mut pairs = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|error| problem(&error))? {
        let path = entry.map_err(|error| problem(&error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read(&path).map_err(|error| problem(&error))?;
            let model: Value = serde_json::from_slice(&text).map_err(|error| problem(&error))?;
            pairs.extend(pairs_of(&model));
        }
    }
    Ok(pairs)
}

fn pairs_of(model: &Value) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (path, operations) in model["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let places: Vec<(String, String)> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|parameter| {
                    Some((parameter["name"].as_str()?.to_owned(), parameter["in"].as_str()?.to_owned()))
                })
                .collect();
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                let Some(status) = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok()) else {
                    continue;
                };
                for pair in response["x-amzn-api-sandbox"]["static"].as_array().into_iter().flatten() {
                    let listed = pair["request"]["parameters"].as_object().into_iter().flatten();
                    pairs.push(Pair {
                        method: method.to_uppercase(),
                        path: path.clone(),
                        status,
                        parameters: listed.map(|(name, value)| (name.clone(), value["value"].clone())).collect(),
                        places: places.clone(),
                        response: pair["response"].clone(),
                    });
                }
            }
        }
    }
    pairs
}
