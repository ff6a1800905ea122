//! Amazon Selling Partner API as a [`ports::Marketplace`]: observed, read, never retried in here.
//!
//! Both Orders APIs (2026-01-01 and, as a fallback, v0) and the all-orders report give [`ports::Observed`] facts, from which
//! buyer data is taken out *before* anything leaves this crate, and the [`Client`] reads them as [`model::Order`].
//! Surprising: a call is made once and never repeated (the runner retries, at one layer), with one exception: a stale access
//! token is refreshed once. What we assume about Amazon and cannot prove is listed in `BEHAVIOR.md`, cited here by number.

mod answer;
mod bulk;
mod client;
mod config;
mod finances;
mod lwa;
mod marketplace;
pub mod markets;
pub mod notifications;
pub mod oauth;
mod orders_2026;
mod orders_v0;
mod paging;
pub mod planner;
mod rdt;
mod read;
mod redact;
mod reports;
mod settlement_reports;
pub mod settlements;
pub mod setup;
pub mod sqs;
pub mod throttle;

#[cfg(test)]
mod tests;

pub use client::Client;
pub use config::{BuyerData, Config, OrdersApi, QueueConfig, Secrets};
