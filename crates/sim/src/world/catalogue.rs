//! The products of the seller: every VAT class by both ways of fulfilment, with SKUs and titles that break careless code.

use std::sync::Arc;

use super::seller::{Category, Fulfilment, Sku, VatClass};
use VatClass::{Reduced, Standard, Zero};

struct Row {
    sku: &'static str,
    title: &'static str,
    class: VatClass,
    price: i64,
    code: Code,
}

/// How KashFlow knows the product.
enum Code {
    /// By this code, and it manages the stock.
    Managed(&'static str),
    /// By this code, without stock.
    Known(&'static str),
    /// Not at all.
    Unknown,
}

const fn row(sku: &'static str, title: &'static str, class: VatClass, price: i64, code: Code) -> Row {
    Row { sku, title, class, price, code }
}

use Code::{Known, Managed, Unknown};

static FBM: [Row; 12] = [
    row("MUG-BLUE", "Stoneware mug, blue, 350 ml", Standard, 11_99, Managed("MUGB")),
    row("MUG-RED/350", "Stoneware mug, red, 350 ml", Standard, 11_99, Managed("MUGR")),
    row("TEA TOWEL 3", "Tea towels \"Harbour\", set of 3", Standard, 8_49, Managed("TOWEL3")),
    row("LAMP+OAK", "Desk lamp, oak & brass, 40 cm", Standard, 64_95, Managed("LAMPO")),
    row("CUSHION-45%WOOL", "Cushion, 45 % wool, 50 x 50 cm", Standard, 27_35, Known("CUSH")),
    row("CARSEAT-G1", "Child car seat, group 1, graphite", Reduced, 84_00, Managed("CSEAT1")),
    row("CARSEAT-BOOST", "Child booster seat, 15-36 kg", Reduced, 33_33, Managed("CSEAT2")),
    row("BOOK-TIDES", "The Tides of Morecambe (paperback)", Zero, 12_99, Managed("BKTIDE")),
    row("BOOK-KNOTS", "Sixty Knots: A Pocket Guide", Zero, 7_25, Managed("BKKNOT")),
    row("ROMPER-6M", "Babygrow, organic cotton, 6 months", Zero, 14_50, Known("ROMP6")),
    row("SHELF-L", "Wall shelf, ash, 90 cm, with brackets and screws", Standard, 13_900, Managed("SHELFL")),
    row("G\u{fc}rtel-90", "G\u{fc}rtel aus Leder, 90 cm \u{2013} schwarz", Standard, 23_07, Unknown),
];

static FBA: [Row; 10] = [
    row("FBA-KETTLE", "Kettle, stove top, 2 l, whistling", Standard, 29_99, Known("KETTLE")),
    row("FBA-PEG-48", "Clothes pegs, pack of 48", Standard, 4_79, Unknown),
    row("FBA-TORCH", "Torch, USB-C, 900 lm", Standard, 18_90, Unknown),
    row("FBA-KNIFE-SET", "Knife set, 5 pieces, with block", Standard, 74_50, Unknown),
    row("FBA-HEATPADS", "Mobility aid: grab rail, 40 cm", Reduced, 16_11, Unknown),
    row("FBA-STAIRRAIL", "Mobility aid: stair rail, 100 cm", Reduced, 41_75, Unknown),
    row("FBA-ATLAS", "Atlas of Small Islands (hardback)", Zero, 24_00, Unknown),
    row("FBA-COOKBOOK", "Bread at Night: 80 recipes", Zero, 15_37, Unknown),
    row("FBA-BIB-5", "Baby bibs, pack of 5", Zero, 9_05, Unknown),
    row("FBA-RUG", "Rug, jute, 160 x 230 cm", Standard, 21_900, Unknown),
];

/// All products, merchant-fulfilled ones first.
pub(super) fn skus() -> Vec<Arc<Sku>> {
    let fbm = FBM.iter().map(|row| (row, Fulfilment::Fbm));
    let fba = FBA.iter().map(|row| (row, Fulfilment::Fba));
    fbm.chain(fba).enumerate().map(|(index, (row, fulfilment))| Arc::new(sku(index, row, fulfilment))).collect()
}

fn sku(index: usize, row: &Row, fulfilment: Fulfilment) -> Sku {
    let (code, managed) = match row.code {
        Managed(code) => (Some(code.to_owned()), true),
        Known(code) => (Some(code.to_owned()), false),
        Unknown => (None, false),
    };
    Sku {
        sku: row.sku.to_owned(),
        asin: format!("B0SANDB{index:03}"),
        title: row.title.to_owned(),
        vat_class: row.class,
        category: category(row.sku),
        fulfilment,
        unit_price_minor: row.price,
        kashflow_product_code: code,
        stock_managed: managed && fulfilment == Fulfilment::Fbm,
        opening_stock: 1_000_000,
    }
}

/// By what the SKU begins with.
fn category(sku: &str) -> Category {
    const STARTS: [(&str, Category); 11] = [
        ("BOOK", Category::Media),
        ("FBA-ATLAS", Category::Media),
        ("FBA-COOKBOOK", Category::Media),
        ("CARSEAT", Category::Baby),
        ("ROMPER", Category::Baby),
        ("FBA-BIB", Category::Baby),
        ("G", Category::Clothing),
        ("LAMP", Category::Electronics),
        ("FBA-TORCH", Category::Electronics),
        ("SHELF", Category::Furniture),
        ("FBA-RUG", Category::Furniture),
    ];
    STARTS.iter().find(|(start, _)| sku.starts_with(start)).map_or(Category::Home, |(_, category)| *category)
}
