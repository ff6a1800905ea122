//! Settlement files that Amazon has made: found in the list of reports, downloaded as they are.
//!
//! They cannot be asked for, and Amazon keeps them 90 days. The same settlement is listed once for each site, under other report
//! ids: the runner tells them apart by what is in the file.

use jiff::{SignedDuration, Timestamp};
use ports::{ConnectorError, FileBytes, SettlementFileRef, SettlementPage, SettlementQuery};

use crate::client::Client;
use crate::reports::{self, Report};

/// The report that holds a settlement as Flat File V2.
pub(crate) const REPORT_TYPE: &str = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";
/// Amazon refuses to list what is older than 90 days; an hour less, because clocks differ.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24 - 1);

/// `getReports`, one page of settlement files.
pub(crate) async fn page(client: &Client, query: &SettlementQuery) -> Result<SettlementPage, ConnectorError> {
    let asked = match &query.page_token {
        // The token stands alone: all other parameters are forbidden beside it.
        Some(token) => vec![("nextToken", token.clone())],
        None => {
            let oldest = client.clock.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
            let since = query.made_after.max(oldest);
            vec![
                ("reportTypes", REPORT_TYPE.to_owned()),
                ("createdSince", since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
                ("pageSize", "100".to_owned()),
            ]
        }
    };
    let (reports, next) = reports::list_page(client, &asked).await?;
    if next.is_some() && next == query.page_token {
        return Err(crate::read::malformed("list of settlement files", "a next page other than this one"));
    }
    Ok(SettlementPage { files: reports.iter().filter_map(file).collect(), next })
}

/// The report as a settlement file, unless Amazon gave up on it: then it lists another one for the same settlement.
fn file(report: &Report) -> Option<SettlementFileRef> {
    if matches!(report.processing_status.as_str(), "CANCELLED" | "FATAL") {
        tracing::debug!("settlement file {} was given up by Amazon", report.report_id);
        return None;
    }
    let moment = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let is_done = report.processing_status == "DONE";
    Some(SettlementFileRef {
        report: report.report_id.clone(),
        document: report.report_document_id.clone().filter(|_| is_done),
        made_at: moment(&report.created_time)?,
        from: moment(&report.data_start_time),
        to: moment(&report.data_end_time),
    })
}

/// The bytes of a file.
pub(crate) async fn bytes(client: &Client, document: &str) -> Result<FileBytes, ConnectorError> {
    let (bytes, content_type) = reports::download(client, document).await?;
    let charset = content_type.and_then(|kind| {
        let (_, label) = kind.split_once("charset=")?;
        Some(label.split(';').next()?.trim().trim_matches('"').to_owned())
    });
    Ok(FileBytes { bytes, charset })
}
