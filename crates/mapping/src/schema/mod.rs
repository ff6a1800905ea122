//! Every key of a mapping, once: what it means, what may stand there, what holds if it is left out.
//!
//! The same table checks a document and writes the reference in the documentation, so neither can forget a key of the other.

mod check;
mod keys;
mod kind;
mod reference;

pub(crate) use check::problems;
pub use reference::reference;

use kind::Kind;

/// One key. A segment in angle brackets (`<sku>`) stands for a name that the owner chooses, `[]` for a list of tables.
#[derive(Clone, Copy, Debug)]
struct Key {
    /// Dotted path.
    path: &'static str,
    /// What may stand there.
    kind: Kind,
    /// What holds if it is left out; empty: nothing is set.
    default: &'static str,
    /// What it means.
    meaning: &'static str,
}
