//! `tillbridge demo`: the whole path on the sandbox, over real HTTP.
//!
//! With `--headless` product and sandbox share one virtual clock and the oracle compares KashFlow's own ledger with the world;
//! without it the server runs on the real clock, so that a person can watch.

mod headless;
mod live;
pub mod pairing;
mod settled;
mod summary;

use clap::Args;

use crate::cli::Global;
use crate::cli::output::Ended;
use crate::cli::sandbox::{FaultKind, NumberKind, QuotaKind};

/// Options of the demo.
#[derive(Args, Clone)]
pub struct Options {
    /// Run to quiet on a virtual clock and print the summary.
    #[arg(long)]
    pub headless: bool,
    /// Orders placed, spread over the days. Default: 200 a day.
    #[arg(long)]
    pub orders: Option<u32>,
    /// Orders placed on each day.
    #[arg(long, value_name = "N", conflicts_with = "orders")]
    pub orders_per_day: Option<u32>,
    /// Days of trading. A settlement closes every fourteen days.
    #[arg(long, default_value_t = 1)]
    pub days: u32,
    /// The same seed gives the same world, faults and result.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// How much goes wrong.
    #[arg(long, value_enum, default_value_t = FaultKind::None)]
    pub faults: FaultKind,
    /// Whether Amazon's quotas are enforced.
    #[arg(long, value_enum, default_value_t = QuotaKind::Real)]
    pub quotas: QuotaKind,
    /// With --headless: keep the run's data in this new folder, to look into it with `order show`, `runs` or `serve`.
    #[arg(long, value_name = "DIR", requires = "headless")]
    pub keep: Option<std::path::PathBuf>,
    /// What KashFlow does with a number that is taken.
    #[arg(long, value_enum, default_value_t = NumberKind::Reject)]
    pub numbers: NumberKind,
}

/// Plays the demo.
pub fn run(global: &Global, options: Options) -> anyhow::Result<Ended> {
    if options.headless { headless::run(global, options) } else { live::run(global, options) }
}
