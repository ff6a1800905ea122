//! VAT of Amazon's fees: who bills, and what VAT falls on a row (accounting rules §6).
//!
//! It depends on the family of the fee, the day, where the seller is established, the site, and for fulfilment where the parcel went.

use jiff::civil::{Date, date};
use model::{Country, VatRate};
use rust_decimal::Decimal;

use super::market::{Site, Zone};
use super::rules::Rules;
use super::supplier::Company;
use super::words::{Fee, FeeKind};
use crate::vat::{inside, of_whole};

/// From this day Amazon's UK branch bills sellers established in the UK.
const UK_BRANCH_SINCE: Date = date(2024, 8, 1);
const UK_PERCENT: u32 = 20;

/// How a row of a fee is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeePlan {
    pub(crate) company: Company,
    pub(crate) rate: FeeRate,
}

/// What VAT falls on a row of a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeeRate {
    /// 20 % contained.
    Contained,
    /// Zero-rated.
    Zero,
    /// Reverse charge.
    Reverse,
    /// No VAT, or VAT that is part of the cost.
    Cost,
    /// The row is net; its VAT has a row of its own.
    Net,
    /// The row is VAT.
    Tax,
}

impl FeeRate {
    /// Net and VAT of a row, with its sign.
    pub(crate) fn split(self, minor: i64) -> (i64, i64) {
        match self {
            FeeRate::Contained => {
                let vat = inside(minor, UK_PERCENT);
                (minor - vat, vat)
            }
            FeeRate::Tax => (0, minor),
            FeeRate::Zero | FeeRate::Reverse | FeeRate::Cost | FeeRate::Net => (minor, 0),
        }
    }

    /// The VAT that the customer accounts for, of a net amount in home currency.
    pub(crate) fn reverse_charge(self, net: i64) -> i64 {
        if self == FeeRate::Reverse { of_whole(net, i64::from(UK_PERCENT), 100) } else { 0 }
    }

    /// The rate on its line. That of the two-row layout is known only when all its rows are.
    pub(crate) fn on_line(self) -> VatRate {
        match self {
            FeeRate::Contained | FeeRate::Net | FeeRate::Tax => VatRate::Percent(Decimal::from(UK_PERCENT)),
            FeeRate::Zero => VatRate::Percent(Decimal::ZERO),
            FeeRate::Reverse => VatRate::ReverseCharge,
            FeeRate::Cost => VatRate::NoVat,
        }
    }
}

/// How a fee is posted, or `None` if it is not known where the parcel went and that decides.
pub(crate) fn plan(
    rules: &Rules,
    on: Date,
    site: &Site,
    fee: Fee,
    from: Country,
    to: Option<Country>,
) -> Option<FeePlan> {
    let scheme = rules.policy.seller.vat.on(on);
    let (company, rate) = charged(rules, on, site, fee.kind, from, to)?;
    let rate = match (fee.kind, rate) {
        // The owner's rule says what the row is, whoever bills it.
        (FeeKind::Zero, _) => FeeRate::Zero,
        (FeeKind::Reverse, _) => FeeRate::Reverse,
        // A VAT row is VAT that was charged, whatever we would have expected.
        (FeeKind::Tax, _) => FeeRate::Tax,
        (FeeKind::Net, FeeRate::Contained | FeeRate::Zero) => FeeRate::Net,
        (_, rate) => rate,
    };
    let rate = match rate {
        FeeRate::Reverse if scheme.is_registered() => FeeRate::Reverse,
        rate if scheme.reclaims() => rate,
        _ => FeeRate::Cost,
    };
    Some(FeePlan { company, rate })
}

fn charged(
    rules: &Rules,
    on: Date,
    site: &Site,
    kind: FeeKind,
    from: Country,
    to: Option<Country>,
) -> Option<(Company, FeeRate)> {
    let uk = rules.policy.seller.established.uk_part(None).is_some();
    if site.zone == Zone::World {
        let company = if site.short == "US" { Company::Us } else { Company::World };
        return Some((company, if uk { FeeRate::Reverse } else { FeeRate::Cost }));
    }
    let before = on < UK_BRANCH_SINCE;
    if !uk {
        return Some((if before { Company::LuxembourgBefore } else { Company::Luxembourg }, FeeRate::Cost));
    }
    if rules.eu_establishment && from.is_eu_vat() {
        return Some((Company::Eu, FeeRate::Cost));
    }
    Some(match (kind, site.zone) {
        (FeeKind::Advertising, Zone::Uk) => (Company::AdvertisingUk, FeeRate::Contained),
        (FeeKind::Advertising, _) => (Company::AdvertisingEu, FeeRate::Reverse),
        _ if before => (Company::LuxembourgBefore, FeeRate::Reverse),
        (_, Zone::LocalVat) => (Company::Eu, FeeRate::Cost),
        (FeeKind::Fulfilment, zone) => {
            let in_uk = |country: Country| country.uk_part(None).is_some();
            match to {
                Some(to) if in_uk(from) && in_uk(to) => (Company::UkBranch, FeeRate::Contained),
                Some(_) => (Company::UkBranch, FeeRate::Zero),
                None if !in_uk(from) => (Company::UkBranch, FeeRate::Zero),
                None if zone == Zone::Uk => (Company::UkBranch, FeeRate::Contained),
                None => return None,
            }
        }
        _ => (Company::UkBranch, FeeRate::Contained),
    })
}
