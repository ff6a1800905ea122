//! From scores to probabilities: logistic functions whose weights were fitted on the training charts of the evaluation set.

use serde::{Deserialize, Serialize};

/// What the probability of the best account is computed from. Each is about 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// Score of the best account.
    pub top: f32,
    /// Its lead over the second, relative.
    pub margin: f32,
    /// Share of the best category.
    pub understood: f32,
    /// Sum of that category's evidence, scaled.
    pub evidence: f32,
    /// How well the very name is known.
    pub known: f32,
    /// How specific the account's name is for the category.
    pub specific: f32,
}

impl Features {
    /// The features in a fixed order, with a constant in front.
    pub fn as_array(&self) -> [f32; 7] {
        [1.0, self.top, self.margin, self.understood, self.evidence, self.known, self.specific]
    }
}

/// Fitted by `cargo xtask eval -- --fit` on the training charts.
const ACCOUNTS: [f32; 7] = [-1.252, 3.922, 3.080, 0.415, 0.806, -0.246, -0.718];

/// Probability that the best account is the right one.
pub(crate) fn accounts(features: &Features) -> f32 {
    logistic(&ACCOUNTS, &features.as_array())
}

pub(crate) fn logistic<const N: usize>(weights: &[f32; N], features: &[f32; N]) -> f32 {
    let sum: f32 = weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
    1.0 / (1.0 + (-sum).exp())
}
