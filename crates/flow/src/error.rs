//! What is wrong with a flow: line, step, what, and what to do.

use std::fmt;

/// One problem of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError {
    /// Line of the text, from 1; 0 if the whole text is meant.
    pub line: usize,
    /// The step's id, if one is meant.
    pub step: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
        } else {
            f.write_str("flow")?;
        }
        if let Some(step) = &self.step {
            write!(f, ", step `{step}`")?;
        }
        write!(f, ": {}. {}", self.what, self.fix)
    }
}

impl std::error::Error for FlowError {}
