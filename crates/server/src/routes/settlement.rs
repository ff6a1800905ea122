//! One settlement: from sales to payout, its documents and how far each is, and what waits for a person.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use money::Currency;
use serde::Serialize;
use serde_json::{Map, Value};
use store::intents::{self, Intent};
use store::reviews;
use store::settlements::{self, SettlementRow};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{self, Path};
use crate::problem::Problem;
use crate::routes::settlements::SettlementHead;
use crate::summary::{
    Clearing, LedgerLine, SettlementDocument, SettlementProblem, SettlementTask, Summary, UnreadableRow, VatBoxes,
    WaterfallStep,
};
use crate::wire::Review;

/// Documents in one answer. If there are more, those that are not in the books come first.
const DOCUMENTS_MAX: usize = 1_000;

/// The state of a document that is in the books.
const IN_BOOKS: Option<&str> = Some("confirmed");

/// One settlement.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettlementDetail {
    settlement: SettlementHead,
    /// Form of the file: `v2`, `v1`, `xml`, ….
    #[schema(required)]
    format: Option<String>,
    #[schema(required)]
    clearing: Option<Clearing>,
    /// From sales to the payout: balance before, steps and balance after add up.
    waterfall: Vec<WaterfallStep>,
    /// Its documents, each followed by its payment; at most 1,000.
    documents: Vec<SettlementDocument>,
    /// How many of all documents are how far; those that were not committed yet count as `undecided`.
    document_states: BTreeMap<String, u64>,
    ledger: Vec<LedgerLine>,
    tasks: Vec<SettlementTask>,
    problems: Vec<SettlementProblem>,
    unreadable: Vec<UnreadableRow>,
    vat: Vec<VatBoxes>,
    /// Open items about it.
    reviews: Vec<Review>,
    /// Parts of its record that are there and could not be read, and so are not shown.
    unread: Vec<&'static str>,
}

/// One settlement.
#[utoipa::path(get, path = "/settlements/{pair}/{currency}/{id}", tag = "settlements", operation_id = "show_settlement",
    params(("pair" = String, Path), ("currency" = String, Path), ("id" = String, Path)), responses(
    (status = 200, body = SettlementDetail),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(
    State(app): State<App>,
    Path((pair, currency, id)): Path<(String, String, String)>,
) -> Result<Json<SettlementDetail>, Problem> {
    let row = find(&app, &pair, &currency, &id).await?;
    let store = &app.services.store;
    let subject = subject(&row);
    let intents = intents::of_subject(store, &row.pair, &subject).await?;
    let open =
        reviews::of_subject(store, &row.pair, &subject).await?.into_iter().filter(|item| item.closed_at.is_none());
    let mut summary = Summary::read(&row.summary, row.currency);
    mark_accepted(&mut summary.unreadable, &row.accepted, &mut summary.unread);
    let documents = with_states(summary.documents, &intents);
    Ok(Json(SettlementDetail {
        settlement: row.into(),
        format: summary.format,
        clearing: summary.clearing,
        waterfall: summary.waterfall,
        document_states: counted(&documents),
        documents: at_most(documents),
        ledger: summary.ledger,
        tasks: summary.tasks,
        problems: summary.problems,
        unreadable: summary.unreadable,
        vat: summary.vat,
        reviews: open.map(Review::from).collect(),
        unread: summary.unread,
    }))
}

/// The settlement of an address.
pub(crate) async fn find(app: &App, pair: &str, currency: &str, id: &str) -> Result<SettlementRow, Problem> {
    let unknown = || Problem::not_found("We have never received this settlement.");
    let currency = Currency::parse(currency).map_err(|_| unknown())?;
    settlements::get(&app.services.store, &extract::pair(pair)?, id, currency).await?.ok_or_else(unknown)
}

/// What its intents and items are about.
pub(crate) fn subject(row: &SettlementRow) -> String {
    format!("settlement/{}-{}", row.id, row.currency.code())
}

/// Joins each document with the last version of its intent.
fn with_states(documents: Vec<SettlementDocument>, intents: &[Intent]) -> Vec<SettlementDocument> {
    let mut latest: BTreeMap<&str, &Intent> = BTreeMap::new();
    for intent in intents {
        let known = latest.entry(&intent.key).or_insert(intent);
        if intent.version > known.version {
            *known = intent;
        }
    }
    let joined = |mut document: SettlementDocument| {
        let intent = latest.get(document.key.as_str());
        document.state = intent.map(|intent| intent.state.as_str().to_owned());
        document.number = intent.and_then(|intent| intent.number).map(|number| number.0);
        document.reason = intent.and_then(|intent| intent.reason.clone());
        document
    };
    documents.into_iter().map(joined).collect()
}

fn counted(documents: &[SettlementDocument]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for document in documents {
        *counts.entry(document.state.clone().unwrap_or_else(|| "undecided".to_owned())).or_insert(0) += 1;
    }
    counts
}

fn at_most(mut documents: Vec<SettlementDocument>) -> Vec<SettlementDocument> {
    if documents.len() > DOCUMENTS_MAX {
        documents.sort_by_key(|document| document.state.as_deref() == IN_BOOKS);
        documents.truncate(DOCUMENTS_MAX);
    }
    documents
}

/// Marks the rows for which a person accepted an amount: `accepted` is empty, or JSON with amounts by line under `lines`.
fn mark_accepted(rows: &mut [UnreadableRow], accepted: &str, unread: &mut Vec<&'static str>) {
    if accepted.is_empty() {
        return;
    }
    let Ok(mut accepted) = serde_json::from_str::<Map<String, Value>>(accepted) else {
        unread.push("accepted");
        return;
    };
    let amounts = match accepted.remove("lines") {
        Some(Value::Object(amounts)) => amounts,
        _ => accepted,
    };
    let lines: BTreeSet<u64> = amounts.keys().filter_map(|line| line.parse().ok()).collect();
    for row in rows {
        row.is_accepted = lines.contains(&row.line);
    }
}
