//! The mapping: everything the owner decides, as one TOML document, and the function library beside it.
//!
//! The same document serves live books and the offline commands, where it is called a profile. Parsing is strict: an unknown key
//! names the one that was probably meant, a value of the wrong kind says what is expected and what the key means.
//! Pure, and independent of `bookkeeping`: [`flow`](../flow/index.html) joins the two.

pub mod address;
mod document;
mod error;
mod roles;
mod schema;

pub use document::{
    Account, Accounts, Cost, Customers, DatedCost, Destination, Invoices, Loan, Mapping, Oss, OwnRule, Payment,
    Product, Rates, Scheme, SchemeKind, Seller, Settlements, Stock, Supplier, Vat,
};
pub use error::MappingError;
pub use roles::{CLEARING, ROLES, Role};
pub use schema::reference;

/// The documented mapping that `connect` starts from.
pub const DEFAULT: &str = include_str!("../default-mapping.toml");
