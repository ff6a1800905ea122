use std::io::{Cursor, Read};

use offline::export::{Cell, Kind, Table, Workbook, plain_text, write_csv};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;

const STRINGS: usize = 100_000;

/// Texts as an attacker would write them: every beginning, separator and disguise, among ordinary letters.
fn hostile(count: usize) -> Vec<String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "＝", "＋", "－", "＠", "−", ";", ",", "|", "\"", "'", " ", "\u{a0}",
            "\u{feff}", "\u{3000}", "\0",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"y\")", "SUM(A1:A9)", "203-1", "é"])
            .prop_map(str::to_owned),
        1 => ".{0,6}".prop_map(|text: String| text),
    ];
    let text = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| text.new_tree(&mut runner).expect("a text").current()).collect()
}

fn table(texts: &[String]) -> Table<'static> {
    let mut table = Table::new("Texts", "=1+1", &[("text", Kind::Text), ("amount", Kind::Amount)]);
    for text in texts {
        table.push([text.as_str().into(), Cell::Amount(Decimal::new(-1234, 2))]);
    }
    table
}

/// Whether a spreadsheet could take a cell for a formula; a plain negative number is a number.
fn is_formula(cell: &str) -> bool {
    if cell.parse::<Decimal>().is_ok() {
        return false;
    }
    let seen = cell.trim_start_matches(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '\u{feff}' | '\0')
    });
    let blank = |character: char| matches!(character, '\t' | '\r' | '\n');
    seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(blank)
}

#[test]
fn no_text_of_100_000_becomes_a_formula_in_csv_whatever_separator_its_reader_believes_in() {
    let texts = hostile(STRINGS);
    let mut out = Vec::new();
    write_csv(&table(&texts), &mut out).expect("written");
    for separator in [b',', b';', b'|', b'\t'] {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(out.as_slice());
        let mut lines = 0;
        for line in reader.byte_records() {
            for cell in &line.expect("a line") {
                let cell = String::from_utf8_lossy(cell);
                assert!(!is_formula(&cell), "separator {:?}: {cell:?}", char::from(separator));
            }
            lines += 1;
        }
        assert!(separator != b',' || lines == STRINGS + 1, "{lines} lines");
    }
}

#[test]
fn a_text_that_was_made_safe_holds_every_character_it_had() {
    for text in hostile(10_000) {
        let safe = plain_text(&text);
        let mut kept = safe.chars();
        assert!(text.chars().all(|character| kept.any(|other| other == character)), "{text:?} became {safe:?}");
    }
}

#[test]
fn no_text_of_100_000_becomes_a_formula_in_a_workbook() {
    let mut book = Workbook::new("=1+1");
    book.table(table(&hostile(STRINGS)));
    let mut out = Cursor::new(Vec::new());
    book.write(&mut out).expect("written");
    let mut archive = zip::ZipArchive::new(out).expect("a workbook is a zip archive");
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet2.xml").expect("the sheet").read_to_string(&mut sheet).expect("XML");
    // The one formula is the total of the amounts.
    assert_eq!(sheet.matches("<f>").count(), 1);
    assert!(sheet.contains(&format!("<f>SUM(B4:B{})</f>", STRINGS + 3)));
    let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert!(!names.iter().any(|name| name.contains("externalLink") || name.contains("vba")), "{names:?}");
}
