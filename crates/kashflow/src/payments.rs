//! Payments of documents that stand in the books already: a payment line of one document, or one bulk payment of several.
//!
//! There is no resource for payments. A line is added by sending the whole document back with one line more (BEHAVIOR 16), and what
//! came of it is checked: exactly one payment more, the others and the lines as they were.

use std::collections::BTreeSet;

use model::{
    DocumentNumber, EntryKind, LaterPaymentDraft, Marker, NominalCode, PaidItem, Receipt, ReceiptLine, ReceiptPayment,
};
use money::{Currency, Money};
use ports::{ConnectorError, Found, SendOutcome, System};
use reqwest::Method;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::{malformed, rejected_by_us};
use crate::client::Client;
use crate::movements::COMMENT_MAX;
use crate::wire::bulk::{BulkPayment, NewBulkItem, NewBulkPayment};
use crate::wire::document::{Document, Names};
use crate::wire::new_invoice::NewPayment;
use crate::wire::object::{Object, Unreadable};
use crate::wire::raw::RawObject;
use crate::{amounts, dates};

/// Fields of a document that only KashFlow writes.
const DOCUMENT_READ_ONLY: &[&str] = &[
    "CustomerId",
    "CustomerName",
    "SupplierId",
    "SupplierName",
    "NetAmount",
    "VATAmount",
    "GrossAmount",
    "HomeCurrencyGrossAmount",
    "HomeCurrencyVATAmount",
    "TotalPaidAmount",
    "DueAmount",
    "FormattedDueAmount",
    "Status",
    "OverdueDays",
    "EmailCount",
    "FileCount",
    "LastPaymentDate",
    "CreatedDate",
    "PreviousNumber",
    "NextNumber",
    "Permalink",
    "PackingSlipPermalink",
    "VATReturnId",
    "Type",
    "IsArchived",
    "ProjectName",
    "ReminderLetters",
];

/// Fields of a payment line that only KashFlow writes.
const PAYMENT_READ_ONLY: &[&str] = &[
    "BankTransactionId",
    "BulkPaymentNumber",
    "Permalink",
    "PaymentProcessorEnumValue",
    "VATReturnId",
    "IsPaymentCreditNote",
];

impl Client {
    /// What of `draft` the books hold. Read from the documents themselves, so it is never behind.
    pub(crate) async fn payments_of(&self, draft: &LaterPaymentDraft) -> Result<Found, ConnectorError> {
        match draft.items.as_slice() {
            [item] => self.line_of(draft, item).await,
            _ => self.bulk_of(draft).await,
        }
    }

    async fn line_of(&self, draft: &LaterPaymentDraft, item: &PaidItem) -> Result<Found, ConnectorError> {
        let (names, number) = place(draft, item)?;
        let held = self.document(names, number).await?.ok_or_else(|| gone(names, number))?;
        let mark = draft.marker();
        let mut found = Found::default();
        for payment in held.payments.iter().filter(|payment| !payment.credit) {
            let receipt = payment_receipt(draft, payment, number, held.currency);
            match Marker::find(&payment.note) {
                Some(marker) if marker == mark => found.ours.push(receipt),
                Some(_) => {}
                None if receipt.on == draft.on && receipt.is_like(&model::Draft::Payment(draft.clone())) => {
                    found.alike.push(receipt);
                }
                None => {}
            }
        }
        Ok(found)
    }

    /// A bulk payment has a number that only its documents tell.
    async fn bulk_of(&self, draft: &LaterPaymentDraft) -> Result<Found, ConnectorError> {
        let (mut numbers, mut names_of) = (BTreeSet::new(), None);
        for item in &draft.items {
            let (names, number) = place(draft, item)?;
            names_of = Some(names);
            let (document, _) = self.read_document(names, number).await?.ok_or_else(|| gone(names, number))?;
            numbers
                .extend(document.payments.iter().filter(|payment| !payment.credit).filter_map(|payment| payment.bulk));
        }
        let Some(names) = names_of else { return Err(rejected_by_us("a bulk payment", "it pays nothing")) };
        let mark = draft.marker();
        let mut found = Found::default();
        for number in numbers {
            let what = format!("bulk payment {number}");
            let url = self.url(&[names.route, "bulk", "payments", &number.to_string()])?;
            let Some(answer) = self.read_if_there(url, &what).await? else { continue };
            let bulk = Object::parse(&answer.body, "$").and_then(|object| BulkPayment::read(&object));
            let receipt = self.bulk_receipt(&bulk.map_err(|error| error.of(&what))?, draft.currency).await?;
            if receipt.carries(mark.as_str()) {
                found.ours.push(receipt);
            } else if receipt.reference.is_empty() && receipt.is_like(&model::Draft::Payment(draft.clone())) {
                found.alike.push(receipt);
            }
        }
        Ok(found)
    }

    async fn bulk_receipt(&self, bulk: &BulkPayment, currency: Currency) -> Result<Receipt, ConnectorError> {
        let wrong = |error: Unreadable| error.of(&format!("bulk payment {}", bulk.number));
        let mut lines = Vec::new();
        for item in &bulk.items {
            let amount = amounts::money(item.amount, currency);
            let amount = amount.ok_or_else(|| wrong(Unreadable::new(&item.path, "an amount that fits")))?;
            lines.push(ReceiptLine::of_document(amount, Some(DocumentNumber(item.document))));
        }
        let accounts = self.accounts_of(bulk.account.into_iter()).await?;
        let account = bulk.account.and_then(|id| accounts.get(&model::BankAccountId(id)).copied());
        let marker = bulk.comment.as_deref().and_then(Marker::find);
        let on = bulk.on.ok_or_else(|| wrong(Unreadable::new("$.Date", "a date")))?;
        let mut receipt = empty_receipt(on, currency);
        receipt.remote_id = Some(i64::from(bulk.number));
        receipt.reference = marker.map(|marker| marker.to_string()).unwrap_or_default();
        receipt.account = account;
        receipt.net = Money::sum(currency, lines.iter().map(|line| line.net))
            .map_err(|_| wrong(Unreadable::new("$.PaymentItems", "a list whose sum fits")))?;
        receipt.lines = lines;
        Ok(receipt)
    }

    pub(crate) async fn insert_payment(&self, draft: &LaterPaymentDraft) -> Result<SendOutcome, ConnectorError> {
        let what = format!("payment {}", draft.reference);
        if draft.items.iter().any(|item| item.amount.currency() != draft.currency || item.amount.is_zero()) {
            return Err(rejected_by_us(&what, "an amount is zero or in another currency"));
        }
        let account = self.bank_account_id(draft.account).await?.0;
        match draft.items.as_slice() {
            [] => Err(rejected_by_us(&what, "it pays nothing")),
            [item] => self.append_line(draft, item, account).await,
            items => self.insert_bulk(draft, items, account, &what).await,
        }
    }

    async fn insert_bulk(
        &self,
        draft: &LaterPaymentDraft,
        items: &[PaidItem],
        account: u32,
        what: &str,
    ) -> Result<SendOutcome, ConnectorError> {
        let (mut sent, mut names_of) = (Vec::new(), None);
        for item in items {
            let (names, number) = place(draft, item)?;
            names_of = Some(names);
            let amount = amounts::number(item.amount);
            sent.push(NewBulkItem { object_number: number.0, amount, paid_date: dates::sent(draft.on) });
        }
        let Some(names) = names_of else { return Err(rejected_by_us(what, "it pays nothing")) };
        let new = NewBulkPayment {
            date: dates::sent(draft.on),
            account_id: account,
            method: draft.method.0,
            comment: draft.marker().sign(&draft.description, COMMENT_MAX),
            payment_items: sent,
        };
        let body = serde_json::to_string(&new).map_err(|_| malformed("the bulk payment could not be written down"))?;
        let answer =
            match self.write(Method::POST, self.url(&[names.route, "bulk", "payments"])?, body, what, &[]).await {
                Ok(answer) => answer,
                Err(refused) => return Err(self.locked_if_so(refused, draft.on, &[draft.account]).await),
            };
        let bulk = Object::parse(&answer.body, "$").and_then(|object| BulkPayment::read(&object));
        let Ok(bulk) = bulk else { return Ok(SendOutcome::Accepted) };
        Ok(match self.bulk_receipt(&bulk, draft.currency).await {
            Ok(receipt) => SendOutcome::Answered(Box::new(receipt)),
            Err(_) => SendOutcome::Accepted,
        })
    }

    async fn append_line(
        &self,
        draft: &LaterPaymentDraft,
        item: &PaidItem,
        account: u32,
    ) -> Result<SendOutcome, ConnectorError> {
        let (names, number) = place(draft, item)?;
        let what = format!("the payment of {} {number}", names.noun);
        let (before, text) = self.read_document(names, number).await?.ok_or_else(|| gone(names, number))?;
        if before.payments.iter().any(|payment| carries(payment.note.as_deref(), &draft.marker())) {
            return Ok(SendOutcome::Accepted);
        }
        let note = draft.marker().sign(&draft.description, COMMENT_MAX);
        let line = NewPayment {
            date: dates::sent(draft.on),
            amount: amounts::number(item.amount),
            method: draft.method.0,
            account_id: account,
            note: &note,
        };
        let body = with_line(&text, &line).map_err(|error| error.of(&what))?;
        let url = self.url(&[names.route, &number.to_string()])?;
        let private = private_texts(&text);
        let private: Vec<&str> = private.iter().map(String::as_str).collect();
        if let Err(refused) = self.write(Method::PUT, url, body, &what, &private).await {
            return Err(self.locked_if_so(refused, draft.on, &[draft.account]).await);
        }
        // The answer is not believed: what stands in the books is.
        let Ok(Some((after, _))) = self.read_document(names, number).await else { return Ok(SendOutcome::Accepted) };
        match harm(&before, &after, &draft.marker()) {
            Some(reason) => Err(ConnectorError::SideEffect { system: System::KashFlow, what, reason }),
            None => self.answered_line(draft, item).await,
        }
    }

    async fn answered_line(&self, draft: &LaterPaymentDraft, item: &PaidItem) -> Result<SendOutcome, ConnectorError> {
        Ok(match self.line_of(draft, item).await {
            Ok(Found { mut ours, .. }) if ours.len() == 1 => {
                ours.pop().map_or(SendOutcome::Accepted, |receipt| SendOutcome::Answered(Box::new(receipt)))
            }
            _ => SendOutcome::Accepted,
        })
    }
}

/// Which document an item pays. Without a number there is nothing to look for.
fn place(draft: &LaterPaymentDraft, item: &PaidItem) -> Result<(&'static Names, DocumentNumber), ConnectorError> {
    let what = format!("payment {}", draft.reference);
    let names = Names::of(draft.series).ok_or_else(|| rejected_by_us(&what, "journals are not paid"))?;
    let missing = || rejected_by_us(&what, &format!("{} is not in the books yet", item.document.key));
    Ok((names, item.document.number.ok_or_else(missing)?))
}

pub(crate) fn gone(names: &Names, number: DocumentNumber) -> ConnectorError {
    ConnectorError::NotFound { system: System::KashFlow, what: format!("{} {number}", names.noun) }
}

fn carries(note: Option<&str>, mark: &Marker) -> bool {
    note.and_then(Marker::find).as_ref() == Some(mark)
}

/// The document as it is, with one payment line more. Fields we do not know keep their place and their digits.
fn with_line(text: &str, line: &NewPayment<'_>) -> Result<String, Unreadable> {
    let held = Object::parse(text, "$")?;
    let mut payments: Vec<Box<RawValue>> = Vec::new();
    for payment in held.objects("PaymentLines")? {
        let mut raw = RawObject::of(&payment);
        raw.remove(PAYMENT_READ_ONLY);
        payments.push(to_raw(&raw)?);
    }
    payments.push(to_raw(line)?);
    let mut body = RawObject::of(&held);
    body.remove(DOCUMENT_READ_ONLY);
    body.set("PaymentLines", &payments)?;
    body.json()
}

fn to_raw(value: &impl Serialize) -> Result<Box<RawValue>, Unreadable> {
    serde_json::value::to_raw_value(value).map_err(|_| Unreadable::new("$.PaymentLines", "fit to be written"))
}

/// Texts of the document that are sent back with it and that no error may repeat: names and addresses.
fn private_texts(text: &str) -> Vec<String> {
    let Ok(held) = Object::parse(text, "$") else { return Vec::new() };
    let mut texts: Vec<String> =
        ["CustomerName", "SupplierName"].iter().filter_map(|name| held.text(name).ok()?).collect();
    for address in ["Address", "DeliveryAddress"].iter().filter_map(|name| held.object(name).ok()?) {
        let parts = ["Name", "Line1", "Line2", "Line3", "Line4", "PostCode"];
        texts.extend(parts.iter().filter_map(|name| address.text(name).ok()?));
    }
    texts.retain(|text| text.chars().count() > 2);
    texts
}

/// What a PUT that should have added one payment did besides.
fn harm(before: &Document, after: &Document, mark: &Marker) -> Option<String> {
    let ours = after.payments.iter().filter(|payment| carries(payment.note.as_deref(), mark)).count();
    if ours > 1 {
        return Some(format!("it stands there {ours} times"));
    }
    let key = |payment: &crate::wire::document::Payment| (payment.id, payment.amount, payment.on, payment.account);
    let mut left: Vec<_> = after.payments.iter().map(key).collect();
    for payment in &before.payments {
        let Some(at) = left.iter().position(|held| *held == key(payment)) else {
            return Some("a payment that was there before is gone or changed".to_owned());
        };
        left.swap_remove(at);
    }
    if left.len() > 1 {
        return Some(format!("{} payments were added instead of one", left.len()));
    }
    let lines = |document: &Document| -> Vec<_> {
        document.lines.iter().map(|line| (line.quantity, line.rate, line.vat_amount, line.nominal)).collect()
    };
    (lines(before) != lines(after)).then(|| "the lines of the document changed".to_owned())
}

fn payment_receipt(
    draft: &LaterPaymentDraft,
    payment: &ReceiptPayment,
    number: DocumentNumber,
    currency: Currency,
) -> Receipt {
    let on = payment.on.unwrap_or(draft.on);
    let mut receipt = empty_receipt(on, currency);
    receipt.remote_id = payment.remote_id;
    receipt.reference = Marker::find(&payment.note).map(|marker| marker.to_string()).unwrap_or_default();
    receipt.account = payment.account;
    receipt.lines = vec![ReceiptLine::of_document(payment.amount, Some(number))];
    receipt.net = payment.amount;
    receipt
}

fn empty_receipt(on: jiff::civil::Date, currency: Currency) -> Receipt {
    let zero = Money::zero(currency);
    Receipt {
        kind: EntryKind::Payment,
        number: None,
        remote_id: None,
        reference: String::new(),
        party: String::new(),
        account: None::<NominalCode>,
        on,
        currency,
        lines: Vec::new(),
        net: zero,
        vat: zero,
        payments: Vec::new(),
        paid: zero,
        locked: false,
    }
}
