//! The quota campaign: orders synced per simulated hour with Amazon's documented limits enforced.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use clock::Clock;
use jiff::Timestamp;
use runner::Runner;
use serde::Serialize;
use sim::{FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};
use store::{Store, orders};

use crate::cli::Global;
use crate::cli::demo::pairing;
use crate::cli::output::{self, Ended};

/// What the limits allow with pages and single reads together: 0.0056 × 3600 × 100 + 0.5 × 3600 (facts §4 b').
const BEST_PER_HOUR: u64 = 3_816;

/// Options of the quota campaign.
#[derive(Args)]
pub struct Options {
    /// Orders that wait when the runner starts.
    #[arg(long, default_value_t = 50_000)]
    backlog: u32,
    /// Simulated hours.
    #[arg(long, default_value_t = 24)]
    hours: u32,
    /// Seed of the world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Forbid order reports, to measure pages and single reads alone.
    #[arg(long)]
    no_reports: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    backlog: u32,
    hours: u32,
    seen: u64,
    invoiced: u64,
    seen_per_hour: Vec<u64>,
    best_per_hour: u64,
    reports: bool,
}

/// Runs the campaign on virtual time.
pub fn run(global: &Global, options: &Options) -> Result<Ended> {
    output::logging(&global.config()?.log)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(play(global, options))?;
    output::print(global, &report, || {
        format!(
            "{} of {} orders seen in {} simulated hours, by hour: {:?}; the limits allow {} an hour by pages and single reads",
            report.seen, report.backlog, report.hours, report.seen_per_hour, report.best_per_hour
        )
    })?;
    Ok(Ended::Done)
}

async fn play(global: &Global, options: &Options) -> Result<Report> {
    let begin: Timestamp = "2026-11-02T06:00:00Z".parse().context("the first moment")?;
    let clock = Clock::virtual_at(begin);
    let sandbox = Sandbox::start(SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed: options.seed,
        days: 1,
        quiet_days: 0,
        orders_per_day: 0,
        orders: Some(options.backlog),
        clock: clock.clone(),
        quotas: Quotas::Real,
        faults: FaultLevel::None,
        kashflow: KashflowOptions::default(),
    })
    .await?;
    let folder = std::env::temp_dir().join(format!("tillbridge-quota-{}", std::process::id()));
    let mut config = global.config()?;
    config.data.dir.clone_from(&folder);
    let store = Store::open(&folder, clock.clone()).await?;
    let driver = tokio::spawn({
        let clock = clock.clone();
        async move { clock.drive().await }
    });
    // The whole backlog has happened before the runner sees any of it.
    clock.sleep_until(clock::later(sandbox.world().last_event_at(), Duration::from_secs(180))).await;
    let work = clock.busy();
    pairing::connect(&sandbox, &store, &config).await?;
    if options.no_reports {
        crate::setup::without_reports(&store).await?;
    }
    let runner = Runner::new(store.clone(), config.runner.clone());
    pairing::add(&runner, &config).await?;
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    drop(work);
    let mut seen_per_hour = Vec::new();
    let mut before = 0;
    for hour in 0..options.hours {
        clock.sleep(Duration::from_secs(3_600)).await;
        let _work = clock.busy();
        let seen = orders::page(&store, &orders::OrderFilter::default(), None, 1).await?.total;
        eprintln!("hour {hour}: {seen} orders seen");
        seen_per_hour.push(seen - before);
        before = seen;
        if seen >= u64::from(options.backlog) {
            break;
        }
    }
    let _work = clock.busy();
    running.abort();
    driver.abort();
    let invoiced = orders::latencies(&store).await?.len() as u64;
    sandbox.stop().await;
    store.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(Report {
        backlog: options.backlog,
        hours: options.hours,
        seen: before,
        invoiced,
        seen_per_hour,
        best_per_hour: BEST_PER_HOUR,
        reports: !options.no_reports,
    })
}
