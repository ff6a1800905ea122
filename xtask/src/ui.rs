//! The console: built with npm when its sources changed. Without Node the binary still builds and serves API and CLI.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::run::{has, program, root};

fn folder() -> PathBuf {
    root().join("ui")
}

/// Builds the console unless the last build was from the same sources.
pub fn build_if_stale() -> Result<()> {
    if !has("npm") {
        eprintln!("npm is not installed: the console is left out, the API and the command line work without it");
        return Ok(());
    }
    let (stamp, sources) = (folder().join("dist/.stamp"), fingerprint()?);
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    eprintln!("building the console …");
    install()?;
    npm(&["run", "build"])?;
    std::fs::write(&stamp, sources).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Installs the locked packages unless that was done.
pub fn install() -> Result<()> {
    let marker = folder().join("node_modules/.package-lock.json");
    let lock = folder().join("package-lock.json");
    let newer = |a: &Path, b: &Path| Some(a.metadata().ok()?.modified().ok()? >= b.metadata().ok()?.modified().ok()?);
    if newer(&marker, &lock) == Some(true) {
        return Ok(());
    }
    npm(&["ci", "--no-audit", "--no-fund"])
}

/// Runs an npm script of the console. What npm prints goes to stderr: stdout belongs to the command that was asked for.
pub fn npm(args: &[&str]) -> Result<()> {
    let mut shell = vec!["-c", "exec npm \"$@\" 1>&2", "npm"];
    shell.extend(args);
    program("sh", &shell, &folder(), &[])
}

/// Writes the console's types from the OpenAPI document.
pub fn generate_types() -> Result<()> {
    install()?;
    npm(&["run", "gen"])
}

fn fingerprint() -> Result<String> {
    let mut files = Vec::new();
    for part in ["src", "api", "public", "scripts"] {
        collect(&folder().join(part), &mut files)?;
    }
    for file in ["package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json"] {
        files.push(folder().join(file));
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files.iter().filter(|file| file.is_file()) {
        file.strip_prefix(folder()).unwrap_or(file).hash(&mut hash);
        std::fs::read(file)?.hash(&mut hash);
    }
    Ok(format!("{:016x}", hash.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
