//! An order in the shape of Orders v0.

use jiff::{RoundMode, Timestamp, TimestampRound, ToSpan, Unit};
use serde_json::{Map, Value, json};

use super::amounts::{counted, currency, digits, has_amounts};
use crate::world::{Address, Fulfilment, Quirk, Status, View, WorldItem};

/// Which restricted parts may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) buyer: bool,
    pub(super) address: bool,
    pub(super) tax: bool,
}

/// The status in the spelling of this API and of notifications: one L in Canceled.
pub(in crate::amazon) fn status(view: &View<'_>) -> &'static str {
    if view.order.quirk == Some(Quirk::UnknownStatus) && view.status == Status::Shipped {
        return "HandedToNeighbour";
    }
    match view.status {
        Status::Pending => "Pending",
        Status::Unshipped => "Unshipped",
        Status::PartiallyShipped => "PartiallyShipped",
        Status::Shipped => "Shipped",
        Status::Cancelled => "Canceled",
    }
}

/// Who ships, in the spelling of this API.
pub(super) fn channel(view: &View<'_>) -> &'static str {
    if view.order.fulfilment == Fulfilment::Fba { "AFN" } else { "MFN" }
}

/// Times have whole seconds.
pub(super) fn time(at: Timestamp) -> String {
    at.round(TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor)).unwrap_or(at).to_string()
}

/// An amount as this API writes it.
pub(super) fn money(view: &View<'_>, minor: i64) -> Value {
    json!({"CurrencyCode": currency(view), "Amount": digits(minor)})
}

/// The order as the API shows it.
pub(super) fn order(view: &View<'_>, shown: Shown) -> Value {
    let order = view.order;
    let by_amazon = order.fulfilment == Fulfilment::Fba;
    let day = |days: i64| time(order.placed_at.saturating_add((24 * days).hours()).unwrap_or(order.placed_at));
    let mut value = json!({
        "AmazonOrderId": order.id,
        "PurchaseDate": time(order.placed_at),
        "LastUpdateDate": time(view.updated_at),
        "OrderStatus": status(view),
        "FulfillmentChannel": channel(view),
        "SalesChannel": order.marketplace.name,
        "ShipServiceLevel": if by_amazon { "Expedited" } else { "Std UK Dom_2" },
        "NumberOfItemsShipped": view.units_dispatched(),
        "NumberOfItemsUnshipped": view.units_open(),
        "PaymentMethod": "Other",
        "PaymentMethodDetails": ["Standard"],
        "MarketplaceId": order.marketplace.id,
        "ShipmentServiceLevelCategory": if by_amazon { "Expedited" } else { "Standard" },
        "OrderType": "StandardOrder",
        "EarliestShipDate": day(0),
        "LatestShipDate": day(2),
        "IsBusinessOrder": order.buyer.business.is_some(),
        "IsPrime": order.prime,
        "IsPremiumOrder": false,
        "IsGlobalExpressEnabled": false,
        "IsReplacementOrder": order.replaces.is_some(),
        "IsSoldByAB": false,
        "IsIBA": false,
        "IsISPU": false,
        "IsAccessPointOrder": false,
        "HasRegulatedItems": false,
    });
    if has_amounts(view) {
        value["OrderTotal"] = money(view, counted(view).map(WorldItem::gross).sum());
    }
    if let Some(original) = &order.replaces {
        value["ReplacedOrderId"] = original.as_str().into();
    }
    if view.status != Status::Pending {
        value["ShippingAddress"] = address(&order.ship_to, shown.address);
    }
    value["BuyerInfo"] = buyer_info(view, shown);
    value
}

/// What is known of the buyer. The relay address needs no permission.
pub(super) fn buyer_info(view: &View<'_>, shown: Shown) -> Value {
    let buyer = &view.order.buyer;
    let mut info = Map::new();
    if view.order.fulfilment == Fulfilment::Fbm {
        info.insert("BuyerEmail".to_owned(), buyer.email.as_str().into());
    }
    if shown.buyer && !buyer.name.is_empty() {
        info.insert("BuyerName".to_owned(), buyer.name.as_str().into());
    }
    if let Some(business) = buyer.business.as_ref().filter(|_| shown.buyer) {
        if let Some(number) = &business.purchase_order {
            info.insert("PurchaseOrderNumber".to_owned(), number.as_str().into());
        }
        if shown.tax
            && let Some(number) = &business.vat_number
        {
            let classification = json!([{"Name": "VATNumber", "Value": number}]);
            info.insert(
                "BuyerTaxInfo".to_owned(),
                json!({"CompanyLegalName": business.company, "TaxingRegion": view.order.ship_to.country, "TaxClassifications": classification}),
            );
        }
    }
    Value::Object(info)
}

/// The address; without permission only what tax needs.
pub(super) fn address(place: &Address, full: bool) -> Value {
    let mut address = Map::new();
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            address.insert(name.to_owned(), text.into());
        }
    };
    put("City", &place.city);
    put("StateOrRegion", &place.county);
    put("PostalCode", &place.postcode);
    put("CountryCode", place.country);
    if full {
        put("Name", &place.name);
        put("CompanyName", &place.company);
        put("AddressLine1", &place.line1);
        put("AddressLine2", &place.line2);
        put("AddressLine3", &place.line3);
        put("Phone", &place.phone);
    }
    Value::Object(address)
}
