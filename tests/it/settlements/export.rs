//! Evidence packs as files.

use std::io::Read;

use serde_json::Value;

use crate::command::{data, tillbridge};
use crate::settlements::v2::minor;

fn exported(end: &str) -> (tempfile::TempDir, Value) {
    let work = tempfile::tempdir().expect("a folder");
    let target = work.path().join(format!("pack.{end}"));
    let arguments = [
        "settlement",
        "post",
        "settlement.txt",
        "--profile",
        "profile.toml",
        "--orders",
        "orders.tsv",
        "--json",
        "--export",
    ];
    let said = tillbridge(&data().join("F1"), &[&arguments[..], &[target.to_str().expect("a name")]].concat()).ended(0);
    let pack = said.json();
    (work, pack)
}

#[test]
fn the_json_file_is_what_the_command_prints() {
    let (work, pack) = exported("json");
    let file: Value =
        serde_json::from_slice(&std::fs::read(work.path().join("pack.json")).expect("a file")).expect("JSON");
    assert_eq!(file, pack);
}

#[test]
fn the_lines_in_csv_sum_to_the_documents() {
    let (work, pack) = exported("csv");
    let text = std::fs::read_to_string(work.path().join("pack.csv")).expect("a file");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let place = reader.headers().expect("a header").iter().position(|name| name == "gross").expect("gross");
    let sum: i64 = reader
        .records()
        .map(|line| line.expect("a line")[place].to_owned())
        .filter(|cell| !cell.is_empty())
        .map(|cell| minor(&cell))
        .sum();
    let lines = pack["documents"]
        .as_array()
        .expect("documents")
        .iter()
        .flat_map(|document| document["lines"].as_array().into_iter().flatten());
    let expected: i64 = lines.filter_map(|line| line["gross"].as_str()).map(minor).sum();
    assert_eq!(sum, expected);
    for table in ["rows", "ledger", "documents", "vat-preview", "unmapped", "problems"] {
        assert!(work.path().join(format!("pack.{table}.csv")).exists(), "{table}");
    }
}

#[test]
fn the_workbook_computes_each_total_anew_and_shows_what_it_must_be() {
    let (work, _) = exported("xlsx");
    let file = std::fs::File::open(work.path().join("pack.xlsx")).expect("a file");
    let mut archive = zip::ZipArchive::new(file).expect("a workbook");
    let mut summary = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").expect("the summary").read_to_string(&mut summary).expect("XML");
    // The rows of the settlement, among the totals that are computed over other sheets.
    assert!(summary.contains("SUMPRODUCT(EXACT('Rows'!"), "{summary}");
    assert!(summary.contains("<v>36.14</v>"), "the settlement's total is the one in the summary");
    assert!(summary.matches("<f>ROUND(").count() >= 5, "each total has its difference");
}

#[test]
fn a_name_that_says_no_format_is_wrong_usage() {
    let said = tillbridge(
        &data().join("A1"),
        &["settlement", "post", "settlement.txt", "--profile", "profile.toml", "--export", "pack.doc"],
    );
    assert!(said.ended(2).err.contains(".xlsx, .csv or .json"));
}
