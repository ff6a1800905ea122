//! The load of the benchmarks: both remotes with a backlog (and, if wanted, trade that goes on), and a data folder joined to them.
//!
//! It only serves. Whoever measures starts the worker or the server on the folder as a person would, and then sends a line: the
//! oracle's judgement comes back.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use clock::Clock;
use serde::Serialize;
use sim::{FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};
use store::Store;

use crate::cli::demo::pairing;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};

/// Days between the end of a closed history and now: longer than any order takes from its placing to its dispatch.
const QUIET_DAYS: u32 = 40;

/// Options of the load.
#[derive(Args)]
pub struct Options {
    /// Orders of the history.
    #[arg(long, default_value_t = 3_000)]
    orders: u32,
    /// Trade that goes on at this rate instead of a history that is over.
    #[arg(long, conflicts_with = "orders")]
    orders_per_day: Option<u32>,
    /// Seed of the world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Serialize)]
struct Ready {
    /// Where the data folder is.
    data: PathBuf,
    /// Documents the books should hold at this moment.
    wanted: u64,
}

#[derive(Serialize)]
struct Judged {
    wanted: u64,
    confirmed: u64,
    missing: u64,
    duplicated: u64,
    mismatched: u64,
    agrees: bool,
}

/// Serves until its standard input ends or a line comes.
pub fn run(global: &Global, options: &Options) -> Result<Ended> {
    let mut config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let goes_on = options.orders_per_day.is_some();
        let sandbox = Sandbox::start(SandboxConfig {
            amazon_port: 0,
            kashflow_port: 0,
            seed: options.seed,
            days: 3,
            quiet_days: if goes_on { 0 } else { QUIET_DAYS },
            orders_per_day: options.orders_per_day.unwrap_or(0),
            orders: (!goes_on).then_some(options.orders),
            clock: Clock::real(),
            quotas: Quotas::Off,
            faults: FaultLevel::None,
            kashflow: KashflowOptions::default(),
        })
        .await?;
        config.amazon.history_days = QUIET_DAYS + 20;
        let store = Store::open(&config.data.dir, Clock::real()).await?;
        pairing::connect(&sandbox, &store, &config).await?;
        store.close().await;
        println!("{}", serde_json::to_string(&Ready { data: config.data.dir, wanted: sandbox.verdict().wanted })?);
        let asked = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        asked.await?.context("standard input")?;
        let verdict = sandbox.verdict();
        let judged = Judged {
            wanted: verdict.wanted,
            confirmed: verdict.confirmed,
            missing: verdict.missing.len() as u64,
            duplicated: verdict.duplicated.len() as u64,
            mismatched: verdict.mismatched.len() as u64,
            agrees: verdict.agrees,
        };
        println!("{}", serde_json::to_string(&judged)?);
        sandbox.stop().await;
        Ok(Ended::Done)
    })
}
