//! Restricted Data Tokens, which Orders v0 (and nothing else of ours) needs to show destinations and gift-wrap prices.
//!
//! If the application has no right to a data element, Amazon refuses the whole token. We then read without it and say so
//! in the log: the order is still there, only its destination is withheld.

use std::time::Duration;

use clock::later;
use jiff::Timestamp;
use ports::ConnectorError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::BuyerData;
use crate::client::{Client, Request};
use crate::throttle::Operation;

/// Which paths a token is for. A token is used for exactly its own paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `getOrders` and `getOrder`.
    Orders,
    /// `getOrderItems`.
    Items,
}

/// After a refusal, asked again only then.
const REFUSED_FOR: Duration = Duration::from_secs(3_600);

#[derive(Default)]
pub(crate) struct RestrictedTokens {
    orders: Mutex<Option<Kept>>,
    items: Mutex<Option<Kept>>,
}

struct Kept {
    token: Option<SecretString>,
    until: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RestrictedDataToken {
    pub(crate) restricted_data_token: SecretString,
    #[serde(default)]
    pub(crate) expires_in: u64,
}

impl RestrictedTokens {
    pub(crate) async fn forget(&self, token: &SecretString) {
        for slot in [&self.orders, &self.items] {
            let mut kept = slot.lock().await;
            let same =
                |kept: &Kept| kept.token.as_ref().is_some_and(|held| held.expose_secret() == token.expose_secret());
            if kept.as_ref().is_some_and(same) {
                *kept = None;
            }
        }
    }
}

impl Client {
    /// The token for `scope`, or `None` where the plain token must do.
    pub(crate) async fn restricted_token(&self, scope: Scope) -> Result<Option<SecretString>, ConnectorError> {
        let Some(resources) = resources(scope, self.config.buyer_data) else { return Ok(None) };
        let slot = match scope {
            Scope::Orders => &self.restricted.orders,
            Scope::Items => &self.restricted.items,
        };
        let mut kept = self.clock.wait_for(slot.lock()).await;
        let now = self.clock.now();
        if let Some(kept) = kept.as_ref()
            && kept.until > now
        {
            return Ok(kept.token.clone());
        }
        let (token, life) = match self.create_restricted_token(json!({ "restrictedResources": resources })).await {
            Ok(made) => (Some(made.restricted_data_token), Duration::from_secs(made.expires_in.saturating_sub(60))),
            Err(error) if is_missing_right(&error) => {
                tracing::warn!(
                    "Amazon gives this application no restricted data, so destinations are withheld: {error}"
                );
                (None, REFUSED_FOR)
            }
            Err(error) => return Err(error),
        };
        *kept = Some(Kept { token: token.clone(), until: later(now, life) });
        Ok(token)
    }

    pub(crate) async fn create_restricted_token(&self, body: Value) -> Result<RestrictedDataToken, ConnectorError> {
        let path = ["tokens", "2021-03-01", "restrictedDataToken"];
        let mut request = Request::post(Operation::RestrictedToken, &path, body, "a restricted data token");
        // Making a token changes nothing: a lost answer costs a token that nobody uses.
        request.effect = crate::client::Effect::Reads;
        // Boxed, because a call with a restricted token makes this call with the seller's.
        let value = Box::pin(self.call(&request)).await?;
        serde_json::from_value(value)
            .map_err(|_| crate::read::malformed("restricted data token", "$.restrictedDataToken"))
    }
}

fn resources(scope: Scope, buyer: BuyerData) -> Option<Value> {
    let elements = match (scope, buyer) {
        (_, BuyerData::None) => return None,
        (Scope::Orders, BuyerData::Destination) => json!(["shippingAddress"]),
        (Scope::Orders, BuyerData::Contacts) => json!(["buyerInfo", "shippingAddress"]),
        // The gift-wrap price is part of the buyer's data of an item (BEHAVIOR 12).
        (Scope::Items, _) => json!(["buyerInfo"]),
    };
    let paths: &[&str] = match scope {
        Scope::Orders => &["/orders/v0/orders", "/orders/v0/orders/{orderId}"],
        Scope::Items => &["/orders/v0/orders/{orderId}/orderItems"],
    };
    Some(paths.iter().map(|path| json!({ "method": "GET", "path": path, "dataElements": elements })).collect())
}

fn is_missing_right(error: &ConnectorError) -> bool {
    match error {
        ConnectorError::Rejected { reason, .. } => reason.contains("data element"),
        ConnectorError::Unauthorized { fix, .. } => fix.contains("roles"),
        _ => false,
    }
}
