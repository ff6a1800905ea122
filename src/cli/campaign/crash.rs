//! The crash campaign: kill -9 at random points, then count what KashFlow's own ledger holds.
//!
//! It runs on the real clock, so it scales the settle time, the client's time-out and the time the sandbox's KashFlow may still
//! work on an abandoned request together; their order (settle ≥ 2 × time-out > in flight) is the one of production.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use clock::Clock;
use serde::Serialize;
use sim::{FaultLevel, KashflowOptions, NumberMode, Quotas, Sandbox, SandboxConfig};
use store::Store;

use crate::cli::demo::pairing;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::{logins, setup};

/// Seconds of settle time in the campaign (production: 120).
const SETTLE_S: u64 = 4;
/// Seconds of the client's time-out (production: 60).
const TIMEOUT_S: u64 = 2;
/// Seconds the sandbox may still work on a request whose client died.
const IN_FLIGHT_S: u32 = 1;
/// A process that is not ready by then is broken.
const READY_WITHIN: Duration = Duration::from_secs(10);
/// After the last kill everything must be quiet within this time, and half a second more for each order of the world.
const QUIET_WITHIN: Duration = Duration::from_secs(300);
/// Orders for each kill, so that most kills meet work under way: KashFlow gets one write at a time, and one in four takes a
/// second here, so that about two are posted between two kills.
const ORDERS_A_KILL: u32 = 5;

/// Days between the last day of the world's history and now: longer than any order takes from its placing to its dispatch.
const QUIET_DAYS: u32 = 40;

/// Options of the crash campaign.
#[derive(Args)]
pub struct Options {
    /// Kills in all; one in twenty is of the whole server.
    #[arg(long, default_value_t = 1000)]
    kills: u32,
    /// Seed of the world and of the moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Orders in the world of each mode. Default: 5 for each kill, so that most kills meet work under way.
    #[arg(long)]
    orders: Option<u32>,
}

#[derive(Debug, Default, Serialize)]
struct Report {
    kills: u32,
    server_kills: u32,
    /// Kills after which at least one document was planned, numbered or sent and not confirmed.
    kills_amid_work: u32,
    /// Kills after which at least one document was sent and its answer not yet taken in.
    kills_amid_writes: u32,
    lost: u64,
    duplicated: u64,
    mismatched: u64,
    confirmed: u64,
    modes: Vec<ModeReport>,
    ready_ms_p50: u64,
    ready_ms_p99: u64,
    settle_s: u64,
    in_flight_s: u32,
    wall_s: u64,
}

#[derive(Debug, Serialize)]
struct ModeReport {
    numbers: String,
    kills: u32,
    wanted: u64,
    confirmed: u64,
    lost: u64,
    duplicated: u64,
    mismatched: u64,
    objections: Vec<String>,
}

/// Runs the campaign in the three modes of a taken number.
pub fn run(global: &Global, options: &Options) -> Result<Ended> {
    output::logging(&global.config()?.log)?;
    #[expect(clippy::disallowed_methods, reason = "wall time of the campaign, reported as such")]
    let began = Instant::now();
    let modes = [NumberMode::Reject, NumberMode::Overwrite, NumberMode::Renumber];
    let mut report = Report { settle_s: SETTLE_S, in_flight_s: IN_FLIGHT_S, ..Report::default() };
    let mut ready = Vec::new();
    let mut dice = Dice(options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for (index, mode) in modes.into_iter().enumerate() {
        let share = options.kills / 3 + u32::from((index as u32) < options.kills % 3);
        if share == 0 {
            continue;
        }
        let seed = options.seed + index as u64;
        let orders = options.orders.unwrap_or(share * ORDERS_A_KILL).max(50);
        let one =
            runtime()?.block_on(campaign(global, mode, share, seed, orders, &mut dice, &mut ready, &mut report))?;
        eprintln!(
            "{}: {} kills, {} of {} invoices, {} lost, {} twice",
            one.numbers, one.kills, one.confirmed, one.wanted, one.lost, one.duplicated
        );
        report.lost += one.lost;
        report.duplicated += one.duplicated;
        report.mismatched += one.mismatched;
        report.confirmed += one.confirmed;
        report.modes.push(one);
    }
    ready.sort_unstable();
    report.ready_ms_p50 = ready.get(ready.len() / 2).copied().unwrap_or(0);
    report.ready_ms_p99 = ready.get(ready.len() * 99 / 100).copied().unwrap_or(0);
    report.wall_s = began.elapsed().as_secs();
    let good = report.lost + report.duplicated + report.mismatched == 0;
    output::print(global, &report, || {
        format!(
            "{} kills ({} of the whole server, {} amid work, {} amid writes): {} invoices confirmed, {} lost, {} twice, {} wrong; worker ready in {} ms (p99 {} ms)",
            report.kills,
            report.server_kills,
            report.kills_amid_work,
            report.kills_amid_writes,
            report.confirmed,
            report.lost,
            report.duplicated,
            report.mismatched,
            report.ready_ms_p50,
            report.ready_ms_p99
        )
    })?;
    Ok(if good { Ended::Done } else { Ended::Failed })
}

#[expect(clippy::too_many_arguments, reason = "the campaign's own ledger of what happened")]
async fn campaign(
    global: &Global,
    mode: NumberMode,
    kills: u32,
    seed: u64,
    orders: u32,
    dice: &mut Dice,
    ready: &mut Vec<u64>,
    report: &mut Report,
) -> Result<ModeReport> {
    let folder = std::env::temp_dir().join(format!("tillbridge-crash-{}-{seed}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let sandbox = Sandbox::start(SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days: 3,
        // Nothing happens during the campaign: whatever is not in the books at its end was lost, not late.
        quiet_days: QUIET_DAYS,
        orders_per_day: 0,
        orders: Some(orders),
        clock: Clock::real(),
        quotas: Quotas::Off,
        faults: FaultLevel::Mild,
        kashflow: KashflowOptions { numbers: mode, in_flight_s: IN_FLIGHT_S, ..KashflowOptions::default() },
    })
    .await?;
    prepare(global, &sandbox, &folder).await?;
    let mut done = 0;
    while done < kills {
        let whole_server = done % 20 == 19;
        let mut child = spawn(&folder, whole_server)?;
        let moment = Moment::draw(dice, whole_server);
        let became_ready = wait(&mut child, moment).await?;
        child.kill().context("the worker could not be killed")?;
        child.wait()?;
        ready.extend(became_ready);
        let (open, sent) = under_way(&folder).await?;
        report.kills_amid_work += u32::from(open > 0);
        report.kills_amid_writes += u32::from(sent > 0);
        done += 1;
        report.kills += 1;
        report.server_kills += u32::from(whole_server);
        if done % 50 == 0 {
            eprintln!("{mode:?}: {done} of {kills} kills");
        }
    }
    let verdict = finish(&folder, &sandbox, orders).await?;
    sandbox.stop().await;
    std::fs::remove_dir_all(&folder)?;
    let mut objections: Vec<String> = verdict.missing.iter().map(|what| format!("lost: {what:?}")).collect();
    objections.extend(verdict.duplicated.iter().map(|what| format!("twice: {what:?}")));
    objections.extend(verdict.mismatched.iter().map(|what| format!("{what:?}")));
    objections.truncate(20);
    Ok(ModeReport {
        numbers: format!("{mode:?}").to_lowercase(),
        kills,
        wanted: verdict.wanted,
        confirmed: verdict.confirmed,
        lost: verdict.missing.len() as u64,
        duplicated: verdict.duplicated.len() as u64,
        mismatched: verdict.mismatched.len() as u64,
        objections,
    })
}

async fn prepare(global: &Global, sandbox: &Sandbox, folder: &Path) -> Result<()> {
    let mut config = global.config()?;
    config.data.dir = folder.to_path_buf();
    config.kashflow.request_timeout_s = TIMEOUT_S;
    config.amazon.history_days = QUIET_DAYS + 20;
    let store = Store::open(folder, Clock::real()).await?;
    pairing::connect(sandbox, &store, &config).await?;
    store.close().await;
    Ok(())
}

fn spawn(folder: &Path, whole_server: bool) -> Result<Child> {
    let binary = std::env::current_exe()?;
    let mut command = Command::new(binary);
    command.arg(if whole_server { "serve" } else { "worker" }).arg("--data").arg(folder);
    scaled(&mut command);
    if whole_server {
        command.env("TILLBRIDGE_SERVER_BIND", "127.0.0.1:0");
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("the worker could not be started")
}

fn scaled(command: &mut Command) {
    command
        .env("TILLBRIDGE_AMAZON_HISTORY_DAYS", (QUIET_DAYS + 20).to_string())
        .env("TILLBRIDGE_RUNNER_SETTLE_S", SETTLE_S.to_string())
        .env("TILLBRIDGE_KASHFLOW_REQUEST_TIMEOUT_S", TIMEOUT_S.to_string())
        // The chain of settlements must come to rest within the minutes of the campaign, not within those of production.
        .env("TILLBRIDGE_RUNNER_SETTLEMENT_AGAIN_S", "1")
        .env("TILLBRIDGE_RUNNER_RETRY_CAP_S", "2")
        .env("TILLBRIDGE_RUNNER_RETRY_FIRST_MS", "100")
        .env("TILLBRIDGE_LOG_LEVEL", "error");
}

/// When a process dies.
#[derive(Clone, Copy)]
enum Moment {
    /// So long after its start, wherever it is then.
    AfterStart(Duration),
    /// So long after it said that it is ready.
    AfterReady(Duration),
}

impl Moment {
    /// One kill in eight comes while the process starts.
    fn draw(dice: &mut Dice, whole_server: bool) -> Moment {
        let (starting, working) = if whole_server { (150, 600) } else { (25, 220) };
        match dice.below(8) {
            0 => Moment::AfterStart(Duration::from_millis(1 + dice.below(starting))),
            _ => Moment::AfterReady(Duration::from_millis(dice.below(working))),
        }
    }
}

/// Waits for the moment. Says how long the process took to be ready, if it was waited for.
async fn wait(child: &mut Child, moment: Moment) -> Result<Option<u64>> {
    let stderr = child.stderr.take().context("the worker has no stderr")?;
    #[expect(clippy::disallowed_methods, reason = "wall time from spawn to ready, a figure of the report")]
    let began = Instant::now();
    let (said, heard) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        use std::io::BufRead;
        let mut said = Some(said);
        // Read to the end: a process that cannot write its messages would stop at the full pipe.
        for line in std::io::BufReader::new(stderr).lines().map_while(Result::ok) {
            if line == "ready" {
                said.take().map(|said| said.send(began.elapsed()));
            }
        }
    });
    match moment {
        Moment::AfterStart(after) => {
            Clock::real().sleep(after).await;
            Ok(None)
        }
        Moment::AfterReady(after) => {
            let took = Clock::real().timeout(READY_WITHIN, heard).await;
            let Ok(Ok(took)) = took else { bail!("a process was not ready after {} s", READY_WITHIN.as_secs()) };
            Clock::real().sleep(after).await;
            Ok(Some(u64::try_from(took.as_millis()).unwrap_or(u64::MAX)))
        }
    }
}

/// Documents that are on their way in what the dead process left behind, and those of them that were sent.
async fn under_way(folder: &Path) -> Result<(usize, usize)> {
    let store = Store::open(folder, Clock::real()).await?;
    let open = store::intents::open(&store, usize::MAX >> 1).await?;
    // Kills that hit log-ins and a session that ends would use up the two log-ins of an hour, which this campaign does not last.
    logins::let_an_hour_pass(&store, &setup::pair_id(setup::MAIN_PAIR)?).await?;
    store.close().await;
    let sent = open.iter().filter(|intent| intent.state == store::intents::State::Sent).count();
    Ok((open.len(), sent))
}

/// Lets one worker run until nothing is left, then asks the oracle.
async fn finish(folder: &PathBuf, sandbox: &Sandbox, orders: u32) -> Result<sim::oracle::Verdict> {
    let within = QUIET_WITHIN + Duration::from_millis(500) * orders;
    let mut command = tokio::process::Command::from({
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("worker").arg("--until-quiet").arg("--data").arg(folder);
        scaled(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    });
    let mut child = command.kill_on_drop(true).spawn()?;
    match Clock::real().timeout(within, child.wait()).await {
        Ok(status) if status.as_ref().is_ok_and(std::process::ExitStatus::success) => Ok(sandbox.verdict()),
        Ok(status) => bail!("the last worker ended with {status:?}"),
        Err(_) => bail!("the last worker was not quiet after {} s", within.as_secs()),
    }
}

/// Moments from a seed: xorshift is all that is needed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}
