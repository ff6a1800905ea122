//! `tillbridge campaign`: long proofs against the real binary and the real sandbox.

mod crash;
mod load;
mod quota;

use clap::{Args, Subcommand};

use crate::cli::Global;
use crate::cli::output::Ended;

/// Options of a campaign.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    campaign: Campaign,
}

#[derive(Subcommand)]
enum Campaign {
    /// Kill the worker (and now and then the whole server) at random points and count invoices.
    Crash(crash::Options),
    /// Orders synced per simulated hour with Amazon's quotas enforced.
    Quota(quota::Options),
    /// Both remotes and a joined data folder, for the benchmarks.
    Load(load::Options),
}

/// Runs a campaign.
pub fn run(global: &Global, options: Options) -> anyhow::Result<Ended> {
    match options.campaign {
        Campaign::Crash(options) => crash::run(global, &options),
        Campaign::Quota(options) => quota::run(global, &options),
        Campaign::Load(options) => load::run(global, &options),
    }
}
