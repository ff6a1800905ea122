use std::collections::BTreeSet;

use proptest::prelude::*;
use reconcile::{Item, Kind, Matching, Rule, SubsetLimits, Tolerances, match_items};

use crate::dice::{Dice, day, gbp, later};

/// Ids of both sides of every link, the rule and what is open: the answer without positions.
type Answer = (BTreeSet<(Vec<String>, Vec<String>, Rule)>, BTreeSet<Vec<String>>);

fn answer(matching: &Matching, left: &[Item<'_>], right: &[Item<'_>]) -> Answer {
    let ids = |items: &[Item<'_>], members: &[usize]| {
        let mut ids: Vec<String> = members.iter().map(|&at| items[at].id.to_owned()).collect();
        ids.sort();
        ids
    };
    let links = matching.matches.iter().map(|one| (ids(left, &one.left), ids(right, &one.right), one.rule)).collect();
    let open = matching.open.iter().map(|one| [ids(left, &one.left), ids(right, &one.right)].concat()).collect();
    (links, open)
}

/// Few amounts, few days, few keys: everything collides.
fn any_side(name: &'static str) -> impl Strategy<Value = Vec<(String, i64, i64, u8, u8)>> {
    proptest::collection::vec((1_i64..6, 0_i64..8, 0_u8..4, 0_u8..4), 0..14).prop_map(move |items| {
        items
            .into_iter()
            .enumerate()
            .map(|(at, (minor, day, order, sku))| (format!("{name}{at}"), minor * 100, day, order, sku))
            .collect()
    })
}

const ORDERS: [&str; 4] = ["", "", "203-1234567-1234567", "S01-1"];
const SKUS: [&str; 4] = ["", "", "A", "B"];

fn items(side: &[(String, i64, i64, u8, u8)]) -> Vec<Item<'_>> {
    side.iter()
        .map(|(id, minor, after, order, sku)| Item {
            id,
            order: ORDERS[usize::from(*order)],
            sku: SKUS[usize::from(*sku)],
            on: Some(later(day("2026-03-01"), *after)),
            ..Item::new(Kind::Sale, gbp(*minor))
        })
        .collect()
}

fn tolerances() -> Tolerances {
    Tolerances { days_before: 1, days_after: 3, sums: Some(SubsetLimits::default()), ..Tolerances::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_item_is_in_one_place_and_no_key_is_contradicted(l in any_side("l"), r in any_side("r")) {
        let (left, right) = (items(&l), items(&r));
        let matching = match_items(&left, &right, &tolerances()).unwrap();
        let mut seen_left = matching.left_only.clone();
        let mut seen_right = matching.right_only.clone();
        for one in &matching.matches {
            seen_left.extend(&one.left);
            seen_right.extend(&one.right);
            for (&a, &b) in one.left.iter().flat_map(|a| one.right.iter().map(move |b| (a, b))) {
                let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
                prop_assert!(!differ(left[a].order, right[b].order));
            }
            let sum = |items: &[Item<'_>], at: &[usize]| at.iter().map(|&at| items[at].amount.minor()).sum::<i64>();
            prop_assert_eq!(one.difference.minor(), sum(&right, &one.right) - sum(&left, &one.left));
        }
        seen_left.sort_unstable();
        seen_right.sort_unstable();
        prop_assert_eq!(seen_left, (0..left.len()).collect::<Vec<_>>());
        prop_assert_eq!(seen_right, (0..right.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_order_of_the_inputs_leaves_no_trace(l in any_side("l"), r in any_side("r"), seed in any::<u64>()) {
        let (mut left, mut right) = (items(&l), items(&r));
        let before = answer(&match_items(&left, &right, &tolerances()).unwrap(), &left, &right);
        let mut dice = Dice::new(seed);
        dice.shuffle(&mut left);
        dice.shuffle(&mut right);
        prop_assert_eq!(before, answer(&match_items(&left, &right, &tolerances()).unwrap(), &left, &right));
    }

    #[test]
    fn things_that_lost_their_order_are_found_again_by_amount_and_day(
        seed in any::<u64>(), count in 1_usize..60,
    ) {
        // Amounts are far apart, so there is one truth.
        let mut dice = Dice::new(seed);
        let ids: Vec<String> = (0..count).map(|at| at.to_string()).collect();
        let left: Vec<Item<'_>> = (0..count).map(|at| Item {
            id: &ids[at],
            on: Some(later(day("2026-03-01"), dice.within(0, 20))),
            ..Item::new(Kind::Sale, gbp(dice.within(0, 90) + 100 * at as i64))
        }).collect();
        let mut right: Vec<Item<'_>> =
            left.iter().map(|item| Item { on: Some(later(item.on.unwrap(), dice.within(-1, 4))), ..*item }).collect();
        dice.shuffle(&mut right);
        let matching = match_items(&left, &right, &tolerances()).unwrap();
        prop_assert_eq!(matching.matches.len(), count);
        for one in &matching.matches {
            prop_assert_eq!(left[one.left[0]].id, right[one.right[0]].id);
        }
    }
}

fn on(id: &'static str, minor: i64, after: i64) -> Item<'static> {
    Item { id, on: Some(later(day("2026-03-01"), after)), ..Item::new(Kind::Balance, gbp(minor)) }
}

#[test]
fn of_two_that_fit_the_clearly_better_whole_is_taken() {
    // Equal amounts a week apart each fit both ways; crossing them would cost eight days twice.
    let left = [on("a", 100_00, 0), on("b", 100_00, 8)];
    let right = [on("y", 100_00, 8), on("x", 100_00, 0)];
    let wide = Tolerances { days_before: 10, days_after: 10, ..Tolerances::default() };
    let matching = match_items(&left, &right, &wide).unwrap();
    let pairs: Vec<(&str, &str)> =
        matching.matches.iter().map(|one| (left[one.left[0]].id, right[one.right[0]].id)).collect();
    assert_eq!(pairs, [("a", "x"), ("b", "y")]);
    assert!(matching.matches.iter().all(|one| one.rule == Rule::Assignment && one.score.gap == Some(48)));
}

#[test]
fn things_that_are_all_alike_are_linked_as_a_whole() {
    let left = [on("a", 50_00, 0), on("b", 50_00, 0)];
    let right = [on("x", 50_00, 1), on("y", 50_00, 1)];
    let matching = match_items(&left, &right, &Tolerances::default()).unwrap();
    assert_eq!(matching.matches.len(), 1);
    assert_eq!((matching.matches[0].rule, matching.matches[0].left.len()), (Rule::Alike, 2));
}

#[test]
fn one_that_could_be_either_of_two_stays_open() {
    let left = [on("a", 50_00, 0)];
    let right = [on("x", 50_00, 1), on("y", 50_00, 1)];
    let matching = match_items(&left, &right, &Tolerances::default()).unwrap();
    assert!(matching.matches.is_empty());
    assert_eq!((matching.open.len(), matching.open[0].right.len()), (1, 2));
}

#[test]
fn payouts_that_the_bank_shows_as_one_line_are_linked_if_there_is_one_way() {
    let left = [on("a", 120_10, 0), on("b", 229_90, 1), on("c", 75_35, 1)];
    let right = [on("x", 350_00, 2)];
    let matching = match_items(&left, &right, &tolerances()).unwrap();
    assert_eq!((matching.matches[0].rule, &matching.matches[0].left), (Rule::Sum, &vec![0, 1]));
    assert_eq!(matching.left_only, [2]);
    let left = [on("a", 120_10, 0), on("b", 229_90, 1), on("c", 229_90, 0)];
    let matching = match_items(&left, &right, &tolerances()).unwrap();
    assert!(matching.matches.is_empty());
    assert!(matching.open[0].why.contains("2 ways"), "{:?}", matching.open);
}

#[test]
fn one_product_in_two_rows_is_never_taken_for_one_of_them() {
    let line = |line, minor| Item {
        order: "203-1234567-1234567",
        line,
        sku: "A",
        quantity: Some(1),
        ..Item::new(Kind::Sale, gbp(minor))
    };
    // The ids of the lines are of different systems; the product stands in two rows.
    let matching =
        match_items(&[line("x", 20_00)], &[line("a", 12_00), line("b", 8_00)], &Tolerances::default()).unwrap();
    assert_eq!(matching.matches.len(), 1);
    assert_eq!((matching.matches[0].rule, matching.matches[0].difference), (Rule::Order, gbp(0)));
}
