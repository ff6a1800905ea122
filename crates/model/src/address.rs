//! Buyer data. Amazon binds its use (30 days after delivery); by default none of it is read, and none reaches the books.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Country;

/// A postal address in the shape of the books: four lines, postcode, country.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street lines, town and county, at most four, none empty.
    pub lines: Vec<String>,
    /// Postcode, tidied if it is British.
    pub postcode: Option<String>,
    /// Country, if the marketplace says it.
    pub country: Option<Country>,
}

/// Who bought, if the owner turned contacts on.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// Name as the marketplace gives it.
    pub name: Option<String>,
    /// Company name of a business buyer.
    pub company: Option<String>,
    /// The marketplace's anonymous relay address.
    pub email: Option<String>,
    /// VAT number that the buyer registered with the marketplace.
    pub vat_number: Option<String>,
    /// The buyer's own purchase order number.
    pub purchase_order: Option<String>,
    /// Delivery address.
    pub address: Option<Address>,
}

// Buyer data must not reach logs or errors, so `Debug` shows that there is some and nothing else.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({:?}, redacted)", self.country)
    }
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buyer(redacted)")
    }
}
