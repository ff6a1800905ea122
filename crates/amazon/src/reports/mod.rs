//! Order reports: create, look, download, read. One report holds any number of orders.
//!
//! BEHAVIOR 11: a report does not tell when an order was dispatched. So an order of which something was dispatched is only named
//! by it, to be read through the Orders API; of the others the report is the fact.

mod document;
mod table;
pub(crate) mod translate;

use std::time::Duration;

use jiff::Timestamp;
use ports::{ConnectorError, System};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::client::{Access, Client, Request};
use crate::config::{host_ends, is_loopback};
use crate::read::malformed;
use crate::throttle::Operation;
use crate::{BuyerData, markets};

pub(crate) use document::{decode, encoding_of};
pub(crate) use table::Told;
use table::{orders_of, rows};

/// How facts from reports are marked.
pub(crate) const KIND: &str = "amazon.order.report";
/// All orders by their last change: one row for each item.
pub(crate) const REPORT_TYPE: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
/// Time for one download.
const DOWNLOAD_MAX: Duration = Duration::from_secs(300);
/// Largest download.
const DOWNLOAD_BYTES_MAX: usize = 256 << 20;
/// How often a fresh address is fetched for one download: addresses die after 300 s.
const ADDRESSES: usize = 2;
/// Where Amazon keeps documents.
const DOCUMENT_HOSTS: &[&str] = &[".amazonaws.com", ".cloudfront.net", ".amazon.com", ".media-amazon.com"];

/// A report as Amazon tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) report_id: String,
    pub(crate) processing_status: String,
    #[serde(default)]
    pub(crate) created_time: Option<String>,
    #[serde(default)]
    pub(crate) data_start_time: Option<String>,
    #[serde(default)]
    pub(crate) data_end_time: Option<String>,
    #[serde(default)]
    pub(crate) report_document_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportDocument {
    pub(crate) url: Url,
}

impl Report {
    /// Whether it is over exactly this window, to the second.
    pub(crate) fn covers(&self, from: Timestamp, to: Timestamp) -> bool {
        let second = |text: &Option<String>| Some(text.as_ref()?.parse::<Timestamp>().ok()?.as_second());
        second(&self.data_start_time) == Some(from.as_second()) && second(&self.data_end_time) == Some(to.as_second())
    }
}

fn marketplaces(client: &Client) -> Vec<&str> {
    client.config.marketplaces.iter().map(|id| id.as_str()).collect()
}

/// `createReport`.
pub(crate) async fn create(client: &Client, from: Timestamp, to: Timestamp) -> Result<String, ConnectorError> {
    create_as(client, REPORT_TYPE, Some(from), Some(to)).await
}

pub(crate) async fn create_as(
    client: &Client,
    kind: &str,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<String, ConnectorError> {
    let mut body = json!({ "reportType": kind, "marketplaceIds": marketplaces(client) });
    for (name, at) in [("dataStartTime", from), ("dataEndTime", to)] {
        if let Some(at) = at {
            body[name] = Value::from(at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string());
        }
    }
    let path = ["reports", "2021-06-30", "reports"];
    let answer = client.call(&Request::post(Operation::CreateReport, &path, body, "an order report")).await?;
    let id = answer.get("reportId").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| malformed("answer to createReport", "$.reportId"))
}

/// `getReports`: our order reports of the last day, newest first.
pub(crate) async fn list(client: &Client) -> Result<Vec<Report>, ConnectorError> {
    let since = client.clock.now().checked_sub(Duration::from_secs(86_400)).unwrap_or(Timestamp::MIN);
    let first = vec![
        ("reportTypes", REPORT_TYPE.to_owned()),
        ("marketplaceIds", marketplaces(client).join(",")),
        ("createdSince", since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ("pageSize", "100".to_owned()),
    ];
    let mut found = Vec::new();
    let mut query = first;
    loop {
        let (reports, next) = list_page(client, &query).await?;
        found.extend(reports);
        match next {
            // The token stands alone: all other parameters are forbidden beside it.
            Some(token) if !query.contains(&("nextToken", token.clone())) => query = vec![("nextToken", token)],
            _ => return Ok(found),
        }
    }
}

pub(crate) async fn list_page(
    client: &Client,
    query: &[(&'static str, String)],
) -> Result<(Vec<Report>, Option<String>), ConnectorError> {
    let path = ["reports", "2021-06-30", "reports"];
    let mut answer =
        client.call(&Request { query, ..Request::get(Operation::GetReports, &path, "the reports") }).await?;
    let next = answer.get("nextToken").and_then(Value::as_str).filter(|next| !next.is_empty()).map(str::to_owned);
    let reports = answer.get_mut("reports").map(Value::take).unwrap_or_default();
    let reports = serde_json::from_value(reports).map_err(|_| malformed("list of reports", "$.reports"))?;
    Ok((reports, next))
}

/// `getReport`.
pub(crate) async fn get(client: &Client, id: &str) -> Result<Report, ConnectorError> {
    let path = ["reports", "2021-06-30", "reports", id];
    let answer = client.call(&Request::get(Operation::GetReport, &path, format!("report {id}"))).await?;
    serde_json::from_value(answer).map_err(|_| malformed("report", "$.processingStatus"))
}

/// `getReportDocument`. Whether this report needs a restricted token is disputed: the plain one first, then once with it.
pub(crate) async fn document(client: &Client, id: &str) -> Result<ReportDocument, ConnectorError> {
    let path = ["reports", "2021-06-30", "documents", id];
    let request = || Request::get(Operation::GetReportDocument, &path, "the report's document");
    let answer = match client.call(&request()).await {
        Err(refused @ ConnectorError::Unauthorized { .. }) => {
            let resource = json!({ "method": "GET", "path": format!("/reports/2021-06-30/documents/{id}") });
            let made = client.create_restricted_token(json!({ "restrictedResources": [resource] })).await;
            let token = made.map_err(|_| refused)?.restricted_data_token;
            client.call(&Request { access: Access::Given(&token), ..request() }).await?
        }
        answer => answer?,
    };
    serde_json::from_value(answer).map_err(|_| malformed("report's document", "$.url"))
}

/// Downloads a document as text.
pub(crate) async fn text(client: &Client, id: &str) -> Result<String, ConnectorError> {
    let (bytes, content_type) = download(client, id).await?;
    let japan = markets::by_name("Amazon.co.jp").map(|site| site.id);
    let japan = client.config.marketplaces.iter().any(|id| Some(id.as_str()) == japan);
    decode(&bytes, content_type.as_deref(), japan)
}

/// Downloads a document: its bytes and what its server calls them. An address that died meanwhile is replaced by a fresh one.
pub(crate) async fn download(client: &Client, id: &str) -> Result<(Vec<u8>, Option<String>), ConnectorError> {
    let mut refused = String::new();
    for _ in 0..ADDRESSES {
        let url = document(client, id).await?.url;
        let of_amazon = url.scheme() == "https" && host_ends(&url, DOCUMENT_HOSTS);
        let of_sandbox = client.config.is_local() && is_loopback(&url);
        if !(of_amazon || of_sandbox) {
            return Err(ConnectorError::Malformed {
                system: System::Amazon,
                reason: format!("the report lies on a host that is not Amazon's: {}", url.host_str().unwrap_or("none")),
            });
        }
        // No header of ours goes to the presigned host, and no decoding happens before the bytes are seen.
        let answer = client.http.answer_of(client.http.raw.get(url), DOWNLOAD_MAX, DOWNLOAD_BYTES_MAX).await?;
        match answer.status.as_u16() {
            200 => {
                let content_type = answer.header("content-type").map(str::to_owned);
                return Ok((answer.body, content_type));
            }
            403 => {
                refused =
                    format!("HTTP 403 for a document address that should live 300 s ({} bytes)", answer.body.len())
            }
            _ => return Err(answer.unavailable("the report could not be downloaded")),
        }
    }
    Err(ConnectorError::Unavailable { system: System::Amazon, reason: refused })
}

/// Downloads a finished report and reads its orders.
pub(crate) async fn orders(client: &Client, document: &str) -> Result<Told, ConnectorError> {
    read(&text(client, document).await?, client.config.buyer_data)
}

/// The orders of a report: each one fact of all its rows, or only named.
pub(crate) fn read(text: &str, buyer: BuyerData) -> Result<Told, ConnectorError> {
    orders_of(rows(text)?, buyer)
}
