//! A credit note set against an unpaid invoice. KashFlow makes a zero-sum pair of it: a credit payment on the invoice, its
//! counterpart on the credit note. The pair itself is what it is known by: there is no marker, and none is needed.

use model::{AllocationDraft, DocumentNumber, DocumentRef, Draft, EntryKind, Receipt, ReceiptLine};
use money::Money;
use ports::{ConnectorError, Found, SendOutcome};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::amounts;
use crate::answer::{malformed, rejected_by_us};
use crate::client::Client;
use crate::payments::gone;
use crate::wire::document::{Document, INVOICES};
use crate::wire::object::{Object, objects};
use crate::wire::raw::RawObject;

impl Client {
    /// The pairs between the two documents.
    pub(crate) async fn allocations_of(&self, draft: &AllocationDraft) -> Result<Found, ConnectorError> {
        let (invoice, credit) = (self.named(draft, &draft.invoice).await?, self.named(draft, &draft.credit).await?);
        let currency = draft.amount.currency();
        let mut left: Vec<_> = credit.payments.iter().filter(|payment| payment.credit).collect();
        let mut ours = Vec::new();
        for half in invoice.payments.iter().filter(|payment| payment.credit) {
            let Some(set_off) = half.amount.filter(|amount| *amount > Decimal::ZERO) else { continue };
            let is_other = |other: &&crate::wire::document::Payment| -> bool {
                other.amount == Some(-set_off)
                    && (half.bulk.is_none() || other.bulk.is_none() || half.bulk == other.bulk)
            };
            let Some(at) = left.iter().position(is_other) else { continue };
            left.swap_remove(at);
            let amount = amounts::money(set_off, currency)
                .ok_or_else(|| malformed(&format!("invoice {}: {} does not fit", invoice.number, half.path)))?;
            ours.push(receipt(draft, amount, &invoice, &credit, half.on.unwrap_or(draft.on)));
        }
        Ok(Found { ours, alike: Vec::new() })
    }

    async fn named(&self, draft: &AllocationDraft, document: &DocumentRef) -> Result<Document, ConnectorError> {
        let what = format!("allocation {}", draft.reference);
        let missing = || rejected_by_us(&what, &format!("{} is not in the books yet", document.key));
        let number = document.number.ok_or_else(missing)?;
        let (document, _) = self.read_document(&INVOICES, number).await?.ok_or_else(|| gone(&INVOICES, number))?;
        Ok(document)
    }

    pub(crate) async fn insert_allocation(&self, draft: &AllocationDraft) -> Result<SendOutcome, ConnectorError> {
        let what = format!("allocation {}", draft.reference);
        if draft.amount.is_zero() || draft.amount.is_negative() {
            return Err(rejected_by_us(&what, "its amount is not above zero"));
        }
        let (invoice, credit) = (self.named(draft, &draft.invoice).await?, self.named(draft, &draft.credit).await?);
        if invoice.due.is_some_and(|due| due <= Decimal::ZERO) {
            let reason =
                "the invoice is paid: a credit note is set only against an unpaid one, else the money is paid back";
            return Err(rejected_by_us(&what, reason));
        }
        let (Some(invoice_id), Some(credit_id)) = (invoice.id, credit.id) else {
            return Err(malformed(&format!("{what}: KashFlow tells no internal id of the documents")));
        };
        let url = self.url(&["internal", "invoices", &invoice_id.to_string(), "credits"])?;
        let answer = self.read(url.clone(), &what).await?;
        let rows: Vec<&RawValue> = serde_json::from_str(&answer.body).map_err(|_| malformed(&what))?;
        let rows = objects(&rows, "$").map_err(|error| error.of(&what))?;
        let chosen = rows.iter().find(|row| is_note(row, credit_id)).ok_or_else(|| {
            rejected_by_us(&what, "KashFlow does not offer the credit note for this invoice: it may be used up")
        })?;
        let body = body(chosen, draft.amount).map_err(|error| error.of(&what))?;
        self.write(Method::POST, url, body, &what, &[]).await?;
        Ok(match self.allocations_of(draft).await {
            Ok(Found { mut ours, .. }) if ours.len() == 1 => {
                ours.pop().map_or(SendOutcome::Accepted, |receipt| SendOutcome::Answered(Box::new(receipt)))
            }
            _ => SendOutcome::Accepted,
        })
    }
}

fn is_note(row: &Object<'_>, id: i64) -> bool {
    let is_credit_note = row.text("Type").ok().flatten().is_some_and(|kind| kind.eq_ignore_ascii_case("CreditNote"));
    is_credit_note && row.integer("Id").ok().flatten() == Some(id)
}

/// The credit as KashFlow offers it, with the amount that is wanted of it.
fn body(chosen: &Object<'_>, amount: Money) -> Result<String, crate::wire::object::Unreadable> {
    let mut credit = RawObject::of(chosen);
    credit.set("Amount", &amounts::number(amount))?;
    Ok(format!("[{}]", credit.json()?))
}

fn receipt(
    draft: &AllocationDraft,
    amount: Money,
    invoice: &Document,
    credit: &Document,
    on: jiff::civil::Date,
) -> Receipt {
    let zero = Money::zero(amount.currency());
    Receipt {
        kind: EntryKind::Allocation,
        number: None,
        remote_id: None,
        reference: Draft::Allocation(draft.clone()).mark(),
        party: String::new(),
        account: None,
        on,
        currency: amount.currency(),
        lines: vec![
            ReceiptLine::of_document(amount, Some(DocumentNumber(invoice.number))),
            ReceiptLine::of_document(amount.negated(), Some(DocumentNumber(credit.number))),
        ],
        net: amount,
        vat: zero,
        payments: Vec::new(),
        paid: zero,
        locked: false,
    }
}
