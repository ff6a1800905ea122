//! Which faults a point can have, and how often.
//!
//! One table. A weight is the chance in 10,000 at level wild; mild is a tenth of it.

use super::{Dice, Fault, FaultKind, Point};
use crate::FaultLevel;

/// The chance in 10,000 of each kind at `point`, level wild.
fn weights(point: Point) -> &'static [(FaultKind, u64)] {
    use FaultKind::*;
    match point {
        Point::AmazonCall { .. } => &[
            (Throttle429, 300),
            (ServerError5xx, 250),
            (HtmlBody, 100),
            (ResetBeforeWork, 150),
            (TruncatedBody, 100),
            (Slow, 200),
        ],
        Point::LwaCall => &[(Throttle429, 200), (ServerError5xx, 300), (ResetBeforeWork, 200), (Slow, 200)],
        Point::QueueReceive => &[(ServerError5xx, 300), (ResetBeforeWork, 200), (ResetAfterCommit, 200), (Slow, 100)],
        Point::Notification => &[(DuplicateMessage, 1000), (LateMessage, 1000), (LostMessage, 600)],
        Point::KashflowRead { operation } if operation.starts_with("list") || operation.starts_with("search") => &[
            (Throttle429, 100),
            (ServerError5xx, 100),
            (HtmlBody, 100),
            (ResetBeforeWork, 100),
            (TruncatedBody, 100),
            (Slow, 150),
            (SqlTimeout400, 150),
            (ExpiredSession, 50),
            (StaleSearch, 600),
        ],
        Point::KashflowRead { .. } => &[
            (Throttle429, 100),
            (ServerError5xx, 150),
            (HtmlBody, 100),
            (ResetBeforeWork, 150),
            (TruncatedBody, 50),
            (Slow, 150),
            (SqlTimeout400, 150),
            (ExpiredSession, 50),
        ],
        Point::KashflowWrite { .. } => &[
            (Throttle429, 100),
            (ServerError5xx, 150),
            (HtmlBody, 100),
            (ResetBeforeWork, 150),
            (ResetAfterCommit, 250),
            (CommitsLate, 150),
            (TruncatedBody, 100),
            (Slow, 200),
            (SqlTimeout400, 200),
            (ExpiredSession, 30),
        ],
        // Log-ins are few and a lock-out is near, so they fail seldom and never in a way that looks like a wrong password.
        Point::KashflowLogin => &[(ServerError5xx, 300), (ResetBeforeWork, 200), (Slow, 200)],
    }
}

/// What goes wrong at the `times`-th draw of `point`.
pub(super) fn fault(level: FaultLevel, dice: &Dice, point: Point, times: u64) -> Option<Fault> {
    let chances = match level {
        FaultLevel::None | FaultLevel::People => return None,
        FaultLevel::Mild => 100_000,
        FaultLevel::Wild => 10_000,
    };
    let (place, operation) = point.label();
    let mut rolled = dice.below(&["fault", place, operation], times, chances);
    for &(kind, weight) in weights(point) {
        if rolled < weight {
            let figure = |sides| dice.below(&["figure", place, operation], times, sides);
            return Some(with_figures(kind, figure));
        }
        rolled -= weight;
    }
    None
}

fn with_figures(kind: FaultKind, figure: impl Fn(u64) -> u64) -> Fault {
    // All figures are below 1,000, so the conversions keep them.
    let secs = |from: u32, sides: u64| from + u32::try_from(figure(sides)).unwrap_or(0);
    match kind {
        FaultKind::Throttle429 => Fault::Throttle429 { retry_after_s: secs(1, 30) },
        FaultKind::ServerError5xx => {
            Fault::ServerError5xx { status: [500, 502, 503, 504][usize::try_from(figure(4)).unwrap_or(0)] }
        }
        FaultKind::HtmlBody => Fault::HtmlBody { status: if figure(3) == 0 { 200 } else { 502 } },
        FaultKind::ResetBeforeWork => Fault::ResetBeforeWork,
        FaultKind::ResetAfterCommit => Fault::ResetAfterCommit,
        FaultKind::CommitsLate => Fault::CommitsLate,
        FaultKind::TruncatedBody => Fault::TruncatedBody,
        FaultKind::Slow => Fault::Slow { secs: secs(2, 90) },
        FaultKind::DuplicateMessage => Fault::DuplicateMessage,
        FaultKind::LateMessage => Fault::LateMessage { secs: secs(30, 900) },
        FaultKind::LostMessage => Fault::LostMessage,
        FaultKind::Outage => Fault::Outage,
        FaultKind::ExpiredSession => Fault::ExpiredSession,
        FaultKind::SqlTimeout400 => Fault::SqlTimeout400 { after_commit: figure(2) == 0 },
        FaultKind::StaleSearch => Fault::StaleSearch { secs: secs(5, 90) },
    }
}

/// The kinds of fault that a level has.
pub fn kinds_at(level: FaultLevel) -> Vec<FaultKind> {
    use FaultKind::*;
    match level {
        FaultLevel::None | FaultLevel::People => Vec::new(),
        FaultLevel::Mild | FaultLevel::Wild => vec![
            Throttle429,
            ServerError5xx,
            HtmlBody,
            ResetBeforeWork,
            ResetAfterCommit,
            CommitsLate,
            TruncatedBody,
            Slow,
            DuplicateMessage,
            LateMessage,
            LostMessage,
            Outage,
            ExpiredSession,
            SqlTimeout400,
            StaleSearch,
        ],
    }
}
