//! Persistence: one SQLite file that holds the truth.
//!
//! All writes go through one writer, which commits the jobs that queued meanwhile together ([`Store::write`]); reads use a pool
//! beside it. Every statement is a constant in [`sql`], in a dialect that SQLite and PostgreSQL both prepare. Facts and audit
//! rows are append-only, by triggers. Nothing is sent to a remote that was not committed here first.

pub mod audit;
mod columns;
pub mod connections;
pub mod cursors;
mod error;
pub mod events;
pub mod facts;
pub mod files;
pub mod finances;
pub mod hints;
pub mod intents;
pub mod lanes;
pub mod numbers;
mod open;
pub mod orders;
pub mod parties;
pub mod quotas;
pub mod reviews;
pub mod runs;
pub mod settled;
pub mod settlements;
pub mod sql;
pub mod users;
pub mod vault;
mod writer;

pub use error::StoreError;
pub use open::Store;
pub use writer::Tx;
