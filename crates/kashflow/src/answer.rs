//! An answer and what it means. Decides by status and `Error` code, never by `Message`; what is not understood counts as
//! "nothing was done" for a read and as "unknown" for a write.

use std::time::Duration;

use jiff::Timestamp;
use ports::{ConnectorError, System};
use serde::de::IgnoredAny;

use crate::scrub::scrub;
use crate::wire::object::Object;

/// KashFlow's SQL time-out, which it answers as 400 (facts §1.2): transient for a read, of unknown outcome for a write.
pub(crate) const SQL_TIMEOUT: &str = "-2146232060";

/// What it calls an account that had too many wrong log-ins.
pub(crate) const LOCKED: &str = "AccountLocked";

/// What it calls a session that is unknown, malformed or over (`InvalidSessionToken`), without case.
const DEAD_SESSION: &str = "invalidsessiontoken";

/// Wait after a 429 that does not say how long.
const THROTTLED_FOR: Duration = Duration::from_secs(30);

/// Longest wait that is believed.
const THROTTLED_MAX_S: u64 = 86_400;

/// Longest `Error` code that is shown.
const CODE_MAX: usize = 60;

/// An answer, whatever it is.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    retry_after: Option<String>,
    now: Timestamp,
}

/// KashFlow's own words for a failure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Symbolic or a number as text; empty if the body is not KashFlow's.
    pub(crate) code: String,
    /// For people. Not scrubbed yet.
    message: String,
}

impl Answer {
    pub(crate) fn new(status: u16, body: String, retry_after: Option<String>, now: Timestamp) -> Answer {
        Answer { status, body, retry_after, now }
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the body is JSON from its first to its last character: not a proxy's page, not half an answer.
    pub(crate) fn is_json(&self) -> bool {
        serde_json::from_str::<IgnoredAny>(&self.body).is_ok()
    }

    fn is_empty(&self) -> bool {
        self.body.trim().is_empty()
    }

    /// Whether this 404 is KashFlow's and not that of something in front of it.
    pub(crate) fn is_absent(&self) -> bool {
        self.status == 404 && (self.is_empty() || self.is_json())
    }

    /// Whether the answer of a write says yes: 2xx with nothing, or with JSON that is no refusal.
    pub(crate) fn says_done(&self) -> bool {
        self.is_success() && (self.is_empty() || (self.is_json() && self.refusal().code.is_empty()))
    }

    /// Whether the session is over. A 401 with another code is about the user's rights: a new log-in would not help.
    pub(crate) fn is_dead_session(&self) -> bool {
        self.status == 401 && matches!(self.refusal().code.to_ascii_lowercase().as_str(), "" | DEAD_SESSION)
    }

    pub(crate) fn is_locked(&self) -> bool {
        !self.is_success() && self.refusal().code.eq_ignore_ascii_case(LOCKED)
    }

    pub(crate) fn is_sql_timeout(&self) -> bool {
        self.status == 400 && self.refusal().code == SQL_TIMEOUT
    }

    /// `Error` and `Message`, as far as the body is KashFlow's.
    pub(crate) fn refusal(&self) -> Refusal {
        let Ok(body) = Object::parse(&self.body, "$") else { return Refusal::default() };
        let text = |name| body.text(name).ok().flatten().unwrap_or_default();
        let code = text("Error").chars().filter(char::is_ascii_graphic).take(CODE_MAX).collect();
        Refusal { code, message: text("Message") }
    }

    /// Why a read failed; `what` is what was read.
    pub(crate) fn failure_of_read(&self, what: &str, private: &[&str]) -> ConnectorError {
        let refusal = self.refusal();
        match self.status {
            429 => self.throttled(),
            400 if self.is_sql_timeout() => unavailable("its database timed out (400 -2146232060)"),
            _ if self.is_locked() => locked(),
            401 | 403 => no_permission(&refusal, private),
            404 if self.is_absent() => ConnectorError::NotFound { system: System::KashFlow, what: what.to_owned() },
            400 | 405 | 406 | 409 | 410 | 415 | 422 if refusal.is_told() => rejected(what, &refusal, private),
            _ => unavailable(&self.seen()),
        }
    }

    /// Why a write failed. The default for what is not understood is "unknown", except where KashFlow clearly refused.
    pub(crate) fn failure_of_write(&self, what: &str, private: &[&str]) -> ConnectorError {
        let refusal = self.refusal();
        let code = refusal.code.to_ascii_lowercase();
        match self.status {
            429 => self.throttled(),
            400 if self.is_sql_timeout() => unknown("its database timed out (400 -2146232060)"),
            _ if self.is_locked() => locked(),
            401 | 403 if refusal.is_told() || self.status == 401 => no_permission(&refusal, private),
            400 | 409 | 422 if is_duplicate(&code) => duplicate(what),
            409 if refusal.is_told() => duplicate(what),
            400 | 403 | 409 | 422 if is_locked_period(&code) => locked_period(what, &refusal, private),
            400 | 402 | 403 | 422 if code.contains("limit") => limit_reached(),
            404 if self.is_absent() => ConnectorError::NotFound { system: System::KashFlow, what: what.to_owned() },
            // A 400 with KashFlow's own error body is a refusal; one without (a proxy's page) says nothing.
            400 | 402 | 405 | 410 | 415 | 422 if refusal.is_told() => rejected(what, &refusal, private),
            _ => unknown(&self.seen()),
        }
    }

    /// A 2xx that cannot be what KashFlow answers.
    pub(crate) fn not_an_answer(&self) -> String {
        format!("{}, but with something that is no answer of KashFlow", self.seen())
    }

    /// Status, code and size: never the body, which may hold anything.
    fn seen(&self) -> String {
        let code = self.refusal().code;
        let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
        format!("HTTP {}{code}, {} bytes", self.status, self.body.len())
    }

    pub(crate) fn throttled(&self) -> ConnectorError {
        let told = self.retry_after.as_deref().and_then(|text| retry_at(text, self.now));
        let until = told.unwrap_or_else(|| clock::later(self.now, THROTTLED_FOR));
        ConnectorError::Throttled { system: System::KashFlow, until }
    }
}

impl Refusal {
    fn is_told(&self) -> bool {
        !self.code.is_empty() || !self.message.is_empty()
    }

    /// For people: message and code.
    pub(crate) fn reason(&self, private: &[&str]) -> String {
        let message = scrub(&self.message, private);
        let code = scrub(&self.code, private);
        match (code.is_empty(), message.is_empty()) {
            (true, true) => "no reason was given".to_owned(),
            (true, false) => message,
            (false, true) => code,
            (false, false) => format!("{message} ({code})"),
        }
    }
}

/// The names of duplicate errors are unpublished (BEHAVIOR 7): any code that says so counts.
fn is_duplicate(code: &str) -> bool {
    ["duplicate", "alreadyexists", "notunique", "alreadyused", "alreadytaken"].iter().any(|name| code.contains(name))
}

/// The names of "that day is closed" are unpublished (BEHAVIOR 31). `AccountLocked` is about log-ins and was dealt with before.
fn is_locked_period(code: &str) -> bool {
    ["locked", "vatreturn", "periodclosed", "closedperiod"].iter().any(|name| code.contains(name))
}

/// `Retry-After` as seconds or as an HTTP date, never in the past.
fn retry_at(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    let soonest = clock::later(now, Duration::from_secs(1));
    let latest = clock::later(now, Duration::from_secs(THROTTLED_MAX_S));
    let told = match text.parse::<u64>() {
        Ok(seconds) => clock::later(now, Duration::from_secs(seconds.min(THROTTLED_MAX_S))),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp(),
    };
    Some(told.clamp(soonest, latest))
}

pub(crate) fn unavailable(reason: &str) -> ConnectorError {
    ConnectorError::Unavailable { system: System::KashFlow, reason: reason.to_owned() }
}

pub(crate) fn unknown(reason: &str) -> ConnectorError {
    ConnectorError::OutcomeUnknown { system: System::KashFlow, reason: reason.to_owned() }
}

pub(crate) fn malformed(reason: &str) -> ConnectorError {
    ConnectorError::Malformed { system: System::KashFlow, reason: reason.to_owned() }
}

pub(crate) fn duplicate(what: &str) -> ConnectorError {
    ConnectorError::Duplicate { system: System::KashFlow, what: what.to_owned() }
}

pub(crate) fn unauthorized(reason: &str, fix: &str) -> ConnectorError {
    ConnectorError::Unauthorized { system: System::KashFlow, reason: reason.to_owned(), fix: fix.to_owned() }
}

pub(crate) fn limit_reached() -> ConnectorError {
    ConnectorError::LimitReached {
        system: System::KashFlow,
        reason: "the plan allows no more invoices in this cycle".to_owned(),
        fix: "Upgrade the KashFlow plan or wait for the next cycle, then press Retry. Summary posting needs far fewer invoices.".to_owned(),
    }
}

pub(crate) fn locked() -> ConnectorError {
    unauthorized(
        "the account is locked after too many wrong log-ins",
        "Wait at least ten minutes or unlock it in KashFlow, check user name, password and memorable word here, then press Resume. Nothing is tried until then.",
    )
}

fn rejected(what: &str, refusal: &Refusal, private: &[&str]) -> ConnectorError {
    ConnectorError::Rejected { system: System::KashFlow, what: what.to_owned(), reason: refusal.reason(private) }
}

/// We refuse it ourselves, before anything is sent.
pub(crate) fn rejected_by_us(what: &str, reason: &str) -> ConnectorError {
    ConnectorError::Rejected {
        system: System::KashFlow,
        what: what.to_owned(),
        reason: format!("{reason}. It was not sent."),
    }
}

fn locked_period(what: &str, refusal: &Refusal, private: &[&str]) -> ConnectorError {
    let reason = refusal.reason(private);
    ConnectorError::Locked { system: System::KashFlow, what: what.to_owned(), until: None, reason }
}

fn no_permission(refusal: &Refusal, private: &[&str]) -> ConnectorError {
    unauthorized(
        &format!("the session was accepted, but not for this: {}", refusal.reason(private)),
        "Give the KashFlow user a role that may do it, check that the REST API is on and this computer's address allowed (Apps > API Settings), then press Resume.",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_793_600_000, 0);

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(status, body.to_owned(), None, NOW)
    }

    fn told(code: &str) -> String {
        format!(r#"{{"Error": "{code}", "Message": "Words that nobody may branch on."}}"#)
    }

    #[test]
    fn a_failed_read_did_nothing_and_a_failed_write_may_have() {
        let page = "<html>Bad Gateway</html>";
        for (status, body, read, write) in [
            (400, told(SQL_TIMEOUT), "CON-002", "CON-003"),
            (400, told("ValidationError"), "CON-005", "CON-005"),
            (400, told("DuplicateInvoiceNumber"), "CON-005", "CON-006"),
            (409, told("Conflict"), "CON-005", "CON-006"),
            (400, told("InvoiceLimitReached"), "CON-005", "CON-009"),
            (400, told("TransactionLocked"), "CON-005", "CON-010"),
            (422, told("InSubmittedVATReturn"), "CON-005", "CON-010"),
            (400, page.to_owned(), "CON-002", "CON-003"),
            (401, told("InvalidSessionToken"), "CON-004", "CON-004"),
            (401, told(LOCKED), "CON-004", "CON-004"),
            (403, told("Forbidden"), "CON-004", "CON-004"),
            (403, page.to_owned(), "CON-004", "CON-003"),
            (404, String::new(), "CON-007", "CON-007"),
            (404, page.to_owned(), "CON-002", "CON-003"),
            (429, page.to_owned(), "CON-001", "CON-001"),
            (500, told("Fault"), "CON-002", "CON-003"),
            (503, page.to_owned(), "CON-002", "CON-003"),
            (302, String::new(), "CON-002", "CON-003"),
        ] {
            let answer = answer(status, &body);
            assert_eq!(answer.failure_of_read("it", &[]).code(), read, "read {status} {body}");
            assert_eq!(answer.failure_of_write("it", &[]).code(), write, "write {status} {body}");
        }
    }

    #[test]
    fn only_a_dead_session_asks_for_a_new_log_in() {
        assert!(answer(401, &told("InvalidSessionToken")).is_dead_session());
        assert!(answer(401, "").is_dead_session(), "no code: a new session is worth one try");
        assert!(!answer(401, &told("NoPermission")).is_dead_session());
        assert!(!answer(401, &told(LOCKED)).is_dead_session());
        assert!(!answer(200, &told("InvalidSessionToken")).is_dead_session());
    }

    #[test]
    fn a_yes_is_a_yes_only_if_kashflow_said_it() {
        assert!(answer(201, r#"{"Number": 5}"#).says_done());
        assert!(answer(200, "{}").says_done() && answer(204, "").says_done());
        assert!(!answer(200, "<html>login</html>").says_done());
        assert!(!answer(201, r#"{"Number": 5"#).says_done(), "half an answer");
        assert!(!answer(200, &told("SomethingWrong")).says_done());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_past() {
        let until = |text: &str| match Answer::new(429, String::new(), Some(text.to_owned()), NOW).throttled() {
            ConnectorError::Throttled { until, .. } => until.as_second() - NOW.as_second(),
            other => panic!("{other}"),
        };
        assert_eq!(until("17"), 17);
        assert_eq!(until("0"), 1);
        assert_eq!(until("999999999999"), 86_400);
        let date = jiff::fmt::rfc2822::to_string(
            &clock::later(NOW, Duration::from_secs(90)).to_zoned(jiff::tz::TimeZone::UTC),
        )
        .unwrap();
        assert_eq!(until(&date.replace("+0000", "GMT")), 90);
        assert_eq!(until("Wed, 21 Oct 2015 07:28:00 GMT"), 1);
        assert_eq!(until("soon"), 30);
    }

    #[test]
    fn a_reason_holds_no_private_word() {
        let answer = answer(400, r#"{"Error": "X", "Message": "Customer Jane Kettle is not valid"}"#);
        let reason = answer.failure_of_write("customer AMZ7", &["Jane Kettle"]).to_string();
        assert_eq!(reason, "KashFlow refused customer AMZ7: Customer […] is not valid (X)");
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(status in 0_u16..999, body in ".{0,80}", after in ".{0,30}") {
            let answer = Answer::new(status, body, Some(after), NOW);
            let _ = (answer.failure_of_read("it", &[]), answer.failure_of_write("it", &[]), answer.says_done());
        }
    }
}
