//! The marketplaces of the sandbox's seller.
//!
//! Ids, names and currencies are Amazon's own (fact sheet §1); tax rates are those of the country a buyer pays them in.

use serde::Serialize;

/// A site on which the seller sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Marketplace {
    /// Amazon's id, for example `A1F83G8C2ARO7P`.
    pub id: &'static str,
    /// Name in data, for example `Amazon.co.uk`.
    pub name: &'static str,
    /// ISO country code.
    pub country: &'static str,
    /// ISO currency code; two decimals on all of them.
    pub currency: &'static str,
    /// Language of the site, for example `en_GB`.
    pub language: &'static str,
    /// Site, for example `www.amazon.co.uk`.
    pub domain: &'static str,
}

/// Amazon.co.uk, where most orders are placed.
pub static UK: Marketplace = Marketplace {
    id: "A1F83G8C2ARO7P",
    name: "Amazon.co.uk",
    country: "GB",
    currency: "GBP",
    language: "en_GB",
    domain: "www.amazon.co.uk",
};

/// Amazon.de.
pub static DE: Marketplace = Marketplace {
    id: "A1PA6795UKMFR9",
    name: "Amazon.de",
    country: "DE",
    currency: "EUR",
    language: "de_DE",
    domain: "www.amazon.de",
};

/// Amazon.fr.
pub static FR: Marketplace = Marketplace {
    id: "A13V1IB3VIYZZH",
    name: "Amazon.fr",
    country: "FR",
    currency: "EUR",
    language: "fr_FR",
    domain: "www.amazon.fr",
};

/// Amazon.ie.
pub static IE: Marketplace = Marketplace {
    id: "A28R8C7NBKEWEA",
    name: "Amazon.ie",
    country: "IE",
    currency: "EUR",
    language: "en_IE",
    domain: "www.amazon.ie",
};

/// A marketplace nobody has heard of: only in an order with [`super::Quirk::UnknownMarketplace`].
pub static UNKNOWN: Marketplace = Marketplace {
    id: "A0SANDBOXNEWSITE",
    name: "Amazon.example",
    country: "GB",
    currency: "GBP",
    language: "en_GB",
    domain: "www.amazon.example.invalid",
};

/// Where the seller participates.
pub static MARKETPLACES: [&Marketplace; 4] = [&UK, &DE, &FR, &IE];
