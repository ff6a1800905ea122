//! What the documents mean beside the books: what `reconcile` finds, told for a pack.
//!
//! No figure is computed here a second time. This module only translates: documents, rows and evidence into what `reconcile` asks for,
//! and its answers into texts of digits.

mod roles;
pub mod vat;

pub(crate) use roles::Roles;
