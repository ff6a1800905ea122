//! Writes a settlement and the list of orders it should be matched against: the same bytes on every run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const COLUMNS: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t\
    transaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\t\
    amount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\t\
    quantity-purchased\tpromotion-id\n";

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// Both files, written unless they are there.
pub fn files(rows: u64, orders: usize) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let paths = vec![folder.join(format!("settlement-{rows}.tsv")), folder.join(format!("orders-{rows}-{orders}.tsv"))];
    if paths.iter().all(|path| path.exists()) {
        return paths;
    }
    eprintln!("writing {} …", paths[0].display());
    let (settlement, list) = texts(rows, orders);
    std::fs::write(&paths[0], settlement).expect("the target folder can be written");
    std::fs::write(&paths[1], list).expect("the target folder can be written");
    paths
}

fn texts(rows: u64, count: usize) -> (String, String) {
    let mut dice = Dice(1);
    let mut text = String::from(COLUMNS);
    let mut orders: Vec<(String, u64, i64)> = Vec::with_capacity(count);
    let mut written = 0;
    while written < rows {
        let order = order_id(&mut dice, 202);
        let (day, item, sku, quantity) =
            (1 + dice.below(14), dice.below(100_000_000_000_000), dice.below(4000), 1 + dice.below(2));
        let net = 416 + i64::try_from(dice.below(60_00)).unwrap_or(0);
        let refund = dice.below(100) < 3;
        let (sign, kind) = if refund { (-1, "Refund") } else { (1, "Order") };
        let mut parts = vec![
            ("ItemPrice", "Principal", net * sign),
            ("ItemPrice", "Tax", net / 5 * sign),
            ("ItemFees", "Commission", -net / 6 * sign),
            ("ItemFees", "FBAPerUnitFulfillmentFee", -2_35 * sign),
        ];
        if dice.below(4) == 0 {
            parts.push(("ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", -net / 5 * sign));
        }
        if dice.below(8) == 0 {
            parts.push(("ItemPrice", "Shipping", 2_99 * sign));
            parts.push(("ItemFees", "ShippingChargeback", -2_99 * sign));
        }
        let mut gross = 0;
        for (class, name, minor) in parts {
            if class == "ItemPrice" {
                gross += minor;
            }
            let amount = digits(minor);
            let _ = writeln!(
                text,
                "26031877012\t\t\t\t\tGBP\t{kind}\t{order}\t\t\tD{}\tAmazon.co.uk\t{class}\t{name}\t{amount}\tAFN\t2026-03-{day:02}\t\
                 2026-03-{day:02} 10:{:02}:00 UTC\t{item:014}\t\t\tTEE-BLU-{sku:04}\t{quantity}\t",
                item % 1_000_000_000,
                item % 60,
            );
            written += 1;
        }
        // 1 % of the orders are not in the list, 2 % are there with another amount.
        let fate = dice.below(100);
        if !refund && fate > 0 && orders.len() < count {
            let wrong = if fate < 3 { 1 + i64::try_from(dice.below(500)).unwrap_or(0) } else { 0 };
            orders.push((order, day, gross + wrong));
        }
    }
    while orders.len() < count {
        let gross = 4_99 + i64::try_from(dice.below(50_00)).unwrap_or(0);
        orders.push((order_id(&mut dice, 302), 1 + dice.below(14), gross));
    }
    // Shuffled by their ids' hash, in effect.
    orders.sort_by_key(|(order, ..)| order.bytes().rev().collect::<Vec<_>>());
    let mut list = String::from("order-id\tpurchase-date\tcurrency\tgross\n");
    for (order, day, gross) in orders {
        let _ = writeln!(list, "{order}\t2026-03-{day:02}\tGBP\t{}", digits(gross));
    }
    (text, list)
}

fn order_id(dice: &mut Dice, series: u64) -> String {
    format!("{}-{:07}-{:07}", series + dice.below(5), dice.below(10_000_000), dice.below(10_000_000))
}

fn digits(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}
