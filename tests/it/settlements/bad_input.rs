//! Files that are wrong: clear words, nothing lost, nothing half-posted.

use std::io::Write;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Said, data, tillbridge};
use crate::settlements::examples::ledger;
use crate::settlements::v2::{self, File};

/// A folder with the profile of a standard seller.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "profile.toml", b"[[vat.schemes]]\nscheme = \"standard\"\n[vat]\ndefault_class = \"20\"\n");
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("a file");
}

fn check(folder: &Path, files: &[&str]) -> Said {
    tillbridge(folder, &[&["settlement", "check", "--json"], files].concat())
}

fn post(folder: &Path, arguments: &[&str]) -> Said {
    let always = ["settlement", "post", "--profile", "profile.toml", "--mode", "settlement", "--json"];
    tillbridge(folder, &[&always, arguments].concat())
}

/// A settlement of `count` sales of 12.00.
fn sales(id: &str, from: &str, to: &str, count: u32) -> File {
    let mut file = File::new(id, "GBP", from, to, Some(to), i64::from(count) * 1200);
    for number in 0..count {
        let order = format!("203-{id}-{number:07}");
        let (day, moment) = (v2::day(from), v2::moment(from, "10:15:00"));
        file.row(&[
            ("transaction-type", "Order"),
            ("order-id", &order),
            ("marketplace-name", "Amazon.co.uk"),
            ("amount-type", "ItemPrice"),
            ("amount-description", "Principal"),
            ("amount", "12.00"),
            ("fulfillment-id", "AFN"),
            ("posted-date", &day),
            ("posted-date-time", &moment),
            ("order-item-code", &format!("{number}")),
            ("sku", "MUG"),
            ("quantity-purchased", "1"),
        ]);
    }
    file
}

fn usual() -> File {
    sales("1", "2025-11-01", "2025-11-15", 3)
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Nothing of any settlement is in the documents, and the first problem has this code.
#[track_caller]
fn nothing_posted(pack: &Value, code: &str) {
    assert_eq!(pack["documents"].as_array().map(Vec::len), Some(0), "{pack}");
    assert_eq!(pack["ledger_dr_positive"].as_object().map(serde_json::Map::len), Some(0), "{pack}");
    assert_eq!(pack["explained"], false, "{pack}");
    let codes: Vec<&str> =
        pack["problems"].as_array().expect("problems").iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&code), "{codes:?}");
}

/// Both commands refuse the bytes with this code, and post nothing.
#[track_caller]
fn refused(bytes: &[u8], code: &str) {
    let folder = folder();
    write(folder.path(), "given", bytes);
    let report = check(folder.path(), &["given"]).ended(1).json();
    assert_eq!(report[0]["problems"][0]["code"], code, "{report}");
    assert_eq!(report[0]["balanced"], false);
    nothing_posted(&post(folder.path(), &["given"]).ended(1).json(), code);
}

#[test]
fn what_is_no_settlement_is_called_what_it_is() {
    refused(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n", "not_a_settlement");
    refused(b"<!DOCTYPE html><html><body>Sign in</body></html>", "not_a_settlement");
    refused(
        b"amazon-order-id\tpurchase-date\torder-status\tsku\n203-1\t2025-11-05\tShipped\tMUG\n",
        "not_a_settlement",
    );
    refused(b"", "empty");
}

#[test]
fn a_folder_and_a_missing_file_are_named() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("given")).expect("a folder");
    for name in ["given", "nowhere.txt"] {
        let report = check(folder.path(), &[name]).ended(1).json();
        let what = report[0]["problems"][0]["what"].as_str().expect("words");
        assert!(what.contains(name), "{what}");
    }
}

#[test]
fn a_file_that_was_cut_off_does_not_balance_and_posts_nothing() {
    let folder = folder();
    let text = usual().text();
    let last_line = text.trim_end().rfind('\n').expect("lines") + 1;
    write(folder.path(), "given", &text.as_bytes()[..last_line]);
    let report = check(folder.path(), &["given"]).ended(3).json();
    assert_eq!((&report[0]["total"], &report[0]["sum"]), (&"36.00".into(), &"24.00".into()));
    nothing_posted(&post(folder.path(), &["given"]).ended(3).json(), "does_not_balance");
}

#[test]
fn a_compressed_file_that_is_cut_or_fails_its_checksum_is_damaged() {
    let whole = zipped(usual().text().as_bytes());
    refused(&whole[..whole.len() - 9], "damaged");
    let mut wrong = whole.clone();
    let checksum = wrong.len() - 8;
    wrong[checksum] ^= 1;
    refused(&wrong, "damaged");
}

#[test]
fn a_file_that_grows_without_measure_is_refused() {
    let mut text = usual().text().into_bytes();
    text.extend(std::iter::repeat_n(b'0', 64 << 20));
    refused(&zipped(&text), "bomb");
}

#[test]
fn a_compressed_file_is_read_whatever_it_is_called() {
    let folder = folder();
    write(folder.path(), "given.txt", &zipped(usual().text().as_bytes()));
    let report = check(folder.path(), &["given.txt"]).ended(0).json();
    assert_eq!((&report[0]["gzip"], &report[0]["balanced"]), (&true.into(), &true.into()));
}

#[test]
fn two_currencies_in_one_settlement_are_refused() {
    let mut file = usual();
    file.rows[1].insert("currency", "EUR".to_owned());
    refused(file.text().as_bytes(), "mixed_currencies");
}

#[test]
fn a_settlement_given_twice_counts_once() {
    let folder = folder();
    for name in ["a.txt", "b.txt"] {
        write(folder.path(), name, usual().text().as_bytes());
    }
    let once = post(folder.path(), &["a.txt"]).ended(0).json();
    let twice = post(folder.path(), &["a.txt", "b.txt"]).ended(0).json();
    assert_eq!(ledger(&once), ledger(&twice));
    assert_eq!(twice["settlements"][1]["state"], "duplicate");
    assert!(twice["problems"][0]["what"].as_str().is_some_and(|what| what.contains("a.txt")), "{twice}");
}

#[test]
fn two_files_that_contradict_each_other_about_one_settlement_are_both_kept_back() {
    let folder = folder();
    write(folder.path(), "a.txt", usual().text().as_bytes());
    write(folder.path(), "b.txt", sales("1", "2025-11-01", "2025-11-15", 4).text().as_bytes());
    nothing_posted(&post(folder.path(), &["a.txt", "b.txt"]).ended(3).json(), "contradiction");
}

#[test]
fn settlements_that_share_rows_are_both_kept_back_and_those_that_only_overlap_are_posted() {
    let folder = folder();
    let first = usual();
    let mut same_rows = sales("2", "2025-11-10", "2025-11-24", 3);
    for (row, other) in same_rows.rows.iter_mut().zip(&first.rows) {
        let id = row["settlement-id"].clone();
        *row = other.clone();
        row.insert("settlement-id", id);
    }
    write(folder.path(), "a.txt", first.text().as_bytes());
    write(folder.path(), "b.txt", same_rows.text().as_bytes());
    write(folder.path(), "c.txt", sales("3", "2025-11-10", "2025-11-24", 3).text().as_bytes());
    nothing_posted(&post(folder.path(), &["a.txt", "b.txt"]).ended(3).json(), "overlap");
    let both = post(folder.path(), &["a.txt", "c.txt"]).ended(0).json();
    assert_eq!(ledger(&both)["1200 Bank current account"], 72_00);
}

#[test]
fn an_unknown_marketplace_waits_until_its_country_is_named() {
    let folder = folder();
    let mut file = usual();
    for row in &mut file.rows {
        row.insert("marketplace-name", "Amazon.xyz".to_owned());
    }
    write(folder.path(), "given", file.text().as_bytes());
    let pack = post(folder.path(), &["given"]).ended(3).json();
    assert_eq!(ledger(&pack)["2999 Amazon unmapped (suspense)"], -36_00);
    let mut profile = std::fs::read(folder.path().join("profile.toml")).expect("the profile");
    profile.extend(b"[settlements.sites]\n\"Amazon.xyz\" = \"GB\"\n");
    write(folder.path(), "profile.toml", &profile);
    let pack = post(folder.path(), &["given"]).json();
    assert_eq!(ledger(&pack)["4000 Amazon sales"], -30_00);
}

#[test]
fn one_unreadable_amount_among_10_000_rows_keeps_all_back_until_a_person_accepts_it() {
    let folder = folder();
    let mut file = sales("1", "2025-11-01", "2025-11-15", 10_000);
    file.rows[4_999].insert("amount", "twelve".to_owned());
    write(folder.path(), "given", file.text().as_bytes());
    let pack = post(folder.path(), &["given"]).ended(3).json();
    nothing_posted(&pack, "does_not_balance");
    let problem =
        pack["problems"].as_array().expect("problems").iter().find(|one| one["line"] == 5002).expect("its line");
    assert!(problem["next"].as_str().is_some_and(|next| next.contains("12.00")), "{problem}");
    let pack = post(folder.path(), &["given", "--accept-amount", "5002=12.00"]).ended(3).json();
    let sums = ledger(&pack);
    assert_eq!(sums["1200 Bank current account"], 120_000_00);
    assert_eq!(sums["2999 Amazon unmapped (suspense)"], -12_00);
    assert_eq!(sums["4000 Amazon sales"], -9_999 * 10_00);
    assert_eq!(pack["explained"], true);
}

#[test]
fn an_accepted_amount_that_does_not_balance_posts_nothing() {
    let folder = folder();
    let mut file = usual();
    file.rows[1].insert("amount", "twelve".to_owned());
    write(folder.path(), "given", file.text().as_bytes());
    nothing_posted(&post(folder.path(), &["given", "--accept-amount", "4=11.99"]).ended(3).json(), "does_not_balance");
    for wrong in ["4", "x=1", "other.txt:4=1"] {
        post(folder.path(), &["given", "--accept-amount", wrong]).ended(2);
    }
}

#[test]
fn one_other_broken_field_among_10_000_rows_puts_its_amount_on_suspense_and_posts_9_999() {
    let folder = folder();
    let mut file = sales("1", "2025-11-01", "2025-11-15", 10_000);
    file.rows[4_999].insert("quantity-purchased", "one".to_owned());
    write(folder.path(), "given", file.text().as_bytes());
    let pack = post(folder.path(), &["given"]).ended(3).json();
    let sums = ledger(&pack);
    assert_eq!(sums["2999 Amazon unmapped (suspense)"], -12_00);
    assert_eq!(sums["4000 Amazon sales"], -9_999 * 10_00);
    assert_eq!(pack["unmapped"].as_array().map(Vec::len), Some(1), "{}", pack["unmapped"]);
    assert_eq!(pack["problems"][0]["line"], 5002);
}

#[test]
fn a_row_nobody_knows_waits_and_the_rest_posts_until_the_profile_has_a_rule() {
    let folder = folder();
    let mut file = usual();
    file.rows[0].insert("transaction-type", "other-transaction".to_owned());
    file.rows[0].insert("amount-type", "other-transaction".to_owned());
    file.rows[0].insert("amount-description", "Quite a new thing".to_owned());
    write(folder.path(), "given", file.text().as_bytes());
    let report = check(folder.path(), &["given"]).ended(3).json();
    assert_eq!(report[0]["unknown"][0]["amount_description"], "Quite a new thing");
    let pack = post(folder.path(), &["given"]).ended(3).json();
    assert_eq!(ledger(&pack)["2999 Amazon unmapped (suspense)"], -12_00);
    let mut profile = std::fs::read(folder.path().join("profile.toml")).expect("the profile");
    profile.extend(b"[[settlements.rules]]\namount_description = \"Quite a new*\"\nrole = \"OTHER_INC\"\n");
    write(folder.path(), "profile.toml", &profile);
    let pack = post(folder.path(), &["given"]).ended(0).json();
    assert_eq!(ledger(&pack)["4950 Other Amazon income"], -12_00);
}

#[test]
fn a_good_settlement_posts_beside_a_bad_one() {
    let folder = folder();
    write(folder.path(), "good.txt", usual().text().as_bytes());
    write(folder.path(), "bad.txt", b"%PDF-1.7\n");
    let pack = post(folder.path(), &["good.txt", "bad.txt"]).ended(3).json();
    assert_eq!(ledger(&pack)["1200 Bank current account"], 36_00);
    assert_eq!((&pack["settlements"][1]["state"], &pack["explained"]), (&"refused".into(), &false.into()));
}

#[test]
fn a_profile_with_problems_is_wrong_usage_and_names_each_key() {
    let folder = folder();
    write(folder.path(), "given", usual().text().as_bytes());
    write(folder.path(), "profile.toml", b"[[vat.schemes]]\nschema = \"standard\"\n[settlement]\nmode = \"daily\"\n");
    let said = post(folder.path(), &["given"]).ended(2);
    assert!(
        said.err.contains("vat.schemes[1].schema") && said.err.contains("Did you mean `settlements`?"),
        "{}",
        said.err
    );
}

#[test]
fn the_settlement_before_is_taken_from_its_file_or_from_its_pack() {
    let folder = data().join("D2");
    let always =
        ["settlement", "post", "settlement-2.txt", "--profile", "profile.toml", "--mode", "settlement", "--json"];
    let of_file = tillbridge(&folder, &[&always[..], &["--previous", "settlement-1.txt"]].concat()).ended(0);
    let before =
        ["settlement", "post", "settlement-1.txt", "--profile", "profile.toml", "--mode", "settlement", "--json"];
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "before.json", tillbridge(&folder, &before).ended(0).out.as_bytes());
    let pack = work.path().join("before.json");
    let of_pack =
        tillbridge(&folder, &[&always[..], &["--previous", pack.to_str().expect("a name")]].concat()).ended(0);
    assert_eq!(ledger(&of_file.json()), ledger(&of_pack.json()));
    assert_eq!(of_file.json()["clearing_after"], "0.00");
}
