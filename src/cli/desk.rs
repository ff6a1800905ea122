//! The owner's desk at the shell: what the console's buttons do, whether or not a server works on the data folder.
//!
//! A running server has the folder, so it is asked through its API, in a way that only who can read the folder's key file can
//! ([`server::operator_token`]). Without one the folder is opened, the decision written down, and the next start acts on it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clock::Clock;
use model::PairId;
use ports::System;
use runner::Runner;
use serde::Deserialize;
use serde_json::{Value, json};
use store::vault::Vault;
use store::{Store, StoreError, audit, connections, reviews};

use crate::config::Config;
use crate::setup;

/// Who is written into the audit trail.
const ACTOR: &str = server::OPERATOR;

/// Says where the server of a data folder listens, for as long as it does.
pub struct Address(PathBuf);

impl Address {
    /// Writes it down.
    pub fn publish(data: &Path, address: std::net::SocketAddr) -> Result<Address> {
        let path = Address::path(data);
        std::fs::write(&path, format!("http://{address}\n")).with_context(|| path.display().to_string())?;
        Ok(Address(path))
    }

    fn path(data: &Path) -> PathBuf {
        data.join("tillbridge.address")
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        // One that stays behind is harmless: it is read only while somebody has the folder.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Where decisions of the person at the shell go.
pub enum Desk {
    /// Into the folder.
    Folder(Box<Folder>),
    /// To the server that has it.
    Server(Server),
}

/// A data folder that nobody works on.
pub struct Folder {
    store: Store,
    runner: Runner,
}

/// A server that works on the data folder.
pub struct Server {
    base: String,
    vault: Vault,
    http: reqwest::Client,
}

/// Why the server did not do it, in its words.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    fix: String,
}

impl Desk {
    /// Opens the folder, or finds the server that has it.
    pub async fn open(config: &Config) -> Result<Desk> {
        let data = &config.data.dir;
        match Store::open(data, Clock::real()).await {
            Ok(store) => {
                let runner = Runner::new(store.clone(), config.runner.clone());
                for (pair, why) in setup::add_pairs(&runner, config).await? {
                    eprintln!("pair {pair} is left out: {why}");
                }
                Ok(Desk::Folder(Box::new(Folder { store, runner })))
            }
            Err(StoreError::InUse { holder }) => {
                let Ok(base) = std::fs::read_to_string(Address::path(data)) else {
                    return Err(anyhow::Error::new(StoreError::InUse { holder }));
                };
                let vault = Vault::open(&data.join(store::vault::KEY_FILE))?;
                Ok(Desk::Server(Server { base: base.trim().to_owned(), vault, http: reqwest::Client::new() }))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Decides an order again and delivers what is open. Says when.
    pub async fn retry(&self, pair: &PairId, order: &str) -> Result<&'static str> {
        match self {
            Desk::Server(server) => server.post(&["orders", pair.as_str(), order, "retry"], json!({})).await?,
            Desk::Folder(folder) => {
                folder.runner.retry(pair, order).await?;
                folder.record("order.retry", &format!("order/{pair}/{order}"), json!({ "outcome": "done" })).await?;
            }
        }
        Ok(self.when())
    }

    /// Goes on with a paused connection. Says when.
    pub async fn resume(&self, pair: &PairId, system: System) -> Result<&'static str> {
        let word = connections::word(system);
        match self {
            Desk::Server(server) => server.post(&["connections", pair.as_str(), word, "resume"], json!({})).await?,
            Desk::Folder(folder) => {
                folder.runner.resume_connection(pair, system, ACTOR).await?;
                let target = format!("connection/{pair}/{word}");
                folder.record("connection.resume", &target, json!({ "outcome": "done" })).await?;
            }
        }
        Ok(self.when())
    }

    /// Closes an item with a note.
    pub async fn close(&self, item: &reviews::Review, note: &str) -> Result<()> {
        let id = item.id;
        let folder = match self {
            Desk::Server(server) => {
                return server.post(&["reviews", &id.to_string(), "close"], json!({ "note": note })).await;
            }
            Desk::Folder(folder) => folder,
        };
        let detail = json!({ "subject": item.subject, "code": item.code, "note": note });
        let (entry, note) = (folder.entry("review.close", &format!("review/{id}"), detail), note.to_owned());
        let closed = folder.store.write(move |tx| {
            Box::pin(async move {
                let closed = reviews::close_by_id(tx, id, ACTOR, &note, entry.at).await?;
                if closed {
                    audit::append(tx, &entry).await?;
                }
                Ok(closed)
            })
        });
        if closed.await? { Ok(()) } else { bail!("item {id} was closed already") }
    }

    /// When what was decided is done.
    fn when(&self) -> &'static str {
        match self {
            Desk::Server(_) => "The server does it now.",
            Desk::Folder(_) => "No server is running: it is done when `tillbridge serve` starts.",
        }
    }
}

impl Folder {
    fn entry(&self, action: &str, target: &str, detail: Value) -> audit::Entry {
        let at = self.store.clock().now();
        audit::Entry {
            actor: ACTOR.to_owned(),
            action: action.to_owned(),
            target: target.to_owned(),
            detail,
            ip: None,
            at,
        }
    }

    async fn record(&self, action: &str, target: &str, detail: Value) -> Result<()> {
        let entry = self.entry(action, target, detail);
        Ok(self.store.write(move |tx| Box::pin(async move { audit::append(tx, &entry).await })).await?)
    }
}

impl Server {
    async fn post(&self, path: &[&str], body: Value) -> Result<()> {
        let mut url = url::Url::parse(&self.base).context("tillbridge.address does not name a server")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(["api", "v1"]).extend(path);
        }
        let token = server::operator_token(&self.vault, Clock::real().now())?;
        let answer = self
            .http
            .post(url)
            .bearer_auth(token)
            .header("origin", &self.base)
            .json(&body)
            .send()
            .await
            .with_context(|| format!("the server at {} was not reached", self.base))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let status = answer.status();
        match answer.json::<Problem>().await {
            Ok(problem) => bail!("{} {}", problem.detail, problem.fix),
            Err(_) => bail!("the server at {} answered {status}", self.base),
        }
    }
}
