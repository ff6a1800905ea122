//! What a file is when it is not a settlement, told from its first bytes or its header.

use super::header::normal;
use super::refusal::Refusal;

const FROM_SELLER_CENTRAL: &str =
    "Download the settlement from Seller Central: Payments, All statements, Download Flat File V2";

fn not_a_settlement(what: &str, next: &str) -> Refusal {
    Refusal::NotASettlement { what: what.to_owned(), next: next.to_owned() }
}

/// A kind of file by its beginning.
pub(crate) fn by_bytes(head: &[u8]) -> Option<Refusal> {
    let text = String::from_utf8_lossy(head.get(..4096).unwrap_or(head))
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let starts = |prefix: &str| text.starts_with(prefix);
    if head.is_empty() || text.is_empty() {
        return Some(Refusal::Empty);
    }
    if head.starts_with(b"%PDF") {
        return Some(not_a_settlement("a PDF document", FROM_SELLER_CENTRAL));
    }
    if head.starts_with(b"PK\x03\x04") {
        let next =
            "If it is a spreadsheet, save the sheet as tab-separated text; if it is a ZIP archive, unpack it first";
        return Some(not_a_settlement("a spreadsheet or a ZIP archive", next));
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Some(not_a_settlement("an old spreadsheet", "Save the sheet as tab-separated text"));
    }
    if starts("<!doctype html") || starts("<html") || (starts("<") && text.contains("<html")) {
        let next = "The download has failed or your sign-in has expired: sign in and download it again";
        return Some(not_a_settlement("a web page", next));
    }
    if text.contains("<code>accessdenied</code>") || starts("<error") || text.contains("<error><code>") {
        let next = "The address of the document has expired after five minutes: ask for the document again";
        return Some(not_a_settlement("an error message of Amazon's storage", next));
    }
    if starts("{") || starts("[") {
        return Some(not_a_settlement("a JSON document", FROM_SELLER_CENTRAL));
    }
    // UTF-16 has been taken out before: bytes that no text has.
    let binary = head.iter().take(4096).filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    (binary > 4).then(|| not_a_settlement("a binary file", FROM_SELLER_CENTRAL))
}

/// A kind of table by its header, if it is one that we know.
pub(crate) fn by_header(cells: &[String]) -> Option<Refusal> {
    let cells: Vec<String> = cells.iter().map(|cell| normal(cell)).collect();
    let has = |name: &str| cells.iter().any(|cell| cell == name);
    let what = if has("product-sales") || has("date-time") || has("umsatze") || has("datum-uhrzeit") {
        "a date range report"
    } else if has("order-status") && (has("amazon-order-id") || has("order-id")) {
        "an order report"
    } else if has("amazon-order-id") && has("shipment-date") {
        "a shipments report"
    } else if has("unique-account-identifier") || has("tax-calculation-date") {
        "a VAT report"
    } else if has("fnsku") || has("fulfillment-channel-sku") {
        "an inventory report"
    } else {
        return None;
    };
    Some(not_a_settlement(what, FROM_SELLER_CENTRAL))
}

/// A table with a header that nobody knows.
pub(crate) fn unknown_header() -> Refusal {
    not_a_settlement("a text file whose header is not a settlement's", FROM_SELLER_CENTRAL)
}
