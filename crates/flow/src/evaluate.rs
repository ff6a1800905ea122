//! Evaluating a flow for one order: a pure function.

use bookkeeping::sales::{Held, Readiness, Wanted, readiness, wanted};
use bookkeeping::{Advice, Policy, Problem};
use mapping::Mapping;
use model::{DocumentKind, Fulfilment, Order, OrderStatus, Programme, SalesDraft};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::definition::{Action, Condition, Field, Flow, Otherwise, StepKind};
use crate::policy::{Reference, policy};

/// What a flow gives for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// How it ended.
    pub outcome: Outcome,
    /// New documents, in order.
    pub drafts: Vec<SalesDraft>,
    /// What a person should know.
    pub advice: Vec<Advice>,
    /// What each step decided.
    pub trace: Vec<StepTrace>,
}

/// How an evaluation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The order wants the drafts, or everything it wants is held.
    Wants,
    /// It wants nothing, for good.
    Nothing {
        /// Why.
        reason: String,
    },
    /// It wants nothing until something changes.
    Waiting {
        /// What.
        for_what: String,
    },
    /// A person must decide.
    Parked {
        /// Why.
        problems: Vec<Problem>,
    },
}

/// One step of the trace. Never holds buyer data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTrace {
    /// The step's id.
    pub step: String,
    /// The pattern or action.
    pub uses: String,
    /// What was decided, in words.
    pub decision: String,
    /// What it looked at.
    pub input: Value,
    /// What it gave.
    pub output: Value,
}

/// Runs `flow` for `order`.
pub fn evaluate(flow: &Flow, mapping: &Mapping, order: &Order, reference: &Reference, held: &[Held]) -> Evaluation {
    let mut run = Run {
        order,
        mapping,
        reference,
        held,
        routes: Vec::new(),
        policy: None,
        trace: Vec::new(),
        drafts: Vec::new(),
        advice: Vec::new(),
    };
    for step in &flow.steps {
        if !step.only.is_empty() && !step.only.iter().any(|route| run.routes.contains(route)) {
            continue;
        }
        if let Some(outcome) = run.step(&step.id, &step.kind) {
            return run.end(outcome);
        }
    }
    run.end(Outcome::Wants)
}

struct Run<'a> {
    order: &'a Order,
    mapping: &'a Mapping,
    reference: &'a Reference,
    held: &'a [Held],
    routes: Vec<String>,
    policy: Option<Policy>,
    trace: Vec<StepTrace>,
    drafts: Vec<SalesDraft>,
    advice: Vec<Advice>,
}

impl Run<'_> {
    fn end(self, outcome: Outcome) -> Evaluation {
        Evaluation { outcome, drafts: self.drafts, advice: self.advice, trace: self.trace }
    }

    fn note(&mut self, step: &str, uses: &str, decision: String, input: Value, output: Value) {
        self.trace.push(StepTrace { step: step.to_owned(), uses: uses.to_owned(), decision, input, output });
    }

    fn step(&mut self, id: &str, kind: &StepKind) -> Option<Outcome> {
        match kind {
            StepKind::Filter { when, otherwise } => self.filter(id, when, otherwise),
            StepKind::Switch { on, cases } => self.switch(id, *on, cases),
            StepKind::Map => self.map(id),
            StepKind::Act(action) => self.act(id, *action),
        }
    }

    fn filter(&mut self, id: &str, when: &[Condition], otherwise: &Otherwise) -> Option<Outcome> {
        let seen: serde_json::Map<String, Value> = when
            .iter()
            .map(|condition| (word(condition.field).to_owned(), json!(self.value(condition.field))))
            .collect();
        let passes = when.iter().all(|condition| condition.any_of.contains(&self.value(condition.field)));
        if passes {
            self.note(id, "Message Filter", "goes on".to_owned(), Value::Object(seen), json!(true));
            return None;
        }
        // An order that was invoiced before is never turned away: cancelled later, it must be taken back.
        if !self.held.is_empty() {
            self.note(
                id,
                "Message Filter",
                "goes on, because documents are held for it".to_owned(),
                Value::Object(seen),
                json!(true),
            );
            return None;
        }
        let (decision, outcome) = match otherwise {
            Otherwise::Wait(words) => (format!("waits: {words}"), Outcome::Waiting { for_what: words.clone() }),
            Otherwise::Stop(words) => (format!("stops: {words}"), Outcome::Nothing { reason: words.clone() }),
        };
        self.note(id, "Message Filter", decision, Value::Object(seen), json!(false));
        Some(outcome)
    }

    fn switch(&mut self, id: &str, on: Field, cases: &[(String, String)]) -> Option<Outcome> {
        let value = self.value(on);
        let Some((_, route)) = cases.iter().find(|(case, _)| *case == value) else {
            let problem = Problem {
                code: "no_route".to_owned(),
                path: id.to_owned(),
                reason: format!(
                    "The flow's switch `{id}` has no route for {} = {value}. Nothing is posted for this order.",
                    word(on)
                ),
                fix: format!("Add a case for `{value}` to the flow, then press Retry."),
                high_priority: false,
            };
            self.note(id, "Content-Based Router", "no route".to_owned(), json!({ word(on): value }), Value::Null);
            return Some(Outcome::Parked { problems: vec![problem] });
        };
        self.note(
            id,
            "Content-Based Router",
            format!("takes the route {route}"),
            json!({ word(on): value }),
            json!(route),
        );
        self.routes.push(route.clone());
        None
    }

    fn map(&mut self, id: &str) -> Option<Outcome> {
        match policy(self.mapping, self.reference) {
            Ok(policy) => {
                let version = self.mapping.version;
                self.note(
                    id,
                    "Message Translator",
                    format!("uses version {version} of the mapping"),
                    Value::Null,
                    json!(version),
                );
                self.policy = Some(policy);
                None
            }
            Err(problems) => {
                self.note(
                    id,
                    "Message Translator",
                    "the mapping does not fit the books".to_owned(),
                    Value::Null,
                    json!(problems),
                );
                Some(Outcome::Parked { problems })
            }
        }
    }

    fn act(&mut self, id: &str, action: Action) -> Option<Outcome> {
        // The validator puts a map step before every action.
        let policy = self.policy.as_ref()?;
        match action {
            Action::UpsertCustomer => {
                // Customers follow their documents: the shell ensures the one that each wanted draft names before it is sent.
                self.note(
                    id,
                    "Content Enricher",
                    format!("{} customers", self.mapping.customers.mode),
                    Value::Null,
                    Value::Null,
                );
                None
            }
            Action::WantInvoice | Action::WantReversal => match wanted(self.order, policy, self.held) {
                Ok(found) => {
                    self.want(id, action, found);
                    None
                }
                Err(problems) => {
                    self.note(
                        id,
                        "want",
                        "cannot be decided without a person".to_owned(),
                        Value::Null,
                        json!(problems),
                    );
                    Some(Outcome::Parked { problems })
                }
            },
        }
    }

    fn want(&mut self, id: &str, action: Action, found: Wanted) {
        let of_action = |draft: &SalesDraft| match action {
            Action::WantReversal => draft.key.kind == DocumentKind::Reversal,
            _ => draft.key.kind == DocumentKind::Invoice,
        };
        let wanted: Vec<SalesDraft> = found.drafts.into_iter().filter(of_action).collect();
        let decision = match wanted.len() {
            0 => "wants nothing more".to_owned(),
            1 => format!("wants {}", wanted[0].reference),
            count => format!("wants {count} documents"),
        };
        let shown: Vec<Value> = wanted.iter().map(shown).collect();
        self.note(
            id,
            if action == Action::WantReversal { "want_reversal" } else { "want_invoice" },
            decision,
            json!({ "held": self.held.len() }),
            json!(shown),
        );
        self.drafts.extend(wanted);
        for advice in found.advice {
            if !self.advice.contains(&advice) {
                self.advice.push(advice);
            }
        }
    }

    fn value(&self, field: Field) -> String {
        let order = self.order;
        match field {
            Field::Status => match order.status {
                OrderStatus::Pending => "pending",
                OrderStatus::Unshipped => "unshipped",
                OrderStatus::PartiallyShipped => "partially_shipped",
                OrderStatus::Shipped => "shipped",
                OrderStatus::Cancelled => "cancelled",
                OrderStatus::Unfulfillable => "unfulfillable",
            }
            .to_owned(),
            Field::Fulfilment => match order.fulfilment {
                Fulfilment::ByMarketplace => "FBA",
                Fulfilment::BySeller => "FBM",
            }
            .to_owned(),
            Field::Buyer => if order.is(Programme::Business) { "business" } else { "consumer" }.to_owned(),
            Field::Marketplace => order.market.short.clone(),
            Field::Purpose => {
                let replacement = order.is(Programme::Replacement) || order.replaces.is_some();
                if replacement { "replacement" } else { "sale" }.to_owned()
            }
            Field::InvoicedBy => {
                if order.is(Programme::InvoicedByMarketplace) { "marketplace" } else { "seller" }.to_owned()
            }
            Field::Ready => {
                let when = match self.mapping.invoices.when.as_str() {
                    "payment" => bookkeeping::InvoiceWhen::Payment,
                    _ => bookkeeping::InvoiceWhen::Dispatch,
                };
                if readiness(order, when) == Readiness::Ready { "yes" } else { "no" }.to_owned()
            }
        }
    }
}

fn word(field: Field) -> &'static str {
    Field::ALL.iter().find(|(known, _, _)| *known == field).map_or("", |(_, word, _)| word)
}

/// A draft as the trace shows it: amounts, accounts and rates; no buyer, no address.
fn shown(draft: &SalesDraft) -> Value {
    let money = |amount: Result<money::Money, money::MoneyError>| {
        amount.map_or_else(|_| "?".to_owned(), |amount| amount.to_string())
    };
    json!({
        "reference": draft.reference,
        "customer": draft.customer.code,
        "issued_on": draft.issued_on,
        "net": money(draft.net()),
        "vat": money(draft.vat()),
        "gross": money(draft.gross()),
        "rate": draft.rate,
        "lines": draft.lines.iter().map(|line| json!({
            "text": line.description,
            "quantity": line.quantity,
            "net": line.net.to_string(),
            "vat_rate": line.vat_rate,
            "vat": line.vat.to_string(),
            "account": line.nominal,
            "product": line.product,
        })).collect::<Vec<_>>(),
    })
}
