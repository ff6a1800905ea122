//! The website authorisation workflow: from an "Authorise" button to the seller's refresh token.
//!
//! The caller keeps the state (single use, expiring, bound to the person's session) and checks it before [`exchange_code`];
//! the page that receives the answer must not be framed and must send `Referrer-Policy: no-referrer`. The code lives 5 minutes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clock::Clock;
use ports::{ConnectorError, System};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::Http;
use crate::{Config, lwa, markets};

/// How long a state may wait for its answer, in seconds: longer than a person needs to sign in, short enough to be useless later.
pub const STATE_LIFE_S: i64 = 15 * 60;

/// 256 random bits as text: what ties Amazon's answer to the person who asked.
///
/// # Errors
///
/// [`ConnectorError::Unavailable`] if the machine gives no randomness.
pub fn new_state() -> Result<String, ConnectorError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| ConnectorError::Unavailable {
        system: System::Amazon,
        reason: "this machine gives no random numbers".to_owned(),
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Where to send the seller's browser. `draft` is for applications that are not published yet (without it: error MD1000);
/// `redirect_uri` must be one of those registered for the application (else MD5101), `None` = the first of them.
///
/// # Errors
///
/// [`ConnectorError::Rejected`] if the configuration has no application id or no known site.
pub fn authorize_url(
    config: &Config,
    state: &str,
    draft: bool,
    redirect_uri: Option<&Url>,
) -> Result<Url, ConnectorError> {
    let rejected = |reason: &str| ConnectorError::Rejected {
        system: System::Amazon,
        what: "the link for the seller's consent".to_owned(),
        reason: reason.to_owned(),
    };
    let application = config.application_id.as_deref().ok_or_else(|| rejected("the application id is not set"))?;
    let site = config.marketplaces.iter().find_map(|id| markets::by_id(id.as_str()));
    let host = site.ok_or_else(|| rejected("none of the marketplaces is known"))?.seller_central;
    // The sandbox plays Seller Central itself.
    let base = if config.is_local() { config.base_url.to_string() } else { format!("https://{host}/") };
    let mut url = Url::parse(&base)
        .and_then(|base| base.join("/apps/authorize/consent"))
        .map_err(|error| rejected(&error.to_string()))?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("application_id", application).append_pair("state", state);
        if draft {
            query.append_pair("version", "beta");
        }
        if let Some(redirect) = redirect_uri {
            query.append_pair("redirect_uri", redirect.as_str());
        }
    }
    Ok(url)
}

/// Exchanges the `spapi_oauth_code` of the answer for the seller's refresh token.
///
/// # Errors
///
/// [`ConnectorError::Unauthorized`] if the code is too old, was used before, or belongs to another application.
pub async fn exchange_code(
    config: &Config,
    client_secret: &SecretString,
    code: &SecretString,
    redirect_uri: Option<&Url>,
    clock: &Clock,
) -> Result<SecretString, ConnectorError> {
    config.check()?;
    let http = Http::new(clock.clone(), &config.user_agent)?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("client_id", config.client_id.as_str()),
        ("client_secret", client_secret.expose_secret()),
    ];
    form.extend(redirect_uri.map(|redirect| ("redirect_uri", redirect.as_str())));
    let granted = lwa::request(&http, &config.token_url(), &form).await?;
    granted.refresh_token.ok_or_else(|| ConnectorError::Malformed {
        system: System::Amazon,
        reason: "Login with Amazon answered without a refresh token".to_owned(),
    })
}
