//! `tillbridge worker`: observes, decides and delivers without console, until told to stop. Ready in milliseconds.

use clap::Args;
use clock::Clock;
use runner::Runner;
use store::Store;

use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::setup;

/// Options of the worker.
#[derive(Args)]
pub struct Options {
    /// Stop with exit code 0 as soon as nothing is left to do.
    #[arg(long)]
    until_quiet: bool,
}

/// Works until told to stop.
pub fn run(global: &Global, options: Options) -> anyhow::Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let clock = Clock::real();
        let store = Store::open(&config.data.dir, clock.clone()).await?;
        let runner = Runner::new(store.clone(), config.runner.clone());
        for (pair, why) in setup::add_pairs(&runner, &config).await? {
            eprintln!("pair {pair} is left out: {why}");
        }
        eprintln!("ready");
        let quiet = async {
            loop {
                clock.sleep(std::time::Duration::from_millis(200)).await;
                if options.until_quiet && runner.is_quiet().await? {
                    return Ok::<(), anyhow::Error>(());
                }
            }
        };
        tokio::select! {
            ended = runner.run() => ended?,
            ended = quiet => ended?,
            stop = output::told_to_stop() => stop?,
        }
        store.close().await;
        Ok(Ended::Done)
    })
}
