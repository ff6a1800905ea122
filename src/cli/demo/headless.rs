//! The headless demo: one virtual clock for product and sandbox, production values for every delay.
//!
//! One thread, so that "nobody has work" can be seen by yielding: the run then repeats exactly for a seed, but for the order in
//! which the database's threads answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clock::Clock;
use jiff::Timestamp;
use runner::Runner;
use sim::world::{Settlement, World};
use sim::{KashflowOptions, Sandbox, SandboxConfig};
use store::Store;

use super::Options;
use super::pairing;
use super::summary::Summary;
use crate::cli::Global;
use crate::cli::output::{self, Ended};

/// When the demo's world begins: a Monday before Christmas trade, so that winter time and weekends are in it.
const BEGIN: &str = "2026-11-02T06:00:00Z";

/// Orders placed on each day if none are asked for.
const ORDERS_PER_DAY: u32 = 200;

/// After the last event of the world: lost hints are found by the next sweep, unknown outcomes settle twice.
const AFTER_LAST_EVENT: Duration = Duration::from_secs(2 * 3_600);

/// From the listing of a settlement until its file is there, where things go wrong.
const UNTIL_FILE_IS_THERE: Duration = Duration::from_secs(2 * 3_600);

/// A world that is not quiet by then is stuck, and the summary says so.
const GIVE_UP_AFTER: Duration = Duration::from_secs(72 * 3_600);

/// Runs to quiet and prints the summary.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    output::logging(&global.config()?.log)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    #[expect(clippy::disallowed_methods, reason = "wall time of the whole run, reported as such")]
    let began = Instant::now();
    let mut summary = runtime.block_on(play(global, &options))?;
    summary.wall_s = began.elapsed().as_secs_f64();
    output::print(global, &summary, || summary.to_string())?;
    Ok(if summary.is_good() { Ended::Done } else { Ended::Failed })
}

async fn play(global: &Global, options: &Options) -> Result<Summary> {
    let begin: Timestamp = BEGIN.parse().context("the demo's first moment")?;
    let clock = Clock::virtual_at(begin);
    let sandbox = Sandbox::start(SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed: options.seed,
        days: options.days,
        quiet_days: 0,
        orders_per_day: options.orders_per_day.unwrap_or(ORDERS_PER_DAY),
        orders: options.orders,
        clock: clock.clone(),
        quotas: options.quotas.into(),
        faults: options.faults.into(),
        kashflow: KashflowOptions { numbers: options.numbers.into(), ..KashflowOptions::default() },
    })
    .await?;
    let folder = Folder::new(options.keep.as_deref())?;
    let mut config = global.config()?;
    config.data.dir = folder.path.clone();
    let store = Store::open(&config.data.dir, clock.clone()).await?;
    let work = clock.busy();
    let driver = tokio::spawn({
        let clock = clock.clone();
        async move { clock.drive().await }
    });
    pairing::connect(&sandbox, &store, &config).await?;
    let runner = Runner::new(store.clone(), config.runner.clone());
    pairing::add(&runner, &config).await?;
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    drop(work);
    let quiet = until_quiet(&sandbox, &runner, &clock).await?;
    let work = clock.busy();
    running.abort();
    driver.abort();
    let summary = Summary::of(&sandbox, &store, quiet).await?;
    drop(work);
    sandbox.stop().await;
    store.close().await;
    Ok(summary)
}

/// Waits until the world has ended and the runner has nothing left to do. Says whether that came about.
async fn until_quiet(sandbox: &Sandbox, runner: &Runner, clock: &Clock) -> Result<bool> {
    let world = sandbox.world();
    let last = last_moment(&world);
    let (settled, give_up) = (clock::later(last, AFTER_LAST_EVENT), clock::later(last, GIVE_UP_AFTER));
    clock.sleep_until(settled).await;
    loop {
        let work = clock.busy();
        let now = clock.now();
        if world.is_finished(now) && runner.is_quiet().await? {
            return Ok(true);
        }
        if now > give_up {
            return Ok(false);
        }
        drop(work);
        clock.sleep(Duration::from_secs(60)).await;
    }
}

/// The last event of the trade, or the listing of the last settlement that closed until then. What is settled later is not waited for:
/// money goes on moving for weeks after the last order.
fn last_moment(world: &World) -> Timestamp {
    let traded = world.last_event_at();
    let listed = |settlement: &Arc<Settlement>| clock::later(settlement.listed_at, UNTIL_FILE_IS_THERE);
    world.settlements(traded).iter().map(listed).fold(traded, Timestamp::max)
}

/// The data folder of the run, removed when it ends unless a person wants it.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn new(keep: Option<&Path>) -> Result<Folder> {
        let path = match keep {
            Some(path) => path.to_path_buf(),
            None => {
                let mut random = [0_u8; 8];
                getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
                let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
                std::env::temp_dir().join(format!("tillbridge-demo-{name}"))
            }
        };
        std::fs::create_dir(&path)
            .with_context(|| format!("cannot create the folder {} (it must be new)", path.display()))?;
        Ok(Folder { path, keep: keep.is_some() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!("the demo's folder {} stays: {error}", self.path.display());
        }
    }
}
