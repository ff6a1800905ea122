//! The core: from a marketplace order to the documents that the books should hold.
//!
//! Pure: no I/O, no clock, no remote field names. Bad data is an answer ([`Problem`]), never a panic. Rules and paragraph
//! numbers are those of VAT Notice 700 and of the accounting rules that the documentation cites.

// Unit tests share a file with the tests outside, which know the crate by its name.
#[cfg(test)]
extern crate self as bookkeeping;

mod accounts;
mod currency;
mod customers;
pub mod journal;
mod policy;
mod problem;
pub mod sales;
mod scheme;
pub mod settlement;
pub mod statement;
mod tax_basis;
mod vat;

pub use accounts::{Accounts, Role};
pub use currency::Rates;
pub use policy::{
    BooksFacts, CustomerMode, CustomerRules, DestinationRule, InvoiceRules, InvoiceWhen, PaymentRule, Policy,
    ProductLink, Seller, VatClasses, Vcs,
};
pub use problem::{Advice, Problem};
pub use scheme::{VatHistory, VatScheme};
pub use vat::{Treatment, VatClass, vat_inside};
