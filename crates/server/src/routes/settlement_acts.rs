//! What a person does with settlements: hand a file in, accept an amount, try again. Each leaves a row in the audit trail.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use money::Money;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::actor::Actor;
use crate::app::App;
use crate::extract::{self, Body, Path, Query};
use crate::problem::Problem;
use crate::routes::connections::{outcome, refused};
use crate::routes::settlement::{find, subject};
use crate::routes::settlements::SettlementStage;
use crate::{ControlError, Received, query};

/// Largest file, in bytes: some 250,000 rows. Larger ones are for the command line.
pub(crate) const UPLOAD_MAX: usize = 64 * 1024 * 1024;

/// Longest name of a file that is kept, in characters.
const NAME_MAX: usize = 200;

/// Whose file, and what it is called.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Upload {
    /// The pair whose mapping and books it is for.
    pair: String,
    /// The file's name.
    name: Option<String>,
}

/// What was found in a file.
#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    settlements: Vec<UploadedSettlement>,
}

/// A settlement that was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct UploadedSettlement {
    /// The marketplace's id.
    id: String,
    /// Currency of every amount in it.
    currency: &'static str,
    stage: SettlementStage,
    /// Whether it was known already, whichever file it came in. Nothing was changed then.
    duplicate: bool,
}

/// The amount that a person accepts for a row whose own cannot be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepting {
    /// The row's line in the file.
    line: u64,
    /// Digits in the settlement's currency, such as `-12.34`.
    amount: String,
}

/// Takes a settlement file in, as Amazon gave it: of any form, compressed or not.
#[utoipa::path(post, path = "/settlements", tag = "settlements", operation_id = "upload_settlement", params(Upload),
    request_body(content = String, content_type = "application/octet-stream", description = "The file's bytes, at most 64 MiB."),
    responses(
    (status = 200, body = Uploaded),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "It is larger than 64 MiB.", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It is no settlement.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn upload(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Upload>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Uploaded>, Problem> {
    let pair = extract::pair(&asked.pair)?;
    let bytes = body.map_err(|rejected| unread(&rejected))?;
    if bytes.is_empty() {
        return Err(Problem::bad_request("The file is empty."));
    }
    let name = query::text(asked.name).unwrap_or_else(|| "settlement".to_owned());
    let name: String = name.chars().take(NAME_MAX).collect();
    let size = bytes.len();
    let done = app.services.control.receive_settlement(&pair, &name, bytes.to_vec()).await;
    let detail = match &done {
        Ok(found) => json!({ "outcome": "done", "name": name, "bytes": size, "settlements": shown(found) }),
        Err(ControlError::Refused(why)) => json!({ "outcome": "refused", "why": why, "name": name, "bytes": size }),
    };
    actor.record(&app, "settlement.upload", &format!("pair/{pair}"), detail).await?;
    let found = done.map_err(not_taken)?;
    Ok(Json(Uploaded { settlements: found.into_iter().map(UploadedSettlement::from).collect() }))
}

/// Accepts an amount for a row whose own cannot be read. It goes to suspense, and the settlement is decided again.
#[utoipa::path(post, path = "/settlements/{pair}/{currency}/{id}/accept", tag = "settlements", operation_id = "accept_amount",
    params(("pair" = String, Path), ("currency" = String, Path), ("id" = String, Path)), request_body = Accepting, responses(
    (status = 202, description = "It is accepted, and the settlement is due now."),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The workers refused.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn accept(
    State(app): State<App>,
    actor: Actor,
    Path((pair, currency, id)): Path<(String, String, String)>,
    Body(body): Body<Accepting>,
) -> Result<StatusCode, Problem> {
    let row = find(&app, &pair, &currency, &id).await?;
    let amount = Money::parse(&body.amount, row.currency)
        .map_err(|error| Problem::bad_request(format!("`amount` cannot be used: {error}.")))?;
    // What is recorded and what is done are the same digits, however they were typed.
    let digits = amount.digits();
    let done = app.services.control.accept_amount(&row.pair, &row.id, row.currency, body.line, &digits).await;
    let mut detail = outcome(&done);
    detail["line"] = json!(body.line);
    detail["amount"] = json!(digits);
    actor.record(&app, "settlement.accept", &target(&row.pair, &subject(&row)), detail).await?;
    done.map_err(refused)?;
    Ok(StatusCode::ACCEPTED)
}

/// Decides a settlement again and delivers what is open.
#[utoipa::path(post, path = "/settlements/{pair}/{currency}/{id}/retry", tag = "settlements", operation_id = "retry_settlement",
    params(("pair" = String, Path), ("currency" = String, Path), ("id" = String, Path)), responses(
    (status = 202, description = "It is due now."),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The workers refused.", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry(
    State(app): State<App>,
    actor: Actor,
    Path((pair, currency, id)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    let row = find(&app, &pair, &currency, &id).await?;
    let done = app.services.control.retry_settlement(&row.pair, &row.id, row.currency).await;
    actor.record(&app, "settlement.retry", &target(&row.pair, &subject(&row)), outcome(&done)).await?;
    done.map_err(refused)?;
    Ok(StatusCode::ACCEPTED)
}

/// Pair and subject, for the audit trail.
fn target(pair: &model::PairId, subject: &str) -> String {
    format!("{pair}/{subject}")
}

fn shown(found: &[Received]) -> Vec<Value> {
    let one =
        |one: &Received| json!({ "id": one.settlement, "currency": one.currency.code(), "duplicate": one.duplicate });
    found.iter().map(one).collect()
}

impl From<Received> for UploadedSettlement {
    fn from(found: Received) -> UploadedSettlement {
        UploadedSettlement {
            id: found.settlement,
            currency: found.currency.code(),
            stage: found.stage.into(),
            duplicate: found.duplicate,
        }
    }
}

fn unread(rejected: &BytesRejection) -> Problem {
    if rejected.status() != StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::bad_request("The file could not be read to its end.");
    }
    let fix = "Compress it with gzip, or use `tillbridge settlement post`, which takes files of any size.";
    let (title, detail) = ("The file is too large", "The file is larger than 64 MiB.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", title, detail, fix)
}

fn not_taken(error: ControlError) -> Problem {
    let ControlError::Refused(why) = error;
    let fix = "Put right what the text names, then hand the file in again. Nothing of it was kept.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_taken", "This file was not taken", why, fix)
}
