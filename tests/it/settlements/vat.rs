//! The VAT preview of a pack.

use serde_json::{Value, json};

use crate::command::{data, tillbridge};
use crate::settlements::examples::post;

/// Boxes 1, 4, 5, 6, 7, and what is to be done by hand of 1 and 4.
fn boxes(pack: &Value) -> Vec<[&str; 7]> {
    let names = ["box1", "box4", "box5", "box6", "box7", "box1_by_hand", "box4_by_hand"];
    let periods = pack["vat"].as_array().expect("periods");
    periods.iter().map(|period| names.map(|name| period[name].as_str().expect("digits"))).collect()
}

#[test]
fn the_capstone_fills_the_boxes_of_the_accounting_rules() {
    let pack = post("F1", "per-order").ended(0).json();
    assert_eq!(boxes(&pack), [["9.21", "18.58", "-9.37", "121.95", "92.84", "0.00", "0.00"]]);
    assert_eq!(pack["vat"][0]["ends"], json!("2025-12-31"));
}

#[test]
fn the_flat_rate_is_due_on_the_turnover_whether_or_not_a_journal_is_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = std::fs::read_to_string(data().join("B4/profile.toml")).expect("a profile");
    let without = profile.replace("flat_rate_journal = true", "flat_rate_journal = false");
    assert_ne!(profile, without);
    std::fs::copy(data().join("B4/settlement.txt"), folder.path().join("settlement.txt")).expect("a file");
    for (profile, journals) in [(&profile, 1), (&without, 0)] {
        std::fs::write(folder.path().join("profile.toml"), profile).expect("a file");
        let arguments = ["settlement", "post", "settlement.txt", "--profile", "profile.toml", "--json"];
        let pack = tillbridge(folder.path(), &arguments).ended(0).json();
        let documents = pack["documents"].as_array().expect("documents");
        assert_eq!(documents.iter().filter(|document| document["document"] == "Journal").count(), journals);
        // 7.5 % of 24.00; the invoice shows 4.00.
        assert_eq!(boxes(&pack), [["1.80", "0.00", "1.80", "24.00", "0.00", "-2.20", "0.00"]]);
    }
}

#[test]
fn the_reverse_charge_is_in_both_boxes_and_on_no_document() {
    // 3.67 of fees before August 2024.
    let pack = post("B1", "per-order").ended(0).json();
    assert_eq!(boxes(&pack)[0][5], boxes(&pack)[0][6]);
    assert_eq!(boxes(&pack)[0][6], boxes(&pack)[0][1], "all of box 4 is the reverse charge");
    assert_ne!(boxes(&pack)[0][1], "0.00");
}

#[test]
fn a_seller_who_is_not_registered_has_no_return() {
    assert_eq!(boxes(&post("B5", "per-order").ended(0).json()), [[""; 7]; 0]);
}
