//! A customer read from a request and written to an answer.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::Call;
use super::call::Body;
use crate::kashflow::chart;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Customer, Extras, Ledger};

/// Longest code taken; the vendor does not say.
const CODE_LENGTH_MAX: usize = 20;

/// Properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("Note", Json::Null),
    ("DeliveryAddresses", Json::List(Vec::new())),
    ("UseCustomDeliveryAddress", Json::Flag(false)),
    ("VATNumber", Json::Null),
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
const IN_ROWS: &[&str] = &["DefaultNominalCode", "VATNumber", "TradeBorderType", "CustomerKey"];

/// Takes over what `call` says about a customer. What it does not say stays.
pub fn read(ledger: &Ledger, call: &Call, customer: &mut Customer) -> Result<(), ApiError> {
    let body = &call.body;
    if let Some(name) = body.text("Name") {
        if name.trim().is_empty() {
            return Err(ApiError::invalid("Name must not be empty."));
        }
        name.trim().clone_into(&mut customer.name);
    }
    if let Some(contacts) = body.list("Contacts")? {
        customer.contacts = contacts.iter().zip(1..).map(|(contact, id)| contact_of(contact, id)).collect();
    }
    if let Some(code) = body.get("Currency").and_then(|currency| currency.text("Code")) {
        customer.currency.clone_from(&ledger.currency(&code)?.code);
    }
    if let Some(source) = body.int("Source")? {
        if source != 0 && !ledger.sources.contains_key(&source) {
            return Err(ApiError::invalid(format!("Source {source} does not exist.")));
        }
        customer.extras.insert("Source", Json::Int(source));
    }
    if let Some(addresses) = body.list("Addresses")? {
        let addresses = addresses.iter().map(address_of).collect::<Result<_, _>>()?;
        customer.extras.insert("Addresses", Json::List(addresses));
    }
    if let Some(terms) = body.get("PaymentTerms") {
        let (Some(kind), Some(days)) = (terms.text("Type"), terms.int("Days")?) else {
            return Err(ApiError::invalid("PaymentTerms needs both Type and Days."));
        };
        customer.extras.insert("PaymentTerms", Json::object([("Type", kind.into()), ("Days", days.into())]));
    }
    if let Some(archived) = body.flag("IsArchived")? {
        customer.archived = archived;
    }
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            customer.extras.insert(name, value.clone());
        }
    }
    customer.updated_at = call.now;
    Ok(())
}

/// Checks a code: letters and digits only.
pub fn valid_code(code: &str) -> Result<String, ApiError> {
    let code = code.trim();
    if code.is_empty() || code.len() > CODE_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = "The customer code specified is invalid, please re-enter without any special characters.";
        return Err(ApiError::refused("InvalidCustomerCode", message));
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

/// The customer in full.
pub fn detail(ledger: &Ledger, customer: &Customer) -> Json {
    let mut members = common(ledger, customer);
    for (name, otherwise) in KEPT.iter().filter(|(name, _)| !IN_ROWS.contains(name)) {
        members.push((name, customer.extras.get(name).unwrap_or(otherwise).clone()));
    }
    let terms = Json::object([("Type", "AfterIssuedDate".into()), ("Days", 30.into())]);
    let documents = ledger.invoices.of_customer(customer.id);
    let day_of = |found: Option<&(jiff::civil::Date, i64)>| found.map_or(Json::Null, |(day, _)| day::print(*day));
    members.extend([
        ("Source", customer.extras.get("Source").cloned().unwrap_or(Json::Int(0))),
        ("PaymentTerms", customer.extras.get("PaymentTerms").cloned().unwrap_or(terms)),
        ("InvoicedNetAmount", customer.figures.net.into()),
        ("InvoicedVATAmount", customer.figures.vat.into()),
        ("InvoiceCount", customer.figures.count.into()),
        ("FirstInvoiceDate", day_of(documents.first())),
        ("LastInvoiceDate", day_of(documents.last())),
    ]);
    object(members)
}

/// The customer as a list row.
pub fn row(ledger: &Ledger, customer: &Customer) -> Json {
    object(common(ledger, customer))
}

fn common(ledger: &Ledger, customer: &Customer) -> Vec<(&'static str, Json)> {
    let figures = &customer.figures;
    let source = customer.extras.get("Source").and_then(Json::as_int).and_then(|id| ledger.sources.get(&id));
    let currency = ledger.currencies.get(&customer.currency);
    let mut members = vec![
        ("Id", customer.id.into()),
        ("Code", customer.code.as_str().into()),
        ("Name", customer.name.as_str().into()),
        ("DisplayName", customer.name.as_str().into()),
        ("Contacts", Json::List(customer.contacts.clone())),
        ("Addresses", customer.extras.get("Addresses").cloned().unwrap_or(Json::List(Vec::new()))),
        ("Currency", currency.map_or(Json::Null, super::companies::currency_json)),
        ("SourceName", source.map(|(name, _)| name.as_str()).into()),
        ("IsArchived", customer.archived.into()),
        ("TotalPaidAmount", figures.paid.into()),
        ("OutstandingBalance", (figures.net + figures.vat - figures.paid).into()),
        ("CreatedDate", day::print_moment(customer.created_at)),
        ("LastUpdatedDate", day::print_moment(customer.updated_at)),
    ];
    for (name, otherwise) in KEPT.iter().filter(|(name, _)| IN_ROWS.contains(name)) {
        members.push((name, customer.extras.get(name).unwrap_or(otherwise).clone()));
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
    let found = chart::COUNTRIES.iter().find(|(own, _, _)| own.eq_ignore_ascii_case(code));
    found.map(|(_, name, _)| *name).ok_or_else(|| ApiError::invalid(format!("Country {code} does not exist.")))
}

/// An empty customer to read a request into.
pub fn blank(id: i64, code: String, call: &Call) -> Customer {
    Customer {
        id,
        code,
        name: String::new(),
        currency: "GBP".to_owned(),
        contacts: Vec::new(),
        archived: false,
        created_at: call.now,
        updated_at: call.now,
        extras: Extras::new(),
        figures: Default::default(),
    }
}
