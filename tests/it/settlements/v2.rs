//! Writing settlement reports in the Flat File V2, as Amazon writes them.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The columns.
pub const COLUMNS: [&str; 24] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "merchant-order-id",
    "adjustment-id",
    "shipment-id",
    "marketplace-name",
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date",
    "posted-date-time",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "promotion-id",
];

/// A settlement report.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The summary line, by column.
    pub head: BTreeMap<&'static str, String>,
    /// Detail lines, by column.
    pub rows: Vec<BTreeMap<&'static str, String>>,
}

impl File {
    /// A report of one settlement; dates are written as Amazon.co.uk writes them.
    pub fn new(id: &str, currency: &str, from: &str, to: &str, deposit: Option<&str>, total: i64) -> File {
        let mut head = BTreeMap::new();
        head.insert("settlement-id", id.to_owned());
        head.insert("currency", currency.to_owned());
        head.insert("settlement-start-date", moment(from, "00:00:00"));
        head.insert("settlement-end-date", moment(to, "00:00:00"));
        head.insert("deposit-date", deposit.map(|day| moment(day, "00:00:00")).unwrap_or_default());
        head.insert("total-amount", amount(total));
        File { head, rows: Vec::new() }
    }

    /// Adds a detail line.
    pub fn row(&mut self, columns: &[(&'static str, &str)]) {
        let mut row: BTreeMap<_, _> = columns.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        row.insert("settlement-id", self.head["settlement-id"].clone());
        self.rows.push(row);
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = COLUMNS.join("\t") + "\n";
        for line in std::iter::once(&self.head).chain(&self.rows) {
            let cells: Vec<&str> = COLUMNS.iter().map(|name| line.get(name).map_or("", String::as_str)).collect();
            writeln!(text, "{}", cells.join("\t")).expect("a String takes everything");
        }
        text
    }
}

/// `2025-11-05` as `05.11.2025`.
pub fn day(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    format!("{}.{}.{}", parts[2], parts[1], parts[0])
}

/// A day and a time of day in UTC.
pub fn moment(on: &str, time: &str) -> String {
    format!("{} {time} UTC", day(on))
}

/// Pennies as `-12.34`.
pub fn amount(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}

/// `-12.34` as pennies.
pub fn minor(amount: &str) -> i64 {
    let digits: String = amount.chars().filter(char::is_ascii_digit).collect();
    let minor: i64 = digits.parse().expect("an amount of the examples");
    if amount.starts_with('-') { -minor } else { minor }
}
