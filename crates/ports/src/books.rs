//! The port of the books: looked at, written once, read back.
//!
//! It speaks of [`Draft`]s, whatever they become: a document with a number and a reference, or an entry that only a marker in its
//! comment tells from others. How an entry is found and written is the connector's to know; that it is looked for before it is
//! written, and after an answer was lost, is the runner's (docs/adr/0006).

use async_trait::async_trait;
use jiff::civil::Date;
use model::{
    BankAccountId, CustomerCode, CustomerDraft, DocumentNumber, Draft, NominalCode, PaymentMethodId, Receipt, Series,
    SupplierDraft, VatRate,
};
use serde::{Deserialize, Serialize};

use crate::ConnectorError;

/// Whom a document is made out to, or who made it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party<'a> {
    /// A customer.
    Customer(&'a CustomerDraft),
    /// A supplier.
    Supplier(&'a SupplierDraft),
}

/// How a pre-existing customer or supplier was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyMatch {
    /// By the code we chose.
    Code,
    /// By exactly one with this e-mail address (compared without case).
    Email,
    /// By exactly one with this name.
    Name,
}

/// A customer or supplier that the books hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundParty {
    /// Its code in the books, which may differ from ours when it was made by hand.
    pub code: CustomerCode,
    /// How it was recognised.
    pub by: PartyMatch,
    /// Whether what the books hold differs from the draft (name, VAT number, border, address, e-mail).
    pub differs: bool,
}

/// The days in which an entry is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// How hard an entry is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// By the quickest way that finds it once the books have settled: a search index may be behind.
    Search,
    /// Through the list of everything in the window as well, which needs no index.
    Scan,
}

/// What a look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The entries that carry the draft's mark ([`Draft::mark`]). More than one is a duplicate.
    pub ours: Vec<Receipt>,
    /// Of money movements: entries that say the same on the same day and carry no marker of ours. People enter payouts by hand, and
    /// books may lose the end of a comment.
    pub alike: Vec<Receipt>,
}

/// What is known after a write was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The books answered with the entry.
    Answered(Box<Receipt>),
    /// The books said yes without showing the entry: read it back.
    Accepted,
}

/// A general-ledger account of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nominal {
    /// Its code.
    pub code: NominalCode,
    /// Its name.
    pub name: String,
    /// The books' label of its type, if given.
    pub kind: Option<String>,
    /// Whether it is archived.
    pub archived: bool,
}

/// A bank-type account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its id.
    pub id: BankAccountId,
    /// Its name.
    pub name: String,
    /// Its nominal code, if given.
    pub nominal: Option<NominalCode>,
    /// Documents dated on or before this day are refused on it.
    pub locked_until: Option<Date>,
}

/// A payment method of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberedMethod {
    /// Its id.
    pub id: PaymentMethodId,
    /// Its name.
    pub name: String,
}

/// A product of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its code.
    pub code: String,
    /// The sales code it belongs to.
    pub nominal: NominalCode,
    /// Its name.
    pub name: String,
    /// VAT rate, if set.
    pub vat_rate: Option<VatRate>,
    /// Whether the books count its stock.
    pub stock_managed: bool,
    /// Units in stock.
    pub in_stock: Option<i64>,
}

/// Whose books these are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyInfo {
    /// Company name.
    pub name: String,
    /// Home currency code.
    pub home_currency: String,
    /// Whether the company is VAT-registered.
    pub vat_registered: bool,
}

/// Everything of the books that decisions refer to, read in one go and refreshed when it is old.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BooksReference {
    /// Whose books.
    pub company: CompanyInfo,
    /// Accounts.
    pub nominals: Vec<Nominal>,
    /// VAT rates of the account, as percentages.
    pub vat_rates: Vec<VatRate>,
    /// Currencies enabled on the account.
    pub currencies: Vec<String>,
    /// Ways to be paid.
    pub payment_methods: Vec<NumberedMethod>,
    /// Ways to pay suppliers; books may number them apart.
    pub purchase_methods: Vec<NumberedMethod>,
    /// Bank-type accounts.
    pub bank_accounts: Vec<BankAccount>,
    /// Products.
    pub products: Vec<Product>,
    /// Whether the account counts stock at all.
    pub stock_enabled: bool,
}

/// A place where the books are kept: KashFlow today.
#[async_trait]
pub trait Books: Send + Sync {
    /// The number that the books would give next in a series: the highest + 1.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn next_number(&self, series: Series) -> Result<DocumentNumber, ConnectorError>;

    /// The document of a series with this number, or `None`. Exact and never behind.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`]. What cannot be read is never "not there".
    async fn find(&self, series: Series, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError>;

    /// Every entry that carries the mark of `draft` and is dated within the window (movements: within a day of the draft).
    ///
    /// # Errors
    ///
    /// [`ConnectorError`]. What cannot be read is never "not there".
    async fn look(&self, draft: &Draft, window: Window, depth: Depth) -> Result<Found, ConnectorError>;

    /// Writes `draft`: under our own `number` if it has a series, else with its mark. Sends exactly one write and never repeats it.
    /// An entry without a number is read back by the books' own id before it is answered, so that the answer is what they hold.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::OutcomeUnknown`] whenever the write may have been done; [`ConnectorError::Locked`] if a period is closed;
    /// [`ConnectorError::SideEffect`] if it was done and something else changed with it.
    async fn create(&self, number: Option<DocumentNumber>, draft: &Draft) -> Result<SendOutcome, ConnectorError>;

    /// Replaces the content of a document that is still ours, open, unpaid and unlocked.
    ///
    /// # Errors
    ///
    /// As [`Books::create`]; [`ConnectorError::Rejected`] for an entry that has no number.
    async fn update(&self, number: DocumentNumber, draft: &Draft) -> Result<SendOutcome, ConnectorError>;

    /// Looks for a customer or supplier: by code, and a customer that stands for one buyer then by e-mail, then by name; only a
    /// unique hit counts.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn find_party(&self, party: Party<'_>) -> Result<Option<FoundParty>, ConnectorError>;

    /// Creates the customer or supplier under our code. Never asks the books to invent another code.
    ///
    /// # Errors
    ///
    /// As [`Books::create`].
    async fn create_party(&self, party: Party<'_>) -> Result<(), ConnectorError>;

    /// Brings a customer or supplier up to date, keeping what people added by hand.
    ///
    /// # Errors
    ///
    /// As [`Books::create`].
    async fn update_party(&self, code: &CustomerCode, party: Party<'_>) -> Result<(), ConnectorError>;

    /// Reads everything that decisions refer to.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn reference(&self) -> Result<BooksReference, ConnectorError>;

    /// The cheapest proof that the credentials work. Never logs in more often than the lock-out rule allows.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn probe(&self) -> Result<CompanyInfo, ConnectorError>;

    /// A person says that the cause of a refused sign-in is put right: the next call may sign in again. Without it a connector
    /// that was refused tries nothing, so that an account is never locked by itself. By default nothing is remembered.
    async fn sign_in_again(&self) {}
}

impl Party<'_> {
    /// The code we chose.
    pub fn code(&self) -> &CustomerCode {
        match self {
            Party::Customer(customer) => &customer.code,
            Party::Supplier(supplier) => &supplier.code,
        }
    }

    /// The word in keys and sentences.
    pub fn noun(&self) -> &'static str {
        match self {
            Party::Customer(_) => "customer",
            Party::Supplier(_) => "supplier",
        }
    }
}
