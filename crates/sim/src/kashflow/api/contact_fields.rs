//! A customer or supplier read from a request and written to an answer.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::call::Body;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Contact, Extras, Ledger, Side};
use crate::kashflow::reference;

/// Longest code taken; the vendor does not say.
const CODE_LENGTH_MAX: usize = 20;

/// Properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("Note", Json::Null),
    ("DeliveryAddresses", Json::List(Vec::new())),
    ("UseCustomDeliveryAddress", Json::Flag(false)),
    ("AutoIncludeVATNumber", Json::Flag(false)),
    ("TradeBorderType", Json::Text(Cow::Borrowed("Domestic"))),
    ("IsRegisteredInEC", Json::Flag(false)),
    ("IsRegisteredOutsideEC", Json::Flag(false)),
    ("DefaultNominalCode", Json::Null),
    ("DefaultCustomerReference", Json::Null),
    ("CustomerKey", Json::Null),
    ("UniqueEntityNumber", Json::Null),
    ("DiscountRate", Json::Number(Decimal::ZERO)),
    ("ShowDiscount", Json::Flag(false)),
    ("ReceivesWholesalePricing", Json::Flag(false)),
    ("AutomaticCreditControlEnabled", Json::Flag(false)),
    ("EnableCreditLimit", Json::Flag(false)),
    ("CreditLimit", Json::Number(Decimal::ZERO)),
    ("EmailTemplateNumber", Json::Int(0)),
    ("CustomTextBoxes", Json::List(Vec::new())),
    ("CustomCheckBoxes", Json::List(Vec::new())),
    ("IsCISReverseCharge", Json::Flag(false)),
    ("ApplyWithholdingTax", Json::Flag(false)),
    ("WithholdingTaxRate", Json::Number(Decimal::ZERO)),
];

/// What a list row has of [`KEPT`]: rows are summaries.
const IN_ROWS: &[&str] = &["DefaultNominalCode", "TradeBorderType", "CustomerKey"];

/// The name under which a side's contacts have their VAT number.
fn vat_number(side: Side) -> &'static str {
    match side {
        Side::Sales => "VATNumber",
        Side::Purchases => "VatNumber",
    }
}

/// What a contact of a side is called.
pub fn title(side: Side) -> &'static str {
    match side {
        Side::Sales => "Customer",
        Side::Purchases => "Supplier",
    }
}

/// Takes over what `body` says about a contact. What it does not say stays.
pub fn read(ledger: &Ledger, side: Side, body: &Json, contact: &mut Contact, now: Timestamp) -> Result<(), ApiError> {
    if let Some(name) = body.text("Name") {
        if name.trim().is_empty() {
            return Err(ApiError::invalid("Name must not be empty."));
        }
        name.trim().clone_into(&mut contact.name);
    }
    if let Some(contacts) = body.list("Contacts")? {
        contact.contacts = contacts.iter().zip(1..).map(|(contact, id)| contact_of(contact, id)).collect();
    }
    if let Some(code) = body.get("Currency").and_then(|currency| currency.text("Code")) {
        contact.currency.clone_from(&ledger.currency(&code)?.code);
    }
    if let Some(source) = body.int("Source")? {
        if side == Side::Sales && source != 0 && !ledger.sources.contains_key(&source) {
            return Err(ApiError::invalid(format!("Source {source} does not exist.")));
        }
        contact.extras.insert("Source", Json::Int(source));
    }
    if let Some(addresses) = body.list("Addresses")? {
        let addresses = addresses.iter().map(address_of).collect::<Result<_, _>>()?;
        contact.extras.insert("Addresses", Json::List(addresses));
    }
    if let Some(terms) = body.get("PaymentTerms") {
        let (Some(kind), Some(days)) = (terms.text("Type"), terms.int("Days")?) else {
            return Err(ApiError::invalid("PaymentTerms needs both Type and Days."));
        };
        contact.extras.insert("PaymentTerms", Json::object([("Type", kind.into()), ("Days", days.into())]));
    }
    if let Some(archived) = body.flag("IsArchived")? {
        contact.archived = archived;
    }
    if let Some(value) = body.get("VATNumber") {
        contact.extras.insert("VATNumber", value.clone());
    }
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            contact.extras.insert(name, value.clone());
        }
    }
    contact.updated_at = now;
    Ok(())
}

/// Checks a code: letters and digits only.
pub fn valid_code(side: Side, code: &str) -> Result<String, ApiError> {
    let code = code.trim();
    if code.is_empty() || code.len() > CODE_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let (name, word) = match side {
            Side::Sales => ("InvalidCustomerCode", "customer"),
            Side::Purchases => ("InvalidSupplierCode", "supplier"),
        };
        let message = format!("The {word} code specified is invalid, please re-enter without any special characters.");
        return Err(ApiError::refused(name, message));
    }
    Ok(code.to_owned())
}

/// Reads an address; an unknown country is refused.
pub fn address_of(sent: &Json) -> Result<Json, ApiError> {
    let code = sent.text("CountryCode").unwrap_or_default();
    let name = match code.as_str() {
        "" => sent.text("CountryName"),
        // Greece goes by EL in the list, yet its ISO code is taken too.
        code => Some(country_name(if code.eq_ignore_ascii_case("GR") { "EL" } else { code })?.to_owned()),
    };
    let line = |name| Json::from(sent.text(name));
    let mut address = vec![
        ("Line1", line("Line1")),
        ("Line2", line("Line2")),
        ("Line3", line("Line3")),
        ("Line4", line("Line4")),
        ("PostCode", line("PostCode")),
        ("CountryCode", if code.is_empty() { Json::Null } else { code.to_ascii_uppercase().into() }),
        ("CountryName", name.into()),
    ];
    if let Some(name) = sent.text("Name") {
        address.insert(0, ("Name", name.into()));
    }
    Ok(Json::Object(address.into_iter().map(|(name, value)| (name.into(), value)).collect()))
}

/// The contact in full.
pub fn detail(ledger: &Ledger, side: Side, contact: &Contact) -> Json {
    let mut members = common(ledger, side, contact);
    for (name, otherwise) in KEPT.iter().filter(|(name, _)| !IN_ROWS.contains(name)) {
        members.push((name, contact.extras.get(name).unwrap_or(otherwise).clone()));
    }
    let terms = Json::object([("Type", "AfterIssuedDate".into()), ("Days", 30.into())]);
    members.push(("PaymentTerms", contact.extras.get("PaymentTerms").cloned().unwrap_or(terms)));
    if side == Side::Sales {
        let documents = ledger[side].invoices.of_contact(contact.id);
        let day_of = |found: Option<&(jiff::civil::Date, i64)>| found.map_or(Json::Null, |(day, _)| day::print(*day));
        members.extend([
            ("Source", contact.extras.get("Source").cloned().unwrap_or(Json::Int(0))),
            ("InvoicedNetAmount", contact.figures.net.into()),
            ("InvoicedVATAmount", contact.figures.vat.into()),
            ("InvoiceCount", contact.figures.count.into()),
            ("FirstInvoiceDate", day_of(documents.first())),
            ("LastInvoiceDate", day_of(documents.last())),
        ]);
    }
    object(members)
}

/// The contact as a list row.
pub fn row(ledger: &Ledger, side: Side, contact: &Contact) -> Json {
    object(common(ledger, side, contact))
}

fn common(ledger: &Ledger, side: Side, contact: &Contact) -> Vec<(&'static str, Json)> {
    let figures = &contact.figures;
    let currency = ledger.currencies.get(&contact.currency);
    let mut members = vec![
        ("Id", contact.id.into()),
        ("Code", contact.code.as_str().into()),
        ("Name", contact.name.as_str().into()),
        ("DisplayName", contact.name.as_str().into()),
        ("Contacts", Json::List(contact.contacts.clone())),
        ("Addresses", contact.extras.get("Addresses").cloned().unwrap_or(Json::List(Vec::new()))),
        ("Currency", currency.map_or(Json::Null, super::companies::currency_json)),
        ("IsArchived", contact.archived.into()),
        ("TotalPaidAmount", figures.paid.into()),
        ("OutstandingBalance", (figures.net + figures.vat - figures.paid).into()),
        ("CreatedDate", day::print_moment(contact.created_at)),
        ("LastUpdatedDate", day::print_moment(contact.updated_at)),
        (vat_number(side), contact.extras.get("VATNumber").cloned().unwrap_or(Json::Null)),
    ];
    if side == Side::Sales {
        let source = contact.extras.get("Source").and_then(Json::as_int).and_then(|id| ledger.sources.get(&id));
        members.push(("SourceName", source.map(|(name, _)| name.as_str()).into()));
    }
    for (name, otherwise) in KEPT.iter().filter(|(name, _)| IN_ROWS.contains(name)) {
        members.push((name, contact.extras.get(name).unwrap_or(otherwise).clone()));
    }
    members
}

fn object(members: Vec<(&'static str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}

fn contact_of(sent: &Json, id: i64) -> Json {
    let flag = |name, otherwise| Json::Flag(sent.get(name).and_then(Json::as_flag).unwrap_or(otherwise));
    let text = |name| Json::from(sent.text(name));
    Json::object([
        ("Id", id.into()),
        ("IsPrimary", flag("IsPrimary", id == 1)),
        ("ReceiveEmails", flag("ReceiveEmails", false)),
        ("Name", text("Name")),
        ("Title", text("Title")),
        ("Firstname", text("Firstname")),
        ("LastName", text("LastName")),
        ("Telephone", text("Telephone")),
        ("Fax", text("Fax")),
        ("Mobile", text("Mobile")),
        ("Website", text("Website")),
        ("Email", text("Email")),
    ])
}

fn country_name(code: &str) -> Result<&'static str, ApiError> {
    let found = reference::COUNTRIES.iter().find(|(own, _, _)| own.eq_ignore_ascii_case(code));
    found.map(|(_, name, _)| *name).ok_or_else(|| ApiError::invalid(format!("Country {code} does not exist.")))
}

/// An empty contact to read a request into.
pub fn blank(id: i64, code: String, now: Timestamp) -> Contact {
    Contact {
        id,
        code,
        name: String::new(),
        currency: "GBP".to_owned(),
        contacts: Vec::new(),
        archived: false,
        created_at: now,
        updated_at: now,
        extras: Extras::new(),
        figures: Default::default(),
    }
}
