//! Settlements.

mod examples;
mod laws;
mod rows;
mod worlds;
