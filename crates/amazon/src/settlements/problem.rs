//! What is wrong with a file, in sentences: what happened, what it means for the books, what to do next.

use money::Money;
use serde::Serialize;

use super::notes::{Flaw, FlawKind, Notes};

/// How heavy a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Nothing of the settlement may be posted.
    Stops,
    /// The row's amount goes to suspense; the rest is posted.
    ToSuspense,
    /// Worth knowing; nothing is held back.
    Note,
}

/// Something wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How heavy it weighs.
    pub weight: Weight,
    /// Physical line (1-based), if it has one.
    pub line: Option<u64>,
    /// Amazon's name of the column, if it is about one.
    pub column: Option<&'static str>,
    /// The value as it stands in the file, at most 60 characters.
    pub value: Option<String>,
    /// What happened.
    pub what: String,
    /// What it means for the books.
    pub means: String,
    /// What to do next.
    pub next: String,
}

/// A row that may be why a settlement does not balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suspect {
    /// Physical line (1-based).
    pub line: u64,
    /// Its amount in minor units.
    pub amount_minor: i64,
    /// Why it is suspected.
    pub why: String,
}

impl Problem {
    pub(crate) fn of_file(weight: Weight, what: impl Into<String>, means: &str, next: impl Into<String>) -> Problem {
        Problem {
            weight,
            line: None,
            column: None,
            value: None,
            what: what.into(),
            means: means.to_owned(),
            next: next.into(),
        }
    }
}

const TO_SUSPENSE: &str =
    "The field is left empty and the row's amount goes to suspense with a task; all other rows are posted";
const QUARANTINED: &str = "Nothing of this settlement is posted, because its rows do not add up without this amount";
const AGAIN: &str = "Download the file again; if it is the same, correct the row by hand once it is in suspense";

/// The problem that a flaw is. `balances_with` is the amount that would make the file balance, if only one is missing.
pub(crate) fn of_flaw(flaw: &Flaw, line: u64, balances_with: Option<Money>) -> Problem {
    let Flaw { kind, column, value, .. } = flaw;
    let at = format!("Line {line}");
    let (weight, what, means, next) = match kind {
        FlawKind::Amount(error) => {
            let next = match balances_with {
                Some(amount) => format!(
                    "{} would make the settlement balance. Download the file again, or, if the rest of the row is right, accept that \
                     amount for line {line}: it then goes to suspense",
                    amount.digits()
                ),
                None => {
                    format!("Download the file again, or accept an amount for line {line}: it then goes to suspense")
                }
            };
            let what = if value.is_empty() {
                format!("{at} names an amount in `{column}` and has none")
            } else {
                format!("{at}: `{value}` in `{column}` {}", error.reason())
            };
            (Weight::Stops, what, QUARANTINED, next)
        }
        FlawKind::Accepted => (
            Weight::ToSuspense,
            format!("{at}: a person accepted an amount in place of `{value}`"),
            "The accepted amount goes to suspense with a task",
            "Find out what the row is about and move its amount out of suspense".to_owned(),
        ),
        FlawKind::Date => (
            Weight::ToSuspense,
            format!("{at}: `{value}` in `{column}` is not a date that can be read for certain"),
            TO_SUSPENSE,
            AGAIN.to_owned(),
        ),
        FlawKind::Quantity => (
            Weight::ToSuspense,
            format!("{at}: `{value}` in `{column}` is not a number of units"),
            TO_SUSPENSE,
            AGAIN.to_owned(),
        ),
        FlawKind::Currency => (
            Weight::ToSuspense,
            format!("{at}: `{value}` in `{column}` is not a currency"),
            TO_SUSPENSE,
            AGAIN.to_owned(),
        ),
        FlawKind::Settlement => (
            Weight::ToSuspense,
            format!("{at} names the settlement `{value}`, which is not the one of this file"),
            "The row is counted in this settlement and its amount goes to suspense with a task; all other rows are posted",
            "If files were put together by hand, give each settlement as a file of its own".to_owned(),
        ),
        FlawKind::Fragment => (
            Weight::Note,
            format!("{at} is a piece of a row (`{value}`) and has no amount"),
            "No amount is taken from it. If the settlement does not balance, a row was lost here",
            "Download the file again if the settlement does not balance".to_owned(),
        ),
        FlawKind::TooManyFields => (
            Weight::ToSuspense,
            format!(
                "{at} has more fields than the header has columns (`{value}`), so its fields may stand in the wrong columns"
            ),
            "The row's amount goes to suspense with a task; all other rows are posted",
            AGAIN.to_owned(),
        ),
        FlawKind::Marketplace => (
            Weight::Note,
            format!("{at}: `{value}` in `{column}` is not an Amazon site that we know"),
            "The VAT treatment of its sales would be a guess, so they need a rule of yours",
            "Report the name to the makers of Tillbridge, or map the site yourself".to_owned(),
        ),
    };
    Problem {
        weight,
        line: Some(line),
        column: Some(*column).filter(|column| !column.is_empty()),
        value: Some(value.clone()).filter(|value| !value.is_empty()),
        what,
        means: means.to_owned(),
        next,
    }
}

/// One problem for all the flaws of a kind that were counted and not kept.
pub(crate) fn of_the_rest(notes: &Notes) -> impl Iterator<Item = Problem> {
    notes.counts.iter().filter_map(|(kind, count)| {
        let kept = notes.flaws.iter().filter(|flaw| flaw.kind == *kind).count() as u64;
        let example = notes.flaws.iter().find(|flaw| flaw.kind == *kind)?;
        let alike = of_flaw(example, 0, None);
        (*count > kept).then(|| Problem {
            what: format!("{} more lines have the same trouble as those listed in `{}`", count - kept, example.column),
            line: None,
            value: None,
            ..alike
        })
    })
}
