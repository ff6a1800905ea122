//! Settlement files to documents, with neither account nor network.
//!
//! The same path serves the command line and uploads: files in, an evidence pack out. It reads no clock and opens no file by itself
//! except where a caller names one. Documents and ledger are computed by `bookkeeping`, the VAT return by `reconcile`.

mod check;
pub mod evidence;
pub mod export;
mod given;
pub mod insight;
mod opened;
pub mod pack;
mod post;

pub use check::check;
pub use given::{Bytes, FileReport, Given, Trouble, UnknownRows};
pub use opened::Accepted;
pub use post::{Done, Outcome, Request, post};
