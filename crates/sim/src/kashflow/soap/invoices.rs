//! Invoices in the shape of the SOAP API.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Asked;
use super::company::nominal_of;
use super::customers::found as customer;
use crate::kashflow::Account;
use crate::kashflow::api::{Body as _, invoice_fields, invoices as rest};
use crate::kashflow::chart;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Invoice, Ledger, Line, Side};

type Outcome = Result<Json, ApiError>;

/// Files an invoice; gives its number. The number sent is not looked at unless the account takes it.
pub fn insert(account: &Account, asked: &Asked) -> Outcome {
    let sent = asked.args.get("Inv").or_else(|| asked.args.get("Inv_TD"));
    let sent = sent.ok_or_else(|| ApiError::invalid("The invoice is missing"))?;
    let mut ledger = account.ledger();
    let body = rest_body(&ledger, sent)?;
    rest::file(&mut ledger, Side::Sales, &body, account.today()).map(Json::Int)
}

/// Adds a line to the invoice with an internal id; gives the line's id, which is its place.
pub fn insert_line_by_id(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let number = number_of_id(&ledger, asked)?;
    add_line(&mut ledger, number, asked)
}

/// Adds a line to the invoice with a number.
pub fn insert_line(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    add_line(&mut ledger, asked.args.int("InvoiceNumber")?.unwrap_or_default(), asked)
}

/// Deletes the invoice with a number.
pub fn delete(account: &Account, asked: &Asked) -> Outcome {
    let number = asked.args.int("InvoiceNumber")?.unwrap_or_default();
    rest::remove(&mut account.ledger(), Side::Sales, number).map(|()| Json::Flag(true))
}

/// Deletes the invoice with an internal id.
pub fn delete_by_id(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let number = number_of_id(&ledger, asked)?;
    rest::remove(&mut ledger, Side::Sales, number).map(|()| Json::Flag(true))
}

/// The invoice with a number.
pub fn by_number(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    found(&ledger, asked.args.int("InvoiceNumber")?.unwrap_or_default()).map(|own| shown(&ledger, own))
}

/// The invoice with an internal id.
pub fn by_id(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    found(&ledger, number_of_id(&ledger, asked)?).map(|own| shown(&ledger, own))
}

/// All invoices of a customer, by date.
pub fn of_customer(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let own = customer(&ledger, asked.args.int("CustID")?.unwrap_or_default())?.id;
    let numbers: Vec<i64> = ledger[Side::Sales].invoices.of_contact(own).iter().map(|(_, number)| *number).collect();
    Ok(listed(&ledger, asked, &numbers))
}

/// All invoices dated in a window, both days included.
pub fn by_date(account: &Account, asked: &Asked) -> Outcome {
    let from = asked.args.day("StartDate")?.unwrap_or(Date::MIN);
    let to = asked.args.day("EndDate")?.unwrap_or(Date::MAX);
    let ledger = account.ledger();
    let dated = ledger[Side::Sales].invoices.by_date.between(&(from, i64::MIN), &(to, i64::MAX));
    let numbers: Vec<i64> = dated.iter().map(|(_, number)| *number).collect();
    Ok(listed(&ledger, asked, &numbers))
}

/// The invoices with the highest numbers, highest first.
pub fn recent(account: &Account, asked: &Asked) -> Outcome {
    let count = usize::try_from(asked.args.int("NumberOfInvoices")?.unwrap_or_default()).unwrap_or(0);
    let ledger = account.ledger();
    let numbers = ledger[Side::Sales].invoices.numbers.all();
    let numbers: Vec<i64> = numbers.iter().rev().take(count).copied().collect();
    Ok(listed(&ledger, asked, &numbers))
}

/// Invoices with something left to pay.
pub fn unpaid(account: &Account, asked: &Asked) -> Outcome {
    Ok(chosen(account, asked, |own| own.due() > Decimal::ZERO))
}

/// Invoices with something left to pay whose day has passed.
pub fn overdue(account: &Account, asked: &Asked) -> Outcome {
    let today = account.today();
    Ok(chosen(account, asked, |own| own.due() > Decimal::ZERO && own.due_on < today))
}

/// The invoice with this number.
pub fn found(ledger: &Ledger, number: i64) -> Result<&Invoice, ApiError> {
    let found = ledger[Side::Sales].invoices.get(number);
    found.ok_or_else(|| ApiError::invalid(format!("There is no invoice with number {number}")))
}

fn number_of_id(ledger: &Ledger, asked: &Asked) -> Result<i64, ApiError> {
    let id = asked.args.int("InvoiceID")?.unwrap_or_default();
    let found = ledger[Side::Sales].invoices.by_id(id);
    found.map(|own| own.number).ok_or_else(|| ApiError::invalid(format!("There is no invoice with id {id}")))
}

fn chosen(account: &Account, asked: &Asked, wanted: impl Fn(&Invoice) -> bool) -> Json {
    let ledger = account.ledger();
    let numbers: Vec<i64> =
        ledger[Side::Sales].invoices.all().filter(|own| wanted(own)).map(|own| own.number).collect();
    listed(&ledger, asked, &numbers)
}

fn listed(ledger: &Ledger, asked: &Asked, numbers: &[i64]) -> Json {
    let hidden = ledger.recent.made_after(asked.seen_until);
    let found = numbers.iter().filter_map(|number| ledger[Side::Sales].invoices.get(*number));
    Json::List(found.filter(|own| !hidden.contains(&own.id)).map(|own| shown(ledger, own)).collect())
}

fn add_line(ledger: &mut Ledger, number: i64, asked: &Asked) -> Outcome {
    let invoice = found(ledger, number)?;
    let sent = asked.args.get("InvLine").ok_or_else(|| ApiError::invalid("InvLine is missing"))?;
    ledger.refuse_locked(invoice.issued_on)?;
    let body = line_body(ledger, sent, invoice.rate)?;
    let line = invoice_fields::line_of(ledger, Side::Sales, &body)?;
    let place = i64::try_from(invoice.lines.len()).unwrap_or(i64::MAX).saturating_add(1);
    ledger.change_invoice(Side::Sales, number, |invoice| invoice.lines.push(line));
    Ok(place.into())
}

/// The body that REST reads.
fn rest_body(ledger: &Ledger, sent: &Json) -> Outcome {
    let owner = customer(ledger, sent.int("CustomerID")?.unwrap_or_default())?;
    let code = sent.text("CurrencyCode").filter(|code| !code.trim().is_empty());
    let code = code.map_or_else(|| owner.currency.clone(), |code| code.trim().to_owned());
    let known = ledger.currency(&code)?;
    let rate = sent.amount("ExchangeRate")?.filter(|rate| *rate > Decimal::ZERO).unwrap_or(known.rate);
    let rate = if known.code == "GBP" { Decimal::ONE } else { rate };
    let mut lines: Vec<&Json> = sent.list("Lines")?.unwrap_or_default().iter().collect();
    lines.sort_by_key(|line| line.get("Sort").and_then(Json::as_int).unwrap_or(0));
    let lines: Result<Vec<Json>, ApiError> = lines.into_iter().map(|line| line_body(ledger, line, rate)).collect();
    let date = |name| sent.get(name).cloned().unwrap_or(Json::Null);
    let project = sent.int("ProjectID")?.filter(|project| *project != 0);
    let number = sent.int("InvoiceNumber")?.filter(|_| ledger.options().soap_number_wins);
    Ok(Json::object([
        ("Number", number.into()),
        ("CustomerCode", owner.code.as_str().into()),
        ("CustomerReference", sent.text("CustomerReference").into()),
        ("IssuedDate", date("InvoiceDate")),
        ("DueDate", date("DueDate")),
        ("ProjectNumber", project.into()),
        ("Currency", Json::object([("Code", code.into()), ("ExchangeRate", rate.into())])),
        ("DeliveryAddress", sent.get("DeliveryAddress").cloned().unwrap_or(Json::Null)),
        ("UseCustomDeliveryAddress", sent.get("UseCustomDeliveryAddress").cloned().unwrap_or(Json::Null)),
        ("LineItems", Json::List(lines?)),
    ]))
}

/// A line as REST reads it. Without `ValuesInCurrency` its amounts are pounds.
fn line_body(ledger: &Ledger, sent: &Json, exchange: Decimal) -> Outcome {
    let amount = |name| sent.amount(name).map(Option::unwrap_or_default);
    let times = if sent.int("ValuesInCurrency")? == Some(1) { Decimal::ONE } else { exchange };
    let level = amount("VatRate")?;
    let exempt = level.is_sign_negative();
    let nominal = match sent.int("ChargeType")? {
        None | Some(0) => chart::OTHER_SALES,
        Some(id) => nominal_of(ledger, id)?,
    };
    let product = match sent.int("ProductID")?.filter(|id| *id != 0) {
        None => None,
        Some(id) => {
            let found = ledger.products.values().find(|own| own.id == id);
            Some(found.ok_or_else(|| ApiError::invalid(format!("There is no product with id {id}")))?.code.clone())
        }
    };
    let project = sent.int("ProjID")?.filter(|project| *project != 0);
    Ok(Json::object([
        ("Quantity", amount("Quantity")?.into()),
        ("Description", sent.text("Description").into()),
        ("Rate", (amount("Rate")? * times).into()),
        ("VATLevel", if exempt { Decimal::ZERO } else { level }.into()),
        ("VATExempt", exempt.into()),
        ("VATAmount", (amount("VatAmount")? * times).round_dp(4).into()),
        ("NominalCode", nominal.into()),
        ("ProductCode", product.into()),
        ("ProjectNumber", project.into()),
    ]))
}

fn shown(ledger: &Ledger, own: &Invoice) -> Json {
    let owner = ledger[Side::Sales].contacts.by_id(own.contact_id);
    let name = owner.map(|owner| owner.name.as_str());
    let moment = |day: Date| Json::from(format!("{day}T00:00:00"));
    let lines = own.lines.iter().zip(1_i64..).map(|(line, place)| shown_line(ledger, line, place));
    let elsewhere = own.extras.get("UseCustomDeliveryAddress").and_then(Json::as_flag).unwrap_or(false);
    Json::object([
        ("InvoiceDBID", own.id.into()),
        ("InvoiceNumber", own.number.into()),
        ("InvoiceDate", moment(own.issued_on)),
        ("DueDate", moment(own.due_on)),
        ("Customer", name.into()),
        ("CustomerID", own.contact_id.into()),
        ("Paid", i64::from(own.due().is_zero()).into()),
        ("CustomerReference", own.reference.as_str().into()),
        ("ProjectID", own.extras.get("ProjectNumber").cloned().unwrap_or(Json::Int(0))),
        ("CurrencyCode", own.currency.as_str().into()),
        ("ExchangeRate", own.rate.into()),
        ("Lines", Json::List(lines.collect())),
        ("NetAmount", own.net().into()),
        ("VATAmount", own.vat().into()),
        ("AmountPaid", own.paid().into()),
        ("CustomerName", name.into()),
        ("PermaLink", format!("/v2/documents/invoice/{}", own.id).into()),
        ("DeliveryAddress", own.delivery.clone().unwrap_or(Json::Null)),
        ("UseCustomDeliveryAddress", elsewhere.into()),
    ])
}

fn shown_line(ledger: &Ledger, line: &Line, place: i64) -> Json {
    let product =
        line.product.as_ref().and_then(|(nominal, code)| ledger.products.get(&Ledger::product_key(*nominal, code)));
    Json::object([
        ("Quantity", line.quantity.into()),
        ("Description", line.description.as_str().into()),
        ("Rate", line.rate.into()),
        ("ChargeType", ledger.nominals.get(&line.nominal).map(|own| own.id).into()),
        ("VatRate", if line.vat_exempt { Decimal::NEGATIVE_ONE } else { line.vat_level }.into()),
        ("VatAmount", line.vat.into()),
        ("ProductID", product.map(|own| own.id).into()),
        ("Sort", place.into()),
        ("ProjID", line.project.into()),
        ("LineID", place.into()),
        ("ValuesInCurrency", 1.into()),
    ])
}
