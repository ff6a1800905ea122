//! Files and words of the command line.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mapping::Mapping;
use offline::evidence::EvidenceError;
use offline::{Accepted, Given};

use crate::cli::output::Usage;

/// Threads that help: beyond two, reading a file is not what takes the time.
const THREADS_MAX: usize = 2;

/// Largest evidence file that is read into memory.
const EVIDENCE_MAX: u64 = 512 << 20;

/// Threads for reading: what a person says, else as many as help.
pub fn threads(said: Option<usize>) -> usize {
    said.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)).max(1)
}

fn one(path: &Path) -> Result<Given<'_>> {
    Given::path(path).with_context(|| format!("{} is not a name that can be shown: rename the file", path.display()))
}

/// Files as they were typed. A path that is no text cannot be told in an answer, so it is refused.
pub fn given(paths: &[PathBuf]) -> Result<Vec<Given<'_>>> {
    paths.iter().map(|path| one(path)).collect()
}

/// Reads the profile; every problem is told with its key.
pub fn profile(path: &Path) -> Result<Mapping> {
    let text = std::fs::read_to_string(path)
        .with_context(|| {
            format!("the profile {} could not be read; examples/profiles has some to start from", path.display())
        })
        .map_err(Usage::of)?;
    Mapping::parse_profile(&text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let count = if lines.len() == 1 { "a problem".to_owned() } else { format!("{} problems", lines.len()) };
        Usage::of(anyhow::anyhow!("the profile {} has {count}:\n  {}", path.display(), lines.join("\n  ")))
    })
}

/// `LINE=AMOUNT` or `FILE:LINE=AMOUNT` for each accepted amount.
pub fn accepted(words: &[String], files: &[PathBuf]) -> Result<Accepted> {
    let mut accepted = Accepted::new();
    for word in words {
        let wrong = || {
            Usage::of(anyhow::anyhow!(
                "--accept-amount {word}: write LINE=AMOUNT, for example 5012=-4.40, or FILE:LINE=AMOUNT"
            ))
        };
        let (place, amount) = word.split_once('=').ok_or_else(wrong)?;
        let (file, line) = match place.rsplit_once(':') {
            Some((file, line)) => (file.to_owned(), line),
            None => match files {
                [one] => (one.display().to_string(), place),
                _ => {
                    return Err(Usage::of(anyhow::anyhow!(
                        "--accept-amount {word}: several files were given, so say which one: FILE:LINE=AMOUNT"
                    )));
                }
            },
        };
        if !files.iter().any(|given| given.display().to_string() == file) {
            return Err(Usage::of(anyhow::anyhow!("--accept-amount {word}: {file} is not among the files given")));
        }
        let line: u64 = line.trim().parse().map_err(|_| wrong())?;
        accepted.entry(file).or_default().insert(line, amount.trim().to_owned());
    }
    Ok(accepted)
}

/// Reads an evidence file whole.
pub fn evidence(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| format!("{} could not be read", path.display()))?;
    let mut bytes = Vec::new();
    file.take(EVIDENCE_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} could not be read", path.display()))?;
    if bytes.len() as u64 > EVIDENCE_MAX {
        bail!("{} is larger than 512 MiB: give the part that belongs to these settlements", path.display());
    }
    Ok(bytes)
}

/// Tells every problem of an evidence file.
pub fn told<T>(read: Result<T, Vec<EvidenceError>>) -> Result<T> {
    read.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}
