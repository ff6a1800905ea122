//! UK VAT: arithmetic (VAT Notice 700 §17.5: half up, per line) and the decision table of a sale.

use jiff::civil::Date;
use model::{Country, MarketplaceTax, UkPart, VatRate};
use money::Money;
use serde::{Deserialize, Serialize};

use crate::{Problem, Role, Seller};

/// VAT class of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VatClass {
    /// Standard rate, 20 %.
    #[serde(rename = "20")]
    Standard,
    /// Reduced rate, 5 %.
    #[serde(rename = "5")]
    Reduced,
    /// Zero rate: taxable at 0 %.
    #[serde(rename = "0")]
    Zero,
    /// Exempt.
    #[serde(rename = "exempt")]
    Exempt,
}

impl VatClass {
    /// The percentage inside prices: 0 for zero-rated and exempt.
    pub fn percent(self) -> u32 {
        match self {
            VatClass::Standard => 20,
            VatClass::Reduced => 5,
            VatClass::Zero | VatClass::Exempt => 0,
        }
    }

    /// The rate on a document line.
    pub fn rate(self) -> VatRate {
        match self {
            VatClass::Exempt => VatRate::Exempt,
            taxable => VatRate::Percent(taxable.percent().into()),
        }
    }

    /// The class that a document line was posted with; `None` for what is outside the domestic classes.
    pub fn of_rate(rate: VatRate) -> Option<VatClass> {
        [VatClass::Standard, VatClass::Reduced, VatClass::Zero, VatClass::Exempt]
            .into_iter()
            .find(|class| class.rate() == rate)
    }

    /// Reads `20`, `5`, `0` or `exempt`.
    pub fn parse(word: &str) -> Option<VatClass> {
        match word {
            "20" => Some(VatClass::Standard),
            "5" => Some(VatClass::Reduced),
            "0" => Some(VatClass::Zero),
            "exempt" => Some(VatClass::Exempt),
            _ => None,
        }
    }
}

/// The VAT inside `gross` at `percent`: `gross × r / (100 + r)`, rounded half away from zero.
///
/// Half up and not down: a retailer may not round down only (Notice 700 §17.6, manual VATREC12010).
pub fn vat_inside(gross: Money, percent: u32) -> Money {
    Money::new(inside(gross.minor(), percent), gross.currency())
}

/// As [`vat_inside`], in minor units. The VAT is smaller than the gross, so it always fits.
pub(crate) fn inside(gross: i64, percent: u32) -> i64 {
    of_whole(gross, i64::from(percent), 100 + i64::from(percent))
}

/// `amount` × `part` ÷ `whole`, rounded half away from zero. `whole` is above zero and `part` not above it.
pub(crate) fn of_whole(amount: i64, part: i64, whole: i64) -> i64 {
    let (part, whole) = (u128::from(part.unsigned_abs()), u128::from(whole.unsigned_abs()).max(1));
    let doubled = 2 * u128::from(amount.unsigned_abs()) * part + whole;
    let share = i64::try_from(doubled / (2 * whole)).unwrap_or(i64::MAX);
    if amount < 0 { -share } else { share }
}

/// How a sale is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// The seller's own VAT at the product's class. `alarm`: the marketplace withheld VAT that is not its to collect.
    OwnVat {
        /// Row 0 of the table.
        alarm: bool,
    },
    /// The marketplace accounts for the tax; the seller's revenue is the price less that tax.
    CollectedByMarketplace {
        /// Where the revenue goes.
        role: Role,
        /// `true`: zero-rated supply (Box 6); `false`: outside the scope of UK VAT.
        zero_rated: bool,
    },
    /// The seller is not registered: no VAT.
    NotRegistered,
    /// Zero-rated export with evidence.
    Export,
    /// Outside the scope of UK VAT; local VAT or One-Stop Shop.
    OutsideScope {
        /// Where the revenue goes.
        role: Role,
    },
}

/// Where goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) from: Country,
    pub(crate) from_part: Option<UkPart>,
    pub(crate) to: Country,
    pub(crate) to_part: Option<UkPart>,
}

/// The decision table of UK sales, first hit wins (accounting rules §5, rows 0 to 7).
pub(crate) fn treatment(
    seller: &Seller,
    on: Date,
    route: Route,
    withheld: Option<MarketplaceTax>,
    path: &str,
) -> Result<Treatment, Problem> {
    let from_uk = route.from_part.is_some();
    let to_uk = route.to_part.is_some();
    let established_in_uk = seller.established.uk_part(None).is_some();
    if withheld.is_some() {
        return Ok(match (from_uk, to_uk) {
            (true, true) if established_in_uk => Treatment::OwnVat { alarm: true },
            (true, true) => Treatment::CollectedByMarketplace { role: Role::SalesMkt, zero_rated: true },
            (true, false) => Treatment::CollectedByMarketplace { role: Role::SalesExport, zero_rated: true },
            (false, true) => Treatment::CollectedByMarketplace { role: Role::SalesMkt, zero_rated: false },
            (false, false) => Treatment::CollectedByMarketplace { role: Role::SalesExport, zero_rated: false },
        });
    }
    if !seller.vat.on(on).is_registered() {
        return Ok(Treatment::NotRegistered);
    }
    match (route.from_part, to_uk) {
        (Some(_), true) => Ok(Treatment::OwnVat { alarm: false }),
        (Some(UkPart::NorthernIreland), false) if route.to.is_eu_vat() => Err(Problem::new(
            "northern_ireland_to_eu",
            path,
            "Goods sent from Northern Ireland to an EU consumer fall under Union OSS or local VAT rules (Windsor Framework). Nothing is posted for this order.",
            "Ask your accountant which VAT applies and post this sale by hand, then close this item.",
        )),
        (Some(_), false) => Ok(Treatment::Export),
        (None, _) if route.from.is_eu_vat() => Ok(Treatment::OutsideScope { role: Role::SalesOss }),
        (None, true) => Err(Problem::new(
            "import_over_135",
            path,
            "Goods sent from outside the UK and the EU to a UK buyer, and Amazon collected no VAT: import rules apply and depend on who is the importer of record. Nothing is posted for this order.",
            "Ask your accountant who the importer of record is and post this sale by hand, then close this item.",
        )),
        (None, false) => Ok(Treatment::OutsideScope { role: Role::SalesExport }),
    }
}

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::*;
    use crate::{VatHistory, VatScheme};

    fn gbp(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    #[test]
    fn vat_is_rounded_half_up_per_line() {
        assert_eq!(vat_inside(gbp(9_99), 20), gbp(1_67)); // 1.665
        assert_eq!(vat_inside(gbp(-9_99), 20), gbp(-1_67));
        assert_eq!(vat_inside(gbp(84_00), 5), gbp(4_00));
        assert_eq!(vat_inside(gbp(12_99), 0), gbp(0));
    }

    fn seller() -> Seller {
        Seller {
            established: Country::GB,
            vat: VatHistory::always(VatScheme::Standard),
            vcs: crate::Vcs::Detect,
            vcs_from: None,
            ship_from: Country::GB,
            ship_from_part: UkPart::GreatBritain,
            home: Currency::GBP,
            export_evidence_kept: true,
        }
    }

    fn route(from: &str, to: &str, to_area: Option<&str>) -> Route {
        let (from, to) = (Country::parse(from).unwrap(), Country::parse(to).unwrap());
        Route { from, from_part: from.uk_part(None), to, to_part: to.uk_part(to_area) }
    }

    fn decide(seller: &Seller, route: Route, withheld: bool) -> Result<Treatment, String> {
        treatment(
            seller,
            jiff::civil::date(2026, 11, 5),
            route,
            withheld.then_some(MarketplaceTax { scheme: None }),
            "$",
        )
        .map_err(|problem| problem.code)
    }

    #[test]
    fn the_decision_table_row_by_row() {
        let uk = seller();
        let overseas = Seller { established: Country::parse("CN").unwrap(), ..seller() };
        let small = Seller { vat: VatHistory::always(VatScheme::NotRegistered), ..seller() };
        assert_eq!(decide(&uk, route("GB", "GB", None), true), Ok(Treatment::OwnVat { alarm: true }));
        let deemed = Treatment::CollectedByMarketplace { role: Role::SalesMkt, zero_rated: true };
        assert_eq!(decide(&overseas, route("GB", "GB", None), true), Ok(deemed));
        let import = Treatment::CollectedByMarketplace { role: Role::SalesMkt, zero_rated: false };
        assert_eq!(decide(&uk, route("CN", "GB", None), true), Ok(import));
        let export = Treatment::CollectedByMarketplace { role: Role::SalesExport, zero_rated: true };
        assert_eq!(decide(&uk, route("GB", "FR", None), true), Ok(export));
        assert_eq!(decide(&small, route("GB", "GB", None), false), Ok(Treatment::NotRegistered));
        assert_eq!(decide(&uk, route("GB", "GB", Some("BT1")), false), Ok(Treatment::OwnVat { alarm: false }));
        assert_eq!(decide(&uk, route("GB", "IM", None), false), Ok(Treatment::OwnVat { alarm: false }));
        assert_eq!(decide(&uk, route("GB", "JE", None), false), Ok(Treatment::Export));
        assert_eq!(decide(&uk, route("GB", "US", None), false), Ok(Treatment::Export));
        assert_eq!(decide(&uk, route("DE", "AT", None), false), Ok(Treatment::OutsideScope { role: Role::SalesOss }));
        assert_eq!(decide(&uk, route("CN", "GB", None), false), Err("import_over_135".to_owned()));
        let irish = Route { from_part: Some(UkPart::NorthernIreland), ..route("GB", "IE", None) };
        assert_eq!(decide(&uk, irish, false), Err("northern_ireland_to_eu".to_owned()));
    }
}
