//! Tokens v2021-03-01: restricted data tokens for the paths of Orders v0 that show buyer data (fact sheet §2.4).

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::Amazon;
use super::answer::{Answer, Answered};
use super::call::Call;
use super::tokens::{ACCESS_TOKEN_S, Grant, Resource};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    restricted_resources: Vec<Restricted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restricted {
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    data_elements: Vec<String>,
}

const ELEMENTS: [&str; 3] = ["buyerInfo", "shippingAddress", "buyerTaxInformation"];

/// Answers the operation of this API; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    (call.operation.name == "createRestrictedDataToken").then(|| create(amazon, call))
}

fn create(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let invalid = |details| {
        Answer::error(
            StatusCode::BAD_REQUEST,
            "InvalidRequest",
            "Request is missing or has invalid parameters",
            details,
        )
    };
    let request: Request = serde_json::from_slice(call.body).map_err(|_| invalid("The body is not valid."))?;
    let resources = request.restricted_resources;
    if resources.is_empty() || resources.len() > 50 {
        return Err(invalid("Between 1 and 50 restricted resources must be provided."));
    }
    let checked: Result<Vec<Resource>, Answer> =
        resources.into_iter().map(|resource| check(resource).map_err(invalid)).collect();
    let token = amazon.tokens.new_access_token(Grant::Restricted(checked?), amazon.clock.now());
    Ok(Answer::ok(&json!({"restrictedDataToken": token, "expiresIn": ACCESS_TOKEN_S})))
}

fn check(resource: Restricted) -> Result<Resource, &'static str> {
    if !matches!(resource.method.as_str(), "GET" | "PUT" | "POST" | "DELETE") || resource.path.is_empty() {
        return Err("Resource not provided.");
    }
    let segments: Vec<&str> = resource.path.trim_matches('/').split('/').collect();
    let takes_elements = match segments.as_slice() {
        ["orders", "v0", "orders"] | ["orders", "v0", "orders", _] | ["orders", "v0", "orders", _, "orderItems"] => {
            true
        }
        ["orders", "v0", "orders", _, "address" | "buyerInfo" | "regulatedInfo"]
        | ["orders", "v0", "orders", _, "orderItems", "buyerInfo"] => false,
        ["reports", "2021-06-30", "documents", id] if !id.starts_with('{') => false,
        _ => return Err("Resource is not restricted or does not exist."),
    };
    if takes_elements && resource.data_elements.is_empty() {
        return Err("Data elements must be provided for this resource.");
    }
    if resource.data_elements.iter().any(|element| !ELEMENTS.contains(&element.as_str())) {
        return Err("Unknown data element.");
    }
    Ok(Resource { method: resource.method, path: resource.path, elements: resource.data_elements })
}
