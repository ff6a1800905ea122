//! Documents that must stay true.

use std::path::{Component, Path, PathBuf};

use super::Finding;
use super::tree::Tree;

/// Every key of the configuration has a comment above it: the file is the documentation.
pub fn config_keys(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.get("config/default.toml") else { return vec!["config/default.toml is missing".to_owned()] };
    let mut found = Vec::new();
    let mut above = "";
    for (index, line) in text.lines().enumerate() {
        let is_key = line.contains('=') && !line.starts_with('#');
        if is_key && !above.starts_with('#') {
            found.push(format!(
                "config/default.toml:{}: say in a comment above what `{line}` means, with its unit",
                index + 1
            ));
        }
        above = line;
    }
    found
}

/// Relative links of Markdown files lead somewhere.
pub fn links(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, text) in tree.ending(".md") {
        for target in targets(text) {
            let target = target.split('#').next().unwrap_or("");
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let path = resolve(name, target);
            if !tree.has(&path) {
                found.push(format!("{name}: the link to `{target}` leads nowhere"));
            }
        }
    }
    found
}

fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains(char::is_whitespace))
}

fn resolve(from: &str, target: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(from).parent().unwrap_or(Path::new("")).join(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path.to_string_lossy().into_owned()
}

/// A ban without a reason teaches nobody.
pub fn ban_reasons(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.get("clippy.toml") else { return vec!["clippy.toml is missing".to_owned()] };
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.contains("path =") && !line.contains("reason ="))
        .map(|(index, _)| format!("clippy.toml:{}: give the reason and what to use instead", index + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undocumented_key_is_found() {
        let tree = Tree::of(&[("config/default.toml", "[a]\n# What it is.\nb = 1\nc = 2\n")]);
        assert_eq!(config_keys(&tree).len(), 1);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let tree = Tree::of(&[("docs/a.md", "[b](../b.md) [c](c.md) [d](https://example.invalid)"), ("b.md", "")]);
        assert_eq!(links(&tree), ["docs/a.md: the link to `c.md` leads nowhere"]);
    }

    #[test]
    fn a_ban_without_reason_is_found() {
        assert_eq!(ban_reasons(&Tree::of(&[("clippy.toml", "a = [\n{ path = \"x\" },\n]")])).len(), 1);
    }
}
