//! The bodies of Finances v0, as they go over the wire. Amounts are JSON numbers, written digit by digit.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::amazon::orders::digits;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Currency {
    currency_code: &'static str,
    currency_amount: Box<RawValue>,
}

impl Currency {
    pub(super) fn new(minor: i64, code: &'static str) -> Currency {
        // Digits are a valid number, so this is never the nought that stands in for it.
        let currency_amount = RawValue::from_string(digits(minor)).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Currency { currency_code: code, currency_amount }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Groups {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_token: Option<String>,
    pub(super) financial_event_group_list: Vec<Group>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Group {
    pub(super) financial_event_group_id: String,
    pub(super) processing_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fund_transfer_status: Option<&'static str>,
    pub(super) original_total: Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) converted_total: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fund_transfer_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_tail: Option<&'static str>,
    pub(super) beginning_balance: Currency,
    pub(super) financial_event_group_start: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) financial_event_group_end: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_token: Option<String>,
    pub(super) financial_events: Events,
}

/// The lists of events; those that are empty are left out.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Events {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shipment_event_list: Vec<Shipment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) refund_event_list: Vec<Shipment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) guarantee_claim_event_list: Vec<Shipment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) chargeback_event_list: Vec<Shipment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) service_fee_event_list: Vec<ServiceFee>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) product_ads_payment_event_list: Vec<Advertising>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) adjustment_event_list: Vec<Adjustment>,
    #[serde(rename = "SAFETReimbursementEventList", skip_serializing_if = "Vec::is_empty")]
    pub(super) safe_t_event_list: Vec<SafeT>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) loan_servicing_event_list: Vec<Loan>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) debt_recovery_event_list: Vec<Debt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) adhoc_disbursement_event_list: Vec<Adhoc>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shipment {
    pub(super) amazon_order_id: String,
    pub(super) marketplace_name: &'static str,
    pub(super) posted_date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) order_fee_list: Vec<Fee>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) order_fee_adjustment_list: Vec<Fee>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shipment_item_list: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shipment_item_adjustment_list: Vec<Item>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Item {
    #[serde(rename = "SellerSKU")]
    pub(super) sku: String,
    #[serde(rename = "OrderItemId")]
    pub(super) order_item_id: String,
    #[serde(rename = "OrderAdjustmentItemId", skip_serializing_if = "Option::is_none")]
    pub(super) adjustment_id: Option<String>,
    #[serde(rename = "QuantityShipped")]
    pub(super) quantity: u32,
    #[serde(rename = "ItemChargeList", skip_serializing_if = "Vec::is_empty")]
    pub(super) charges: Vec<Charge>,
    #[serde(rename = "ItemChargeAdjustmentList", skip_serializing_if = "Vec::is_empty")]
    pub(super) charges_back: Vec<Charge>,
    #[serde(rename = "ItemFeeList", skip_serializing_if = "Vec::is_empty")]
    pub(super) fees: Vec<Fee>,
    #[serde(rename = "ItemFeeAdjustmentList", skip_serializing_if = "Vec::is_empty")]
    pub(super) fees_back: Vec<Fee>,
    #[serde(rename = "ItemTaxWithheldList", skip_serializing_if = "Vec::is_empty")]
    pub(super) withheld: Vec<Withheld>,
    #[serde(rename = "PromotionList", skip_serializing_if = "Vec::is_empty")]
    pub(super) promotions: Vec<Promotion>,
    #[serde(rename = "PromotionAdjustmentList", skip_serializing_if = "Vec::is_empty")]
    pub(super) promotions_back: Vec<Promotion>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Charge {
    pub(super) charge_type: &'static str,
    pub(super) charge_amount: Currency,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Fee {
    pub(super) fee_type: &'static str,
    pub(super) fee_amount: Currency,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Withheld {
    pub(super) tax_collection_model: &'static str,
    pub(super) taxes_withheld: Vec<Charge>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Promotion {
    pub(super) promotion_type: &'static str,
    pub(super) promotion_id: &'static str,
    pub(super) promotion_amount: Currency,
}

/// Has no date of its own, as the real one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ServiceFee {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amazon_order_id: Option<String>,
    pub(super) fee_reason: &'static str,
    pub(super) fee_list: Vec<Fee>,
}

/// In camel case, unlike its neighbours.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Advertising {
    pub(super) posted_date: String,
    pub(super) transaction_type: &'static str,
    pub(super) invoice_id: String,
    pub(super) base_value: Currency,
    pub(super) tax_value: Currency,
    pub(super) transaction_value: Currency,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Adjustment {
    pub(super) adjustment_type: &'static str,
    pub(super) posted_date: String,
    pub(super) adjustment_amount: Currency,
}

#[derive(Debug, Serialize)]
pub(super) struct SafeT {
    #[serde(rename = "PostedDate")]
    pub(super) posted_date: String,
    #[serde(rename = "SAFETClaimId")]
    pub(super) claim_id: String,
    #[serde(rename = "ReimbursedAmount")]
    pub(super) amount: Currency,
    #[serde(rename = "ReasonCode")]
    pub(super) reason: &'static str,
}

/// Has no date of its own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Loan {
    pub(super) loan_amount: Currency,
    pub(super) source_business_event_type: &'static str,
}

/// Has no date of its own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Debt {
    pub(super) debt_recovery_type: &'static str,
    pub(super) recovery_amount: Currency,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Adhoc {
    pub(super) transaction_type: &'static str,
    pub(super) posted_date: String,
    pub(super) transaction_id: String,
    pub(super) transaction_amount: Currency,
}
