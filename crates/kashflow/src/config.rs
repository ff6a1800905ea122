//! How to reach an account, without and with secrets.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

/// How to reach an account. Holds no secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `https://api.kashflow.com/v2`, or a sandbox.
    pub base_url: Url,
    /// How to sign in.
    pub auth: AuthConfig,
    /// Seconds for one request.
    #[serde(default = "request_timeout_s")]
    pub request_timeout_s: u64,
}

fn request_timeout_s() -> u64 {
    60
}

/// How to sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "strategy")]
#[expect(clippy::large_enum_variant, reason = "one value per connection, read once")]
pub enum AuthConfig {
    /// User name, password and three characters of the memorable word (facts §2.1). The default.
    KfSession {
        /// User name.
        username: String,
    },
    /// A token issued by IRIS to a partner (facts §2.2).
    KfExternalToken {
        /// User id that belongs to the token.
        uid: i64,
    },
    /// OAuth 2.0. **Not offered by KashFlow today**: kept for a future gateway and for the sandbox's extension.
    #[serde(rename = "oauth2")]
    OAuth2 {
        /// Where a person consents.
        authorize_url: Option<Url>,
        /// Where tokens are issued.
        token_url: Url,
        /// Client id.
        client_id: String,
        /// Where the person comes back to.
        redirect_uri: Option<Url>,
        /// Scopes, blank-separated.
        scopes: String,
        /// Which grant.
        grant: OAuthGrant,
    },
}

/// Which OAuth grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthGrant {
    /// Authorization code with PKCE; a refresh token is kept.
    AuthorizationCode,
    /// Client credentials.
    ClientCredentials,
}

/// Secrets by name: `password` and `memorable_word`, or `external_token`, or `client_secret` and `refresh_token`.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeMap<String, SecretString>);

impl Secrets {
    /// Takes secrets by name.
    pub fn new(secrets: BTreeMap<String, SecretString>) -> Secrets {
        Secrets(secrets)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }
}
