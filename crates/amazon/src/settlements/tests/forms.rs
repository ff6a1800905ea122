//! Every form a whole settlement comes in gives the same rows.

use super::*;

/// Rows without their line numbers.
fn unnumbered(rows: Vec<String>) -> Vec<String> {
    rows.into_iter().map(|row| row.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn a_v2_file_gives_its_head_its_rows_and_balances() {
    let (checked, rows) = read(&text(&small()));
    assert!(checked.balanced, "{:?}", checked.problems);
    assert_eq!(checked.problems, []);
    let head = checked.settlement.as_ref().unwrap();
    assert_eq!(
        format!("{head:?}"),
        "Settlement { id: \"26031877012\", currency: GBP, from: Some(2026-03-01T00:00:00Z), to: Some(2026-03-15T00:00:00Z), deposit_on: Some(2026-03-17T00:00:00Z), total: 16.25 GBP }"
    );
    assert_eq!(
        rows,
        [
            "3: Order | ItemPrice | Principal 24.00 GBP 2026-03-06T08:52:26Z 202-1234567-1234567 12345678901234 MUG-BLUE AFN Some(1) ",
            "4: Order | ItemFees | Commission -4.40 GBP 2026-03-06T08:52:26Z 202-1234567-1234567 12345678901234 MUG-BLUE AFN Some(1) ",
            "5: Order | ItemFees | FBAPerUnitFulfillmentFee -3.35 GBP 2026-03-06T08:52:26Z 202-1234567-1234567 12345678901234 MUG-BLUE AFN Some(1) ",
        ]
    );
    assert_eq!((checked.format.name(), checked.encoding.as_str(), checked.decimal.name()), ("v2", "utf-8", "point"));
    assert_eq!(checked.key(), ("26031877012", money::Currency::GBP));
}

#[test]
fn line_endings_blank_lines_and_a_missing_last_end_do_not_matter() {
    let expected = read(&text(&small())).1;
    for eol in ["\n", "\r\n", "\r"] {
        assert_eq!(read(small().join(eol).as_bytes()).1, expected, "{eol:?}");
        let blank_at_the_end = [small().join(eol), eol.repeat(3)].concat();
        assert_eq!(read(blank_at_the_end.as_bytes()).1, expected, "{eol:?}");
    }
}

#[test]
fn columns_may_be_reordered_renamed_missing_and_more() {
    let expected = unnumbered(read(&text(&small())).1);
    let reorder = |line: &String| {
        let mut fields: Vec<&str> = line.split('\t').collect();
        fields.reverse();
        [fields.join("\t"), "something-else\tanother".to_owned()].join("\t")
    };
    let reversed: Vec<String> = small().iter().map(reorder).collect();
    assert_eq!(unnumbered(read(&text(&reversed)).1), expected);
    let mut renamed = small();
    renamed[0] = renamed[0].replace('-', "_").to_uppercase();
    assert_eq!(unnumbered(read(&text(&renamed)).1), expected);
    let without: Vec<String> = small().iter().map(|line| line.rsplit_once('\t').unwrap().0.to_owned()).collect();
    assert_eq!(unnumbered(read(&text(&without)).1), expected);
}

#[test]
fn without_a_summary_row_the_period_and_the_total_are_those_its_rows_repeat() {
    let full = small();
    let summary: Vec<&str> = full[1].split('\t').take(6).collect();
    let on_a_row = |line: &String| {
        let rest: Vec<&str> = line.split('\t').skip(6).collect();
        [summary.join("\t"), rest.join("\t")].join("\t")
    };
    let rows = full[2..].iter().map(on_a_row);
    let lines: Vec<String> = std::iter::once(full[0].clone()).chain(rows).collect();
    let (repeated, _) = read(&text(&lines));
    let (expected, _) = read(&text(&full));
    assert!(repeated.balanced, "{:?}", repeated.problems);
    assert_eq!(repeated.settlement, expected.settlement);
}

#[test]
fn a_file_that_a_spreadsheet_wrote_with_commas_or_semicolons_reads_alike() {
    let mut lines = small();
    lines[2] = lines[2].replace("MUG-BLUE", "MUG, \"BLUE\"; LARGE");
    let expected = unnumbered(read(&text(&lines)).1);
    assert!(expected[0].contains("MUG, \"BLUE\"; LARGE"));
    for delimiter in [',', ';'] {
        let quote = |field: &str| {
            if field.contains([',', ';', '"']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.to_owned()
            }
        };
        let table: Vec<String> = lines
            .iter()
            .map(|line| line.split('\t').map(quote).collect::<Vec<_>>().join(&delimiter.to_string()))
            .collect();
        let (checked, rows) = read(&text(&table));
        assert!(checked.balanced);
        assert_eq!(unnumbered(rows), expected);
    }
}

#[test]
fn a_row_broken_by_a_line_break_inside_a_field_is_joined_again() {
    let mut lines = small();
    lines[3] = lines[3].replace("MUG-BLUE", "MUG\n-\nBLUE");
    let (checked, rows) = read(&text(&lines));
    assert!(checked.balanced);
    assert!(rows[1].starts_with("4: ") && rows[1].contains("MUG - BLUE"), "{}", rows[1]);
    assert!(rows[2].starts_with("7: "), "{}", rows[2]);
    let mut quoted = small();
    quoted[3] = quoted[3].replace("MUG-BLUE", "\"MUG \"\"BLUE\"\"\nLARGE\"");
    assert!(read(&text(&quoted)).1[1].contains("MUG \"BLUE\" LARGE"));
}

#[test]
fn rows_that_lost_their_empty_last_fields_stand_alone() {
    let trimmed: Vec<String> = small().iter().map(|line| line.trim_end_matches('\t').to_owned()).collect();
    assert_eq!(read(&text(&trimmed)).1, read(&text(&small())).1);
}

#[test]
fn a_german_file_has_commas_points_and_dots_in_its_dates() {
    let mut mug = amount("Order", "ItemPrice", "Principal", "1.234,56");
    (mug.posted_on, mug.posted_at) = ("06.03.2026".to_owned(), "06.03.2026 08:52:26 UTC".to_owned());
    let mut fee = amount("Order", "ItemFees", "Commission", "-95,00");
    (fee.posted_on, fee.posted_at) = (mug.posted_on.clone(), String::new());
    let head = summary("1.139,56").replace("GBP", "EUR").replace("2026-03-15", "15.03.2026");
    let (checked, rows) = read(&text(&[V2.to_owned(), head, mug.line(), fee.line()]));
    assert!(checked.balanced, "{:?}", checked.problems);
    assert_eq!(checked.decimal, Decimal::Comma);
    assert!(rows[0].contains(" 1234.56 EUR 2026-03-06T08:52:26Z "), "{}", rows[0]);
    assert!(rows[1].contains(" -95.00 EUR 2026-03-06 "), "{}", rows[1]);
    assert_eq!(checked.settlement.unwrap().to.unwrap().to_string(), "2026-03-15T00:00:00Z");
}

#[test]
fn slash_dates_are_read_in_the_order_that_the_file_shows() {
    let dated = |days: &[&str]| {
        let rows = days.iter().map(|day| {
            let mut row = amount("Order", "ItemPrice", "Principal", "1.00");
            (row.posted_on, row.posted_at) = ((*day).to_owned(), String::new());
            row.line()
        });
        let total = format!("{}.00", days.len());
        let lines: Vec<String> = [V2.to_owned(), summary(&total)].into_iter().chain(rows).collect();
        let (checked, rows) = read(&text(&lines));
        (checked, rows.iter().map(|row| row.split(' ').nth(8).unwrap().to_owned()).collect::<Vec<_>>())
    };
    // Another row shows it.
    assert_eq!(dated(&["04/03/2026", "13/03/2026"]).1, ["2026-03-04", "2026-03-13"]);
    assert_eq!(dated(&["03/04/26", "03/13/26"]).1, ["2026-03-04", "2026-03-13"]);
    // Only the settlement's period shows it.
    assert_eq!(dated(&["04/03/2026"]).1, ["2026-03-04"]);
    assert_eq!(dated(&["03/04/2026"]).1, ["2026-03-04"]);
    // Nothing shows it: the day stays open and the row goes to suspense.
    let (checked, days) = dated(&["04/05/2026"]);
    assert_eq!(days, ["-"]);
    assert!(checked.balanced);
    assert_eq!(checked.problems[0].weight, Weight::ToSuspense);
}

#[test]
fn every_encoding_gives_the_same_text() {
    let mut lines = small();
    lines[2] = lines[2].replace("MUG-BLUE", "BECHER-GRÜN-€");
    let expected = read(&text(&lines)).1;
    assert!(expected[0].contains("BECHER-GRÜN-€"));
    let whole = String::from_utf8(text(&lines)).unwrap();
    let cp1252 = encoding_rs::WINDOWS_1252.encode(&whole).0.into_owned();
    let (checked, rows) = read(&cp1252);
    assert_eq!((rows, checked.encoding.as_str()), (expected.clone(), "windows-1252"));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(whole.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (checked, rows) = read(&utf16);
    assert_eq!((rows, checked.encoding.as_str()), (expected.clone(), "utf-16"));
    let (checked, rows) = read(&[b"\xEF\xBB\xBF", whole.as_bytes()].concat());
    assert_eq!((rows, checked.encoding.as_str()), (expected, "utf-8-bom"));
}

#[test]
fn a_japanese_file_has_its_own_encoding_header_and_whole_yen() {
    let header = "決済番号\t決済開始日\t決済終了日\t振込日\t合計金額\t通貨\tトランザクションの種類\t注文番号\t金額タイプ\t金額の説明\t金額\t投稿日時\tSKU\t数量";
    let lines = [
        header.to_owned(),
        "31234567012\t2026/03/01 00:00:00 JST\t2026/03/15 00:00:00 JST\t2026/03/17 00:00:00 JST\t1,683\tJPY\t\t\t\t\t\t\t\t".to_owned(),
        "31234567012\t\t\t\t\t\tOrder\t503-1\tItemPrice\tPrincipal\t1,980\t2026/03/06 08:52:26 JST\tマグ-青\t1".to_owned(),
        "31234567012\t\t\t\t\t\tOrder\t503-1\tItemFees\tCommission\t-297\t2026/03/06 08:52:26 JST\tマグ-青\t1".to_owned(),
    ];
    let whole = String::from_utf8(text(&lines)).unwrap();
    let (checked, rows) = read(&encoding_rs::SHIFT_JIS.encode(&whole).0);
    assert!(checked.balanced, "{:?}", checked.problems);
    assert_eq!(checked.encoding, "shift_jis");
    assert_eq!(rows[0], "3: Order | ItemPrice | Principal 1980 JPY 2026-03-05T23:52:26Z 503-1  マグ-青  Some(1) ");
    assert_eq!(read(whole.as_bytes()).1, rows);
}

#[test]
fn several_settlements_in_one_file_are_told_apart() {
    let german: Vec<String> =
        small().iter().skip(1).map(|line| line.replace("26031877012", "26031877999").replace("GBP", "EUR")).collect();
    let mut lines = small();
    lines.push(V2.to_owned());
    lines.extend(german);
    let bytes = text(&lines);
    let file = SettlementFile::open(Input::Bytes(&bytes), Options::default()).unwrap();
    let all = file.check(2).unwrap();
    assert_eq!(
        all.iter().map(|one| (one.id.as_str(), one.currency.code(), one.balanced)).collect::<Vec<_>>(),
        [("26031877012", "GBP", true), ("26031877999", "EUR", true),]
    );
    let mut lines = Vec::new();
    file.rows(&all[1], |row| lines.push(row.line)).unwrap();
    assert_eq!(lines, [8, 9, 10]);
}

#[test]
fn the_summary_may_stand_anywhere_and_the_total_on_every_row() {
    let mut moved = small();
    let head = moved.remove(1);
    moved.push(head);
    let (checked, _) = read(&text(&moved));
    assert!(checked.balanced);
    let filled: Vec<String> = small()
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != 1)
        .map(
            |(index, line)| {
                if index == 0 { line.clone() } else { line.replacen("\t\t\t\t\t\t", "\t\t\t\t16.25\tGBP\t", 1) }
            },
        )
        .collect();
    let (checked, _) = read(&text(&filled));
    assert!(checked.balanced, "{:?}", checked.problems);
}

#[test]
fn a_row_that_repeats_the_payout_is_left_out_and_explained() {
    let mut lines = small();
    lines.insert(3, amount("Transfer", "Transfer", "To your account", "-16.25").line());
    let (checked, rows) = read(&text(&lines));
    assert!(checked.balanced);
    assert_eq!((checked.sum.minor(), checked.rows, rows.len()), (16_25, 3, 3));
    assert_eq!(
        checked.problems[0].what,
        "Line 4 repeats the payout itself (`Transfer`), so that all rows sum to nothing"
    );
}

#[test]
fn a_file_without_total_is_not_posted_until_somebody_states_it() {
    let mut lines = small();
    lines.remove(1);
    let stated = Options { currency: Some(money::Currency::GBP), ..Options::default() };
    let (checked, rows) = read_with(&text(&lines), &stated);
    assert!(!checked.balanced && checked.settlement.is_none());
    assert_eq!(rows.len(), 3);
    assert_eq!(checked.problems[0].what, "The file does not state a total; its rows sum to 16.25 GBP");
    let (checked, _) = read_with(&text(&lines), &Options { total: Some("16.25".to_owned()), ..stated });
    assert!(checked.balanced);
    // Without a statement the site of the rows tells the currency.
    assert_eq!(read(&text(&lines)).0.currency, money::Currency::GBP);
}
