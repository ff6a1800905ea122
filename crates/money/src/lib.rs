//! Money as whole minor units of one currency.
//!
//! There is no float between the wire and the database: amounts are read from their digits ([`Money::parse`]), kept as `i64`
//! minor units and split with [`allocate`], which never loses a penny. Two currencies never meet in one sum: arithmetic on
//! [`Money`] is checked and refuses that.

mod allocate;
mod amount;
mod currency;

pub use allocate::{allocate, share};
pub use amount::{Money, MoneyError};
pub use currency::Currency;
