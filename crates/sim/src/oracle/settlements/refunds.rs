//! Output VAT that refunds take back.
//!
//! Where Amazon states the tax of a refund, that is it. Where it states none, the refunds of a line together give back what the sale
//! charged: the VAT of a refund is what all refunds to date owe, less what those before have given.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::rules::{Meaning, inside, is_tax, meaning, share};
use crate::world::{MoneyEvent, Transaction, World, WorldItem};

/// VAT taken back by each refund: by id of its event, above nothing.
pub(super) fn vat_given_back<'t>(
    world: &World,
    now: Timestamp,
    settled: impl Iterator<Item = &'t Transaction>,
) -> HashMap<String, i64> {
    let mut given = HashMap::new();
    let mut done: HashSet<&str> = HashSet::new();
    for transaction in settled.filter(|own| is_refund(own)) {
        let Some(order) = &transaction.order else { continue };
        if !done.insert(&order.id) {
            continue;
        }
        // They are settled in the order of their posting.
        let mut to_date: HashMap<usize, (i64, i64)> = HashMap::new();
        for refund in world.transactions_of(&order.id, now).iter().filter(|own| is_refund(own)) {
            let mut items: Vec<usize> = refund.lines.iter().filter_map(|line| line.item).collect();
            items.sort_unstable();
            items.dedup();
            let vat: i64 = items.into_iter().map(|item| of_item(refund, item, &mut to_date)).sum();
            given.insert(refund.id.clone(), vat);
        }
    }
    given
}

pub(super) fn is_refund(transaction: &Transaction) -> bool {
    matches!(transaction.event, MoneyEvent::Refund | MoneyEvent::Chargeback | MoneyEvent::Guarantee)
}

fn of_item(refund: &Transaction, index: usize, to_date: &mut HashMap<usize, (i64, i64)>) -> i64 {
    let Some(order) = &refund.order else { return 0 };
    let item = &order.items[index];
    if !matches!(order.ship_to.country, "GB" | "IM") {
        return 0;
    }
    let own = || {
        let lines = refund.lines.iter().filter(|line| line.item == Some(index));
        lines.filter(|line| matches!(meaning(refund, line), Meaning::Refund(_)))
    };
    if item.tax.is_some() {
        return -own().filter(|line| is_tax(line)).map(|line| line.minor).sum::<i64>();
    }
    let (refunded, given) = to_date.entry(index).or_default();
    *refunded -= own().map(|line| line.minor).sum::<i64>();
    let vat = share(charged(item) * *refunded, item.gross().max(1)) - *given;
    *given += vat;
    vat
}

/// The VAT of a whole line: that of each charge, rounded by itself.
fn charged(item: &WorldItem) -> i64 {
    let rate = item.vat_class.rate();
    let taken = inside(item.item_promotion, rate) + inside(item.delivery_promotion, rate);
    inside(item.price(), rate) + inside(item.delivery, rate) + inside(item.gift_wrap, rate) - taken
}
