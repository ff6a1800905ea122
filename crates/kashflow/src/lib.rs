//! KashFlow REST v2 as a set of [`ports::Books`].
//!
//! Reading is tolerant (arrays or envelopes, absent fields, a zoo of dates), writing is strict. Nothing is retried here but one
//! log-in after an expired session. What nobody has documented is written down in BEHAVIOR.md, with its switch in the sandbox.

mod amounts;
mod auth;
mod books;
mod client;
mod config;
mod customers;
mod dates;
mod invoices;
mod pages;
mod reference;

pub use auth::{LoginLedger, LoginNote, LoginOutcome, MemoryLedger, oauth};
pub use client::Client;
pub use config::{AuthConfig, Config, OAuthGrant, Secrets};
