//! Accounts by role: code addresses roles, the owner says which nominal code each has.

use std::collections::BTreeMap;

use model::NominalCode;
use serde::{Deserialize, Serialize};

/// What an amount is, as far as the chart of accounts cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Sales with the seller's own VAT.
    Sales,
    /// Sales whose VAT the marketplace collects.
    SalesMkt,
    /// Exports and sales outside the UK.
    SalesExport,
    /// Sales under the EU One-Stop Shop.
    SalesOss,
    /// Delivery charged to buyers.
    ShipInc,
    /// Gift wrap charged to buyers.
    GiftInc,
    /// Promotions borne by the seller.
    Promo,
    /// Pennies of conversion.
    Rounding,
}

impl Role {
    /// Every role of sales documents.
    pub const ALL: [Role; 8] = [
        Role::Sales,
        Role::SalesMkt,
        Role::SalesExport,
        Role::SalesOss,
        Role::ShipInc,
        Role::GiftInc,
        Role::Promo,
        Role::Rounding,
    ];

    /// The word in mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Sales => "SALES",
            Role::SalesMkt => "SALES_MKT",
            Role::SalesExport => "SALES_EXPORT",
            Role::SalesOss => "SALES_OSS",
            Role::ShipInc => "SHIP_INC",
            Role::GiftInc => "GIFT_INC",
            Role::Promo => "PROMO",
            Role::Rounding => "ROUNDING",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Which nominal code a role has; a product's own wins over its marketplace's, that over the general one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// For everything.
    pub general: BTreeMap<Role, NominalCode>,
    /// By the marketplace's short code (`DE`).
    pub by_marketplace: BTreeMap<String, BTreeMap<Role, NominalCode>>,
    /// By SKU.
    pub by_product: BTreeMap<String, BTreeMap<Role, NominalCode>>,
}

impl Accounts {
    /// The account of `role` for a product on a marketplace.
    pub fn find(&self, role: Role, marketplace: &str, sku: Option<&str>) -> Option<NominalCode> {
        let of_product = sku.and_then(|sku| self.by_product.get(sku)?.get(&role));
        let of_marketplace = || self.by_marketplace.get(marketplace)?.get(&role);
        of_product.or_else(of_marketplace).or_else(|| self.general.get(&role)).copied()
    }
}
