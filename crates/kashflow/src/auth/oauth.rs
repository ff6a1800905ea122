//! Generic OAuth 2.0 (authorization code with PKCE, client credentials). **Not offered by KashFlow today**: KashFlow's own API
//! knows only session tokens. It is here for a future gateway and is shown under that label.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ports::ConnectorError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::session::unauthorized;
use crate::client::{Http, malformed};
use crate::config::{AuthConfig, OAuthGrant, Secrets};

/// A token and how long it lives.
pub(super) struct Token {
    pub(super) access: SecretString,
    pub(super) lives_s: u64,
}

/// What a consent needs: where to send the person, and what must be remembered until they come back.
#[derive(Debug)]
pub struct Consent {
    /// Where the person consents.
    pub url: Url,
    /// Checked when the person comes back: single use, bound to their session.
    pub state: String,
    /// PKCE verifier, sent with the code.
    pub verifier: SecretString,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Begins a consent (PKCE with S256).
///
/// # Errors
///
/// [`ConnectorError::Malformed`] if the configuration has no address for it.
pub fn begin(auth: &AuthConfig) -> Result<Consent, ConnectorError> {
    let AuthConfig::OAuth2 { authorize_url: Some(authorize), client_id, redirect_uri: Some(redirect), scopes, .. } =
        auth
    else {
        return Err(malformed("the configuration has no authorize_url and redirect_uri"));
    };
    let (state, verifier) = (random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let mut url = authorize.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect.as_str())
        .append_pair("scope", scopes)
        .append_pair("state", &state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    Ok(Consent { url, state, verifier: SecretString::from(verifier) })
}

fn random() -> Result<String, ConnectorError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| malformed(&format!("no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Gets a token by the configured grant.
pub(super) async fn token(http: &Http, auth: &AuthConfig, secrets: &Secrets) -> Result<Token, ConnectorError> {
    let AuthConfig::OAuth2 { token_url, client_id, scopes, grant, .. } = auth else {
        return Err(malformed("this connection does not use OAuth"));
    };
    let body = token_request(client_id, scopes, *grant, secrets)?;
    let answer = http.form(token_url.clone(), body).await?;
    if !answer.is_success() {
        return Err(match answer.status {
            400..=403 => unauthorized(
                "the token was refused",
                "Press Connect and consent again, or correct client id and secret.",
            ),
            _ => answer.failure_of_read(),
        });
    }
    let issued: Issued =
        serde_json::from_str(&answer.body).map_err(|error| malformed(&format!("the token's answer: {error}")))?;
    if issued.refresh_token.is_some() {
        tracing::debug!("the token endpoint rotated the refresh token; the stored one stays in use");
    }
    Ok(Token { access: SecretString::from(issued.access_token), lives_s: issued.expires_in.unwrap_or(3_600) })
}

fn token_request(
    client_id: &str,
    scopes: &str,
    grant: OAuthGrant,
    secrets: &Secrets,
) -> Result<String, ConnectorError> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    match grant {
        OAuthGrant::ClientCredentials => {
            form.append_pair("grant_type", "client_credentials").append_pair("scope", scopes);
        }
        OAuthGrant::AuthorizationCode => {
            let refresh = secrets
                .get("refresh_token")
                .ok_or_else(|| unauthorized("nobody has consented yet", "Press Connect and consent."))?;
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", refresh.expose_secret());
        }
    }
    form.append_pair("client_id", client_id);
    if let Some(secret) = secrets.get("client_secret") {
        form.append_pair("client_secret", secret.expose_secret());
    }
    Ok(form.finish())
}
