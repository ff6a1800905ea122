//! What is measured, one function for each scenario.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clock::Clock;
use serde::Serialize;
use serde_json::Value;
use store::intents::State;
use store::{Store, facts, intents, orders};

use super::process::{Product, Remotes};

/// History that reaches behind the closed history of the load.
const ALL_HISTORY_DAYS: &str = "60";
/// Orders of the folder of which cold starts and memory at rest are measured.
const FOLDER_ORDERS: u32 = 2_000;
/// Starts of each kind.
const STARTS: usize = 11;
/// Time for caches and timers to calm down before memory is read.
const REST: Duration = Duration::from_secs(10);
/// Orders a day of the live trade: about two dispatches a second.
const LIVE_PER_DAY: &str = "172800";
/// How often a working process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A backlog worked off.
#[derive(Debug, Serialize)]
pub struct Drain {
    /// Documents confirmed.
    pub invoices: u64,
    /// From ready to the last confirmed document.
    pub seconds: f64,
    /// Documents a second.
    pub orders_per_s: f64,
    /// CPU of the product for each document.
    pub cpu_ms_per_order: f64,
    /// Largest resident memory.
    pub peak_mib: f64,
}

/// Starts and rest.
#[derive(Debug, Serialize)]
pub struct ColdStart {
    /// `serve` on a new folder, median.
    pub empty_ms: u64,
    /// `serve` on a folder with orders, median.
    pub full_ms: u64,
    /// `worker` on that folder, median.
    pub worker_ms: u64,
    /// Orders in that folder.
    pub orders: u32,
    /// Starts of each kind.
    pub times: usize,
    /// PSS of `serve` with nothing to do.
    pub idle_mib: f64,
}

/// Orders that are dispatched while we look.
#[derive(Debug, Serialize)]
pub struct Live {
    /// Documents confirmed in the time.
    pub invoices: usize,
    /// From Amazon's dispatch.
    pub dispatch_to_invoice_p50_ms: u64,
    /// From Amazon's dispatch.
    pub dispatch_to_invoice_p99_ms: u64,
    /// From the commit of the fact that told of the dispatch.
    pub seen_to_invoice_p50_ms: u64,
    /// From the commit of the fact that told of the dispatch.
    pub seen_to_invoice_p99_ms: u64,
}

/// The machine's load averages.
pub fn load_average() -> Result<String> {
    let text = std::fs::read_to_string("/proc/loadavg").context("Linux only")?;
    Ok(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

/// Works off a backlog as fast as it goes.
pub fn drain(orders: u32) -> Result<Drain> {
    let folder = tempfile::tempdir()?;
    let remotes = Remotes::start(folder.path(), &["--orders", &orders.to_string()])?;
    let mut worker = Product::start(&["worker", "--until-quiet"], folder.path(), ALL_HISTORY_DAYS)?;
    worker.ready()?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
    let began = Instant::now();
    let (mut cpu, mut peak_kib) = (Duration::ZERO, 0);
    while !worker.ended()? {
        // Between the question and the look it may have ended; the last figures stand then.
        if let (Ok(now), Ok(kib)) = (worker.cpu(), worker.peak_kib()) {
            (cpu, peak_kib) = (now, kib);
        }
        rest(LOOK);
    }
    let seconds = began.elapsed().as_secs_f64();
    let invoices = judged(&remotes.judge()?)?;
    #[expect(clippy::float_arithmetic, reason = "a rate of a benchmark, not money")]
    Ok(Drain {
        invoices,
        seconds,
        orders_per_s: invoices as f64 / seconds,
        cpu_ms_per_order: cpu.as_secs_f64() * 1_000.0 / invoices as f64,
        peak_mib: mib(peak_kib),
    })
}

/// Starts the server and the worker many times, and looks at the server at rest.
pub fn cold_starts() -> Result<ColdStart> {
    let folder = tempfile::tempdir()?;
    let _remotes = Remotes::start(folder.path(), &["--orders", &FOLDER_ORDERS.to_string()])?;
    let mut worker = Product::start(&["worker", "--until-quiet"], folder.path(), ALL_HISTORY_DAYS)?;
    while !worker.ended()? {
        rest(LOOK);
    }
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        u64::try_from(times[times.len() / 2].as_millis()).unwrap_or(u64::MAX)
    };
    let starts = |command: &str, folder: &Path| -> Result<u64> {
        let ready = || Product::start(&[command], folder, ALL_HISTORY_DAYS)?.ready();
        Ok(median((0..STARTS).map(|_| ready()).collect::<Result<_>>()?))
    };
    let empty = || {
        let new = tempfile::tempdir()?;
        Product::start(&["serve"], new.path(), ALL_HISTORY_DAYS)?.ready()
    };
    let empty_ms = median((0..STARTS).map(|_| empty()).collect::<Result<_>>()?);
    let (full_ms, worker_ms) = (starts("serve", folder.path())?, starts("worker", folder.path())?);
    let server = Product::start(&["serve"], folder.path(), ALL_HISTORY_DAYS)?;
    server.ready()?;
    rest(REST);
    let idle_mib = mib(server.pss_kib()?);
    Ok(ColdStart { empty_ms, full_ms, worker_ms, orders: FOLDER_ORDERS, times: STARTS, idle_mib })
}

/// Lets orders be dispatched while the server looks.
pub fn live(duration: Duration) -> Result<Live> {
    let folder = tempfile::tempdir()?;
    let remotes = Remotes::start(folder.path(), &["--orders-per-day", LIVE_PER_DAY])?;
    // No history: only what happens from now on counts.
    let server = Product::start(&["serve"], folder.path(), "0")?;
    server.ready()?;
    rest(duration);
    drop(server);
    drop(remotes);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut from_dispatch, mut from_sight) = runtime.block_on(latencies(folder.path()))?;
    if from_dispatch.is_empty() {
        bail!("nothing was invoiced in {} s", duration.as_secs());
    }
    from_dispatch.sort_unstable();
    from_sight.sort_unstable();
    let percentile = |sorted: &[u64], percent: usize| sorted[(sorted.len() - 1) * percent / 100];
    Ok(Live {
        invoices: from_dispatch.len(),
        dispatch_to_invoice_p50_ms: percentile(&from_dispatch, 50),
        dispatch_to_invoice_p99_ms: percentile(&from_dispatch, 99),
        seen_to_invoice_p50_ms: percentile(&from_sight, 50),
        seen_to_invoice_p99_ms: percentile(&from_sight, 99),
    })
}

/// Of each confirmed first document: milliseconds since the dispatch, and since the fact that told of it.
async fn latencies(folder: &Path) -> Result<(Vec<u64>, Vec<u64>)> {
    let store = Store::open(folder, Clock::real()).await?;
    let (mut from_dispatch, mut from_sight) = (Vec::new(), Vec::new());
    let mut after = None;
    loop {
        let page = orders::page(&store, &orders::OrderFilter::default(), after.as_deref(), 200).await?;
        for order in &page.rows {
            let (Some(ready), Some(invoiced)) = (order.ready_at, order.invoiced_at) else { continue };
            let documents = intents::of_subject(&store, &order.pair, &order.order_id).await?;
            let confirmed = documents.iter().filter(|intent| intent.state == State::Confirmed);
            let Some(planned) = confirmed.map(|intent| intent.planned_at).min() else { continue };
            let facts = facts::history(&store, &order.pair, &order.order_id).await?;
            let seen = facts.iter().map(|fact| fact.observed_at).filter(|seen| *seen <= planned).max();
            from_dispatch.push(millis(invoiced.duration_since(ready)));
            from_sight.extend(seen.map(|seen| millis(invoiced.duration_since(seen))));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    store.close().await;
    Ok((from_dispatch, from_sight))
}

/// The number of documents, if the oracle has nothing to object to.
fn judged(verdict: &Value) -> Result<u64> {
    if verdict["agrees"] != true {
        bail!("the oracle objects: {verdict}");
    }
    verdict["confirmed"].as_u64().context("the verdict has no count")
}

fn millis(duration: jiff::SignedDuration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(0)
}

#[expect(clippy::float_arithmetic, reason = "a size of a benchmark, not money")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1_024.0
}

fn rest(duration: Duration) {
    std::thread::sleep(duration);
}
