//! Invented files of every form, and what is read from each. `UPDATE_EXPECT=1` writes what is read, to be looked at.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/settlements")
}

fn told(path: &Path) -> String {
    let file = SettlementFile::open(Input::Path(path), Options::default()).unwrap();
    let mut told = String::new();
    for checked in file.check(1).unwrap() {
        let Checked { format, encoding, decimal, id, balanced, sum, rows, .. } = &checked;
        writeln!(told, "{} {encoding} {} {id}: {rows} rows, {sum}, balanced {balanced}", format.name(), decimal.name())
            .unwrap();
        let head = checked.settlement.as_ref().unwrap();
        let moment = |moment: Option<jiff::Timestamp>| moment.map_or("-".to_owned(), |moment| moment.to_string());
        writeln!(told, "from {} to {}, payout {}", moment(head.from), moment(head.to), moment(head.deposit_on))
            .unwrap();
        for problem in &checked.problems {
            writeln!(told, "{:?}: {}", problem.weight, problem.what).unwrap();
        }
        file.rows(&checked, |row| {
            writeln!(
                told,
                "{} [{} {} {} {}]",
                show(row),
                row.merchant_order,
                row.adjustment,
                row.shipment,
                row.marketplace
            )
            .unwrap();
        })
        .unwrap();
    }
    told
}

#[test]
fn each_golden_file_is_read_as_written_down() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_none_or(|end| end != "expected"));
    assert!(files.len() >= 7, "{files:?}");
    for path in files {
        let told = told(&path);
        assert!(told.contains("balanced true"), "{}: {told}", path.display());
        let expected = PathBuf::from(format!("{}.expected", path.display()));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&expected, &told).unwrap();
        }
        assert_eq!(told, std::fs::read_to_string(&expected).unwrap(), "{}", path.display());
    }
}

#[test]
fn v1_and_v2_of_one_settlement_have_the_same_triples_and_sums() {
    let v1 = std::fs::read(folder().join("ca_v1_33.txt")).unwrap();
    let v2: Vec<String> = [
        V2.to_owned(),
        summary("20.24").replace("GBP", "CAD"),
        amount("Order", "ItemPrice", "Principal", "24.99").line(),
        amount("Order", "ItemFees", "Commission", "-3.75").line(),
        amount("other-transaction", "other-transaction", "Current Reserve Amount", "-1.00").line(),
    ]
    .to_vec();
    assert_eq!(sums(&read(&v1).0), sums(&read(&text(&v2)).0));
}

#[test]
fn units_that_v1_states_on_a_line_of_their_own_go_to_the_item_s_first_amount() {
    let (_, rows) = read(&std::fs::read(folder().join("ca_v1_36.txt")).unwrap());
    assert!(rows[0].contains("Principal 24.99") && rows[0].contains("Some(1)"), "{}", rows[0]);
    assert!(rows[1].contains("None"), "{}", rows[1]);
}

#[test]
fn xml_that_could_grow_or_deceive_is_refused() {
    let envelope = |inside: &str| format!("<?xml version=\"1.0\"?>{inside}");
    let with_type = envelope("<!DOCTYPE a [<!ENTITY b \"c\">]><AmazonEnvelope>&b;</AmazonEnvelope>");
    assert_eq!(refusal(with_type.as_bytes()).code(), "not_a_settlement");
    let entity = envelope("<AmazonEnvelope><Message>&nbsp;</Message></AmazonEnvelope>");
    assert_eq!(refusal(entity.as_bytes()).code(), "damaged");
    let deep = envelope(&format!("<AmazonEnvelope>{}", "<a>".repeat(100)));
    assert_eq!(refusal(deep.as_bytes()).code(), "damaged");
    let cut = std::fs::read(folder().join("uk.xml")).unwrap();
    assert_eq!(refusal(&cut[..cut.len() - 40]).code(), "damaged");
}
