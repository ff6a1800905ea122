//! Other evidence beside settlement files: orders, finances, bank lines, the settlement before.
//!
//! None is needed to post; each lets the books know what a settlement alone does not say. What cannot be read is refused with its
//! line, its column and what to write: evidence that is half understood would be worse than none.

mod bank;
mod orders;
mod problem;
mod table;

pub use bank::{BankLine, bank};
pub use orders::{OrderItem, orders};
pub use problem::EvidenceError;
