//! One order: where it is, why, and everything that happened to it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use store::orders::{self, OrderRow};
use store::{connections, facts, intents, lanes, reviews, runs};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::app::App;
use crate::explain::{self, Situation};
use crate::extract::{self, Path};
use crate::problem::Problem;
use crate::routes::connections::{outcome, refused};
use crate::timeline::{self, Entry};
use crate::wire::OrderSummary;

/// Decisions shown of one order.
const RUNS_MAX: u32 = 200;

/// One order.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderDetail {
    order: OrderSummary,
    /// Why it is where it is.
    explanation: String,
    /// What a person should do; null if nothing.
    #[schema(required)]
    next_action: Option<String>,
    /// Whether trying again could change something.
    can_retry: bool,
    /// Everything that happened to it, the oldest first.
    timeline: Vec<Entry>,
}

/// One order.
#[utoipa::path(get, path = "/orders/{pair}/{order_id}", tag = "orders", operation_id = "show_order",
    params(("pair" = String, Path), ("order_id" = String, Path)), responses(
    (status = 200, body = OrderDetail),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(
    State(app): State<App>,
    Path((pair, order_id)): Path<(String, String)>,
) -> Result<Json<OrderDetail>, Problem> {
    let row = find(&app, &pair, &order_id).await?;
    let store = &app.services.store;
    let facts = facts::history(store, &row.pair, &order_id).await?;
    let runs = runs::of_subject(store, &row.pair, &order_id, RUNS_MAX).await?;
    let intents = intents::of_subject(store, &row.pair, &order_id).await?;
    let reviews = reviews::of_subject(store, &row.pair, &order_id).await?;
    let mut connections = connections::list(store).await?;
    connections.retain(|connection| connection.pair == row.pair);
    let lane_paused = lanes::paused_reason(store, &row.pair, &format!("order/{order_id}")).await?;
    let situation =
        Situation { order: &row, intents: &intents, reviews: &reviews, connections: &connections, lane_paused };
    let told = explain::explain(&situation);
    Ok(Json(OrderDetail {
        explanation: told.explanation,
        next_action: told.next_action,
        can_retry: told.can_retry,
        timeline: timeline::of(facts, runs, intents, reviews)?,
        order: row.into(),
    }))
}

/// Decides an order again and delivers what is open.
#[utoipa::path(post, path = "/orders/{pair}/{order_id}/retry", tag = "orders", operation_id = "retry_order",
    params(("pair" = String, Path), ("order_id" = String, Path)), responses(
    (status = 202, description = "It is due now."),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The workers refused.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry(
    State(app): State<App>,
    actor: Actor,
    Path((pair, order_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let row = find(&app, &pair, &order_id).await?;
    let done = app.services.control.retry(&row.pair, &order_id).await;
    actor.record(&app, "order.retry", &format!("order/{}/{order_id}", row.pair), outcome(&done)).await?;
    done.map_err(refused)?;
    Ok(StatusCode::ACCEPTED)
}

async fn find(app: &App, pair: &str, order_id: &str) -> Result<OrderRow, Problem> {
    let row = orders::get(&app.services.store, &extract::pair(pair)?, order_id).await?;
    row.ok_or_else(|| Problem::not_found("We have never heard of this order."))
}
