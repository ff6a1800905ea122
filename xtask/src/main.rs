//! Everything a contributor or CI runs: `cargo xtask demo|test|ci|tidy|gen|sim|bench|eval`.
//!
//! Nothing has to be installed first but Rust, Node and the package registries' clients. What a command needs besides (a
//! browser, a Python package) it installs or says how to.

mod checks;
mod run;
mod tidy;
mod ui;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// What a contributor or CI runs.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the console and the binary, then play the demo. Arguments after `--` go to `tillbridge demo`.
    Demo {
        /// For example `--headless --orders 500 --seed 7 --json`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Everything CI checks. With names only those checks: tidy, fmt, clippy, rust, ui, browser, demo, crash.
    Test {
        /// Checks to run; all of them if none is named.
        only: Vec<String>,
    },
    /// The same as `test`.
    Ci,
    /// The house rules: dependency rule, banned words, undocumented keys, dead files, broken links.
    Tidy,
    /// Write what is generated: the OpenAPI document and the console's types.
    Gen,
    /// Measure suggestions on the labelled sets; `-- --errors` lists what is wrong, `-- --fit` fits the probabilities anew.
    Eval {
        /// `--errors`, `--fit`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// A campaign of the real binary, for example `sim crash --kills 1000`.
    Sim {
        /// For example `crash --kills 1000`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Measure the order path from outside: orders a second, CPU, memory, latency, cold start. Wants a quiet machine.
    Bench {
        /// For example `--orders 3000 --runs 3 --live 60 --json`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build the console and the optimised binary.
    Build,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Demo { args } => {
            ui::build_if_stale()?;
            run::tillbridge("demo", &args)
        }
        Command::Test { only } => checks::all(&only),
        Command::Ci => checks::all(&[]),
        Command::Tidy => tidy::check(),
        Command::Gen => {
            run::cargo_with(&["test", "-p", "server", "openapi"], &[("UPDATE_OPENAPI", "1")])?;
            ui::generate_types()
        }
        Command::Eval { args } => {
            let mut call = vec!["run", "--quiet", "-p", "suggest", "--example", "eval", "--"];
            call.extend(args.iter().map(String::as_str));
            run::cargo_with(&call, &[])
        }
        Command::Sim { args } => run::tillbridge("campaign", &args),
        Command::Bench { args } => {
            ui::build_if_stale()?;
            run::bench(&args)
        }
        Command::Build => {
            ui::build_if_stale()?;
            run::build().map(drop)
        }
    }
}
