//! What CI checks, in the order in which a failure is cheapest to find.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::run::{build, cargo_with, has, program, root};
use crate::{tidy, ui};

type Check = (&'static str, fn() -> Result<()>);

const CHECKS: &[Check] = &[
    ("tidy", tidy::check),
    ("fmt", || cargo_with(&["fmt", "--all", "--check"], &[])),
    ("clippy", || cargo_with(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])),
    ("ui", ui_tests),
    ("rust", rust_tests),
    ("demo", demo),
    ("crash", crash),
    ("browser", browser),
];

/// Runs all checks, or those named in `only`.
pub fn all(only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| !CHECKS.iter().any(|(check, _)| check == name)) {
        bail!("there is no check `{unknown}`; there are: {}", CHECKS.map_names());
    }
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, check) in CHECKS {
        if !only.is_empty() && !only.iter().any(|wanted| wanted == name) {
            continue;
        }
        eprintln!("== {name}");
        #[expect(clippy::disallowed_methods, reason = "wall time of a check, for the report")]
        let began = Instant::now();
        match check() {
            Ok(()) => passed += 1,
            Err(error) => {
                eprintln!("FAILED {name}: {error:#}");
                failed.push(*name);
            }
        }
        eprintln!("== {name}: {:.0} s", began.elapsed().as_secs_f64());
    }
    println!("checks: {passed} passed, {} failed", failed.len());
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

trait Names {
    fn map_names(&self) -> String;
}

impl Names for [Check] {
    fn map_names(&self) -> String {
        self.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

fn rust_tests() -> Result<()> {
    let contracts = contracts();
    let contracts = contracts.to_string_lossy().into_owned();
    let env = [("TILLBRIDGE_CONTRACTS", contracts.as_str())];
    if has("cargo-nextest") {
        cargo_with(&["nextest", "run", "--workspace", "--no-fail-fast"], &env)?;
        return cargo_with(&["test", "--workspace", "--doc", "--quiet"], &env);
    }
    cargo_with(&["test", "--workspace", "--quiet"], &env)
}

/// The official API models beside the repository, unless the environment says otherwise.
fn contracts() -> PathBuf {
    std::env::var_os("TILLBRIDGE_CONTRACTS").map_or_else(|| root().join("../shared/contracts"), PathBuf::from)
}

fn ui_tests() -> Result<()> {
    if !has("npm") {
        bail!("npm is not installed: the console cannot be tested");
    }
    ui::install()?;
    ui::npm(&["test"])?;
    ui::build_if_stale()
}

fn demo() -> Result<()> {
    let binary = build()?;
    let binary = binary.to_string_lossy();
    for (seed, faults) in [("7", "none"), ("11", "wild"), ("7", "people")] {
        let args = ["demo", "--headless", "--orders", "300", "--seed", seed, "--faults", faults, "--json"];
        program(&binary, &args, &root(), &[])?;
    }
    // Long enough for one settlement of each account to close, be listed and be posted.
    let weeks = ["demo", "--headless", "--days", "18", "--orders-per-day", "12", "--seed", "3", "--json"];
    program(&binary, &weeks, &root(), &[])
}

fn crash() -> Result<()> {
    let binary = build()?;
    program(&binary.to_string_lossy(), &["campaign", "crash", "--kills", "60", "--seed", "1"], &root(), &[])
}

fn browser() -> Result<()> {
    ui::install()?;
    ui::npm(&["run", "e2e"])
}
