//! The order path from outside: the real binary on a real data folder, both remotes over real HTTP in a process of their own.
//!
//! `cargo xtask bench` (or `cargo bench --profile demo`). It prints one table, or with `--json` one object. Options after `--`:
//! `--orders N` (backlog, default 3000), `--runs N` (default 3), `--live S` (seconds of live trade, default 60; 0 leaves it out).
//!
//! CPU and memory are the product's alone, from `/proc`: Linux only. A write counts when its commit is on the disk and KashFlow's
//! document was read back; at the end of each run the sandbox's oracle compares the ledger with the world, and a run in which
//! one document is lost, doubled or wrong is a failure, not a figure.

#[path = "spine/measure.rs"]
mod measure;
#[path = "spine/process.rs"]
mod process;

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use measure::{ColdStart, Drain, Live};

struct Options {
    orders: u32,
    runs: u32,
    live_s: u64,
    json: bool,
}

impl Options {
    fn read() -> Result<Options> {
        let mut options = Options { orders: 3_000, runs: 3, live_s: 60, json: false };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next().context("a number is missing")?.parse::<u32>().context("not a number");
            match word.as_str() {
                "--orders" => options.orders = number()?,
                "--runs" => options.runs = number()?.max(1),
                "--live" => options.live_s = u64::from(number()?),
                "--json" => options.json = true,
                // What `cargo bench` itself passes.
                "--bench" => {}
                other => bail!("unknown option {other}; there are --orders, --runs, --live and --json"),
            }
        }
        Ok(options)
    }
}

fn main() -> Result<()> {
    let options = Options::read()?;
    let load_before = measure::load_average()?;
    let mut drains = Vec::new();
    for run in 1..=options.runs {
        eprintln!("backlog of {} orders, run {run} of {} …", options.orders, options.runs);
        drains.push(measure::drain(options.orders)?);
    }
    eprintln!("cold starts and memory at rest …");
    let starts = measure::cold_starts()?;
    let live = if options.live_s > 0 {
        eprintln!("live trade for {} s …", options.live_s);
        Some(measure::live(Duration::from_secs(options.live_s))?)
    } else {
        None
    };
    drains.sort_by(|a, b| b.orders_per_s.total_cmp(&a.orders_per_s));
    if options.json {
        println!("{}", json!({ "load_before": load_before, "drain": drains, "start": starts, "live": live }));
    } else {
        print!("{}", table(&load_before, &drains, &starts, live.as_ref()));
    }
    Ok(())
}

fn table(load: &str, drains: &[Drain], starts: &ColdStart, live: Option<&Live>) -> String {
    let mut lines = vec![
        "| what | best | all runs |".to_owned(),
        "| --- | --: | --- |".to_owned(),
        row("orders to invoices, per second", &format!("{:.0}", drains[0].orders_per_s), drains, |run| {
            format!("{:.0}", run.orders_per_s)
        }),
        row("CPU of the product for one order, ms", &format!("{:.2}", least(drains)), drains, |run| {
            format!("{:.2}", run.cpu_ms_per_order)
        }),
        row("peak memory while working, MiB", &format!("{:.1}", drains[0].peak_mib), drains, |run| {
            format!("{:.1}", run.peak_mib)
        }),
        format!(
            "| `serve` ready, ms (empty folder; folder of {} orders) | {}; {} | medians of {} |",
            starts.orders, starts.empty_ms, starts.full_ms, starts.times
        ),
        format!("| `worker` ready, ms | {} | median of {} |", starts.worker_ms, starts.times),
        format!("| memory at rest (PSS of `serve`), MiB | {:.1} | |", starts.idle_mib),
    ];
    if let Some(live) = live {
        lines.push(format!(
            "| dispatch to invoice, live, ms (p50; p99 of {}) | {}; {} | Amazon's notification alone takes 400 to 15,000 |",
            live.invoices, live.dispatch_to_invoice_p50_ms, live.dispatch_to_invoice_p99_ms
        ));
        lines.push(format!(
            "| … of that ours: order seen to invoice confirmed, ms (p50; p99) | {}; {} | |",
            live.seen_to_invoice_p50_ms, live.seen_to_invoice_p99_ms
        ));
    }
    lines.push(format!("\nLoad average before: {load}. Every run judged by the oracle: 0 lost, 0 doubled, 0 wrong.\n"));
    lines.join("\n")
}

fn row(what: &str, best: &str, drains: &[Drain], shown: impl Fn(&Drain) -> String) -> String {
    let all: Vec<String> = drains.iter().map(shown).collect();
    format!("| {what} | {best} | {} |", all.join(", "))
}

fn least(drains: &[Drain]) -> f64 {
    drains.iter().map(|run| run.cpu_ms_per_order).fold(f64::INFINITY, f64::min)
}
