//! Generic OAuth 2.0 (authorization code with PKCE S256, client credentials). **Not offered by KashFlow today**: its own API
//! knows session tokens only. It is here for a future gateway and must be shown under that label.
//!
//! Sources: RFC 6749, RFC 7636, RFC 9700 (state is checked, PKCE always, refresh tokens may rotate).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clock::Clock;
use ports::ConnectorError;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::answer::{malformed, unauthorized, unavailable};
use crate::config::{AuthConfig, Config, OAuthGrant, Secrets};
use crate::http::{Call, Http};
use crate::wire::object::Object;

/// What the console and the command line say beside this strategy.
pub const LABEL: &str = "OAuth 2.0 (not offered by KashFlow today)";

/// Life of an access token that does not say how long it lives.
const LIFE_S: u64 = 3_600;

/// What a consent needs: where to send the person, and what must be remembered until they come back.
#[derive(Debug)]
pub struct Consent {
    /// Where the person consents.
    pub url: Url,
    /// Single use, bound to the person's own session here; checked with [`Consent::is_answer`].
    pub state: SecretString,
    /// PKCE verifier, sent with the code.
    pub verifier: SecretString,
}

/// Tokens that were granted.
#[derive(Debug)]
pub struct Granted {
    /// For the `Authorization: Bearer` header.
    pub access_token: SecretString,
    /// To be sealed as the connection's secret `refresh_token`; `None` if none was given.
    pub refresh_token: Option<SecretString>,
    /// Seconds that the access token lives.
    pub lives_s: u64,
}

impl Consent {
    /// Whether a call-back with this state answers this consent.
    pub fn is_answer(&self, state: &str) -> bool {
        // Digests are compared, so that the time it takes says nothing about the state.
        Sha256::digest(state.as_bytes()) == Sha256::digest(self.state.expose_secret().as_bytes())
    }
}

/// Begins a consent.
///
/// # Errors
///
/// [`ConnectorError::Malformed`] if the configuration has no address for it.
pub fn begin(auth: &AuthConfig) -> Result<Consent, ConnectorError> {
    let AuthConfig::OAuth2 { authorize_url: Some(authorize), client_id, redirect_uri: Some(redirect), scopes, .. } =
        auth
    else {
        return Err(malformed("the connection's settings have no authorize_url and redirect_uri"));
    };
    let (state, verifier) = (random()?, random()?);
    let mut url = authorize.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect.as_str())
        .append_pair("scope", scopes)
        .append_pair("state", state.expose_secret())
        .append_pair("code_challenge", &challenge(verifier.expose_secret()))
        .append_pair("code_challenge_method", "S256");
    Ok(Consent { url, state, verifier })
}

/// Exchanges the code that a person came back with.
///
/// # Errors
///
/// [`ConnectorError::Unauthorized`] if the code is refused (it is good once and for a short time only).
pub async fn exchange(
    config: &Config,
    secrets: &Secrets,
    clock: &Clock,
    code: &SecretString,
    verifier: &SecretString,
) -> Result<Granted, ConnectorError> {
    config.check()?;
    let AuthConfig::OAuth2 { redirect_uri: Some(redirect), .. } = &config.auth else {
        return Err(malformed("the connection's settings have no redirect_uri"));
    };
    let http = Http::new(clock.clone(), std::time::Duration::from_secs(config.request_timeout_s))?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", verifier.expose_secret()),
    ];
    ask(&http, &config.auth, secrets, &fields).await
}

/// Gets a token by the configured grant.
pub(super) async fn token(
    http: &Http,
    auth: &AuthConfig,
    secrets: &Secrets,
    refresh: Option<&SecretString>,
) -> Result<Granted, ConnectorError> {
    let AuthConfig::OAuth2 { scopes, grant, .. } = auth else {
        return Err(malformed("this connection does not use OAuth"));
    };
    match grant {
        OAuthGrant::ClientCredentials => {
            ask(http, auth, secrets, &[("grant_type", "client_credentials"), ("scope", scopes)]).await
        }
        OAuthGrant::AuthorizationCode => {
            let refresh =
                refresh.ok_or_else(|| unauthorized("nobody has consented yet", "Press Connect and consent."))?;
            let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
            ask(http, auth, secrets, &fields).await
        }
    }
}

async fn ask(
    http: &Http,
    auth: &AuthConfig,
    secrets: &Secrets,
    fields: &[(&str, &str)],
) -> Result<Granted, ConnectorError> {
    let AuthConfig::OAuth2 { token_url, client_id, .. } = auth else {
        return Err(malformed("this connection does not use OAuth"));
    };
    let secret = secrets.get("client_secret").map(|secret| ("client_secret", secret.expose_secret()));
    let fields = fields.iter().copied().chain([("client_id", client_id.as_str())]).chain(secret);
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let call = Call::form(token_url.clone(), form);
    let answer = http.send(call, None).await.map_err(|broken| unavailable(&broken.reason))?;
    if !answer.is_success() {
        return Err(match answer.status {
            400..=403 => unauthorized(
                "the token endpoint refused",
                "Press Connect and consent again, or correct client id and secret, then press Resume.",
            ),
            _ => answer.failure_of_read("the token endpoint", &[]),
        });
    }
    let unreadable = |error: crate::wire::object::Unreadable| error.of("the token's answer");
    let body = Object::parse(&answer.body, "$").map_err(unreadable)?;
    let text = |name| body.text(name).map(|text| text.filter(|text| !text.is_empty())).map_err(unreadable);
    let access = text("access_token")?.ok_or_else(|| malformed("the token's answer has no access_token"))?;
    if text("token_type")?.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed("the token's answer has a token_type other than Bearer"));
    }
    let lives = body.integer("expires_in").map_err(unreadable)?;
    Ok(Granted {
        access_token: SecretString::from(access),
        refresh_token: text("refresh_token")?.map(SecretString::from),
        lives_s: lives.and_then(|lives| u64::try_from(lives).ok()).unwrap_or(LIFE_S),
    })
}

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn random() -> Result<SecretString, ConnectorError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| malformed("this machine gives no random numbers"))?;
    Ok(SecretString::from(URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
