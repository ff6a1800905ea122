//! Who billed a fee, in which series of tax invoices.

use model::{Country, CustomerCode, SupplierDraft, TradeBorder};
use money::Currency;

use super::rules::Rules;
use super::vocabulary::Category;
use crate::Problem;

/// Series of Amazon's tax invoices: bills tie one to one to the Tax Document Library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// Selling fees, subscription, programmes.
    Selling,
    /// Fulfilment, storage, removal, inbound, preparation.
    Fba,
    /// Advertising.
    Advertising,
    /// Labels and carriage.
    Shipping,
}

impl Series {
    /// Every series.
    pub const ALL: [Series; 4] = [Series::Selling, Series::Fba, Series::Advertising, Series::Shipping];

    /// The word in mappings and references.
    pub fn as_str(self) -> &'static str {
        match self {
            Series::Selling => "selling",
            Series::Fba => "fba",
            Series::Advertising => "advertising",
            Series::Shipping => "shipping",
        }
    }

    pub(crate) fn of(category: Category) -> Series {
        match category {
            Category::FbaFee
            | Category::StorageFee
            | Category::RemovalFee
            | Category::InboundFee
            | Category::ImportDuty
            | Category::PrepFee => Series::Fba,
            Category::Advertising => Series::Advertising,
            Category::ShippingLabel | Category::RefundShipping => Series::Shipping,
            _ => Series::Selling,
        }
    }
}

/// Which company of Amazon bills (accounting rules §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Company {
    /// The UK branch, which charges UK VAT.
    UkBranch,
    /// Luxembourg, to sellers outside the UK.
    Luxembourg,
    /// The contract of before August 2024.
    LuxembourgBefore,
    /// Through an establishment in the EU, or on terms with local VAT.
    Eu,
    /// UK advertising.
    AdvertisingUk,
    /// EU advertising.
    AdvertisingEu,
    /// The company of a site elsewhere.
    Us,
    /// As above.
    World,
}

impl Company {
    fn name_code_country(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Company::UkBranch => ("Amazon EU SARL, UK Branch", "AMZUKBRANCH", Some("GB")),
            Company::Luxembourg => ("Amazon EU SARL (Luxembourg)", "AMZEULUX", Some("LU")),
            Company::LuxembourgBefore => ("Amazon Services Europe S.a r.l.", "AMZSERVEU", Some("LU")),
            Company::Eu => ("Amazon EU SARL", "AMZEU", Some("LU")),
            Company::AdvertisingUk => ("Amazon advertising (UK)", "AMZADSUK", Some("GB")),
            Company::AdvertisingEu => ("Amazon advertising (EU)", "AMZADSEU", Some("LU")),
            Company::Us => ("Amazon.com Services LLC", "AMZUS", Some("US")),
            Company::World => ("Amazon (outside the UK and the EU)", "AMZWORLD", None),
        }
    }

    /// The supplier that the books should hold.
    pub(crate) fn supplier(self, series: Series, currency: Currency, rules: &Rules) -> Result<SupplierDraft, Problem> {
        let (name, code, country) = self.name_code_country();
        let own = rules.suppliers.get(&series);
        let home = rules.policy.seller.home;
        // A supplier has one currency in the books, so another currency is another supplier.
        let suffix = if currency == home { "" } else { currency.code() };
        let code = match own.and_then(|own| own.code.clone()) {
            Some(code) => code,
            None => format!("{code}{suffix}"),
        };
        let country = country.and_then(|country| Country::parse(country).ok());
        let border = match country {
            Some(country) if country == Country::GB => TradeBorder::Domestic,
            Some(country) if country.is_eu_vat() => TradeBorder::Eu,
            _ => TradeBorder::RestOfWorld,
        };
        let code = CustomerCode::parse(&code).map_err(|_| {
            Problem::new(
                "bad_supplier_code",
                format!("suppliers.{}", series.as_str()),
                format!(
                    "`{code}` cannot be a supplier code: KashFlow takes letters and digits only. Nothing is posted."
                ),
                "Correct the supplier's code in the mapping.",
            )
        })?;
        let name = own.and_then(|own| own.name.clone()).unwrap_or_else(|| name.to_owned());
        Ok(SupplierDraft { code, name, currency, border, country })
    }
}
