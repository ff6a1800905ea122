//! KashFlow: one account, its ledger in memory, REST v2 and SOAP over real HTTP.
//!
//! What is documented is done strictly; what nobody has documented is an assumption with a switch in
//! [`crate::KashflowOptions`] or a line in `BEHAVIOR-kashflow.md`. Amounts are exact decimals throughout. [`Account`] is the
//! ledger (the oracle reads it directly), [`router`] the HTTP face.

mod account;
mod api;
mod books;
mod chart;
mod day;
mod error;
mod http;
mod json;
mod ledger;
pub mod people;
mod reference;
mod sessions;
mod soap;
mod sorted;

pub use account::{Account, CustomerKind, NewProduct, Stock};
pub use books::{Paid, Transfer, VatRate, VatSum};
pub use day::london_day;
pub use http::router;
pub use ledger::{
    BankTransaction, BulkItem, BulkPayment, Invoice, Journal, JournalLine, Line, Origin, Payment, Posting, Side, Tax,
};
