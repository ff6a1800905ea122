//! Items for a person.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::audit;
use store::reviews::{self, Kind};
use utoipa::{IntoParams, ToSchema};

use crate::actor::Actor;
use crate::app::App;
use crate::extract::{Body, Path, Query};
use crate::problem::Problem;
use crate::query;
use crate::wire::{Review, ReviewKind};

/// Items in one answer. More open items than this need another remedy than a list.
const ITEMS_MAX: u32 = 1_000;
/// Longest note, in characters.
const NOTE_MAX: usize = 2_000;

/// Which items.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// `true`: only items that are not closed.
    #[param(value_type = Option<bool>)]
    open: Option<String>,
    /// Only this kind.
    #[param(value_type = Option<ReviewKind>)]
    kind: Option<String>,
}

/// Items in the order in which they were opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reviews {
    reviews: Vec<Review>,
}

/// Why an item is closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    /// What was done about it.
    note: String,
}

/// Items in the order in which they were opened, at most 1,000.
#[utoipa::path(get, path = "/reviews", tag = "reviews", operation_id = "list_reviews", params(Filter), responses(
    (status = 200, body = Reviews),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, Query(asked): Query<Filter>) -> Result<Json<Reviews>, Problem> {
    let open = query::word("open", asked.open, |word| word.parse::<bool>().ok())?.unwrap_or(false);
    let kind = query::word("kind", asked.kind, kind)?;
    let rows = reviews::list(&app.services.store, open, kind, ITEMS_MAX, None).await?;
    Ok(Json(Reviews { reviews: rows.into_iter().map(Review::from).collect() }))
}

/// Closes an item with a note.
#[utoipa::path(post, path = "/reviews/{id}/close", tag = "reviews", operation_id = "close_review",
    params(("id" = i64, Path)), request_body = Closing, responses(
    (status = 204, description = "It is closed."),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It was closed already.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn close(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<i64>,
    Body(body): Body<Closing>,
) -> Result<StatusCode, Problem> {
    let note = body.note.trim().to_owned();
    if note.is_empty() || note.chars().count() > NOTE_MAX {
        return Err(Problem::bad_request(format!("`note` must say what was done, in at most {NOTE_MAX} characters.")));
    }
    let item =
        reviews::get(&app.services.store, id).await?.ok_or_else(|| Problem::not_found("There is no such item."))?;
    let detail = json!({ "subject": item.subject, "code": item.code, "note": note });
    let entry = actor.entry(&app, "review.close", &format!("review/{id}"), detail);
    let (by, now) = (actor.name, app.services.clock.now());
    let closed = app.services.store.write(move |tx| {
        Box::pin(async move {
            let closed = reviews::close_by_id(tx, id, &by, &note, now).await?;
            if closed {
                audit::append(tx, &entry).await?;
            }
            Ok(closed)
        })
    });
    if closed.await? { Ok(StatusCode::NO_CONTENT) } else { Err(closed_already()) }
}

fn kind(word: &str) -> Option<Kind> {
    [Kind::Review, Kind::Break, Kind::DeadLetter].into_iter().find(|kind| kind.as_str() == word)
}

fn closed_already() -> Problem {
    let detail = "Somebody, or the workers when the cause was gone, closed this item already.";
    Problem::new(StatusCode::CONFLICT, "closed_already", "Closed already", detail, "Load the list again.")
}
