//! `tillbridge review`, `dlq`, `breaks`: what waits for a person, and what a person does about it.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use clock::Clock;
use ports::System;
use serde::Serialize;
use store::Store;
use store::reviews::{self, Kind, Review};

use super::desk::Desk;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::config::Config;

/// Options of `review`, `dlq` and `breaks`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// Also items that were closed.
    #[arg(long)]
    all: bool,
    /// Only those about this order.
    #[arg(long)]
    order: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// One item in full.
    Show {
        /// Its number, from the list.
        id: i64,
    },
    /// The cause was put right: decide the order again and deliver it, or go on with the paused connection.
    Retry {
        /// Its number, from the list.
        id: i64,
    },
    /// Close an item without doing anything, because the books are as you want them.
    Close {
        /// Its number, from the list.
        id: i64,
        /// What was done about it, for the audit trail.
        #[arg(long)]
        note: String,
    },
}

#[derive(Serialize)]
struct Item {
    id: i64,
    kind: &'static str,
    pair: String,
    subject: String,
    code: String,
    title: String,
    reason: String,
    fix: String,
    path: Option<String>,
    amount: Option<String>,
    opened_at: String,
    closed_at: Option<String>,
    closed_by: Option<String>,
    note: Option<String>,
}

impl From<Review> for Item {
    fn from(row: Review) -> Item {
        Item {
            id: row.id,
            kind: row.kind.as_str(),
            pair: row.pair.to_string(),
            subject: row.subject,
            code: row.code,
            title: row.title,
            reason: row.reason,
            fix: row.fix,
            path: row.path,
            amount: row.amount.map(|amount| amount.to_string()),
            opened_at: row.opened_at.to_string(),
            closed_at: row.closed_at.map(|at| at.to_string()),
            closed_by: row.closed_by,
            note: row.note,
        }
    }
}

/// Lists items of `kind` (all kinds if `None`), or does what was asked with one. Exit 3 while something waits for a person.
pub fn run(global: &Global, options: Options, kind: Option<Kind>) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        match options.command {
            None => list(global, &config, &options, kind).await,
            Some(Command::Show { id }) => {
                let item = Item::from(find(&config, id).await?);
                output::print(global, &item, || whole(&item))?;
                Ok(if item.closed_at.is_none() { Ended::NeedsPerson } else { Ended::Done })
            }
            Some(Command::Retry { id }) => retry(global, &config, id).await,
            Some(Command::Close { id, note }) => {
                let note = note.trim();
                if note.is_empty() {
                    bail!("--note must say what was done about it");
                }
                Desk::open(&config).await?.close(&find(&config, id).await?, note).await?;
                output::print(global, &serde_json::json!({ "closed": id, "note": note }), || {
                    format!("Item {id} is closed.")
                })?;
                Ok(Ended::Done)
            }
        }
    })
}

async fn list(global: &Global, config: &Config, options: &Options, kind: Option<Kind>) -> Result<Ended> {
    let store = Store::read(&config.data.dir, Clock::real()).await?;
    let rows = reviews::list(&store, !options.all, kind, u32::MAX, None).await?;
    store.close().await;
    let wanted = |row: &Review| options.order.as_ref().is_none_or(|order| row.subject == *order);
    let items: Vec<Item> = rows.into_iter().filter(wanted).map(Item::from).collect();
    let open = items.iter().filter(|item| item.closed_at.is_none()).count();
    output::print(global, &serde_json::json!({ "open": open, "items": items }), || {
        if items.is_empty() {
            return "Nothing waits for you.".to_owned();
        }
        items.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(if open > 0 { Ended::NeedsPerson } else { Ended::Done })
}

async fn retry(global: &Global, config: &Config, id: i64) -> Result<Ended> {
    let item = find(config, id).await?;
    let desk = Desk::open(config).await?;
    let when = match connection_of(&item) {
        Some(system) => desk.resume(&item.pair, system).await?,
        None if is_order(&item.subject) => desk.retry(&item.pair, &item.subject).await?,
        None => bail!(
            "item {id} is about {}, which is no order and no connection: do what it says ({}), then close it with --note",
            item.subject,
            item.fix
        ),
    };
    let shown = serde_json::json!({ "retried": id, "subject": item.subject, "when": when });
    output::print(global, &shown, || format!("{} is tried again. {when}", item.subject))?;
    Ok(Ended::Done)
}

async fn find(config: &Config, id: i64) -> Result<Review> {
    let store = Store::read(&config.data.dir, Clock::real()).await?;
    let found = reviews::get(&store, id).await?;
    store.close().await;
    found.with_context(|| format!("there is no item {id}; `tillbridge review` lists them"))
}

/// The connection that an item is about.
fn connection_of(item: &Review) -> Option<System> {
    let name = item.subject.strip_prefix("connection/")?;
    [System::Amazon, System::KashFlow].into_iter().find(|system| system.to_string() == name)
}

fn is_order(subject: &str) -> bool {
    model::OrderId::parse(subject).is_ok()
}

fn line(item: &Item) -> String {
    let closed = item.closed_at.as_ref().map_or_else(String::new, |at| format!(" (closed {at})"));
    format!("{:>5}  {:11}  {}{closed}\n       {}\n       -> {}", item.id, item.kind, item.title, item.reason, item.fix)
}

fn whole(item: &Item) -> String {
    let mut lines = vec![line(item), format!("       {} in pair {}, code {}", item.subject, item.pair, item.code)];
    lines.extend(item.path.iter().map(|path| format!("       at {path}")));
    lines.extend(item.amount.iter().map(|amount| format!("       {amount}")));
    lines.push(format!("       opened {}", item.opened_at));
    if let (Some(by), note) = (&item.closed_by, &item.note) {
        lines.push(format!("       closed by {by}: {}", note.as_deref().unwrap_or("the cause is gone")));
    }
    lines.join("\n")
}
