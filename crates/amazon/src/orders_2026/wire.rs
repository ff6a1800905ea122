//! The Orders API 2026-01-01 as it is on the wire: Amazon's names, every field optional, unknown fields ignored.
//!
//! Only what the books read is listed. Strings that Amazon calls enumerations stay strings: `translate` decides which
//! values matter. Amounts are text and stay text until they are read by their digits. No `Debug`: some of it is buyer data.

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! wire {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Default, Deserialize, Serialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(crate) struct $name { $(#[serde(skip_serializing_if = "crate::orders_2026::wire::Blank::blank")] pub(crate) $field: $type),* }
    )*};
}

/// Whether there is nothing to write: keeps re-serialised values comparable with what came.
pub(crate) trait Blank {
    fn blank(&self) -> bool;
}

impl<T> Blank for Option<T> {
    fn blank(&self) -> bool {
        self.is_none()
    }
}

impl<T> Blank for List<T> {
    fn blank(&self) -> bool {
        self.0.is_none()
    }
}

/// A list that may be absent or `null`.
#[derive(Serialize)]
pub(crate) struct List<T>(pub(crate) Option<Vec<T>>);

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List<T>, D::Error> {
        Option::<Vec<T>>::deserialize(deserializer).map(List)
    }
}

impl<T> List<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

wire! {
    Order {
        order_id: Option<String>,
        created_time: Option<String>,
        last_updated_time: Option<String>,
        programs: List<String>,
        associated_orders: List<AssociatedOrder>,
        sales_channel: Option<SalesChannel>,
        recipient: Option<Recipient>,
        proceeds: Option<OrderProceeds>,
        fulfillment: Option<OrderFulfillment>,
        order_items: List<OrderItem>,
        packages: List<Package>,
    }
    AssociatedOrder { order_id: Option<String>, association_type: Option<String> }
    SalesChannel { channel_name: Option<String>, marketplace_id: Option<String>, marketplace_name: Option<String> }
    Recipient { delivery_address: Option<Address> }
    /// `postal_area` is ours: what redaction leaves of the postcode.
    Address {
        name: Option<String>,
        company_name: Option<String>,
        address_line1: Option<String>,
        address_line2: Option<String>,
        address_line3: Option<String>,
        city: Option<String>,
        district_or_county: Option<String>,
        state_or_region: Option<String>,
        postal_code: Option<String>,
        postal_area: Option<String>,
        country_code: Option<String>,
    }
    Money { amount: Option<String>, currency_code: Option<String> }
    OrderProceeds { grand_total: Option<Money>, breakdowns: List<OrderBreakdown> }
    OrderBreakdown { r#type: Option<String>, subtotal: Option<Money> }
    OrderFulfillment { fulfillment_status: Option<String>, fulfilled_by: Option<String> }
    OrderItem {
        order_item_id: Option<String>,
        quantity_ordered: Option<i64>,
        product: Option<Product>,
        proceeds: Option<ItemProceeds>,
        fulfillment: Option<ItemFulfillment>,
        tax: Option<ItemTax>,
    }
    Product { title: Option<String>, seller_sku: Option<String> }
    ItemProceeds { proceeds_total: Option<Money>, breakdowns: List<ItemBreakdown> }
    ItemBreakdown { r#type: Option<String>, subtotal: Option<Money>, detailed_breakdowns: List<DetailedBreakdown> }
    DetailedBreakdown { subtype: Option<String>, value: Option<Money> }
    ItemFulfillment { quantity_fulfilled: Option<i64>, quantity_unfulfilled: Option<i64> }
    ItemTax { tax_calculation_breakdowns: List<TaxCalculation>, tax_collections: List<TaxCollection> }
    TaxCalculation { reporting_scheme: Option<String> }
    TaxCollection { model: Option<String>, responsible_party: Option<String> }
    Package {
        package_reference_id: Option<String>,
        package_status: Option<PackageStatus>,
        ship_time: Option<String>,
        ship_from_address: Option<Address>,
        package_items: List<PackageItem>,
    }
    PackageStatus { status: Option<String> }
    PackageItem { order_item_id: Option<String>, quantity: Option<i64> }
    /// What is kept of the buyer beside the fact, if contacts are on.
    Contacts { buyer: Option<BuyerPart>, delivery_address: Option<Address>, tax_registrations: List<TaxRegistration> }
    BuyerPart {
        buyer_name: Option<String>,
        buyer_email: Option<String>,
        buyer_company_name: Option<String>,
        buyer_purchase_order_number: Option<String>,
    }
    TaxRegistration { tax_registration_type: Option<String>, tax_registration_number: Option<String>, legal_name: Option<String> }
}
