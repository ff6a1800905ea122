//! What the headless demo found: the world's wishes, KashFlow's ledger, our own queue.

use std::fmt;

use anyhow::Result;
use serde::Serialize;
use sim::Sandbox;
use sim::oracle::settlements::Judgement;
use sim::oracle::{OpenItem, Verdict};
use store::{Store, orders, reviews};

use super::settled::{Compared, Settlements};

/// The one line of JSON that the headless demo prints.
#[derive(Debug, Serialize)]
pub struct Summary {
    orders: Orders,
    invoices: Invoices,
    settlements: Settlements,
    /// The clearing account in pounds.
    clearing: Compared,
    credit_notes: u64,
    payments: u64,
    /// VAT to pay on everything that is in the books.
    vat: Compared,
    review: Review,
    dead_letters: u64,
    latency_ms: Latency,
    /// Wall time of the whole run in seconds.
    pub wall_s: f64,
    oracle: Oracle,
    /// Whether the run came to rest; otherwise it was stopped after 72 hours of simulated time.
    quiet: bool,
    /// Faults that happened, by kind.
    faults: std::collections::BTreeMap<String, u64>,
}

/// Orders of the world.
#[derive(Debug, Serialize)]
struct Orders {
    placed: u64,
    cancelled: u64,
    pending: u64,
    shipped: u64,
}

/// Invoices, as KashFlow's own ledger holds them.
#[derive(Debug, Serialize)]
struct Invoices {
    wanted: u64,
    confirmed: u64,
    missing: u64,
    duplicated: u64,
    mismatched: u64,
}

/// Open items for a person.
#[derive(Debug, Serialize)]
struct Review {
    open: u64,
    /// Items that the oracle expects and nobody opened.
    missing: Vec<String>,
    /// Items that were opened and the oracle does not expect.
    unexpected: Vec<String>,
}

/// From Amazon's dispatch to the confirmed invoice, in milliseconds of simulated time.
#[derive(Debug, Serialize)]
struct Latency {
    order_to_invoice_p50: u64,
    order_to_invoice_p99: u64,
}

/// What the oracle says.
#[derive(Debug, Serialize)]
struct Oracle {
    agrees: bool,
    objections: Vec<String>,
}

/// Objections shown at most.
const OBJECTIONS_MAX: usize = 20;

impl Summary {
    /// Asks the world, the ledger and the store.
    pub async fn of(sandbox: &Sandbox, store: &Store, quiet: bool) -> Result<Summary> {
        let verdict = sandbox.verdict();
        let judgement = sandbox.settlements_verdict();
        let settlements = Settlements::of(store, &judgement).await?;
        let posts_settlements = settlements.product_posts_settlements();
        let latencies = orders::latencies(store).await?;
        let open = reviews::list(store, true, None, u32::MAX, None).await?;
        let dead_letters = open.iter().filter(|item| item.kind == reviews::Kind::DeadLetter).count() as u64;
        let opened: Vec<(String, String)> = open.iter().map(|item| (item.subject.clone(), item.code.clone())).collect();
        let of_settlements = judgement.expected_open_items.iter().filter(|_| posts_settlements);
        let review = compare_items(verdict.expected_open_items.iter().chain(of_settlements), &opened);
        let mut objections = objections(sandbox, &verdict);
        if posts_settlements {
            objections.extend(unsettled(&settlements, &judgement));
            objections.truncate(OBJECTIONS_MAX);
        }
        let counts = sandbox.world().counts(store.clock().now());
        Ok(Summary {
            orders: Orders {
                placed: counts.placed,
                cancelled: counts.cancelled,
                pending: counts.pending,
                shipped: counts.shipped,
            },
            invoices: Invoices {
                wanted: verdict.wanted,
                confirmed: verdict.confirmed,
                missing: verdict.missing.len() as u64,
                duplicated: verdict.duplicated.len() as u64,
                mismatched: verdict.mismatched.len() as u64,
            },
            settlements,
            clearing: judgement.clearing.into(),
            credit_notes: judgement.credit_notes,
            payments: judgement.payments,
            vat: judgement.vat.into(),
            review,
            dead_letters,
            latency_ms: Latency {
                order_to_invoice_p50: percentile(&latencies, 50),
                order_to_invoice_p99: percentile(&latencies, 99),
            },
            wall_s: 0.0,
            oracle: Oracle { agrees: verdict.agrees && objections.is_empty(), objections },
            quiet,
            faults: sandbox.faults().fired().into_iter().map(|(kind, times)| (format!("{kind:?}"), times)).collect(),
        })
    }

    /// Whether everything is as it should be.
    pub fn is_good(&self) -> bool {
        let invoices = &self.invoices;
        self.quiet
            && self.oracle.agrees
            && invoices.missing + invoices.duplicated + invoices.mismatched == 0
            && self.review.missing.is_empty()
            && self.review.unexpected.is_empty()
    }
}

fn percentile(sorted_ms: &[u64], percent: usize) -> u64 {
    let last = sorted_ms.len().saturating_sub(1);
    sorted_ms.get(last * percent / 100).copied().unwrap_or(0)
}

fn objections(sandbox: &Sandbox, verdict: &Verdict) -> Vec<String> {
    let missing = verdict.missing.iter().map(|what| format!("missing: {what:?}"));
    let doubled = verdict.duplicated.iter().map(|what| format!("twice: {what:?}"));
    let wrong = verdict.mismatched.iter().map(|what| format!("{what:?}"));
    let account = sandbox.account();
    let reference = |number| account.invoice(number).map(|invoice| invoice.reference).unwrap_or_default();
    let unknown =
        verdict.unknown_documents.iter().map(|number| format!("nobody wanted: {number} ({})", reference(*number)));
    missing.chain(doubled).chain(wrong).chain(unknown).take(OBJECTIONS_MAX).collect()
}

/// What is wrong with settlements, in the ledger and beside it.
fn unsettled(settlements: &Settlements, judgement: &Judgement) -> Vec<String> {
    let wrong = judgement.mismatched.iter().map(|what| format!("{what:?}"));
    settlements.objections().into_iter().chain(wrong).collect()
}

/// Each expected item must be open once, for its order or settlement and of its kind; nothing else may be open.
fn compare_items<'v>(expected: impl Iterator<Item = &'v OpenItem>, opened: &[(String, String)]) -> Review {
    let mut left: Vec<(String, String)> = opened.to_vec();
    let mut missing = Vec::new();
    for expected in expected {
        let fits = |item: &(String, String)| {
            item.0.contains(&expected.order) && expected.kind.codes().contains(&item.1.as_str())
        };
        match left.iter().position(fits) {
            Some(place) => drop(left.swap_remove(place)),
            None => missing.push(format!("{}: {:?}", expected.order, expected.kind)),
        }
    }
    Review {
        open: opened.len() as u64,
        missing,
        unexpected: left.into_iter().map(|(subject, code)| format!("{subject}: {code}")).collect(),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { orders, invoices, review, latency_ms, .. } = self;
        writeln!(
            f,
            "orders     {} placed, {} shipped, {} pending, {} cancelled",
            orders.placed, orders.shipped, orders.pending, orders.cancelled
        )?;
        writeln!(
            f,
            "invoices   {} wanted, {} confirmed, {} missing, {} twice, {} wrong",
            invoices.wanted, invoices.confirmed, invoices.missing, invoices.duplicated, invoices.mismatched
        )?;
        if self.settlements.product_posts_settlements() {
            writeln!(f, "settled    {}", self.settlements.line())?;
        }
        writeln!(f, "for people {} open items, {} of them dead letters", review.open, self.dead_letters)?;
        writeln!(
            f,
            "latency    p50 {} ms, p99 {} ms from dispatch to invoice (simulated time)",
            latency_ms.order_to_invoice_p50, latency_ms.order_to_invoice_p99
        )?;
        writeln!(
            f,
            "oracle     {}",
            if self.oracle.agrees { "agrees: KashFlow's ledger is what the world wants" } else { "OBJECTS" }
        )?;
        for objection in &self.oracle.objections {
            writeln!(f, "           {objection}")?;
        }
        for item in &self.review.missing {
            writeln!(f, "           expected an open item: {item}")?;
        }
        for item in &self.review.unexpected {
            writeln!(f, "           did not expect an open item: {item}")?;
        }
        write!(f, "wall time  {:.1} s", self.wall_s)
    }
}
