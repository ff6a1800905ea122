//! A report job, one step at a time: wanted → requested → ready → done. The runner commits each state before the next step.
//!
//! `createReport` has no idempotency key, so a report over exactly our window is looked for before one is made.

use ports::{BulkJob, BulkState, BulkStep, ConnectorError, System};

use crate::client::Client;
use crate::reports;

/// Takes `job` one step further.
pub(crate) async fn step(client: &Client, job: &BulkJob) -> Result<BulkStep, ConnectorError> {
    let state = match &job.state {
        BulkState::Wanted => BulkState::Requested { report: find_or_create(client, job).await? },
        BulkState::Requested { report } => look(client, report).await?,
        BulkState::Ready { document } => {
            let reports::Told { orders, discovered } = reports::orders(client, document).await?;
            return Ok(BulkStep { state: BulkState::Done, orders, discovered });
        }
        ended @ (BulkState::Done | BulkState::Failed { .. }) => ended.clone(),
    };
    Ok(BulkStep { state, orders: Vec::new(), discovered: Vec::new() })
}

async fn find_or_create(client: &Client, job: &BulkJob) -> Result<String, ConnectorError> {
    let known = reports::list(client).await?;
    let same = known.into_iter().find(|report| {
        report.covers(job.from, job.to)
            && matches!(report.processing_status.as_str(), "IN_QUEUE" | "IN_PROGRESS" | "DONE")
    });
    match same {
        Some(report) => Ok(report.report_id),
        None => reports::create(client, job.from, job.to).await,
    }
}

async fn look(client: &Client, id: &str) -> Result<BulkState, ConnectorError> {
    let report = reports::get(client, id).await?;
    match report.processing_status.as_str() {
        "IN_QUEUE" | "IN_PROGRESS" => Ok(BulkState::Requested { report: id.to_owned() }),
        "DONE" => match report.report_document_id {
            Some(document) => Ok(BulkState::Ready { document }),
            None => Err(crate::read::malformed("finished report", "$.reportDocumentId")),
        },
        // BEHAVIOR 9: no data, or asked too often; the two look alike. A listing over the window costs one page if it is
        // empty and finds everything if it is not, so nothing can be lost.
        "CANCELLED" => Ok(BulkState::Failed {
            reason: "Amazon cancelled it: there is no data for the window, or it was asked for too often".to_owned(),
        }),
        "FATAL" => Ok(BulkState::Failed { reason: fatal_reason(client, report.report_document_id.as_deref()).await }),
        other => Err(ConnectorError::Malformed {
            system: System::Amazon,
            reason: format!("report {id} has the unknown status `{}`", crate::answer::cut(other, 40)),
        }),
    }
}

/// What Amazon says about a failed report, if it says anything.
async fn fatal_reason(client: &Client, document: Option<&str>) -> String {
    let unexplained = || "Amazon gave up on it without a reason".to_owned();
    let Some(document) = document else { return unexplained() };
    match reports::text(client, document).await {
        Ok(text) => format!("Amazon gave up on it: {}", crate::answer::cut(&text, 200)),
        Err(error) => {
            tracing::debug!("the explanation of a failed report could not be read: {error}");
            unexplained()
        }
    }
}
