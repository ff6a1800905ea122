//! The sites of Amazon by the name that settlements use.
//!
//! A row of a whole account carries no site; then the currency tells which one its terms are from. A name that is not here makes its
//! rows wait, since VAT depends on the country.

use std::collections::BTreeMap;

use model::Country;
use money::Currency;

/// Terms on which a site bills a seller established in the UK (accounting rules §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// The UK site.
    Uk,
    /// A site of the EU whose fees carry UK VAT for a UK seller.
    Eu,
    /// A site whose fees carry local VAT (Poland, Türkiye).
    LocalVat,
    /// A site of another Amazon company.
    World,
}

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Name in settlements: `Amazon.co.uk`.
    pub name: String,
    /// Short code for accounts and customers: `UK`.
    pub short: String,
    /// The country it sells to, unless the site stands for several.
    pub country: Option<Country>,
    /// On which terms it bills.
    pub zone: Zone,
    /// The currency it sells in.
    pub currency: Currency,
}

/// Name, short code, country, zone, currency.
const SITES: &[(&str, &str, &str, Zone, &str)] = &[
    ("Amazon.co.uk", "UK", "GB", Zone::Uk, "GBP"),
    ("Amazon.de", "DE", "DE", Zone::Eu, "EUR"),
    ("Amazon.fr", "FR", "FR", Zone::Eu, "EUR"),
    ("Amazon.it", "IT", "IT", Zone::Eu, "EUR"),
    ("Amazon.es", "ES", "ES", Zone::Eu, "EUR"),
    ("Amazon.nl", "NL", "NL", Zone::Eu, "EUR"),
    ("Amazon.com.be", "BE", "BE", Zone::Eu, "EUR"),
    ("Amazon.ie", "IE", "IE", Zone::Eu, "EUR"),
    ("Amazon.se", "SE", "SE", Zone::Eu, "SEK"),
    ("Amazon.pl", "PL", "PL", Zone::LocalVat, "PLN"),
    ("Amazon.com.tr", "TR", "TR", Zone::LocalVat, "TRY"),
    ("Amazon.com", "US", "US", Zone::World, "USD"),
    ("Amazon.ca", "CA", "CA", Zone::World, "CAD"),
    ("Amazon.com.mx", "MX", "MX", Zone::World, "MXN"),
    ("Amazon.com.br", "BR", "BR", Zone::World, "BRL"),
    ("Amazon.com.au", "AU", "AU", Zone::World, "AUD"),
    ("Amazon.co.jp", "JP", "JP", Zone::World, "JPY"),
    ("Amazon.sg", "SG", "SG", Zone::World, "SGD"),
    ("Amazon.in", "IN", "IN", Zone::World, "INR"),
    ("Amazon.ae", "AE", "AE", Zone::World, "AED"),
    ("Amazon.sa", "SA", "SA", Zone::World, "SAR"),
    ("Amazon.eg", "EG", "EG", Zone::World, "EGP"),
    ("Amazon.co.za", "ZA", "ZA", Zone::World, "ZAR"),
];

/// The site with this name; `own` are names that the owner added, with their country.
pub(crate) fn site(name: &str, currency: Currency, own: &BTreeMap<String, Country>) -> Option<Site> {
    let name = name.trim();
    if let Some((_, country)) = own.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some(of_country(name, *country, currency));
    }
    // Multi-channel orders of other shops carry such names; they are on the terms of the settlement's own site.
    let elsewhere = name.to_ascii_lowercase().starts_with("non-amazon") || name.ends_with("Prod Marketplace");
    if name.is_empty() || elsewhere {
        return Some(of_currency(currency));
    }
    SITES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)).and_then(known)
}

/// The site that rows without a site belong to.
fn of_currency(currency: Currency) -> Site {
    // Several sites sell in euros, so the currency does not tell which.
    let euro =
        || Site { name: "Amazon EU".to_owned(), short: "EU".to_owned(), country: None, zone: Zone::Eu, currency };
    let own = || SITES.iter().find(|(.., own)| *own == currency.code()).and_then(known);
    if currency == Currency::EUR { euro() } else { own().unwrap_or_else(euro) }
}

fn of_country(name: &str, country: Country, currency: Currency) -> Site {
    let zone = SITES
        .iter()
        .find(|(_, _, code, ..)| *code == country.code())
        .map_or(if country.is_eu_vat() { Zone::Eu } else { Zone::World }, |(.., zone, _)| *zone);
    let short = if country == Country::GB { "UK".to_owned() } else { country.code().to_owned() };
    Site { name: name.to_owned(), short, country: Some(country), zone, currency }
}

fn known((name, short, country, zone, currency): &(&str, &str, &str, Zone, &str)) -> Option<Site> {
    let (country, currency) = (Some(Country::parse(country).ok()?), Currency::parse(currency).ok()?);
    Some(Site { name: (*name).to_owned(), short: (*short).to_owned(), country, zone: *zone, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_site_take_the_terms_of_their_currency() {
        let none = BTreeMap::new();
        let of = |name: &str, currency| site(name, currency, &none).map(|site| (site.short, site.zone));
        assert_eq!(of("", Currency::GBP), Some(("UK".to_owned(), Zone::Uk)));
        assert_eq!(of("", Currency::EUR), Some(("EU".to_owned(), Zone::Eu)));
        assert_eq!(of("Non-Amazon UK", Currency::GBP), Some(("UK".to_owned(), Zone::Uk)));
        assert_eq!(of("amazon.PL", Currency::EUR), Some(("PL".to_owned(), Zone::LocalVat)));
        assert_eq!(of("Amazon.xx", Currency::GBP), None);
    }
}
