//! How to reach an account, without and with secrets.

use std::collections::BTreeMap;

use ports::{ConnectorError, System};
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
    /// The SOAP service, `https://securedwebapp.com/api/service.asmx`, if it may be used for journals and bank transactions that REST
    /// refuses. Without it they are refused.
    #[serde(default)]
    pub soap_url: Option<Url>,
    /// The user name for SOAP, if it is not that of REST.
    #[serde(default)]
    pub soap_username: Option<String>,
    /// Seconds for one request, 1 to 600. Half the settle time of a write at most.
    #[serde(default = "request_timeout_s")]
    pub request_timeout_s: u64,
}

fn request_timeout_s() -> u64 {
    60
}

impl Config {
    /// Refuses an address to which no secret may go.
    pub(crate) fn check(&self) -> Result<(), ConnectorError> {
        if !is_kashflow(&self.base_url) {
            return Err(refused("the base address", "it is neither https below kashflow.com nor this machine"));
        }
        if self.soap_url.as_ref().is_some_and(|url| !is_soap(url)) {
            return Err(refused(
                "soap_url",
                "it is neither https at securedwebapp.com or kashflow.com nor this machine",
            ));
        }
        if let AuthConfig::OAuth2 { authorize_url, token_url, .. } = &self.auth
            && !std::iter::once(token_url).chain(authorize_url).all(is_safe)
        {
            return Err(refused("an OAuth address", "it is neither https nor this machine"));
        }
        if !(1..=600).contains(&self.request_timeout_s) {
            return Err(refused("request_timeout_s", "it is not between 1 and 600 seconds"));
        }
        Ok(())
    }
}

fn is_kashflow(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    is_loopback(url) || (url.scheme() == "https" && (host == "kashflow.com" || host.ends_with(".kashflow.com")))
}

fn is_soap(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let theirs = host == "securedwebapp.com" || host.ends_with(".securedwebapp.com");
    is_kashflow(url) || (url.scheme() == "https" && theirs)
}

fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

fn refused(what: &str, reason: &str) -> ConnectorError {
    let reason = format!("{reason}. Correct the connection's settings.");
    ConnectorError::Rejected { system: System::KashFlow, what: what.to_owned(), reason }
}

/// How to sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "strategy")]
#[expect(clippy::large_enum_variant, reason = "there is one per account, and boxes would show in every caller")]
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

/// Secrets by name: `password` and `memorable_word` (and `soap_password`, if SOAP has one of its own), or `external_token`, or `client_secret` and `refresh_token`.
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

    pub(crate) fn all(&self) -> impl Iterator<Item = &SecretString> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base: &str, timeout: u64) -> Config {
        let json = format!(
            r#"{{"base_url": "{base}", "auth": {{"strategy": "kf_session", "username": "demo"}}, "request_timeout_s": {timeout}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn secrets_go_to_kashflow_or_this_machine_only() {
        for good in
            ["https://api.kashflow.com/v2", "http://127.0.0.1:8482/v2", "http://localhost/v2", "http://[::1]:1/v2"]
        {
            assert!(config(good, 60).check().is_ok(), "{good}");
        }
        for bad in [
            "http://api.kashflow.com/v2",
            "https://kashflow.com.example.invalid/",
            "https://evilkashflow.com",
            "ftp://127.0.0.1/",
        ] {
            assert!(config(bad, 60).check().is_err(), "{bad}");
        }
    }

    #[test]
    fn soap_goes_to_its_own_host_or_this_machine_only() {
        for (url, good) in [
            ("https://securedwebapp.com/api/service.asmx", true),
            ("http://127.0.0.1:8482/api/service.asmx", true),
            ("http://securedwebapp.com/api/service.asmx", false),
            ("https://securedwebapp.com.example.invalid/", false),
        ] {
            let soap_url = Some(url.parse().unwrap());
            assert_eq!(Config { soap_url, ..config("https://api.kashflow.com/v2", 60) }.check().is_ok(), good, "{url}");
        }
    }

    #[test]
    fn a_time_out_of_nothing_is_refused() {
        assert!(config("https://api.kashflow.com/v2", 0).check().is_err());
        assert!(config("https://api.kashflow.com/v2", 601).check().is_err());
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secrets = Secrets::new(BTreeMap::from([("password".to_owned(), SecretString::from("hunter2"))]));
        assert!(!format!("{secrets:?}").contains("hunter2"));
    }

    #[test]
    fn the_oauth_strategy_is_spelt_as_documented() {
        let json = r#"{"base_url": "https://api.kashflow.com/v2", "auth": {"strategy": "oauth2", "authorize_url": null,
            "token_url": "https://id.example.invalid/token", "client_id": "c", "redirect_uri": null, "scopes": "a b", "grant": "client_credentials"}}"#;
        let config: Config = serde_json::from_str(json).unwrap();
        assert!(config.check().is_ok() && config.request_timeout_s == 60);
    }
}
