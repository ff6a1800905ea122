//! Flat files by their header: tab-separated, columns in any order and number, sometimes with line breaks inside a field.
//!
//! A row that is shorter than the header goes on in the next physical line. If a file cannot be cut into whole rows, none of
//! it is used. Of the columns only those the books need are kept (an allow-list: everything else may be about a person).

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{Country, OrderId};
use ports::{ConnectorError, Discovered, Observed, System};
use serde_json::{Map, Value, json};

use super::KIND;
use crate::BuyerData;
use crate::read::postcode_area;

/// Column name → value, trimmed, blanks left out.
pub(crate) type Row = BTreeMap<&'static str, String>;

/// The columns that are kept.
const COLUMNS: &[&str] = &[
    "amazon-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "product-name",
    "sku",
    "asin",
    "order-item-id",
    "item-status",
    "tax-collection-model",
    "tax-collection-responsible-party",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
    "is-business-order",
    "is-replacement-order",
    "original-order-id",
    "is-amazon-invoiced",
    "is-iba",
    "ship-country",
    "ship-postal-code",
];

/// Without these no row can be understood.
const REQUIRED: &[&str] = &[
    "amazon-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "quantity",
];

/// Names of columns in reports of accounts whose language is not English (seen in real files; grows with each sighting).
const ALIASES: &[(&str, &str)] = &[("identificador-del-pedido-de-amazon", "amazon-order-id")];

/// Cuts a flat file into rows.
pub(crate) fn rows(text: &str) -> Result<Vec<Row>, ConnectorError> {
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    let Some((_, header)) = lines.find(|(_, line)| !line.trim().is_empty()) else { return Ok(Vec::new()) };
    let header: Vec<Option<&'static str>> = header.split('\t').map(column).collect();
    let missing: Vec<_> = REQUIRED.iter().copied().filter(|name| !header.contains(&Some(*name))).collect();
    if !missing.is_empty() {
        return Err(unreadable(format!(
            "the order report lacks the columns {} (their names may be in another language: set the account's report language \
             to English, or send us the header line)",
            missing.join(", ")
        )));
    }
    let mut rows = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in lines {
        let (began, joined) = match open.take() {
            Some((began, start)) => (began, format!("{start}\n{line}")),
            None if line.trim().is_empty() => continue,
            None => (number, line.to_owned()),
        };
        match cells(&joined, header.len()) {
            Cells::Whole(cells) => rows.push(row(&header, cells)),
            Cells::Short => open = Some((began, joined)),
            Cells::Long => return Err(unreadable(format!("line {} has more columns than the header", began + 1))),
        }
    }
    match open {
        // A last line that was cut off means that the download was.
        Some((began, _)) => Err(ConnectorError::Unavailable {
            system: System::Amazon,
            reason: format!("the order report ends within the row that begins at line {}", began + 1),
        }),
        None => Ok(rows),
    }
}

enum Cells {
    Whole(Vec<String>),
    Short,
    Long,
}

/// Plain tabs first; quotes only where plain tabs do not fit, since titles contain inch marks.
fn cells(line: &str, count: usize) -> Cells {
    let plain = line.split('\t').count();
    if plain < count {
        return Cells::Short;
    }
    if plain == count {
        return Cells::Whole(line.split('\t').map(unquoted).collect());
    }
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').has_headers(false).flexible(true).from_reader(line.as_bytes());
    match reader.records().next() {
        Some(Ok(record)) if record.len() == count => Cells::Whole(record.iter().map(str::to_owned).collect()),
        _ => Cells::Long,
    }
}

fn unquoted(cell: &str) -> String {
    let inner = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
    inner.map_or_else(|| cell.to_owned(), |inner| inner.replace("\"\"", "\""))
}

fn column(name: &str) -> Option<&'static str> {
    let name = name.trim().trim_matches('"').trim_start_matches('\u{feff}').to_lowercase();
    let alias = ALIASES.iter().find(|(localised, _)| *localised == name).map(|(_, canonical)| *canonical);
    alias.or_else(|| COLUMNS.iter().copied().find(|known| *known == name))
}

fn row(header: &[Option<&'static str>], cells: Vec<String>) -> Row {
    let named = header.iter().zip(cells).filter_map(|(name, cell)| Some(((*name)?, cell.trim().to_owned())));
    named.filter(|(_, cell)| !cell.is_empty()).collect()
}

fn unreadable(reason: String) -> ConnectorError {
    ConnectorError::Malformed { system: System::Amazon, reason }
}

/// What a report tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Orders of which nothing was dispatched: each is one fact.
    pub(crate) orders: Vec<Observed>,
    /// Orders of which something was dispatched, or whose state the report names in a way that we do not know.
    pub(crate) discovered: Vec<Discovered>,
}

/// Groups rows by order, in the order of their first row.
pub(crate) fn orders_of(rows: Vec<Row>, buyer: BuyerData) -> Result<Told, ConnectorError> {
    let mut places: BTreeMap<OrderId, usize> = BTreeMap::new();
    let mut orders: Vec<(OrderId, Vec<Row>)> = Vec::new();
    for row in rows {
        let id = row.get("amazon-order-id").cloned().unwrap_or_default();
        let id = OrderId::parse(&id).map_err(|error| unreadable(format!("a row of the order report: {error}")))?;
        let place = *places.entry(id.clone()).or_insert(orders.len());
        match orders.get_mut(place) {
            Some((_, rows)) => rows.push(row),
            None => orders.push((id, vec![row])),
        }
    }
    let mut told = Told::default();
    for (order, rows) in orders {
        let changed = |row: &Row| row.get("last-updated-date").and_then(|text| text.parse::<Timestamp>().ok());
        let changed_at = rows.iter().filter_map(changed).max();
        let changed_at =
            changed_at.ok_or_else(|| unreadable(format!("order {order} of the report has no last-updated-date")))?;
        if rows.iter().all(is_undispatched) {
            told.orders.push(observed(&order, changed_at, rows, buyer));
        } else {
            told.discovered.push(Discovered { order, changed_at });
        }
    }
    Ok(told)
}

/// Whether the row says that nothing of it has left. BEHAVIOR 10: details may follow the state.
fn is_undispatched(row: &Row) -> bool {
    let waits = |name: &str| {
        let said = row.get(name)?;
        let state = said.split(" - ").next().unwrap_or_default().trim();
        Some(["Pending", "Unshipped"].iter().any(|known| state.eq_ignore_ascii_case(known)))
    };
    waits("order-status") == Some(true) && waits("item-status").unwrap_or(true)
}

fn observed(order: &OrderId, version: Timestamp, rows: Vec<Row>, buyer: BuyerData) -> Observed {
    let rows: Vec<Value> = rows.into_iter().map(|row| Value::Object(redacted(row, buyer))).collect();
    Observed {
        kind: KIND.to_owned(),
        external_id: order.to_string(),
        version,
        payload: json!({ "rows": rows }).to_string(),
        buyer: None,
    }
}

/// The row with the area instead of the postcode; nothing of the destination at all if nothing of the buyer is wanted.
fn redacted(mut row: Row, buyer: BuyerData) -> Map<String, Value> {
    let postcode = row.remove("ship-postal-code");
    let country = row.get("ship-country").and_then(|code| Country::parse(code).ok());
    if buyer == BuyerData::None {
        row.remove("ship-country");
    } else if let Some(area) = postcode_area(country, postcode.as_deref()) {
        row.insert("ship-postal-area", area);
    }
    row.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tquantity\tbuyer-company-name\tship-postal-code\tship-country";

    fn file(rows: &[&str]) -> String {
        format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
    }

    fn row_of(id: &str, title: &str) -> String {
        format!(
            "{id}\t2026-11-01T10:00:00+00:00\t2026-11-02T10:00:00+00:00\tShipped\tAmazon\tAmazon.co.uk\t{title}\t1   \tInvented Ltd\tBT1 5GS\tGB"
        )
    }

    #[test]
    fn a_line_break_inside_a_field_does_not_break_the_row() {
        let text = file(&[
            &row_of("203-1", "Mug\nwith handle"),
            &row_of("203-2", "12\" ruler"),
            &row_of("203-3", "\"Quoted \"\"mug\"\"\""),
        ]);
        let rows = rows(&text).unwrap();
        let titles: Vec<_> = rows.iter().map(|row| row["product-name"].as_str()).collect();
        assert_eq!(titles, ["Mug\nwith handle", "12\" ruler", "Quoted \"mug\""]);
        assert_eq!(rows[0]["quantity"], "1", "trailing blanks are cut");
    }

    #[test]
    fn rows_of_one_order_become_one_fact_without_the_buyer() {
        let waiting = |id: &str, title: &str| row_of(id, title).replace("Shipped", "Unshipped");
        let text = file(&[&waiting("203-1", "A"), &waiting("203-2", "B"), &waiting("203-1", "C")]);
        let orders = orders_of(rows(&text).unwrap(), BuyerData::Destination).unwrap().orders;
        assert_eq!(orders.len(), 2);
        assert_eq!(orders[0].external_id, "203-1");
        assert_eq!(orders[0].payload.matches("\"amazon-order-id\":\"203-1\"").count(), 2);
        assert!(!orders[0].payload.contains("Invented") && !orders[0].payload.contains("5GS"), "{}", orders[0].payload);
        assert!(orders[0].payload.contains("\"ship-postal-area\":\"BT\""));
    }

    #[test]
    fn an_order_is_only_named_unless_every_row_says_that_nothing_has_left() {
        let waiting = row_of("203-1", "A").replace("Shipped", "Unshipped");
        let text = file(&[&waiting, &waiting.replace("Unshipped", "Wandering"), &row_of("203-2", "B")]);
        let told = orders_of(rows(&text).unwrap(), BuyerData::None).unwrap();
        let named: Vec<_> = told.discovered.iter().map(|found| found.order.as_str()).collect();
        assert_eq!((told.orders.len(), named), (0, vec!["203-1", "203-2"]));
    }

    #[test]
    fn a_localised_header_is_resolved_or_refused_with_the_missing_names() {
        let spanish = file(&[&row_of("203-1", "A")]).replace("amazon-order-id", "identificador-del-pedido-de-amazon");
        assert_eq!(rows(&spanish).unwrap()[0]["amazon-order-id"], "203-1");
        let unknown = file(&[&row_of("203-1", "A")]).replace("order-status", "estado-del-pedido");
        let error = rows(&unknown).unwrap_err();
        assert!(error.to_string().contains("order-status"), "{error}");
    }

    #[test]
    fn a_file_that_ends_within_a_row_is_not_used() {
        let text = file(&[&row_of("203-1", "A"), "203-2\t2026"]);
        assert_eq!(rows(&text).unwrap_err().code(), "CON-002");
        let long = file(&[&format!("{}\textra", row_of("203-1", "A"))]);
        assert_eq!(rows(&long).unwrap_err().code(), "CON-008");
    }

    #[test]
    fn an_empty_file_has_no_orders() {
        assert_eq!(rows("").unwrap().len(), 0);
        assert_eq!(rows(&format!("{HEADER}\n\n")).unwrap().len(), 0);
    }
}
