//! What is wrong with a mapping, where, and what to do.

use std::fmt;

/// One problem of a mapping document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Dotted key, for example `invoices.payment.method`; empty for the document.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What the key means, if it is known; else empty.
    pub meaning: String,
    /// What to do.
    pub fix: String,
}

impl MappingError {
    pub(crate) fn new(key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> MappingError {
        MappingError { key: key.into(), what: what.into(), meaning: String::new(), fix: fix.into() }
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() { "mapping" } else { &self.key };
        write!(f, "{key}: {}. {}", self.what, self.fix)?;
        if !self.meaning.is_empty() {
            write!(f, " (it means: {})", self.meaning)?;
        }
        Ok(())
    }
}

impl std::error::Error for MappingError {}
