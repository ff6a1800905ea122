//! Sessions: the two-step log-in of KashFlow, its external token, or an OAuth token, behind one [`Sessions::authorization`].

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use jiff::Timestamp;
use ports::{ConnectorError, System};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use super::{LoginLedger, LoginNote, LoginOutcome, external, oauth};
use crate::client::{Answer, Http};
use crate::config::{AuthConfig, Config, Secrets};

/// A session that was not used for so long is opened anew instead of tried (KashFlow ends it after 60 minutes).
const IDLE_MAX: Duration = Duration::from_secs(45 * 60);

/// How often a session in use is kept anew.
const KEEP_EVERY: Duration = Duration::from_secs(5 * 60);

/// Log-ins per hour.
const LOGINS_MAX: u32 = 2;
const LOGINS_WINDOW: Duration = Duration::from_secs(3_600);

/// Opens and keeps sessions. Single flight: whoever comes while one opens it waits for it.
pub(crate) struct Sessions {
    config: Config,
    secrets: Secrets,
    clock: Clock,
    ledger: Arc<dyn LoginLedger>,
    current: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Option<Open>,
    /// The credentials were refused: nothing is tried again until a new client is made with new ones.
    refused: Option<ConnectorError>,
}

struct Open {
    header: SecretString,
    used_at: Timestamp,
    /// When it was last kept for a later life of the process.
    kept_at: Timestamp,
    /// For OAuth: when the token itself ends.
    until: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Challenge {
    temporary_token: Option<String>,
    session_token: Option<String>,
    memorable_word_list: Option<Vec<Place>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Place {
    position: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Opened {
    session_token: Option<String>,
}

impl Sessions {
    pub(crate) fn new(config: Config, secrets: Secrets, clock: Clock, ledger: Arc<dyn LoginLedger>) -> Sessions {
        Sessions { config, secrets, clock, ledger, current: Mutex::default() }
    }

    /// The `Authorization` header of a session that is alive as far as we know.
    pub(crate) async fn authorization(&self, http: &Http) -> Result<SecretString, ConnectorError> {
        let mut state = self.clock.wait_for(self.current.lock()).await;
        let now = self.clock.now();
        if let Some(open) = &mut state.open {
            let idle = now.duration_since(open.used_at);
            let fresh = Duration::try_from(idle).is_ok_and(|idle| idle < IDLE_MAX)
                && open.until.is_none_or(|until| now < until);
            if fresh {
                open.used_at = now;
                let header = open.header.clone();
                if clock::later(open.kept_at, KEEP_EVERY) <= now {
                    open.kept_at = now;
                    self.ledger.keep(Some((header.clone(), now))).await;
                }
                return Ok(header);
            }
        }
        state.open = None;
        if let Some(refused) = &state.refused {
            return Err(refused.clone());
        }
        if let Some((header, kept_at)) = self.ledger.kept().await
            && clock::later(kept_at, IDLE_MAX) > now
        {
            state.open = Some(Open { header: header.clone(), used_at: now, kept_at, until: None });
            return Ok(header);
        }
        match self.open(http).await {
            Ok(open) => {
                let header = open.header.clone();
                if open.until.is_none() {
                    self.ledger.keep(Some((header.clone(), now))).await;
                }
                state.open = Some(open);
                Ok(header)
            }
            Err(error) => {
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    state.refused = Some(error.clone());
                }
                Err(error)
            }
        }
    }

    /// The remote says that this session is dead: the next call opens a new one.
    pub(crate) async fn expire(&self, header: &SecretString) {
        let mut state = self.clock.wait_for(self.current.lock()).await;
        if state.open.as_ref().is_some_and(|open| open.header.expose_secret() == header.expose_secret()) {
            state.open = None;
            self.ledger.keep(None).await;
        }
    }

    async fn open(&self, http: &Http) -> Result<Open, ConnectorError> {
        let now = self.clock.now();
        if let AuthConfig::OAuth2 { .. } = &self.config.auth {
            let token = oauth::token(http, &self.config.auth, &self.secrets).await?;
            let until = clock::later(now, Duration::from_secs(token.lives_s.saturating_sub(60)));
            let header = SecretString::from(format!("Bearer {}", token.access.expose_secret()));
            return Ok(Open { header, used_at: now, kept_at: now, until: Some(until) });
        }
        let since = now.checked_sub(LOGINS_WINDOW).unwrap_or(Timestamp::MIN);
        if self.ledger.attempts_since(since).await >= LOGINS_MAX {
            let until = clock::later(now, LOGINS_WINDOW / 4);
            return Err(ConnectorError::Throttled { system: System::KashFlow, until });
        }
        let result = match &self.config.auth {
            AuthConfig::KfSession { username } => self.two_steps(http, username).await,
            AuthConfig::KfExternalToken { uid } => {
                external::open(http, &self.config.base_url, &self.secrets, *uid).await
            }
            AuthConfig::OAuth2 { .. } => Err(crate::client::malformed("this strategy opens no session")),
        };
        let outcome = match &result {
            Ok(_) => LoginOutcome::Opened,
            Err(ConnectorError::Unauthorized { .. }) => LoginOutcome::Refused,
            Err(_) => LoginOutcome::Failed,
        };
        self.ledger.note(LoginNote { at: now, outcome }).await;
        let token = result?;
        let header = SecretString::from(format!("KfToken {}", token.expose_secret()));
        Ok(Open { header, used_at: self.clock.now(), kept_at: now, until: None })
    }

    async fn two_steps(&self, http: &Http, username: &str) -> Result<SecretString, ConnectorError> {
        let url = join(&self.config.base_url, "sessiontoken")?;
        let password = self.secret("password")?;
        let word = self.secret("memorable_word")?;
        let body = json!({ "UserName": username, "Password": password.expose_secret() }).to_string();
        let answer = http.send(reqwest::Method::POST, url.clone(), None, Some(body)).await?;
        let challenge: Challenge = read_login(&answer, "user name or password")?;
        if let Some(token) = challenge.session_token.filter(|token| !token.is_empty()) {
            return Ok(SecretString::from(token));
        }
        let temporary = challenge
            .temporary_token
            .ok_or_else(|| crate::client::malformed("the log-in's first step gave no TemporaryToken"))?;
        let characters: Vec<char> = word.expose_secret().chars().collect();
        let mut places = Vec::new();
        for Place { position } in challenge.memorable_word_list.unwrap_or_default() {
            let character = position.checked_sub(1).and_then(|index| characters.get(index)).ok_or_else(|| {
                unauthorized(
                    &format!(
                        "KashFlow asks for character {position} of the memorable word, and the word we have is shorter"
                    ),
                    "Correct the memorable word on the connection page. No log-in was tried with it.",
                )
            })?;
            places.push(json!({ "Position": position, "Value": character.to_string() }));
        }
        let body = json!({ "TemporaryToken": temporary, "MemorableWordList": places }).to_string();
        let answer = http.send(reqwest::Method::PUT, url, None, Some(body)).await?;
        let opened: Opened = read_login(&answer, "memorable word")?;
        let token = opened.session_token.filter(|token| !token.is_empty());
        token
            .map(SecretString::from)
            .ok_or_else(|| crate::client::malformed("the log-in's second step gave no SessionToken"))
    }

    fn secret(&self, name: &str) -> Result<&SecretString, ConnectorError> {
        self.secrets.get(name).ok_or_else(|| {
            unauthorized(
                &format!("the connection has no {}", name.replace('_', " ")),
                "Connect KashFlow again and give it.",
            )
        })
    }
}

/// Reads an answer of the log-in; `what` is what this step checks.
pub(super) fn read_login<T: serde::de::DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, ConnectorError> {
    if answer.is_success() {
        return serde_json::from_str(&answer.body)
            .map_err(|error| crate::client::malformed(&format!("the log-in's answer: {error}")));
    }
    let (code, _) = answer.error();
    match (answer.status, code.as_str()) {
        (_, "AccountLocked") => Err(unauthorized(
            "the account is locked after too many wrong log-ins",
            "Unlock it in KashFlow, check user name, password and memorable word here, then press Resume. Nothing was tried again.",
        )),
        (_, "PasswordExpired") => Err(unauthorized(
            "the password has expired",
            "Set a new password in KashFlow, enter it here, then press Resume.",
        )),
        (400 | 401 | 403, _) if code != crate::client::SQL_TIMEOUT => Err(unauthorized(
            &format!("KashFlow refused the {what}"),
            &format!(
                "Correct the {what} on the connection page, then press Resume. No further log-in was tried, so that the account is not locked."
            ),
        )),
        _ => Err(answer.failure_of_read()),
    }
}

pub(super) fn unauthorized(reason: &str, fix: &str) -> ConnectorError {
    ConnectorError::Unauthorized { system: System::KashFlow, reason: reason.to_owned(), fix: fix.to_owned() }
}

pub(super) fn join(base: &Url, path: &str) -> Result<Url, ConnectorError> {
    Url::parse(&format!("{}/{path}", base.as_str().trim_end_matches('/')))
        .map_err(|error| crate::client::malformed(&format!("the base address: {error}")))
}
