//! What a queue message says: an envelope whose field names come in two spellings, read case-insensitively.
//!
//! A message is only a hint: which order changed, and when. Its other content is not used (the order is read instead) and
//! its postcode never leaves this module.

use jiff::Timestamp;
use model::OrderId;
use ports::Hint;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::answer::cut;
use crate::redact::redact;

/// What a message means to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An order of `seller` changed.
    OrderChanged {
        /// Whose order.
        seller: String,
        /// What to look at.
        hint: Hint,
    },
    /// A settlement file of `seller` is ready.
    SettlementReady {
        /// Whose.
        seller: String,
        /// The remote's id of the file.
        report: String,
    },
    /// A notification of another type; nothing to do.
    Other {
        /// The type as it is written.
        kind: String,
    },
}

/// A message that says nothing we understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is kept of the body for a person, without buyer data, at most 2,000 characters.
    pub body: String,
    /// Why it could not be read.
    pub why: String,
}

/// Reads the body of a message.
///
/// # Errors
///
/// [`Unreadable`] if it is not a notification, or an ORDER_CHANGE that names no order.
pub fn read(body: &str) -> Result<Notice, Unreadable> {
    let Ok(mut message) = serde_json::from_str::<Value>(body) else {
        let digest: String = Sha256::digest(body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        return Err(Unreadable {
            body: format!("{} bytes, SHA-256 {digest}…", body.len()),
            why: "the message is not JSON".to_owned(),
        });
    };
    understand(&message).map_err(|why| {
        redact(&mut message);
        Unreadable { body: cut(&message.to_string(), 2_000), why }
    })
}

fn understand(message: &Value) -> Result<Notice, String> {
    let kind = text(message, &["NotificationType"]).ok_or("it has no NotificationType")?;
    if kind.eq_ignore_ascii_case("REPORT_PROCESSING_FINISHED") {
        return Ok(settlement(message).unwrap_or(Notice::Other { kind: cut(kind, 80) }));
    }
    if !kind.eq_ignore_ascii_case("ORDER_CHANGE") {
        return Ok(Notice::Other { kind: cut(kind, 80) });
    }
    let id = text(message, &["NotificationMetadata", "NotificationId"]).ok_or("it has no NotificationId")?;
    let change = field(message, "Payload").and_then(|payload| field(payload, "OrderChangeNotification"));
    let change = change.ok_or("it has no OrderChangeNotification")?;
    let order = text(change, &["AmazonOrderId"]).ok_or("it has no AmazonOrderId")?;
    let order = OrderId::parse(order).map_err(|error| error.to_string())?;
    let seller = text(change, &["SellerId"]).ok_or("it has no SellerId")?.to_owned();
    let at = text(change, &["OrderChangeTrigger", "TimeOfOrderChange"]).or(text(message, &["EventTime"]));
    let at = at.ok_or("it has neither TimeOfOrderChange nor EventTime")?;
    let changed_at: Timestamp = at.parse().map_err(|_| format!("`{}` is not a moment in time", cut(at, 40)))?;
    Ok(Notice::OrderChanged { seller, hint: Hint { id: cut(id, 128), order, changed_at } })
}

/// The file, if the report is a settlement and is done. A message about another report, or one that says less, is not needed: the
/// list of reports is read every day.
fn settlement(message: &Value) -> Option<Notice> {
    let report = field(field(message, "Payload")?, "ReportProcessingFinishedNotification")?;
    let is_settlement = text(report, &["ReportType"]) == Some(crate::settlement_reports::REPORT_TYPE);
    let is_done = text(report, &["ProcessingStatus"]) == Some("DONE");
    let (seller, id) = (text(report, &["SellerId"])?, text(report, &["ReportId"])?);
    (is_settlement && is_done).then(|| Notice::SettlementReady { seller: seller.to_owned(), report: cut(id, 128) })
}

/// The field called `name` in any case.
fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    let found = path.iter().try_fold(value, |value, name| field(value, name))?;
    found.as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGE: &str = r#"{"notificationType":"ORDER_CHANGE","eventTime":"2026-11-20T10:15:02.123Z","PAYLOAD":{"orderChangeNotification":
        {"SellerId":"AINVENTED","AmazonOrderId":"202-1234567-1234567","OrderChangeTrigger":{"TimeOfOrderChange":"2026-11-20T10:15:01Z"},
         "Summary":{"DestinationPostalCode":"LS1 4AP"}}},"NotificationMetadata":{"NotificationId":"n-1"}}"#;

    #[test]
    fn the_envelope_is_read_in_any_case() {
        let expected = Notice::OrderChanged {
            seller: "AINVENTED".to_owned(),
            hint: Hint {
                id: "n-1".to_owned(),
                order: OrderId::parse("202-1234567-1234567").unwrap(),
                changed_at: "2026-11-20T10:15:01Z".parse().unwrap(),
            },
        };
        assert_eq!(read(CHANGE), Ok(expected));
    }

    #[test]
    fn other_types_are_no_error() {
        let other = r#"{"NotificationType":"FEED_PROCESSING_FINISHED"}"#;
        assert_eq!(read(other), Ok(Notice::Other { kind: "FEED_PROCESSING_FINISHED".to_owned() }));
    }

    #[test]
    fn a_finished_report_is_a_hint_only_if_it_is_a_settlement() {
        let finished = |kind: &str| {
            format!(
                r#"{{"notificationType":"REPORT_PROCESSING_FINISHED","payload":{{"reportProcessingFinishedNotification":
                {{"sellerId":"AINVENTED","reportId":"54517018502","reportType":"{kind}","processingStatus":"DONE",
                "reportDocumentId":"amzn1.spdoc.1"}}}}}}"#
            )
        };
        let ready = Notice::SettlementReady { seller: "AINVENTED".to_owned(), report: "54517018502".to_owned() };
        assert_eq!(read(&finished("GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2")), Ok(ready));
        let other = Notice::Other { kind: "REPORT_PROCESSING_FINISHED".to_owned() };
        assert_eq!(read(&finished("GET_MERCHANT_LISTINGS_ALL_DATA")), Ok(other));
    }

    #[test]
    fn an_unreadable_message_is_kept_without_the_postcode() {
        let without_id = CHANGE.replace("AmazonOrderId", "Nothing");
        let kept = read(&without_id).unwrap_err();
        assert_eq!(kept.why, "it has no AmazonOrderId");
        assert!(kept.body.contains("AINVENTED") && !kept.body.contains("LS1"), "{}", kept.body);
        let not_json = read("From: someone@example.invalid").unwrap_err();
        assert!(!not_json.body.contains("example") && not_json.why.contains("not JSON"));
    }
}
