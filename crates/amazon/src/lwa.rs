//! Login with Amazon: access tokens, each kind fetched by one caller at a time and kept until a minute before it dies.
//!
//! A refused refresh token is never tried in a loop: callers that waited for the failed attempt share its answer, and the
//! runner pauses the connection.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::later;
use jiff::Timestamp;
use ports::{ConnectorError, System};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use crate::Secrets;
use crate::answer::{Answer, cut};
use crate::client::{Http, REQUEST_MAX};

/// Longest use of a token, whatever its stated life.
const USE_MAX: Duration = Duration::from_secs(55 * 60);
/// A token is not used in the last minute of its life.
const MARGIN_S: u64 = 60;

/// A kind of access token. The kinds are never mixed: destinations refuse a seller's token, orders refuse a grantless one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    /// On behalf of the seller.
    Seller,
    /// Grantless, for notification destinations.
    Notifications,
}

pub(crate) struct Lwa {
    url: Url,
    client_id: String,
    secrets: Secrets,
    http: Http,
    seller: Slot,
    notifications: Slot,
}

#[derive(Default)]
struct Slot {
    attempts: AtomicU64,
    state: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<(SecretString, Timestamp)>,
    failed: Option<(u64, ConnectorError)>,
}

/// What Login with Amazon answers to a good request.
#[derive(Deserialize)]
pub(crate) struct Granted {
    pub(crate) access_token: SecretString,
    #[serde(default)]
    pub(crate) refresh_token: Option<SecretString>,
    #[serde(default)]
    pub(crate) expires_in: u64,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Lwa {
    pub(crate) fn new(url: Url, client_id: String, secrets: Secrets, http: Http) -> Lwa {
        Lwa { url, client_id, secrets, http, seller: Slot::default(), notifications: Slot::default() }
    }

    /// A token that lives for at least another minute.
    pub(crate) async fn token(&self, grant: Grant) -> Result<SecretString, ConnectorError> {
        let slot = self.slot(grant);
        let came_at = slot.attempts.load(Ordering::SeqCst);
        let mut held = self.http.clock.wait_for(slot.state.lock()).await;
        let now = self.http.clock.now();
        if let Some((token, until)) = &held.token
            && *until > now
        {
            return Ok(token.clone());
        }
        if let Some((attempt, error)) = &held.failed
            && *attempt > came_at
        {
            return Err(error.clone());
        }
        let fetched = self.fetch(grant).await;
        // Counted when it ends: whoever came before that shares its outcome.
        let attempt = slot.attempts.fetch_add(1, Ordering::SeqCst) + 1;
        match fetched {
            Ok(granted) => {
                let life = Duration::from_secs(granted.expires_in.saturating_sub(MARGIN_S)).min(USE_MAX);
                *held = Held { token: Some((granted.access_token.clone(), later(now, life))), failed: None };
                Ok(granted.access_token)
            }
            Err(error) => {
                *held = Held { token: None, failed: Some((attempt, error.clone())) };
                Err(error)
            }
        }
    }

    /// Drops `token` if it is still the one in use.
    pub(crate) async fn forget(&self, grant: Grant, token: &SecretString) {
        let mut held = self.http.clock.wait_for(self.slot(grant).state.lock()).await;
        if held.token.as_ref().is_some_and(|(current, _)| current.expose_secret() == token.expose_secret()) {
            held.token = None;
        }
    }

    async fn fetch(&self, grant: Grant) -> Result<Granted, ConnectorError> {
        let mut form =
            vec![("client_id", self.client_id.as_str()), ("client_secret", self.secrets.client_secret.expose_secret())];
        match grant {
            Grant::Seller => {
                form.push(("grant_type", "refresh_token"));
                form.push(("refresh_token", self.secrets.refresh_token.expose_secret()));
            }
            Grant::Notifications => {
                form.push(("grant_type", "client_credentials"));
                form.push(("scope", "sellingpartnerapi::notifications"));
            }
        }
        request(&self.http, &self.url, &form).await
    }

    fn slot(&self, grant: Grant) -> &Slot {
        match grant {
            Grant::Seller => &self.seller,
            Grant::Notifications => &self.notifications,
        }
    }
}

/// One request to the token endpoint.
pub(crate) async fn request(http: &Http, url: &Url, form: &[(&str, &str)]) -> Result<Granted, ConnectorError> {
    let answer = http.answer(http.api.post(url.clone()).form(form), REQUEST_MAX).await?;
    if !answer.status.is_success() {
        return Err(refused(http, &answer));
    }
    let malformed = || ConnectorError::Malformed {
        system: System::Amazon,
        reason: "Login with Amazon answered without an access token".to_owned(),
    };
    let granted: Granted =
        serde_json::from_value::<Value>(answer.value()?).and_then(serde_json::from_value).map_err(|_| malformed())?;
    if granted.access_token.expose_secret().is_empty() {
        return Err(malformed());
    }
    Ok(granted)
}

/// What must happen after a refusal. Only the error code is trusted, never the status: both 400 and 401 occur (BEHAVIOR 1).
fn refused(http: &Http, answer: &Answer) -> ConnectorError {
    let status = answer.status.as_u16();
    if status == 429 {
        let wait = answer.retry_after().unwrap_or(Duration::from_secs(60));
        return ConnectorError::Throttled { system: System::Amazon, until: later(http.clock.now(), wait) };
    }
    let Ok(refused) = serde_json::from_slice::<Refused>(&answer.body) else {
        return answer.unavailable("Login with Amazon gave no reason");
    };
    let said = cut(&format!("{}: {}", refused.error, refused.error_description), 300);
    let unauthorized =
        |fix: &str| ConnectorError::Unauthorized { system: System::Amazon, reason: said.clone(), fix: fix.to_owned() };
    match refused.error.as_str() {
        "invalid_grant" => unauthorized(
            "The seller's authorisation is gone (withdrawn, older than a year, or made for another application): \
             ask the seller to authorise again, or paste a new refresh token",
        ),
        "invalid_client" => unauthorized(
            "Client id or client secret are wrong, or the secret is past its rotation date: \
             copy the current secret from the developer console",
        ),
        "unauthorized_client" => unauthorized(
            "The refresh token was made for another application or the application may not use this grant: \
             use the client id that the token was made for",
        ),
        "invalid_request" | "invalid_scope" | "unsupported_grant_type" => ConnectorError::Rejected {
            system: System::Amazon,
            what: "the request for an access token".to_owned(),
            reason: said,
        },
        _ => answer.unavailable(&said),
    }
}
