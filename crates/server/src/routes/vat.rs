//! What settlements put into the boxes of VAT returns.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use money::{Money as Amount, MoneyError};
use serde::Serialize;
use store::settlements::{self, Stage};
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;
use crate::routes::settlements::SettlementHead;
use crate::summary::{Glance, VatBoxes};
use crate::wire::Money;

/// How far back settlements are added up: five quarters, and days enough for a settlement that began before them.
const REACH: Duration = Duration::from_secs(500 * 24 * 60 * 60);

/// What settlements put into VAT returns. Other sales and purchases of the business are not in it.
#[derive(Serialize, ToSchema)]
pub(crate) struct VatPreview {
    /// The latest period first.
    periods: Vec<VatPeriod>,
    /// Settlements of the last 500 days that are in no figure, because they are not decided, were kept back or cannot be read.
    left_out: Vec<SettlementHead>,
}

/// Boxes of one return, in home currency.
#[derive(Serialize, ToSchema)]
pub(crate) struct VatPeriod {
    /// The pair.
    pair: String,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day.
    #[schema(format = Date)]
    to: String,
    /// VAT due on sales.
    box1: Money,
    /// VAT reclaimed on purchases.
    box4: Money,
    /// Net to pay; below zero, to reclaim: box 1 less box 4.
    box5: Money,
    /// Sales without VAT.
    box6: Money,
    /// Purchases without VAT.
    box7: Money,
    /// Settlements whose documents are in it.
    settlements: u64,
    /// How many of them are not wholly in the books yet.
    unposted: u64,
}

/// What settlements of the last 500 days put into VAT returns, by pair and period.
#[utoipa::path(get, path = "/vat", tag = "settlements", operation_id = "vat_preview", responses(
    (status = 200, body = VatPreview),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn preview(State(app): State<App>) -> Result<Json<VatPreview>, Problem> {
    let since = app.services.clock.now().checked_sub(REACH).unwrap_or(Timestamp::MIN);
    let mut sums: BTreeMap<Key, Sums> = BTreeMap::new();
    let mut left_out = Vec::new();
    for row in settlements::ended_since(&app.services.store, since).await? {
        let Some(boxes) = Glance::read(&row.summary).vat() else {
            left_out.push(SettlementHead::from(row));
            continue;
        };
        for one in boxes {
            let key = (one.to.clone(), one.from.clone(), row.pair.to_string());
            add(&mut sums, key, &one, row.stage != Stage::Posted).map_err(too_large)?;
        }
    }
    let periods = sums.into_iter().rev().map(|(key, sums)| period(key, &sums)).collect::<Result<_, _>>();
    Ok(Json(VatPreview { periods: periods.map_err(too_large)?, left_out }))
}

/// Last day, first day and pair: the order of the answer.
type Key = (String, String, String);

struct Sums {
    /// Boxes 1, 4, 6 and 7.
    boxes: [Amount; 4],
    settlements: u64,
    unposted: u64,
}

fn add(sums: &mut BTreeMap<Key, Sums>, key: Key, one: &VatBoxes, unposted: bool) -> Result<(), MoneyError> {
    let boxes = [one.box1.plain()?, one.box4.plain()?, one.box6.plain()?, one.box7.plain()?];
    match sums.get_mut(&key) {
        None => {
            sums.insert(key, Sums { boxes, settlements: 1, unposted: u64::from(unposted) });
        }
        Some(known) => {
            for (sum, more) in known.boxes.iter_mut().zip(boxes) {
                *sum = sum.plus(more)?;
            }
            known.settlements += 1;
            known.unposted += u64::from(unposted);
        }
    }
    Ok(())
}

fn period((to, from, pair): Key, sums: &Sums) -> Result<VatPeriod, MoneyError> {
    let [box1, box4, box6, box7] = sums.boxes;
    Ok(VatPeriod {
        pair,
        from,
        to,
        box1: box1.into(),
        box4: box4.into(),
        box5: box1.minus(box4)?.into(),
        box6: box6.into(),
        box7: box7.into(),
        settlements: sums.settlements,
        unposted: sums.unposted,
    })
}

fn too_large(error: MoneyError) -> Problem {
    tracing::error!("the boxes of VAT cannot be added up: {error}");
    Problem::internal()
}
