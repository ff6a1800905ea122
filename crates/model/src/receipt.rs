//! A receipt: what the books hold, read back.

use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{DocumentNumber, NominalCode, SalesDraft, VatRate};

/// A document as the books hold it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number.
    pub number: DocumentNumber,
    /// The books' internal id, if it has one.
    pub remote_id: Option<i64>,
    /// Its reference field, trimmed.
    pub reference: String,
    /// Code of its customer.
    pub customer: String,
    /// Its date.
    pub issued_on: Date,
    /// Its currency.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<ReceiptLine>,
    /// Sum of line nets.
    pub net: Money,
    /// Sum of line VATs.
    pub vat: Money,
    /// Paid so far.
    pub paid: Money,
    /// Whether it lies in a submitted VAT return or another locked period.
    pub locked: bool,
}

/// A line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// Net of the line.
    pub net: Money,
    /// VAT of the line.
    pub vat: Money,
    /// VAT rate.
    pub vat_rate: VatRate,
    /// Where it is posted.
    pub nominal: NominalCode,
}

/// What must agree between a draft and a receipt, as one hash: reference, customer, date, currency, and per line net, VAT,
/// rate and nominal. Descriptions and numbers are left out: the books may cut or change them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fingerprint {
    /// The fingerprint that the receipt of `draft` must have.
    pub fn of_draft(draft: &SalesDraft) -> Fingerprint {
        let lines = draft.lines.iter().map(|line| (line.net, line.vat, line.vat_rate, line.nominal));
        Fingerprint::of(&draft.reference, draft.customer.code.as_str(), draft.issued_on, draft.currency, lines)
    }

    /// The fingerprint of what the books hold.
    pub fn of_receipt(receipt: &Receipt) -> Fingerprint {
        let lines = receipt.lines.iter().map(|line| (line.net, line.vat, line.vat_rate, line.nominal));
        Fingerprint::of(&receipt.reference, &receipt.customer, receipt.issued_on, receipt.currency, lines)
    }

    /// The fingerprint as hex text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(
        reference: &str,
        customer: &str,
        issued_on: Date,
        currency: Currency,
        lines: impl Iterator<Item = (Money, Money, VatRate, NominalCode)>,
    ) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(format!("{reference}\n{}\n{issued_on}\n{currency}\n", customer.to_ascii_uppercase()));
        for (net, vat, rate, nominal) in lines {
            let rate = match rate {
                VatRate::Percent(percent) => percent.normalize().to_string(),
                // KashFlow keeps one flag for them all, so a receipt cannot tell them apart (facts: vat_rate to the wire).
                VatRate::Exempt
                | VatRate::OutsideScope
                | VatRate::NoVat
                | VatRate::ReverseCharge
                | VatRate::OneStopShop { .. } => "none".to_owned(),
            };
            hash.update(format!("{} {} {rate} {nominal}\n", net.minor(), vat.minor()));
        }
        Fingerprint(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
