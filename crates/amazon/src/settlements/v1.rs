//! V1's columns as V2's triples, so that the books know one vocabulary.
//!
//! V1 spreads amounts over columns and puts the description of everything that is not an order into `transaction-type`.

use super::header::Column;

/// V1 kinds whose amounts stand in typed columns; for all others the kind is the description (BEHAVIOR 25).
const ORDER_KINDS: &[&str] = &[
    "Order",
    "Refund",
    "Chargeback Refund",
    "A-to-z Guarantee Refund",
    "Order_Retrocharge",
    "Refund_Retrocharge",
    "Liquidations",
    "Liquidations Adjustments",
];

/// Descriptions that V2 puts under `FBA Inventory Reimbursement`.
const REIMBURSEMENTS: &[&str] = &[
    "WAREHOUSE_DAMAGE",
    "WAREHOUSE_DAMAGE_EXCEPTION",
    "WAREHOUSE_LOST",
    "WAREHOUSE_LOST_MANUAL",
    "CUSTOMER_RETURN",
    "CUSTOMER_DAMAGE",
    "CUSTOMER_SERVICE_ISSUE",
    "RETURN_WRONG_ITEM",
    "REVERSAL_REIMBURSEMENT",
    "FREE_REPLACEMENT_REFUND_ITEMS",
    "MISSING_FROM_INBOUND",
    "MISSING_FROM_INBOUND_CLAWBACK",
    "INBOUND_CARRIER_DAMAGE",
    "REMOVAL_ORDER_LOST",
    "REMOVAL_ORDER_DAMAGED",
    "MULTICHANNEL_ORDER_LOST",
    "MULTICHANNEL_ORDER_DAMAGED",
    "MULTICHANNEL_ORDER_LATE",
    "PAYMENT_RETRACTION_ITEMS",
    "COMPENSATED_CLAWBACK",
];

const OTHER: &str = "other-transaction";
const ADVERTISING: &str = "Cost of Advertising";

/// V2's triple for the amount in `column` of a row of `kind`; `text` gives the other fields of the row.
pub(crate) fn triple<'a>(
    column: Column,
    kind: &'a str,
    text: &impl Fn(Column) -> &'a str,
) -> (&'a str, &'a str, &'a str) {
    match column {
        Column::Price => (kind, "ItemPrice", text(Column::PriceType)),
        Column::ItemFee => item_fee(kind, text(Column::ItemFeeType)),
        Column::ShipmentFee => (kind, "Shipment-Fees", shipment_fee(text(Column::ShipmentFeeType))),
        Column::OrderFee => (kind, "OrderFees", text(Column::OrderFeeType)),
        Column::MiscFee => (kind, "MiscFees", "misc-fee-amount"),
        Column::OtherFee => other_fee(kind, text(Column::OtherFeeReason), text(Column::ItemFeeType)),
        Column::PromotionAmount => (kind, "Promotion", text(Column::PromotionType)),
        Column::DirectPayment => (kind, "DirectPayment", text(Column::DirectPaymentType)),
        _ => other_amount(kind),
    }
}

fn item_fee<'a>(kind: &'a str, fee: &'a str) -> (&'a str, &'a str, &'a str) {
    if fee.eq_ignore_ascii_case(ADVERTISING) {
        return (kind, ADVERTISING, "TransactionTotalAmount");
    }
    (kind, "ItemFees", fee)
}

fn shipment_fee(fee: &str) -> &str {
    if fee.eq_ignore_ascii_case("FBA transportation fee") { "FBATransportationFee" } else { fee }
}

/// The tax on advertising stands here as `TaxAmount`; everything else is a fee of the item.
fn other_fee<'a>(kind: &'a str, reason: &'a str, item_fee: &'a str) -> (&'a str, &'a str, &'a str) {
    let of_advertising = item_fee.eq_ignore_ascii_case(ADVERTISING) || kind.eq_ignore_ascii_case("ServiceFee");
    if of_advertising && reason.eq_ignore_ascii_case("TaxAmount") {
        return (kind, ADVERTISING, reason);
    }
    (kind, "ItemFees", reason)
}

fn other_amount(kind: &str) -> (&str, &str, &str) {
    let is = |known: &&str| known.eq_ignore_ascii_case(kind);
    if ORDER_KINDS.iter().any(is) {
        (kind, OTHER, "other-amount")
    } else if REIMBURSEMENTS.iter().any(is) {
        (OTHER, "FBA Inventory Reimbursement", kind)
    } else {
        (OTHER, OTHER, kind)
    }
}
