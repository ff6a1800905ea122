//! The intent protocol as a state machine without I/O.
//!
//! `planned → intended → sent → confirmed`, with `sent → unknown → (adopted | intended again)`, `→ conflict` and `→ rejected`.
//! [`advance`] takes what happened and says what to do next; the shell ([`crate::deliver`]) commits the changed intent *before*
//! it does that. The rules it keeps (facts: reliability §1, §3):
//!
//! - nothing is sent but from a committed intent, under a number that was committed before;
//! - between "not there" and "send" lies one look, and after a send of unknown outcome lie the settle time, two empty exact
//!   looks one settle apart and an empty scan of the date window;
//! - a document that is there already is adopted if it equals the draft, and never overwritten if it does not.

use std::time::Duration;

use jiff::Timestamp;
use model::{DocumentNumber, Fingerprint, Receipt, SalesDraft};
use ports::ConnectorError;
use store::intents::{Intent, State};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The work on the intent begins or resumes; after a crash this is all we know.
    Resume,
    /// A look ended.
    Found(Findings),
    /// A number was allocated and committed.
    Numbered(DocumentNumber),
    /// The books answered the write; read back what they made of it.
    Answered(Option<Box<Receipt>>),
    /// The write failed, or its answer did not arrive.
    SendFailed(ConnectorError),
    /// A look, a read-back or the allocation of a number failed: nothing was written by it.
    LookFailed(ConnectorError),
}

/// What a look found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The document that has our number.
    pub by_number: Option<Receipt>,
    /// The documents that carry our reference.
    pub by_reference: Vec<Receipt>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Look into the books.
    Look(Look),
    /// Allocate the next number. `refresh`: ask the books for their highest first, ours was taken.
    Allocate {
        /// Whether the books must be asked.
        refresh: bool,
    },
    /// Send the write, once.
    Send,
    /// Nothing to do before this moment.
    Wait {
        /// Until when.
        until: Timestamp,
    },
    /// The same call again after a back-off: nothing was written.
    Retry(ConnectorError),
    /// The credentials are refused: pause the connection.
    Pause(ConnectorError),
    /// A person must decide. The intent keeps its state.
    Ask(Question),
    /// The document is in the books as the draft says. `note`: something a person should know although nothing is wrong.
    Done {
        /// A thing worth a visible note.
        note: Option<Question>,
    },
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// By our number.
    pub number: Option<DocumentNumber>,
    /// By our reference.
    pub reference: bool,
    /// Through the list of the date window as well, in case the search index is behind.
    pub scan: bool,
}

/// Something for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Stable code.
    pub code: &'static str,
    /// What happened and what it means for the books.
    pub reason: String,
    /// The next action.
    pub fix: String,
}

/// Takes `event` into `intent` and says what to do next. `intent.state` may change; the caller commits it first.
pub fn advance(intent: &mut Intent, draft: &SalesDraft, event: Event, now: Timestamp, settle: Duration) -> Next {
    match event {
        Event::Resume => resume(intent, now, settle),
        Event::Found(findings) => found(intent, draft, findings, now, settle),
        Event::Numbered(number) => {
            intent.number = Some(number);
            intent.state = State::Intended;
            Next::Look(Look { number: Some(number), reference: false, scan: false })
        }
        Event::Answered(receipt) => answered(intent, draft, receipt, now, settle),
        Event::SendFailed(error) => send_failed(intent, error, now, settle),
        Event::LookFailed(error) => look_failed(error),
    }
}

fn resume(intent: &mut Intent, now: Timestamp, settle: Duration) -> Next {
    match intent.state {
        State::Planned => Next::Look(Look { number: None, reference: true, scan: false }),
        State::Intended => Next::Look(Look { number: intent.number, reference: false, scan: false }),
        State::Sent => {
            // Whoever sent it did not live to see the answer.
            unknown(intent, intent.sent_at.unwrap_or(now), settle);
            resume(intent, now, settle)
        }
        State::Unknown => match intent.settle_until {
            Some(until) if until > now => Next::Wait { until },
            _ => Next::Look(Look { number: intent.number, reference: true, scan: intent.empty_looks > 0 }),
        },
        State::Confirmed => Next::Done { note: None },
        State::Conflict | State::Rejected => Next::Ask(Question {
            code: if intent.state == State::Conflict { "conflict" } else { "rejected" },
            reason: intent.reason.clone().unwrap_or_else(|| "An earlier attempt was given to a person.".to_owned()),
            fix: "Put the cause right, then press Retry on the order's page.".to_owned(),
        }),
    }
}

fn found(intent: &mut Intent, draft: &SalesDraft, findings: Findings, now: Timestamp, settle: Duration) -> Next {
    let Findings { by_number, by_reference } = findings;
    if let [first, second, ..] = by_reference.as_slice() {
        let reason = format!(
            "Documents {} and {} both carry the reference {}. One sale stands in the books twice.",
            first.number, second.number, intent.reference
        );
        return conflict(
            intent,
            "duplicate_reference",
            reason,
            "Delete or reverse the one that is wrong, then press Retry.",
        );
    }
    let ours = |receipt: &Receipt| receipt.reference.eq_ignore_ascii_case(&intent.reference);
    let foreign_on_our_number = by_number.as_ref().is_some_and(|receipt| !ours(receipt));
    if let Some(receipt) = by_number.filter(ours).or_else(|| by_reference.into_iter().next()) {
        return compare(intent, draft, receipt, now);
    }
    match intent.state {
        State::Planned => Next::Allocate { refresh: false },
        State::Intended if foreign_on_our_number => {
            intent.number = None;
            intent.state = State::Planned;
            Next::Allocate { refresh: true }
        }
        State::Intended => {
            intent.state = State::Sent;
            intent.attempts += 1;
            intent.sent_at = Some(now);
            intent.settle_until = Some(clock::later(now, settle));
            Next::Send
        }
        // The books answered but show nothing: treat it like an answer that was lost.
        State::Sent => {
            unknown(intent, now, settle);
            Next::Wait { until: intent.settle_until.unwrap_or(now) }
        }
        State::Unknown => {
            intent.empty_looks += 1;
            if intent.empty_looks < 2 {
                let until = clock::later(now, settle);
                intent.settle_until = Some(until);
                return Next::Wait { until };
            }
            intent.empty_looks = 0;
            intent.state = if foreign_on_our_number { State::Planned } else { State::Intended };
            if foreign_on_our_number {
                intent.number = None;
                return Next::Allocate { refresh: true };
            }
            Next::Look(Look { number: intent.number, reference: true, scan: true })
        }
        State::Confirmed | State::Conflict | State::Rejected => resume(intent, now, settle),
    }
}

/// Compares a document that carries our reference with the draft, to the penny.
fn compare(intent: &mut Intent, draft: &SalesDraft, receipt: Receipt, now: Timestamp) -> Next {
    let written_by_us = matches!(intent.state, State::Sent | State::Unknown);
    let gross = |net: money::Money, vat: money::Money| net.plus(vat);
    let same_totals = draft.vat().is_ok_and(|vat| vat == receipt.vat)
        && draft.gross().is_ok_and(|sum| gross(receipt.net, receipt.vat).is_ok_and(|held| held == sum));
    let same = same_totals && Fingerprint::of_receipt(&receipt) == Fingerprint::of_draft(draft);
    if !same && (written_by_us || !same_totals) {
        let reason = format!(
            "Document {} carries the reference {} but differs from what this order wants: it holds net {} and VAT {}, wanted are net {} and VAT {}{}. \
             It was not touched.",
            receipt.number,
            intent.reference,
            receipt.net,
            receipt.vat,
            shown(draft.net()),
            shown(draft.vat()),
            if same_totals { " (the sums agree; date, customer, account or VAT rate differ)" } else { "" },
        );
        intent.number = Some(receipt.number);
        return conflict(
            intent,
            "differs_in_books",
            reason,
            "Correct the document in KashFlow or delete it, then press Retry.",
        );
    }
    let renumbered = written_by_us && intent.number.is_some_and(|number| number != receipt.number);
    let note = if !same {
        Some(Question {
            code: "adopted_with_differences",
            reason: format!(
                "Document {} was in the books already with the right sums, but its date, customer, account or VAT rate differ from what we would have written. \
                 It was adopted as it is.",
                receipt.number
            ),
            fix: "Compare the two on the order's page and correct the document in KashFlow if it is wrong.".to_owned(),
        })
    } else if renumbered {
        Some(Question {
            code: "renumbered_by_books",
            reason: format!("The books gave the document number {} instead of the one we chose.", receipt.number),
            fix: "Nothing to correct here. Ask support to switch the connection to reference mode if it happens again."
                .to_owned(),
        })
    } else {
        None
    };
    intent.adopted = !written_by_us;
    intent.number = Some(receipt.number);
    intent.state = State::Confirmed;
    intent.confirmed_at = Some(now);
    intent.reason = None;
    intent.receipt = serde_json::to_string(&receipt).ok();
    Next::Done { note }
}

fn answered(
    intent: &mut Intent,
    draft: &SalesDraft,
    receipt: Option<Box<Receipt>>,
    now: Timestamp,
    settle: Duration,
) -> Next {
    match receipt {
        // The books renumbered it: read back under the number that they gave.
        Some(receipt) if Some(receipt.number) != intent.number => {
            if receipt.reference.eq_ignore_ascii_case(&intent.reference) {
                return compare(intent, draft, *receipt, now);
            }
            unknown(intent, now, settle);
            Next::Wait { until: intent.settle_until.unwrap_or(now) }
        }
        _ => Next::Look(Look { number: intent.number, reference: false, scan: false }),
    }
}

fn look_failed(error: ConnectorError) -> Next {
    match error {
        ConnectorError::Throttled { until, .. } => Next::Wait { until },
        error @ ConnectorError::Unauthorized { .. } => Next::Pause(error),
        error => Next::Retry(error),
    }
}

fn send_failed(intent: &mut Intent, error: ConnectorError, now: Timestamp, settle: Duration) -> Next {
    match error {
        // An answer that cannot be read says nothing about whether the write was done.
        ConnectorError::OutcomeUnknown { .. } | ConnectorError::Malformed { .. } => {
            unknown(intent, now, settle);
            Next::Wait { until: intent.settle_until.unwrap_or(now) }
        }
        ConnectorError::Throttled { until, .. } => {
            intent.state = State::Intended;
            Next::Wait { until }
        }
        error @ (ConnectorError::Unavailable { .. } | ConnectorError::NotFound { .. }) => {
            intent.state = State::Intended;
            Next::Retry(error)
        }
        error @ ConnectorError::Unauthorized { .. } => {
            intent.state = State::Intended;
            Next::Pause(error)
        }
        ConnectorError::Duplicate { .. } => {
            intent.state = State::Intended;
            Next::Look(Look { number: intent.number, reference: true, scan: true })
        }
        ConnectorError::LimitReached { reason, fix, .. } => reject(intent, "books_limit_reached", reason, &fix),
        error @ ConnectorError::Rejected { .. } => {
            let reason = format!("{error}. The document is not in the books.");
            reject(
                intent,
                "rejected_by_books",
                reason,
                "Put the cause right in KashFlow or in the mapping, then press Retry.",
            )
        }
    }
}

fn unknown(intent: &mut Intent, since: Timestamp, settle: Duration) {
    intent.state = State::Unknown;
    intent.empty_looks = 0;
    intent.settle_until = Some(clock::later(since, settle));
}

fn conflict(intent: &mut Intent, code: &'static str, reason: String, fix: &str) -> Next {
    intent.state = State::Conflict;
    intent.reason = Some(reason.clone());
    Next::Ask(Question { code, reason, fix: fix.to_owned() })
}

fn reject(intent: &mut Intent, code: &'static str, reason: String, fix: &str) -> Next {
    intent.state = State::Rejected;
    intent.reason = Some(reason.clone());
    Next::Ask(Question { code, reason, fix: fix.to_owned() })
}

fn shown(amount: Result<money::Money, money::MoneyError>) -> String {
    amount.map_or_else(|_| "?".to_owned(), |amount| amount.to_string())
}
