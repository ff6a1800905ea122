//! What the core cannot decide, and what it wants a person to know although it could.

use serde::{Deserialize, Serialize};

/// Something that keeps an order out of the books until a person has acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code, for example `no_vat_class`.
    pub code: String,
    /// Path of the value in the canonical order.
    pub path: String,
    /// What is wrong and what it means for the books.
    pub reason: String,
    /// The next action.
    pub fix: String,
    /// Whether it should be looked at first.
    pub high_priority: bool,
}

/// Something that a person should know or confirm; the documents are made all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice(pub Problem);

impl From<Advice> for Problem {
    fn from(advice: Advice) -> Problem {
        advice.0
    }
}

impl Problem {
    pub(crate) fn new(
        code: &str,
        path: impl Into<String>,
        reason: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        Problem {
            code: code.to_owned(),
            path: path.into(),
            reason: reason.into(),
            fix: fix.into(),
            high_priority: false,
        }
    }

    pub(crate) fn arithmetic(path: impl Into<String>, error: &money::MoneyError) -> Problem {
        Problem::new(
            "bad_amount",
            path,
            format!("The amounts of this order cannot be added up: {error}."),
            "Open the order on the marketplace and compare its amounts; report it if they look right.",
        )
    }
}
