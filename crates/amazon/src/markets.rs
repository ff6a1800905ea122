//! Amazon's sites: id, name in data, country, currency, Seller Central host, and how prices are stated there.
//!
//! An id that is not listed is an error, never a guess: its currency and VAT treatment would be invented.

use model::{Country, Market, MarketplaceId, PriceBasis};
use money::Currency;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Amazon's id of the site.
    pub id: &'static str,
    /// Short code, used in customer codes: `UK`, `DE`, ….
    pub short: &'static str,
    /// Name in data: `Amazon.co.uk`.
    pub name: &'static str,
    /// ISO country code.
    pub country: &'static str,
    /// ISO currency code.
    pub currency: &'static str,
    /// Host of Seller Central, where a seller gives consent.
    pub seller_central: &'static str,
    /// How Orders v0 and order reports state prices there (BEHAVIOR 7).
    pub basis: PriceBasis,
}

macro_rules! sites {
    ($($id:literal $short:literal $name:literal $country:literal $currency:literal $host:literal $basis:ident),* $(,)?) => {
        /// All sites we know.
        pub static SITES: &[Site] = &[$(Site {
            id: $id, short: $short, name: $name, country: $country, currency: $currency, seller_central: $host,
            basis: PriceBasis::$basis,
        }),*];
    };
}

sites! {
    "A1F83G8C2ARO7P" "UK" "Amazon.co.uk" "GB" "GBP" "sellercentral-europe.amazon.com" Inclusive,
    "A1PA6795UKMFR9" "DE" "Amazon.de" "DE" "EUR" "sellercentral-europe.amazon.com" Inclusive,
    "A13V1IB3VIYZZH" "FR" "Amazon.fr" "FR" "EUR" "sellercentral-europe.amazon.com" Inclusive,
    "APJ6JRA9NG5V4" "IT" "Amazon.it" "IT" "EUR" "sellercentral-europe.amazon.com" Inclusive,
    "A1RKKUPIHCS9HS" "ES" "Amazon.es" "ES" "EUR" "sellercentral-europe.amazon.com" Inclusive,
    "A28R8C7NBKEWEA" "IE" "Amazon.ie" "IE" "EUR" "sellercentral.amazon.ie" Inclusive,
    "A1805IZSGTT6HS" "NL" "Amazon.nl" "NL" "EUR" "sellercentral.amazon.nl" Inclusive,
    "AMEN7PMS3EDWL" "BE" "Amazon.com.be" "BE" "EUR" "sellercentral.amazon.com.be" Inclusive,
    "A2NODRKZP88ZB9" "SE" "Amazon.se" "SE" "SEK" "sellercentral.amazon.se" Inclusive,
    "A1C3SOZRARQ6R3" "PL" "Amazon.pl" "PL" "PLN" "sellercentral.amazon.pl" Inclusive,
    "A33AVAJ2PDY3EV" "TR" "Amazon.com.tr" "TR" "TRY" "sellercentral.amazon.com.tr" Inclusive,
    "A2VIGQ35RCS4UG" "AE" "Amazon.ae" "AE" "AED" "sellercentral.amazon.ae" Inclusive,
    "A17E79C6D8DWNP" "SA" "Amazon.sa" "SA" "SAR" "sellercentral.amazon.sa" Inclusive,
    "ARBP9OOSHTCHU" "EG" "Amazon.eg" "EG" "EGP" "sellercentral.amazon.eg" Inclusive,
    "A21TJRUUN4KGV" "IN" "Amazon.in" "IN" "INR" "sellercentral.amazon.in" Inclusive,
    "AE08WJ6YKNBMC" "ZA" "Amazon.co.za" "ZA" "ZAR" "sellercentral.amazon.co.za" Inclusive,
    "ATVPDKIKX0DER" "US" "Amazon.com" "US" "USD" "sellercentral.amazon.com" Exclusive,
    "A2EUQ1WTGCTBG2" "CA" "Amazon.ca" "CA" "CAD" "sellercentral.amazon.ca" Exclusive,
    "A1AM78C64UM0Y8" "MX" "Amazon.com.mx" "MX" "MXN" "sellercentral.amazon.com.mx" Inclusive,
    "A2Q3Y263D00KWC" "BR" "Amazon.com.br" "BR" "BRL" "sellercentral.amazon.com.br" Inclusive,
    "A1VC38T7YXB528" "JP" "Amazon.co.jp" "JP" "JPY" "sellercentral.amazon.co.jp" Inclusive,
    "A39IBJ37TRP1C6" "AU" "Amazon.com.au" "AU" "AUD" "sellercentral.amazon.com.au" Inclusive,
    "A19VAU5U5O7RUS" "SG" "Amazon.sg" "SG" "SGD" "sellercentral.amazon.sg" Inclusive,
}

/// The site with this id.
pub fn by_id(id: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.id == id)
}

/// The site with this name in data, in any case: `Amazon.co.uk`.
pub fn by_name(name: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.name.eq_ignore_ascii_case(name.trim()))
}

impl Site {
    /// The site as the canonical model's market. `None` never happens for rows of [`SITES`]; a test holds that.
    pub fn market(&self) -> Option<Market> {
        Some(Market {
            id: MarketplaceId::parse(self.id).ok()?,
            name: self.name.to_owned(),
            short: self.short.to_owned(),
            country: Country::parse(self.country).ok()?,
            currency: Currency::parse(self.currency).ok()?,
        })
    }
}
