//! What a command prints: one object on stdout with `--json`, else text for a person; errors and progress on stderr.

use std::io::IsTerminal;

use serde::Serialize;
use tracing_subscriber::EnvFilter;

use crate::cli::Global;
use crate::config::LogConfig;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Exit 0.
    Done,
    /// Exit 1.
    Failed,
    /// Exit 3.
    NeedsPerson,
}

/// What was typed cannot be meant: exit 2.
#[derive(Debug)]
pub struct Usage(anyhow::Error);

impl Usage {
    /// Makes a wrong usage of an error.
    pub fn of(error: anyhow::Error) -> anyhow::Error {
        anyhow::Error::new(Usage(error))
    }
}

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Usage {}

/// Tells a person what is done now, on stderr, if there is one.
pub fn progress() -> impl FnMut(&str) {
    let watched = std::io::stderr().is_terminal();
    move |what| {
        if watched {
            eprintln!("{what}");
        }
    }
}

/// Prints `value` as one line of JSON, or as `text` for a person.
pub fn print<T: Serialize>(global: &Global, value: &T, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    if global.json {
        println!("{}", serde_json::to_string(value)?);
    } else {
        println!("{}", text());
    }
    Ok(())
}

/// Prints why a command failed.
pub fn error(global: &Global, error: &anyhow::Error) {
    eprintln!("error: {error:#}");
    if global.json {
        println!("{}", serde_json::json!({ "error": format!("{error:#}") }));
    }
}

/// Starts logging to stderr.
pub fn logging(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| anyhow::anyhow!("[log] level = \"{}\" is not a level or filter: {error}", config.level))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second initialisation happens only when a command starts another in the same process; the first one stays.
    let started = if config.format == "json" { builder.json().try_init() } else { builder.try_init() };
    drop(started);
    Ok(())
}

/// Waits for Ctrl-C or, as service managers stop a program, SIGTERM.
pub async fn told_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            told = tokio::signal::ctrl_c() => told,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
