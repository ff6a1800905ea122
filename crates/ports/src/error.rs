//! Why a call to an outside system failed: one variant for each thing we do about it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The outside system that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// Amazon Selling Partner API, Login with Amazon, or the notification queue.
    Amazon,
    /// KashFlow.
    KashFlow,
}

/// Why a call failed, told by what must happen next. Texts are plain English, without secrets and buyer data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// CON-001. The remote (or our own permit) asks us to wait. Not an attempt, not a failure.
    #[error("{system} asks us to wait until {until}")]
    Throttled {
        /// Who.
        system: System,
        /// Not before this.
        until: Timestamp,
    },
    /// CON-002. The remote was not reached or answered with a fault, and nothing can have been written: retry with back-off.
    #[error("{system} did not answer: {reason}")]
    Unavailable {
        /// Who.
        system: System,
        /// What was seen: status, error class, request id.
        reason: String,
    },
    /// CON-003. A write was sent and its outcome is not known: wait out the settle time, then look. Never send blindly again.
    #[error("{system} may or may not have done it: {reason}")]
    OutcomeUnknown {
        /// Who.
        system: System,
        /// What was seen.
        reason: String,
    },
    /// CON-004. The credentials are refused: pause the connection until a person signs in.
    #[error("{system} no longer accepts our credentials: {reason}. {fix}")]
    Unauthorized {
        /// Who.
        system: System,
        /// What the remote said.
        reason: String,
        /// The next action for a person, as a sentence.
        fix: String,
    },
    /// CON-005. The remote read our request and refuses it for good: park it for a person, with the reason.
    #[error("{system} refused {what}: {reason}")]
    Rejected {
        /// Who.
        system: System,
        /// What was refused: "invoice 1042".
        what: String,
        /// Why, in the remote's words, cut to 500 characters.
        reason: String,
    },
    /// CON-006. Our number or code is taken already: look, then adopt or take the next number.
    #[error("{system} says that {what} exists already")]
    Duplicate {
        /// Who.
        system: System,
        /// What is taken.
        what: String,
    },
    /// CON-007. The object is not there (yet): retry on the slow schedule.
    #[error("{system} does not know {what}")]
    NotFound {
        /// Who.
        system: System,
        /// What was asked for.
        what: String,
    },
    /// CON-008. The answer cannot be read: keep it, park it.
    #[error("{system} answered something we cannot read: {reason}")]
    Malformed {
        /// Who.
        system: System,
        /// Where and what.
        reason: String,
    },
    /// CON-009. The plan or account does not allow more (invoice limit of the month, disk, seats): a person must act.
    #[error("{system} has reached a limit of the account: {reason}. {fix}")]
    LimitReached {
        /// Who.
        system: System,
        /// Which limit.
        reason: String,
        /// The next action for a person.
        fix: String,
    },
    /// CON-010. The day lies in a period that is closed: nothing was written; the same on an open day may be.
    #[error("{system} refused {what}: the period is locked{} ({reason})", until_text(*until))]
    Locked {
        /// Who.
        system: System,
        /// What was refused.
        what: String,
        /// The last locked day, if the books tell.
        until: Option<Date>,
        /// Why, in the remote's words, cut to 500 characters.
        reason: String,
    },
    /// CON-011. The write was done, but something that should have stayed changed with it: a person must look.
    #[error("{system} did {what}, but not as asked: {reason}")]
    SideEffect {
        /// Who.
        system: System,
        /// What was done.
        what: String,
        /// What is not as it should be.
        reason: String,
    },
}

fn until_text(until: Option<Date>) -> String {
    until.map_or_else(String::new, |day| format!(" until {day}"))
}

impl ConnectorError {
    /// The stable code that the documentation explains: `CON-001` ….
    pub fn code(&self) -> &'static str {
        match self {
            ConnectorError::Throttled { .. } => "CON-001",
            ConnectorError::Unavailable { .. } => "CON-002",
            ConnectorError::OutcomeUnknown { .. } => "CON-003",
            ConnectorError::Unauthorized { .. } => "CON-004",
            ConnectorError::Rejected { .. } => "CON-005",
            ConnectorError::Duplicate { .. } => "CON-006",
            ConnectorError::NotFound { .. } => "CON-007",
            ConnectorError::Malformed { .. } => "CON-008",
            ConnectorError::LimitReached { .. } => "CON-009",
            ConnectorError::Locked { .. } => "CON-010",
            ConnectorError::SideEffect { .. } => "CON-011",
        }
    }
}

/// A fact that cannot be used yet, and why. It waits visibly; everything else goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Parked {
    /// Stable code: `unknown_status`, `unknown_currency`, `unknown_marketplace`, `missing_field`, `bad_value`, ….
    pub code: String,
    /// JSON path of the value that could not be used: `$.orderItems[0].proceeds`.
    pub path: String,
    /// What is wrong, in plain English, without buyer data.
    pub reason: String,
    /// The next action for a person, as a sentence.
    pub fix: String,
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            System::Amazon => "Amazon",
            System::KashFlow => "KashFlow",
        })
    }
}
