//! The seller and what it sells.

use std::sync::Arc;

use serde::Serialize;

/// Class of a product for UK VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum VatClass {
    /// 20 %.
    Standard,
    /// 5 %.
    Reduced,
    /// 0 %.
    Zero,
}

impl VatClass {
    /// The rate as people write it: `"20"`, `"5"` or `"0"`.
    pub fn percent(self) -> &'static str {
        match self {
            VatClass::Standard => "20",
            VatClass::Reduced => "5",
            VatClass::Zero => "0",
        }
    }

    /// The UK rate in per cent.
    pub fn rate(self) -> i64 {
        match self {
            VatClass::Standard => 20,
            VatClass::Reduced => 5,
            VatClass::Zero => 0,
        }
    }
}

/// Category by which Amazon charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Category {
    /// Kitchen, textiles, mobility aids.
    Home,
    /// Books.
    Media,
    /// Seats, bibs.
    Baby,
    /// Clothes and belts.
    Clothing,
    /// Lamps and torches.
    Electronics,
    /// Shelves and rugs.
    Furniture,
}

/// Who ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Fulfilment {
    /// Fulfilment by Amazon: its warehouse, its stock.
    Fba,
    /// Fulfilment by the merchant: the seller's own stock.
    Fbm,
}

/// A product as the seller lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Sku {
    /// The seller's code. May contain spaces, slashes and plus signs.
    pub sku: String,
    /// Amazon's code of the product.
    pub asin: String,
    /// Title on the site.
    pub title: String,
    /// UK VAT class; delivery, gift wrap and promotions of an item follow it.
    pub vat_class: VatClass,
    /// Category by which Amazon charges.
    pub category: Category,
    /// Who ships it.
    pub fulfilment: Fulfilment,
    /// Price of one unit, in pence or cents, VAT included.
    pub unit_price_minor: i64,
    /// The product's code in KashFlow, if it is known there.
    pub kashflow_product_code: Option<String>,
    /// Whether KashFlow manages its stock; only for merchant-fulfilled products with a code.
    pub stock_managed: bool,
    /// Units in stock at the start of the world. More than the world sells.
    pub opening_stock: u32,
}

/// Where things are shipped from, or a buyer lives. Every field may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Recipient.
    pub name: String,
    /// Company, for business buyers.
    pub company: String,
    /// First line.
    pub line1: String,
    /// Second line.
    pub line2: String,
    /// Third line.
    pub line3: String,
    /// City.
    pub city: String,
    /// County, district, federal state.
    pub county: String,
    /// Postcode as the buyer typed it.
    pub postcode: String,
    /// ISO country code; `GG`, `JE`, `IM` are countries of their own.
    pub country: &'static str,
    /// Telephone.
    pub phone: String,
}

/// The seller.
#[derive(Clone, Debug)]
pub struct SellerProfile {
    /// Amazon's id of the seller.
    pub seller_id: String,
    /// Name of the shop.
    pub store_name: String,
    /// Country of establishment: `GB`.
    pub established_in: &'static str,
    /// Registered for UK VAT: always.
    pub vat_registered: bool,
    /// Whether Amazon's VAT Calculation Service is on, so that Amazon states the VAT of each order.
    pub vcs: bool,
    /// Whether the 2026 Orders API states ITEM, SHIPPING, GIFT_WRAP and DISCOUNT without the tax that it states beside them.
    /// Amazon has not documented which (fact sheet §15), so both worlds exist; the arithmetic of each item tells them apart.
    pub tax_beside_price: bool,
    /// Whether settlement rows of money that was held back carry the day of its release, not that of the event. Nobody has documented
    /// which, so both worlds exist.
    pub rows_dated_by_release: bool,
    /// The products.
    pub skus: Vec<Arc<Sku>>,
    /// Where merchant-fulfilled orders are shipped from.
    pub warehouse: Address,
}
