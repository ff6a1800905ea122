//! Measures suggestions on the labelled sets of `eval/`: `cargo run -p suggest --example eval [-- --errors] [-- --fit]`.
//!
//! Charts are split: weights are fitted on the training charts and figures are quoted for the others. Terms are "known" (a sample of
//! the shipped vocabulary) and "unseen" (wordings that are in no data file).
#![allow(clippy::float_arithmetic)]

mod accounts_eval;

fn main() {
    accounts_eval::run(&std::env::args().skip(1).collect::<Vec<_>>());
}
