//! An invoice read from a request and written to an answer.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::call::Body;
use super::customer_fields::address_of;
use crate::kashflow::chart;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Invoice, Ledger, Line, Payment, Product};

/// Header properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("ProjectNumber", Json::Null),
    ("CustomerKey", Json::Null),
    ("UseCustomDeliveryAddress", Json::Flag(false)),
    ("AutomaticCreditControlEnabled", Json::Flag(false)),
    ("IsCISReverseCharge", Json::Flag(false)),
];

/// Takes over what `body` says about an invoice. What it does not say stays; lines that it has replace the old ones.
///
/// Totals, `Id`, `Status` and other read-only properties are ignored, as the vendor's request model has none of them.
pub fn read(ledger: &mut Ledger, body: &Json, invoice: &mut Invoice, today: Date) -> Result<(), ApiError> {
    if let Some(code) = body.text("CustomerCode") {
        let known = ledger.customers.by_code(&code);
        let customer = known.ok_or_else(|| ApiError::invalid(format!("Customer {code} does not exist.")))?;
        if invoice.contact_id == 0 {
            invoice.currency.clone_from(&customer.currency);
            invoice.rate = ledger.currency(&customer.currency)?.rate;
        }
        invoice.contact_id = customer.id;
        invoice.contact_code.clone_from(&customer.code);
    }
    if invoice.contact_id == 0 {
        return Err(ApiError::invalid("CustomerCode is required."));
    }
    read_header(ledger, body, invoice)?;
    if let Some(lines) = body.list("LineItems")? {
        let lines: Result<Vec<Line>, ApiError> = lines.iter().map(|line| line_of(ledger, line)).collect();
        invoice.lines = lines?;
    }
    if let Some(payments) = body.list("PaymentLines")? {
        invoice.payments = payments_of(ledger, payments, invoice, today)?;
    }
    Ok(())
}

fn read_header(ledger: &Ledger, body: &Json, invoice: &mut Invoice) -> Result<(), ApiError> {
    if let Some(reference) = body.text("CustomerReference") {
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
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            invoice.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

fn line_of(ledger: &Ledger, sent: &Json) -> Result<Line, ApiError> {
    let options = ledger.options();
    let quantity = sent.amount("Quantity")?.unwrap_or(Decimal::ONE);
    let rate = crate::kashflow::ledger::round(sent.amount("Rate")?.unwrap_or_default(), options.rate_scale);
    let vat_exempt = sent.flag("VATExempt")?.unwrap_or(false);
    let vat_level = sent.amount("VATLevel")?.unwrap_or_default();
    if !vat_exempt && !ledger.has_vat_level(vat_level) {
        return Err(ApiError::invalid(format!("VAT level {vat_level} does not exist on this account.")));
    }
    let computed = || crate::kashflow::ledger::to_pence(rate * quantity * vat_level / Decimal::ONE_HUNDRED);
    let nominal = match sent.int("NominalCode")? {
        None | Some(0) => chart::OTHER_SALES,
        Some(code) => ledger.nominal(code)?.code,
    };
    let product = match sent.text("ProductCode").filter(|code| !code.trim().is_empty()) {
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

/// The whole set of payments after the call: lines with an id are those that are there, lines without are new, others go.
fn payments_of(ledger: &mut Ledger, sent: &[Json], invoice: &Invoice, today: Date) -> Result<Vec<Payment>, ApiError> {
    let mut payments = Vec::with_capacity(sent.len());
    for line in sent {
        let known = match line.int("Id")?.filter(|id| *id != 0) {
            None => None,
            Some(id) => {
                let found = invoice.payments.iter().find(|own| own.id == id);
                Some(found.ok_or_else(|| ApiError::invalid(format!("Payment {id} is not one of this invoice.")))?)
            }
        };
        let payment = payment_of(ledger, line, known, today)?;
        if known != Some(&payment) {
            ledger.refuse_bank_locked(payment.account, payment.date)?;
            known.map_or(Ok(()), |known| ledger.refuse_bank_locked(known.account, known.date))?;
        }
        payments.push(payment);
    }
    for gone in invoice.payments.iter().filter(|own| !payments.iter().any(|kept| kept.id == own.id)) {
        ledger.refuse_bank_locked(gone.account, gone.date)?;
    }
    for payment in payments.iter_mut().filter(|payment| payment.id == 0) {
        payment.id = ledger.fresh_id();
    }
    Ok(payments)
}

fn payment_of(ledger: &Ledger, sent: &Json, known: Option<&Payment>, today: Date) -> Result<Payment, ApiError> {
    let required = |name: &str| ApiError::invalid(format!("PaymentLines.{name} is required."));
    let amount = sent.amount("Amount")?.or(known.map(|known| known.amount)).ok_or_else(|| required("Amount"))?;
    let account = sent.int("AccountId")?.or(known.map(|known| known.account)).ok_or_else(|| required("AccountId"))?;
    let method = sent.int("Method")?.or(known.map(|known| known.method)).ok_or_else(|| required("Method"))?;
    ledger.bank(account)?;
    ledger.payment_method(method)?;
    Ok(Payment {
        id: known.map_or(0, |known| known.id),
        date: sent.day("Date")?.or(known.map(|known| known.date)).unwrap_or(today),
        amount: crate::kashflow::ledger::round(amount, 4),
        method,
        account,
        reference: sent.text("Reference").or_else(|| known.and_then(|known| known.reference.clone())),
        note: sent.text("Note").or_else(|| known.and_then(|known| known.note.clone())),
        bulk: known.and_then(|known| known.bulk),
        is_credit: known.is_some_and(|known| known.is_credit),
    })
}

/// The invoice in full.
pub fn detail(ledger: &Ledger, invoice: &Invoice, today: Date) -> Json {
    let mut members = header(ledger, invoice, today);
    let (previous, next) = ledger.invoices.numbers.neighbours(&invoice.number);
    let payments = invoice.payments.iter().map(payment_json).collect();
    members.extend([
        ("PaymentLines", Json::List(payments)),
        ("PreviousNumber", previous.copied().into()),
        ("NextNumber", next.copied().into()),
        ("ReminderLetters", Json::List(Vec::new())),
        ("EmailCount", 0.into()),
        ("FileCount", 0.into()),
        ("VATReturnId", Json::Null),
        ("Permalink", format!("/v2/documents/invoice/{}", invoice.id).into()),
    ]);
    object(members)
}

/// The invoice as a list row: everything but payments.
pub fn row(ledger: &Ledger, invoice: &Invoice, today: Date) -> Json {
    object(header(ledger, invoice, today))
}

fn header(ledger: &Ledger, invoice: &Invoice, today: Date) -> Vec<(&'static str, Json)> {
    let (net, vat, paid) = (invoice.net(), invoice.vat(), invoice.paid());
    let (gross, due) = (net + vat, net + vat - paid);
    let customer = ledger.customers.by_id(invoice.contact_id);
    let last_paid = invoice.payments.iter().map(|payment| payment.date).max();
    let symbol = ledger.currencies.get(&invoice.currency).map_or("", |currency| currency.symbol.as_str());
    let mut members = vec![
        ("Id", invoice.id.into()),
        ("Number", invoice.number.into()),
        ("CustomerId", invoice.contact_id.into()),
        ("CustomerCode", invoice.contact_code.as_str().into()),
        ("CustomerName", customer.map(|customer| customer.name.as_str()).into()),
        ("CustomerReference", invoice.reference.as_str().into()),
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
        ("Type", if gross < Decimal::ZERO { "CreditNote" } else { "Invoice" }.into()),
        ("IsArchived", false.into()),
        (
            "TradeBorderType",
            customer.and_then(|own| own.extras.get("TradeBorderType").cloned()).unwrap_or("Domestic".into()),
        ),
        ("VATNumber", customer.and_then(|own| own.extras.get("VATNumber").cloned()).unwrap_or(Json::Null)),
    ];
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

fn payment_json(payment: &Payment) -> Json {
    Json::object([
        ("Id", payment.id.into()),
        ("Date", day::print(payment.date)),
        ("Amount", payment.amount.into()),
        ("Method", payment.method.into()),
        ("AccountId", payment.account.into()),
        ("Reference", payment.reference.as_deref().into()),
        ("Note", payment.note.as_deref().into()),
        ("BulkPaymentNumber", payment.bulk.into()),
        ("BulkId", payment.bulk.into()),
        ("BankTransactionId", if payment.is_credit { Json::Null } else { payment.id.into() }),
        ("IsPaymentCreditNote", payment.is_credit.into()),
        ("VATReturnId", Json::Null),
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
