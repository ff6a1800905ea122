//! A financial event in the list of Finances v0 that it belongs to (fact sheet §8.2). What is in a list sums to the event.

use super::wire::{
    Adhoc, Adjustment, Advertising, Charge, Currency, Debt, Events, Fee, Item, Loan, Promotion, SafeT, ServiceFee,
    Shipment, Withheld,
};
use crate::amazon::finances::names::place;
use crate::amazon::orders::time;
use crate::world::{MoneyEvent, MoneyLine, Transaction};

/// Puts an event where it belongs. A payout and a debt that is only repeated are no events here.
pub(super) fn put(events: &mut Events, event: &Transaction) {
    let currency = event.group.currency;
    let total = || Currency::new(event.total(), currency);
    let posted_date = time(event.posted_at);
    let description = event.lines.first().map_or("", |line| line.description);
    let adjustment =
        |adjustment_type| Adjustment { adjustment_type, posted_date: posted_date.clone(), adjustment_amount: total() };
    match event.event {
        MoneyEvent::Shipment { .. } => events.shipment_event_list.push(shipment(event, false)),
        MoneyEvent::Refund => events.refund_event_list.push(shipment(event, true)),
        MoneyEvent::Guarantee => events.guarantee_claim_event_list.push(shipment(event, true)),
        MoneyEvent::Chargeback => events.chargeback_event_list.push(shipment(event, true)),
        MoneyEvent::ServiceFee | MoneyEvent::Unknown => events.service_fee_event_list.push(ServiceFee {
            amazon_order_id: event.order.as_ref().map(|order| order.id.clone()),
            fee_reason: description,
            fee_list: event.lines.iter().map(|line| fee(event, line)).collect(),
        }),
        MoneyEvent::Advertising => {
            let tax: i64 = event.lines.iter().map(|line| line.fee_vat).sum();
            events.product_ads_payment_event_list.push(Advertising {
                posted_date,
                transaction_type: if event.total() < 0 { "charge" } else { "refund" },
                invoice_id: event.id.chars().take(12).collect(),
                base_value: Currency::new(event.total() - tax, currency),
                tax_value: Currency::new(tax, currency),
                transaction_value: total(),
            });
        }
        MoneyEvent::Claim if description.starts_with("SAFE-T") => events.safe_t_event_list.push(SafeT {
            posted_date,
            claim_id: event.id.chars().take(14).collect(),
            amount: total(),
            reason: "SAFE-T",
        }),
        MoneyEvent::Loan => {
            let source_business_event_type = "LoanPayment";
            events.loan_servicing_event_list.push(Loan { loan_amount: total(), source_business_event_type });
        }
        MoneyEvent::Charge => {
            events.debt_recovery_event_list.push(Debt { debt_recovery_type: "DebtPayment", recovery_amount: total() })
        }
        MoneyEvent::MicroDeposit => events.adhoc_disbursement_event_list.push(Adhoc {
            transaction_type: "MicroDeposit",
            posted_date,
            transaction_id: event.id.clone(),
            transaction_amount: total(),
        }),
        MoneyEvent::Reserve if event.total() < 0 => events.adjustment_event_list.push(adjustment("ReserveDebit")),
        MoneyEvent::Reserve => events.adjustment_event_list.push(adjustment("ReserveCredit")),
        MoneyEvent::FailedTransfer => events.adjustment_event_list.push(adjustment("FailedDisbursement")),
        MoneyEvent::CrossAccount => events.adjustment_event_list.push(adjustment("Debt Adjustment")),
        MoneyEvent::Reimbursement | MoneyEvent::Claim => events.adjustment_event_list.push(adjustment(description)),
        MoneyEvent::Payout | MoneyEvent::Carried => {}
    }
}

/// A sale, or what took money back of one: that uses the lists for adjustments.
fn shipment(event: &Transaction, back: bool) -> Shipment {
    let site = event.marketplace.unwrap_or(event.group.marketplaces[0]);
    let mut indices: Vec<usize> = event.lines.iter().filter_map(|line| line.item).collect();
    indices.dedup();
    let items: Vec<Item> = indices.into_iter().map(|index| item(event, index, back)).collect();
    let of_order = event.lines.iter().filter(|line| line.item.is_none());
    let fees: Vec<Fee> = of_order.map(|line| fee(event, line)).collect();
    let (order_fee_list, order_fee_adjustment_list) = if back { (Vec::new(), fees) } else { (fees, Vec::new()) };
    let (shipment_item_list, shipment_item_adjustment_list) =
        if back { (Vec::new(), items) } else { (items, Vec::new()) };
    Shipment {
        amazon_order_id: event.order.as_ref().map(|order| order.id.clone()).unwrap_or_default(),
        marketplace_name: site.name,
        posted_date: time(event.posted_at),
        order_fee_list,
        order_fee_adjustment_list,
        shipment_item_list,
        shipment_item_adjustment_list,
    }
}

fn item(event: &Transaction, index: usize, back: bool) -> Item {
    let currency = event.group.currency;
    let lines = || event.lines.iter().filter(move |line| line.item == Some(index));
    let own = event.order.as_ref().and_then(|order| order.items.get(index));
    let mut item = Item {
        sku: own.map(|own| own.sku.sku.clone()).unwrap_or_default(),
        order_item_id: own.map(|own| own.item_id.clone()).unwrap_or_default(),
        adjustment_id: event.adjustment_id.clone().filter(|_| back),
        quantity: lines().find_map(|line| line.units).unwrap_or(0),
        ..Item::default()
    };
    let (mut charges, mut fees, mut promotions, mut withheld) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in lines() {
        let charge = |charge_type| Charge { charge_type, charge_amount: Currency::new(line.minor, currency) };
        match (line.amount_type, line.description) {
            ("ItemFees", _) => fees.push(fee(event, line)),
            ("ItemWithheldTax", name) => withheld.push(charge(name)),
            ("Promotion", "TaxDiscount") => charges.push(charge("TaxDiscount")),
            ("Promotion", _) => promotions.push(Promotion {
                promotion_type: "PromotionMetaDataDefinitionValue",
                promotion_id: line.promotion.unwrap_or(""),
                promotion_amount: Currency::new(line.minor, currency),
            }),
            (_, "Shipping") => charges.push(charge("ShippingCharge")),
            (_, name) => charges.push(charge(name)),
        }
    }
    if !withheld.is_empty() {
        item.withheld = vec![Withheld { tax_collection_model: "MarketplaceFacilitator", taxes_withheld: withheld }];
    }
    if back {
        (item.charges_back, item.fees_back, item.promotions_back) = (charges, fees, promotions);
    } else {
        (item.charges, item.fees, item.promotions) = (charges, fees, promotions);
    }
    item
}

/// A fee with its VAT in it: v0 does not part them.
fn fee(event: &Transaction, line: &MoneyLine) -> Fee {
    let [_, _, fee_type] = place(event.event, line);
    Fee { fee_type, fee_amount: Currency::new(line.minor, event.group.currency) }
}
