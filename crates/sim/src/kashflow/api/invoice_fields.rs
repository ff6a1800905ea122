//! An invoice, sent or received, read from a request and written to an answer.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::call::Body;
use super::contact_fields::{address_of, title};
use super::payment_fields as payments;
use crate::kashflow::chart;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Invoice, Ledger, Line, Product, Side};

/// Header properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("ProjectNumber", Json::Null),
    ("CustomerKey", Json::Null),
    ("UseCustomDeliveryAddress", Json::Flag(false)),
    ("AutomaticCreditControlEnabled", Json::Flag(false)),
    ("IsCISReverseCharge", Json::Flag(false)),
];

/// What the two sides call the other party.
struct Names {
    code: &'static str,
    name: &'static str,
    reference: &'static str,
}

impl Names {
    fn of(side: Side) -> Names {
        match side {
            Side::Sales => Names { code: "CustomerCode", name: "CustomerName", reference: "CustomerReference" },
            Side::Purchases => Names { code: "SupplierCode", name: "SupplierName", reference: "SupplierReference" },
        }
    }
}

/// Takes over what `body` says about an invoice. What it does not say stays; lines that it has replace the old ones.
///
/// Totals, `Id`, `Status` and other read-only properties are ignored, as the vendor's request model has none of them.
pub fn read(ledger: &mut Ledger, body: &Json, invoice: &mut Invoice, today: Date) -> Result<(), ApiError> {
    let side = invoice.side;
    let names = Names::of(side);
    if let Some(code) = body.text(names.code) {
        let known = ledger[side].contacts.by_code(&code);
        let contact = known.ok_or_else(|| ApiError::invalid(format!("{} {code} does not exist.", title(side))))?;
        if invoice.contact_id == 0 {
            invoice.currency.clone_from(&contact.currency);
            invoice.rate = ledger.currency(&contact.currency)?.rate;
        }
        invoice.contact_id = contact.id;
        invoice.contact_code.clone_from(&contact.code);
    }
    if invoice.contact_id == 0 {
        return Err(ApiError::invalid(format!("{} is required.", names.code)));
    }
    read_header(ledger, body, invoice)?;
    if let Some(lines) = body.list("LineItems")? {
        let lines: Result<Vec<Line>, ApiError> = lines.iter().map(|line| line_of(ledger, side, line)).collect();
        invoice.lines = lines?;
    }
    if let Some(sent) = body.list("PaymentLines")? {
        invoice.payments = payments::read(ledger, sent, invoice, today)?;
    }
    Ok(())
}

fn read_header(ledger: &Ledger, body: &Json, invoice: &mut Invoice) -> Result<(), ApiError> {
    if let Some(reference) = body.text(Names::of(invoice.side).reference) {
        invoice.reference = reference;
    }
    if let Some(issued) = body.day("IssuedDate")? {
        invoice.issued_on = issued;
    }
    match body.day("DueDate")? {
        Some(due) => invoice.due_on = due,
        None if invoice.number == 0 => invoice.due_on = invoice.issued_on,
        None => {}
    }
    if let Some(currency) = body.get("Currency") {
        let code = currency.text("Code").ok_or_else(|| ApiError::invalid("Currency.Code is missing."))?;
        let known = ledger.currency(&code)?;
        invoice.currency.clone_from(&known.code);
        invoice.rate = match currency.amount("ExchangeRate")? {
            _ if known.code == "GBP" => Decimal::ONE,
            Some(rate) if rate > Decimal::ZERO => rate.round_dp(4).max(Decimal::new(1, 4)),
            Some(_) => return Err(ApiError::invalid("Currency.ExchangeRate must be above 0.")),
            None => known.rate,
        };
    }
    if let Some(address) = body.get("Address") {
        invoice.address = Some(address_of(address)?);
    }
    if let Some(address) = body.get("DeliveryAddress") {
        invoice.delivery = Some(address_of(address)?);
    }
    for (name, otherwise) in KEPT {
        let own = invoice.extras.get(name).unwrap_or(otherwise);
        if let Some(value) = body.get(name).filter(|value| *value != own) {
            invoice.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

/// A line as it is kept.
pub fn line_of(ledger: &Ledger, side: Side, sent: &Json) -> Result<Line, ApiError> {
    let options = ledger.options();
    let quantity = sent.amount("Quantity")?.unwrap_or(Decimal::ONE);
    let rate = crate::kashflow::ledger::round(sent.amount("Rate")?.unwrap_or_default(), options.rate_scale);
    let vat_exempt = sent.flag("VATExempt")?.unwrap_or(false);
    let vat_level = sent.amount("VATLevel")?.unwrap_or_default();
    if !vat_exempt && !ledger.has_vat_level(vat_level) {
        return Err(ApiError::invalid(format!("VAT level {vat_level} does not exist on this account.")));
    }
    let computed = || crate::kashflow::ledger::to_pence(rate * quantity * vat_level / Decimal::ONE_HUNDRED);
    let nominal = match (sent.int("NominalCode")?, side) {
        (None | Some(0), Side::Sales) => chart::OTHER_SALES,
        (None | Some(0), Side::Purchases) => return Err(ApiError::invalid("LineItems.NominalCode is required.")),
        (Some(code), _) => ledger.nominal(code)?.code,
    };
    if ledger.bank_of_nominal(nominal).is_some() {
        return Err(ApiError::invalid(format!("Nominal code {nominal} is a bank account.")));
    }
    let sent_product = sent.text("ProductCode").filter(|code| side == Side::Sales && !code.trim().is_empty());
    let product = match sent_product {
        None => None,
        Some(code) => Some(product(ledger, nominal, &code).map(|product| (product.nominal, product.code.clone()))?),
    };
    Ok(Line {
        description: sent.text("Description").unwrap_or_default(),
        quantity: quantity.round_dp(4),
        rate,
        vat_level,
        vat: sent.amount("VATAmount")?.map_or_else(computed, |vat| crate::kashflow::ledger::round(vat, 4)),
        vat_exempt,
        nominal,
        product,
        project: sent.int("ProjectNumber")?,
        disallowed: sent.flag("Disallowed")?.unwrap_or(false),
    })
}

/// The product that a line names: the one under the line's sales code, else the only one of that code under any other.
///
/// The vendor's older API names the product and the sales code of a line apart, so an export line may name a product of the
/// domestic code.
fn product<'a>(ledger: &'a Ledger, nominal: i64, code: &str) -> Result<&'a Product, ApiError> {
    let (own, key) = Ledger::product_key(nominal, code);
    if let Some(product) = ledger.products.get(&(own, key.clone())) {
        return Ok(product);
    }
    let mut others = ledger.nominals.keys().filter_map(|other| ledger.products.get(&(*other, key.clone())));
    match (others.next(), others.next()) {
        (Some(product), None) => Ok(product),
        _ => Err(ApiError::invalid(format!("Product {code} does not exist under nominal code {nominal}."))),
    }
}

/// The invoice in full.
pub fn detail(ledger: &Ledger, invoice: &Invoice, today: Date) -> Json {
    let mut members = header(ledger, invoice, today);
    let (previous, next) = ledger[invoice.side].invoices.numbers.neighbours(&invoice.number);
    let payments = invoice.payments.iter().map(payments::write).collect();
    members.extend([
        ("PaymentLines", Json::List(payments)),
        ("PreviousNumber", previous.copied().into()),
        ("NextNumber", next.copied().into()),
        ("ReminderLetters", Json::List(Vec::new())),
        ("EmailCount", 0.into()),
        ("FileCount", 0.into()),
        ("VATReturnId", ledger.vat_return_of(invoice.issued_on).into()),
    ]);
    if invoice.side == Side::Sales {
        members.push(("Permalink", format!("/v2/documents/invoice/{}", invoice.id).into()));
    }
    object(members)
}

/// The invoice as a list row: everything but payments.
pub fn row(ledger: &Ledger, invoice: &Invoice, today: Date) -> Json {
    object(header(ledger, invoice, today))
}

fn header(ledger: &Ledger, invoice: &Invoice, today: Date) -> Vec<(&'static str, Json)> {
    let (net, vat, paid) = (invoice.net(), invoice.vat(), invoice.paid());
    let (gross, due) = (net + vat, net + vat - paid);
    let contact = ledger[invoice.side].contacts.by_id(invoice.contact_id);
    let names = Names::of(invoice.side);
    let last_paid = invoice.payments.iter().map(|payment| payment.date).max();
    let symbol = ledger.currencies.get(&invoice.currency).map_or("", |currency| currency.symbol.as_str());
    let mut members = vec![
        ("Id", invoice.id.into()),
        ("Number", invoice.number.into()),
        (names.code, invoice.contact_code.as_str().into()),
        (names.name, contact.map(|own| own.name.as_str()).into()),
        (names.reference, invoice.reference.as_str().into()),
        ("IssuedDate", day::print(invoice.issued_on)),
        ("DueDate", day::print(invoice.due_on)),
        ("LastPaymentDate", last_paid.map_or(Json::Null, day::print)),
        ("PaidDate", last_paid.filter(|_| due.is_zero()).map_or(Json::Null, day::print)),
        ("CreatedDate", day::print_moment(invoice.created_at)),
        ("Currency", currency_of(ledger, invoice)),
        ("Address", invoice.address.clone().unwrap_or(Json::Null)),
        ("DeliveryAddress", invoice.delivery.clone().unwrap_or(Json::Null)),
        (
            "LineItems",
            Json::List(invoice.lines.iter().zip(1..).map(|(line, n)| line_json(ledger, invoice, line, n)).collect()),
        ),
        ("NetAmount", net.into()),
        ("VATAmount", vat.into()),
        ("GrossAmount", gross.into()),
        ("HomeCurrencyGrossAmount", invoice.in_home(gross).into()),
        ("HomeCurrencyVATAmount", invoice.in_home(vat).into()),
        ("TotalPaidAmount", paid.into()),
        ("DueAmount", due.into()),
        ("FormattedDueAmount", format!("{symbol}{due:.2}").into()),
        ("Status", invoice.status(today).into()),
        ("OverdueDays", invoice.overdue_days(today).into()),
        ("IsArchived", false.into()),
        (
            "TradeBorderType",
            contact.and_then(|own| own.extras.get("TradeBorderType").cloned()).unwrap_or("Domestic".into()),
        ),
        ("VATNumber", contact.and_then(|own| own.extras.get("VATNumber").cloned()).unwrap_or(Json::Null)),
    ];
    if invoice.side == Side::Sales {
        members.push(("CustomerId", invoice.contact_id.into()));
        members.push(("Type", if gross < Decimal::ZERO { "CreditNote" } else { "Invoice" }.into()));
    }
    for (name, otherwise) in KEPT {
        members.push((name, invoice.extras.get(name).unwrap_or(otherwise).clone()));
    }
    members
}

fn line_json(ledger: &Ledger, invoice: &Invoice, line: &Line, number: i64) -> Json {
    let nominal = ledger.nominals.get(&line.nominal);
    let product = line.product.as_ref().and_then(|(own, code)| ledger.products.get(&Ledger::product_key(*own, code)));
    let mut home_rate = line.rate;
    if invoice.rate != Decimal::ONE && !invoice.rate.is_zero() {
        home_rate = crate::kashflow::ledger::round(line.rate / invoice.rate, 4);
    }
    Json::object([
        ("Number", number.into()),
        ("Description", line.description.as_str().into()),
        ("Quantity", line.quantity.into()),
        ("Rate", line.rate.into()),
        ("VATLevel", line.vat_level.into()),
        ("VATAmount", line.vat.into()),
        ("VATExempt", line.vat_exempt.into()),
        ("NominalCode", line.nominal.into()),
        ("NominalId", nominal.map(|nominal| nominal.id).into()),
        ("NominalName", nominal.map(|nominal| nominal.name.as_str()).into()),
        ("ProductCode", line.product.as_ref().map(|(_, code)| code.as_str()).into()),
        ("ProductName", product.map(|product| product.name.as_str()).into()),
        ("ProjectNumber", line.project.into()),
        ("Disallowed", line.disallowed.into()),
        ("DisableDisallowed", false.into()),
        ("HomeCurrencyRate", home_rate.into()),
        ("HomeCurrencyVATAmount", invoice.in_home(line.vat).into()),
    ])
}

fn currency_of(ledger: &Ledger, invoice: &Invoice) -> Json {
    let Some(own) = ledger.currencies.get(&invoice.currency) else { return Json::Null };
    Json::object([
        ("Code", own.code.as_str().into()),
        ("ExchangeRate", invoice.rate.into()),
        ("Name", own.name.as_str().into()),
        ("Symbol", own.symbol.as_str().into()),
        ("DisplaySymbolOnRight", own.symbol_on_right.into()),
    ])
}

fn object(members: Vec<(&'static str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}
