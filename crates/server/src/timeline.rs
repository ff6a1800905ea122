//! The history of an order, told from what was recorded: nothing here is kept twice.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use store::facts::FactRow;
use store::intents::{Intent, State};
use store::reviews::Review;
use store::runs::Run;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Something that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What `data` holds.
    kind: EntryKind,
    /// Heading.
    title: String,
    /// A sentence.
    detail: String,
    /// State of a document, outcome of a run, `open` or `closed` of a review.
    #[schema(required)]
    state: Option<String>,
    /// Fact: what the marketplace said. Run: the trace. Intent: the frozen draft. Receipt: what the books confirmed.
    /// Review: code, kind, fix, path, closed_at, closed_by and note.
    #[schema(required, value_type = Option<Value>)]
    data: Option<Value>,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryKind {
    /// The marketplace said something.
    Fact,
    /// A flow decided.
    Run,
    /// A person was asked.
    Review,
    /// A document was decided and its number chosen.
    Intent,
    /// The books confirmed a document.
    Receipt,
}

/// All entries, the oldest first.
pub(crate) fn of(
    facts: Vec<FactRow>,
    runs: Vec<Run>,
    intents: Vec<Intent>,
    reviews: Vec<Review>,
) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::with_capacity(facts.len() + runs.len() + 2 * intents.len() + reviews.len());
    for fact in facts {
        entries.push(of_fact(fact)?);
    }
    entries.extend(runs.into_iter().map(of_run));
    for intent in intents {
        entries.extend(of_receipt(&intent)?);
        entries.push(of_intent(intent)?);
    }
    entries.extend(reviews.into_iter().map(of_review));
    // Of the same moment, causes come before what they led to.
    entries.sort_by_key(|entry| (entry.at, entry.kind));
    Ok(entries)
}

/// "Invoice 1042", or without a number "Invoice AMZ-203-…".
pub(crate) fn document(intent: &Intent) -> String {
    let noun = match intent.kind.as_str() {
        "invoice" => "Invoice",
        "reversal" => "Reversal",
        "refund" => "Refund",
        "customer" => "Customer",
        _ => "Document",
    };
    match intent.number {
        Some(number) => format!("{noun} {}", number.0),
        None => format!("{noun} {}", intent.reference),
    }
}

fn of_fact(fact: FactRow) -> Result<Entry, Problem> {
    Ok(Entry {
        at: fact.observed_at,
        kind: EntryKind::Fact,
        title: "Amazon told us about the order".to_owned(),
        detail: format!(
            "This is the order as Amazon last changed it at {}, kept word for word ({}).",
            fact.version, fact.kind
        ),
        state: None,
        data: Some(parsed(&fact.payload, "fact")?),
    })
}

fn of_run(run: Run) -> Entry {
    let title = match run.outcome.as_str() {
        "wants" => "Decided: this belongs in the books",
        "nothing" => "Decided: nothing is to be done",
        "waiting" => "Decided: wait",
        "parked" => "Not decided: a person is needed",
        _ => "Decided",
    };
    let by = format!("Flow {} version {} with mapping version {}.", run.flow, run.flow_version, run.mapping_version);
    Entry {
        at: run.at,
        kind: EntryKind::Run,
        title: title.to_owned(),
        detail: run.reason.map_or(by.clone(), |reason| format!("{reason} {by}")),
        state: Some(run.outcome),
        data: Some(run.trace),
    }
}

fn of_intent(intent: Intent) -> Result<Entry, Problem> {
    let detail = match intent.state {
        State::Planned => "It has no number yet and was not sent.".to_owned(),
        State::Intended => "Its number is chosen and kept; it was not sent yet.".to_owned(),
        State::Sent => "It was sent, and KashFlow has not answered yet.".to_owned(),
        State::Unknown => {
            "It was sent, and the answer was lost. We look for it before anything is sent again.".to_owned()
        }
        State::Confirmed if intent.adopted => "It was in KashFlow already, so it was taken over, not sent.".to_owned(),
        State::Confirmed => format!("It was sent {} and is in the books.", times(intent.attempts)),
        State::Conflict => reason(&intent, "KashFlow holds something else under this number or reference."),
        State::Rejected => reason(&intent, "KashFlow refused it."),
    };
    Ok(Entry {
        at: intent.planned_at,
        kind: EntryKind::Intent,
        title: format!("{} decided", document(&intent)),
        detail,
        state: Some(intent.state.as_str().to_owned()),
        data: Some(parsed(&intent.body, "intent")?),
    })
}

fn of_receipt(intent: &Intent) -> Result<Option<Entry>, Problem> {
    let (Some(at), Some(receipt)) = (intent.confirmed_at, &intent.receipt) else { return Ok(None) };
    Ok(Some(Entry {
        at,
        kind: EntryKind::Receipt,
        title: format!("{} is in KashFlow", document(intent)),
        detail: "We read it back, and it is what we meant to the penny.".to_owned(),
        state: Some(intent.state.as_str().to_owned()),
        data: Some(parsed(receipt, "receipt")?),
    }))
}

fn of_review(review: Review) -> Entry {
    let state = if review.closed_at.is_some() { "closed" } else { "open" };
    Entry {
        at: review.opened_at,
        kind: EntryKind::Review,
        title: review.title,
        detail: review.reason,
        state: Some(state.to_owned()),
        data: Some(json!({
            "code": review.code, "kind": review.kind.as_str(), "fix": review.fix, "path": review.path,
            "closed_at": review.closed_at, "closed_by": review.closed_by, "note": review.note,
        })),
    }
}

fn reason(intent: &Intent, otherwise: &str) -> String {
    intent.reason.clone().unwrap_or_else(|| otherwise.to_owned())
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// What was recorded as JSON. The text is not logged: it may hold buyer data.
fn parsed(text: &str, what: &str) -> Result<Value, Problem> {
    serde_json::from_str(text).map_err(|_| {
        tracing::error!("a recorded {what} is not JSON");
        Problem::internal()
    })
}
