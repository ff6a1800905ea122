//! Random settlements, small and mixed: every law below is tried on the same worlds.

use money::{Currency, Money};
use proptest::prelude::*;

use super::rows::{Row, numbered};

pub fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// One item of an order, sold once and refunded in parts.
#[derive(Clone, Debug)]
pub struct Item {
    pub order: u8,
    pub gross: i64,
    pub stated: bool,
    pub withheld: bool,
    pub delivery: Option<i64>,
    pub promotion: Option<i64>,
    pub commission: i64,
    pub fulfilment: Option<i64>,
    pub refunds: Vec<u8>,
    pub day: u8,
    pub site: u8,
    pub quantity: u8,
}

pub fn item() -> impl Strategy<Value = Item> {
    (
        (0_u8..4, 1_i64..50_000, any::<bool>(), prop::bool::weighted(0.2)),
        (prop::option::weighted(0.2, 1_i64..900), prop::option::weighted(0.2, 1_i64..400), 0_i64..9_000),
        (prop::option::of(1_i64..900), prop::collection::vec(1_u8..100, 0..3), 0_u8..40, 0_u8..3, 1_u8..4),
    )
        .prop_map(|((order, gross, stated, withheld), (delivery, promotion, commission), rest)| {
            let (fulfilment, refunds, day, site, quantity) = rest;
            Item {
                order,
                gross,
                stated,
                withheld,
                delivery,
                promotion,
                commission,
                fulfilment,
                refunds,
                day,
                site,
                quantity,
            }
        })
}

/// A row that belongs to no order.
pub fn other() -> impl Strategy<Value = Row> {
    let words = prop::sample::select(vec![
        ("other-transaction", "other-transaction", "Storage Fee"),
        ("other-transaction", "other-transaction", "Subscription Fee"),
        ("other-transaction", "other-transaction", "Previous Reserve Amount Balance"),
        ("other-transaction", "other-transaction", "Current Reserve Amount"),
        ("other-transaction", "other-transaction", "Payable to Amazon"),
        ("other-transaction", "other-transaction", "Successful charge"),
        ("other-transaction", "other-transaction", "Amazon Capital Services"),
        ("other-transaction", "other-transaction", "Fee Adjustment"),
        ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE"),
        ("other-transaction", "FBA Inventory Reimbursement", "INCORRECT_FEES_ITEMS"),
        ("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"),
        ("FBAFees", "FBA Inventory Storage Fee", "Base fee"),
        ("FBAFees", "FBA Inventory Storage Fee", "Tax on fee"),
        ("Debt Adjustment", "Debt Adjustment", "Cross-Account Debt Adjustment for DE"),
        ("Chargeback Refund", "ItemPrice", "Principal"),
        ("Never heard", "of", "this"),
        ("Order", "ItemPrice", "Tax"),
    ]);
    (words, -9_000_i64..9_000, 0_u8..40).prop_map(|((kind, class, name), minor, day)| {
        let mut row = Row::new(kind, class, name, gbp(minor));
        row.at = Some(moment(day));
        row
    })
}

/// Days run over two month ends, hours over midnight in London.
pub fn moment(day: u8) -> jiff::Timestamp {
    let begin: jiff::Timestamp = "2026-03-20T23:30:00Z".parse().expect("a moment");
    begin.checked_add(jiff::SignedDuration::from_hours(24 * i64::from(day))).expect("a moment")
}

fn site(site: u8) -> &'static str {
    ["Amazon.co.uk", "Amazon.co.uk", "Amazon.de"][usize::from(site)]
}

/// The rows of an item.
pub fn rows_of(item: &Item, number: usize) -> Vec<Row> {
    let (order, line) = (format!("203-000000{}-0000000", item.order), format!("L{number}"));
    let mut rows = Vec::new();
    let mut row = |kind: &str, class: &str, name: &str, minor: i64, adjustment: &str, day: u8| {
        let mut row = Row::new(kind, class, name, gbp(minor)).of(&order, &line);
        row.at = Some(moment(day));
        adjustment.clone_into(&mut row.adjustment);
        site(item.site).clone_into(&mut row.marketplace);
        if name == "Principal" && class == "ItemPrice" {
            row.quantity = Some(i64::from(item.quantity));
        }
        rows.push(row);
    };
    let tax = (item.gross + 3) / 6;
    let mut charge = |kind: &str, sign: i64, gross: i64, tax: i64, adjustment: &str, day: u8| {
        if item.stated {
            row(kind, "ItemPrice", "Principal", sign * (gross - tax), adjustment, day);
            row(kind, "ItemPrice", "Tax", sign * tax, adjustment, day);
            if item.withheld {
                row(kind, "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", -sign * tax, adjustment, day);
            }
        } else {
            row(kind, "ItemPrice", "Principal", sign * gross, adjustment, day);
        }
    };
    charge("Order", 1, item.gross, tax, "", item.day);
    let total: i64 = item.refunds.iter().map(|part| i64::from(*part)).sum();
    let (mut given, mut given_tax) = (0, 0);
    for (at, part) in item.refunds.iter().enumerate() {
        let last = at + 1 == item.refunds.len();
        let gross = if last { item.gross - given } else { item.gross * i64::from(*part) / total };
        let part_tax = if last { tax - given_tax } else { tax * i64::from(*part) / total };
        (given, given_tax) = (given + gross, given_tax + part_tax);
        charge("Refund", -1, gross, part_tax, &format!("A{number}-{at}"), item.day + 1 + at as u8);
    }
    row("Order", "ItemFees", "Commission", -item.commission, "", item.day);
    if let Some(fee) = item.fulfilment {
        row("Order", "ItemFees", "FBAPerUnitFulfillmentFee", -fee, "", item.day);
    }
    if let Some(delivery) = item.delivery {
        row("Order", "ItemPrice", "Shipping", delivery, "", item.day);
    }
    if let Some(promotion) = item.promotion {
        row("Order", "Promotion", "Principal", -promotion, "", item.day);
    }
    rows
}

/// Rows of a settlement, numbered as lines of a file.
pub fn world() -> impl Strategy<Value = Vec<Row>> {
    (prop::collection::vec(item(), 0..4), prop::collection::vec(other(), 0..4)).prop_map(|(items, others)| {
        let items = items.iter().enumerate().flat_map(|(number, item)| rows_of(item, number));
        numbered(items.chain(others).collect())
    })
}
