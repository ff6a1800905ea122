//! Why an evidence file cannot be used.

use std::fmt;

/// One thing that is wrong with an evidence file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceError {
    /// The file, as it was given.
    pub file: String,
    /// Line in it (1-based); `None`: the file as a whole.
    pub line: Option<u64>,
    /// Name of the column, if the trouble is in one.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl EvidenceError {
    pub(super) fn new(file: &str, what: impl Into<String>, fix: impl Into<String>) -> EvidenceError {
        EvidenceError { file: file.to_owned(), line: None, column: None, what: what.into(), fix: fix.into() }
    }

    pub(super) fn at(mut self, line: u64) -> EvidenceError {
        self.line = Some(line);
        self
    }

    pub(super) fn in_column(mut self, column: &str) -> EvidenceError {
        self.column = Some(column.to_owned());
        self
    }
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}. {}", self.what, self.fix)
    }
}

impl std::error::Error for EvidenceError {}
