use std::collections::BTreeSet;
use std::path::Path;

use reconcile::{Code, Severity};

fn page() -> String {
    let mut text = String::from(
        "# Breaks\n\nA break is a difference that nobody has explained yet. It is found again from the facts whenever they change, so it is never\n\
         closed by hand: when its cause is gone, it is gone. This page is written by a test from the table in the code\n\
         (`UPDATE_DOCS=1 cargo test -p reconcile --test it page`).\n\n\
         **alarm**: the books or the money are wrong, act now. **act**: a person must act, in their own time. **watch**: will probably\n\
         resolve by itself.\n\n| code | urgency | what it is | what to do |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let urgency = match code.severity() {
            Severity::Alarm => "alarm",
            Severity::Act => "act",
            Severity::Watch => "watch",
        };
        text.push_str(&format!("| `{code}` | {urgency} | {} | {} |\n", code.title(), code.action()));
    }
    text
}

#[test]
fn the_page_of_breaks_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors/breaks.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written == page(),
        "run `UPDATE_DOCS=1 cargo test -p reconcile --test it page` and commit docs/errors/breaks.md"
    );
}

#[test]
fn codes_are_words_of_their_own_and_survive_a_round_trip() {
    let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words.len(), Code::ALL.len());
    for code in Code::ALL {
        let json = serde_json::to_string(code).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), *code);
    }
}
