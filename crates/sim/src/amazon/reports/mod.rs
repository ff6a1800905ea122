//! Reports v2021-06-30 for the two all-orders flat files (fact sheet §7) and for settlements (§9).
//!
//! A report's progress is a function of the clock; schedules make their reports when somebody looks.

mod create;
mod document;
mod flat_file;
mod schedule;
mod settlements;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Amazon;
use super::answer::{Answer, Answered};
use super::call::Call;
use super::orders::time;
use super::page::PageToken;
use crate::world::Settlement;

pub(super) use document::document;
use schedule::Schedule;

/// Folder of the presigned documents.
pub(super) const DOCUMENTS: &str = "/documents/";

/// Types that are served.
const TYPES: [&str; 2] =
    ["GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"];
const STATUSES: [&str; 5] = ["CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"];

/// Reports and schedules.
#[derive(Default)]
pub(super) struct Reports(Mutex<State>);

#[derive(Default)]
struct State {
    /// In order of creation.
    reports: Vec<Report>,
    schedules: Vec<Schedule>,
    made: u64,
    /// Settlements listed up to here have their reports.
    settlements_until: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Report {
    id: String,
    document_id: String,
    number: u64,
    kind: &'static str,
    marketplaces: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    created_at: Timestamp,
    started_at: Timestamp,
    ended_at: Timestamp,
    outcome: Outcome,
    schedule_id: Option<String>,
    content: Content,
    is_gzip: bool,
    is_cp1252: bool,
}

/// What the document of a report is made of.
#[derive(Clone, Debug)]
enum Content {
    /// Orders.
    Orders,
    /// A settlement.
    Settlement(Arc<Settlement>),
}

/// Days for which a report can be had.
const KEPT_DAYS: i64 = 90;

/// How a report ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    /// No data, asked for again too soon, or cancelled by the seller.
    Cancelled,
    /// The range is too long.
    Fatal,
}

impl Reports {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Report {
    fn is_kept(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at).as_hours() <= KEPT_DAYS * 24
    }

    fn status(&self, now: Timestamp) -> &'static str {
        match self.outcome {
            _ if now < self.started_at => "IN_QUEUE",
            _ if now < self.ended_at => "IN_PROGRESS",
            Outcome::Done => "DONE",
            Outcome::Cancelled => "CANCELLED",
            Outcome::Fatal => "FATAL",
        }
    }

    fn shown(&self, now: Timestamp) -> Value {
        let mut shown = json!({
            "reportId": self.id,
            "reportType": self.kind,
            "marketplaceIds": self.marketplaces,
            "dataStartTime": time(self.from),
            "dataEndTime": time(self.to),
            "createdTime": time(self.created_at),
            "processingStatus": self.status(now),
        });
        if now >= self.started_at {
            shown["processingStartTime"] = time(self.started_at).into();
        }
        if now >= self.ended_at {
            shown["processingEndTime"] = time(self.ended_at).into();
            if self.outcome == Outcome::Done {
                shown["reportDocumentId"] = self.document_id.as_str().into();
            }
        }
        if let Some(id) = &self.schedule_id {
            shown["reportScheduleId"] = id.as_str().into();
        }
        shown
    }
}

/// Answers the operations of this API; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    let id = call.path.first().map(String::as_str).unwrap_or_default();
    let now = amazon.clock.now();
    if !call.operation.name.contains("Report") {
        return None;
    }
    make_due(amazon, now);
    Some(match call.operation.name {
        "createReport" => create::create_report(amazon, call, now),
        "getReport" => {
            let state = amazon.reports.lock();
            state
                .reports
                .iter()
                .find(|report| report.id == id && report.is_kept(now))
                .map(|report| Answer::ok(&report.shown(now)))
                .ok_or_else(no_report)
        }
        "getReports" => get_reports(amazon, call, now),
        "cancelReport" => cancel(amazon, id, now),
        "getReportDocument" => document::get_report_document(amazon, call, id, now),
        "createReportSchedule" => schedule::create(amazon, call, now),
        "getReportSchedule" => schedule::get(amazon, id),
        "getReportSchedules" => schedule::list(amazon, call),
        "cancelReportSchedule" => schedule::cancel(amazon, id),
        _ => return None,
    })
}

/// Makes what has fallen due since somebody last looked.
fn make_due(amazon: &Amazon, now: Timestamp) {
    let mut state = amazon.reports.lock();
    schedule::make_due(amazon, &mut state, now);
    settlements::make_due(amazon, &mut state, now);
}

fn get_reports(amazon: &Amazon, call: &Call<'_>, now: Timestamp) -> Answered {
    let query = &call.query;
    let limit = query.number("pageSize", 1, 100)?.unwrap_or(10);
    let sent = query.canonical(&[]);
    let token = match query.get("nextToken") {
        Some(_) if sent.len() > 1 => return Err(bad_request("nextToken must be specified alone.")),
        Some(text) => {
            let token = PageToken::open(text, amazon.world.seed(), now).filter(|token| token.of == "getReports");
            Some(token.ok_or_else(|| bad_request("nextToken is invalid or has expired."))?)
        }
        None => None,
    };
    let filters = token.as_ref().map_or(sent, |token| token.filters.clone());
    let query = super::query::Query::of(filters.clone());
    let limit = query.number("pageSize", 1, 100)?.unwrap_or(limit);
    let kinds = query
        .list("reportTypes")
        .filter(|kinds| kinds.len() <= 10)
        .ok_or_else(|| bad_request("Between 1 and 10 reportTypes must be specified."))?;
    let statuses = query.list("processingStatuses");
    if statuses.iter().flatten().any(|status| !STATUSES.contains(status)) {
        return Err(bad_request("Invalid input in processing status"));
    }
    let marketplaces = query.list("marketplaceIds");
    let oldest = now.checked_sub(jiff::Span::new().hours(KEPT_DAYS * 24)).unwrap_or(Timestamp::MIN);
    let since = query.time("createdSince")?.unwrap_or(oldest).max(oldest);
    let until = query.time("createdUntil")?.unwrap_or(now);
    let wanted = |report: &&Report| {
        kinds.contains(&report.kind)
            && statuses.as_ref().is_none_or(|statuses| statuses.contains(&report.status(now)))
            && marketplaces.as_ref().is_none_or(|ids| report.marketplaces.iter().any(|id| ids.contains(&id.as_str())))
            && (since..=until).contains(&report.created_at)
            && token.as_ref().is_none_or(|token| report.number < u64::from(token.number))
    };
    let state = amazon.reports.lock();
    let mut found = state.reports.iter().rev().filter(wanted).peekable();
    let page: Vec<&Report> = found.by_ref().take(limit).collect();
    let mut body = Map::new();
    body.insert("reports".to_owned(), page.iter().map(|report| report.shown(now)).collect());
    if let Some(last) = page.last().filter(|_| found.peek().is_some()) {
        let number = u32::try_from(last.number).unwrap_or(u32::MAX);
        let next = PageToken {
            of: "getReports".to_owned(),
            filters,
            before: now,
            at: now,
            number,
            expires_at: PageToken::day_after(now),
        };
        body.insert("nextToken".to_owned(), next.seal(amazon.world.seed()).into());
    }
    Ok(Answer::ok(&body))
}

/// Only a report that waits in the queue can be cancelled.
fn cancel(amazon: &Amazon, id: &str, now: Timestamp) -> Answered {
    let mut state = amazon.reports.lock();
    let report = state.reports.iter_mut().find(|report| report.id == id).ok_or_else(no_report)?;
    if now >= report.started_at {
        return Err(bad_request("The report is no longer in the queue."));
    }
    (report.started_at, report.ended_at, report.outcome) = (now, now, Outcome::Cancelled);
    Ok(Answer::ok(&json!({}))) // the model has no schema here, and public clients read JSON
}

fn bad_request(details: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, "400", "Invalid input", details)
}

fn no_report() -> Answer {
    Answer::not_found("One or more of the provided ReportRequestIds could not be found.")
}
