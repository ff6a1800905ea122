//! [`Score`]: what speaks for a link, in points: ten points are twice as likely (ten times the binary logarithm of the odds).
//!
//! The weights are Fellegi and Sunter's: how much more often two things that belong together agree on something than two that do not.
//! They are whole numbers so that a score is the same everywhere, and they only rank what keys and windows have already allowed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Tolerances;
use super::item::Item;
use crate::days::between;

/// What speaks for a link, in points; ten points are twice as likely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Score {
    /// Keys that agree: order, line, event, SKU, quantity, marketplace.
    pub keys: i32,
    /// The amounts: 100 if equal, 60 if within the tolerance.
    pub amount: i32,
    /// The days: 30 on the same day, 3 less for each day between.
    pub days: i32,
    /// How much worse the best other whole is, if there was a choice.
    pub gap: Option<i32>,
}

/// Points that an assignment must be better than the best other one: eight times as likely.
pub(super) const GAP_MIN: i32 = 30;

impl Score {
    /// The score of a pair, or `None` if a key contradicts, the amount is out of tolerance or the days are too far apart.
    pub(super) fn of_pair(left: &Item<'_>, right: &Item<'_>, tolerances: &Tolerances) -> Option<Score> {
        if left.contradicts(right) {
            return None;
        }
        let away = left.amount.minor().abs_diff(right.amount.minor());
        if away > tolerances.minor.unsigned_abs() {
            return None;
        }
        let days = match (left.on, right.on) {
            (Some(l), Some(r)) => {
                let later = between(l, r);
                if later < -tolerances.days_before || later > tolerances.days_after {
                    return None;
                }
                i32::try_from((30 - 3 * later.abs()).max(-60)).unwrap_or(-60)
            }
            // A day that is not known speaks as much against a pair as the worst one that is.
            _ => -60,
        };
        Some(Score { keys: Score::keys(left, right), amount: if away == 0 { 100 } else { 60 }, days, gap: None })
    }

    /// Points for the keys that agree.
    pub(super) fn keys(left: &Item<'_>, right: &Item<'_>) -> i32 {
        let agree = |a: &str, b: &str, points| if !a.is_empty() && a == b { points } else { 0 };
        agree(left.order, right.order, 200)
            + agree(left.line, right.line, 120)
            + agree(left.event, right.event, 120)
            + agree(left.sku, right.sku, 80)
            + agree(left.marketplace, right.marketplace, 10)
            + if left.quantity.is_some() && left.quantity == right.quantity { 10 } else { 0 }
            + if left.at.is_some() && left.at == right.at { 120 } else { 0 }
    }

    /// All points together, the gap apart.
    pub fn total(&self) -> i32 {
        self.keys + self.amount + self.days
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        for (word, points) in [("keys", self.keys), ("amount", self.amount), ("days", self.days)] {
            if points != 0 {
                parts.push(format!("{word} {points:+}"));
            }
        }
        if let Some(gap) = self.gap {
            parts.push(format!("better than the next by {gap}"));
        }
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}
