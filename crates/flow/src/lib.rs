//! Flows: which documents an order wants, as data a bookkeeper can read.
//!
//! A flow is a TOML text with one AST and one validator. [`evaluate`] is a pure function of flow, mapping, order, books and what
//! is held; it gives drafts and a trace, and never computes VAT: business actions call `bookkeeping`.

mod definition;
mod error;
mod evaluate;
mod parse;
mod policy;
mod rules;

pub use bookkeeping::sales::Held;
pub use bookkeeping::{Advice, Problem};
pub use definition::{Action, Condition, Field, Flow, Otherwise, Step, StepKind};
pub use error::FlowError;
pub use evaluate::{Evaluation, Outcome, StepTrace, evaluate};
pub use policy::{Reference, policy};
pub use rules::{rules, vocabulary};
