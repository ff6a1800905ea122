//! Report schedules: one for each type and set of marketplaces; a second one replaces the first.

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::{Value, json};

use super::create::{Order, kind, make};
use super::{State, TYPES, bad_request};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::orders::time;
use crate::amazon::query;

/// Periods and their seconds.
const PERIODS: [(&str, i64); 18] = [
    ("PT5M", 300),
    ("PT15M", 900),
    ("PT30M", 1_800),
    ("PT1H", 3_600),
    ("PT2H", 7_200),
    ("PT4H", 14_400),
    ("PT8H", 28_800),
    ("PT12H", 43_200),
    ("P1D", 86_400),
    ("P2D", 172_800),
    ("P3D", 259_200),
    ("PT84H", 302_400),
    ("P7D", 604_800),
    ("P14D", 1_209_600),
    ("P15D", 1_296_000),
    ("P18D", 1_555_200),
    ("P30D", 2_592_000),
    ("P1M", 2_592_000),
];

#[derive(Debug)]
pub(super) struct Schedule {
    id: String,
    kind: &'static str,
    marketplaces: Vec<String>,
    period: &'static str,
    period_s: i64,
    next: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    report_type: String,
    marketplace_ids: Vec<String>,
    period: String,
    next_report_creation_time: Option<String>,
}

pub(super) fn create(amazon: &Amazon, call: &Call<'_>, now: Timestamp) -> Answered {
    let request: Request = serde_json::from_slice(call.body).map_err(|_| bad_request("Invalid input"))?;
    let kind = kind(&request.report_type)?;
    let &(period, period_s) = PERIODS
        .iter()
        .find(|(name, _)| *name == request.period)
        .ok_or_else(|| bad_request("The period is not known."))?;
    let first = request
        .next_report_creation_time
        .as_deref()
        .map(|text| query::time(text).ok_or_else(|| bad_request("A date is not valid.")));
    let next = first.transpose()?.unwrap_or(now);
    let mut state = amazon.reports.lock();
    state.made += 1;
    let id = format!("{}", 50_001_000_000 + state.made);
    state.schedules.retain(|schedule| schedule.kind != kind || schedule.marketplaces != request.marketplace_ids);
    state.schedules.push(Schedule {
        id: id.clone(),
        kind,
        marketplaces: request.marketplace_ids,
        period,
        period_s,
        next,
    });
    Ok(Answer::json(StatusCode::CREATED, &json!({"reportScheduleId": id})))
}

pub(super) fn get(amazon: &Amazon, id: &str) -> Answered {
    let state = amazon.reports.lock();
    state
        .schedules
        .iter()
        .find(|schedule| schedule.id == id)
        .map(|schedule| Answer::ok(&schedule.shown()))
        .ok_or_else(none)
}

pub(super) fn list(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let kinds = call
        .query
        .list("reportTypes")
        .filter(|kinds| kinds.len() <= 10 && kinds.iter().all(|kind| TYPES.contains(kind)));
    let kinds = kinds.ok_or_else(|| bad_request("Invalid input"))?;
    let state = amazon.reports.lock();
    let shown: Vec<Value> =
        state.schedules.iter().filter(|schedule| kinds.contains(&schedule.kind)).map(Schedule::shown).collect();
    Ok(Answer::ok(&json!({"reportSchedules": shown})))
}

pub(super) fn cancel(amazon: &Amazon, id: &str) -> Answered {
    let mut state = amazon.reports.lock();
    let place = state.schedules.iter().position(|schedule| schedule.id == id).ok_or_else(none)?;
    state.schedules.remove(place);
    Ok(Answer::ok(&json!({}))) // the model has no schema here, and public clients read JSON
}

/// Makes the reports that have fallen due since somebody last looked.
pub(super) fn make_due(amazon: &Amazon, state: &mut State, now: Timestamp) {
    let mut due = Vec::new();
    for schedule in &mut state.schedules {
        while schedule.next <= now {
            let from = schedule.next.checked_sub(schedule.period_s.seconds()).unwrap_or(schedule.next);
            let order = Order {
                kind: schedule.kind,
                marketplaces: schedule.marketplaces.clone(),
                from,
                to: schedule.next,
                schedule_id: Some(schedule.id.clone()),
            };
            due.push((schedule.next, order));
            schedule.next = schedule.next.checked_add(schedule.period_s.seconds()).unwrap_or(Timestamp::MAX);
        }
    }
    due.sort_by_key(|(at, _)| *at);
    for (at, order) in due {
        make(amazon, state, order, at);
    }
}

impl Schedule {
    fn shown(&self) -> Value {
        json!({
            "reportScheduleId": self.id,
            "reportType": self.kind,
            "marketplaceIds": self.marketplaces,
            "period": self.period,
            "nextReportCreationTime": time(self.next),
        })
    }
}

fn none() -> Answer {
    Answer::not_found("The report schedule could not be found.")
}
