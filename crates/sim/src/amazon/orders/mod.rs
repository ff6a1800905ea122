//! Orders v2026-01-01 and v0 over one world.

mod amounts;
mod build;
mod search;
mod shipment;
mod v0;
mod v0_items;
mod v0_order;
mod wire;

use super::Amazon;
use super::answer::Answered;
use super::call::Call;

pub(super) use amounts::{currency, digits, has_amounts, is_void, quantity_ordered, stated};
pub(super) use build::time;
pub(super) use search::is_order_id;
pub(super) use v0_order::status as status_v0;

/// Answers the operations of this folder; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    Some(match call.operation.name {
        "searchOrders" => search::search_orders(amazon, call),
        "getOrder" => search::get_order(amazon, call),
        "getOrdersV0" => v0::get_orders(amazon, call),
        "getOrderV0" => v0::get_order(amazon, call),
        "getOrderBuyerInfo" => v0::get_buyer_info(amazon, call),
        "getOrderAddress" => v0::get_address(amazon, call),
        "getOrderItems" => v0_items::get_items(amazon, call),
        "getOrderItemsBuyerInfo" => v0_items::get_items_buyer_info(amazon, call),
        "getOrderRegulatedInfo" => v0::get_regulated_info(amazon, call),
        "confirmShipment" => shipment::confirm(amazon, call),
        "updateShipmentStatus" => shipment::update_status(amazon, call),
        _ => return None,
    })
}
