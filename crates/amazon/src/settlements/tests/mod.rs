//! Settlement files as people have them: whole, rewritten by spreadsheets, broken, and not settlements at all.

mod broken;
mod forms;
mod golden;
mod laws;

use std::collections::BTreeMap;

use super::*;

/// Columns of V2, in Amazon's order.
pub(crate) const V2: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t\
    transaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\t\
    amount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\t\
    sku\tquantity-purchased\tpromotion-id";

/// One amount as a test states it.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    pub(crate) kind: &'static str,
    pub(crate) class: &'static str,
    pub(crate) name: &'static str,
    pub(crate) amount: String,
    pub(crate) posted_on: String,
    pub(crate) posted_at: String,
    pub(crate) sku: String,
    pub(crate) quantity: String,
}

pub(crate) fn amount(kind: &'static str, class: &'static str, name: &'static str, amount: &str) -> Amount {
    Amount {
        kind,
        class,
        name,
        amount: amount.to_owned(),
        posted_on: "2026-03-06".to_owned(),
        posted_at: "2026-03-06 08:52:26 UTC".to_owned(),
        sku: "MUG-BLUE".to_owned(),
        quantity: "1".to_owned(),
    }
}

impl Amount {
    pub(crate) fn line(&self) -> String {
        let Amount { kind, class, name, amount, posted_on, posted_at, sku, quantity } = self;
        format!(
            "26031877012\t\t\t\t\t\t{kind}\t202-1234567-1234567\t\t\tD1\tAmazon.co.uk\t{class}\t{name}\t{amount}\tAFN\t{posted_on}\t\
             {posted_at}\t12345678901234\t\t\t{sku}\t{quantity}\t"
        )
    }
}

/// The first row: period, payout date, total.
pub(crate) fn summary(total: &str) -> String {
    format!(
        "26031877012\t2026-03-01 00:00:00 UTC\t2026-03-15 00:00:00 UTC\t2026-03-17 00:00:00 UTC\t{total}\tGBP{}",
        "\t".repeat(18)
    )
}

/// The same small settlement in most tests: 24.00 − 4.40 − 3.35 = 16.25.
pub(crate) fn small() -> Vec<String> {
    vec![
        V2.to_owned(),
        summary("16.25"),
        amount("Order", "ItemPrice", "Principal", "24.00").line(),
        amount("Order", "ItemFees", "Commission", "-4.40").line(),
        amount("Order", "ItemFees", "FBAPerUnitFulfillmentFee", "-3.35").line(),
    ]
}

pub(crate) fn text(lines: &[String]) -> Vec<u8> {
    let mut text = lines.join("\n").into_bytes();
    text.push(b'\n');
    text
}

/// Everything a row says, as one line.
pub(crate) fn show(row: &SettlementRow<'_>) -> String {
    let posted = match (row.posted_at, row.posted_on) {
        (Some(moment), _) => moment.to_string(),
        (_, Some(day)) => day.to_string(),
        _ => "-".to_owned(),
    };
    let doubt = row.doubt.map_or(String::new(), |doubt| format!(" {doubt:?}"));
    format!(
        "{}: {} | {} | {} {} {posted} {} {} {} {} {:?} {}{doubt}",
        row.line,
        row.kind,
        row.class,
        row.name,
        row.amount,
        row.order,
        row.order_line,
        row.sku,
        row.fulfilment,
        row.quantity,
        row.promotion
    )
}

/// Checks a file with one settlement on one thread and on three, which must agree, and gives it with its rows.
#[track_caller]
pub(crate) fn read_with(bytes: &[u8], options: &Options) -> (Checked, Vec<String>) {
    let file = SettlementFile::open(Input::Bytes(bytes), options.clone()).expect("it opens");
    let mut checked = file.check(1).expect("it is read");
    assert_eq!(checked.len(), 1, "one settlement");
    let checked = checked.remove(0);
    let parallel = file.check(3).expect("it is read").remove(0);
    assert_eq!((parallel.sum, parallel.rows, parallel.balanced), (checked.sum, checked.rows, checked.balanced));
    assert_eq!(parallel.problems, checked.problems);
    assert_eq!(sums(&parallel), sums(&checked));
    let mut rows = Vec::new();
    file.rows(&checked, |row| rows.push(show(row))).expect("it is read again");
    assert_eq!(rows.len() as u64, checked.rows);
    (checked, rows)
}

#[track_caller]
pub(crate) fn read(bytes: &[u8]) -> (Checked, Vec<String>) {
    read_with(bytes, &Options::default())
}

#[track_caller]
pub(crate) fn refusal(bytes: &[u8]) -> Refusal {
    match SettlementFile::open(Input::Bytes(bytes), Options::default()) {
        Err(refusal) => refusal,
        Ok(file) => file.check(1).expect_err("it is refused"),
    }
}

pub(crate) fn sums(checked: &Checked) -> BTreeMap<(String, String, String), (u64, i128)> {
    let key = |triple: &TripleSum| (triple.kind().to_owned(), triple.class().to_owned(), triple.name().to_owned());
    checked.tally.triples().map(|triple| (key(triple), (triple.rows, triple.sum_minor))).collect()
}
