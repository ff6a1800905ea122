//! Where an order was placed.

use money::Currency;
use serde::{Deserialize, Serialize};

use crate::{Country, MarketplaceId};

/// One site of a marketplace, for example Amazon.co.uk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Market {
    /// The marketplace's own id of the site.
    pub id: MarketplaceId,
    /// The name a person knows: `Amazon.co.uk`.
    pub name: String,
    /// Short upper-case code used in shared customer codes: `UK`, `DE`, ….
    pub short: String,
    /// The country the site sells to.
    pub country: Country,
    /// The currency the site sells in.
    pub currency: Currency,
}
