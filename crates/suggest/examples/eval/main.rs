//! Measures suggestions on the labelled sets of `eval/`: `cargo xtask eval [-- --errors|--fit]`.
//!
//! Charts are split: weights are fitted on the training charts and figures are quoted for the others. Terms are "known" (a
//! sample of the shipped vocabulary), "taught" and "unseen". The knowledge was widened after the first look at both of the latter (74.9 % of
//! the unseen ones were placed rightly before that), so only names that somebody else collects can tell how good it is on new ones.
#![allow(clippy::float_arithmetic)]

mod accounts_eval;

fn main() {
    accounts_eval::run(&std::env::args().skip(1).collect::<Vec<_>>());
}
