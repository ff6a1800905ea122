//! Suggestions with reasons: which account, which field, which VAT rate. A person decides; nothing here posts anything.
//!
//! Curated knowledge first, likeness second: the knowledge is data (`data/`), so a better synonym needs no code. Evidence is additive
//! and every suggestion carries its own; probabilities are calibrated on charts and names that were kept apart.
// Scores and probabilities are what this crate is about; no amount of money comes near it.
#![allow(clippy::float_arithmetic)]

pub mod accounts;
mod band;
pub mod calibrate;
mod likeness;
pub mod text;

pub use band::Band;
