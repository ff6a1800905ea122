//! The two ports: a [`Marketplace`] that is observed and [`Books`] that are written, and how their calls fail.
//!
//! A connector is one folder that implements one of these. It never retries by itself (the runner does, at one layer), never
//! keeps business state, and never invents a value: what it cannot read it parks with its JSON path.

mod books;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod marketplace;
mod permits;
mod settlement;

pub use books::{
    BankAccount, Books, BooksReference, CompanyInfo, Depth, Found, FoundParty, Nominal, NumberedMethod, Party,
    PartyMatch, Product, SendOutcome, Window,
};
pub use error::{ConnectorError, Parked, System};
pub use marketplace::{
    BacklogSituation, BulkJob, BulkState, BulkStep, ChangePage, ChangeQuery, Discovered, FileBytes, Hint, HintBatch,
    Look, Marketplace, NamePage, Named, Observed, Participation, PayoutPage, PayoutQuery, SettlementFileRef,
    SettlementPage, SettlementQuery, TransactionPage, TransactionQuery, TransactionsOf,
};
pub use permits::{Limit, Permits, Urgency};
pub use settlement::{ProblemWeight, ReadSettlement, SettlementBook, SettlementProblem};
