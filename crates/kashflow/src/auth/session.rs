//! Sessions: the two-step log-in of KashFlow, its external token, or an OAuth token, behind one [`Sessions::authorization`].

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use jiff::{SignedDuration, Timestamp};
use ports::{ConnectorError, System};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, MutexGuard};

use super::login::{Failed, two_steps};
use super::{LoginLedger, LoginNote, LoginOutcome, SavedSession, external, oauth2};
use crate::config::{AuthConfig, Config, Secrets};
use crate::http::Http;

/// A session that was not used for so long is opened anew instead of tried (KashFlow ends it after 60 minutes).
const IDLE_MAX: Duration = Duration::from_secs(45 * 60);

/// Log-ins per window.
const LOGINS_MAX: u32 = 2;
const LOGINS_WINDOW_S: i64 = 3_600;

/// An OAuth token is given up so long before it ends.
const TOKEN_MARGIN_S: u64 = 60;

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
    /// Whether the session that an earlier process saved was tried.
    restored: bool,
    /// The credentials were refused: nothing is tried until a person says so, or a new client is made with new ones.
    refused: Option<ConnectorError>,
    /// The refresh token that replaced the configured one.
    refresh_token: Option<SecretString>,
}

struct Open {
    header: SecretString,
    used_at: Timestamp,
    /// For OAuth: when the token itself ends.
    until: Option<Timestamp>,
}

impl Sessions {
    pub(crate) fn new(config: Config, secrets: Secrets, clock: Clock, ledger: Arc<dyn LoginLedger>) -> Sessions {
        Sessions { config, secrets, clock, ledger, current: Mutex::default() }
    }

    /// The `Authorization` header of a session that is alive as far as we know.
    pub(crate) async fn authorization(&self, http: &Http) -> Result<SecretString, ConnectorError> {
        let mut state = self.lock().await;
        let now = self.clock.now();
        if let Some(refused) = &state.refused {
            return Err(refused.clone());
        }
        if let Some(open) = state.open.as_mut().filter(|open| open.is_fresh(now)) {
            open.used_at = now;
            return Ok(open.header.clone());
        }
        state.open = None;
        let opened = match self.restored(&mut state, now).await {
            Some(open) => Ok(open),
            None => self.open(http, &mut state, now).await,
        };
        match opened {
            Ok(open) => {
                let header = open.header.clone();
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
        let mut state = self.lock().await;
        if state.open.as_ref().is_some_and(|open| open.header.expose_secret() == header.expose_secret()) {
            state.open = None;
            self.ledger.save_session(None).await;
        }
    }

    /// Nothing is tried any more, by this client.
    pub(crate) async fn refuse(&self, error: ConnectorError) {
        let mut state = self.lock().await;
        state.open = None;
        state.refused = Some(error);
        self.ledger.save_session(None).await;
    }

    /// A person put the cause right. The two log-ins an hour stay.
    pub(crate) async fn forget_refusal(&self) {
        self.lock().await.refused = None;
    }

    /// Who logs in may wait for time to pass, and so do those who wait for it.
    async fn lock(&self) -> MutexGuard<'_, State> {
        match self.current.try_lock() {
            Ok(state) => state,
            Err(_) => self.clock.wait_for(self.current.lock()).await,
        }
    }

    /// A session that an earlier process saved: tried once, it costs no log-in.
    async fn restored(&self, state: &mut State, now: Timestamp) -> Option<Open> {
        if std::mem::replace(&mut state.restored, true) {
            return None;
        }
        let account = self.account()?;
        let saved = self.ledger.saved_session().await.filter(|saved| saved.account == account)?;
        Some(Open { header: kf_token(&saved.token), used_at: now, until: None })
    }

    async fn open(&self, http: &Http, state: &mut State, now: Timestamp) -> Result<Open, ConnectorError> {
        let opened = match &self.config.auth {
            AuthConfig::OAuth2 { .. } => return self.open_oauth(http, state, now).await,
            AuthConfig::KfSession { username } => {
                self.may_log_in(now).await?;
                self.ledger.note(LoginNote { at: now, outcome: LoginOutcome::Begun }).await;
                two_steps(http, &self.config.base_url, username, &self.secrets).await
            }
            AuthConfig::KfExternalToken { uid } => {
                self.may_log_in(now).await?;
                self.ledger.note(LoginNote { at: now, outcome: LoginOutcome::Begun }).await;
                external::open(http, &self.config.base_url, &self.secrets, *uid).await
            }
        };
        match opened {
            Ok(token) => {
                if let Some(account) = self.account() {
                    self.ledger.save_session(Some(SavedSession { account, token: token.clone() })).await;
                }
                Ok(Open { header: kf_token(&token), used_at: self.clock.now(), until: None })
            }
            Err(Failed { error, counts: false }) => {
                self.ledger.forget(now).await;
                Err(error)
            }
            Err(Failed { error, counts: true }) => {
                if matches!(error, ConnectorError::Unauthorized { .. }) {
                    self.ledger.refused(LoginNote { at: now, outcome: LoginOutcome::Refused }).await;
                }
                Err(error)
            }
        }
    }

    async fn open_oauth(&self, http: &Http, state: &mut State, now: Timestamp) -> Result<Open, ConnectorError> {
        let refresh = state.refresh_token.as_ref().or_else(|| self.secrets.get("refresh_token"));
        let granted = oauth2::token(http, &self.config.auth, &self.secrets, refresh).await?;
        if let Some(rotated) = granted.refresh_token {
            self.ledger.refresh_token_changed(&rotated).await;
            state.refresh_token = Some(rotated);
        }
        let life = Duration::from_secs(granted.lives_s.saturating_sub(TOKEN_MARGIN_S));
        let header = SecretString::from(format!("Bearer {}", granted.access_token.expose_secret()));
        Ok(Open { header, used_at: now, until: Some(clock::later(now, life)) })
    }

    /// At most two log-ins an hour, also over restarts: the account must not look attacked.
    async fn may_log_in(&self, now: Timestamp) -> Result<(), ConnectorError> {
        let ago = |seconds: i64| now.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        if self.ledger.attempts_since(ago(LOGINS_WINDOW_S)).await < LOGINS_MAX {
            return Ok(());
        }
        // How long ago the attempt was that must leave the window first, to the second, by halving.
        let (mut fewer, mut enough) = (-1, LOGINS_WINDOW_S);
        while enough - fewer > 1 {
            let middle = fewer + (enough - fewer) / 2;
            match self.ledger.attempts_since(ago(middle)).await < LOGINS_MAX {
                true => fewer = middle,
                false => enough = middle,
            }
        }
        let wait = u64::try_from(LOGINS_WINDOW_S - enough + 1).unwrap_or(1);
        Err(ConnectorError::Throttled { system: System::KashFlow, until: clock::later(now, Duration::from_secs(wait)) })
    }

    /// Whose session it is: one that was saved for another user or address is not used.
    fn account(&self) -> Option<String> {
        let user = match &self.config.auth {
            AuthConfig::KfSession { username } => format!("user {username}"),
            AuthConfig::KfExternalToken { uid } => format!("uid {uid}"),
            AuthConfig::OAuth2 { .. } => return None,
        };
        Some(format!("{user} at {}", self.config.base_url))
    }
}

impl Open {
    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back makes the idle time negative: then the session counts as fresh, and a 401 tells if not.
        let idle = Duration::try_from(now.duration_since(self.used_at)).unwrap_or_default();
        idle < IDLE_MAX && self.until.is_none_or(|until| now < until)
    }
}

fn kf_token(token: &SecretString) -> SecretString {
    SecretString::from(format!("KfToken {}", token.expose_secret()))
}
