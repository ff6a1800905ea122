//! Decides one order: facts → canonical order → flow → wanted documents, compared with what was decided before.
//!
//! The decision, its trace and the intents it caused are one commit. Deciding twice changes nothing: an intent has a natural
//! key, and what is held already is part of the question.

use std::collections::BTreeSet;

use flow::{Evaluation, Held, Outcome};
use jiff::Timestamp;
use model::{CustomerCode, Draft, Fingerprint, Order, OrderStatus, PairId};
use ports::Parked;
use sha2::{Digest, Sha256};
use store::facts::FactRow;
use store::intents::{self, Intent, State};
use store::orders::{OrderRow, Stage};
use store::{Store, StoreError, facts, reviews, runs};
use uuid::Uuid;

use crate::pair::Pair;

/// What was decided about an order.
#[derive(Debug)]
pub struct Decision {
    /// The order, if it could be read.
    pub order: Option<Order>,
    /// Documents to deliver, oldest first: earlier intents that are not confirmed, then new ones.
    pub open: Vec<(Intent, Draft)>,
}

/// Reads the newest fact about `order_id`, runs the flow and commits the decision.
///
/// # Errors
///
/// [`StoreError`]. A fact that cannot be used is not an error: it is parked as a review item.
pub async fn decide_order(store: &Store, pair: &Pair, order_id: &str) -> Result<Decision, StoreError> {
    let Some((fact, buyer)) = facts::current(store, pair.id(), order_id).await? else {
        return Ok(Decision { order: None, open: Vec::new() });
    };
    let order = match pair.setup.marketplace.translate(&fact.kind, &fact.payload, buyer.as_deref()) {
        Ok(order) => order,
        Err(parked) => {
            park(store, pair, order_id, &fact, parked).await?;
            return Ok(Decision { order: None, open: Vec::new() });
        }
    };
    let (retried, earlier): (Vec<_>, Vec<_>) =
        held(store, pair, order_id).await?.into_iter().partition(|(intent, _)| is_retried(intent));
    let holding: Vec<Held> = earlier.iter().filter_map(|(_, draft)| sales(draft)).collect();
    let reference = pair.reference.current();
    let evaluation = flow::evaluate(&pair.setup.flow, &pair.setup.mapping, &order, &reference, &holding);
    let mut open: Vec<(Intent, Draft)> =
        earlier.into_iter().filter(|(intent, _)| intent.state != State::Confirmed).collect();
    let known = Known {
        undelivered: !open.is_empty(),
        holds: !holding.is_empty(),
        retried: retried.into_iter().map(|(intent, _)| intent).collect(),
    };
    let planned = commit(store, pair, &order, &fact, evaluation, known).await?;
    open.extend(planned);
    Ok(Decision { order: Some(order), open })
}

/// Refused by the books and put back by a person: it was never written, so it is decided afresh under its own key.
fn is_retried(intent: &Intent) -> bool {
    intent.state == State::Planned && intent.cause.as_deref() == Some(crate::runner::RETRY)
}

/// Documents of the order that were decided before, with their drafts, oldest first.
pub(crate) async fn held(store: &Store, pair: &Pair, subject: &str) -> Result<Vec<(Intent, Draft)>, StoreError> {
    let mut held = Vec::new();
    for intent in intents::of_subject(store, pair.id(), subject).await? {
        let draft: Draft = serde_json::from_str(&intent.body)
            .map_err(|error| StoreError::Damaged(format!("the frozen body of intent {}: {error}", intent.id)))?;
        held.push((intent, draft));
    }
    Ok(held)
}

/// The sales documents among what an order holds: the flow asks only for those.
fn sales(draft: &Draft) -> Option<Held> {
    match draft {
        Draft::Sales(draft) => Some(Held { key: draft.key.clone(), draft: draft.clone() }),
        _ => None,
    }
}

/// An intent that freezes `draft`, in state planned.
pub(crate) fn intent_of(store: &Store, pair: &PairId, subject: &str, draft: &Draft) -> Result<Intent, StoreError> {
    let body = serde_json::to_string(draft).map_err(|error| StoreError::Bad(error.to_string()))?;
    let (key, kind) = (draft.key().to_string(), draft.key().kind.as_str());
    let mut intent = new_intent(store, pair, &key, subject, kind, draft.reference(), body);
    draft_fingerprint(&mut intent, draft);
    Ok(intent)
}

fn draft_fingerprint(intent: &mut Intent, draft: &Draft) {
    Fingerprint::of_draft(draft).as_str().clone_into(&mut intent.fingerprint);
}

/// Freezes a planned draft again after a detail of it became known.
pub(crate) fn freeze_again(intent: &mut Intent, draft: &Draft) -> Result<(), StoreError> {
    intent.body = serde_json::to_string(draft).map_err(|error| StoreError::Bad(error.to_string()))?;
    intent.body_sha256 = Sha256::digest(intent.body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    draft_fingerprint(intent, draft);
    Ok(())
}

/// A new intent in state planned. The caller sets fingerprint and, for a later version, version.
pub(crate) fn new_intent(
    store: &Store,
    pair: &PairId,
    key: &str,
    subject: &str,
    kind: &str,
    reference: &str,
    body: String,
) -> Intent {
    let now = store.clock().now();
    Intent {
        id: Uuid::now_v7().to_string(),
        pair: pair.clone(),
        key: key.to_owned(),
        version: 1,
        subject: subject.to_owned(),
        kind: kind.to_owned(),
        number: None,
        reference: reference.to_owned(),
        body_sha256: Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        body,
        fingerprint: String::new(),
        state: State::Planned,
        attempts: 0,
        epoch: store.epoch(),
        planned_at: now,
        sent_at: None,
        settle_until: None,
        empty_looks: 0,
        confirmed_at: None,
        adopted: false,
        receipt: None,
        reason: None,
        cause: None,
        next_sweep_at: None,
        sweeps: 0,
        updated_at: now,
    }
}

/// Replaces the customer or supplier code of a planned draft by the one under which the books hold it, and freezes it again.
pub(crate) fn with_party(intent: &mut Intent, draft: &mut Draft, code: CustomerCode) -> Result<(), StoreError> {
    match draft {
        Draft::Sales(draft) => draft.customer.code = code,
        Draft::Purchase(draft) => draft.supplier.code = code,
        Draft::Bank(_) | Draft::Transfer(_) | Draft::Journal(_) | Draft::Payment(_) | Draft::Allocation(_) => {}
    }
    freeze_again(intent, draft)
}

/// What was decided before.
struct Known {
    /// Some of it is on its way.
    undelivered: bool,
    /// There is some.
    holds: bool,
    /// Refused by the books and put back by a person.
    retried: Vec<Intent>,
}

async fn commit(
    store: &Store,
    pair: &Pair,
    order: &Order,
    fact: &FactRow,
    evaluation: Evaluation,
    known: Known,
) -> Result<Vec<(Intent, Draft)>, StoreError> {
    let Known { undelivered, holds, mut retried } = known;
    let now = store.clock().now();
    let Evaluation { outcome, drafts, advice, trace } = evaluation;
    let (mut planned, mut refrozen) = (Vec::new(), Vec::new());
    for draft in drafts {
        let draft = Draft::Sales(draft);
        let mut intent = intent_of(store, pair.id(), order.id.as_str(), &draft)?;
        if let Some(place) = retried.iter().position(|old| old.key == intent.key) {
            intent.id = retried.swap_remove(place).id;
            refrozen.push(intent.clone());
        }
        planned.push((intent, draft));
    }
    for intent in &mut retried {
        intent.state = State::Rejected;
        intent.reason = Some("The order no longer wants this document.".to_owned());
        intent.cause = Some("not_wanted".to_owned());
        intent.epoch = store.epoch();
        intent.updated_at = now;
    }
    let (stage, stage_reason, outcome_word) = stage(&outcome, !planned.is_empty() || undelivered, holds);
    let wants = matches!(outcome, Outcome::Wants) && !planned.is_empty();
    let run = runs::Run {
        id: Uuid::now_v7().to_string(),
        pair: pair.id().clone(),
        subject: order.id.to_string(),
        flow: pair.setup.flow.name().to_owned(),
        flow_version: pair.setup.flow.version(),
        mapping_version: pair.setup.mapping.version,
        outcome: outcome_word.to_owned(),
        reason: stage_reason.clone(),
        trace: serde_json::to_value(&trace).unwrap_or_default(),
        fact_id: Some(fact.id),
        at: now,
    };
    let row = order_row(pair, order, stage, stage_reason, now, wants);
    let mut notes: Vec<reviews::NewReview> = advice
        .into_iter()
        .map(|advice| problem(pair, order.id.as_str(), reviews::Kind::Review, advice.into(), now))
        .collect();
    if let Outcome::Parked { problems } = outcome {
        for trouble in problems {
            let kind =
                if trouble.code == "changed_after_invoice" { reviews::Kind::Break } else { reviews::Kind::Review };
            notes.push(problem(pair, order.id.as_str(), kind, trouble, now));
        }
    }
    let rows: Vec<Intent> = planned.iter().map(|(intent, _)| intent.clone()).collect();
    // One item for one cause: three lines without a price are one thing to do.
    let mut causes = BTreeSet::new();
    notes.retain(|note| causes.insert(note.code.clone()));
    let parked_codes: Vec<String> = notes.iter().map(|note| note.code.clone()).collect();
    let (id, subject) = (pair.id().clone(), order.id.to_string());
    let fresh = store
        .write(move |tx| {
            Box::pin(async move {
                runs::record(tx, &run).await?;
                orders_upsert(tx, &row).await?;
                reviews::close_cured(tx, &id, &subject, "flow", &parked_codes, now).await?;
                for note in notes {
                    reviews::open(tx, &note).await?;
                }
                for intent in retried {
                    intents::save(tx, &intent, State::Planned).await?;
                }
                let mut fresh = Vec::new();
                for intent in rows {
                    let known = refrozen.iter().any(|old| old.id == intent.id);
                    if known {
                        intents::save(tx, &intent, State::Planned).await?;
                    }
                    fresh.push(known || intents::plan(tx, &intent).await?);
                }
                Ok(fresh)
            })
        })
        .await?;
    Ok(planned.into_iter().zip(fresh).filter_map(|(planned, is_new)| is_new.then_some(planned)).collect())
}

async fn orders_upsert(tx: &mut store::Tx, row: &OrderRow) -> Result<(), StoreError> {
    store::orders::upsert(tx, row).await
}

fn stage(outcome: &Outcome, undelivered: bool, holds: bool) -> (Stage, Option<String>, &'static str) {
    match outcome {
        Outcome::Wants if undelivered => (Stage::Invoicing, None, "wants"),
        Outcome::Wants if holds => (Stage::Invoiced, None, "wants"),
        Outcome::Wants => {
            (Stage::NothingToDo, Some("Nothing was dispatched, so there is nothing to invoice.".to_owned()), "nothing")
        }
        Outcome::Nothing { reason } if undelivered => (Stage::Invoicing, Some(reason.clone()), "nothing"),
        Outcome::Nothing { reason } if holds => (Stage::Invoiced, Some(reason.clone()), "nothing"),
        Outcome::Nothing { reason } => (Stage::NothingToDo, Some(reason.clone()), "nothing"),
        Outcome::Waiting { for_what } => (Stage::Waiting, Some(for_what.clone()), "waiting"),
        Outcome::Parked { problems } => {
            (Stage::Review, problems.first().map(|problem| problem.reason.clone()), "parked")
        }
    }
}

fn order_row(
    pair: &Pair,
    order: &Order,
    stage: Stage,
    stage_reason: Option<String>,
    now: Timestamp,
    wants: bool,
) -> OrderRow {
    OrderRow {
        pair: pair.id().clone(),
        order_id: order.id.to_string(),
        marketplace: order.market.name.clone(),
        status: status_word(order.status).to_owned(),
        fulfilment: match order.fulfilment {
            model::Fulfilment::ByMarketplace => "FBA",
            model::Fulfilment::BySeller => "FBM",
        }
        .to_owned(),
        business: order.is(model::Programme::Business),
        placed_at: order.placed_at,
        updated_at: order.updated_at,
        total: order.total,
        stage,
        stage_reason,
        first_seen_at: now,
        // Latency counts from the moment the marketplace made the order ready, not from when we heard of it.
        ready_at: wants.then_some(order.updated_at),
        invoiced_at: None,
        documents: String::new(),
    }
}

fn status_word(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "pending",
        OrderStatus::Unshipped => "unshipped",
        OrderStatus::PartiallyShipped => "partially shipped",
        OrderStatus::Shipped => "shipped",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Unfulfillable => "unfulfillable",
    }
}

async fn park(store: &Store, pair: &Pair, order_id: &str, fact: &FactRow, parked: Parked) -> Result<(), StoreError> {
    let now = store.clock().now();
    let opened = reviews::NewReview {
        pair: pair.id().clone(),
        subject: order_id.to_owned(),
        code: parked.code,
        kind: reviews::Kind::Review,
        title: format!("Order {order_id} cannot be read"),
        reason: format!("{} (at {}). The order is kept and nothing is posted for it.", parked.reason, parked.path),
        fix: parked.fix,
        path: Some(parked.path),
        amount: None,
        source: "flow",
        at: now,
    };
    let row = OrderRow {
        pair: pair.id().clone(),
        order_id: order_id.to_owned(),
        marketplace: String::new(),
        status: "unreadable".to_owned(),
        fulfilment: String::new(),
        business: false,
        placed_at: fact.version,
        updated_at: fact.version,
        total: None,
        stage: Stage::Review,
        stage_reason: Some(opened.reason.clone()),
        first_seen_at: now,
        ready_at: None,
        invoiced_at: None,
        documents: String::new(),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                orders_upsert(tx, &row).await?;
                reviews::open(tx, &opened).await?;
                Ok(())
            })
        })
        .await
}

fn problem(
    pair: &Pair,
    subject: &str,
    kind: reviews::Kind,
    problem: bookkeeping::Problem,
    at: Timestamp,
) -> reviews::NewReview {
    reviews::NewReview {
        pair: pair.id().clone(),
        subject: subject.to_owned(),
        code: problem.code,
        kind,
        title: format!("Order {subject}"),
        reason: problem.reason,
        fix: problem.fix,
        path: Some(problem.path),
        amount: None,
        source: "flow",
        at,
    }
}
