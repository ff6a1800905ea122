//! What is wrong with a mapping, where, and what to do.

use std::fmt;

/// One problem of a mapping document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Dotted key, for example `invoices.payment.method`; empty for the document.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl MappingError {
    pub(crate) fn new(key: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> MappingError {
        MappingError { key: key.into(), what: what.into(), fix: fix.into() }
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() { "mapping" } else { &self.key };
        write!(f, "{key}: {}. {}", self.what, self.fix)
    }
}

impl std::error::Error for MappingError {}
