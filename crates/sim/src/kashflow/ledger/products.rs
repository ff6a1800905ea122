//! Products (children of a sales code) and their stock counters.

use rust_decimal::Decimal;

use super::{Extras, Invoice, Ledger, Side};

/// A product. Its key is (sales code, code); the code is compared without case.
#[derive(Clone, Debug)]
pub struct Product {
    /// Internal id.
    pub id: i64,
    /// The sales code it belongs to.
    pub nominal: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Net price.
    pub price: Decimal,
    /// VAT percentage.
    pub vat_rate: Decimal,
    /// Whether its stock is counted.
    pub managed: bool,
    /// Units in stock; may be negative.
    pub in_stock: Decimal,
    /// What it was created or last set with.
    pub opening_stock: Decimal,
    /// Offered for new documents.
    pub in_use: bool,
    /// What else a client has set.
    pub extras: Extras,
}

impl Ledger {
    /// The key of a product.
    pub(in crate::kashflow) fn product_key(nominal: i64, code: &str) -> (i64, String) {
        (nominal, code.trim().to_uppercase())
    }

    /// Whether the account counts stock at all.
    pub(in crate::kashflow) fn counts_stock(&self) -> bool {
        let flag = self.settings.get("stockoptions").and_then(|extras| extras.get("EnableStockManagement"));
        flag.and_then(super::Json::as_flag).unwrap_or(true)
    }

    /// Takes the lines of `invoice` out of stock (`sign` 1) or puts them back (`sign` -1). A purchase moves nothing until
    /// somebody receives the goods, which only the application can do.
    pub(super) fn move_stock(&mut self, invoice: &Invoice, sign: Decimal) {
        if invoice.side == Side::Purchases || !self.counts_stock() {
            return;
        }
        for line in &invoice.lines {
            let Some((nominal, code)) = &line.product else { continue };
            let Some(product) = self.products.get_mut(&Ledger::product_key(*nominal, code)) else { continue };
            if product.managed {
                product.in_stock -= line.units_out() * sign;
            }
        }
    }
}
