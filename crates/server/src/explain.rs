//! Why an order is where it is, in a sentence, and what a person should do.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ports::System;
use store::connections::{Connection, ConnectionState};
use store::intents::{Intent, State};
use store::orders::{OrderRow, Stage};
use store::reviews::{Kind, Review};

use crate::timeline::document;

/// All that bears on where an order is.
pub(crate) struct Situation<'a> {
    pub(crate) order: &'a OrderRow,
    pub(crate) intents: &'a [Intent],
    pub(crate) reviews: &'a [Review],
    /// Those of the order's pair.
    pub(crate) connections: &'a [Connection],
    /// Why the workers put the order aside, if they did.
    pub(crate) lane_paused: Option<String>,
}

/// What is told about an order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) explanation: String,
    pub(crate) next_action: Option<String>,
    pub(crate) can_retry: bool,
}

/// Tells where an order is. What needs a person comes first, then what is on its way, then what it waits for.
pub(crate) fn explain(situation: &Situation<'_>) -> Told {
    let (explanation, next_action) =
        person_needed(situation).or_else(|| on_its_way(situation)).unwrap_or_else(|| at_rest(situation));
    Told { explanation, next_action, can_retry: can_retry(situation) }
}

type Words = (String, Option<String>);

fn can_retry(situation: &Situation<'_>) -> bool {
    matches!(situation.order.stage, Stage::Review | Stage::Failed)
        || situation.lane_paused.is_some()
        || situation.intents.iter().any(|intent| matches!(intent.state, State::Rejected | State::Conflict))
}

fn person_needed(situation: &Situation<'_>) -> Option<Words> {
    let open = situation.reviews.iter().filter(|review| review.closed_at.is_none());
    let weight = |kind: Kind| match kind {
        Kind::DeadLetter => 0,
        Kind::Review => 1,
        Kind::Break => 2,
    };
    if let Some(review) = open.min_by_key(|review| weight(review.kind)) {
        return Some((sentence(&review.reason), Some(sentence(&review.fix))));
    }
    // What was refused and decided again under another version is history.
    let refused =
        latest_versions(situation.intents).find(|intent| matches!(intent.state, State::Rejected | State::Conflict));
    if let (Some(intent), Stage::Review | Stage::Failed) = (refused, situation.order.stage) {
        let why = intent.reason.as_deref().unwrap_or("KashFlow did not take it");
        let explanation = format!("{} is not in the books: {}", document(intent), sentence(why));
        return Some((explanation, Some("Put the cause right, then try again.".to_owned())));
    }
    None
}

fn on_its_way(situation: &Situation<'_>) -> Option<Words> {
    let open = |state: State| situation.intents.iter().find(move |intent| intent.state == state);
    let under_way = [State::Unknown, State::Sent, State::Intended, State::Planned].into_iter().find_map(open);
    if (under_way.is_some() || situation.order.stage == Stage::Invoicing)
        && let Some((reason, fix)) = paused(situation, System::KashFlow)
    {
        let what = under_way.map_or_else(|| "Its document".to_owned(), document);
        let explanation =
            format!("{what} is held back because the connection to KashFlow is paused: {}", sentence(&reason));
        return Some((explanation, Some(sentence(&fix))));
    }
    let intent = under_way?;
    let name = document(intent);
    let explanation = match intent.state {
        State::Unknown => match intent.settle_until {
            Some(at) => format!(
                "KashFlow's answer about {} was lost; we look again at {} UK time before sending anything twice.",
                in_sentence(&name),
                uk_time(at)
            ),
            None => format!(
                "KashFlow's answer about {} was lost; we look for it again before sending anything twice.",
                in_sentence(&name)
            ),
        },
        State::Sent => format!("{name} was sent, and we wait for KashFlow's answer."),
        State::Intended => format!("{name} has its number and is about to be sent."),
        _ => match &situation.lane_paused {
            Some(reason) => format!("{name} is decided, but work on the order was put aside: {}", sentence(reason)),
            None => format!("{name} is decided and about to get its number."),
        },
    };
    let next_action = situation.lane_paused.as_ref().map(|_| "Put the cause right, then try again.".to_owned());
    Some((explanation, next_action))
}

fn at_rest(situation: &Situation<'_>) -> Words {
    let order = situation.order;
    let reason = order.stage_reason.as_deref().map(sentence);
    match order.stage {
        Stage::Waiting => {
            let waits =
                reason.map_or_else(|| "It waits to be dispatched.".to_owned(), |reason| format!("It waits: {reason}"));
            match paused(situation, System::Amazon) {
                Some((why, fix)) => {
                    let held = format!(
                        "{waits} News does not reach us, because the connection to Amazon is paused: {}",
                        sentence(&why)
                    );
                    (held, Some(sentence(&fix)))
                }
                None => (waits, None),
            }
        }
        Stage::Invoicing => match &situation.lane_paused {
            Some(why) => {
                let explanation = format!("Work on the order was put aside: {}", sentence(why));
                (explanation, Some("Put the cause right, then try again.".to_owned()))
            }
            None => ("Its document is being prepared.".to_owned(), None),
        },
        Stage::Invoiced => {
            let numbers: Vec<&str> =
                order.documents.split(',').map(str::trim).filter(|number| !number.is_empty()).collect();
            let done = match numbers.as_slice() {
                [] => "Everything this order wants is in KashFlow.".to_owned(),
                [number] => format!("It is in KashFlow as document {number}, read back and right to the penny."),
                numbers => {
                    format!("It is in KashFlow as documents {}, read back and right to the penny.", numbers.join(", "))
                }
            };
            (reason.map_or(done.clone(), |reason| format!("{done} {reason}")), None)
        }
        Stage::NothingToDo => (reason.unwrap_or_else(|| "It wants nothing in the books.".to_owned()), None),
        Stage::Review | Stage::Failed => {
            let explanation = reason.or_else(|| situation.lane_paused.as_deref().map(sentence));
            let explanation = explanation.unwrap_or_else(|| "It stopped, and its item was closed since.".to_owned());
            (explanation, Some("Put the cause right, then try again.".to_owned()))
        }
    }
}

/// Of each key only what came last.
fn latest_versions(intents: &[Intent]) -> impl Iterator<Item = &Intent> {
    intents
        .iter()
        .filter(|intent| !intents.iter().any(|other| other.key == intent.key && other.version > intent.version))
}

fn paused(situation: &Situation<'_>, system: System) -> Option<(String, String)> {
    situation.connections.iter().find(|connection| connection.system == system).and_then(|connection| match &connection
        .state
    {
        ConnectionState::Ready => None,
        ConnectionState::Paused { reason, fix, .. } => Some((reason.clone(), fix.clone())),
    })
}

/// With a full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// "Invoice 1042" as it stands within a sentence.
fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The time of day in the United Kingdom, where the books are kept.
fn uk_time(at: Timestamp) -> String {
    match TimeZone::get("Europe/London") {
        Ok(zone) => at.to_zoned(zone).strftime("%H:%M").to_string(),
        // Without time zones on the machine the full moment is still right.
        Err(_) => at.to_string(),
    }
}
