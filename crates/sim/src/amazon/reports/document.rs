//! Report documents behind presigned URLs that die after 300 seconds.
//!
//! As recorded: half of the documents are gzip bytes although their header says `identity`, and some are in Cp1252.

use std::io::Write as _;

use axum::body::Body;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, StatusCode};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use sha2::Sha256;

use super::{Content, DOCUMENTS, Outcome, Report, flat_file, settlements};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::{Call, Incoming};
use crate::amazon::query::Query;

/// Seconds a URL lives.
const URL_S: i64 = 300;

pub(super) fn get_report_document(amazon: &Amazon, call: &Call<'_>, id: &str, now: Timestamp) -> Answered {
    let report = find(amazon, id, now).ok_or_else(|| Answer::not_found("The report document could not be found."))?;
    let encoding = if call.query.get("enableContentEncodingUrlHeader") == Some("true") { "gzip" } else { "identity" };
    let date = now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let signature = signature(amazon, id, &date, encoding);
    let url = format!(
        "{}{DOCUMENTS}{id}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-Expires={URL_S}&content-encoding={encoding}\
         &X-Amz-Signature={signature}",
        amazon.base_url
    );
    let mut body = json!({"reportDocumentId": id, "url": url});
    if report.is_gzip {
        body["compressionAlgorithm"] = "GZIP".into();
    }
    Ok(Answer::ok(&body))
}

/// Serves a presigned URL.
pub(in crate::amazon) fn document(amazon: &Amazon, incoming: &Incoming) -> Response {
    let id = incoming.path.strip_prefix(DOCUMENTS).unwrap_or_default();
    let query = Query::parse(incoming.raw_query.as_deref());
    let now = amazon.clock.now();
    let date = query.get("X-Amz-Date").unwrap_or_default();
    let encoding = query.get("content-encoding").unwrap_or("identity");
    if query.get("X-Amz-Signature") != Some(signature(amazon, id, date, encoding).as_str()) {
        return denied(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
            "",
        );
    }
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok().and_then(|at| at.to_zoned(TimeZone::UTC).ok());
    let alive =
        signed_at.and_then(|at| at.timestamp().checked_add(URL_S.seconds()).ok()).is_some_and(|until| now < until);
    if !alive {
        return denied("AccessDenied", "Request has expired", "<X-Amz-Expires>300</X-Amz-Expires>");
    }
    let Some(report) = find(amazon, id, now) else {
        return denied("NoSuchKey", "The specified key does not exist.", "");
    };
    let text = match &report.content {
        Content::Orders => flat_file::text(amazon, &report),
        Content::Settlement(settlement) => settlements::text(amazon, settlement),
    };
    let (text, charset) = encoded(&text, &report);
    let gzip = report.is_gzip;
    let mut response = Response::new(Body::from(if gzip { compressed(&text) } else { text }));
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    put("content-type", &format!("text/plain; charset={charset}"));
    put("content-encoding", if gzip { encoding } else { "identity" });
    response
}

fn find(amazon: &Amazon, id: &str, now: Timestamp) -> Option<Report> {
    let state = amazon.reports.lock();
    let ready = |report: &&Report| {
        report.document_id == id && report.outcome == Outcome::Done && now >= report.ended_at && report.is_kept(now)
    };
    state.reports.iter().find(ready).cloned()
}

/// Some reports are in Cp1252, with a question mark for what that cannot hold.
fn encoded(text: &str, report: &Report) -> (Vec<u8>, &'static str) {
    if !report.is_cp1252 {
        return (text.as_bytes().to_vec(), "UTF-8");
    }
    let byte = |character: char| {
        let mut buffer = [0; 4];
        let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
        if lost { b'?' } else { bytes.first().copied().unwrap_or(b'?') }
    };
    (text.chars().map(byte).collect(), "Cp1252")
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default() // writing to memory does not fail
}

fn signature(amazon: &Amazon, id: &str, date: &str, encoding: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&amazon.world.seed().to_be_bytes()) else { return String::new() };
    mac.update(format!("{id}\n{date}\n{encoding}").as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn denied(code: &str, message: &str, extra: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{extra}</Error>"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/xml"));
    response
}
