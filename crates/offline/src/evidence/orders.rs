//! Orders: Amazon's all-orders report, or a table of one's own with the same columns under plain names.
//!
//! A settlement does not say where goods went, from where, who bought them, or what an order cost that is refunded now.

use jiff::civil::Date;
use model::Country;
use money::{Currency, Money, MoneyError};

use super::EvidenceError;
use super::table::{Row, Table, Wanted, month_first};

/// One item of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderItem {
    /// Line in its file (1-based).
    pub line: u64,
    /// The marketplace's order id.
    pub order: String,
    /// The item's code in settlements (`order-item-code`), empty if the file does not say.
    pub item: String,
    /// SKU.
    pub sku: String,
    /// The marketplace's name, empty if the file does not say.
    pub marketplace: String,
    /// Units.
    pub quantity: Option<i64>,
    /// What the buyer paid for the item in all: goods, delivery, gift wrap, VAT, less promotions.
    pub gross: Option<Money>,
    /// VAT contained in it.
    pub vat: Option<Money>,
    /// What was refunded of it before these settlements.
    pub refunded: Option<Money>,
    /// Day of dispatch.
    pub dispatched_on: Option<Date>,
    /// Country from which it was sent.
    pub ship_from: Option<Country>,
    /// Country to which it was sent.
    pub ship_to: Option<Country>,
    /// Postcode to which it was sent.
    pub postcode: String,
    /// The buyer's VAT number.
    pub buyer_vat_number: String,
}

const COLUMNS: &[Wanted] = &[
    Wanted { name: "order id", others: &["amazon order id"] },
    Wanted { name: "order item code", others: &["order item id"] },
    Wanted { name: "sku", others: &["seller sku"] },
    Wanted { name: "marketplace", others: &["sales channel", "marketplace name"] },
    Wanted { name: "currency", others: &[] },
    Wanted { name: "quantity", others: &["quantity purchased", "quantity shipped"] },
    Wanted { name: "gross", others: &[] },
    Wanted { name: "vat", others: &[] },
    Wanted { name: "refunded", others: &[] },
    Wanted { name: "dispatched on", others: &["shipment date", "ship date"] },
    Wanted { name: "ship from", others: &["ship from country", "fc country"] },
    Wanted { name: "ship to", others: &["ship country", "ship to country"] },
    Wanted { name: "postcode", others: &["ship postal code", "ship to postal code"] },
    Wanted { name: "buyer vat number", others: &["buyer tax registration number", "buyer vat registration number"] },
    // Amazon's report.
    Wanted { name: "order status", others: &["item status"] },
    Wanted { name: "item price", others: &[] },
    Wanted { name: "item tax", others: &[] },
    Wanted { name: "shipping price", others: &[] },
    Wanted { name: "shipping tax", others: &[] },
    Wanted { name: "gift wrap price", others: &[] },
    Wanted { name: "gift wrap tax", others: &[] },
    Wanted { name: "item promotion discount", others: &[] },
    Wanted { name: "ship promotion discount", others: &[] },
];

/// Reads a table of orders. Lines without a currency are in `home`.
///
/// # Errors
///
/// Every line that cannot be read.
pub fn orders(file: &str, bytes: &[u8], home: Currency) -> Result<Vec<OrderItem>, Vec<EvidenceError>> {
    let table = Table::read(file, bytes, COLUMNS, &[&["order id"], &["sku", "order item code"]])?;
    let days: Vec<String> = table.rows().map(|row| row.text("dispatched on").to_owned()).collect();
    let month_first = month_first(days.iter().map(String::as_str));
    let report = table.has("item price");
    table.each(|row| item(row, home, month_first, report))
}

fn item(row: &Row<'_>, home: Currency, month_first: bool, report: bool) -> Result<Option<OrderItem>, EvidenceError> {
    let order = row.text("order id");
    if order.is_empty() {
        return Err(row.problem("order id", "the order is missing", "Write the order id, or delete the line"));
    }
    if row.text("order status").eq_ignore_ascii_case("cancelled") {
        return Ok(None);
    }
    let currency = match row.text("currency") {
        "" => home,
        code => Currency::parse(code).map_err(|error| {
            row.problem("currency", error.to_string(), "Write a currency by its three letters, for example GBP")
        })?,
    };
    let (gross, vat) =
        if report { of_report(row, currency)? } else { (row.amount("gross", currency)?, row.amount("vat", currency)?) };
    if let (Some(gross), Some(vat)) = (gross, vat)
        && vat.minor().abs() > gross.minor().abs()
    {
        return Err(row.problem("vat", "the VAT is more than the price", "The VAT is contained in the gross price"));
    }
    Ok(Some(OrderItem {
        line: row.line,
        order: order.to_owned(),
        item: row.text("order item code").to_owned(),
        sku: row.text("sku").to_owned(),
        marketplace: row.text("marketplace").to_owned(),
        quantity: row.whole("quantity")?,
        gross,
        vat,
        refunded: row.amount("refunded", currency)?,
        dispatched_on: row.day("dispatched on", month_first)?,
        ship_from: country(row, "ship from")?,
        ship_to: country(row, "ship to")?,
        postcode: row.text("postcode").to_owned(),
        buyer_vat_number: row.text("buyer vat number").to_owned(),
    }))
}

/// Price and VAT of a line of Amazon's report: prices are for the whole line and include VAT, except where sales tax comes on top
/// (US dollars, Canadian dollars); discounts are written without a sign.
fn of_report(row: &Row<'_>, currency: Currency) -> Result<(Option<Money>, Option<Money>), EvidenceError> {
    let Some(price) = row.amount("item price", currency)? else { return Ok((None, None)) };
    let zero = Money::new(0, currency);
    let of = |name: &str| row.amount(name, currency).map(|amount| amount.unwrap_or(zero));
    let too_large = |error: MoneyError| row.problem("item price", error.to_string(), "Check the amounts of the line");
    let prices = [price, of("shipping price")?, of("gift wrap price")?];
    let taxes = [of("item tax")?, of("shipping tax")?, of("gift wrap tax")?];
    let discounts = [of("item promotion discount")?, of("ship promotion discount")?]
        .map(|amount| Money::new(-amount.minor().abs(), currency));
    let tax = Money::sum(currency, taxes).map_err(too_large)?;
    let on_top = ["USD", "CAD"].contains(&currency.code());
    let gross =
        Money::sum(currency, prices.into_iter().chain(discounts).chain(on_top.then_some(tax))).map_err(too_large)?;
    Ok((Some(gross), Some(tax).filter(|tax| !tax.is_zero())))
}

fn country(row: &Row<'_>, name: &str) -> Result<Option<Country>, EvidenceError> {
    match row.text(name) {
        "" => Ok(None),
        code => Country::parse(code).map(Some).map_err(|_| {
            row.problem(name, format!("`{code}` is not a country"), "Write it by its two letters, for example DE")
        }),
    }
}
