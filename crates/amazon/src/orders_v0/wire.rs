//! The Orders API v0 as it is on the wire: Amazon's names, every field optional, unknown fields ignored.
//!
//! Only what the books read is listed. No `Debug`: some of it is buyer data.

use serde::{Deserialize, Serialize};

use crate::orders_2026::wire::List;

macro_rules! wire {
    ($($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Default, Deserialize, Serialize)]
        #[serde(rename_all = "PascalCase", default)]
        pub(crate) struct $name { $($(#[$inner])* #[serde(skip_serializing_if = "crate::orders_2026::wire::Blank::blank")] pub(crate) $field: $type),* }
    )*};
}

/// The fact: an order and all its items.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fact {
    pub(crate) order: Order,
    pub(crate) items: List<Item>,
}

wire! {
    Order {
        amazon_order_id: Option<String>,
        purchase_date: Option<String>,
        last_update_date: Option<String>,
        order_status: Option<String>,
        fulfillment_channel: Option<String>,
        marketplace_id: Option<String>,
        sales_channel: Option<String>,
        order_total: Option<Money>,
        is_business_order: Option<Flag>,
        is_prime: Option<Flag>,
        #[serde(rename = "IsIBA")]
        is_iba: Option<Flag>,
        is_replacement_order: Option<Flag>,
        replaced_order_id: Option<String>,
        default_ship_from_location_address: Option<Address>,
        shipping_address: Option<Address>,
    }
    Money { currency_code: Option<String>, amount: Option<String> }
    /// `postal_area` is ours: what redaction leaves of the postcode.
    Address {
        name: Option<String>,
        company_name: Option<String>,
        address_line1: Option<String>,
        address_line2: Option<String>,
        address_line3: Option<String>,
        city: Option<String>,
        county: Option<String>,
        state_or_region: Option<String>,
        postal_code: Option<String>,
        #[serde(rename = "postalArea")]
        postal_area: Option<String>,
        country_code: Option<String>,
    }
    Item {
        order_item_id: Option<String>,
        #[serde(rename = "SellerSKU")]
        seller_sku: Option<String>,
        title: Option<String>,
        quantity_ordered: Option<i64>,
        quantity_shipped: Option<i64>,
        item_price: Option<Money>,
        item_tax: Option<Money>,
        shipping_price: Option<Money>,
        shipping_tax: Option<Money>,
        shipping_discount: Option<Money>,
        shipping_discount_tax: Option<Money>,
        promotion_discount: Option<Money>,
        promotion_discount_tax: Option<Money>,
        #[serde(rename = "CODFee")]
        cod_fee: Option<Money>,
        tax_collection: Option<TaxCollection>,
        deemed_reseller_category: Option<String>,
        buyer_info: Option<ItemBuyerInfo>,
    }
    TaxCollection { model: Option<String>, responsible_party: Option<String> }
    ItemBuyerInfo { gift_wrap_price: Option<Money>, gift_wrap_tax: Option<Money> }
    /// What is kept of the buyer beside the fact, if contacts are on.
    Contacts { buyer_info: Option<BuyerInfo>, shipping_address: Option<Address>, buyer_tax_information: Option<BuyerTaxInformation> }
    BuyerInfo { buyer_email: Option<String>, buyer_name: Option<String>, purchase_order_number: Option<String> }
    BuyerTaxInformation { buyer_legal_company_name: Option<String>, buyer_tax_registration_id: Option<String> }
}

/// A yes or no that Amazon sends as `true` or as `"true"`.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Flag, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Bool(bool),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Bool(flag) => Ok(Flag(flag)),
            Either::Text(text) if text.eq_ignore_ascii_case("true") => Ok(Flag(true)),
            Either::Text(text) if text.eq_ignore_ascii_case("false") => Ok(Flag(false)),
            Either::Text(_) => Err(serde::de::Error::custom("neither true nor false")),
        }
    }
}
