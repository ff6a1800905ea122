use std::collections::BTreeSet;

use proptest::prelude::*;
use reconcile::{Code, Kind, Part, Sides, ThreeWay, ThreeWayRules, three_way};

use crate::dice::{Dice, day, gbp, later};
use crate::orders_world::{SETTLEMENT, Thing, World, today};

/// The only place that calls the function under test.
fn compare(world: &World, parts: usize) -> ThreeWay {
    let rows = world.groups(parts).unwrap();
    let (orders, account): (Vec<_>, Vec<_>) =
        (world.orders.iter().map(Thing::item).collect(), world.account_rows.iter().map(Thing::item).collect());
    let transactions = world.transaction_items();
    let sides = Sides {
        orders: &orders,
        transactions: &transactions,
        transactions_cover: Some((day("2026-03-01"), day("2026-05-31"))),
        rows: &rows,
        account_rows: &account,
        closed: &[SETTLEMENT],
    };
    three_way(&sides, &ThreeWayRules::on(today())).unwrap()
}

fn breaks(world: &World) -> BTreeSet<(Code, String)> {
    compare(world, 2).breaks.into_iter().map(|found| (found.code, found.subject)).collect()
}

/// An error that can be planted into a world.
#[derive(Clone, Copy, Debug)]
enum Planted {
    OrderLost,
    OrderWrong,
    TransactionWrong,
    TransactionLost,
    RowsLost,
    NeverSettled,
    RefundWithoutSale,
    CreditNoteLost,
    AccountRowLost,
    AccountTransactionLost,
    Crossed,
}

const ALL: [Planted; 11] = [
    Planted::OrderLost,
    Planted::OrderWrong,
    Planted::TransactionWrong,
    Planted::TransactionLost,
    Planted::RowsLost,
    Planted::NeverSettled,
    Planted::RefundWithoutSale,
    Planted::CreditNoteLost,
    Planted::AccountRowLost,
    Planted::AccountTransactionLost,
    Planted::Crossed,
];

/// Plants an error on something no other error has touched. `None` if the world has nothing to plant it on.
fn plant(
    world: &mut World,
    planted: Planted,
    number: usize,
    dice: &mut Dice,
    touched: &mut BTreeSet<String>,
) -> Option<(Code, String)> {
    let settled: Vec<String> =
        world.rows.iter().map(|(_, row)| row.order.clone()).filter(|order| !touched.contains(order)).collect();
    let of_kind = |kind: Kind| -> Vec<String> {
        let rows = world.rows.iter().filter(|(_, row)| row.kind == kind);
        rows.map(|(_, row)| row.order.clone()).filter(|order| settled.contains(order)).collect()
    };
    let mut choose = |from: Vec<String>| {
        if from.is_empty() {
            return None;
        }
        let chosen = dice.pick(&from).clone();
        touched.insert(chosen.clone());
        Some(chosen)
    };
    let order = |order: &str, kind: &str| format!("order/{order}/{kind}");
    let is = |thing: &Thing, order: &str, kind| thing.order == order && thing.kind == kind;
    Some(match planted {
        Planted::OrderLost => {
            let lost = choose(of_kind(Kind::Sale))?;
            world.orders.retain(|one| !is(one, &lost, Kind::Sale));
            (Code::SettledWithoutOrder, order(&lost, "sale"))
        }
        Planted::OrderWrong => {
            let wrong = choose(of_kind(Kind::Sale))?;
            world.orders.iter_mut().find(|one| is(one, &wrong, Kind::Sale))?.minor += 3;
            (Code::SettledDiffers, order(&wrong, "sale"))
        }
        Planted::TransactionWrong => {
            let wrong = choose(of_kind(Kind::Sale))?;
            world.transactions.iter_mut().find(|one| is(one, &wrong, Kind::Sale))?.minor -= 1;
            (Code::TransactionDiffers, order(&wrong, "sale"))
        }
        Planted::TransactionLost => {
            let lost = choose(of_kind(Kind::Sale))?;
            world.transactions.retain(|one| !is(one, &lost, Kind::Sale));
            (Code::RowsWithoutTransaction, order(&lost, "sale"))
        }
        Planted::RowsLost => {
            let lost = choose(of_kind(Kind::Sale))?;
            world.rows.retain(|(_, row)| !is(row, &lost, Kind::Sale));
            let transaction = world.transactions.iter().find(|one| is(one, &lost, Kind::Sale))?;
            (Code::TransactionNotSettled, format!("transaction/{}", transaction.id))
        }
        Planted::NeverSettled => {
            let id = format!("204-0000000-{number:07}");
            world.orders.push(Thing { id: id.clone(), ..Thing::new(Kind::Sale, &id, 1_234, later(today(), -46)) });
            (Code::NeverSettled, order(&id, "sale"))
        }
        Planted::RefundWithoutSale => {
            let id = format!("205-0000000-{number:07}");
            touched.insert(id.clone());
            let refund = Thing {
                line: "1".into(),
                event: "X".into(),
                ..Thing::new(Kind::Refund, &id, -900, later(today(), -80))
            };
            world.rows.push((Part::Price, refund.clone()));
            world.transactions.push(Thing { id: format!("TX{number}"), settlement: SETTLEMENT.into(), ..refund });
            (Code::RefundWithoutSale, order(&id, "refund"))
        }
        Planted::CreditNoteLost => {
            let lost = choose(of_kind(Kind::Refund))?;
            world.orders.retain(|one| !is(one, &lost, Kind::Refund));
            (Code::SettledWithoutOrder, order(&lost, "refund"))
        }
        Planted::AccountRowLost => {
            let row = lone_account_row(world, touched)?;
            world.account_rows.retain(|one| one.id != row);
            (Code::TransactionNotSettled, format!("transaction/{}", row.replace("row-", "TA")))
        }
        Planted::AccountTransactionLost => {
            let row = lone_account_row(world, touched)?;
            let transaction = row.replace("row-", "TA");
            world.transactions.retain(|one| one.id != transaction);
            (Code::RowsWithoutTransaction, format!("charge/{row}"))
        }
        Planted::Crossed => {
            // One transaction, two rows that it could be: both on the day before and the day after.
            let on = later(today(), -80);
            let minor = -777_000_000 - i64::try_from(number).unwrap();
            let row = Thing { id: format!("cross-{number}-a"), ..Thing::new(Kind::Charge, "", minor, later(on, -1)) };
            world.account_rows.push(row.clone());
            world.account_rows.push(Thing { id: format!("cross-{number}-b"), on: later(on, 1), ..row.clone() });
            world.transactions.push(Thing { id: format!("TC{number}"), on, settlement: SETTLEMENT.into(), ..row });
            (Code::Ambiguous, format!("charge/TC{number}"))
        }
    })
}

/// A charge that has no twin of the same day and sum: losing one of twins leaves a choice, which is another error.
fn lone_account_row(world: &World, touched: &mut BTreeSet<String>) -> Option<String> {
    let rows = &world.account_rows;
    let alone = |row: &&Thing| rows.iter().filter(|other| other.minor == row.minor).count() == 1;
    let row = rows.iter().filter(alone).find(|row| row.id.starts_with("row-") && !touched.contains(&row.id))?;
    touched.insert(row.id.clone());
    Some(row.id.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_consistent_world_has_no_breaks(seed in any::<u64>(), count in 0_usize..40) {
        prop_assert_eq!(breaks(&World::new(seed, count)), BTreeSet::new());
    }

    #[test]
    fn planted_errors_are_all_found_and_none_is_invented(
        seed in any::<u64>(), count in 8_usize..40, planted in proptest::collection::vec(0_usize..ALL.len(), 0..8),
    ) {
        let mut world = World::new(seed, count);
        let (mut dice, mut touched) = (Dice::new(seed ^ 1), BTreeSet::new());
        let expected: BTreeSet<(Code, String)> = planted
            .iter()
            .enumerate()
            .filter_map(|(number, &which)| plant(&mut world, ALL[which], number, &mut dice, &mut touched))
            .collect();
        prop_assert_eq!(breaks(&world), expected);
    }

    #[test]
    fn neither_the_order_of_the_inputs_nor_the_pieces_they_come_in_matter(
        seed in any::<u64>(), count in 0_usize..25, shuffle in any::<u64>(), parts in 1_usize..5,
        planted in proptest::collection::vec(0_usize..ALL.len(), 0..5),
    ) {
        let mut world = World::new(seed, count);
        let (mut dice, mut touched) = (Dice::new(seed), BTreeSet::new());
        for (number, which) in planted.into_iter().enumerate() {
            plant(&mut world, ALL[which], number, &mut dice, &mut touched);
        }
        let (one, other) = (compare(&world, 1), compare(&world.clone().shuffled(shuffle), parts));
        prop_assert_eq!(one.breaks, other.breaks);
        prop_assert_eq!(one.orders_rows.matches.len(), other.orders_rows.matches.len());
    }
}

#[test]
fn every_kind_of_error_can_be_planted_and_is_found() {
    for (at, planted) in ALL.into_iter().enumerate() {
        let mut world = World::new(7, 40);
        let expected = plant(&mut world, planted, 0, &mut Dice::new(at as u64), &mut BTreeSet::new());
        let expected = expected.unwrap_or_else(|| panic!("{planted:?} could not be planted"));
        assert_eq!(breaks(&world), BTreeSet::from([expected]), "{planted:?}");
    }
}

#[test]
fn a_line_that_ships_in_two_parcels_is_compared_as_a_whole() {
    let mut world = World::default();
    let on = later(today(), -60);
    let line = Thing { line: "a".into(), quantity: Some(3), ..Thing::new(Kind::Sale, "203-1", 72_00, on) };
    world.orders.push(line.clone());
    world.rows.push((Part::Price, Thing { event: "D1".into(), minor: 48_00, quantity: Some(2), ..line.clone() }));
    world.rows.push((Part::Price, Thing { event: "D2".into(), minor: 23_00, quantity: Some(1), ..line.clone() }));
    world.transactions.push(Thing {
        id: "T1".into(),
        minor: 48_00,
        event: "D1".into(),
        settlement: SETTLEMENT.into(),
        ..line.clone()
    });
    world.transactions.push(Thing {
        id: "T2".into(),
        minor: 23_00,
        event: "D2".into(),
        settlement: SETTLEMENT.into(),
        ..line
    });
    let answer = compare(&world, 1);
    assert_eq!(answer.breaks.len(), 1);
    assert_eq!((answer.breaks[0].code, answer.breaks[0].amount), (Code::SettledDiffers, gbp(-1_00)));
}
