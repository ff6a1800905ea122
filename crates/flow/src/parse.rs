//! From TOML text to a flow, with errors that name line, step and fix.

use serde::Deserialize;
use toml::Spanned;

use crate::definition::{Action, Condition, Field, Flow, Otherwise, Step, StepKind};
use crate::error::FlowError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    flow: Head,
    trigger: Trigger,
    #[serde(default)]
    step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    name: String,
    version: u32,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    on: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    id: String,
    #[serde(rename = "use")]
    uses: String,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    when: toml::Table,
    wait: Option<String>,
    stop: Option<String>,
    on: Option<String>,
    #[serde(default)]
    cases: toml::Table,
    #[serde(rename = "do")]
    action: Option<String>,
}

const ACTIONS: &[(&str, Action)] = &[
    ("upsert_customer", Action::UpsertCustomer),
    ("want_invoice", Action::WantInvoice),
    ("want_reversal", Action::WantReversal),
];

const KINDS: &[&str] = &["filter", "switch", "map", "action"];

impl Flow {
    /// Reads and validates a flow.
    ///
    /// # Errors
    ///
    /// Every problem that was found.
    pub fn parse(text: &str) -> Result<Flow, Vec<FlowError>> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            vec![at(line, None, error.message().to_owned(), "Correct the line".to_owned())]
        })?;
        let mut found = Vec::new();
        if document.trigger.on != "order.changed" {
            found.push(at(
                line_with(text, "on ="),
                None,
                format!("there is no trigger `{}`", document.trigger.on),
                "Use \"order.changed\"".to_owned(),
            ));
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut routes: Vec<String> = Vec::new();
        for raw in document.step {
            let line = line_of(text, raw.span().start);
            let raw = raw.into_inner();
            let id = raw.id.clone();
            if steps.iter().any(|step| step.id == id) {
                found.push(at(
                    line,
                    Some(&id),
                    "this id is used twice".to_owned(),
                    "Give each step its own id".to_owned(),
                ));
            }
            for route in &raw.only {
                if !routes.contains(route) {
                    let fix = suggestion(route, routes.iter().map(String::as_str), "Name a route of a switch above");
                    found.push(at(line, Some(&id), format!("no switch above has the route `{route}`"), fix));
                }
            }
            match kind(&raw) {
                Ok(kind) => {
                    if let StepKind::Switch { cases, .. } = &kind {
                        routes.extend(cases.iter().map(|(_, route)| route.clone()));
                    }
                    steps.push(Step { id, only: raw.only, kind });
                }
                Err((what, fix)) => found.push(at(line, Some(&id), what, fix)),
            }
        }
        check_whole(&steps, &mut found);
        if !found.is_empty() {
            return Err(found);
        }
        let Head { name, version, description } = document.flow;
        Ok(Flow { name, version, description, steps })
    }
}

fn check_whole(steps: &[Step], found: &mut Vec<FlowError>) {
    let place = |wanted: &dyn Fn(&StepKind) -> bool| steps.iter().position(|step| wanted(&step.kind));
    let first_action = place(&|kind| matches!(kind, StepKind::Act(_)));
    match (place(&|kind| matches!(kind, StepKind::Map)), first_action) {
        (_, None) => found.push(at(
            0,
            None,
            "the flow wants nothing".to_owned(),
            "Add an action, for example want_invoice".to_owned(),
        )),
        (None, Some(_)) => found.push(at(
            0,
            None,
            "actions need a mapping".to_owned(),
            "Add a step with use = \"map\" before the first action".to_owned(),
        )),
        (Some(map), Some(action)) if map > action => {
            found.push(at(
                0,
                Some(&steps[action].id),
                "this action comes before the mapping it needs".to_owned(),
                "Move the map step above it".to_owned(),
            ));
        }
        _ => {}
    }
}

type Refused = (String, String);

fn kind(raw: &RawStep) -> Result<StepKind, Refused> {
    match raw.uses.as_str() {
        "filter" => filter(raw),
        "switch" => switch(raw),
        "map" => Ok(StepKind::Map),
        "action" => {
            let word = raw
                .action
                .as_deref()
                .ok_or_else(|| refused("an action needs `do`", "Add for example do = \"want_invoice\""))?;
            let known = ACTIONS.iter().find(|(name, _)| *name == word);
            known.map(|(_, action)| StepKind::Act(*action)).ok_or_else(|| {
                (
                    format!("there is no action `{word}`"),
                    suggestion(word, ACTIONS.iter().map(|(name, _)| *name), "See the list of actions"),
                )
            })
        }
        other => Err((
            format!("there is no step kind `{other}`"),
            suggestion(other, KINDS.iter().copied(), "Use filter, switch, map or action"),
        )),
    }
}

fn filter(raw: &RawStep) -> Result<StepKind, Refused> {
    if raw.when.is_empty() {
        return Err(refused("a filter needs `when`", "Add for example when = { fulfilment = [\"FBM\"] }"));
    }
    let mut when = Vec::new();
    for (name, values) in &raw.when {
        let (field, _, allowed) = field(name)?;
        let any_of =
            texts(values).ok_or_else(|| refused("values are texts", "Write a list such as [\"FBA\", \"FBM\"]"))?;
        for value in &any_of {
            possible(value, name, allowed)?;
        }
        when.push(Condition { field: *field, any_of });
    }
    let otherwise = match (&raw.wait, &raw.stop) {
        (Some(words), None) => Otherwise::Wait(words.clone()),
        (None, Some(words)) => Otherwise::Stop(words.clone()),
        _ => {
            return Err(refused(
                "a filter needs either `wait` or `stop`",
                "Say what orders that do not match wait for, or why they stop",
            ));
        }
    };
    Ok(StepKind::Filter { when, otherwise })
}

fn switch(raw: &RawStep) -> Result<StepKind, Refused> {
    let name =
        raw.on.as_deref().ok_or_else(|| refused("a switch needs `on`", "Add for example on = \"fulfilment\""))?;
    let (field, _, allowed) = field(name)?;
    let mut cases = Vec::new();
    for (value, route) in &raw.cases {
        possible(value, name, allowed)?;
        let route = route.as_str().ok_or_else(|| refused("a route is a text", "Write for example FBA = \"fba\""))?;
        cases.push((value.clone(), route.to_owned()));
    }
    if let Some(missing) = allowed.iter().find(|value| !cases.iter().any(|(case, _)| case == *value)) {
        return Err((
            format!("the switch has no case for `{missing}`"),
            format!("Add {missing} = \"…\", so that every order has a route"),
        ));
    }
    if cases.is_empty() {
        return Err(refused("the switch has no cases", "Add cases = { … }"));
    }
    Ok(StepKind::Switch { on: *field, cases })
}

fn field(name: &str) -> Result<&'static (Field, &'static str, &'static [&'static str]), Refused> {
    Field::ALL.iter().find(|(_, word, _)| *word == name).ok_or_else(|| {
        (
            format!("orders have no `{name}`"),
            suggestion(name, Field::ALL.iter().map(|(_, word, _)| *word), "See the list of fields"),
        )
    })
}

fn possible(value: &str, field: &str, allowed: &[&str]) -> Result<(), Refused> {
    if allowed.is_empty() || allowed.contains(&value) {
        return Ok(());
    }
    Err((
        format!("`{field}` is never `{value}`"),
        suggestion(value, allowed.iter().copied(), &format!("It is one of {}", allowed.join(", "))),
    ))
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::String(text) => Some(vec![text.clone()]),
        toml::Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map_or_else(|| otherwise.to_owned(), |(_, candidate)| format!("Did you mean `{candidate}`?"))
}

fn refused(what: &str, fix: &str) -> Refused {
    (what.to_owned(), fix.to_owned())
}

fn at(line: usize, step: Option<&str>, what: String, fix: String) -> FlowError {
    FlowError { line, step: step.map(str::to_owned), what, fix }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

fn line_with(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).map_or(0, |index| index + 1)
}
