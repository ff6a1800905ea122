//! Pages of a listing, and the memory that finds a page repeated for ever (a token lost on the way shows page 1 again).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::PoisonError;

use jiff::Timestamp;
use ports::{ChangePage, ChangeQuery, ConnectorError, Observed, Parked, System};

use crate::client::Client;
use crate::read::malformed;

/// A page as one of the APIs gave it.
pub(crate) struct RawPage {
    pub(crate) orders: Vec<Observed>,
    pub(crate) unreadable: Vec<Parked>,
    pub(crate) next: Option<String>,
    pub(crate) up_to: Option<Timestamp>,
}

/// What is remembered of the listing under way. Lost at a restart, which costs nothing but the detection of one repeat.
#[derive(Default)]
pub(crate) struct Pages {
    listing: Option<Listing>,
}

struct Listing {
    after: Timestamp,
    before: Option<Timestamp>,
    up_to: Timestamp,
    token: Option<String>,
    ids: u64,
}

impl Client {
    /// Checks the page against the one before it and fixes the listing's upper bound: the first page's, never a later one.
    pub(crate) fn checked_page(&self, query: &ChangeQuery, page: RawPage) -> Result<ChangePage, ConnectorError> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let known = pages.listing.take().filter(|known| {
            query.page_token.is_some() && known.after == query.changed_after && known.before == query.changed_before
        });
        let ids = fingerprint(&page.orders);
        let repeated = known
            .as_ref()
            .is_some_and(|known| known.token != query.page_token && known.ids == ids && !page.orders.is_empty());
        if repeated || (page.next.is_some() && page.next == query.page_token) {
            return Err(ConnectorError::Rejected {
                system: System::Amazon,
                what: "the next page of changed orders".to_owned(),
                reason: "the same page came again, so the listing would never end".to_owned(),
            });
        }
        let up_to = match (page.up_to, &known) {
            (Some(stated), Some(known)) => stated.min(known.up_to),
            (Some(stated), None) => stated,
            (None, Some(known)) => known.up_to,
            // A later page without its bound, after a restart: claim no progress, so the window is listed again.
            (None, None) if query.page_token.is_some() => query.changed_before.unwrap_or(query.changed_after),
            (None, None) => return Err(malformed("page of orders", "its upper bound (lastUpdatedBefore)")),
        };
        pages.listing = Some(Listing {
            after: query.changed_after,
            before: query.changed_before,
            up_to,
            token: query.page_token.clone(),
            ids,
        });
        Ok(ChangePage { orders: page.orders, unreadable: page.unreadable, next: page.next, up_to })
    }
}

fn fingerprint(orders: &[Observed]) -> u64 {
    let mut hasher = DefaultHasher::new();
    orders.iter().for_each(|order| (&order.external_id, order.version).hash(&mut hasher));
    hasher.finish()
}
