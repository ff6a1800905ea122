//! Order items of Orders v0: amounts are for the whole line and include tax, as in the UK and the EU.

use serde_json::{Value, json};

use super::amounts::{has_amounts, quantity_ordered, stated};
use super::v0::{found, now, shown};
use super::v0_order::money;
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::page::PageToken;
use crate::world::{Scheme, View, WorldItem, WorldOrder};

/// Lines on a page.
const PER_PAGE: usize = 10;

pub(super) fn get_items(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let with_buyer = shown(call).buyer;
    paged(amazon, call, &|view, index| item(view, index, with_buyer))
}

pub(super) fn get_items_buyer_info(amazon: &Amazon, call: &Call<'_>) -> Answered {
    paged(amazon, call, &|view, index| {
        let mut info = buyer_info(view, &stated(view, index));
        info["OrderItemId"] = view.order.items[index].item_id.as_str().into();
        info
    })
}

fn paged(amazon: &Amazon, call: &Call<'_>, shape: &dyn Fn(&View<'_>, usize) -> Value) -> Answered {
    let order = found(amazon, call)?;
    let view = now(amazon, &order)?;
    let from = call.query.get("NextToken").and_then(|text| offset(amazon, &order, text)).unwrap_or(0);
    let to = (from + PER_PAGE).min(order.items.len());
    let items: Vec<Value> = (from.min(to)..to).map(|index| shape(&view, index)).collect();
    let mut payload = json!({"AmazonOrderId": order.id, "OrderItems": items});
    if to < order.items.len() {
        let at = amazon.clock.now();
        let token = PageToken {
            of: "getOrderItems".to_owned(),
            filters: vec![("orderId".to_owned(), order.id.clone())],
            before: at,
            at,
            number: u32::try_from(to).unwrap_or(u32::MAX),
            expires_at: PageToken::day_after(at),
        };
        payload["NextToken"] = token.seal(amazon.world.seed()).into();
    }
    Ok(Answer::payload(&payload))
}

/// Where the page begins; a token that cannot be read gives the first page again.
fn offset(amazon: &Amazon, order: &WorldOrder, text: &str) -> Option<usize> {
    let token = PageToken::open(text, amazon.world.seed(), amazon.clock.now())?;
    let bound = token.of == "getOrderItems" && token.filters.iter().any(|(_, id)| *id == order.id);
    bound.then_some(token.number as usize)
}

fn item(view: &View<'_>, index: usize, with_buyer: bool) -> Value {
    let item = &stated(view, index);
    let mut value = json!({
        "ASIN": item.sku.asin,
        "SellerSKU": item.sku.sku,
        "OrderItemId": item.item_id,
        "Title": item.sku.title,
        "QuantityOrdered": quantity_ordered(view, index),
        "QuantityShipped": view.lines[index].dispatched,
        "ProductInfo": {"NumberOfItems": "1"},
        "IsGift": if item.gift_wrap > 0 { "true" } else { "false" },
        "ConditionId": "New",
        "ConditionSubtypeId": "New",
        "SerialNumberRequired": false,
        "IsTransparency": false,
    });
    if view.cancellation_requested {
        value["BuyerRequestedCancel"] =
            json!({"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "Order created by mistake"});
    }
    if has_amounts(view) {
        amounts(view, item, &mut value);
        if with_buyer {
            value["BuyerInfo"] = buyer_info(view, item);
        }
    }
    value
}

fn amounts(view: &View<'_>, item: &WorldItem, value: &mut Value) {
    let mut put = |name: &str, minor: i64| value[name] = money(view, minor);
    put("ItemPrice", item.price());
    if item.delivery != 0 {
        put("ShippingPrice", item.delivery);
        put("ShippingDiscount", item.delivery_promotion);
    }
    put("PromotionDiscount", item.item_promotion);
    if let Some(tax) = item.tax {
        put("ItemTax", tax.item);
        put("PromotionDiscountTax", tax.item_promotion);
        if item.delivery != 0 {
            put("ShippingTax", tax.delivery);
            put("ShippingDiscountTax", tax.delivery_promotion);
        }
    }
    if !item.promotion_ids.is_empty() {
        value["PromotionIds"] = json!(item.promotion_ids);
    }
    if view.order.buyer.business.is_some() {
        value["PriceDesignation"] = "BusinessPrice".into();
    }
    if let Some(scheme) = item.collected {
        value["TaxCollection"] =
            json!({"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."});
        if scheme == Scheme::Ioss {
            value["DeemedResellerCategory"] = "IOSS".into();
            value["IossNumber"] = "IM0000000000".into();
        }
    }
}

/// Gift wrap counts as buyer data.
fn buyer_info(view: &View<'_>, item: &WorldItem) -> Value {
    let mut info = json!({});
    if item.gift_wrap > 0 && has_amounts(view) {
        info["GiftWrapPrice"] = money(view, item.gift_wrap);
        if let Some(tax) = item.tax {
            info["GiftWrapTax"] = money(view, tax.gift_wrap);
        }
        info["GiftWrapLevel"] = "Classic".into();
    }
    if let Some(message) = item.gift_message {
        info["GiftMessageText"] = message.into();
    }
    info
}
