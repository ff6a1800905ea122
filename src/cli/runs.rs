//! `tillbridge runs`: what the flow decided lately.

use anyhow::Result;
use clap::Args;
use clock::Clock;
use serde::Serialize;
use store::Store;
use store::runs::{self, RunFilter};

use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};

/// Options of `runs`.
#[derive(Args)]
pub struct Options {
    /// Only this outcome: wants, nothing, waiting or parked.
    #[arg(long)]
    outcome: Option<String>,
    /// Only orders whose id begins so.
    #[arg(long)]
    order: Option<String>,
    /// How many, newest first.
    #[arg(long, default_value_t = 20)]
    limit: u32,
}

#[derive(Serialize)]
struct Row {
    id: String,
    at: String,
    pair: String,
    order: String,
    flow: String,
    flow_version: u32,
    mapping_version: u32,
    outcome: String,
    reason: Option<String>,
}

/// Lists runs.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let store = Store::read(&config.data.dir, Clock::real()).await?;
        let filter = RunFilter { outcome: options.outcome, subject_prefix: options.order };
        let rows: Vec<Row> = runs::page(&store, &filter, None, options.limit)
            .await?
            .into_iter()
            .map(|run| Row {
                id: run.id,
                at: run.at.to_string(),
                pair: run.pair.to_string(),
                order: run.subject,
                flow: run.flow,
                flow_version: run.flow_version,
                mapping_version: run.mapping_version,
                outcome: run.outcome,
                reason: run.reason,
            })
            .collect();
        output::print(global, &serde_json::json!({ "runs": rows }), || {
            if rows.is_empty() {
                return "No runs yet: nothing was decided.".to_owned();
            }
            rows.iter()
                .map(|row| {
                    format!("{}  {}  {:8} {}", row.at, row.order, row.outcome, row.reason.as_deref().unwrap_or(""))
                })
                .collect::<Vec<_>>()
                .join("\n")
        })?;
        store.close().await;
        Ok(Ended::Done)
    })
}
