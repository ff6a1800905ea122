//! What a sandbox is started with, and what it tells its client.

use clock::Clock;
use serde::{Deserialize, Serialize};

/// What a sandbox is started with.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Port of Amazon and LWA on 127.0.0.1; 0 takes a free one.
    pub amazon_port: u16,
    /// Port of KashFlow; 0 takes a free one.
    pub kashflow_port: u16,
    /// The same seed gives the same world and the same faults.
    pub seed: u64,
    /// Days of trading: history before now on a real clock, days to simulate on a virtual one.
    pub days: u32,
    /// Days on a real clock between the end of the history and now in which nothing is ordered: with 30, all that ever happens has
    /// happened before the start.
    pub quiet_days: u32,
    /// Orders placed per day.
    pub orders_per_day: u32,
    /// If set, exactly this many orders are placed, spread over `days`.
    pub orders: Option<u32>,
    /// The time of both remotes.
    pub clock: Clock,
    /// Whether Amazon's quotas are enforced.
    pub quotas: Quotas,
    /// How much goes wrong.
    pub faults: FaultLevel,
    /// Behaviour of KashFlow that nobody has documented.
    pub kashflow: KashflowOptions,
}

/// Whether quotas are enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotas {
    /// Token buckets as documented.
    Real,
    /// None.
    Off,
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultLevel {
    /// Nothing.
    None,
    /// Now and then a throttle, a fault, a lost answer, a duplicate or late message. Heals by itself.
    Mild,
    /// Often, with outages, HTML bodies, resets, stale search, expired sessions. Heals by itself.
    Wild,
    /// What only a person can put right: hand edits, locked periods, revoked credentials, unknown vocabulary.
    People,
}

/// What KashFlow does with a document number of ours that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberMode {
    /// Refuses it (assumed default).
    Reject,
    /// Overwrites the document that has it.
    Overwrite,
    /// Ignores it and gives the next number.
    Renumber,
}

/// What KashFlow does with the payments that a PUT of an invoice leaves out of its `PaymentLines`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentLinesMode {
    /// Deletes them: the lines sent are the full set (assumed default).
    FullSet,
    /// Keeps them: the lines sent are added or changed.
    Append,
}

/// By what KashFlow names the account on the other side of a bank transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyType {
    /// The internal id of its nominal code (assumed default).
    NominalId,
    /// The nominal code itself.
    NominalCode,
}

/// Behaviour of KashFlow that nobody has documented; each is an assumption and a switch.
#[derive(Clone, Debug)]
pub struct KashflowOptions {
    /// A taken number.
    pub numbers: NumberMode,
    /// `PaymentLines` of a PUT.
    pub payment_lines: PaymentLinesMode,
    /// SOAP's `InsertInvoice` takes the number sent instead of the next one.
    pub soap_number_wins: bool,
    /// `MoneyType` of bank transactions.
    pub money_type: MoneyType,
    /// Bank rows of one day change their order between requests, as they do in live accounts.
    pub shuffle_ties: bool,
    /// Decimals kept of a line's `Rate`: 4 or 2.
    pub rate_scale: u32,
    /// `NextPageUrl` relative to the base instead of absolute.
    pub next_url_relative: bool,
    /// Seconds until a new document is found by search and lists.
    pub search_lag_s: u32,
    /// Seconds a create may still be worked on after its client gave up.
    pub in_flight_s: u32,
    /// Largest `perpage`.
    pub per_page_max: u32,
    /// Invoices allowed in the cycle; `None` = no limit.
    pub invoice_limit: Option<u32>,
    /// Minutes after which an unused session dies.
    pub session_idle_min: u32,
}

impl Default for KashflowOptions {
    fn default() -> KashflowOptions {
        KashflowOptions {
            numbers: NumberMode::Reject,
            payment_lines: PaymentLinesMode::FullSet,
            soap_number_wins: false,
            money_type: MoneyType::NominalId,
            shuffle_ties: false,
            rate_scale: 4,
            next_url_relative: false,
            search_lag_s: 0,
            in_flight_s: 0,
            per_page_max: 1000,
            invoice_limit: None,
            session_idle_min: 60,
        }
    }
}

/// Everything a client needs to use the sandbox: what `tillbridge sandbox --json` prints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// Amazon.
    pub amazon: AmazonCredentials,
    /// KashFlow.
    pub kashflow: KashflowCredentials,
}

/// Credentials of the sandbox's Amazon. Invented, valid only there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AmazonCredentials {
    /// `http://127.0.0.1:<port>`.
    pub base_url: String,
    /// `<base_url>/auth/o2/token`.
    pub lwa_url: String,
    /// LWA client id.
    pub client_id: String,
    /// LWA client secret.
    pub client_secret: String,
    /// Refresh token of the seller.
    pub refresh_token: String,
    /// Seller id.
    pub seller_id: String,
    /// Marketplace ids on which the seller sells.
    pub marketplaces: Vec<String>,
    /// SQS-compatible queue that notifications go to.
    pub queue_url: String,
    /// AWS region of the queue.
    pub aws_region: String,
    /// AWS access key id for the queue.
    pub aws_access_key_id: String,
    /// AWS secret access key for the queue.
    pub aws_secret_access_key: String,
}

/// Credentials of the sandbox's KashFlow. Invented, valid only there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KashflowCredentials {
    /// `http://127.0.0.1:<port>/v2`.
    pub base_url: String,
    /// The WSDL of the SOAP service on the same account.
    pub soap_wsdl_url: Option<String>,
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Memorable word.
    pub memorable_word: String,
}
