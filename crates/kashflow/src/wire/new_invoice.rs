//! The body of a document that is created or replaced. Strict: only fields of the request model, amounts as digits.

use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewInvoice<'a> {
    pub(crate) number: u32,
    pub(crate) customer_code: &'a str,
    pub(crate) customer_reference: &'a str,
    pub(crate) issued_date: String,
    pub(crate) due_date: String,
    pub(crate) currency: NewCurrency<'a>,
    pub(crate) line_items: Vec<NewLine<'a>>,
    pub(crate) payment_lines: Vec<NewPayment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) use_custom_delivery_address: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_address: Option<NewAddress<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewPurchase<'a> {
    pub(crate) number: u32,
    pub(crate) supplier_code: &'a str,
    pub(crate) supplier_reference: &'a str,
    pub(crate) issued_date: String,
    pub(crate) due_date: String,
    /// Only of a bill that is not in home currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<NewCurrency<'a>>,
    pub(crate) line_items: Vec<NewLine<'a>>,
    pub(crate) payment_lines: Vec<NewPayment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewCurrency<'a> {
    pub(crate) code: &'a str,
    pub(crate) exchange_rate: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewLine<'a> {
    pub(crate) number: usize,
    pub(crate) description: String,
    pub(crate) quantity: i32,
    pub(crate) rate: Box<RawValue>,
    #[serde(rename = "VATLevel")]
    pub(crate) vat_level: Box<RawValue>,
    #[serde(rename = "VATAmount")]
    pub(crate) vat_amount: Box<RawValue>,
    #[serde(rename = "VATExempt")]
    pub(crate) vat_exempt: bool,
    pub(crate) nominal_code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product_code: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewPayment<'a> {
    pub(crate) date: String,
    pub(crate) amount: Box<RawValue>,
    pub(crate) method: u32,
    pub(crate) account_id: u32,
    pub(crate) note: &'a str,
}

/// An address in KashFlow's four lines.
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
            country_code: address.country.as_ref().map(country_code),
        }
    }
}

/// KashFlow calls Greece `EL` (BEHAVIOR 18).
pub(crate) fn country_code(country: &model::Country) -> &str {
    match country.code() {
        "GR" => "EL",
        code => code,
    }
}
