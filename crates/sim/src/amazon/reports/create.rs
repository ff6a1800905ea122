//! createReport, and how long a report takes.

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::json;

use super::{Content, Outcome, Report, State, TYPES, bad_request, flat_file, settlements};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::query::time;
use crate::amazon::tokens::uuid;
use crate::world::mix;

/// Longest range of an order report.
const RANGE_DAYS_MAX: i64 = 31;
/// Seconds in which the same report is not made twice.
const AGAIN_AFTER_S: i64 = 30 * 60;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    report_type: String,
    marketplace_ids: Vec<String>,
    data_start_time: Option<String>,
    data_end_time: Option<String>,
}

/// What a report is about.
pub(super) struct Order {
    pub(super) kind: &'static str,
    pub(super) marketplaces: Vec<String>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) schedule_id: Option<String>,
}

pub(super) fn create_report(amazon: &Amazon, call: &Call<'_>, now: Timestamp) -> Answered {
    let request: Request = serde_json::from_slice(call.body).map_err(|_| bad_request("The body is not valid."))?;
    let kind = kind(&request.report_type)?;
    if request.marketplace_ids.is_empty() || request.marketplace_ids.len() > 25 {
        return Err(bad_request("Between 1 and 25 marketplaceIds must be specified."));
    }
    let date = |text: Option<String>| {
        text.map(|text| time(&text).ok_or_else(|| bad_request("A date is not valid."))).transpose()
    };
    let to = date(request.data_end_time)?.unwrap_or(now).min(now);
    let from = date(request.data_start_time)?.unwrap_or_else(|| now.checked_sub(24.hours()).unwrap_or(now));
    if from > to {
        return Err(bad_request("dataStartTime must not be after dataEndTime."));
    }
    let order = Order { kind, marketplaces: request.marketplace_ids, from, to, schedule_id: None };
    let id = make(amazon, &mut amazon.reports.lock(), order, now);
    Ok(Answer::json(StatusCode::ACCEPTED, &json!({"reportId": id})))
}

/// The type, if it is served.
pub(super) fn kind(name: &str) -> Result<&'static str, Answer> {
    if settlements::NOT_ON_REQUEST.contains(&name) {
        return Err(bad_request("Reports of this type are made by Amazon and cannot be requested or scheduled."));
    }
    TYPES.into_iter().find(|known| *known == name).ok_or_else(|| bad_request("The report type is not known."))
}

/// Puts a report into the queue; gives its id.
pub(super) fn make(amazon: &Amazon, state: &mut State, order: Order, now: Timestamp) -> String {
    state.made += 1;
    let number = state.made;
    let drawn = mix(amazon.world.seed() ^ (number << 24) ^ 0x4E90);
    let seconds = |draw: u64, from: i64, to: i64| from + i64::try_from(draw % (to - from).unsigned_abs()).unwrap_or(0);
    let later = |at: Timestamp, seconds: i64| at.checked_add(seconds.seconds()).unwrap_or(Timestamp::MAX);
    let started_at = later(now, seconds(drawn, 10, 60));
    let mut report = Report {
        id: format!("{}", 50_001_000_000 + number),
        document_id: format!("amzn1.spdoc.1.4.eu.{}.T{:X}", uuid(drawn), drawn >> 40),
        number,
        kind: order.kind,
        marketplaces: order.marketplaces,
        from: order.from,
        to: order.to,
        created_at: now,
        started_at,
        ended_at: later(started_at, seconds(drawn >> 20, 40, 240)),
        outcome: Outcome::Done,
        schedule_id: order.schedule_id,
        content: Content::Orders,
        is_gzip: number % 2 == 1,
        is_cp1252: number % 3 == 2,
    };
    report.outcome = outcome(amazon, state, &report);
    state.reports.push(report);
    state.reports.last().map(|report| report.id.clone()).unwrap_or_default()
}

fn outcome(amazon: &Amazon, state: &State, report: &Report) -> Outcome {
    if report.to.duration_since(report.from).as_hours() > RANGE_DAYS_MAX * 24 {
        return Outcome::Fatal;
    }
    let again = |earlier: &Report| {
        earlier.kind == report.kind
            && earlier.marketplaces == report.marketplaces
            && (earlier.from, earlier.to) == (report.from, report.to)
            && report.created_at.duration_since(earlier.created_at).as_secs() < AGAIN_AFTER_S
    };
    let empty = !flat_file::has_rows(amazon, report);
    if empty || state.reports.iter().rev().take(50).any(again) { Outcome::Cancelled } else { Outcome::Done }
}
