//! What Amazon charges. Figures are invented; their shape is Amazon's: a percentage by category, a closing fee for media, a fulfilment
//! fee per unit, two per cent of each for digital services in the countries that tax them, and UK VAT on top.

use super::{half_up, inside};
use crate::world::{Category, Marketplace, Sku};

/// VAT that Amazon's UK branch adds, in per cent.
const VAT_PERCENT: i64 = 20;
/// The most Amazon keeps of the referral fee of a refund, with VAT.
const REFUND_FEE_MAX: i64 = 6_00;
/// Closing fee of a unit of media, without VAT.
const CLOSING: i64 = 50;

/// A fee: what is charged, and the VAT inside it. Both above nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fee {
    pub(super) gross: i64,
    pub(super) vat: i64,
}

impl Fee {
    /// A fee of `net` with UK VAT on top.
    pub(super) fn with_vat(net: i64) -> Fee {
        let vat = half_up(net * VAT_PERCENT, 100);
        Fee { gross: net + vat, vat }
    }

    /// A fee that contains UK VAT.
    pub(super) fn containing_vat(gross: i64) -> Fee {
        Fee { gross, vat: inside(gross, VAT_PERCENT) }
    }

    /// A fee without VAT.
    pub(super) fn zero_rated(gross: i64) -> Fee {
        Fee { gross, vat: 0 }
    }
}

/// Referral fee on what the buyer paid for a line, in any of its parcels.
pub(super) fn referral(sku: &Sku, paid: i64) -> Fee {
    let per_mille = match sku.category {
        Category::Home | Category::Media | Category::Furniture => 150,
        Category::Baby | Category::Clothing => 80,
        Category::Electronics => 70,
    };
    if paid <= 0 { Fee::default() } else { Fee::with_vat(half_up(paid * per_mille, 1000).max(25)) }
}

/// Closing fee of units of a line.
pub(super) fn closing(sku: &Sku, units: u32) -> Fee {
    match sku.category {
        Category::Media => Fee::with_vat(CLOSING * i64::from(units)),
        _ => Fee::default(),
    }
}

/// Fulfilment of units of a line, by size (prices stand in for it). Parcels that leave the UK cost more and are zero-rated.
pub(super) fn fulfilment(sku: &Sku, units: u32, within_uk: bool) -> Fee {
    let net = (2_29 + sku.unit_price_minor / 40).min(9_50);
    if within_uk { Fee::with_vat(net * i64::from(units)) } else { Fee::zero_rated((net + 2_10) * i64::from(units)) }
}

/// Whether Amazon passes a digital services tax on to sellers on this site.
pub(super) fn has_digital_services_fee(marketplace: &Marketplace) -> bool {
    matches!(marketplace.country, "GB" | "FR")
}

/// Two per cent of a fee, with VAT where that has VAT.
pub(super) fn digital_services(of: Fee) -> Fee {
    let net = half_up((of.gross - of.vat) * 2, 100);
    if of.vat == 0 { Fee::zero_rated(net) } else { Fee::with_vat(net) }
}

/// What Amazon keeps of a referral fee that it gives back: a fifth, up to a maximum.
pub(super) fn refund_administration(returned: i64) -> Fee {
    Fee::containing_vat(half_up(returned, 5).min(REFUND_FEE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_on_top_is_the_vat_inside() {
        for net in 0..5_000 {
            let fee = Fee::with_vat(net);
            assert_eq!(fee, Fee::containing_vat(fee.gross), "{net}");
        }
    }

    #[test]
    fn amazon_keeps_a_fifth_of_a_returned_fee_up_to_its_maximum() {
        assert_eq!(refund_administration(4_40), Fee { gross: 88, vat: 15 });
        assert_eq!(refund_administration(60_00).gross, 6_00);
    }
}
