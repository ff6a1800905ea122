//! One file for each noun of the API.

pub(crate) mod audit;
pub(crate) mod connections;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod order;
pub(crate) mod orders;
pub(crate) mod overview;
pub(crate) mod owner;
pub(crate) mod reviews;
pub(crate) mod runs;
pub(crate) mod session;
pub(crate) mod settlement;
pub(crate) mod settlement_acts;
pub(crate) mod settlements;
pub(crate) mod vat;
