//! What a person accepted about a settlement: kept with it, as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::StoreError;

/// What a person accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Accepted {
    /// Amounts for lines whose own cannot be read, written with a point. They go to suspense.
    pub(crate) lines: BTreeMap<u64, String>,
    /// To post it although it begins before the first day that this pair is responsible for.
    pub(crate) from_before: bool,
}

impl Accepted {
    /// Reads what was kept; nothing was accepted of a settlement that is new.
    pub(crate) fn parse(text: &str) -> Result<Accepted, StoreError> {
        if text.is_empty() {
            return Ok(Accepted::default());
        }
        serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("accepted amounts: {error}")))
    }

    /// As it is kept.
    pub(crate) fn to_text(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::Bad(error.to_string()))
    }
}
