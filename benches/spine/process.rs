//! Processes of the binary, watched through `/proc`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Kernel ticks for a second, in which `/proc` counts CPU time; fixed for programs on Linux.
const TICKS_PER_S: u64 = 100;

/// A process that did not do what it should by then is broken.
const PATIENCE: Duration = Duration::from_secs(600);

/// The binary under test: `TILLBRIDGE_BENCH_BINARY`, or the one that cargo built for this benchmark.
fn binary() -> String {
    std::env::var("TILLBRIDGE_BENCH_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tillbridge").to_owned())
}

/// Both remotes and a data folder that is joined to them.
pub struct Remotes {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Remotes {
    /// Starts them; the folder is ready for a worker when this returns.
    pub fn start(folder: &Path, options: &[&str]) -> Result<Remotes> {
        let mut child = Command::new(binary())
            .args(["campaign", "load", "--data"])
            .arg(folder)
            .args(options)
            .env("TILLBRIDGE_LOG_LEVEL", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().context("no stdin")?;
        let output = BufReader::new(child.stdout.take().context("no stdout")?);
        let mut remotes = Remotes { child, input, output };
        remotes.line().context("the sandbox did not start")?;
        Ok(remotes)
    }

    /// Asks the oracle and stops.
    pub fn judge(mut self) -> Result<Value> {
        writeln!(self.input)?;
        let verdict = self.line()?;
        self.child.wait()?;
        Ok(verdict)
    }

    fn line(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("not a line of JSON: {line:?}"))
    }
}

impl Drop for Remotes {
    fn drop(&mut self) {
        // Gone already in the good case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A worker or server of the product.
pub struct Product {
    child: Child,
    began: Instant,
    /// Its lines on stderr.
    said: Receiver<String>,
}

impl Product {
    /// Starts `command` (`worker` or `serve`) on `folder`.
    pub fn start(command: &[&str], folder: &Path, history_days: &str) -> Result<Product> {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
        let began = Instant::now();
        let mut child = Command::new(binary())
            .args(command)
            .arg("--data")
            .arg(folder)
            .env("TILLBRIDGE_AMAZON_HISTORY_DAYS", history_days)
            .env("TILLBRIDGE_SERVER_BIND", "127.0.0.1:0")
            .env("TILLBRIDGE_LOG_LEVEL", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = BufReader::new(child.stderr.take().context("no stderr")?);
        let (tell, said) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Product { child, began, said })
    }

    /// Waits until it says that it is ready.
    pub fn ready(&self) -> Result<Duration> {
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) if line == "ready" => return Ok(self.began.elapsed()),
                Ok(line) => eprintln!("  {line}"),
                Err(_) => bail!("it was not ready"),
            }
        }
    }

    /// Seconds of CPU so far, of all its threads.
    pub fn cpu(&self) -> Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        Ok(Duration::from_millis((ticks(11) + ticks(12)) * 1_000 / TICKS_PER_S))
    }

    /// Largest resident memory so far, in KiB.
    pub fn peak_kib(&self) -> Result<u64> {
        field(&format!("/proc/{}/status", self.child.id()), "VmHWM:")
    }

    /// Its share of memory now, in KiB: shared pages are divided among those who share them.
    pub fn pss_kib(&self) -> Result<u64> {
        field(&format!("/proc/{}/smaps_rollup", self.child.id()), "Pss:")
    }

    /// Whether it has ended, and well.
    pub fn ended(&mut self) -> Result<bool> {
        match self.child.try_wait()? {
            None if self.began.elapsed() > PATIENCE => bail!("it did not come to an end"),
            None => Ok(false),
            Some(status) if status.success() => Ok(true),
            Some(status) => bail!("it ended with {status}"),
        }
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // Killed on purpose: nothing may depend on a clean end. It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn field(path: &str, name: &str) -> Result<u64> {
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().find(|line| line.starts_with(name)).with_context(|| format!("{path} has no {name}"))?;
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).with_context(|| format!("{path}: {line}"))
}
