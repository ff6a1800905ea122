//! Other evidence beside settlement files: orders, finances, bank lines, the settlement before.
//!
//! None is needed to post; each lets the books know what a settlement alone does not say. What cannot be read is refused with its
//! line, its column and what to write: evidence that is half understood would be worse than none.

mod bank;
mod fees;
mod finances;
mod known;
mod orders;
mod payout;
mod previous;
mod problem;
mod table;

pub use bank::{BankLine, bank};
pub use fees::{FeeKnowledge, Product, fees};
pub use finances::{Finances, Told, finances};
pub use known::known_orders;
pub use orders::{OrderItem, orders};
pub use payout::payout;
pub(crate) use previous::reserve;
pub use previous::{Previous, previous};
pub use problem::EvidenceError;
