//! The text of an ORDER_CHANGE notification: CamelCase envelope, statuses in the spelling of Orders v0, no prices.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::deliver::change_type;
use crate::amazon::Amazon;
use crate::amazon::orders::{quantity_ordered, status_v0, time};
use crate::amazon::queue::Content;
use crate::amazon::tokens::uuid;
use crate::world::{Fulfilment, View};

/// Writes out what the queue keeps in short form.
pub(in crate::amazon) fn body(amazon: &Amazon, content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::OrderChange { order, at, subscription, notification, published_at } => {
            let Some(view) = order.at(*at) else { return String::new() };
            let subscription = amazon
                .notifications
                .lock()
                .subscriptions
                .get(*subscription)
                .map(|of| of.id.clone())
                .unwrap_or_default();
            let change = json!({
                "NotificationLevel": "OrderLevel",
                "SellerId": amazon.world.seller().seller_id,
                "AmazonOrderId": order.id,
                "OrderChangeType": change_type(order, *at),
                "OrderChangeTrigger": {"TimeOfOrderChange": time(*at), "ChangeReason": reason(order, *at)},
                "Summary": summary(&view),
            });
            envelope(amazon, change, *at, *published_at, &subscription, *notification).to_string()
        }
    }
}

/// A notification about an order that does not exist.
pub(super) fn test(amazon: &Amazon, now: Timestamp) -> String {
    let change = json!({
        "NotificationLevel": "OrderLevel",
        "SellerId": amazon.world.seller().seller_id,
        "AmazonOrderId": "903-0000000-0000000",
        "OrderChangeType": "OrderStatusChange",
        "OrderChangeTrigger": {"TimeOfOrderChange": time(now), "ChangeReason": "Order Status Change"},
        "Summary": {
            "MarketplaceId": "A1F83G8C2ARO7P", "OrderStatus": "Unshipped", "PurchaseDate": time(now), "DestinationPostalCode": null,
            "FulfillmentType": "MFN", "OrderType": "StandardOrder", "NumberOfItemsShipped": 0, "NumberOfItemsUnshipped": 1,
            "OrderPrograms": [], "ShippingPrograms": [],
            "OrderItems": [{"OrderItemId": "00000000000000", "SellerSKU": "TEST", "SupplySourceId": null, "Quantity": 1, "QuantityShipped": 0}],
        },
    });
    envelope(amazon, change, now, now, "test", now.as_millisecond().unsigned_abs()).to_string()
}

fn envelope(
    amazon: &Amazon,
    change: Value,
    at: Timestamp,
    published_at: Timestamp,
    subscription: &str,
    notification: u64,
) -> Value {
    json!({
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": time(at),
        "Payload": {"OrderChangeNotification": change},
        "NotificationMetadata": {
            "ApplicationId": amazon.application.id,
            "SubscriptionId": subscription,
            "PublishTime": time(published_at),
            "NotificationId": uuid(notification),
        },
    })
}

fn reason(order: &crate::world::WorldOrder, at: Timestamp) -> &'static str {
    if change_type(order, at) == "BuyerRequestedChange" { "Buyer Requested Cancel" } else { "Order Status Change" }
}

fn summary(view: &View<'_>) -> Value {
    let order = view.order;
    let mut programs = Vec::new();
    if order.buyer.business.is_some() {
        programs.push("Business");
    }
    if order.prime {
        programs.push("Prime");
    }
    if order.replaces.is_some() {
        programs.push("Replacement");
    }
    let day = |days: i64| time(order.placed_at.saturating_add((24 * days).hours()).unwrap_or(order.placed_at));
    let item = |index: usize| {
        json!({
            "OrderItemId": order.items[index].item_id,
            "SellerSKU": order.items[index].sku.sku,
            "SupplySourceId": null,
            "Quantity": quantity_ordered(view, index),
            "QuantityShipped": view.lines[index].dispatched,
            "IsBuyerRequestedCancel": view.cancellation_requested,
        })
    };
    json!({
        "MarketplaceId": order.marketplace.id,
        "OrderStatus": status_v0(view),
        "PurchaseDate": time(order.placed_at),
        "DestinationPostalCode": null,
        "FulfillmentType": if order.fulfilment == Fulfilment::Fba { "AFN" } else { "MFN" },
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": view.units_dispatched(),
        "NumberOfItemsUnshipped": view.units_open(),
        "EarliestShipDate": day(0),
        "LatestShipDate": day(2),
        "OrderPrograms": programs,
        "ShippingPrograms": [],
        "OrderItems": (0..order.items.len()).map(item).collect::<Vec<_>>(),
    })
}
