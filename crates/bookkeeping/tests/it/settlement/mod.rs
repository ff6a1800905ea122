//! Settlements.

mod behaviour;
mod examples;
mod laws;
mod rows;
mod worlds;
