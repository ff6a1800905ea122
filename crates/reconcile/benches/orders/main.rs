//! A million settlement rows against 300,000 orders: reads both files, groups the rows by order line, matches, and prints figures.
//!
//! `cargo bench -p reconcile --bench orders` writes its own files first (about 175 MB, below the target folder) and reads them. Files
//! of one's own: `cargo bench -p reconcile --bench orders -- SETTLEMENT.tsv ORDERS.tsv` (Flat File V2; order-id, purchase-date,
//! currency, gross). `--threads 1` reads on one thread, `--runs N` repeats. The reading here is a few lines made for this shape of file;
//! the product reads with the connector's reader.
//!
//! DuckDB beside it, on the same files: `python3 crates/reconcile/benches/orders/duckdb_join.py SETTLEMENT.tsv ORDERS.tsv THREADS` (needs
//! the Python package `duckdb`). Both print the same four counts; both times are of the whole process's work, files in the page cache.

mod generate;
mod read;

use std::path::PathBuf;
use std::time::Instant;

use money::{Currency, Money};
use reconcile::{Basis, Item, Kind, RowGroups, Tolerances, match_items};

/// What a run counted.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    equal: usize,
    different: usize,
    only_settlement: usize,
    only_orders: usize,
}

#[expect(clippy::disallowed_methods, reason = "wall time is what a bench is for")]
fn now() -> Instant {
    Instant::now()
}

fn main() {
    let mut files = Vec::new();
    let (mut threads, mut runs) = (2, 3);
    let mut args = std::env::args().skip(1);
    let number = |value: Option<String>| value.and_then(|text| text.parse().ok()).expect("a number");
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--threads" => threads = number(args.next()),
            "--runs" => runs = number(args.next()),
            "--bench" => {}
            _ => files.push(PathBuf::from(arg)),
        }
    }
    if files.len() != 2 {
        files = generate::files(1_000_000, 300_000);
    }
    for run in 1..=runs {
        let began = now();
        let (groups, orders) = read::both(&files[0], &files[1], threads);
        let read_ms = began.elapsed().as_millis();
        let counts = count(groups, &orders);
        let total_ms = began.elapsed().as_millis();
        println!(
            "run {run}: read {read_ms} ms, group and match {} ms, together {total_ms} ms on {threads} threads; {counts:?}",
            total_ms - read_ms
        );
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("peak memory {}", peak.trim_start_matches("VmHWM:").trim());
    }
}

fn count(groups: RowGroups, orders: &read::Orders) -> Counts {
    let left: Vec<Item<'_>> = orders
        .iter()
        .map(|(order, on, minor)| Item { order, on, ..Item::new(Kind::Sale, Money::new(minor, Currency::GBP)) })
        .collect();
    let groups = groups.finish().expect("sums fit");
    let right = groups.items(Basis::Price).expect("sums fit");
    let matching = match_items(&left, &right, &Tolerances::default()).expect("sums fit");
    let equal = matching.matches.iter().filter(|link| link.difference.is_zero()).count();
    Counts {
        equal,
        different: matching.matches.len() - equal,
        only_settlement: matching.right_only.len(),
        only_orders: matching.left_only.len(),
    }
}
