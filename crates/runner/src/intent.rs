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
//!
//! One machine for every kind of entry. A document with a series is found by its number and by its reference; an entry without one
//! by the marker in its comment, and an entry that says the same without a marker is never doubled but shown to a person.

use std::time::Duration;

use jiff::Timestamp;
use model::{Agreement, DocumentNumber, Draft, EntryKind, Receipt};
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
    /// The entries that carry our mark: a document's reference, any other entry's marker.
    pub by_mark: Vec<Receipt>,
    /// Money movements that say the same and carry no marker.
    pub alike: Vec<Receipt>,
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
    /// By our mark.
    pub mark: bool,
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
pub fn advance(intent: &mut Intent, draft: &Draft, event: Event, now: Timestamp, settle: Duration) -> Next {
    match event {
        Event::Resume => resume(intent, draft, now, settle),
        Event::Found(findings) => found(intent, draft, findings, now, settle),
        Event::Numbered(number) => {
            intent.number = Some(number);
            intent.state = State::Intended;
            Next::Look(exact(intent, draft))
        }
        Event::Answered(receipt) => answered(intent, draft, receipt, now, settle),
        Event::SendFailed(error) => send_failed(intent, error, now, settle),
        Event::LookFailed(error) => look_failed(error),
    }
}

/// The look that is never behind: by number, or by mark where there is no number.
fn exact(intent: &Intent, draft: &Draft) -> Look {
    Look { number: intent.number, mark: draft.series().is_none(), scan: false }
}

fn resume(intent: &mut Intent, draft: &Draft, now: Timestamp, settle: Duration) -> Next {
    match intent.state {
        State::Planned => Next::Look(Look { number: None, mark: true, scan: false }),
        State::Intended => Next::Look(exact(intent, draft)),
        State::Sent => {
            // Whoever sent it did not live to see the answer.
            unknown(intent, intent.sent_at.unwrap_or(now), settle);
            resume(intent, draft, now, settle)
        }
        State::Unknown => match intent.settle_until {
            Some(until) if until > now => Next::Wait { until },
            _ => Next::Look(Look { number: intent.number, mark: true, scan: intent.empty_looks > 0 }),
        },
        State::Confirmed => Next::Done { note: None },
        State::Conflict | State::Rejected => Next::Ask(Question {
            code: if intent.state == State::Conflict { "conflict" } else { "rejected" },
            reason: intent.reason.clone().unwrap_or_else(|| "An earlier attempt was given to a person.".to_owned()),
            fix: "Put the cause right, then press Retry.".to_owned(),
        }),
    }
}

fn found(intent: &mut Intent, draft: &Draft, findings: Findings, now: Timestamp, settle: Duration) -> Next {
    let Findings { by_number, by_mark, alike } = findings;
    if let [first, second, ..] = by_mark.as_slice() {
        let reason = format!(
            "{} and {} both carry {}. One entry stands in the books twice.",
            named(first),
            named(second),
            draft.mark()
        );
        let fix = "Delete or reverse the one that is wrong, then press Retry.";
        return conflict(intent, "duplicate_reference", reason, fix);
    }
    let mark = draft.mark();
    let foreign_on_our_number = by_number.as_ref().is_some_and(|receipt| !receipt.carries(&mark));
    let ours = by_number.filter(|receipt| receipt.carries(&mark)).or_else(|| by_mark.into_iter().next());
    if let Some(receipt) = ours {
        return compare(intent, draft, receipt, now);
    }
    if let Some(receipt) = alike.first() {
        return unmarked(intent, draft, receipt);
    }
    match intent.state {
        State::Planned if draft.series().is_some() => Next::Allocate { refresh: false },
        State::Planned => send(intent, now, settle),
        State::Intended if foreign_on_our_number => {
            intent.number = None;
            intent.state = State::Planned;
            Next::Allocate { refresh: true }
        }
        State::Intended => send(intent, now, settle),
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
            Next::Look(Look { number: intent.number, mark: true, scan: true })
        }
        State::Confirmed | State::Conflict | State::Rejected => resume(intent, draft, now, settle),
    }
}

fn send(intent: &mut Intent, now: Timestamp, settle: Duration) -> Next {
    intent.state = State::Sent;
    intent.attempts += 1;
    intent.sent_at = Some(now);
    intent.settle_until = Some(clock::later(now, settle));
    Next::Send
}

/// The books hold an entry that says the same without our marker: made by hand, or ours with its comment cut.
fn unmarked(intent: &mut Intent, draft: &Draft, receipt: &Receipt) -> Next {
    let what = format!("{} of {} on {}", named(receipt), shown(draft.amount()), receipt.on);
    let mark = draft.mark();
    if matches!(intent.state, State::Sent | State::Unknown) {
        let reason = format!(
            "{what} is in the books, but its comment does not end with {mark}, so it cannot be told from another. Nothing more was sent."
        );
        let fix = format!(
            "If it is the one that we wrote, put {mark} at the end of its comment in KashFlow and press Retry."
        );
        return conflict(intent, "mark_lost", reason, &fix);
    }
    let reason = format!(
        "{what} is in the books already, without a mark of ours. Nothing was sent, so that it does not stand there twice."
    );
    let fix = format!(
        "If it is the same, put {mark} at the end of its comment in KashFlow and press Retry: it is taken over. If it is another, enter ours in KashFlow by hand with {mark} at the end of its comment and press Retry."
    );
    conflict(intent, "alike_in_books", reason, &fix)
}

/// Compares an entry that carries our mark with the draft, to the penny.
fn compare(intent: &mut Intent, draft: &Draft, receipt: Receipt, now: Timestamp) -> Next {
    let written_by_us = matches!(intent.state, State::Sent | State::Unknown);
    let agreement = receipt.agrees_with(draft);
    if agreement == Agreement::None || (agreement == Agreement::SumsOnly && written_by_us) {
        let wanted = Receipt::wanted(draft, receipt.currency);
        let reason = format!(
            "{} carries {} but differs from what is wanted: it holds net {} and VAT {}, wanted are net {} and VAT {}{}. \
             It was not touched.",
            named(&receipt),
            draft.mark(),
            receipt.net,
            receipt.vat,
            shown(wanted.as_ref().map(|wanted| wanted.net)),
            shown(wanted.as_ref().map(|wanted| wanted.vat)),
            match agreement {
                Agreement::SumsOnly => " (the sums agree; date, party, account, VAT rate, lines or payment differ)",
                Agreement::Full | Agreement::None => "",
            },
        );
        intent.number = receipt.number;
        let fix = "Correct the entry in KashFlow or delete it, then press Retry.";
        return conflict(intent, "differs_in_books", reason, fix);
    }
    let renumbered = written_by_us && draft.series().is_some() && intent.number != receipt.number;
    let note = if agreement == Agreement::SumsOnly {
        Some(Question {
            code: "adopted_with_differences",
            reason: format!(
                "{} was in the books already with the right sums, but its date, party, account, VAT rate, lines or payment differ from what we would have \
                 written. It was adopted as it is.",
                named(&receipt)
            ),
            fix: "Compare the two and correct the entry in KashFlow if it is wrong.".to_owned(),
        })
    } else if renumbered {
        Some(Question {
            code: "renumbered_by_books",
            reason: format!("The books made it {} instead of giving it the number we chose.", named(&receipt)),
            fix: "Nothing to correct here. Ask support to switch the connection to reference mode if it happens again."
                .to_owned(),
        })
    } else {
        None
    };
    intent.adopted = !written_by_us;
    intent.number = receipt.number;
    intent.state = State::Confirmed;
    intent.confirmed_at = Some(now);
    intent.reason = None;
    intent.cause = None;
    intent.receipt = serde_json::to_string(&receipt).ok();
    Next::Done { note }
}

fn answered(
    intent: &mut Intent,
    draft: &Draft,
    receipt: Option<Box<Receipt>>,
    now: Timestamp,
    settle: Duration,
) -> Next {
    match receipt {
        // The books renumbered it: read back under the number that they gave.
        Some(receipt) if draft.series().is_some() && receipt.number != intent.number => {
            if receipt.carries(&draft.mark()) {
                return compare(intent, draft, *receipt, now);
            }
            unknown(intent, now, settle);
            Next::Wait { until: intent.settle_until.unwrap_or(now) }
        }
        // Without a number the books read it back by their own id: a list may not know it yet.
        Some(receipt) if draft.series().is_none() && receipt.carries(&draft.mark()) => {
            compare(intent, draft, *receipt, now)
        }
        _ => Next::Look(exact(intent, draft)),
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
            Next::Look(Look { number: intent.number, mark: true, scan: true })
        }
        ConnectorError::LimitReached { reason, fix, .. } => reject(intent, "books_limit_reached", reason, &fix),
        error @ ConnectorError::Locked { .. } => {
            let reason = format!("{error}. It is not in the books.");
            let fix = "Unlock the period in KashFlow, then press Retry.";
            reject(intent, "period_locked", reason, fix)
        }
        error @ ConnectorError::SideEffect { .. } => {
            let reason = format!("{error}. It is in the books, and nothing more was sent.");
            let fix = "Compare the named entries in KashFlow and correct them, then press Retry.";
            conflict(intent, "side_effect", reason, fix)
        }
        error @ ConnectorError::Rejected { .. } => {
            let reason = format!("{error}. It is not in the books.");
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
    intent.cause = Some(code.to_owned());
    intent.reason = Some(reason.clone());
    Next::Ask(Question { code, reason, fix: fix.to_owned() })
}

fn reject(intent: &mut Intent, code: &'static str, reason: String, fix: &str) -> Next {
    intent.state = State::Rejected;
    intent.cause = Some(code.to_owned());
    intent.reason = Some(reason.clone());
    Next::Ask(Question { code, reason, fix: fix.to_owned() })
}

/// "Document 1042", "The transfer".
fn named(receipt: &Receipt) -> String {
    match (receipt.number, receipt.kind) {
        (Some(number), EntryKind::Journal) => format!("Journal {number}"),
        (Some(number), EntryKind::Purchase) => format!("Bill {number}"),
        (Some(number), _) => format!("Document {number}"),
        (None, EntryKind::Bank) => "The bank transaction".to_owned(),
        (None, EntryKind::Transfer) => "The transfer".to_owned(),
        (None, EntryKind::Payment) => "The payment".to_owned(),
        (None, EntryKind::Allocation) => "The allocation".to_owned(),
        (None, _) => "The entry".to_owned(),
    }
}

fn shown<E>(amount: Result<money::Money, E>) -> String {
    amount.map_or_else(|_| "?".to_owned(), |amount| amount.to_string())
}
