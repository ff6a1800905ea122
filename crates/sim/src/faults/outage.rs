//! Outage windows: one a day for each remote at level wild, one in three days at level mild. Never over midnight, never long.

use jiff::Timestamp;

use super::{Dice, Point};
use crate::FaultLevel;

const DAY_S: u64 = 86_400;

/// Whether the remote that `point` belongs to is away at `now`.
pub(super) fn is_out(level: FaultLevel, dice: &Dice, point: Point, now: Timestamp) -> bool {
    let Some(remote) = remote(point) else { return false };
    let (one_day_in, longest_min) = match level {
        FaultLevel::None | FaultLevel::People => return false,
        FaultLevel::Mild => (3, 10),
        FaultLevel::Wild => (1, 120),
    };
    let Ok(second) = u64::try_from(now.as_second()) else { return false };
    let (day, second_of_day) = (second / DAY_S, second % DAY_S);
    if !dice.roll(&["outage", remote], day).is_multiple_of(one_day_in) {
        return false;
    }
    let length_s = 60 * (2 + dice.below(&["outage-length", remote], day, longest_min - 1));
    let starts_at = dice.below(&["outage-start", remote], day, DAY_S - length_s);
    (starts_at..starts_at + length_s).contains(&second_of_day)
}

/// Notifications have no outage: a queue that is away loses nothing, and [`super::Fault::LostMessage`] is a fault of its own.
fn remote(point: Point) -> Option<&'static str> {
    match point {
        Point::AmazonCall { .. } | Point::LwaCall => Some("amazon"),
        Point::QueueReceive => Some("queue"),
        Point::Notification => None,
        Point::KashflowRead { .. } | Point::KashflowWrite { .. } | Point::KashflowLogin => Some("kashflow"),
    }
}
