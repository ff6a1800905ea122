//! Documents as people read them: a bookkeeper, or a program that checks us.
//!
//! A draft with its payment becomes two entries, because books show them so. Amounts are texts of digits; accounts are code and name.

use model::{
    AllocationDraft, BankDraft, Draft, JournalDraft, LaterPaymentDraft, PaymentDraft, PurchaseDraft, SalesDraft,
    Series, TransferDraft, VatRate,
};
use money::{Money, MoneyError};
use serde::Serialize;

use crate::Accounts;

/// An entry of the documents of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What it is: `Sales invoice`, `Customer payment`, `Bank transfer`, ….
    pub document: &'static str,
    /// What it says about itself.
    pub reference: String,
    /// Our key of it as it stands in the books; a payment has that of its document.
    pub key: String,
    /// Its day in Europe/London.
    pub date: String,
    /// Whom it is made out to, or who billed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Currency of its amounts.
    pub currency: &'static str,
    /// Lines of an invoice, a credit note, a bill, a purchase credit, a bank transaction, or a journal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// How much a payment or a transfer moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
}

/// A line of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// With VAT.
    Taxed {
        /// Code and name.
        account: String,
        /// Text.
        description: String,
        /// Net.
        net: String,
        /// `20`, `none`, `reverse charge`, ….
        vat_rate: String,
        /// VAT.
        vat: String,
        /// Gross.
        gross: String,
    },
    /// Of a journal.
    Journal {
        /// Code and name.
        account: String,
        /// Text.
        description: String,
        /// Debit positive.
        amount_dr_positive: String,
    },
}

/// The entries of a draft: itself, and its payment.
///
/// # Errors
///
/// [`MoneyError`] if its lines cannot be added up.
pub fn documents(draft: &Draft, accounts: &Accounts) -> Result<Vec<Document>, MoneyError> {
    match draft {
        Draft::Sales(draft) => sales(draft, accounts),
        Draft::Purchase(draft) => purchase(draft, accounts),
        Draft::Bank(draft) => bank(draft, accounts).map(|document| vec![document]),
        Draft::Transfer(draft) => Ok(vec![transfer(draft, accounts)]),
        Draft::Journal(draft) => Ok(vec![journal(draft, accounts)]),
        Draft::Payment(draft) => later_payment(draft, accounts).map(|document| vec![document]),
        Draft::Allocation(draft) => Ok(vec![allocation(draft)]),
    }
}

fn taxed(account: String, description: &str, net: Money, rate: VatRate, vat: Money) -> Result<Line, MoneyError> {
    Ok(Line::Taxed {
        account,
        description: description.to_owned(),
        net: net.digits(),
        vat_rate: rate_words(rate),
        vat: vat.digits(),
        gross: net.plus(vat)?.digits(),
    })
}

fn sales(draft: &SalesDraft, accounts: &Accounts) -> Result<Vec<Document>, MoneyError> {
    let credit = draft.gross()?.is_negative();
    let line = |line: &model::DraftLine| {
        taxed(accounts.title(line.nominal), &line.description, line.net, line.vat_rate, line.vat)
    };
    let document = Document {
        document: if credit { "Credit note" } else { "Sales invoice" },
        reference: draft.reference.clone(),
        key: draft.reference.clone(),
        date: draft.issued_on.to_string(),
        party: Some(draft.customer.name.clone()),
        currency: draft.currency.code(),
        lines: draft.lines.iter().map(line).collect::<Result<_, _>>()?,
        amount: None,
    };
    let (name, towards) = if credit { ("Customer refund", "from") } else { ("Customer payment", "to") };
    let payment = draft.payment.as_ref().map(|payment| paid(payment, name, towards, &document, accounts));
    Ok(std::iter::once(document.clone()).chain(payment).collect())
}

fn purchase(draft: &PurchaseDraft, accounts: &Accounts) -> Result<Vec<Document>, MoneyError> {
    let credit = draft.gross()?.is_negative();
    let line = |line: &model::PurchaseLine| {
        taxed(accounts.title(line.nominal), &line.description, line.net, line.vat_rate, line.vat)
    };
    let document = Document {
        document: if credit { "Purchase credit" } else { "Purchase bill" },
        reference: draft.supplier.name.clone(),
        key: draft.reference.clone(),
        date: draft.issued_on.to_string(),
        party: Some(draft.supplier.name.clone()),
        currency: draft.currency.code(),
        lines: draft.lines.iter().map(line).collect::<Result<_, _>>()?,
        amount: None,
    };
    let payment = draft.payment.as_ref().map(|payment| paid(payment, "Supplier payment", "from", &document, accounts));
    Ok(std::iter::once(document.clone()).chain(payment).collect())
}

fn paid(payment: &PaymentDraft, name: &'static str, towards: &str, of: &Document, accounts: &Accounts) -> Document {
    Document {
        document: name,
        reference: format!("{towards} {}", accounts.title(payment.account)),
        key: of.key.clone(),
        date: payment.on.to_string(),
        party: of.party.clone(),
        currency: payment.amount.currency().code(),
        lines: Vec::new(),
        amount: Some(payment.amount.digits()),
    }
}

fn bank(draft: &BankDraft, accounts: &Accounts) -> Result<Document, MoneyError> {
    let net = draft.amount.minus(draft.vat)?;
    Ok(Document {
        document: "Bank transaction on clearing",
        reference: draft.description.clone(),
        key: draft.reference.clone(),
        date: draft.on.to_string(),
        party: None,
        currency: draft.amount.currency().code(),
        lines: vec![taxed(accounts.title(draft.nominal), &draft.description, net, draft.vat_rate, draft.vat)?],
        amount: None,
    })
}

fn transfer(draft: &TransferDraft, accounts: &Accounts) -> Document {
    let text = if draft.description.is_empty() { String::new() } else { format!(" ({})", draft.description) };
    Document {
        document: "Bank transfer",
        reference: format!("{} to {}{text}", accounts.title(draft.from), accounts.title(draft.to)),
        key: draft.reference.clone(),
        date: draft.on.to_string(),
        party: None,
        currency: draft.amount.currency().code(),
        lines: Vec::new(),
        amount: Some(draft.amount.digits()),
    }
}

fn journal(draft: &JournalDraft, accounts: &Accounts) -> Document {
    let line = |line: &model::JournalLine| Line::Journal {
        account: accounts.title(line.nominal),
        description: line.description.clone(),
        amount_dr_positive: line.amount.digits(),
    };
    Document {
        document: "Journal",
        reference: draft.description.clone(),
        key: draft.reference.clone(),
        date: draft.on.to_string(),
        party: None,
        currency: draft.currency.code(),
        lines: draft.lines.iter().map(line).collect(),
        amount: None,
    }
}

fn later_payment(draft: &LaterPaymentDraft, accounts: &Accounts) -> Result<Document, MoneyError> {
    let (name, towards) = match draft.series {
        Series::Purchases => ("Supplier payment", "from"),
        Series::Sales | Series::Journals => ("Customer payment", "to"),
    };
    Ok(Document {
        document: name,
        reference: format!("{towards} {}", accounts.title(draft.account)),
        key: draft.reference.clone(),
        date: draft.on.to_string(),
        party: None,
        currency: draft.currency.code(),
        lines: Vec::new(),
        amount: Some(draft.sum()?.digits()),
    })
}

fn allocation(draft: &AllocationDraft) -> Document {
    Document {
        document: "Credit applied",
        reference: draft.reference.clone(),
        key: draft.reference.clone(),
        date: draft.on.to_string(),
        party: None,
        currency: draft.amount.currency().code(),
        lines: Vec::new(),
        amount: Some(draft.amount.digits()),
    }
}

/// A VAT rate in words: a percentage is its number.
pub fn rate_words(rate: VatRate) -> String {
    match rate {
        VatRate::Percent(percent) => percent.normalize().to_string(),
        VatRate::Exempt => "exempt".to_owned(),
        VatRate::OutsideScope => "outside scope".to_owned(),
        VatRate::NoVat => "none".to_owned(),
        VatRate::ReverseCharge => "reverse charge".to_owned(),
        VatRate::OneStopShop { country, percent } => format!("OSS {country} {} %", percent.normalize()),
    }
}
