//! The all-orders flat files: tab separated, one row for each order item, amounts with tax inside and for the whole line.

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Report;
use crate::amazon::Amazon;
use crate::amazon::orders::{currency, digits, has_amounts, is_void, quantity_ordered, stated};
use crate::world::{Fulfilment, Quirk, Status, View, WorldOrder};

/// Columns in the order of a UK file of 2025, as far as they are known.
const COLUMNS: [&str; 55] = [
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "url",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "number-of-items",
    "item-status",
    "tax-collection-model",
    "tax-collection-responsible-party",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
    "address-type",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "promotion-ids",
    "payment-method-details",
    "item-extensions-data",
    "is-business-order",
    "purchase-order-number",
    "price-designation",
    "fulfilled-by",
    "buyer-company-name",
    "buyer-cst-number",
    "buyer-vat-number",
    "buyer-tax-registration-id",
    "buyer-tax-registration-country",
    "buyer-tax-registration-type",
    "customized-url",
    "customized-page",
    "is-heavy-or-bulky",
    "is-replacement-order",
    "is-exchange-order",
    "original-order-id",
    "is-amazon-invoiced",
    "vat-exclusive-item-price",
    "vat-exclusive-shipping-price",
    "vat-exclusive-giftwrap-price",
];

/// Whether the report has any row.
pub(super) fn has_rows(amazon: &Amazon, report: &Report) -> bool {
    let mut any = false;
    visit(amazon, report, &mut |_| {
        any = true;
        ControlFlow::Break(())
    });
    any
}

/// The file, as the orders were when the report ended.
pub(super) fn text(amazon: &Amazon, report: &Report) -> String {
    let mut text = COLUMNS.join("\t");
    text.push_str("\r\n");
    visit(amazon, report, &mut |order| {
        if let Some(view) = order.at(report.ended_at) {
            (0..order.items.len()).for_each(|index| row(&mut text, &view, index));
        }
        ControlFlow::Continue(())
    });
    text
}

fn visit(amazon: &Amazon, report: &Report, each: &mut dyn FnMut(&Arc<WorldOrder>) -> ControlFlow<()>) {
    let mut visit = |_: Timestamp, _: u32, order: &Arc<WorldOrder>| {
        let wanted = report.marketplaces.iter().any(|id| id == order.marketplace.id)
            || order.quirk == Some(Quirk::UnknownMarketplace);
        if wanted { each(order) } else { ControlFlow::Continue(()) }
    };
    if report.kind.contains("BY_LAST_UPDATE") {
        amazon.world.visit_updated(report.from, report.to, report.to, &mut visit);
    } else {
        amazon.world.visit_placed(report.from, report.to, &mut visit);
    }
}

fn row(text: &mut String, view: &View<'_>, index: usize) {
    let cells = COLUMNS.map(|column| cell(view, index, column));
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            text.push('\t');
        }
        text.extend(
            cell.chars().map(|character| if matches!(character, '\t' | '\r' | '\n') { ' ' } else { character }),
        );
    }
    text.push_str("\r\n");
}

fn cell(view: &View<'_>, index: usize, column: &str) -> String {
    let order = view.order;
    let item = &order.items[index];
    let business = order.buyer.business.as_ref();
    let known = view.status != Status::Pending;
    let yes = |truth: bool| if truth { "true" } else { "false" }.to_owned();
    match column {
        "amazon-order-id" | "merchant-order-id" => order.id.clone(),
        "purchase-date" => date(order.placed_at),
        "last-updated-date" => date(view.updated_at),
        "order-status" => status(view).to_owned(),
        "item-status" => item_status(view, index).to_owned(),
        "fulfillment-channel" => if order.fulfilment == Fulfilment::Fba { "Amazon" } else { "Merchant" }.to_owned(),
        "sales-channel" => order.marketplace.name.to_owned(),
        "ship-service-level" => if order.fulfilment == Fulfilment::Fba { "Expedited" } else { "Standard" }.to_owned(),
        "product-name" => item.sku.title.clone(),
        "sku" => item.sku.sku.clone(),
        "asin" => item.sku.asin.clone(),
        "number-of-items" => "1".to_owned(),
        "quantity" => quantity_ordered(view, index).to_string(),
        "tax-collection-model" if item.collected.is_some() => "MarketplaceFacilitator".to_owned(),
        "tax-collection-responsible-party" if item.collected.is_some() => "Amazon Services Europe S.a.r.L.".to_owned(),
        "ship-city" if known => order.ship_to.city.clone(),
        "ship-state" if known => order.ship_to.county.clone(),
        "ship-postal-code" if known => order.ship_to.postcode.clone(),
        "ship-country" if known => order.ship_to.country.to_owned(),
        "promotion-ids" => item.promotion_ids.join(","),
        "payment-method-details" => "Standard".to_owned(),
        "is-business-order" => yes(business.is_some()),
        "purchase-order-number" => business.and_then(|business| business.purchase_order.clone()).unwrap_or_default(),
        "price-designation" if business.is_some() => "BusinessPrice".to_owned(),
        "buyer-company-name" => business.map(|business| business.company.clone()).unwrap_or_default(),
        "buyer-vat-number" => business.and_then(|business| business.vat_number.clone()).unwrap_or_default(),
        "is-replacement-order" => yes(order.replaces.is_some()),
        "is-exchange-order" | "is-heavy-or-bulky" | "is-amazon-invoiced" => yes(false),
        "original-order-id" => order.replaces.clone().unwrap_or_default(),
        _ => amount(view, index, column).unwrap_or_default(),
    }
}

fn amount(view: &View<'_>, index: usize, column: &str) -> Option<String> {
    if !has_amounts(view) {
        return None;
    }
    let item = stated(view, index);
    let tax = item.tax;
    let minor = match column {
        "currency" => return Some(currency(view).to_owned()),
        "item-price" => item.price(),
        "item-tax" => tax?.item,
        "shipping-price" => item.delivery,
        "shipping-tax" => tax?.delivery,
        "gift-wrap-price" => item.gift_wrap,
        "gift-wrap-tax" => tax?.gift_wrap,
        "item-promotion-discount" => item.item_promotion,
        "ship-promotion-discount" => item.delivery_promotion,
        "vat-exclusive-item-price" => item.price() - tax?.item,
        "vat-exclusive-shipping-price" => item.delivery - tax?.delivery,
        "vat-exclusive-giftwrap-price" => item.gift_wrap - tax?.gift_wrap,
        _ => return None,
    };
    Some(digits(minor))
}

fn status(view: &View<'_>) -> &'static str {
    if view.order.quirk == Some(Quirk::UnknownStatus) && view.status == Status::Shipped {
        return "Handed to neighbour";
    }
    match view.status {
        Status::Pending => "Pending",
        Status::Unshipped => "Unshipped",
        Status::PartiallyShipped => "PartiallyShipped",
        Status::Shipped => "Shipped",
        Status::Cancelled => "Cancelled",
    }
}

fn item_status(view: &View<'_>, index: usize) -> &'static str {
    match () {
        () if is_void(view, index) || view.status == Status::Cancelled => "Cancelled",
        () if view.open(index) == 0 => "Shipped",
        () => "Unshipped",
    }
}

/// `2026-08-18T09:12:44+00:00`
fn date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
