//! The command line: one file for each command.

mod campaign;
mod connect;
mod demo;
mod desk;
mod doctor;
mod order;
mod output;
mod review;
mod runs;
mod sandbox;
mod serve;
mod settlement;
mod suggest;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use store::reviews::Kind;

use crate::config::Config;
use output::Ended;

/// Amazon Marketplace to KashFlow accounting, to the penny.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs a person.
#[derive(Parser)]
#[command(name = "tillbridge", version, about, long_about)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone)]
pub struct Global {
    /// Data folder (database, key file, mappings). Default: `[data] dir` of the configuration.
    #[arg(long, global = true, env = "TILLBRIDGE_DATA")]
    data: Option<PathBuf>,
    /// Configuration file; `config/default.toml` documents every key.
    #[arg(long, global = true, env = "TILLBRIDGE_CONFIG")]
    config: Option<PathBuf>,
    /// Print one machine-readable object on stdout.
    #[arg(long, global = true)]
    json: bool,
}

impl Global {
    fn config(&self) -> anyhow::Result<Config> {
        Config::load(self.config.as_deref(), self.data.as_deref())
    }
}

#[derive(Subcommand)]
enum Command {
    /// Run the server: workers, API and console on 127.0.0.1:8480.
    Serve(serve::Options),
    /// Play the whole path on a faithful Amazon and KashFlow: orders placed there become invoices, and a page shows how.
    Demo(demo::Options),
    /// Run only the two remote APIs of the sandbox; prints their addresses and credentials first.
    Sandbox(sandbox::Options),
    /// Connect an account: `connect amazon`, `connect kashflow`.
    Connect(connect::Options),
    /// Check that everything is in order: data folder, credentials, accounts, mapping, clocks.
    Doctor(doctor::Options),
    /// Look at one order.
    Order(order::Options),
    /// Look at decisions: the runs of the flow.
    Runs(runs::Options),
    /// Check and post settlement files offline: no account, no network, no data folder.
    Settlement(settlement::Options),
    /// Suggest accounts for fees and charges, with confidence and reason. Offline.
    Suggest(suggest::Options),
    /// Everything that waits for a person: list, show, retry, close.
    Review(review::Options),
    /// Only work that was given up or refused (dead letters).
    Dlq(review::Options),
    /// Only differences between the books and what we wrote that nobody has explained yet.
    Breaks(review::Options),
    /// Work without console until told to stop (used by campaigns and by service managers).
    #[command(hide = true)]
    Worker(worker::Options),
    /// Campaigns against the real binary.
    #[command(hide = true)]
    Campaign(campaign::Options),
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    // rustls needs to be told once which cryptography it uses; a second call would be a mistake worth seeing.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("the TLS library was set up twice");
    }
    let Cli { global, command } = Cli::parse();
    let ended = match command {
        Command::Serve(options) => serve::run(&global, options),
        Command::Demo(options) => demo::run(&global, options),
        Command::Sandbox(options) => sandbox::run(&global, options),
        Command::Connect(options) => connect::run(&global, options),
        Command::Doctor(options) => doctor::run(&global, options),
        Command::Order(options) => order::run(&global, options),
        Command::Runs(options) => runs::run(&global, options),
        Command::Settlement(options) => settlement::run(&global, options),
        Command::Suggest(options) => suggest::run(&global, options),
        Command::Review(options) => review::run(&global, options, None),
        Command::Dlq(options) => review::run(&global, options, Some(Kind::DeadLetter)),
        Command::Breaks(options) => review::run(&global, options, Some(Kind::Break)),
        Command::Worker(options) => worker::run(&global, options),
        Command::Campaign(options) => campaign::run(&global, options),
    };
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::Failed) => ExitCode::from(1),
        Ok(Ended::NeedsPerson) => ExitCode::from(3),
        Err(error) => {
            output::error(&global, &error);
            ExitCode::from(match &error {
                error if error.is::<output::Usage>() => 2,
                error if needs_person(error) => 3,
                _ => 1,
            })
        }
    }
}

/// Whether only a person can put it right, and trying again changes nothing.
fn needs_person(error: &anyhow::Error) -> bool {
    use store::StoreError::{Damaged, InUse, Newer, Older, Sealed};
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<store::StoreError>())
        .any(|cause| matches!(cause, InUse { .. } | Newer { .. } | Older { .. } | Damaged(_) | Sealed(_)))
}

/// A runtime with all cores.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
