//! Running other programs: what they print to stdout stays on stdout, everything of ours goes to stderr.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The optimised profile without link-time optimisation: what the demo and the campaigns run, quick to build again.
const PROFILE: &str = "demo";

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// Builds the binary and says where it is.
pub fn build() -> Result<PathBuf> {
    eprintln!("building the binary …");
    let output = Command::new(cargo())
        .current_dir(root())
        .args(["build", "--bin", "tillbridge", "--profile", PROFILE, "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the binary does not build");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "tillbridge")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo did not say where the binary is")
}

/// Builds the binary and runs one of its commands; ends this process with its exit code.
pub fn tillbridge(command: &str, args: &[String]) -> Result<()> {
    let binary = build()?;
    let args: Vec<&String> = args.iter().skip_while(|arg| *arg == "--").collect();
    let status = Command::new(&binary).current_dir(root()).arg(command).args(args).status()?;
    std::process::exit(status.code().unwrap_or(1));
}

/// Runs the benchmark of the order path, on the profile of the campaigns.
pub fn bench(args: &[String]) -> Result<()> {
    let mut words = vec!["bench", "--package", "tillbridge", "--bench", "spine", "--profile", PROFILE, "--"];
    words.extend(args.iter().map(String::as_str).skip_while(|arg| *arg == "--"));
    cargo_with(&words, &[])
}

/// Runs cargo in the root and fails if it fails.
pub fn cargo_with(args: &[&str], env: &[(&str, &str)]) -> Result<()> {
    program(&cargo(), args, &root(), env)
}

/// Runs a program and fails if it fails.
pub fn program(name: &str, args: &[&str], folder: &Path, env: &[(&str, &str)]) -> Result<()> {
    eprintln!("$ {name} {}", args.join(" "));
    let status = Command::new(name)
        .args(args)
        .current_dir(folder)
        .envs(env.iter().copied())
        .status()
        .with_context(|| format!("`{name}` could not be started: is it installed?"))?;
    if !status.success() {
        bail!("`{name} {}` failed ({status})", args.join(" "));
    }
    Ok(())
}

/// Whether a program can be started.
pub fn has(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
