//! Laws that hold for any settlement.

use std::collections::BTreeMap;

use bookkeeping::settlement::{Ledger, Mode, Posted, RowPlace, Rules};
use model::{Draft, NominalCode};
use money::Money;
use proptest::prelude::*;

use super::rows::{Row, head, in_mode, post};
use super::worlds::{item, rows_of, world};

const MODES: [Mode; 3] = [Mode::PerOrder, Mode::Daily, Mode::Settlement];

fn perpetual(mode: Mode) -> Rules {
    let mut rules = in_mode(mode);
    rules.stock.perpetual = true;
    rules.stock.costs.insert("*".to_owned(), vec![(None, super::worlds::gbp(123))]);
    rules
}

fn balances(ledger: &Ledger) -> Vec<(NominalCode, Money)> {
    ledger.iter().collect()
}

fn vat(posted: &Posted) -> (i64, i64) {
    let (mut output, mut input) = (0, 0);
    for document in &posted.documents {
        match document {
            Draft::Sales(draft) => output += draft.vat().expect("a sum").minor(),
            Draft::Purchase(draft) => input += draft.vat().expect("a sum").minor(),
            _ => {}
        }
    }
    (output, input)
}

fn shuffled() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    world().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_500, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter((rows, shuffled) in shuffled(), mode in 0_usize..3) {
        let rules = perpetual(MODES[mode]);
        let (one, other) = (post(&rows, &rules), post(&shuffled, &rules));
        prop_assert_eq!(&one.documents, &other.documents);
        prop_assert_eq!(&one.ledger, &other.ledger);
        prop_assert_eq!(&one.tasks, &other.tasks);
        let places = |posted: &Posted| posted.links.iter().collect::<BTreeMap<u64, RowPlace>>();
        prop_assert_eq!(places(&one), places(&other));
    }

    #[test]
    fn all_modes_give_the_same_ledger_and_the_same_vat(rows in world()) {
        let posted = MODES.map(|mode| post(&rows, &perpetual(mode)));
        prop_assert_eq!(balances(&posted[0].ledger), balances(&posted[1].ledger));
        prop_assert_eq!(balances(&posted[0].ledger), balances(&posted[2].ledger));
        prop_assert_eq!(vat(&posted[0]), vat(&posted[1]));
        prop_assert_eq!(vat(&posted[0]), vat(&posted[2]));
    }

    #[test]
    fn every_row_is_somewhere_and_clearing_is_what_the_rows_say(rows in world(), mode in 0_usize..3) {
        let posted = post(&rows, &in_mode(MODES[mode]));
        prop_assert_eq!(posted.links.len(), rows.len());
        for (line, place) in posted.links.iter() {
            let row = rows.iter().find(|row| row.line == line).expect("its row");
            match place {
                RowPlace::Line { document, line } => {
                    let lines = match &posted.documents[document as usize] {
                        Draft::Sales(draft) => draft.lines.len(),
                        Draft::Purchase(draft) => draft.lines.len(),
                        Draft::Journal(draft) => draft.lines.len(),
                        Draft::Bank(_) | Draft::Transfer(_) | Draft::Payment(_) | Draft::Allocation(_) => 1,
                    };
                    prop_assert!((line as usize) < lines);
                }
                RowPlace::Carried => prop_assert_eq!(&row.name, "Payable to Amazon"),
                RowPlace::Folded | RowPlace::Ignored | RowPlace::Held => {}
            }
        }
        prop_assert!(posted.explained);
        prop_assert_eq!(posted.clearing.change, posted.clearing.expected);
    }

    #[test]
    fn debits_are_credits(rows in world(), mode in 0_usize..3) {
        let posted = post(&rows, &perpetual(MODES[mode]));
        let rest: i64 = posted.ledger.iter().map(|(_, amount)| amount.minor()).sum();
        prop_assert_eq!(rest, 0);
    }

    #[test]
    fn the_parts_make_the_whole(rows in world(), mode in 0_usize..3) {
        // Split by order: what happened to one order line is never split, since a refund depends on its sale.
        let rules = in_mode(MODES[mode]);
        let whole = unpaid(&rows, &rules);
        let (left, right): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.order.ends_with("0-0000000"));
        let parts = unpaid(&left, &rules).plus(&unpaid(&right, &rules)).expect("a sum");
        prop_assert_eq!(balances(&whole), balances(&parts));
    }

    #[test]
    fn a_second_run_gives_the_same_documents(rows in world(), mode in 0_usize..3) {
        let rules = perpetual(MODES[mode]);
        prop_assert_eq!(post(&rows, &rules).documents, post(&rows, &rules).documents);
    }

    #[test]
    fn refunds_in_any_parts_give_back_the_vat_of_the_sale(mut item in item(), parts in prop::collection::vec(1_u8..100, 1..5)) {
        (item.refunds, item.delivery, item.promotion, item.withheld, item.site) = (parts, None, None, false, 0);
        let rows = super::rows::numbered(rows_of(&item, 1));
        for mode in MODES {
            let posted = post(&rows, &in_mode(mode));
            prop_assert_eq!(vat(&posted).0, 0, "{:?}", posted.documents);
            let back = |posted: &Posted| posted.documents.iter().filter_map(|document| match document {
                Draft::Sales(draft) if draft.gross().expect("a sum").is_negative() => Some(draft.vat().expect("a sum").minor()),
                _ => None,
            }).max().unwrap_or(0);
            prop_assert!(back(&posted) <= 0);
        }
    }

    #[test]
    fn no_two_documents_share_a_key_or_a_reference(rows in world(), mode in 0_usize..3) {
        let posted = post(&rows, &perpetual(MODES[mode]));
        let mut keys: Vec<String> = posted.documents.iter().map(|document| document.key().to_string()).collect();
        let mut references: Vec<&str> = posted.documents.iter().map(Draft::reference).collect();
        keys.sort();
        references.sort_unstable();
        let (all_keys, all_references) = (keys.len(), references.len());
        keys.dedup();
        references.dedup();
        prop_assert_eq!((keys.len(), references.len()), (all_keys, all_references));
    }
}

/// The ledger without the payout, which depends on the total.
fn unpaid(rows: &[Row], rules: &Rules) -> Ledger {
    let head = model::Settlement { deposit_on: None, ..head(rows) };
    super::rows::post_with(rows, rules, &bookkeeping::settlement::Evidence::default(), &head)
        .expect("nothing stops it")
        .ledger
}
