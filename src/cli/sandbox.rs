//! `tillbridge sandbox`: only the two remote APIs, for any client.

use clap::{Args, ValueEnum};
use clock::Clock;
use sim::{FaultLevel, KashflowOptions, NumberMode, Quotas, Sandbox, SandboxConfig};

use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};

/// Options of the sandbox.
#[derive(Args)]
pub struct Options {
    /// Port of Amazon and its log-in on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    amazon_port: u16,
    /// Port of KashFlow; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    kashflow_port: u16,
    /// The same seed gives the same buyers, orders and faults.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Days of history to start with.
    #[arg(long, default_value_t = 3)]
    days: u32,
    /// Orders placed per day.
    #[arg(long, default_value_t = 200)]
    orders_per_day: u32,
    /// Whether Amazon's quotas are enforced.
    #[arg(long, value_enum, default_value_t = QuotaKind::Real)]
    quotas: QuotaKind,
    /// How much goes wrong.
    #[arg(long, value_enum, default_value_t = FaultKind::None)]
    faults: FaultKind,
    /// What KashFlow does with a number that is taken.
    #[arg(long, value_enum, default_value_t = NumberKind::Reject)]
    numbers: NumberKind,
    /// Seconds until KashFlow's lists and search find a new document.
    #[arg(long, default_value_t = 0)]
    search_lag_s: u32,
    /// Invoices KashFlow's plan allows in the cycle.
    #[arg(long)]
    invoice_limit: Option<u32>,
}

/// Quotas on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum QuotaKind {
    /// As documented.
    Real,
    /// None.
    Off,
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FaultKind {
    /// Nothing.
    None,
    /// A little; heals by itself.
    Mild,
    /// A lot; heals by itself.
    Wild,
    /// What only a person can put right.
    People,
}

/// What happens to a number that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NumberKind {
    /// Refused.
    Reject,
    /// The old document is overwritten.
    Overwrite,
    /// The next number is given.
    Renumber,
}

impl From<QuotaKind> for Quotas {
    fn from(kind: QuotaKind) -> Quotas {
        match kind {
            QuotaKind::Real => Quotas::Real,
            QuotaKind::Off => Quotas::Off,
        }
    }
}

impl From<FaultKind> for FaultLevel {
    fn from(kind: FaultKind) -> FaultLevel {
        match kind {
            FaultKind::None => FaultLevel::None,
            FaultKind::Mild => FaultLevel::Mild,
            FaultKind::Wild => FaultLevel::Wild,
            FaultKind::People => FaultLevel::People,
        }
    }
}

impl From<NumberKind> for NumberMode {
    fn from(kind: NumberKind) -> NumberMode {
        match kind {
            NumberKind::Reject => NumberMode::Reject,
            NumberKind::Overwrite => NumberMode::Overwrite,
            NumberKind::Renumber => NumberMode::Renumber,
        }
    }
}

/// Serves until it is told to stop.
pub fn run(global: &Global, options: Options) -> anyhow::Result<Ended> {
    output::logging(&global.config()?.log)?;
    runtime()?.block_on(async {
        let sandbox = Sandbox::start(SandboxConfig {
            amazon_port: options.amazon_port,
            kashflow_port: options.kashflow_port,
            seed: options.seed,
            days: options.days,
            quiet_days: 0,
            orders_per_day: options.orders_per_day,
            orders: None,
            clock: Clock::real(),
            quotas: options.quotas.into(),
            faults: options.faults.into(),
            kashflow: KashflowOptions {
                numbers: options.numbers.into(),
                search_lag_s: options.search_lag_s,
                invoice_limit: options.invoice_limit,
                ..KashflowOptions::default()
            },
        })
        .await?;
        output::print(global, sandbox.credentials(), || describe(&sandbox))?;
        output::told_to_stop().await?;
        sandbox.stop().await;
        Ok(Ended::Done)
    })
}

fn describe(sandbox: &Sandbox) -> String {
    let credentials = sandbox.credentials();
    format!(
        "The sandbox is up. Credentials are invented and valid only here.\n\
         Amazon    {}\n  client id {}\n  client secret {}\n  refresh token {}\n  seller {}\n  queue {}\n\
         KashFlow  {}\n  user {}\n  password {}\n  memorable word {}\n\
         `tillbridge sandbox --json` prints the same for programs. Stop with Ctrl-C.",
        credentials.amazon.base_url,
        credentials.amazon.client_id,
        credentials.amazon.client_secret,
        credentials.amazon.refresh_token,
        credentials.amazon.seller_id,
        credentials.amazon.queue_url,
        credentials.kashflow.base_url,
        credentials.kashflow.username,
        credentials.kashflow.password,
        credentials.kashflow.memorable_word,
    )
}
