//! Every worked example of UK settlement bookkeeping, from the files a seller has to the documents that the books should hold.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::command::{Said, data, tillbridge};
use crate::settlements::generate::{Files, examples};
use crate::settlements::v2::{amount, minor};

/// Whether the files are to be written instead of compared.
fn updating() -> bool {
    std::env::var_os("UPDATE_EXAMPLES").is_some()
}

#[test]
fn the_committed_files_are_those_that_the_examples_give() {
    for example in examples() {
        let folder = data().join(&example.id);
        let files = example.files();
        if updating() {
            std::fs::create_dir_all(&folder).expect("a folder");
            for (name, text) in &files {
                std::fs::write(folder.join(name), text).expect("a file");
            }
        }
        assert_eq!(committed(&folder), files, "{}: write the files anew with UPDATE_EXAMPLES=1", example.id);
    }
}

fn committed(folder: &Path) -> Files {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder for each example").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(entry.path()).expect("text"));
    }
    files
}

/// Posts the files of an example as a person would.
pub fn post(id: &str, mode: &str) -> Said {
    let folder = data().join(id);
    let names = committed(&folder);
    let mut arguments = vec!["settlement", "post"];
    arguments.extend(names.keys().map(String::as_str).filter(|name| name.starts_with("settlement")));
    arguments.extend(["--profile", "profile.toml", "--mode", mode, "--json"]);
    for (option, name) in [("--orders", "orders.tsv"), ("--finances", "finances.json"), ("--bank", "bank.csv")] {
        if names.contains_key(name) {
            arguments.extend([option, name]);
        }
    }
    tillbridge(&folder, &arguments)
}

/// The ledger of a pack in pennies, debit positive.
pub fn ledger(pack: &Value) -> BTreeMap<String, i64> {
    let accounts = pack["ledger_dr_positive"].as_object().expect("a ledger");
    accounts.iter().map(|(account, sum)| (account.clone(), minor(sum.as_str().expect("digits")))).collect()
}

/// Net and VAT in pennies by kind of document, account and rate. Documents that an example abridges have no VAT to compare.
fn taxed(pack: &Value) -> BTreeMap<(String, String, String), (i64, i64)> {
    let mut sums = BTreeMap::new();
    for document in pack["documents"].as_array().expect("documents") {
        for line in document["lines"].as_array().into_iter().flatten().filter(|line| line["vat_rate"].is_string()) {
            let text = |key: &str| line[key].as_str().expect("a text").to_owned();
            let kind = document["document"].as_str().expect("a kind").to_owned();
            let sum: &mut (i64, i64) = sums.entry((kind, text("account"), text("vat_rate"))).or_default();
            sum.0 += minor(&text("net"));
            sum.1 += minor(&text("vat"));
        }
    }
    sums
}

fn without(mut sums: BTreeMap<String, i64>, other: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    for (account, sum) in other {
        *sums.entry(account.clone()).or_default() -= sum;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

#[track_caller]
fn reproduces(id: &str) {
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(data().join(id).join("expected.json")).expect("a file"))
            .expect("JSON");
    let pack = post(id, expected["mode"].as_str().expect("a mode")).ended(0).json();
    let mut sums = ledger(&pack);
    let mut lines = taxed(&pack);
    // An example that speaks only of what it adds to another one.
    if let Some(other) = expected["besides"].as_str() {
        let other = post(other, "per-order").ended(0).json();
        sums = without(sums, &ledger(&other));
        for key in taxed(&other).keys() {
            lines.remove(key);
        }
    }
    assert_eq!(sums, ledger(&expected), "ledger of {id}");
    let abridged = expected["documents"].to_string().contains("Abridged");
    if !abridged {
        assert_eq!(lines, taxed(&expected), "net and VAT by kind of document, account and rate of {id}");
    }
    assert_eq!(pack["explained"], true, "{id}");
    let balance: i64 = sums.values().sum();
    assert_eq!(balance, 0, "debits and credits of {id} differ by {}", amount(balance));
}

macro_rules! reproduce {
    ($($name:ident = $id:literal),* $(,)?) => {
        $(#[test] fn $name() { reproduces($id); })*

        #[test]
        fn no_example_is_left_out() {
            let named: Vec<&str> = vec![$($id),*];
            let all: Vec<String> = examples().into_iter().map(|example| example.id).collect();
            assert_eq!(named, all);
        }
    };
}

reproduce! {
    a1_a_domestic_sale_at_20_per_cent_without_vcs = "A1",
    a2_the_same_sale_with_vcs = "A2",
    a3_a_zero_rated_sale = "A3",
    a4_a_reduced_rate_sale_sent_by_the_seller = "A4",
    a5_a_mixed_basket_with_delivery_gift_wrap_and_coupon = "A5",
    a6_an_overseas_seller_whose_vat_amazon_collects = "A6",
    a7_goods_outside_the_uk_below_135_pounds = "A7",
    a8_uk_stock_to_france_under_ioss = "A8",
    a9_german_stock_to_austria_under_union_oss = "A9",
    a10_a_us_sale_in_dollars = "A10",
    a11_a_business_buyer = "A11",
    b1_a_fee_before_august_2024 = "B1",
    b2_a_fee_in_two_rows = "B2",
    b3_a_month_of_account_level_charges = "B3",
    b4_a_flat_rate_trader = "B4",
    b5_a_seller_who_is_not_registered = "B5",
    c1_a_partial_refund = "C1",
    c2_a_full_refund_with_a_restocking_fee = "C2",
    c3_a_refund_of_a_promoted_item = "C3",
    c4_goodwill_on_an_item = "C4",
    c5_a_chargeback = "C5",
    c6_an_a_to_z_claim_lost_and_won_back = "C6",
    c7_a_safe_t_reimbursement = "C7",
    c8_fba_reimbursements_with_stock = "C8",
    d1_a_loan_instalment = "D1",
    d2_a_reserve_held_and_released = "D2",
    d3_a_transfer_that_failed = "D3",
    d4_a_negative_settlement_carried_forward = "D4",
    d5_a_settlement_over_a_month_end = "D5",
    d6_a_converted_payout = "D6",
    d7_a_deferred_sale = "D7",
    d8_cost_of_goods_sold = "D8",
    f1_a_whole_settlement_order_by_order = "F1",
    f2_the_same_settlement_as_one = "F2",
}

#[test]
fn every_example_has_the_same_ledger_in_every_mode() {
    for example in examples() {
        let ledgers: Vec<_> =
            ["per-order", "daily", "settlement"].map(|mode| ledger(&post(&example.id, mode).ended(0).json())).into();
        assert!(ledgers.windows(2).all(|pair| pair[0] == pair[1]), "{}: {ledgers:#?}", example.id);
    }
}

#[test]
fn the_steps_from_sales_to_payout_lead_from_the_balance_before_to_the_balance_after() {
    for example in examples() {
        let pack = post(&example.id, example.mode()).ended(0).json();
        for settlement in pack["settlements"].as_array().expect("settlements") {
            let steps = settlement["waterfall"].as_array().into_iter().flatten();
            let moved: i64 = steps.map(|step| step["amount_minor"].as_i64().expect("minor units")).sum();
            let before = settlement["clearing_before_minor"].as_i64().expect("minor units");
            let after = minor(settlement["clearing_after"].as_str().expect("digits"));
            assert_eq!(before + moved, after, "{}: {settlement}", example.id);
        }
    }
}
