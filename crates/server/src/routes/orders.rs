//! The list of orders.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::orders::{self, OrderFilter, Stage};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::Query;
use crate::problem::Problem;
use crate::query;
use crate::wire::{self, OrderSummary};

/// Which orders.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Part of the order's id or of a document's number.
    search: Option<String>,
    /// Only this stage.
    #[param(value_type = Option<wire::Stage>)]
    stage: Option<String>,
    /// Only this site.
    marketplace: Option<String>,
    /// `FBA` or `FBM`.
    fulfilment: Option<String>,
    /// Placed at or after.
    #[param(value_type = Option<String>, format = DateTime)]
    placed_from: Option<String>,
    /// Placed before.
    #[param(value_type = Option<String>, format = DateTime)]
    placed_to: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 if absent.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// One page of orders, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderPage {
    orders: Vec<OrderSummary>,
    /// Pass it as `after` for the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
    /// All orders there are, whatever the filter.
    total: u64,
}

/// Orders, newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", operation_id = "list_orders", params(Filter), responses(
    (status = 200, body = OrderPage),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, Query(asked): Query<Filter>) -> Result<Json<OrderPage>, Problem> {
    let filter = OrderFilter {
        search: query::text(asked.search),
        stage: query::word("stage", asked.stage, Stage::parse)?,
        marketplace: query::text(asked.marketplace),
        fulfilment: query::text(asked.fulfilment),
        placed_from: query::time("placed_from", asked.placed_from)?,
        placed_to: query::time("placed_to", asked.placed_to)?,
    };
    let (after, limit) = (query::text(asked.after), query::limit(asked.limit)?);
    let page =
        orders::page(&app.services.store, &filter, after.as_deref(), limit).await.map_err(|error| match error {
            StoreError::Bad(_) => Problem::bad_request("`after` must be the `next` of another page."),
            error => error.into(),
        })?;
    Ok(Json(OrderPage {
        orders: page.rows.into_iter().map(OrderSummary::from).collect(),
        next: page.next,
        total: page.total,
    }))
}
