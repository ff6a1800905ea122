//! The list of settlements.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::settlements::{self, SettlementFilter, SettlementRow, Stage};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{self, Query};
use crate::problem::Problem;
use crate::query;
use crate::summary::Glance;
use crate::wire::Money;

/// Which settlements.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only of this pair.
    pair: Option<String>,
    /// Only this stage.
    #[param(value_type = Option<SettlementStage>)]
    stage: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 if absent.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// How far a settlement is on its way into the books.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SettlementStage {
    /// Not decided yet.
    Received,
    /// It does not add up, or an amount cannot be read: nothing is posted until a person acts.
    Quarantined,
    /// Its documents are on their way.
    Posting,
    /// Everything it wants is in the books.
    Posted,
    /// Something waits for a person; the rest is in the books.
    Review,
}

/// One settlement, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettlementHead {
    /// The pair.
    pair: String,
    /// The marketplace's id.
    id: String,
    /// Currency of every amount in it. Pair, id and currency name a settlement.
    currency: &'static str,
    /// `marketplace` or `upload`.
    source: String,
    /// Begin of its period.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// End of its period.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// When the payout is initiated.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    deposit_on: Option<Timestamp>,
    /// What is paid out; below zero, what is owed to the marketplace.
    total: Money,
    /// Rows that carry an amount.
    rows: u64,
    /// How far it is.
    stage: SettlementStage,
    /// Why, in a sentence.
    #[schema(required)]
    stage_reason: Option<String>,
    /// `per_order`, `daily` or `settlement`: how it was posted.
    mode: String,
    /// Documents that it wants; null if it is not decided yet.
    #[schema(required)]
    documents: Option<u64>,
    /// Sums that wait on the suspense account; null if it is not decided yet.
    #[schema(required)]
    in_suspense: Option<u64>,
    /// Balance of the clearing account after it, in home currency; null if it is not decided yet.
    #[schema(required)]
    clearing_after: Option<Money>,
    /// Whether every penny of it is accounted for; null if it is not decided yet.
    #[schema(required)]
    explained: Option<bool>,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When all of it was in the books.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    posted_at: Option<Timestamp>,
}

/// One page of settlements, newest period first.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettlementPage {
    settlements: Vec<SettlementHead>,
    /// Pass it as `after` for the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

/// Settlements, newest period first.
#[utoipa::path(get, path = "/settlements", tag = "settlements", operation_id = "list_settlements", params(Filter), responses(
    (status = 200, body = SettlementPage),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, Query(asked): Query<Filter>) -> Result<Json<SettlementPage>, Problem> {
    let filter = SettlementFilter {
        pair: query::text(asked.pair).map(|pair| extract::pair(&pair)).transpose()?,
        stage: query::word("stage", asked.stage, Stage::parse)?,
    };
    let (after, limit) = (query::text(asked.after), query::limit(asked.limit)?);
    let page =
        settlements::page(&app.services.store, &filter, after.as_deref(), limit).await.map_err(
            |error| match error {
                StoreError::Bad(_) => Problem::bad_request("`after` must be the `next` of another page."),
                error => error.into(),
            },
        )?;
    Ok(Json(SettlementPage { settlements: page.rows.into_iter().map(SettlementHead::from).collect(), next: page.next }))
}

impl From<Stage> for SettlementStage {
    fn from(stage: Stage) -> SettlementStage {
        match stage {
            Stage::Received => SettlementStage::Received,
            Stage::Quarantined => SettlementStage::Quarantined,
            Stage::Posting => SettlementStage::Posting,
            Stage::Posted => SettlementStage::Posted,
            Stage::Review => SettlementStage::Review,
        }
    }
}

impl From<SettlementRow> for SettlementHead {
    fn from(row: SettlementRow) -> SettlementHead {
        let glance = Glance::read(&row.summary);
        SettlementHead {
            pair: row.pair.to_string(),
            id: row.id,
            currency: row.currency.code(),
            source: row.source,
            from: row.from,
            to: row.to,
            deposit_on: row.deposit_on,
            total: row.total.into(),
            rows: row.rows,
            stage: row.stage.into(),
            stage_reason: row.stage_reason,
            mode: row.mode,
            documents: glance.documents(),
            in_suspense: glance.in_suspense(),
            clearing_after: glance.clearing_after(),
            explained: glance.explained,
            first_seen_at: row.first_seen_at,
            posted_at: row.posted_at,
        }
    }
}
