//! The accounts that Amazon settles apart: one for each currency and set of sites.

use serde::Serialize;

use crate::world::market::{DE, FR, IE, Marketplace, UK};

/// Sites that are settled together, in one currency.
#[derive(Debug, Serialize)]
pub struct Group {
    /// Short name: `UK`, `DE`, `IE`.
    pub name: &'static str,
    /// Currency of its settlements.
    pub currency: &'static str,
    /// Its sites. A settlement is listed on each of them.
    pub marketplaces: &'static [&'static Marketplace],
    /// Days after the world's own fortnight on which a settlement of this group closes.
    pub(super) days_late: i64,
}

/// Amazon.co.uk, in pounds.
pub static UK_GROUP: Group = Group { name: "UK", currency: "GBP", marketplaces: &[&UK], days_late: 0 };

/// Amazon.de and Amazon.fr together, in euros.
pub static DE_GROUP: Group = Group { name: "DE", currency: "EUR", marketplaces: &[&DE, &FR], days_late: 1 };

/// Amazon.ie, in euros: little is sold there, so its balance falls below nothing.
pub static IE_GROUP: Group = Group { name: "IE", currency: "EUR", marketplaces: &[&IE], days_late: 2 };

/// Every group.
pub static GROUPS: [&Group; 3] = [&UK_GROUP, &DE_GROUP, &IE_GROUP];

impl Group {
    /// The group that a site belongs to; `None` for a site nobody has heard of.
    pub fn of(marketplace: &Marketplace) -> Option<&'static Group> {
        GROUPS.into_iter().find(|group| group.marketplaces.contains(&marketplace))
    }

    /// Its place in [`GROUPS`].
    pub(super) fn index(&self) -> usize {
        GROUPS.iter().position(|group| std::ptr::eq(*group, self)).unwrap_or(0)
    }
}

impl PartialEq for Group {
    fn eq(&self, other: &Group) -> bool {
        self.name == other.name
    }
}

impl Eq for Group {}
