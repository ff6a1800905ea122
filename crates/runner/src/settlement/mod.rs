//! Settlements, live: found at the marketplace or uploaded, decided once, delivered as intents.
//!
//! ```text
//! observe ──> file + row "received" ──lane settlement/<id>-<currency>──> decide ──> intents (frozen, in order) ──> deliver ──> posted
//! ```
//!
//! A settlement is decided when everything that it must be compared with is there: the settlement before it, and its orders, whose
//! invoices were posted when the goods left. Decision, documents and what they leave for the next settlement are one commit; from then
//! on nothing is decided again, so a replay, a second upload or a restart changes nothing.

mod accepted;
mod decide;
mod evidence;
mod observe;
mod person;
mod receive;
mod summary;
mod work;

use model::PairId;
use money::Currency;
use store::lanes::Wake;

pub(crate) use accepted::Accepted;
pub(crate) use observe::{is_looking, run};
pub(crate) use person::accept_amount;
pub use receive::Received;
pub(crate) use receive::{Origin, receive};
pub(crate) use work::{Standing, put_down, with_numbers, work};

/// Beginning of lanes and subjects of settlements.
pub(crate) const LANE: &str = "settlement/";

/// Source of the items for a person that deciding a settlement opens and closes.
pub(crate) const SOURCE: &str = "settlement";

/// The subject of a settlement's documents, and the key of its lane.
pub(crate) fn subject(id: &str, currency: Currency) -> String {
    format!("{LANE}{id}-{currency}")
}

/// The settlement that a lane is about.
pub(crate) fn of_lane(lane: &str) -> Option<(&str, Currency)> {
    let (id, code) = lane.strip_prefix(LANE)?.rsplit_once('-')?;
    Some((id, Currency::parse(code).ok()?))
}

/// Makes a settlement due.
pub(crate) fn wake(pair: &PairId, id: &str, currency: Currency, now: jiff::Timestamp) -> Wake {
    Wake { pair: pair.clone(), key: subject(id, currency), urgency: ports::Urgency::Event, not_before: now }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_names_its_settlement_whatever_the_id_looks_like() {
        assert_eq!(of_lane(&subject("12345678901", Currency::GBP)), Some(("12345678901", Currency::GBP)));
        assert_eq!(of_lane("settlement/a-b/c-EUR"), Some(("a-b/c", Currency::EUR)));
        assert_eq!(of_lane("order/203-1234567-7654321"), None);
        assert_eq!(of_lane("settlement/12345678901-XXQ"), None);
    }
}
