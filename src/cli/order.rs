//! `tillbridge order show ID`: where an order is, and why. `order retry ID` decides it again.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use clock::Clock;
use model::PairId;
use serde::Serialize;
use store::{Store, facts, intents, orders, reviews, runs};

use crate::cli::desk::Desk;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::config::Config;
use crate::setup;

/// Options of `order`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Where an order is: what Amazon said, what was decided, what is in the books, what waits for you.
    Show {
        /// Amazon's order id.
        id: String,
        /// Name of the pair.
        #[arg(long, default_value = setup::MAIN_PAIR)]
        pair: String,
    },
    /// Decide an order again and deliver what is open, after its cause was put right.
    Retry {
        /// Amazon's order id.
        id: String,
        /// Name of the pair.
        #[arg(long, default_value = setup::MAIN_PAIR)]
        pair: String,
    },
}

#[derive(Serialize)]
struct Shown {
    order_id: String,
    marketplace: String,
    status: String,
    stage: String,
    reason: Option<String>,
    total: Option<String>,
    facts: Vec<Fact>,
    decisions: Vec<Decision>,
    documents: Vec<Document>,
    open_items: Vec<Item>,
}

#[derive(Serialize)]
struct Fact {
    observed_at: String,
    kind: String,
    changed_at: String,
}

#[derive(Serialize)]
struct Decision {
    at: String,
    outcome: String,
    reason: Option<String>,
    flow: String,
    steps: serde_json::Value,
}

#[derive(Serialize)]
struct Document {
    reference: String,
    kind: String,
    number: Option<u32>,
    state: String,
    adopted: bool,
    confirmed_at: Option<String>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Item {
    code: String,
    reason: String,
    fix: String,
}

/// Shows the order, or decides it again.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    match options.command {
        Command::Show { id, pair } => show(global, &config, &id, &setup::pair_id(&pair)?),
        Command::Retry { id, pair } => retry(global, &config, &id, &setup::pair_id(&pair)?),
    }
}

fn retry(global: &Global, config: &Config, id: &str, pair: &PairId) -> Result<Ended> {
    runtime()?.block_on(async {
        let store = Store::read(&config.data.dir, Clock::real()).await.with_context(|| format!("order {id}"))?;
        let known = orders::get(&store, pair, id).await?;
        store.close().await;
        if known.is_none() {
            return Err(unknown(pair, id));
        }
        let when = Desk::open(config).await?.retry(pair, id).await?;
        let shown = serde_json::json!({ "retried": id, "when": when });
        output::print(global, &shown, || format!("Order {id} is decided again. {when}"))?;
        Ok(Ended::Done)
    })
}

fn unknown(pair: &PairId, id: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "pair {pair} has heard of no order {id}. If it exists on Amazon, the next listing finds it; `tillbridge doctor` checks the connection."
    )
}

fn show(global: &Global, config: &Config, id: &str, pair: &PairId) -> Result<Ended> {
    runtime()?.block_on(async {
        let store = Store::read(&config.data.dir, Clock::real()).await.with_context(|| format!("order {id}"))?;
        let Some(order) = orders::get(&store, pair, id).await? else { return Err(unknown(pair, id)) };
        let items = reviews::of_subject(&store, pair, id).await?;
        let shown = Shown {
            order_id: order.order_id,
            marketplace: order.marketplace,
            status: order.status,
            stage: order.stage.as_str().to_owned(),
            reason: order.stage_reason,
            total: order.total.map(|total| total.to_string()),
            facts: facts::history(&store, pair, id)
                .await?
                .into_iter()
                .map(|fact| Fact {
                    observed_at: fact.observed_at.to_string(),
                    kind: fact.kind,
                    changed_at: fact.version.to_string(),
                })
                .collect(),
            decisions: runs::of_subject(&store, pair, id, 20)
                .await?
                .into_iter()
                .map(|run| Decision {
                    at: run.at.to_string(),
                    outcome: run.outcome,
                    reason: run.reason,
                    flow: format!("{} v{}, mapping v{}", run.flow, run.flow_version, run.mapping_version),
                    steps: run.trace,
                })
                .collect(),
            documents: intents::of_subject(&store, pair, id)
                .await?
                .into_iter()
                .map(|intent| Document {
                    reference: intent.reference,
                    kind: intent.kind,
                    number: intent.number.map(|number| number.0),
                    state: intent.state.as_str().to_owned(),
                    adopted: intent.adopted,
                    confirmed_at: intent.confirmed_at.map(|at| at.to_string()),
                    reason: intent.reason,
                })
                .collect(),
            open_items: items
                .into_iter()
                .filter(|item| item.closed_at.is_none())
                .map(|item| Item { code: item.code, reason: item.reason, fix: item.fix })
                .collect(),
        };
        output::print(global, &shown, || text(&shown))?;
        store.close().await;
        Ok(if shown.open_items.is_empty() { Ended::Done } else { Ended::NeedsPerson })
    })
}

fn text(shown: &Shown) -> String {
    let mut lines = vec![format!(
        "Order {} on {}: {}, {}{}",
        shown.order_id,
        shown.marketplace,
        shown.status,
        shown.stage.replace('_', " "),
        shown.total.as_ref().map_or_else(String::new, |total| format!(", {total}"))
    )];
    lines.extend(shown.reason.iter().map(|reason| format!("  {reason}")));
    lines.extend(
        shown
            .facts
            .iter()
            .map(|fact| format!("  {}  Amazon said: changed {} ({})", fact.observed_at, fact.changed_at, fact.kind)),
    );
    for decision in &shown.decisions {
        lines.push(format!("  {}  decided: {} ({})", decision.at, decision.outcome, decision.flow));
        for step in decision.steps.as_array().into_iter().flatten() {
            lines.push(format!(
                "      {}: {}",
                step["step"].as_str().unwrap_or(""),
                step["decision"].as_str().unwrap_or("")
            ));
        }
    }
    for document in &shown.documents {
        let number = document.number.map_or_else(|| "no number yet".to_owned(), |number| format!("number {number}"));
        lines.push(format!(
            "  {} {} {number}: {}{}",
            document.kind,
            document.reference,
            document.state,
            if document.adopted { ", was there already" } else { "" }
        ));
        lines.extend(document.reason.iter().map(|reason| format!("      {reason}")));
    }
    for item in &shown.open_items {
        lines.push(format!("  waits for you: {}\n      -> {}", item.reason, item.fix));
    }
    lines.join("\n")
}
