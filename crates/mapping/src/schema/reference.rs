//! The reference of all keys, as Markdown.

use std::fmt::Write;

use super::keys::KEYS;
use crate::roles::{CLEARING, ROLES};

/// A table of every key and the suggested chart of accounts. The page in `docs/` is this text, and a test keeps it so.
pub fn reference() -> String {
    let mut text = String::new();
    let mut section = "";
    for key in KEYS {
        let of = key.path.split('.').next().unwrap_or_default();
        let of = if of == key.path { "" } else { of };
        if of != section || text.is_empty() {
            let title = if of.is_empty() { "Top".to_owned() } else { format!("`[{}]`", of.trim_end_matches("[]")) };
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "{}### {title}\n\n| key | value | if left out | meaning |\n|---|---|---|---|\n",
                if text.is_empty() { "" } else { "\n" }
            );
            section = of;
        }
        let default = if key.default.is_empty() { "not set" } else { key.default };
        let _ = writeln!(
            text,
            "| `{}` | {} | {default} | {} |",
            key.path.replace('|', "\\|"),
            key.kind.words(),
            key.meaning
        );
    }
    text.push_str("\n### Roles of `[accounts]` and the suggested chart\n\n| role | suggested account | what is posted there |\n|---|---|---|\n");
    for (currency, code, name) in CLEARING {
        let _ = writeln!(
            text,
            "| `invoices.payment.accounts.{currency}` | {code} {name} | what Amazon owes you in {currency} |"
        );
    }
    for role in ROLES {
        let _ = writeln!(text, "| `{}` | {} {} | {} |", role.word, role.code, role.name, role.meaning);
    }
    text
}
