//! The port of the books: looked at, written once, read back.

use async_trait::async_trait;
use jiff::civil::Date;
use model::{
    BankAccountId, CustomerCode, CustomerDraft, DocumentNumber, NominalCode, PaymentMethodId, Receipt, SalesDraft,
    VatRate,
};
use serde::{Deserialize, Serialize};

use crate::ConnectorError;

/// How a pre-existing customer was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerMatch {
    /// By the code we chose.
    Code,
    /// By exactly one customer with this e-mail address (compared without case).
    Email,
    /// By exactly one customer with this name.
    Name,
}

/// A customer that the books hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCustomer {
    /// Its code in the books, which may differ from ours when it was made by hand.
    pub code: CustomerCode,
    /// How it was recognised.
    pub by: CustomerMatch,
    /// Whether what the books hold differs from the draft (name, VAT number, border, address, e-mail).
    pub differs: bool,
}

/// What is known after a write was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The books answered with the document.
    Answered(Box<Receipt>),
    /// The books said yes without showing the document: read it back.
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
    /// The number that the books would give next: the account's highest + 1.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn next_number(&self) -> Result<DocumentNumber, ConnectorError>;

    /// The document with this number, or `None`.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn find(&self, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError>;

    /// All documents whose reference equals `reference` exactly (trimmed, case-insensitive), dated within the window.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn find_by_reference(&self, reference: &str, from: Date, to: Date) -> Result<Vec<Receipt>, ConnectorError>;

    /// References and numbers of all documents dated within the window: the list scan that needs no search index.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn scan(&self, from: Date, to: Date) -> Result<Vec<(DocumentNumber, String)>, ConnectorError>;

    /// Files `draft` under our own `number`. Sends exactly one write and never repeats it.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::OutcomeUnknown`] whenever the write may have been done.
    async fn create(&self, number: DocumentNumber, draft: &SalesDraft) -> Result<SendOutcome, ConnectorError>;

    /// Replaces the content of a document that is still ours, open, unpaid and unlocked.
    ///
    /// # Errors
    ///
    /// As [`Books::create`].
    async fn update(&self, number: DocumentNumber, draft: &SalesDraft) -> Result<SendOutcome, ConnectorError>;

    /// Looks for the customer: by code, and unless it is shared then by e-mail, then by name; only a unique hit counts.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    async fn find_customer(&self, customer: &CustomerDraft) -> Result<Option<FoundCustomer>, ConnectorError>;

    /// Creates the customer under our code. Never asks the books to invent another code.
    ///
    /// # Errors
    ///
    /// As [`Books::create`].
    async fn create_customer(&self, customer: &CustomerDraft) -> Result<(), ConnectorError>;

    /// Brings a customer up to date, keeping what people added by hand.
    ///
    /// # Errors
    ///
    /// As [`Books::create`].
    async fn update_customer(&self, code: &CustomerCode, customer: &CustomerDraft) -> Result<(), ConnectorError>;

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
