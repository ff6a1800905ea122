//! Amazon as a client sees it, over real HTTP.

mod aws;
mod client;
mod clients;
mod fault;
mod finances;
mod finances_v0;
mod login;
mod orders;
mod orders_v0;
mod queue;
mod reports;
mod schema;
mod settlements;
mod speed;
mod static_pairs;
