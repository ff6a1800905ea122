//! One financial event: what the Finances APIs list and the rows of settlements are made of.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::group::Group;
use crate::world::{Marketplace, Sku, WorldItem, WorldOrder};

/// One financial event.
#[derive(Clone, Debug, Serialize)]
pub struct Transaction {
    /// Amazon's stable id of it.
    pub id: String,
    /// The account that it belongs to.
    pub group: &'static Group,
    /// The site; `None` where Amazon names none.
    pub marketplace: Option<&'static Marketplace>,
    /// What happened.
    pub event: MoneyEvent,
    /// When, whole seconds.
    pub posted_at: Timestamp,
    /// Why and until when its money is held back, if it is.
    pub deferral: Option<Deferral>,
    /// The order it is about, as it was when this was made.
    #[serde(skip)]
    pub order: Option<Arc<WorldOrder>>,
    /// Amazon's id of the shipment.
    pub shipment_id: Option<String>,
    /// Amazon's id of the refund.
    pub adjustment_id: Option<String>,
    /// Its amounts.
    pub lines: Vec<MoneyLine>,
}

/// What kind of financial event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum MoneyEvent {
    /// Units of an order left.
    Shipment {
        /// Which dispatch of the order, 0 first.
        dispatch: usize,
    },
    /// Money went back to the buyer.
    Refund,
    /// The buyer's bank took it back.
    Chargeback,
    /// Amazon refunded the buyer under its A-to-z Guarantee.
    Guarantee,
    /// Fees of the account.
    ServiceFee,
    /// Advertising.
    Advertising,
    /// Compensation for goods in Amazon's hands, or its withdrawal.
    Reimbursement,
    /// Compensation of a claim (SAFE-T, A-to-z won on appeal).
    Claim,
    /// An instalment of a loan.
    Loan,
    /// A name that is in no vocabulary. Only with people's faults.
    Unknown,
    /// Reserve held or released.
    Reserve,
    /// The debt of the settlement before, repeated.
    Carried,
    /// A debt was charged to the seller's card.
    Charge,
    /// A payout came back.
    FailedTransfer,
    /// A deposit that checks the bank account.
    MicroDeposit,
    /// A debt of one account paid by another.
    CrossAccount,
    /// A payout. In no settlement: it is the total.
    Payout,
}

/// Money held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deferral {
    /// Why.
    pub reason: DeferralReason,
    /// When it is released, whole seconds.
    pub until: Timestamp,
}

/// Why money is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DeferralReason {
    /// Until seven days after delivery.
    DeliveryDate,
    /// Until the invoice of a business buyer falls due.
    BusinessInvoice,
}

impl DeferralReason {
    /// As the Finances API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            DeferralReason::DeliveryDate => "DD7",
            DeferralReason::BusinessInvoice => "B2B",
        }
    }
}

/// One amount, which is one row of a settlement.
#[derive(Clone, Debug, Serialize)]
pub struct MoneyLine {
    /// `transaction-type` of its row.
    pub kind: &'static str,
    /// `amount-type`.
    pub amount_type: &'static str,
    /// `amount-description`.
    pub description: &'static str,
    /// Minor units of the group's currency; negative where the seller pays.
    pub minor: i64,
    /// Of a fee: the VAT inside `minor`, with its sign. Amazon shows it in Finances only.
    pub fee_vat: i64,
    /// Index into the order's items.
    pub item: Option<usize>,
    /// Units, where the row says how many.
    pub units: Option<u32>,
    /// The product, where the row says which.
    #[serde(skip)]
    pub sku: Option<Arc<Sku>>,
    /// Id of the promotion.
    pub promotion: Option<&'static str>,
}

impl MoneyLine {
    /// A row that is about no product.
    pub(super) fn plain(
        kind: &'static str,
        amount_type: &'static str,
        description: &'static str,
        minor: i64,
    ) -> MoneyLine {
        MoneyLine {
            kind,
            amount_type,
            description,
            minor,
            fee_vat: 0,
            item: None,
            units: None,
            sku: None,
            promotion: None,
        }
    }
}

impl Transaction {
    /// What it adds to the seller's balance.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.minor).sum()
    }

    /// From when on its money counts: it falls into the settlement that is open then.
    pub fn released_at(&self) -> Timestamp {
        self.deferral.map_or(self.posted_at, |deferral| deferral.until)
    }

    /// Whether its money is still held back.
    pub fn is_deferred(&self, now: Timestamp) -> bool {
        self.deferral.is_some_and(|deferral| now < deferral.until)
    }

    /// The item of its order that a line is about.
    pub fn item(&self, line: &MoneyLine) -> Option<&WorldItem> {
        self.order.as_ref()?.items.get(line.item?)
    }
}

/// An opaque id that depends on the seed and these words only: 43 characters, as Amazon's transaction ids have.
pub(super) fn opaque(seed: u64, words: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(digest(seed, words))
}

/// Decimal digits that depend on the seed and these words only.
pub(super) fn digits(seed: u64, words: &[&str], length: usize) -> String {
    digest(seed, words).iter().map(|byte| char::from(b'0' + byte % 10)).take(length).collect()
}

/// Capitals and digits that depend on the seed and these words only.
pub(super) fn letters(seed: u64, words: &[&str], length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    digest(seed, words).iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).take(length).collect()
}

fn digest(seed: u64, words: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}
