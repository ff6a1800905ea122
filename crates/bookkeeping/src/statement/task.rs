//! Tasks as people and programs read them.

use serde::Serialize;

use crate::settlement::Task;

/// Something that a person should see.
#[derive(Clone, Debug, Serialize)]
pub struct TaskLine {
    /// Stable code.
    pub code: &'static str,
    /// The settlement.
    pub settlement: String,
    /// The marketplace's words, if all rows are of one kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<String>,
    /// As above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_type: Option<String>,
    /// As above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_description: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Sum of its rows.
    pub sum: String,
    /// Its currency.
    pub currency: &'static str,
    /// How many rows or items.
    pub count: u64,
    /// First line in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong and what it means for the books.
    pub cause: String,
    /// What to do.
    pub next: String,
    /// Whether it should be looked at first.
    pub high_priority: bool,
    /// Known rows that these resemble: shown, never applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

impl TaskLine {
    /// Shows `task` of a settlement.
    pub fn of(task: &Task, settlement: &str) -> TaskLine {
        let word = |place: usize| task.rows_of.as_ref().map(|words| words[place].clone());
        let like = |suggestion: &crate::settlement::vocabulary::Suggestion| {
            format!("like {} ({}): {}", suggestion.like.join(" / "), suggestion.role.as_str(), suggestion.reason)
        };
        TaskLine {
            code: task.code,
            settlement: settlement.to_owned(),
            transaction_type: word(0),
            amount_type: word(1),
            amount_description: word(2),
            subject: task.subject.clone(),
            sum: task.sum.digits(),
            currency: task.sum.currency().code(),
            count: task.count,
            line: Some(task.line).filter(|line| *line > 0),
            cause: task.cause.clone(),
            next: task.next.clone(),
            high_priority: task.high_priority,
            suggestions: task.suggestions.iter().map(like).collect(),
        }
    }
}
