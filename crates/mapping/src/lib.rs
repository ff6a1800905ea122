//! The mapping: everything the owner decides, as one TOML document, and the function library beside it.
//!
//! Parsing is strict: an unknown key names the one that was probably meant, a value of the wrong kind says what is expected.
//! Pure, and independent of `bookkeeping`: [`flow`](../flow/index.html) joins the two.

pub mod address;
mod document;
mod error;
mod schema;

pub use document::{
    Accounts, Customers, Destination, Invoices, Mapping, NominalCodeOrTable, Payment, Product, Rates, Seller, Vat,
};
pub use error::MappingError;

/// The documented mapping that `connect` starts from.
pub const DEFAULT: &str = include_str!("../default-mapping.toml");
