//! What no source file may hold, and what each must.

use super::Finding;
use super::tree::Tree;

/// Longest source file: beyond this it holds two things.
const LINES_MAX: usize = 600;

fn rust(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.ending(".rs")
}

/// Code without comments and strings' neighbours: good enough to look for words.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let edge = |character: Option<char>| !character.is_some_and(|c| c.is_alphanumeric() || c == '_');
        edge(line[..at].chars().next_back()) && edge(line[at + word.len()..].chars().next())
    })
}

/// Binary floats have no place where amounts are read, computed or written.
pub fn no_float_near_money(tree: &Tree) -> Vec<Finding> {
    const NEAR_MONEY: &[&str] = &[
        "crates/money/",
        "crates/model/",
        "crates/bookkeeping/",
        "crates/reconcile/src/",
        "crates/mapping/",
        "crates/flow/",
        "crates/ports/",
        "crates/kashflow/src/",
        "crates/amazon/src/orders",
        "crates/amazon/src/reports",
        "crates/amazon/src/settlements",
        "crates/amazon/src/finances",
        "crates/sim/src/oracle",
    ];
    rust(tree)
        .filter(|(name, _)| NEAR_MONEY.iter().any(|place| name.starts_with(place)))
        .flat_map(|(name, text)| {
            code_lines(text)
                .filter(|(_, line)| has_word(line, "f64") || has_word(line, "f32") || line.contains("as_f64"))
                .map(move |(number, _)| {
                    format!("{name}:{number}: no float near money; use Money, Decimal or the digits")
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// A file says what it is, and is small enough to be one thing.
pub fn heads_and_sizes(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, text) in rust(tree) {
        // Modules of tests are named by their file, and their tests by sentences.
        let of_tests = name.ends_with("tests.rs") || name.contains("/tests/it/");
        if !of_tests && !text.trim_start().starts_with("//!") {
            found.push(format!("{name}: begin with `//!`: what the file is, then what is surprising"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            found.push(format!("{name}: {lines} lines; split it where it holds two things"));
        }
    }
    found
}

/// A file that no `mod` names is never compiled.
pub fn dead_files(tree: &Tree) -> Vec<Finding> {
    const ROOTS: &[&str] = &["lib.rs", "main.rs", "build.rs"];
    let mut found = Vec::new();
    for (name, _) in
        rust(tree).filter(|(name, _)| name.contains("/src/") || name.starts_with("src/") || name.contains("/tests/it/"))
    {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        if ROOTS.contains(&file) || folder.ends_with("/bin") {
            continue;
        }
        let (module, parents) = match file {
            "mod.rs" => {
                let (above, module) = folder.rsplit_once('/').unwrap_or(("", folder));
                (module, vec![format!("{above}/lib.rs"), format!("{above}/main.rs"), format!("{above}/mod.rs")])
            }
            _ => {
                let own = folder.rsplit_once('/').map(|(above, last)| format!("{above}/{last}.rs")).unwrap_or_default();
                (
                    file.trim_end_matches(".rs"),
                    vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs"), format!("{folder}/mod.rs"), own],
                )
            }
        };
        let declared = parents.iter().filter_map(|parent| tree.get(parent)).any(|text| {
            text.lines()
                .map(str::trim)
                .any(|line| line.ends_with(&format!("mod {module};")) || line.ends_with(&format!("mod {module} {{")))
        });
        if !declared {
            found.push(format!("{name}: no `mod {module};` names it; delete it or use it"));
        }
    }
    found
}

/// Words that do not belong in the product, each with its reason.
pub fn words(tree: &Tree) -> Vec<Finding> {
    const BANNED: &[(&str, &str)] = &[
        ("todo!(", "finish it or leave it out"),
        ("unimplemented!(", "finish it or leave it out"),
        ("FIXME", "mend it, or write an issue"),
        ("registry.npmjs.org", "the repository names no package-registry host"),
        ("static.crates.io", "the repository names no package-registry host"),
        ("files.pythonhosted.org", "the repository names no package-registry host"),
    ];
    tree.files()
        .filter(|(name, _)| {
            !name.starts_with("xtask/src/tidy/")
                && !name.ends_with("package-lock.json")
                && !name.ends_with("Cargo.lock")
        })
        .flat_map(|(name, text)| {
            text.lines()
                .enumerate()
                .flat_map(move |(index, line)| {
                    BANNED
                        .iter()
                        .filter(move |(word, _)| line.contains(word))
                        .map(move |(word, reason)| format!("{name}:{}: `{word}`: {reason}", index + 1))
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The oracle shares no code with what it judges, nor with the sandbox's own rendering of Amazon.
pub fn oracle_apart(tree: &Tree) -> Vec<Finding> {
    const FOREIGN: &[&str] = &["bookkeeping", "mapping", "flow", "amazon", "runner", "model", "ports", "store"];
    rust(tree)
        .filter(|(name, _)| name.starts_with("crates/sim/src/oracle"))
        .flat_map(|(name, text)| {
            code_lines(text)
                .filter(|(_, line)| {
                    FOREIGN.iter().any(|krate| has_word(line, krate) && line.contains(&format!("{krate}::")))
                })
                .map(move |(number, _)| {
                    format!("{name}:{number}: the oracle computes for itself; it must not use this")
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_in_a_money_crate_is_found_but_not_in_a_comment() {
        let tree = Tree::of(&[("crates/money/src/a.rs", "//! A.\n// f64 is banned\nfn a(x: f64) {}\n")]);
        assert_eq!(
            no_float_near_money(&tree),
            ["crates/money/src/a.rs:3: no float near money; use Money, Decimal or the digits"]
        );
    }

    #[test]
    fn a_file_without_head_and_without_mod_is_found_twice() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "//! A.\nmod b;\n"),
            ("crates/a/src/b.rs", "//! B.\n"),
            ("crates/a/src/c.rs", "fn c() {}\n"),
        ]);
        assert_eq!(heads_and_sizes(&tree).len(), 1);
        assert_eq!(dead_files(&tree).len(), 1);
    }

    #[test]
    fn an_oracle_that_asks_the_product_is_found() {
        let tree = Tree::of(&[("crates/sim/src/oracle/mod.rs", "//! O.\nuse bookkeeping::sales;\n")]);
        assert_eq!(oracle_apart(&tree).len(), 1);
    }
}
