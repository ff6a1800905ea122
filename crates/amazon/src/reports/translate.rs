//! Message Translator: the rows of one order of the all-orders report as ours. Total and strict, naming the JSON path.
//!
//! A report says less than the API: no packages, no item ids, and not when anything was dispatched. That is the tax point and must
//! not be guessed: the last change of an order may be weeks later. An order of which something was dispatched is therefore never
//! made a fact from a report; should there be one, it is parked with the code `dispatch_unknown` until the Orders API tells.

use std::collections::BTreeMap;

use model::{Charge, Fulfilment, LineCharges, MarketplaceTax, Order, OrderLine, OrderStatus, PriceBasis, Programme};
use money::Money;
use ports::Parked;
use serde::Deserialize;

use crate::orders_2026::translate::not_on_amazon;
use crate::read::{
    Amounts, bad, country, decode, filled, line_id, magnitude, market_by_name, missing, moment, order_id, parked,
    postcode_area, required, sku, title, units, unknown_status,
};

#[derive(Deserialize)]
struct Fact {
    rows: Vec<BTreeMap<String, String>>,
}

/// A row and where it is.
struct Row<'a> {
    values: &'a BTreeMap<String, String>,
    index: usize,
}

impl Row<'_> {
    fn path(&self, name: &str) -> String {
        format!("$.rows[{}].{name}", self.index)
    }

    fn text(&self, name: &str) -> Option<&str> {
        filled(self.values.get(name))
    }

    fn is(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes"))
    }

    /// An amount; columns about nothing are left blank.
    fn money(&self, name: &str, amounts: &mut Amounts) -> Result<Option<Money>, Parked> {
        if self.text(name).is_none() {
            return Ok(None);
        }
        amounts.read(self.values.get(name), self.values.get("currency"), &self.path(name)).map(Some)
    }
}

/// Reads a fact's payload.
pub(crate) fn order(payload: &str) -> Result<Order, Parked> {
    let fact: Fact = decode(payload)?;
    let rows: Vec<Row> = fact.rows.iter().enumerate().map(|(index, values)| Row { values, index }).collect();
    let first = rows.first().ok_or_else(|| missing("$.rows"))?;
    if first.text("sales-channel").is_some_and(|name| name.starts_with("Non-Amazon")) {
        return Err(not_on_amazon(&first.path("sales-channel")));
    }
    let (site, market) = market_by_name(first.values.get("sales-channel"), &first.path("sales-channel"))?;
    let status = status(first, "order-status")?;
    if matches!(status, OrderStatus::Shipped | OrderStatus::PartiallyShipped) {
        return Err(dispatch_unknown(first.path("order-status")));
    }
    let mut amounts = Amounts::default();
    let lines = rows.iter().map(|row| line(row, site.basis, &mut amounts)).collect::<Result<Vec<_>, _>>()?;
    let replaces = first.is("is-replacement-order").then(|| first.values.get("original-order-id")).flatten();
    let replaces = replaces.map(|_| order_id(first.values.get("original-order-id"), &first.path("original-order-id")));
    let ship_to = country(first.values.get("ship-country"), &first.path("ship-country"))?;
    Ok(Order {
        id: order_id(first.values.get("amazon-order-id"), &first.path("amazon-order-id"))?,
        market,
        placed_at: moment(first.values.get("purchase-date"), &first.path("purchase-date"))?,
        updated_at: moment(first.values.get("last-updated-date"), &first.path("last-updated-date"))?,
        status,
        fulfilment: fulfilment(first)?,
        programmes: programmes(first),
        ship_from: None,
        ship_to,
        ship_to_area: postcode_area(ship_to, first.text("ship-postal-area")),
        currency: amounts.currency(),
        total: None,
        dispatches: Vec::new(),
        lines,
        replaces: replaces.transpose()?,
        buyer: None,
    })
}

fn dispatch_unknown(path: String) -> Parked {
    parked(
        "dispatch_unknown",
        path,
        "An order report does not say when this order was dispatched, which is the tax point",
        "The order is read through the Orders API when its turn comes; re-run it to read it now",
    )
}

/// BEHAVIOR 10: reports put details behind the status ("Shipped - Delivered to Buyer").
fn status(row: &Row, name: &str) -> Result<OrderStatus, Parked> {
    let said = required(row.values.get(name), &row.path(name))?;
    let main = said.split(" - ").next().unwrap_or(said).trim();
    match main.to_ascii_lowercase().as_str() {
        "pending" => Ok(OrderStatus::Pending),
        "unshipped" => Ok(OrderStatus::Unshipped),
        "partiallyshipped" | "partially shipped" => Ok(OrderStatus::PartiallyShipped),
        "shipped" | "enviado" => Ok(OrderStatus::Shipped),
        "cancelled" | "canceled" => Ok(OrderStatus::Cancelled),
        "unfulfillable" => Ok(OrderStatus::Unfulfillable),
        _ => Err(unknown_status(row.path(name), said)),
    }
}

fn fulfilment(row: &Row) -> Result<Fulfilment, Parked> {
    let path = row.path("fulfillment-channel");
    match required(row.values.get("fulfillment-channel"), &path)? {
        "Amazon" => Ok(Fulfilment::ByMarketplace),
        "Merchant" => Ok(Fulfilment::BySeller),
        other => Err(bad(path, format!("`{}` is neither Amazon nor Merchant", crate::answer::cut(other, 40)))),
    }
}

fn programmes(row: &Row) -> Vec<Programme> {
    let mut programmes = Vec::new();
    if row.is("is-business-order") {
        programmes.push(Programme::Business);
    }
    if row.is("is-amazon-invoiced") || row.is("is-iba") {
        programmes.push(Programme::InvoicedByMarketplace);
    }
    if row.is("is-replacement-order") {
        programmes.push(Programme::Replacement);
    }
    programmes
}

fn line(row: &Row, basis: PriceBasis, amounts: &mut Amounts) -> Result<OrderLine, Parked> {
    let quantity_path = row.path("quantity");
    let quantity = required(row.values.get("quantity"), &quantity_path)?.parse::<i64>();
    let ordered = units(Some(quantity.map_err(|_| bad(&quantity_path, "not a number of units"))?), &quantity_path)?;
    Ok(OrderLine {
        id: match row.text("order-item-id") {
            Some(_) => line_id(row.values.get("order-item-id"), &row.path("order-item-id"))?,
            // The report names no item ids; within the fact the row's place is one.
            None => line_id(Some(&format!("row-{}", row.index + 1)), &row.path("order-item-id"))?,
        },
        sku: sku(row.values.get("sku"), &row.path("sku"))?,
        title: title(row.values.get("product-name")),
        ordered,
        dispatched: 0,
        charges: charges(row, basis, amounts)?,
    })
}

fn charges(row: &Row, basis: PriceBasis, amounts: &mut Amounts) -> Result<Option<LineCharges>, Parked> {
    let Some(price) = row.money("item-price", amounts)? else { return Ok(None) };
    let zero = Money::zero(price.currency());
    let mut charge = |amount: &str, tax: &str| -> Result<Charge, Parked> {
        Ok(Charge { amount: row.money(amount, amounts)?.unwrap_or(zero), tax: row.money(tax, amounts)? })
    };
    let item = charge("item-price", "item-tax")?;
    let delivery = charge("shipping-price", "shipping-tax")?;
    let gift_wrap = charge("gift-wrap-price", "gift-wrap-tax")?;
    let mut lowers = |name: &str| -> Result<Charge, Parked> {
        Ok(Charge { amount: magnitude(row.money(name, amounts)?.unwrap_or(zero)), tax: None })
    };
    Ok(Some(LineCharges {
        item,
        delivery,
        gift_wrap,
        item_discount: lowers("item-promotion-discount")?,
        delivery_discount: lowers("ship-promotion-discount")?,
        stated_total: None,
        basis,
        marketplace_tax: marketplace_tax(row)?,
    }))
}

fn marketplace_tax(row: &Row) -> Result<Option<MarketplaceTax>, Parked> {
    match row.text("tax-collection-model") {
        None => Ok(None),
        Some(model) if model.eq_ignore_ascii_case("MarketplaceFacilitator") => {
            Ok(Some(MarketplaceTax { scheme: None }))
        }
        Some(other) => {
            let reason = format!("the tax collection model `{}` is not known", crate::answer::cut(other, 40));
            Err(bad(row.path("tax-collection-model"), reason))
        }
    }
}
