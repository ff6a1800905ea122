//! Finances 2024-06-19 and v0 and the transfers over the world's ledger of money (fact sheet §8).

mod body;
mod names;
mod payouts;
mod sums;
mod transactions;
mod v0;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::Amazon;
use super::answer::Answered;
use super::call::Call;
use crate::faults::Dice;
use crate::world::MoneyEvent;
use body::{Face, Listed};

/// Minutes within which an event appears.
const LAG_MINUTES: u64 = 48 * 60;

/// How the Finances APIs show the ledger.
pub(super) struct Finances {
    lags: AtomicBool,
}

impl Default for Finances {
    fn default() -> Finances {
        Finances { lags: AtomicBool::new(true) }
    }
}

impl Finances {
    pub(super) fn set_lag(&self, lags: bool) {
        self.lags.store(lags, Ordering::Relaxed);
    }
}

/// Answers the operations of this folder; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    Some(match call.operation.name {
        "listTransactions" => transactions::list(amazon, call),
        "listSummary" => sums::summary(amazon, call),
        "listBalances" => sums::balances(amazon, call),
        "listFinancialEventGroups" => v0::groups(amazon, call),
        "listFinancialEventsByGroupId" => v0::by_group(amazon, call),
        "listFinancialEventsByOrderId" => v0::by_order(amazon, call),
        "listFinancialEvents" => v0::by_date(amazon, call),
        "listPayouts" => payouts::list(amazon, call),
        "listExpectedPayouts" => payouts::expected(amazon, call),
        "getPaymentMethods" => payouts::payment_methods(amazon, call),
        _ => return None,
    })
}

/// Whether Finances has such an event: the debt that a settlement repeats is no event of its own.
fn is_shown(listed: &Listed) -> bool {
    listed.event.event != MoneyEvent::Carried
}

/// When an event appears: at once, or some time within the 48 hours in which events may be missing.
fn visible_at(amazon: &Amazon, listed: &Listed) -> Timestamp {
    let at = listed.posted_at();
    if !amazon.finances.lags.load(Ordering::Relaxed) {
        return at;
    }
    let face = if listed.face == Face::Release { "release" } else { "event" };
    let minutes = Dice::new(amazon.world.seed()).below(&["finances lag", face, &listed.event.id], 0, LAG_MINUTES);
    at.saturating_add(SignedDuration::from_mins(minutes as i64)).unwrap_or(at)
}
