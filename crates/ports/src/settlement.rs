//! What a marketplace's connector reads out of a settlement file.

use model::{Settlement, SettlementRow};
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::Parked;

/// A settlement file that was read to its end. A file may hold several settlements.
pub trait SettlementBook: Send {
    /// Its settlements, balanced or not.
    fn settlements(&self) -> &[ReadSettlement];

    /// Gives every row of the settlement at `place`, in the file's order. Rows whose amount cannot be read are not given: such a
    /// settlement is not balanced, and only a balanced one may be posted.
    ///
    /// # Errors
    ///
    /// [`Parked`] if the file cannot be read any more, or there is no such place.
    fn rows(&self, place: usize, each: &mut dyn FnMut(&SettlementRow<'_>)) -> Result<(), Parked>;
}

/// A settlement as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSettlement {
    /// Format of the file, in the connector's word: `v2`.
    pub format: &'static str,
    /// The marketplace's id; empty if the file does not say.
    pub id: String,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// Its head, if the file states the total: without one there is nothing to balance against.
    pub head: Option<Settlement>,
    /// Sum of all amounts that could be read.
    pub sum: Money,
    /// Amounts that could be read.
    pub rows: u64,
    /// Whether every amount was read and all sum to the total, exactly. Nothing else may be posted.
    pub balanced: bool,
    /// What is wrong with it, the worst first.
    pub problems: Vec<SettlementProblem>,
}

/// Something wrong in a settlement file, in words: what happened, what it means for the books, what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementProblem {
    /// How heavy it weighs.
    pub weight: ProblemWeight,
    /// Physical line of the file (1-based), if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What happened.
    pub what: String,
    /// What it means for the books.
    pub means: String,
    /// What to do next.
    pub next: String,
}

/// How heavy a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemWeight {
    /// Nothing of the settlement may be posted.
    Stops,
    /// The row's amount waits on suspense; the rest is posted.
    ToSuspense,
    /// Worth knowing; nothing is held back.
    Note,
}
