//! The files of the repository, as git sees them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Path from the root → text, which is empty for binary files.
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads every file that git tracks or would add.
    pub fn read(root: &Path) -> Result<Tree> {
        let output = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root)
            .output()
            .context("git could not be started")?;
        if !output.status.success() {
            bail!("git ls-files failed");
        }
        let names = String::from_utf8_lossy(&output.stdout).into_owned();
        // A binary file counts as a file without text: links may lead to it.
        let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
        let read = |name: &str| Some((name.to_owned(), text(std::fs::read(root.join(name)).ok()?)));
        Ok(Tree(names.split('\0').filter(|name| !name.is_empty()).filter_map(read).collect()))
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    /// All files: (path, text).
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Files whose path ends so.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(name, _)| name.ends_with(end))
    }

    /// One file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether there is such a file, or a folder of that name.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.0.contains_key(path) || self.0.keys().any(|name| name.starts_with(&folder))
    }
}
