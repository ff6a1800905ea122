//! Settlements: from a marketplace's rows to the documents that the books should hold, to the penny.
//!
//! ```text
//! Rules (what the owner decided) ─┐
//! Evidence (orders, bank, …) ─────┤
//! rows, in any order ──> Poster::push … ──> Poster::finish(head) ──> Posted { documents, ledger, tasks, links, clearing }
//! ```
//!
//! A row is looked up in the [`vocabulary`]. A fee is valued by itself; rows of an item of an order are valued together, since the tax basis
//! is decided by arithmetic on all of them. Every [`Mode`] shares these values and only groups them otherwise, so totals are the same to
//! the penny. What is not known waits on suspense with a [`Task`], and the rest posts; only a settlement whose rows do not sum to its
//! total posts nothing. Posting is a pure function: the same rows and rules give the same documents, in whatever order rows come, and
//! [`reclass`] shows what other rules would change.
//!
//! Rules and paragraph numbers are those of the accounting rules that the documentation cites.

mod amounts;
mod book;
mod calendar;
mod checks;
mod drafts;
mod evidence;
mod fee;
mod finish;
mod intake;
mod items;
mod ledger;
mod links;
mod market;
mod posted;
mod poster;
mod reclass;
mod refund;
mod rules;
mod settle;
mod supplier;
mod tasks;
mod texts;
mod value;
pub mod vocabulary;
mod whole;
mod words;

pub use evidence::{BankLine, Deferral, Earlier, Evidence, KnownLine, KnownOrder};
pub use ledger::Ledger;
pub use links::{RowLinks, RowPlace};
pub use market::{Site, Zone};
pub use posted::{Clearing, LateEntry, Posted, SettledLine};
pub use poster::Poster;
pub use reclass::{Reclass, reclass};
pub use rules::{
    Chargebacks, DeferredOn, FeeForm, LoanSplit, Method, Mode, Oss, Periods, Rules, Stock, SupplierChoice, VatJournals,
};
pub use supplier::Series;
pub use tasks::Task;

#[cfg(test)]
mod testing;
