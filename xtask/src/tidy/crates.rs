//! Which crate may know which.

use toml::Table;

use super::Finding;
use super::tree::Tree;

/// Arrows point down: (crate, what it may use). `sim` stands apart on purpose: an oracle that shares code with the product
/// makes the same mistakes.
const MAY_USE: &[(&str, &[&str])] = &[
    ("money", &[]),
    ("clock", &[]),
    ("model", &["money"]),
    ("bookkeeping", &["money", "model"]),
    ("reconcile", &["money", "model"]),
    ("mapping", &["money", "model"]),
    ("flow", &["money", "model", "bookkeeping", "mapping"]),
    ("suggest", &["money", "model", "bookkeeping"]),
    ("ports", &["money", "model"]),
    ("amazon", &["money", "clock", "model", "ports"]),
    ("kashflow", &["money", "clock", "model", "ports"]),
    ("offline", &["money", "model", "bookkeeping", "reconcile", "mapping", "flow", "ports", "amazon"]),
    ("store", &["money", "clock", "model", "ports"]),
    ("runner", &["money", "clock", "model", "bookkeeping", "mapping", "flow", "ports", "store"]),
    ("sim", &["money", "clock"]),
    ("server", &["money", "clock", "model", "ports", "flow", "store", "runner"]),
];

/// Crates without I/O, clock and async runtime, and what they therefore must not use.
const PURE: &[&str] = &["money", "model", "bookkeeping", "reconcile", "mapping", "flow", "suggest"];
const IMPURE: &[&str] =
    &["tokio", "reqwest", "axum", "sqlx", "futures-util", "getrandom", "rand", "tracing", "async-trait"];

fn dependencies(tree: &Tree, krate: &str, section: &str) -> Vec<String> {
    let Some(text) = tree.get(&format!("crates/{krate}/Cargo.toml")) else { return Vec::new() };
    let Ok(manifest) = text.parse::<Table>() else { return Vec::new() };
    manifest
        .get(section)
        .and_then(|value| value.as_table())
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

fn is_ours(name: &str) -> bool {
    MAY_USE.iter().any(|(krate, _)| *krate == name)
}

/// A crate uses only crates below it.
pub fn dependency_rule(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, _) in tree.ending("/Cargo.toml").filter(|(name, _)| name.starts_with("crates/")) {
        let krate = name.trim_start_matches("crates/").trim_end_matches("/Cargo.toml");
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == krate) else {
            found.push(format!("{name}: say in xtask/src/tidy/crates.rs what `{krate}` may use"));
            continue;
        };
        for used in dependencies(tree, krate, "dependencies").into_iter().filter(|used| is_ours(used)) {
            if !allowed.contains(&used.as_str()) {
                found.push(format!("{name}: `{krate}` must not use `{used}`; move the shared part down or pass it in"));
            }
        }
    }
    found
}

/// The core knows no runtime, clock, network or database.
pub fn pure_crates(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for krate in PURE {
        for used in dependencies(tree, krate, "dependencies") {
            if IMPURE.contains(&used.as_str()) {
                found.push(format!("crates/{krate}/Cargo.toml: the core does no I/O, so it must not use `{used}`"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let tree = Tree::of(&[(
            "crates/model/Cargo.toml",
            "[dependencies]\nbookkeeping.workspace = true\ntokio.workspace = true\n",
        )]);
        assert_eq!(dependency_rule(&tree).len(), 1);
        assert_eq!(pure_crates(&tree).len(), 1);
    }

    #[test]
    fn a_simulator_that_borrows_from_the_product_is_found() {
        let tree = Tree::of(&[("crates/sim/Cargo.toml", "[dependencies]\nbookkeeping.workspace = true\n")]);
        assert_eq!(dependency_rule(&tree).len(), 1);
    }
}
