//! The port of a marketplace: observed, never trusted to deliver a message once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use model::{Balance, MoneySummary, Order, OrderId, Payout, Transaction};
use serde::{Deserialize, Serialize};

use crate::{ConnectorError, Parked, SettlementBook, Urgency};

/// What a marketplace said about one object, verbatim, less the buyer's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Which shape the payload has: `amazon.order.2026-01-01`, `amazon.order.v0`, `amazon.order.report`.
    pub kind: String,
    /// The object: the order id.
    pub external_id: String,
    /// The remote's own version of it: when it last changed there.
    pub version: Timestamp,
    /// The payload as JSON text. Buyer data has been taken out of it.
    pub payload: String,
    /// The buyer's data as JSON text, if contacts are on. Stored apart, sealed, with an expiry.
    pub buyer: Option<String>,
}

/// "Look at this order": an event that names an object. Never data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The remote's id of the message; the same id is the same message.
    pub id: String,
    /// The order to look at.
    pub order: OrderId,
    /// When the order changed, as the message says.
    pub changed_at: Timestamp,
}

/// Messages of one receive call. Acknowledge only after they are committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HintBatch {
    /// What to look at.
    pub hints: Vec<Hint>,
    /// One handle for each message received, also for those of other types: pass them to [`Marketplace::acknowledge`].
    pub handles: Vec<String>,
    /// Settlement files that are ready, by the remote's id of the file.
    pub settlement_files: Vec<String>,
    /// Messages that could not be read, kept for a person: (handle, body cut to 2,000 characters without buyer data, why).
    pub unreadable: Vec<(String, String, String)>,
}

/// Which orders to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeQuery {
    /// Orders that changed after this.
    pub changed_after: Timestamp,
    /// … and before this; `None` = up to the remote's own limit (two minutes ago).
    pub changed_before: Option<Timestamp>,
    /// Where the last page ended. Valid only with the same other fields.
    pub page_token: Option<String>,
}

/// An order that a source without its content named: it must be read before anything is decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// The order.
    pub order: OrderId,
    /// When it last changed, as the source says.
    pub changed_at: Timestamp,
}

/// One page of a listing of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamePage {
    /// The orders.
    pub orders: Vec<Discovered>,
    /// Token of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Changes whose orders are known by name: each was read, or waits as a hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// From here …
    pub from: Timestamp,
    /// … to here.
    pub until: Timestamp,
    /// A listing of names under way, over what lies before [`Named::from`].
    pub listing: Option<ChangeQuery>,
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// The orders.
    pub orders: Vec<Observed>,
    /// Orders of the page whose envelope could not be read.
    pub unreadable: Vec<Parked>,
    /// Token of the next page; `None` on the last.
    pub next: Option<String>,
    /// The effective upper bound as the remote states it: the next watermark. Our own clock is never used for it.
    pub up_to: Timestamp,
}

/// What the planner must know to decide how to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BacklogSituation {
    /// Now.
    pub now: Timestamp,
    /// Orders that hints named and nobody looked at yet.
    pub hinted: usize,
    /// The earliest change among them.
    pub oldest_hint: Option<Timestamp>,
    /// Up to where listings are complete.
    pub watermark: Timestamp,
    /// When the last listing ended, and whether one is under way (its next query).
    pub last_sweep: Option<Timestamp>,
    /// A listing under way.
    pub sweep_under_way: Option<ChangeQuery>,
    /// Whether hints arrive at all (a queue is connected). Without them listings must be complete on their own.
    pub has_hints: bool,
    /// How many orders the seller had per day lately, if known: decides report against pages for a long gap.
    pub orders_per_day: Option<u32>,
    /// Up to which change the listing under way has come.
    pub listed_until: Option<Timestamp>,
    /// Changes whose orders are known by name, if a report or a listing of names told them.
    pub named: Option<Named>,
    /// Whether names could not be had lately, so that nothing is to be planned with them.
    pub names_refused: bool,
    /// Whether a report is being made.
    pub bulk_under_way: bool,
    /// When the last report was wanted or failed.
    pub last_bulk: Option<Timestamp>,
}

/// The planner's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Read this many of the hinted orders one by one: oldest first, but newest first while a listing is under way
    /// ([`BacklogSituation::sweep_under_way`]), which works from the oldest change upwards. Both at the same end would read
    /// the same orders twice.
    Single {
        /// How many at most, in parallel.
        at_most: usize,
    },
    /// Read one page of a listing.
    Page(ChangeQuery),
    /// Ask for a report over the window beside.
    Bulk(BulkJob),
    /// Read one page of a listing that only names orders, so that single reads have something to read.
    Names(ChangeQuery),
    /// End the listing under way: what it has not come to was named and read one by one.
    Listed {
        /// Everything that changed up to here has been read: the next watermark.
        up_to: Timestamp,
    },
    /// Nothing is worth a call before this moment (or a new hint).
    Rest {
        /// Not before this.
        until: Timestamp,
    },
}

/// A report job. Small, serialisable, kept by the runner over restarts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkJob {
    /// Orders changed from here …
    pub from: Timestamp,
    /// … to here.
    pub to: Timestamp,
    /// How far it is.
    pub state: BulkState,
}

/// How far a report job is. Each step is one call of [`Marketplace::bulk`]; the new state is committed before the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum BulkState {
    /// Not asked for yet.
    Wanted,
    /// Asked for; the remote makes it.
    Requested {
        /// The remote's id of the report.
        report: String,
    },
    /// Ready to be downloaded.
    Ready {
        /// The remote's id of the document.
        document: String,
    },
    /// Downloaded and handed over, or the remote had nothing for the window.
    Done,
    /// The remote gave up on it.
    Failed {
        /// Why.
        reason: String,
    },
}

/// What one step of a report job gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStep {
    /// How far the job is now.
    pub state: BulkState,
    /// Orders that the report tells all about that matters.
    pub orders: Vec<Observed>,
    /// Orders that it only names: it does not tell when they were dispatched, which is the tax point.
    pub discovered: Vec<Discovered>,
}

/// A site on which the seller sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Name of the site.
    pub name: String,
    /// The marketplace's id of it.
    pub marketplace_id: String,
    /// Whether the seller takes part.
    pub participating: bool,
    /// Whether listings are suspended.
    pub suspended: bool,
}

/// Where a listing of settlement files ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementQuery {
    /// Files made after this; the remote keeps no more than 90 days.
    pub made_after: Timestamp,
    /// Where the last page ended.
    pub page_token: Option<String>,
}

/// A settlement file that the remote has, or is making. Several may hold the same settlement: id and currency in the file tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementFileRef {
    /// The remote's id of the file; it is not the settlement's id.
    pub report: String,
    /// The remote's id of its content; `None` while it is being made.
    pub document: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Begin of the settlement's period, if told.
    pub from: Option<Timestamp>,
    /// End of the settlement's period, if told.
    pub to: Option<Timestamp>,
}

/// One page of settlement files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettlementPage {
    /// The files. Those that the remote gave up on are left out.
    pub files: Vec<SettlementFileRef>,
    /// Token of the next page; `None` on the last.
    pub next: Option<String>,
}

/// The bytes of a file, as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBytes {
    /// Perhaps compressed, in whatever encoding.
    pub bytes: Vec<u8>,
    /// The encoding that came with them, which may be wrong.
    pub charset: Option<String>,
}

/// What transactions are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionsOf {
    /// All that were posted in a window of at most 180 days.
    Posted {
        /// From here, inclusive.
        from: Timestamp,
        /// To here, exclusive; `None` = up to the remote's own limit (two minutes ago).
        to: Option<Timestamp>,
    },
    /// Those of one order.
    Order(OrderId),
    /// Those of one group of the remote (one settlement, under another id).
    Group(String),
}

/// Which transactions to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionQuery {
    /// Which.
    pub of: TransactionsOf,
    /// Where the last page ended. Valid only with the same other fields.
    pub page_token: Option<String>,
}

/// One page of transactions. May be empty and still have a next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionPage {
    /// The transactions: kind, id, when posted, and the JSON as it came. The same id comes again when its status changes.
    pub transactions: Vec<Observed>,
    /// Transactions whose envelope could not be read.
    pub unreadable: Vec<Parked>,
    /// Token of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Which payouts to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutQuery {
    /// Made after this.
    pub made_after: Timestamp,
    /// Made before this; `None` = until now.
    pub made_before: Option<Timestamp>,
    /// Where the last page ended. Valid only with the same other fields.
    pub page_token: Option<String>,
}

/// One page of payouts. May be empty and still have a next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutPage {
    /// The payouts.
    pub payouts: Vec<Payout>,
    /// Payouts that could not be read.
    pub unreadable: Vec<Parked>,
    /// Token of the next page; `None` on the last.
    pub next: Option<String>,
}

/// A place where things are sold: Amazon today.
#[async_trait]
pub trait Marketplace: Send + Sync {
    /// Reads one order.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn order(&self, id: &OrderId, urgency: Urgency) -> Result<Observed, ConnectorError>;

    /// Reads one page of changed orders.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn changes(&self, query: &ChangeQuery, urgency: Urgency) -> Result<ChangePage, ConnectorError>;

    /// Waits for hints (long poll, at most `wait_s` seconds). Without a queue it answers an empty batch at once.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn hints(&self, wait_s: u32) -> Result<HintBatch, ConnectorError>;

    /// Removes messages from the queue. Call it after what they said is committed.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn acknowledge(&self, handles: &[String]) -> Result<(), ConnectorError>;

    /// Whether a queue is connected.
    fn has_hints(&self) -> bool;

    /// Takes a report job one step further. Orders come with the step that ends in [`BulkState::Done`].
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn bulk(&self, job: &BulkJob) -> Result<BulkStep, ConnectorError>;

    /// Reads one page of a listing that only names orders; [`Marketplace::plan`] asks for it where it has a quota of its own.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn names(&self, query: &ChangeQuery) -> Result<NamePage, ConnectorError>;

    /// Decides how to look next so that no quota is wasted. Pure but for reading bucket levels.
    async fn plan(&self, situation: &BacklogSituation) -> Look;

    /// Reads an observed order as ours. Pure.
    ///
    /// # Errors
    ///
    /// [`Parked`] with the JSON path: unknown is never a default.
    fn translate(&self, kind: &str, payload: &str, buyer: Option<&str>) -> Result<Order, Parked>;

    /// The sites of the seller. Also the cheapest proof that the credentials work.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn participations(&self) -> Result<Vec<Participation>, ConnectorError>;

    /// Lists settlement files: they cannot be asked for, only found.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn settlement_files(&self, query: &SettlementQuery) -> Result<SettlementPage, ConnectorError>;

    /// Downloads a file, as its bytes are.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn file(&self, document: &str) -> Result<FileBytes, ConnectorError>;

    /// Reads a settlement file to its end. Pure. `charset` is what came with the bytes; `accepted` are amounts that a person
    /// accepted for lines whose own cannot be read, written with a point.
    ///
    /// # Errors
    ///
    /// [`Parked`] if it is no settlement, damaged, or grows beyond measure: nothing of it is used.
    fn read_settlements<'a>(
        &self,
        bytes: &'a [u8],
        charset: Option<&str>,
        accepted: &BTreeMap<u64, String>,
    ) -> Result<Box<dyn SettlementBook + 'a>, Parked>;

    /// The windows to read so that nothing posted or released since `complete_until` is missed. Pure. Money that was held back
    /// changes old windows for weeks, so each starts earlier than that, and none is longer than the remote answers.
    fn transaction_windows(&self, complete_until: Timestamp, now: Timestamp) -> Vec<TransactionQuery>;

    /// Reads one page of transactions.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn transactions(&self, query: &TransactionQuery, urgency: Urgency)
    -> Result<TransactionPage, ConnectorError>;

    /// Reads an observed transaction as ours. Pure.
    ///
    /// # Errors
    ///
    /// [`Parked`] with the JSON path: unknown is never a default.
    fn translate_transaction(&self, kind: &str, payload: &str) -> Result<Transaction, Parked>;

    /// What the remote says that a settlement came to, by site and account.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn settlement_summary(&self, settlement: &str) -> Result<Vec<MoneySummary>, ConnectorError>;

    /// The balances of the seller's accounts now.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn balances(&self) -> Result<Vec<Balance>, ConnectorError>;

    /// Lists transfers to the seller's bank.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn payouts(&self, query: &PayoutQuery) -> Result<PayoutPage, ConnectorError>;
}
