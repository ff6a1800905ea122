//! Rate cards of fees, and which product is charged at which of their rates.

use std::collections::BTreeMap;

use reconcile::{FEES_AMAZON_UK, FeeTable, Size};
use serde::Deserialize;

use super::EvidenceError;

/// What the audit of fees knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeKnowledge {
    /// Rate cards; of several the one that holds on the day counts.
    pub cards: Vec<FeeTable>,
    /// Products, by SKU or by the beginning of SKUs followed by `*`.
    products: BTreeMap<String, Product>,
}

/// A product as the rate card sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its category in the rate card.
    pub category: String,
    /// Sides of a packed unit in millimetres, in any order.
    #[serde(default)]
    sides_mm: Option<[u32; 3]>,
    /// Weight of a packed unit in grams.
    #[serde(default)]
    weight_g: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    cards: Vec<FeeTable>,
    #[serde(default)]
    products: BTreeMap<String, Product>,
}

impl FeeKnowledge {
    /// The rate card that is shipped, and no product: fees that were charged twice or not returned are found all the same.
    pub fn shipped() -> FeeKnowledge {
        // Read by a test of `reconcile` and by one of this module.
        FeeKnowledge { cards: toml::from_str(FEES_AMAZON_UK).into_iter().collect(), products: BTreeMap::new() }
    }

    /// A product by its SKU: its own entry, else the longest beginning that fits.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        let begins = || {
            let fitting = self.products.iter().filter_map(|(key, product)| Some((key.strip_suffix('*')?, product)));
            fitting.filter(|(begin, _)| sku.starts_with(begin)).max_by_key(|(begin, _)| begin.len())
        };
        self.products.get(sku).or_else(|| begins().map(|(_, product)| product))
    }
}

impl Product {
    /// Size and weight, if both are known.
    pub fn size(&self) -> Option<Size> {
        Some(Size { sides_mm: self.sides_mm?, weight_g: self.weight_g? })
    }
}

/// Reads a file of rate cards and products. Without cards of its own the shipped one holds.
///
/// # Errors
///
/// [`EvidenceError`] with the line that cannot be read.
pub fn fees(file: &str, bytes: &[u8]) -> Result<FeeKnowledge, Vec<EvidenceError>> {
    let wrong = |what: String, line: Option<u64>| {
        let error = EvidenceError::new(file, what, "docs/settlements.md shows what the file looks like");
        vec![match line {
            Some(line) => error.at(line),
            None => error,
        }]
    };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("the file is no UTF-8 text".to_owned(), None))?;
    let read: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        wrong(error.message().to_owned(), line)
    })?;
    let shipped = FeeKnowledge::shipped().cards;
    let cards = if read.cards.is_empty() { shipped } else { read.cards };
    for (sku, product) in &read.products {
        let known =
            |card: &FeeTable| card.referral.iter().any(|one| one.category.eq_ignore_ascii_case(&product.category));
        if !cards.iter().any(known) {
            let what = format!("`{}` of product {sku} is in no rate card", product.category);
            return Err(wrong(what, None));
        }
    }
    Ok(FeeKnowledge { cards, products: read.products })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_have_their_own_entry_or_the_longest_beginning_on_the_shipped_card() {
        let text = "[products.\"MUG*\"]\ncategory = \"home\"\n[products.\"MUG-XL*\"]\ncategory = \"computers\"\n\
                    sides_mm = [1, 2, 3]\nweight_g = 40\n";
        let known = fees("fees.toml", text.as_bytes()).expect("knowledge");
        assert_eq!(known.cards, FeeKnowledge::shipped().cards);
        assert_eq!(known.cards.len(), 1);
        assert_eq!(known.product("MUG-1").map(|product| &*product.category), Some("home"));
        assert_eq!(known.product("MUG-XL-2").and_then(Product::size).map(|size| size.weight_g), Some(40));
        assert_eq!(known.product("CUP"), None);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let error = &fees("fees.toml", b"\n[products.MUG]\nkategory = \"home\"\n").expect_err("an unknown key")[0];
        assert!(error.to_string().starts_with("fees.toml, line 3"), "{error}");
        let error = &fees("fees.toml", b"[products.MUG]\ncategory = \"hats\"\n").expect_err("no such category")[0];
        assert!(error.to_string().contains("`hats` of product MUG is in no rate card"), "{error}");
    }
}
