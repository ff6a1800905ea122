//! Whom a document is made out to: one customer for many buyers by default, so that no buyer data leaves the house.

use model::{Country, CustomerCode, CustomerDraft, Order, TradeBorder};
use money::Currency;
use sha2::{Digest, Sha256};

use crate::{CustomerMode, Policy, Problem, Treatment};

/// The customer of a document with this treatment.
pub(crate) fn customer(
    order: &Order,
    policy: &Policy,
    treatment: Treatment,
    currency: Currency,
) -> Result<CustomerDraft, Problem> {
    match policy.customers.mode {
        CustomerMode::Shared => shared(order, policy, treatment, currency),
        CustomerMode::PerBuyer => per_buyer(order, policy, currency),
    }
}

fn shared(order: &Order, policy: &Policy, treatment: Treatment, currency: Currency) -> Result<CustomerDraft, Problem> {
    let group =
        CustomerGroup { tax: TaxGroup::of(treatment), border: border(order.ship_to, order.ship_to_area.as_deref()) };
    group.customer(policy, &order.market.name, &order.market.short, order.market.currency, currency)
}

/// Buyers who share one customer of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CustomerGroup {
    pub(crate) tax: TaxGroup,
    /// A customer has one border in the books, so buyers in the EU and elsewhere cannot share one.
    pub(crate) border: TradeBorder,
}

/// VAT treatments that are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TaxGroup {
    #[default]
    OwnVat,
    NoVat,
    Exports,
    Collected,
    Outside,
}

impl TaxGroup {
    pub(crate) fn of(treatment: Treatment) -> TaxGroup {
        match treatment {
            Treatment::OwnVat { .. } => TaxGroup::OwnVat,
            Treatment::NotRegistered => TaxGroup::NoVat,
            Treatment::CollectedByMarketplace { role: crate::Role::SalesExport, .. } | Treatment::Export => {
                TaxGroup::Exports
            }
            Treatment::CollectedByMarketplace { .. } => TaxGroup::Collected,
            Treatment::OutsideScope { .. } => TaxGroup::Outside,
        }
    }

    /// The letters in codes and references.
    pub(crate) fn code(self) -> &'static str {
        match self {
            TaxGroup::OwnVat => "STD",
            TaxGroup::NoVat => "NOV",
            TaxGroup::Exports => "EXP",
            TaxGroup::Collected => "MKT",
            TaxGroup::Outside => "OSS",
        }
    }
}

impl CustomerGroup {
    /// The letters in codes and references: `STD`, `EXPEU`.
    pub(crate) fn code(self) -> String {
        let abroad = match self.border {
            TradeBorder::Domestic => "",
            TradeBorder::Eu => "EU",
            TradeBorder::RestOfWorld => "RW",
        };
        format!("{}{abroad}", self.tax.code())
    }

    /// The customer of the group on a site.
    pub(crate) fn customer(
        self,
        policy: &Policy,
        site: &str,
        short: &str,
        site_currency: Currency,
        currency: Currency,
    ) -> Result<CustomerDraft, Problem> {
        let words = match self.tax {
            TaxGroup::OwnVat => "",
            TaxGroup::NoVat => ", no VAT",
            TaxGroup::Exports => ", exports",
            TaxGroup::Collected => ", VAT collected by the marketplace",
            TaxGroup::Outside => ", outside UK VAT",
        };
        let place = match self.border {
            TradeBorder::Domestic => "",
            TradeBorder::Eu => " (EU)",
            TradeBorder::RestOfWorld => " (rest of the world)",
        };
        // A second currency of one marketplace is a second customer: a customer has one currency in the books.
        let foreign = if currency == site_currency { "" } else { currency.code() };
        let text = format!("{}{short}{foreign}{}", policy.customers.code_prefix, self.code());
        Ok(CustomerDraft {
            code: code(&text)?,
            name: format!("{site} customers{words}{place}"),
            currency,
            border: self.border,
            country: None,
            email: None,
            vat_number: None,
            address: None,
            shared: true,
        })
    }
}

fn per_buyer(order: &Order, policy: &Policy, currency: Currency) -> Result<CustomerDraft, Problem> {
    let buyer = order.buyer.as_ref().ok_or_else(|| {
        Problem::new(
            "no_buyer_data",
            "buyer",
            "Customers are kept per buyer, but this order carries no buyer data.",
            "Set [amazon] buyer_data = \"contacts\" and authorise the role for it, or use shared customers in the mapping.",
        )
    })?;
    // The relay address is the one thing that stays the same for a buyer; without it the order stands for itself.
    let identity = buyer
        .email
        .as_deref()
        .map(str::trim)
        .filter(|email| !email.is_empty())
        .map_or_else(|| order.id.to_string(), str::to_ascii_lowercase);
    let name = buyer.company.as_deref().or(buyer.name.as_deref()).map(str::trim).filter(|name| !name.is_empty());
    let text = format!("{}{}", policy.customers.code_prefix, base32(&identity, 9));
    Ok(CustomerDraft {
        code: code(&text)?,
        name: name.unwrap_or("Amazon buyer").to_owned(),
        currency,
        border: border(order.ship_to, order.ship_to_area.as_deref()),
        country: order.ship_to,
        email: buyer.email.clone(),
        vat_number: buyer.vat_number.clone(),
        address: buyer.address.clone(),
        shared: false,
    })
}

/// The border that an address lies behind. An unknown one is domestic.
pub(crate) fn border(ship_to: Option<Country>, area: Option<&str>) -> TradeBorder {
    match ship_to {
        Some(country) if country.uk_part(area).is_some() => TradeBorder::Domestic,
        Some(country) if country.is_eu_vat() => TradeBorder::Eu,
        Some(_) => TradeBorder::RestOfWorld,
        None => TradeBorder::Domestic,
    }
}

fn code(text: &str) -> Result<CustomerCode, Problem> {
    CustomerCode::parse(text).map_err(|_| {
        Problem::new(
            "bad_customer_code",
            "customers.code_prefix",
            format!("`{text}` cannot be a customer code: KashFlow takes letters and digits only."),
            "Correct customers.code_prefix in the mapping.",
        )
    })
}

/// The first `length` characters (five bits each) of a hash: letters and digits that a person cannot mistake.
fn base32(text: &str, length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(16).fold(0_u128, |number, &byte| (number << 8) | u128::from(byte));
    (0..length).map(|place| char::from(ALPHABET[((number >> (5 * place)) & 31) as usize])).collect()
}
