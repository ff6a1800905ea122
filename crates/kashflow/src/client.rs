//! One account: permits, session, one request, one reading of what went wrong.
//!
//! Reads and writes fail differently: a read that got no answer did nothing, a write that got none may have done everything.
//! Nothing is repeated but a call that a dead session refused, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clock::Clock;
use model::{BankAccountId, NominalCode};
use ports::{ConnectorError, System};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::answer::{Answer, locked, malformed, unauthorized, unavailable, unknown};
use crate::auth::{LoginLedger, Sessions};
use crate::config::{Config, Secrets};
use crate::http::{Broken, Call, Http};
use crate::ledger_ids::LedgerIds;
use crate::routes::Routes;

/// Reads under way at the same time; one write.
const READS: usize = 4;

/// One account of KashFlow.
pub struct Client {
    pub(crate) config: Config,
    clock: Clock,
    http: Http,
    sessions: Sessions,
    secrets: Secrets,
    /// Words that no error may hold.
    private: Vec<SecretString>,
    reads: Semaphore,
    writes: Semaphore,
    pub(crate) home: tokio::sync::OnceCell<money::Currency>,
    /// KashFlow's ids of the bank-type accounts, by nominal code; read when one is missing.
    pub(crate) banks: Mutex<BTreeMap<NominalCode, BankAccountId>>,
    /// The bank-type accounts by name, as bank transactions tell the other side of a transfer.
    pub(crate) bank_names: Mutex<BTreeMap<String, NominalCode>>,
    pub(crate) ids: Mutex<Option<Arc<LedgerIds>>>,
    pub(crate) routes: Mutex<Routes>,
    /// Ids that payments name and no list shows: archived accounts. Not asked for again.
    pub(crate) unlisted_banks: Mutex<BTreeSet<BankAccountId>>,
}

/// Why there is no answer.
enum Unanswered {
    /// Nothing was sent.
    Before(ConnectorError),
    /// The request may have been worked on.
    After(String),
}

impl Client {
    /// A client; nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Rejected`] if the configuration names a host that is not KashFlow's (or this machine), or a time-out
    /// that is not between 1 and 600 seconds.
    pub fn new(
        config: Config,
        secrets: Secrets,
        clock: Clock,
        ledger: Arc<dyn LoginLedger>,
    ) -> Result<Client, ConnectorError> {
        config.check()?;
        let http = Http::new(clock.clone(), Duration::from_secs(config.request_timeout_s))?;
        let private = secrets.all().cloned().collect();
        let named = secrets.clone();
        let sessions = Sessions::new(config.clone(), secrets, clock.clone(), ledger);
        let (reads, writes) = (Semaphore::new(READS), Semaphore::new(1));
        Ok(Client {
            config,
            clock,
            http,
            sessions,
            secrets: named,
            private,
            reads,
            writes,
            home: tokio::sync::OnceCell::new(),
            banks: Mutex::default(),
            bank_names: Mutex::default(),
            ids: Mutex::default(),
            routes: Mutex::default(),
            unlisted_banks: Mutex::default(),
        })
    }

    /// An address below the base; each segment is percent-encoded once.
    pub(crate) fn url(&self, segments: &[&str]) -> Result<Url, ConnectorError> {
        let mut url = self.config.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| malformed("the base address cannot have a path"))?
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }

    /// Reads `what`. The answer is a success and JSON; every failure means that nothing was written.
    pub(crate) async fn read(&self, url: Url, what: &str) -> Result<Answer, ConnectorError> {
        let answer = self.ask(url).await?;
        if !answer.is_success() {
            return Err(answer.failure_of_read(what, &self.private_words(&[])));
        }
        if answer.is_json() { Ok(answer) } else { Err(unavailable(&answer.not_an_answer())) }
    }

    /// As [`Client::read`], but `None` where KashFlow has no such thing.
    pub(crate) async fn read_if_there(&self, url: Url, what: &str) -> Result<Option<Answer>, ConnectorError> {
        match self.read(url, what).await {
            Ok(answer) => Ok(Some(answer)),
            Err(ConnectorError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gets whatever `url` answers.
    pub(crate) async fn ask(&self, url: Url) -> Result<Answer, ConnectorError> {
        let _permit = self.permit(&self.reads).await?;
        self.authorized(Call::get(url)).await.map_err(|unanswered| match unanswered {
            Unanswered::Before(error) => error,
            Unanswered::After(reason) => unavailable(&reason),
        })
    }

    /// Writes, once. Whenever the write may have been done the error is [`ConnectorError::OutcomeUnknown`]. `private` are
    /// words of the body that no error may repeat.
    pub(crate) async fn write(
        &self,
        method: Method,
        url: Url,
        body: String,
        what: &str,
        private: &[&str],
    ) -> Result<Answer, ConnectorError> {
        let _permit = self.permit(&self.writes).await?;
        let answer = match self.authorized(Call::json(method, url, body)).await {
            Ok(answer) => answer,
            Err(Unanswered::Before(error)) => return Err(error),
            Err(Unanswered::After(reason)) => return Err(unknown(&reason)),
        };
        if answer.says_done() {
            Ok(answer)
        } else if answer.is_success() {
            Err(unknown(&answer.not_an_answer()))
        } else {
            Err(answer.failure_of_write(what, &self.private_words(private)))
        }
    }

    pub(crate) async fn forget_refusal(&self) {
        self.sessions.forget_refusal().await;
    }

    async fn authorized(&self, call: Call) -> Result<Answer, Unanswered> {
        if !self.is_ours(&call.url) {
            let error = malformed("the answer points to another host; the session was not sent there");
            return Err(Unanswered::Before(error));
        }
        let header = self.session().await?;
        let answer = self.send(call.clone(), &header).await?;
        if answer.is_locked() {
            self.sessions.refuse(locked()).await;
        }
        if !answer.is_dead_session() {
            return Ok(answer);
        }
        // A refused session did nothing, so the call may be repeated once with a new one, a write too.
        self.sessions.expire(&header).await;
        let header = self.session().await?;
        let answer = self.send(call, &header).await?;
        if !answer.is_dead_session() {
            return Ok(answer);
        }
        let error = unauthorized(
            "a new session was refused at once",
            "Check that the REST API is on and this computer's address allowed (Apps > API Settings), then press Resume.",
        );
        self.sessions.refuse(error.clone()).await;
        Err(Unanswered::Before(error))
    }

    async fn session(&self) -> Result<SecretString, Unanswered> {
        self.sessions.authorization(&self.http).await.map_err(Unanswered::Before)
    }

    async fn send(&self, call: Call, header: &SecretString) -> Result<Answer, Unanswered> {
        self.http.send(call, Some(header)).await.map_err(|broken| {
            if broken.sent { Unanswered::After(broken.reason) } else { Unanswered::Before(unavailable(&broken.reason)) }
        })
    }

    /// Whether the session may go there. It belongs to the base address alone.
    fn is_ours(&self, url: &Url) -> bool {
        let base = &self.config.base_url;
        url.scheme() == base.scheme()
            && url.host_str() == base.host_str()
            && url.port_or_known_default() == base.port_or_known_default()
    }

    async fn permit<'a>(&self, of: &'a Semaphore) -> Result<SemaphorePermit<'a>, ConnectorError> {
        if let Ok(permit) = of.try_acquire() {
            return Ok(permit);
        }
        // Who has the permits may wait for time to pass.
        self.clock.wait_for(of.acquire()).await.map_err(|_| ConnectorError::Unavailable {
            system: System::KashFlow,
            reason: "the client was closed".to_owned(),
        })
    }

    pub(crate) fn secret(&self, name: &str) -> Option<&SecretString> {
        self.secrets.get(name)
    }

    pub(crate) async fn write_permit(&self) -> Result<SemaphorePermit<'_>, ConnectorError> {
        self.permit(&self.writes).await
    }

    /// SOAP carries its credentials in the envelope: no session goes with it.
    pub(crate) async fn send_soap(&self, call: Call) -> Result<Answer, Broken> {
        self.http.send(call, None).await
    }

    pub(crate) fn private_words<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        self.private.iter().map(|word| word.expose_secret()).chain(more.iter().copied()).collect()
    }
}
