//! From a mapping to the core's rules for settlements.

use std::collections::BTreeMap;

use bookkeeping::settlement::vocabulary::{OwnRule, OwnVat, Vocabulary};
use bookkeeping::settlement::{
    Chargebacks, DeferredOn, FeeForm, LoanSplit, Method, Mode, Oss, Periods, Rules, Series, Stock, SupplierChoice,
    VatJournals,
};
use bookkeeping::{Problem, Role};
use jiff::civil::Date;
use mapping::Mapping;
use money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::{Reference, policy};

/// First and last year for which the ends of VAT periods are named.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Joins mapping and books, as [`policy`] does, and adds what settlements need. `mode` goes before that of the mapping.
///
/// # Errors
///
/// [`Problem`]s: accounts that the books do not have.
pub fn rules(mapping: &Mapping, reference: &Reference, mode: Option<Mode>) -> Result<Rules, Vec<Problem>> {
    let own = &mapping.settlements;
    let home = mapping.seller.home_currency;
    Ok(Rules {
        mode: mode.unwrap_or_else(|| mode_of(&own.mode)),
        vocabulary: vocabulary(mapping),
        fees: own.fees.as_deref().map(|form| if form == "bank" { FeeForm::Bank } else { FeeForm::Bill }),
        method: if own.method == "bank" { Method::DirectBank } else { Method::Clearing },
        deferred: if own.deferred == "clearing" { DeferredOn::Clearing } else { DeferredOn::OwnAccount },
        chargebacks: if own.chargebacks == "bad_debt" { Chargebacks::BadDebt } else { Chargebacks::CreditNote },
        periods: periods(mapping),
        journals: VatJournals { flat_rate: mapping.vat.flat_rate_journal, ..VatJournals::default() },
        eu_establishment: mapping.seller.eu_establishment,
        oss: mapping.vat.oss.union.then(|| Oss { from: mapping.vat.oss.from, rates: mapping.vat.oss.rates.clone() }),
        stock: stock(mapping),
        sites: own.sites.clone(),
        suppliers: suppliers(mapping),
        loans: own.loans.iter().filter_map(|loan| split(loan, home)).collect(),
        short_invoices: own.short_invoices,
        vat_tolerance_minor: minor(own.vat_tolerance, home),
        ..Rules::new(policy(mapping, reference)?)
    })
}

/// Reads the word of a mapping or of a command; anything else was refused before.
fn mode_of(word: &str) -> Mode {
    match word {
        "daily" => Mode::Daily,
        "settlement" => Mode::Settlement,
        _ => Mode::PerOrder,
    }
}

/// The owner's words for rows, and what was confirmed.
pub fn vocabulary(mapping: &Mapping) -> Vocabulary {
    let own = mapping.settlements.rules.iter().filter_map(|rule| {
        Some(OwnRule {
            kind: rule.transaction_type.clone(),
            class: rule.amount_type.clone(),
            name: rule.amount_description.clone(),
            role: Role::parse(rule.role.as_deref()?)?,
            vat: match rule.vat.as_str() {
                "standard" => OwnVat::Standard,
                "zero" => OwnVat::Zero,
                "reverse_charge" => OwnVat::ReverseCharge,
                _ => OwnVat::None,
            },
        })
    });
    Vocabulary { own: own.collect(), confirmed: mapping.settlements.confirmed.iter().cloned().collect() }
}

fn periods(mapping: &Mapping) -> Periods {
    let months = i8::try_from(mapping.vat.period_months).unwrap_or(3).max(1);
    let ends = i8::try_from(mapping.vat.period_ends).unwrap_or(3);
    let all = YEARS.flat_map(|year| (1..=12).filter_map(move |month| Date::new(year, month, 1).ok()));
    let of_period = all.filter(|day| (day.month() - ends).rem_euclid(months) == 0).map(Date::last_of_month);
    Periods {
        split_months: mapping.settlements.split_months,
        // Each VAT period ends with a month, so they are among the ends of months.
        vat_period_ends: if mapping.settlements.split_months { Vec::new() } else { of_period.collect() },
        locked_until: mapping.settlements.locked_until,
    }
}

fn stock(mapping: &Mapping) -> Stock {
    let home = mapping.seller.home_currency;
    let costs = mapping.stock.costs.iter().map(|(sku, cost)| {
        let dated = cost.0.iter().map(|dated| (dated.from, Money::new(minor(dated.cost, home), home)));
        (sku.clone(), dated.collect())
    });
    Stock { perpetual: mapping.stock.perpetual, costs: costs.collect(), places: mapping.stock.places.clone() }
}

fn suppliers(mapping: &Mapping) -> BTreeMap<Series, SupplierChoice> {
    let chosen = Series::ALL.into_iter().filter_map(|series| {
        let supplier = mapping.suppliers.get(series.as_str())?;
        Some((series, SupplierChoice { code: supplier.code.clone(), name: supplier.name.clone() }))
    });
    chosen.collect()
}

fn split(loan: &mapping::Loan, home: Currency) -> Option<LoanSplit> {
    let part = |part: Option<Decimal>| part.map(|part| Money::new(minor(part, home), home));
    Some(LoanSplit { on: loan.paid_on, principal: part(loan.principal)?, interest: part(loan.interest)? })
}

/// Minor units of an amount whose decimals were checked when the mapping was read.
fn minor(amount: Decimal, currency: Currency) -> i64 {
    (amount * Decimal::from(currency.minor_per_major())).to_i64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn mapping_and_core_have_the_same_roles() {
        let of_mapping: BTreeSet<&str> = mapping::ROLES.iter().map(|role| role.word).collect();
        let of_core: BTreeSet<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        assert_eq!(of_mapping, of_core);
    }

    #[test]
    fn vat_periods_end_where_the_owner_says_although_months_are_not_split() {
        let text =
            "[[vat.schemes]]\nscheme = \"standard\"\n[vat]\nperiod_ends = 2\n[settlements]\nsplit_months = false\n";
        let profile = Mapping::parse_profile(text).expect("a profile");
        let ends = rules(&profile, &Reference::default(), None).expect("rules").periods.vat_period_ends;
        let in_2025: Vec<String> = ends.iter().filter(|day| day.year() == 2025).map(ToString::to_string).collect();
        assert_eq!(in_2025, ["2025-02-28", "2025-05-31", "2025-08-31", "2025-11-30"]);
    }
}
