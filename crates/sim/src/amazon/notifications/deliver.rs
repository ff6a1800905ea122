//! Puts what happened to orders into the queue: late, twice, out of order or not at all, as the fault plan says.
//!
//! Nothing runs in the background. Whoever looks at the queue first brings it up to date; the delays are the world's, so it does
//! not matter when that is.

use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::body;
use super::{State, Subscription};
use crate::amazon::Amazon;
use crate::amazon::queue::{Content, Queue};
use crate::faults::{Fault, Point};
use crate::world::{Happening, WorldOrder, mix};

/// Milliseconds a notification takes at least, and at most when nothing goes wrong.
const DELAY_MS: (i64, i64) = (400, 15_000);

/// Sends everything that happened up to `now`, and says when the next thing will, if it is known.
pub(in crate::amazon) fn deliver(amazon: &Amazon, now: Timestamp) -> Option<Timestamp> {
    let mut state = amazon.notifications.lock();
    let to_here = subscribed(&state)?;
    let from = state.delivered_until.unwrap_or(now);
    if now > from {
        for (at, order) in amazon.world.changes(from, now) {
            for &number in &to_here {
                if state.subscriptions[number].wants(&order, at) {
                    send(amazon, &mut state, Change { order: order.clone(), at, number });
                }
            }
        }
        state.delivered_until = Some(now);
    }
    amazon.world.next_change(now)
}

/// Sends a notification about an order that does not exist.
pub(super) fn send_test(amazon: &Amazon) {
    let now = amazon.clock.now();
    amazon.queue.put(Content::Text(body::test(amazon, now)), now);
}

/// Numbers of the live subscriptions to order changes that go to our queue.
fn subscribed(state: &State) -> Option<Vec<usize>> {
    let here = |subscription: &Subscription| {
        let destination = state.destinations.iter().find(|destination| destination.id == subscription.destination_id);
        destination.is_some_and(|destination| destination.resource["sqs"]["arn"] == Queue::arn())
    };
    let wanted = |subscription: &Subscription| {
        !subscription.deleted && subscription.kind == "ORDER_CHANGE" && here(subscription)
    };
    let numbers: Vec<usize> =
        (0..state.subscriptions.len()).filter(|&number| wanted(&state.subscriptions[number])).collect();
    (!numbers.is_empty()).then_some(numbers)
}

struct Change {
    order: std::sync::Arc<WorldOrder>,
    at: Timestamp,
    number: usize,
}

fn send(amazon: &Amazon, state: &mut State, change: Change) {
    state.sent += 1;
    let notification = mix(amazon.world.seed() ^ (state.sent << 16) ^ 0x207E);
    let later = |millis: i64| change.at.checked_add(millis.milliseconds()).unwrap_or(Timestamp::MAX);
    let spread = i64::try_from(notification % 1_000_000).unwrap_or(0);
    let delay = DELAY_MS.0 + spread * (DELAY_MS.1 - DELAY_MS.0) / 1_000_000;
    let (first, second) = match amazon.faults.draw(Point::Notification) {
        Some(Fault::LostMessage) => return,
        Some(Fault::LateMessage { secs }) => (delay + i64::from(secs) * 1000, None),
        Some(Fault::Outage) => (delay + 900_000, None),
        Some(Fault::DuplicateMessage) => (delay, Some(delay + 1_000 + spread % 90_000)),
        _ => (delay, None),
    };
    for millis in [Some(first), second].into_iter().flatten() {
        let content = Content::OrderChange {
            order: std::sync::Arc::clone(&change.order),
            at: change.at,
            subscription: change.number,
            notification,
            published_at: later(delay.min(2_000)),
        };
        amazon.queue.put(content, later(millis));
    }
}

impl Subscription {
    fn wants(&self, order: &WorldOrder, at: Timestamp) -> bool {
        let filter = self.directive.as_ref().map_or(&Value::Null, |directive| &directive["eventFilter"]);
        let listed = |name: &str, value: &str| {
            filter[name].as_array().is_none_or(|list| list.iter().any(|entry| entry == value))
        };
        at > self.since
            && listed("orderChangeTypes", change_type(order, at))
            && listed("marketplaceIds", order.marketplace.id)
    }
}

/// The kind of change that happened to the order at a moment.
pub(super) fn change_type(order: &WorldOrder, at: Timestamp) -> &'static str {
    let requested =
        order.timeline.iter().any(|event| event.at == at && matches!(event.what, Happening::CancellationRequested));
    if requested { "BuyerRequestedChange" } else { "OrderStatusChange" }
}
