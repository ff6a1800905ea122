//! The body of a customer that is created or brought up to date.

use model::{CustomerDraft, SupplierDraft, TradeBorder};
use serde_json::json;

use super::customer::same;
use super::new_invoice::{NewAddress, country_code};
use super::object::{Object, Unreadable};
use super::raw::RawObject;

/// Fields that only KashFlow writes, and the one that would make another customer instead of failing.
const NEVER_SENT: &[&str] = &[
    "CreateCustomerCodeIfDuplicate",
    "CreateCustomerNameIfEmptyOrNull",
    "CreatedDate",
    "LastUpdatedDate",
    "DisplayName",
    "SourceName",
    "InvoicedNetAmount",
    "InvoicedVATAmount",
    "InvoiceCount",
    "TotalPaidAmount",
    "OutstandingBalance",
    "OverdueAmount",
    "AverageDaysToPay",
    "FirstInvoiceDate",
    "LastInvoiceDate",
];

/// The body of a new customer. It never asks for another code if ours is taken.
pub(crate) fn create(wanted: &CustomerDraft) -> Result<String, Unreadable> {
    let mut body = RawObject::default();
    body.set("Code", &wanted.code.as_str())?;
    body.set("Name", &wanted.name)?;
    body.set("Currency", &json!({ "Code": wanted.currency.code() }))?;
    body.set("TradeBorderType", &border(wanted.border))?;
    if let Some(number) = &wanted.vat_number {
        body.set("VATNumber", number)?;
    }
    if let Some(email) = &wanted.email {
        body.set("Contacts", &[json!({ "IsPrimary": true, "Name": wanted.name, "Email": email })])?;
    }
    match (&wanted.address, &wanted.country) {
        (Some(address), _) => body.set("Addresses", &[NewAddress::of(address)])?,
        (None, Some(country)) if !wanted.shared => {
            body.set("Addresses", &[json!({ "CountryCode": country_code(country) })])?;
        }
        _ => {}
    }
    body.json()
}

/// The body of a new supplier: only what the model of a supplier has for certain (BEHAVIOR 34).
pub(crate) fn supplier(wanted: &SupplierDraft) -> Result<String, Unreadable> {
    let mut body = RawObject::default();
    body.set("Code", &wanted.code.as_str())?;
    body.set("Name", &wanted.name)?;
    body.json()
}

/// What KashFlow holds with our part changed: other contacts, other addresses and every field we do not know stay.
pub(crate) fn merge(held: &Object<'_>, wanted: &CustomerDraft) -> Result<String, Unreadable> {
    let mut body = RawObject::of(held);
    body.remove(NEVER_SENT);
    body.set("Name", &wanted.name)?;
    body.set("TradeBorderType", &border(wanted.border))?;
    if let Some(number) = &wanted.vat_number {
        body.set("VATNumber", number)?;
    }
    if let Some(email) = &wanted.email {
        contacts(held, wanted, email)?.map_or(Ok(()), |contacts| body.set("Contacts", &contacts))?;
    }
    if let Some(address) = &wanted.address {
        body.set("Addresses", &addresses(held, address)?)?;
    }
    body.json()
}

/// The contacts with ours among them; `None` if it is there already. A contact that a person made is never overwritten: ours
/// fills a primary contact without an e-mail, or is added.
fn contacts(held: &Object<'_>, wanted: &CustomerDraft, email: &str) -> Result<Option<Vec<RawObject>>, Unreadable> {
    let objects = held.objects("Contacts")?;
    let mut contacts: Vec<RawObject> = objects.iter().map(RawObject::of).collect();
    let mut empty_primary = None;
    for (index, contact) in objects.iter().enumerate() {
        let own = contact.text("Email")?.filter(|email| !email.is_empty());
        if own.as_deref().is_some_and(|own| same(own, email)) {
            return Ok(None);
        }
        if own.is_none() && contact.flag("IsPrimary")?.unwrap_or(false) {
            empty_primary = Some(index);
        }
    }
    match empty_primary.and_then(|index| contacts.get_mut(index)) {
        Some(primary) => primary.set("Email", &email)?,
        None => {
            let mut ours = RawObject::default();
            ours.set("IsPrimary", &contacts.is_empty())?;
            ours.set("Name", &wanted.name)?;
            ours.set("Email", &email)?;
            contacts.push(ours);
        }
    }
    Ok(Some(contacts))
}

/// The addresses with the first one as wanted.
fn addresses(held: &Object<'_>, wanted: &model::Address) -> Result<Vec<RawObject>, Unreadable> {
    let mut addresses: Vec<RawObject> = held.objects("Addresses")?.iter().map(RawObject::of).collect();
    if addresses.is_empty() {
        addresses.push(RawObject::default());
    }
    if let Some(first) = addresses.first_mut() {
        let line = |index: usize| wanted.lines.get(index).map_or("", String::as_str);
        first.set("Line1", &line(0))?;
        first.set("Line2", &line(1))?;
        first.set("Line3", &line(2))?;
        first.set("Line4", &line(3))?;
        first.set("PostCode", &wanted.postcode.as_deref().unwrap_or(""))?;
        if let Some(country) = &wanted.country {
            first.set("CountryCode", &country_code(country))?;
            // Resolved from the code; the old name would contradict it.
            first.remove(&["CountryName", "CountryId"]);
        }
    }
    Ok(addresses)
}

fn border(border: TradeBorder) -> &'static str {
    match border {
        TradeBorder::Domestic => "Domestic",
        TradeBorder::Eu => "EU",
        TradeBorder::RestOfWorld => "Rest of World",
    }
}
