//! Broken files: what is said, what is held back, and that nothing is lost or half-read.

use super::*;
use crate::tests::zipped;

fn with_row(change: impl FnOnce(&mut Amount)) -> Vec<u8> {
    let mut row = amount("Order", "ItemFees", "Commission", "-4.40");
    change(&mut row);
    let mut lines = small();
    lines[3] = row.line();
    text(&lines)
}

#[test]
fn an_unreadable_amount_stops_the_file_and_names_line_and_amount() {
    let bytes = with_row(|row| row.amount = "-4.4O".to_owned());
    let (checked, rows) = read(&bytes);
    assert!(!checked.balanced);
    assert_eq!(rows.len(), 2);
    let problem = &checked.problems[0];
    assert_eq!(
        (problem.line, problem.column, problem.value.as_deref(), problem.weight),
        (Some(4), Some("amount"), Some("-4.4O"), Weight::Stops)
    );
    assert!(problem.next.starts_with("-4.40 would make the settlement balance."), "{}", problem.next);
    let accepted = Options { accept: BTreeMap::from([(4, "-4.40".to_owned())]), ..Options::default() };
    let (checked, rows) = read_with(&bytes, &accepted);
    assert!(checked.balanced, "{:?}", checked.problems);
    assert!(rows[1].ends_with("AmountAccepted"), "{}", rows[1]);
    let wrong = Options { accept: BTreeMap::from([(4, "-4.41".to_owned())]), ..Options::default() };
    assert!(!read_with(&bytes, &wrong).0.balanced);
}

#[test]
fn an_amount_that_is_accepted_must_be_one() {
    let bytes = with_row(|row| row.amount = "?".to_owned());
    let nonsense = Options { accept: BTreeMap::from([(4, "about 4".to_owned())]), ..Options::default() };
    let file = SettlementFile::open(Input::Bytes(&bytes), nonsense).unwrap();
    assert_eq!(file.check(1).unwrap_err().code(), "bad_acceptance");
}

#[test]
fn any_other_broken_field_is_left_empty_and_its_row_goes_to_suspense() {
    type Change = fn(&mut Amount);
    let changes: [(Change, &str, &str); 4] = [
        (|row| row.posted_at = "2026-13-45 08:00:00 UTC".to_owned(), "posted-date-time", "2026-13-45 08:00:00 UTC"),
        (|row| row.posted_on = "yesterday".to_owned(), "posted-date", "yesterday"),
        (|row| row.quantity = "one".to_owned(), "quantity-purchased", "one"),
        (|row| row.sku = "MUG\tBLUE\t1\tPROMO".to_owned(), "fields beyond the last column", "PROMO"),
    ];
    for (change, column, value) in changes {
        let (checked, rows) = read(&with_row(change));
        assert!(checked.balanced, "{column}: {:?}", checked.problems);
        assert_eq!(rows.len(), 3);
        assert!(rows[1].contains(&format!("FieldUnreadable {{ column: \"{column}\" }}")), "{}", rows[1]);
        let problem = &checked.problems[0];
        assert_eq!((problem.line, problem.weight), (Some(4), Weight::ToSuspense));
        assert!(problem.what.contains(value), "{}", problem.what);
    }
}

#[test]
fn a_row_of_an_unknown_settlement_is_counted_and_doubted() {
    let mut lines = small();
    lines[4] = lines[4].replace("26031877012", "26031877O12");
    let (checked, rows) = read(&text(&lines));
    assert!(checked.balanced);
    assert!(rows[2].contains("FieldUnreadable"), "{}", rows[2]);
}

#[test]
fn two_currencies_are_never_summed() {
    let mut lines = small();
    lines[4] = lines[4].replacen("\t\t\t\t\t\t", "\t\t\t\t\tUSD\t", 1);
    let refused = refusal(&text(&lines));
    assert!(matches!(refused, Refusal::MixedCurrencies { line: 5, .. }), "{refused}");
    lines[4] = lines[4].replace("USD", "GPB");
    let (checked, _) = read(&text(&lines));
    assert!(checked.balanced, "a currency that does not exist is a broken field");
    assert_eq!(checked.problems[0].column, Some("currency"));
}

#[test]
fn a_difference_is_told_and_rows_that_would_explain_it_are_named() {
    let mut doubled = small();
    doubled.push(doubled[3].clone());
    let (checked, _) = read(&text(&doubled));
    assert!(!checked.balanced);
    assert_eq!(checked.difference().unwrap().minor(), -4_40);
    assert_eq!(checked.suspects.iter().map(|suspect| suspect.line).collect::<Vec<_>>(), [4, 6]);
    let flipped = with_row(|row| row.amount = "4.40".to_owned());
    let (checked, _) = read(&flipped);
    assert_eq!(checked.suspects.iter().map(|suspect| suspect.line).collect::<Vec<_>>(), [4]);
    assert!(checked.suspects[0].why.contains("other sign"));
}

#[test]
fn a_file_cut_off_in_a_row_does_not_balance_and_names_the_row() {
    let mut bytes = text(&small());
    bytes.truncate(bytes.len() - 90);
    let (checked, _) = read(&bytes);
    assert!(!checked.balanced);
    assert!(
        checked.problems.iter().any(|problem| problem.line == Some(5) && problem.what.contains("names an amount")),
        "{:?}",
        checked.problems
    );
}

#[test]
fn the_same_settlement_twice_in_one_file_is_noticed() {
    let mut lines = small();
    lines.extend(small());
    let (checked, _) = read(&text(&lines));
    assert!(!checked.balanced);
    assert!(
        checked.problems.iter().any(|problem| problem.what.contains("introduces itself twice, on lines 2 and 7")),
        "{:?}",
        checked.problems
    );
}

#[test]
fn what_is_not_a_settlement_is_named() {
    let cases: &[(&[u8], &str, &str)] = &[
        (b"", "empty", "empty"),
        (b"  \n\n", "empty", "empty"),
        (b"%PDF-1.7\n...", "not_a_settlement", "a PDF document"),
        (b"PK\x03\x04....", "not_a_settlement", "a spreadsheet or a ZIP archive"),
        (b"<!DOCTYPE html><html></html>", "not_a_settlement", "a web page"),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "not_a_settlement", "storage"),
        (b"{\"errors\": []}", "not_a_settlement", "a JSON document"),
        (
            b"amazon-order-id\tmerchant-order-id\tpurchase-date\torder-status\tsku\n1\t2\t3\t4\t5\n",
            "not_a_settlement",
            "an order report",
        ),
        (
            b"date/time,settlement id,type,order id,sku,description,quantity,marketplace,product sales,total\n1,2,3\n",
            "not_a_settlement",
            "a date range report",
        ),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08 binary", "not_a_settlement", "a binary file"),
        (b"just\tsome\ttext\n1\t2\t3\n", "not_a_settlement", "header is not a settlement's"),
    ];
    for (bytes, code, words) in cases {
        let refused = refusal(bytes);
        assert_eq!(refused.code(), *code, "{refused}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let without_amount: Vec<String> = small()
        .iter()
        .map(|line| {
            line.split('\t')
                .enumerate()
                .filter(|(place, _)| *place != 14)
                .map(|(_, field)| field)
                .collect::<Vec<_>>()
                .join("\t")
        })
        .collect();
    assert!(matches!(refusal(&text(&without_amount)), Refusal::MissingColumn { missing: "amount", .. }));
}

#[test]
fn a_damaged_gzip_is_refused_before_anything_is_believed() {
    let whole = zipped(&text(&small()));
    assert!(read(&whole).0.gzip);
    assert_eq!(refusal(&whole[..whole.len() - 4]).code(), "damaged");
    let mut wrong = whole.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    assert_eq!(refusal(&wrong).code(), "damaged");
    assert_eq!(Input::Bytes(&whole).sha256().unwrap().len(), 64);
}

#[test]
fn a_file_that_cannot_be_opened_says_which() {
    let path = std::path::Path::new("/nowhere/settlement.txt");
    let refused = SettlementFile::open(Input::Path(path), Options::default()).err().unwrap();
    assert!(refused.to_string().contains("/nowhere/settlement.txt"), "{refused}");
}
