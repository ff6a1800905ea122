//! What is in an order: lines, prices, delivery, gift wrap, promotions and the tax inside each.

use std::sync::Arc;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::generate::{Treatment, treatment};
use super::market::Marketplace;
use super::order::{Tax, WorldItem};
use super::people::Destination;
use super::seller::{Fulfilment, SellerProfile, Sku, VatClass};

/// Lines of order `number`: mostly one, sometimes a mixed basket, rarely more than a page of order items.
pub(super) fn items(
    rng: &mut ChaCha8Rng,
    seller: &SellerProfile,
    fulfilment: Fulfilment,
    marketplace: &Marketplace,
    number: u64,
) -> Vec<WorldItem> {
    let range: Vec<&Arc<Sku>> = seller.skus.iter().filter(|sku| sku.fulfilment == fulfilment).collect();
    let lines = match rng.random_range(0..100_u32) {
        0..66 => 1,
        66..86 => 2,
        86..94 => 3,
        94..99 => rng.random_range(4..7),
        _ => range.len(),
    };
    let chosen: Vec<&Arc<Sku>> = range.choose_multiple(rng, lines).copied().collect();
    let delivery_promotion = rng.random_ratio(1, 12);
    let voucher = rng.random_ratio(1, 8);
    let gift = rng.random_ratio(1, 9);
    let paid_delivery = fulfilment == Fulfilment::Fbm && rng.random_ratio(2, 5) || delivery_promotion;
    let mut items = Vec::with_capacity(chosen.len());
    for (line, sku) in chosen.into_iter().enumerate() {
        let mut item = item(rng, sku, marketplace, number, line);
        if paid_delivery {
            item.delivery = rng.random_range(1_49..6_99);
        }
        if delivery_promotion {
            item.delivery_promotion = item.delivery;
            item.promotion_ids.push("Free-Delivery-Seller");
        }
        if voucher && line == 0 {
            item.item_promotion = (item.price() * rng.random_range(3..21) / 100).max(1);
            item.promotion_ids.push("PLM-SAVE-2026");
        }
        if gift && rng.random_ratio(1, 2) {
            item.gift_wrap = rng.random_range(1_95..4_50);
            item.gift_message = Some("Penblwydd hapus! \u{1f382}\nLove, Mam & Dad");
        }
        items.push(item);
    }
    items
}

fn item(rng: &mut ChaCha8Rng, sku: &Arc<Sku>, marketplace: &Marketplace, number: u64, line: usize) -> WorldItem {
    let quantity = match rng.random_range(0..20_u32) {
        0..14 => 1,
        14..17 => 2,
        17..19 => 3,
        _ => rng.random_range(4..13),
    };
    let listed = sku.unit_price_minor;
    let unit_price = if marketplace.currency == "EUR" { listed * 118 / 100 + 1 } else { listed };
    WorldItem {
        item_id: item_id(number, line),
        sku: Arc::clone(sku),
        quantity,
        unit_price,
        delivery: 0,
        gift_wrap: 0,
        item_promotion: 0,
        delivery_promotion: 0,
        promotion_ids: Vec::new(),
        vat_class: sku.vat_class,
        collected: None,
        tax: None,
        tax_rate: 0,
        gift_message: None,
    }
}

/// Fourteen digits; unique in a world.
pub(super) fn item_id(number: u64, line: usize) -> String {
    format!("{:014}", (number * 100 + line as u64) * 7_001 % 100_000_000_000_000 + 1_000_000)
}

/// Settles who owes which tax, and states it where Amazon states it.
pub(super) fn tax(
    items: &mut [WorldItem],
    seller: &SellerProfile,
    destination: Destination,
    marketplace: &Marketplace,
    business: bool,
) {
    let goods: i64 = items.iter().map(|item| item.price() - item.item_promotion).sum();
    let treatment = treatment(destination, business, goods, marketplace);
    for item in items {
        let (collected, rate, stated) = match treatment {
            Treatment::Domestic => (None, item.vat_class.rate(), seller.vcs),
            Treatment::Export => (None, 0, seller.vcs),
            Treatment::Collected { scheme, standard, reduced } => {
                let rate = if item.vat_class == VatClass::Standard { standard } else { reduced };
                (Some(scheme), rate, true)
            }
        };
        item.collected = collected;
        item.tax_rate = rate;
        item.tax = stated.then(|| Tax {
            item: inside(item.price(), rate),
            delivery: inside(item.delivery, rate),
            gift_wrap: inside(item.gift_wrap, rate),
            item_promotion: inside(item.item_promotion, rate),
            delivery_promotion: inside(item.delivery_promotion, rate),
        });
    }
}

impl WorldItem {
    /// Takes all amounts away: a replacement, or a line that was cancelled.
    pub(crate) fn free_of_charge(&mut self) {
        self.unit_price = 0;
        (self.delivery, self.gift_wrap, self.item_promotion, self.delivery_promotion) = (0, 0, 0, 0);
        self.promotion_ids.clear();
        self.tax = self.tax.map(|_| Tax::default());
        self.gift_message = None;
    }
}

/// The tax inside a gross amount, half a penny up.
fn inside(gross: i64, rate: i64) -> i64 {
    (2 * gross * rate + 100 + rate) / (2 * (100 + rate))
}
