//! The `tillbridge` binary: server, workers, console, sandbox and every command a person types.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs a person. With `--json` one machine-readable object goes to stdout;
//! progress and logs always go to stderr.

mod cli;
mod config;
mod logins;
mod registry;
mod setup;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
