//! The house rules, as a test: what is written in ARCHITECTURE.md and cannot be said in types.
//!
//! Each rule returns what it found, in words that say what to do instead. Each has a test that it finds a planted offence.

mod crates;
mod docs;
mod sources;
mod tree;

use anyhow::{Result, bail};

use crate::run::root;
use tree::Tree;

/// One breach of a rule: where, and what to do.
pub(crate) type Finding = String;

type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

const RULES: &[Rule] = &[
    ("dependency rule", crates::dependency_rule),
    ("pure crates", crates::pure_crates),
    ("no float near money", sources::no_float_near_money),
    ("heads and sizes", sources::heads_and_sizes),
    ("dead files", sources::dead_files),
    ("words", sources::words),
    ("oracle apart", sources::oracle_apart),
    ("config keys", docs::config_keys),
    ("links", docs::links),
    ("ban reasons", docs::ban_reasons),
];

/// Checks the tree and lists every breach.
pub fn check() -> Result<()> {
    let tree = Tree::read(&root())?;
    let mut found = 0;
    for (name, rule) in RULES {
        for finding in rule(&tree) {
            eprintln!("tidy: {name}: {finding}");
            found += 1;
        }
    }
    if found > 0 {
        bail!("{found} breaches of the house rules");
    }
    eprintln!("tidy: {} rules, {} files, nothing found", RULES.len(), tree.files().count());
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        super::check().expect("see the findings above");
    }
}
