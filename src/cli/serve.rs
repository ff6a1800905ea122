//! `tillbridge serve`: workers, API and console in one process.

use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use clap::Args;
use clock::Clock;
use model::PairId;
use money::Currency;
use ports::System;
use runner::{Runner, RunnerError};
use server::{Control, ControlError, Received, Services};
use store::{Store, users};
use tokio::net::TcpListener;

use crate::cli::desk::Address;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::config::Config;
use crate::setup;

/// Options of the server.
#[derive(Args, Default)]
pub struct Options {
    /// Print a new one-time link to set the owner's password.
    #[arg(long)]
    pub owner_link: bool,
}

/// Serves until told to stop.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let store = Store::open(&config.data.dir, Clock::real()).await?;
        let runner = Runner::new(store.clone(), config.runner.clone());
        for (pair, why) in setup::add_pairs(&runner, &config).await? {
            eprintln!("pair {pair} is left out: {why}");
        }
        let listener = TcpListener::bind(config.server.bind)
            .await
            .with_context(|| format!("cannot listen on {}: is another server running?", config.server.bind))?;
        let address = listener.local_addr()?;
        let _published = Address::publish(&config.data.dir, address)?;
        announce(global, &config, &store, options.owner_link, address).await?;
        work(store.clone(), runner, &config, listener).await?;
        store.close().await;
        Ok(Ended::Done)
    })
}

/// Says where the console is, and hands out the one-time link while there is no owner.
async fn announce(
    global: &Global,
    config: &Config,
    store: &Store,
    always_link: bool,
    address: std::net::SocketAddr,
) -> Result<()> {
    let base = base_url(config, address);
    let link = if always_link || !users::has_owner(store).await? {
        Some(format!("{base}/owner#token={}", users::new_owner_link(store).await?))
    } else {
        None
    };
    let shown = serde_json::json!({ "url": base, "owner_link": link });
    output::print(global, &shown, || {
        let first = link.as_ref().map_or_else(String::new, |link| {
            format!("\nSet the owner's password within 24 hours at\n  {link}\n(the link works once)")
        });
        format!("Tillbridge is at {base}{first}")
    })?;
    eprintln!("ready");
    Ok(())
}

fn base_url(config: &Config, address: std::net::SocketAddr) -> String {
    if config.server.public_url.is_empty() {
        format!("http://{address}")
    } else {
        config.server.public_url.trim_end_matches('/').to_owned()
    }
}

/// Runs workers and server together until Ctrl-C or until one of them fails.
pub async fn work(store: Store, runner: Runner, config: &Config, listener: TcpListener) -> Result<()> {
    let services = Services {
        clock: store.clock().clone(),
        control: Arc::new(RunnerControl { runner: runner.clone() }),
        public_url: base_url(config, listener.local_addr()?),
        store,
    };
    let stopped = async {
        if let Err(error) = output::told_to_stop().await {
            tracing::error!("the stop signal cannot be heard: {error}");
        }
    };
    tokio::select! {
        served = server::serve(listener, services, stopped) => served.context("the server stopped"),
        ended = runner.run() => ended.context("the workers stopped"),
    }
}

/// What the console may ask the workers to do.
struct RunnerControl {
    runner: Runner,
}

#[async_trait]
impl Control for RunnerControl {
    async fn retry(&self, pair: &PairId, subject: &str) -> Result<(), ControlError> {
        self.runner.retry(pair, subject).await.map_err(|error| ControlError::Refused(error.to_string()))
    }

    async fn resume_connection(&self, pair: &PairId, system: System, by: &str) -> Result<(), ControlError> {
        self.runner.resume_connection(pair, system, by).await.map_err(|error| ControlError::Refused(error.to_string()))
    }

    async fn receive_settlement(
        &self,
        pair: &PairId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<Received>, ControlError> {
        let found = self.runner.receive_settlement(pair, name, bytes).await.map_err(refused)?;
        let found = found.into_iter().map(|one| Received {
            settlement: one.id,
            currency: one.currency,
            stage: one.stage,
            duplicate: one.duplicate,
        });
        Ok(found.collect())
    }

    async fn accept_amount(
        &self,
        pair: &PairId,
        settlement: &str,
        currency: Currency,
        line: u64,
        amount: &str,
    ) -> Result<(), ControlError> {
        self.runner.accept_amount(pair, settlement, currency, line, amount).await.map_err(refused)
    }

    async fn retry_settlement(&self, pair: &PairId, settlement: &str, currency: Currency) -> Result<(), ControlError> {
        let subject = format!("settlement/{settlement}-{currency}");
        self.runner.retry(pair, &subject).await.map_err(refused)
    }
}

/// What the workers refused, with what to do about it.
fn refused(error: RunnerError) -> ControlError {
    ControlError::Refused(match error {
        RunnerError::Refused { reason, fix, .. } => format!("{reason} {fix}"),
        error => error.to_string(),
    })
}
