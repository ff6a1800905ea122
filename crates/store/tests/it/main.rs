//! The store over its public API, and its SQL on both databases.

mod durable;
mod lanes;
mod quotas;
mod secrets;
mod settlements;
mod statements;
