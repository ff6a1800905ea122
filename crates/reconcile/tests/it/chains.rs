use std::collections::BTreeSet;

use money::Money;
use proptest::prelude::*;
use reconcile::{Balance, Break, Code, Link, audit_chains, name_missing_rows};

use crate::chain_world::{World, today};
use crate::dice::{Dice, gbp};

fn audit(world: &World) -> Vec<Break> {
    audit_chains(&world.statements, &world.payouts, today()).unwrap().breaks
}

fn codes(breaks: &[Break]) -> BTreeSet<(Code, String)> {
    breaks.iter().map(|found| (found.code, found.subject.clone())).collect()
}

/// An error that can be planted into one settlement (of a chain with one before and one after it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planted {
    RowLost,
    RowTwice,
    ReleaseLost,
    HoldLost,
    DebtLost,
    SettlementLost,
    Overlap,
    ReserveShort,
    DebtShort,
    ChargedTooMuch,
    ReturnOfNothing,
    FailedForGood,
    DebtMovedAlone,
    AnotherVersion,
    AnotherId,
}

const ALL: [Planted; 15] = [
    Planted::RowLost,
    Planted::RowTwice,
    Planted::ReleaseLost,
    Planted::HoldLost,
    Planted::DebtLost,
    Planted::SettlementLost,
    Planted::Overlap,
    Planted::ReserveShort,
    Planted::DebtShort,
    Planted::ChargedTooMuch,
    Planted::ReturnOfNothing,
    Planted::FailedForGood,
    Planted::DebtMovedAlone,
    Planted::AnotherVersion,
    Planted::AnotherId,
];

/// Plants one error at `at`; `None` if nothing there can bear it.
fn plant(world: &mut World, planted: Planted, at: usize) -> Option<(Code, String)> {
    let key = world.statements[at].key();
    let of = |key: &str| format!("settlement/{key}");
    let (before, after) = (world.statements[at - 1].clone(), world.statements[at + 1].clone());
    let seam = |a: &str, b: &str| format!("settlement/{a}..{b}");
    let has = |world: &World, balance| world.statements[at].balances.iter().any(|row| row.balance == balance);
    Some(match planted {
        Planted::RowLost => {
            let statement = &mut world.statements[at];
            statement.sum = statement.sum.minus(gbp(1_234_567)).unwrap();
            statement.rows -= 1;
            (Code::SettlementOutOfBalance, of(&key))
        }
        Planted::RowTwice => {
            world.statements[at].add(gbp(7_654_321)).unwrap();
            (Code::SettlementOutOfBalance, of(&key))
        }
        Planted::ReleaseLost => {
            world.lose(at, Balance::ReserveReleased)?;
            (Code::SettlementOutOfBalance, of(&key))
        }
        Planted::HoldLost => {
            world.lose(at, Balance::ReserveHeld)?;
            (Code::SettlementOutOfBalance, of(&key))
        }
        Planted::DebtLost => {
            // Lost together with its charge there would be nothing to see: the sum would still be right.
            if has(world, Balance::Charged) {
                return None;
            }
            world.lose(at, Balance::DebtBroughtForward)?;
            (Code::SettlementOutOfBalance, of(&key))
        }
        Planted::SettlementLost => {
            let untouched = !has(world, Balance::TransferReturned)
                && world.payouts.iter().all(|one| one.settlement != key || !one.failed);
            if !untouched || before_failed(world, &before.key()) {
                return None;
            }
            world.statements.remove(at);
            (Code::SettlementMissing, seam(&before.key(), &after.key()))
        }
        Planted::Overlap => {
            let earlier = world.statements[at].settlement.from?.as_second() - 2 * 86_400;
            world.statements[at].settlement.from = jiff::Timestamp::from_second(earlier).ok();
            (Code::SettlementOverlap, seam(&before.key(), &key))
        }
        Planted::ReserveShort => {
            if !has(world, Balance::ReserveReleased) {
                return None;
            }
            world.change(at, Balance::ReserveReleased, -5_01, 91);
            (Code::ReserveBroken, seam(&before.key(), &key))
        }
        Planted::DebtShort => {
            world.change(at, Balance::DebtBroughtForward, -3_07, 92);
            (Code::DebtBroken, seam(&before.key(), &key))
        }
        Planted::ChargedTooMuch => {
            if !has(world, Balance::Charged) {
                return None;
            }
            world.change(at, Balance::Charged, 2_22, 93);
            (Code::ChargeExceedsDebt, of(&key))
        }
        Planted::ReturnOfNothing => {
            world.change(at, Balance::TransferReturned, 987_654_321, 94);
            (Code::ReturnedTransferUnknown, format!("settlement/{key}/94"))
        }
        Planted::FailedForGood => {
            let payout = world.payouts.iter_mut().find(|payout| payout.settlement == key)?;
            if payout.failed {
                return None;
            }
            payout.failed = true;
            let closes_late = after.settlement.to? > before.settlement.to?;
            assert!(closes_late);
            (Code::FailedTransferNotReturned, of(&key))
        }
        Planted::DebtMovedAlone => {
            world.change(at, Balance::DebtMoved, -11_11, 95);
            (Code::DebtMirrorMissing, format!("settlement/{key}/95"))
        }
        Planted::AnotherVersion => {
            let mut other = world.statements[at].clone();
            other.source = "again.tsv".into();
            other.sum = other.sum.plus(gbp(1)).unwrap();
            world.statements.push(other);
            (Code::SettlementContradicts, of(&key))
        }
        Planted::AnotherId => {
            let mut other = world.statements[at].clone();
            other.settlement.id = format!("{}x", other.settlement.id);
            let key = other.key();
            world.statements.push(other);
            (Code::SettlementDuplicated, of(&key))
        }
    })
}

fn before_failed(world: &World, key: &str) -> bool {
    world.payouts.iter().any(|payout| payout.settlement == key && payout.failed)
}

const LENGTH: usize = 7;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_consistent_chain_has_no_breaks(seed in any::<u64>(), length in 0_usize..9, moved in proptest::collection::vec((0_usize..9, 1_i64..50_000), 0..4)) {
        let mut world = World::new(seed, length);
        for (at, minor) in moved.into_iter().filter(|(at, _)| *at < length) {
            world.move_debt(at, length + at, minor);
        }
        prop_assert_eq!(audit(&world), vec![]);
    }

    /// One error in each chain, so that each must be told apart from what follows from it.
    #[test]
    fn planted_errors_are_all_found_and_none_is_invented(
        seed in any::<u64>(), planted in proptest::collection::vec((0_usize..ALL.len(), 2_usize..LENGTH - 2), 0..3), shuffle in any::<u64>(),
    ) {
        let mut world = World::new(seed, LENGTH);
        let mut expected = BTreeSet::new();
        // Backwards, since a lost settlement moves those after it.
        for (chain, (which, at)) in planted.into_iter().enumerate().collect::<Vec<_>>().into_iter().rev() {
            expected.extend(plant(&mut world, ALL[which], chain * LENGTH + at));
        }
        let breaks = audit(&world);
        prop_assert_eq!(codes(&breaks), expected);
        prop_assert_eq!(breaks.len(), codes(&breaks).len());
        Dice::new(shuffle).shuffle(&mut world.statements);
        Dice::new(shuffle).shuffle(&mut world.payouts);
        prop_assert_eq!(audit(&world), breaks);
    }

    #[test]
    fn reading_a_settlement_again_changes_nothing(seed in any::<u64>(), again in 0_usize..3 * LENGTH) {
        let mut world = World::new(seed, LENGTH);
        let mut copy = world.statements[again].clone();
        copy.source = "copy.tsv".into();
        copy.balances.reverse();
        world.statements.push(copy);
        let audit = audit_chains(&world.statements, &world.payouts, today()).unwrap();
        prop_assert_eq!((audit.breaks, audit.copies, audit.settlements.len()), (vec![], 1, 3 * LENGTH));
    }
}

#[test]
fn every_kind_of_error_can_be_planted_and_is_found() {
    for planted in ALL {
        let found = (0..200).find_map(|seed| {
            let mut world = World::new(seed, LENGTH);
            let expected = plant(&mut world, planted, 3)?;
            Some((codes(&audit(&world)), expected))
        });
        let (found, expected) = found.unwrap_or_else(|| panic!("{planted:?} could not be planted"));
        assert_eq!(found, BTreeSet::from([expected]), "{planted:?}");
    }
}

#[test]
fn a_missing_reserve_row_is_named() {
    let found = (0..200).find_map(|seed| {
        let mut world = World::new(seed, LENGTH);
        let amount = world.lose(3, Balance::ReserveReleased)?;
        Some((audit(&world).remove(0), amount))
    });
    let (found, amount): (Break, Money) = found.unwrap();
    assert_eq!(found.amount, amount);
    assert!(found.cause.ends_with("the row that releases it is missing."), "{}", found.cause);
}

#[test]
fn a_debt_that_is_not_brought_forward_stays_in_the_clearing_account() {
    let found = (0..200).find_map(|seed| {
        let mut world = World::new(seed, LENGTH);
        let debt = world.statements[3].balances.iter().find(|row| row.balance == Balance::DebtBroughtForward)?.minor;
        world.change(3, Balance::DebtBroughtForward, -debt, 92);
        Some((audit(&world).remove(0), debt))
    });
    let (found, debt) = found.unwrap();
    assert_eq!((found.code, found.in_clearing), (Code::DebtBroken, gbp(debt)));
}

#[test]
fn a_chain_that_stops_is_overdue() {
    let world = World::new(1, LENGTH);
    let late = "2027-01-12".parse().unwrap();
    let audit = audit_chains(&world.statements, &world.payouts, late).unwrap();
    assert_eq!(audit.breaks.len(), 3);
    assert!(audit.breaks.iter().all(|found| found.code == Code::SettlementOverdue));
}

/// What the three-way comparison says of a transaction that its settlement does not have.
fn lost(id: &str, minor: i64, settlement: &str) -> Break {
    Break::new(Code::TransactionNotSettled, format!("transaction/{id}"), gbp(minor), "no row")
        .evidence(Link::Transaction(id.into()), "not in the rows", Some(gbp(minor)))
        .evidence(Link::Settlement(settlement.into()), "should have it", None)
}

#[test]
fn the_rows_that_a_settlement_lacks_are_named_by_the_finances_if_there_is_one_way() {
    let mut world = World::new(7, LENGTH);
    plant(&mut world, Planted::RowLost, 3).unwrap();
    let id = world.statements[3].settlement.id.clone();
    let joined = |lost: &[Break]| name_missing_rows([audit(&world), lost.to_vec()].concat());
    let other = lost("T0", 1_234_567, "another");
    assert_eq!(
        joined(&[lost("T1", 1_234_567, &id), other.clone()]).len(),
        2,
        "one cause, and what is not of this settlement"
    );
    let two = joined(&[lost("T1", 1_000_000, &id), lost("T2", 234_567, &id), lost("T3", 5, &id)]);
    assert_eq!(two.len(), 2);
    assert!(
        two[0].cause.contains("transaction T1 of 10000.00 GBP and transaction T2 of 2345.67 GBP have no row"),
        "{}",
        two[0].cause
    );
    let either = [lost("T1", 1_234_567, &id), lost("T2", 1_234_567, &id)];
    assert_eq!(joined(&either).len(), 3, "either would do: nothing is named");
}
