//! `tillbridge settlement`: Amazon's settlement files, offline. No account, no network, no data folder.

mod check;
mod files;
mod findings;
mod post;
mod table;

use clap::{Args, Subcommand};

use crate::cli::Global;
use crate::cli::output::Ended;

/// Options of `settlement`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what settlement files hold and whether their rows sum to their totals.
    Check(check::Options),
    /// Turn settlement files into documents, by a profile: invoices, credit notes, bills, transfers, journals.
    Post(post::Options),
}

/// Runs it.
pub fn run(global: &Global, options: Options) -> anyhow::Result<Ended> {
    match options.command {
        Command::Check(options) => check::run(global, options),
        Command::Post(options) => post::run(global, options),
    }
}
