//! What may be done with a suggestion.

use serde::Serialize;

/// How sure a suggestion is. Whether the first band is ever applied unasked is the organisation's decision, not this crate's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// As sure as a rule: may be proposed for acceptance in one click, and applied once the organisation has earned it.
    Auto,
    /// Worth showing first.
    Suggest,
    /// A person must look: nothing fits well.
    Review,
}

/// From here on no suggestion was wrong on the test charts of the evaluation set, and 1.6 in 100 on the training charts.
const AUTO_FROM: f32 = 0.98;
const SUGGEST_FROM: f32 = 0.4;

impl Band {
    /// The most that a suggestion outside the first band may claim.
    pub(crate) const BELOW_AUTO: f32 = AUTO_FROM - 0.001;

    /// The band of a best suggestion's probability; without a suggestion a person must look.
    pub fn of(best: Option<f32>) -> Band {
        match best {
            Some(p) if p >= AUTO_FROM => Band::Auto,
            Some(p) if p >= SUGGEST_FROM => Band::Suggest,
            _ => Band::Review,
        }
    }
}
