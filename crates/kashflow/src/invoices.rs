//! Invoices on the wire: read into receipts, written from drafts.

use jiff::civil::Date;
use model::{DocumentNumber, Draft, DraftLine, NominalCode, Receipt, ReceiptLine, VatRate};
use money::{Currency, Money};
use ports::ConnectorError;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::amounts::{Digits, decimal, money, number};
use crate::client::malformed;
use crate::dates;

/// An invoice as KashFlow shows it. Only the number is certain to be there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Invoice {
    #[serde(default)]
    id: Option<i64>,
    pub(crate) number: i64,
    #[serde(default)]
    customer_code: Option<String>,
    #[serde(default)]
    pub(crate) customer_reference: Option<String>,
    #[serde(default)]
    issued_date: Option<String>,
    #[serde(default)]
    currency: Option<WireCurrency>,
    #[serde(default)]
    line_items: Option<Vec<Line>>,
    #[serde(default)]
    total_paid_amount: Option<Digits>,
    #[serde(default)]
    payment_lines: Option<Vec<PaymentLine>>,
    #[serde(default, rename = "VATReturnId")]
    vat_return_id: Option<Digits>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireCurrency {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PaymentLine {
    amount: Option<Digits>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    quantity: Option<Digits>,
    rate: Option<Digits>,
    #[serde(rename = "VATLevel")]
    vat_level: Option<Digits>,
    #[serde(rename = "VATAmount")]
    vat_amount: Option<Digits>,
    #[serde(rename = "VATExempt", default, deserialize_with = "truth")]
    vat_exempt: bool,
    nominal_code: Option<Digits>,
}

/// `true`, `1`, `"true"`; absent and `null` are false (facts §3.3).
fn truth<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
    let text = raw.map(|raw| raw.get().trim_matches('"').to_ascii_lowercase()).unwrap_or_default();
    Ok(matches!(text.as_str(), "true" | "1" | "1.0" | "1.0000"))
}

/// Reads an answer's body as a receipt.
pub(crate) fn receipt(body: &str, home: Currency) -> Result<Receipt, ConnectorError> {
    let invoice: Invoice = serde_json::from_str(body).map_err(|error| malformed(&format!("an invoice: {error}")))?;
    translate(invoice, home)
}

pub(crate) fn translate(invoice: Invoice, home: Currency) -> Result<Receipt, ConnectorError> {
    let number = invoice.number;
    let wrong = |what: &str| malformed(&format!("invoice {number}: {what}"));
    let code = invoice.currency.and_then(|currency| currency.code).filter(|code| !code.trim().is_empty());
    let currency = match code {
        Some(code) => Currency::parse(code.trim()).map_err(|_| wrong("its currency is not known"))?,
        None => home,
    };
    let amount = |digits: Decimal, what: &str| money(digits, currency).ok_or_else(|| wrong(what));
    let mut lines = Vec::new();
    for line in invoice.line_items.unwrap_or_default() {
        let of = |digits: Option<Digits>| digits.map_or(Decimal::ZERO, |digits| digits.0);
        let net = of(line.quantity).checked_mul(of(line.rate)).ok_or_else(|| wrong("a line is too large"))?;
        let vat_rate =
            if line.vat_exempt { VatRate::OutsideScope } else { VatRate::Percent(of(line.vat_level).normalize()) };
        let nominal = line.nominal_code.and_then(|code| code.0.normalize().to_string().parse().ok()).unwrap_or(0);
        lines.push(ReceiptLine {
            net: amount(net, "the net of a line")?,
            vat: amount(of(line.vat_amount), "the VAT of a line")?,
            vat_rate,
            nominal: NominalCode(nominal),
        });
    }
    let sum = |of: fn(&ReceiptLine) -> Money| Money::sum(currency, lines.iter().map(of)).map_err(|_| wrong("its sum"));
    let paid_lines: Decimal =
        invoice.payment_lines.unwrap_or_default().iter().filter_map(|line| line.amount).map(|amount| amount.0).sum();
    let paid = invoice.total_paid_amount.map_or(paid_lines, |paid| paid.0);
    Ok(Receipt {
        number: DocumentNumber(u32::try_from(number).map_err(|_| wrong("its number"))?),
        remote_id: invoice.id,
        reference: invoice.customer_reference.unwrap_or_default().trim().to_owned(),
        customer: invoice.customer_code.unwrap_or_default().trim().to_owned(),
        issued_on: invoice.issued_date.as_deref().and_then(dates::day).unwrap_or(Date::constant(1900, 1, 1)),
        currency,
        net: sum(|line| line.net)?,
        vat: sum(|line| line.vat)?,
        lines,
        paid: amount(paid, "what was paid")?,
        locked: invoice.vat_return_id.is_some_and(|id| !id.0.is_zero()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewInvoice<'a> {
    number: u32,
    customer_code: &'a str,
    customer_reference: &'a str,
    issued_date: String,
    due_date: String,
    currency: NewCurrency<'a>,
    line_items: Vec<NewLine<'a>>,
    payment_lines: Vec<NewPayment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_custom_delivery_address: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_address: Option<NewAddress<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewCurrency<'a> {
    code: &'a str,
    exchange_rate: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewLine<'a> {
    number: usize,
    description: &'a str,
    quantity: i32,
    rate: Box<RawValue>,
    #[serde(rename = "VATLevel")]
    vat_level: Box<RawValue>,
    #[serde(rename = "VATAmount")]
    vat_amount: Box<RawValue>,
    #[serde(rename = "VATExempt")]
    vat_exempt: bool,
    nominal_code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_code: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewPayment<'a> {
    date: String,
    amount: Box<RawValue>,
    method: u32,
    account_id: u32,
    note: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewAddress<'a> {
    line1: &'a str,
    line2: &'a str,
    line3: &'a str,
    line4: &'a str,
    post_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<&'a str>,
}

impl<'a> NewAddress<'a> {
    pub(crate) fn of(address: &'a model::Address) -> NewAddress<'a> {
        let line = |index: usize| address.lines.get(index).map_or("", String::as_str);
        NewAddress {
            line1: line(0),
            line2: line(1),
            line3: line(2),
            line4: line(3),
            post_code: address.postcode.as_deref().unwrap_or(""),
            country_code: address.country.as_ref().map(model::Country::code),
        }
    }
}

/// The body of a create or a full update. Totals are left out: KashFlow derives them from the lines.
pub(crate) fn body(number_of: DocumentNumber, draft: &Draft) -> Result<String, ConnectorError> {
    let rate = draft.rate.as_ref().map_or(Decimal::ONE, |rate| rate.per_home);
    let new = NewInvoice {
        number: number_of.0,
        customer_code: draft.customer.code.as_str(),
        customer_reference: &draft.reference,
        issued_date: dates::sent(draft.issued_on),
        due_date: dates::sent(draft.due_on),
        currency: NewCurrency { code: draft.currency.code(), exchange_rate: decimal(rate) },
        line_items: draft.lines.iter().enumerate().map(|(index, line)| new_line(index, line)).collect(),
        payment_lines: draft
            .payment
            .iter()
            .map(|payment| NewPayment {
                date: dates::sent(payment.on),
                amount: number(payment.amount),
                method: payment.method.0,
                account_id: payment.account.0,
                note: &payment.note,
            })
            .collect(),
        use_custom_delivery_address: draft.delivery.as_ref().map(|_| true),
        delivery_address: draft.delivery.as_ref().map(NewAddress::of),
    };
    serde_json::to_string(&new).map_err(|error| malformed(&format!("the invoice could not be written down: {error}")))
}

/// Rates to the wire (facts §12): a percentage, or level 0 with the exempt flag for everything that has no rate.
fn new_line(index: usize, line: &DraftLine) -> NewLine<'_> {
    let (level, exempt) = match line.vat_rate {
        VatRate::Percent(percent) => (percent, false),
        VatRate::Exempt | VatRate::OutsideScope => (Decimal::ZERO, true),
    };
    NewLine {
        number: index + 1,
        description: &line.description,
        quantity: line.quantity,
        rate: number(line.unit_net),
        vat_level: decimal(level),
        vat_amount: number(line.vat),
        vat_exempt: exempt,
        nominal_code: line.nominal.0,
        product_code: line.product.as_ref().map(model::ProductCode::as_str),
    }
}
