//! The shapes of Orders v2026-01-01, as far as the sandbox fills them.

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchOrdersResponse<'a> {
    pub(super) orders: Vec<Order<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pagination: Option<Pagination>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_updated_before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_before: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pagination {
    pub(super) next_token: String,
}

#[derive(Serialize)]
pub(super) struct GetOrderResponse<'a> {
    pub(super) order: Order<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order<'a> {
    pub(super) order_id: &'a str,
    pub(super) created_time: String,
    pub(super) last_updated_time: String,
    pub(super) programs: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) associated_orders: Vec<AssociatedOrder<'a>>,
    pub(super) sales_channel: SalesChannel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) buyer: Option<Buyer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<Recipient<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) proceeds: Option<OrderProceeds<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment: Option<Payment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax: Option<OrderTax<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fulfillment: Option<OrderFulfillment>,
    pub(super) order_items: Vec<OrderItem<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) packages: Vec<Package<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fulfillment_orders: Vec<FulfillmentOrder>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssociatedOrder<'a> {
    pub(super) order_id: &'a str,
    pub(super) association_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SalesChannel {
    pub(super) channel_name: &'static str,
    pub(super) marketplace_id: &'static str,
    pub(super) marketplace_name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Buyer<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) buyer_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) buyer_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) buyer_company_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) buyer_purchase_order_number: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Recipient<'a> {
    pub(super) delivery_address: Address<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) company_name: &'a str,
    pub(super) address_line1: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) address_line2: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) address_line3: &'a str,
    pub(super) city: &'a str,
    pub(super) state_or_region: &'a str,
    pub(super) postal_code: &'a str,
    pub(super) country_code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) phone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address_type: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderProceeds<'a> {
    pub(super) grand_total: Money<'a>,
    pub(super) breakdowns: Vec<Breakdown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Money<'a> {
    pub(super) amount: String,
    pub(super) currency_code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breakdown<'a> {
    pub(super) r#type: &'static str,
    pub(super) subtotal: Money<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) detailed_breakdowns: Vec<DetailedBreakdown<'a>>,
}

#[derive(Serialize)]
pub(super) struct DetailedBreakdown<'a> {
    pub(super) subtype: &'static str,
    pub(super) value: Money<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payment<'a> {
    pub(super) payment_executions: Vec<PaymentExecution<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentExecution<'a> {
    pub(super) payment_method: &'static str,
    pub(super) payment_amount: Money<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderTax<'a> {
    pub(super) tax_registrations: Vec<TaxRegistration<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaxRegistration<'a> {
    pub(super) entity_type: &'static str,
    pub(super) legal_name: &'a str,
    pub(super) tax_registration_type: &'static str,
    pub(super) tax_registration_number: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderFulfillment {
    pub(super) fulfillment_status: &'static str,
    pub(super) fulfilled_by: &'static str,
    pub(super) fulfillment_service_level: &'static str,
    pub(super) ship_by_window: Window,
    pub(super) deliver_by_window: Window,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Window {
    pub(super) earliest_date_time: String,
    pub(super) latest_date_time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderItem<'a> {
    pub(super) order_item_id: &'a str,
    pub(super) quantity_ordered: u32,
    pub(super) product: Product<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) proceeds: Option<ItemProceeds<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) promotion: Option<Promotion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancellation: Option<Cancellation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fulfillment: Option<ItemFulfillment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax: Option<ItemTax>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product<'a> {
    pub(super) asin: &'a str,
    pub(super) title: &'a str,
    pub(super) seller_sku: &'a str,
    pub(super) condition: Condition,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Price<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition {
    pub(super) condition_type: &'static str,
    pub(super) condition_subtype: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Price<'a> {
    pub(super) unit_price: Money<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price_designation: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemProceeds<'a> {
    pub(super) proceeds_total: Money<'a>,
    pub(super) breakdowns: Vec<Breakdown<'a>>,
}

#[derive(Serialize)]
pub(super) struct Promotion {
    pub(super) breakdowns: Vec<PromotionBreakdown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PromotionBreakdown {
    pub(super) promotion_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancellation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancellation_request: Option<CancellationRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancellation_execution: Option<CancellationExecution>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancellationRequest {
    pub(super) requester: &'static str,
    pub(super) cancel_reason: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancellationExecution {
    pub(super) cancelled_by: &'static str,
    pub(super) cancel_reason: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemFulfillment {
    pub(super) quantity_fulfilled: u32,
    pub(super) quantity_unfulfilled: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) packing: Option<Packing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shipping: Option<Shipping>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Packing {
    pub(super) gift_option: GiftOption,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GiftOption {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gift_message: Option<&'static str>,
    pub(super) gift_wrap_level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shipping {
    pub(super) international_shipping: InternationalShipping,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InternationalShipping {
    pub(super) ioss_number: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemTax {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tax_calculation_breakdowns: Vec<TaxCalculation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tax_collections: Vec<TaxCollection>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaxCalculation {
    pub(super) reporting_scheme: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaxCollection {
    pub(super) model: &'static str,
    pub(super) responsible_party: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package<'a> {
    pub(super) package_reference_id: &'a str,
    pub(super) created_time: String,
    pub(super) package_status: PackageStatus,
    pub(super) carrier: &'a str,
    pub(super) ship_time: String,
    pub(super) shipping_service: &'a str,
    pub(super) tracking_number: &'a str,
    pub(super) ship_from_address: Address<'a>,
    pub(super) package_items: Vec<PackageItem<'a>>,
}

#[derive(Serialize)]
pub(super) struct PackageStatus {
    pub(super) status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PackageItem<'a> {
    pub(super) order_item_id: &'a str,
    pub(super) quantity: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentOrder {
    pub(super) fulfillment_order_id: String,
}
