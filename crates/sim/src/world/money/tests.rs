use std::collections::{BTreeMap, BTreeSet};

use clock::Clock;
use jiff::{Timestamp, ToSpan};

use super::*;
use crate::world::{Event, Happening};
use crate::{FaultLevel, KashflowOptions, Quotas, SandboxConfig};

fn config(seed: u64, days: u32, faults: FaultLevel) -> SandboxConfig {
    let start: Timestamp = "2026-09-20T06:00:00Z".parse().unwrap();
    SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days,
        quiet_days: 0,
        orders_per_day: 40,
        orders: None,
        clock: Clock::virtual_at(start),
        quotas: Quotas::Off,
        faults,
        kashflow: KashflowOptions::default(),
    }
}

fn after_days(world: &World, days: i64) -> Timestamp {
    world.start() + (24 * days).hours()
}

fn settled(seed: u64) -> Vec<Arc<Settlement>> {
    let world = World::new(&config(seed, 60, FaultLevel::None));
    world.settlements(after_days(&world, 60))
}

#[test]
fn the_rows_of_every_settlement_sum_to_its_total() {
    for seed in 0..6 {
        let settlements = settled(seed);
        assert_eq!(settlements.len(), 12, "four for each of three groups");
        for own in settlements {
            assert_eq!(own.rows().map(|(_, line)| line.minor).sum::<i64>(), own.total);
            assert_eq!(own.payout.is_some(), own.total > 0);
            assert!(own.rows().all(|(transaction, _)| transaction.event != MoneyEvent::Payout));
        }
    }
}

#[test]
fn reserves_and_debts_are_carried_from_one_settlement_to_the_next() {
    for seed in 0..6 {
        let mut before: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for own in settled(seed) {
            let of = |event: MoneyEvent, above: bool| -> i64 {
                let wanted = own.transactions.iter().filter(|row| row.event == event && (row.total() > 0) == above);
                wanted.map(|row| row.total()).sum()
            };
            let (reserve, debt) = before.get(own.group.name).copied().unwrap_or_default();
            assert_eq!(of(MoneyEvent::Reserve, true), reserve);
            assert_eq!(of(MoneyEvent::Reserve, false), -own.reserve);
            assert_eq!((of(MoneyEvent::Carried, false), own.carried), (-debt, debt));
            before.insert(own.group.name, (own.reserve, (-own.total).max(0)));
        }
    }
}

#[test]
fn nothing_is_lost_between_settlements_and_nothing_is_settled_twice() {
    let world = World::new(&config(3, 60, FaultLevel::None));
    let end = world.money_ends_at().unwrap();
    let mut settled = BTreeSet::new();
    for own in world.settlements(end) {
        assert!(own.transactions.iter().all(|row| settled.insert(row.id.clone())), "settled twice");
        assert!(own.transactions.iter().all(|row| (own.start..own.end).contains(&row.released_at())));
    }
    let posted = world.transactions(Timestamp::MIN, Timestamp::MAX, end);
    let posted: BTreeSet<String> =
        posted.iter().filter(|row| row.event != MoneyEvent::Payout).map(|row| row.id.clone()).collect();
    assert_eq!(settled, posted);
    let chains: BTreeMap<&str, Vec<(Timestamp, Timestamp)>> =
        world.settlements(end).iter().fold(BTreeMap::new(), |mut chains, own| {
            chains.entry(own.group.name).or_insert_with(Vec::new).push((own.start, own.end));
            chains
        });
    assert!(chains.values().all(|chain| chain.windows(2).all(|pair| pair[0].1 <= pair[1].0)));
}

/// Every case must occur within sixty days of forty orders.
#[test]
fn every_case_occurs_within_sixty_days_for_most_seeds() {
    const CASES: [(&str, &str, &str); 50] = [
        ("Order", "ItemPrice", "Principal"),
        ("Order", "ItemPrice", "Shipping"),
        ("Order", "ItemPrice", "GiftWrap"),
        ("Order", "ItemPrice", "Tax"),
        ("Order", "Promotion", "Principal"),
        ("Order", "Promotion", "Shipping"),
        ("Order", "Promotion", "TaxDiscount"),
        ("Order", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal"),
        ("Order", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Shipping"),
        ("Order", "ItemFees", "Commission"),
        ("Order", "ItemFees", "VariableClosingFee"),
        ("Order", "ItemFees", "DigitalServicesFee"),
        ("Order", "ItemFees", "DigitalServicesFeeFBA"),
        ("Order", "ItemFees", "FBAPerUnitFulfillmentFee"),
        ("Order", "ItemFees", "ShippingHB"),
        ("Order", "ItemFees", "GiftwrapChargeback"),
        ("Refund", "ItemPrice", "Principal"),
        ("Refund", "ItemPrice", "RestockingFee"),
        ("Refund", "ItemPrice", "Goodwill"),
        ("Refund", "ItemPrice", "ReturnShipping"),
        ("Refund", "Promotion", "Principal"),
        ("Refund", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal"),
        ("Refund", "ItemFees", "Commission"),
        ("Refund", "ItemFees", "RefundCommission"),
        ("Chargeback Refund", "ItemPrice", "Principal"),
        ("A-to-z Guarantee Refund", "ItemPrice", "Principal"),
        ("other-transaction", "other-transaction", "Refund Reimbursal"),
        ("other-transaction", "other-transaction", "SAFE-T Reimbursement"),
        ("other-transaction", "other-transaction", "Subscription Fee"),
        ("other-transaction", "other-transaction", "Storage Fee"),
        ("other-transaction", "other-transaction", "RemovalComplete"),
        ("other-transaction", "other-transaction", "CouponRedemptionFee"),
        ("other-transaction", "other-transaction", "FBAInboundTransportationFee"),
        ("FBAFees", "FBA Inventory Storage Fee", "Tax on fee"),
        ("FBAFees", "FBA Removal Order: Return Fee", "Base fee"),
        ("AmazonFees", "Coupon Participation Fee", "Tax on fee"),
        ("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"),
        ("ServiceFee", "Refund for Advertiser", "TransactionTotalAmount"),
        ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE"),
        ("other-transaction", "FBA Inventory Reimbursement", "REVERSAL_REIMBURSEMENT"),
        ("other-transaction", "FBA Inventory Reimbursement", "COMPENSATED_CLAWBACK"),
        ("other-transaction", "FBA Inventory Reimbursement", "INCORRECT_FEES_ITEMS"),
        ("other-transaction", "other-transaction", "Amazon Capital Services"),
        ("other-transaction", "other-transaction", "Micro Deposit"),
        ("other-transaction", "other-transaction", "Current Reserve Amount"),
        ("other-transaction", "other-transaction", "Previous Reserve Amount Balance"),
        ("other-transaction", "other-transaction", "Payable to Amazon"),
        ("other-transaction", "other-transaction", "Successful charge"),
        ("Debt Adjustment", "Debt Adjustment", "Cross-Account Debt Adjustment for IE"),
        ("Debt Adjustment", "Debt Adjustment", "Cross-Account Debt Adjustment against DE"),
    ];
    const SEEDS: u64 = 12;
    let mut missing: BTreeMap<_, u32> = BTreeMap::new();
    let mut in_debt = 0;
    for seed in 0..SEEDS {
        let settlements = settled(seed);
        let seen: BTreeSet<_> = settlements
            .iter()
            .flat_map(|own| own.rows())
            .map(|(_, line)| (line.kind, line.amount_type, line.description))
            .collect();
        for case in CASES.iter().filter(|case| !seen.contains(*case)) {
            *missing.entry(*case).or_default() += 1;
        }
        assert!(settlements.iter().any(|own| own.payout.as_ref().is_some_and(|payout| payout.fails)));
        in_debt += u64::from(settlements.iter().filter(|own| own.total < 0).count() >= 3);
        assert!(seen.iter().any(|(_, _, text)| text.starts_with("Transfer of funds unsuccessful: ")));
    }
    assert!(in_debt + 1 >= SEEDS, "three debts in {in_debt} of {SEEDS} worlds");
    // Tax and tax on promotions are stated where the calculation service is on: in half of all worlds.
    let rare = ["TaxDiscount", "Tax"];
    let too_seldom: Vec<_> = missing.iter().filter(|(case, times)| !rare.contains(&case.2) && **times > 2).collect();
    assert!(too_seldom.is_empty(), "{too_seldom:?}");
}

#[test]
fn tax_that_the_marketplace_keeps_comes_to_nothing_in_every_event() {
    let taxes = ["Tax", "ShippingTax", "GiftWrapTax", "TaxDiscount"];
    for own in settled(4) {
        for row in own.transactions.iter().filter(|row| row.order.is_some()) {
            let sum = |wanted: &dyn Fn(&MoneyLine) -> bool| -> i64 {
                row.lines.iter().filter(|line| wanted(line)).map(|line| line.minor).sum()
            };
            let withheld = sum(&|line| line.amount_type == "ItemWithheldTax");
            if withheld != 0 {
                assert_eq!(sum(&|line| taxes.contains(&line.description)), -withheld, "{}", row.id);
            }
        }
    }
}

#[test]
fn the_shipments_of_an_order_add_up_to_what_its_buyer_paid() {
    let world = World::new(&config(5, 20, FaultLevel::None));
    let end = world.money_ends_at().unwrap();
    let mut checked = 0;
    for order in world.orders() {
        let shipped: Vec<_> = world.transactions_of(&order.id, end);
        let price: i64 = shipped
            .iter()
            .filter(|row| matches!(row.event, MoneyEvent::Shipment { .. }))
            .flat_map(|row| &row.lines)
            .filter(|line| ["ItemPrice", "Promotion"].contains(&line.amount_type))
            .map(|line| line.minor)
            .sum();
        let view = order.at(end).unwrap();
        let whole = order.items.iter().zip(&view.lines).filter(|(item, line)| line.dispatched == item.quantity);
        if price != 0 {
            assert_eq!(price, whole.map(|(item, _)| item.gross()).sum::<i64>(), "{}", order.id);
            checked += 1;
        }
    }
    assert!(checked > 500);
}

#[test]
fn refunds_never_give_back_more_than_was_paid_nor_more_tax() {
    let world = World::new(&config(6, 60, FaultLevel::None));
    let end = world.money_ends_at().unwrap();
    for order in world.orders() {
        for (index, item) in order.items.iter().enumerate() {
            let rows = world.transactions_of(&order.id, end);
            let back: Vec<&MoneyLine> = rows
                .iter()
                .filter(|row| matches!(row.event, MoneyEvent::Refund | MoneyEvent::Chargeback | MoneyEvent::Guarantee))
                .flat_map(|row| &row.lines)
                .filter(|line| line.item == Some(index) && ["ItemPrice", "Promotion"].contains(&line.amount_type))
                .collect();
            let sum = -back.iter().map(|line| line.minor).sum::<i64>();
            let tax = -back.iter().filter(|line| line.description.contains("Tax")).map(|line| line.minor).sum::<i64>();
            assert!((0..=item.gross()).contains(&sum), "{} {sum}", order.id);
            assert!((0..=item.tax_total()).contains(&tax));
            if sum == item.gross() {
                assert_eq!(tax, item.tax_total());
            }
        }
    }
}

#[test]
fn what_is_closed_stays_when_an_order_is_given_another_future() {
    let world = World::new(&config(7, 30, FaultLevel::None));
    let now = after_days(&world, 20);
    let ids = |world: &World| -> Vec<(String, i64)> {
        world.settlements(now).iter().map(|own| (own.id.clone(), own.total)).collect()
    };
    let before = ids(&world);
    let open = world.orders().iter().rfind(|order| order.at(now).is_some_and(|view| view.units_open() > 0)).cloned();
    let open = open.unwrap();
    let posted = |world: &World| world.transactions_of(&open.id, after_days(world, 100)).len();
    assert!(posted(&world) > 0);
    world.amend(&open.id, |order| {
        let items = (0..order.items.len()).collect();
        order.timeline.retain(|event| event.at <= now);
        order.timeline.push(Event { at: now + 1.hour(), what: Happening::Cancelled { items, by: "BUYER" } });
    });
    assert_eq!(posted(&world), 0);
    assert_eq!(ids(&world), before);
}

#[test]
fn looking_often_or_once_gives_the_same_settlements() {
    let (often, once) = (World::new(&config(8, 30, FaultLevel::None)), World::new(&config(8, 30, FaultLevel::None)));
    let text = |world: &World, day| format!("{:?}", world.settlements(after_days(world, day)));
    for day in 0..60 {
        text(&often, day);
    }
    assert_eq!(text(&often, 60), text(&once, 60));
}

#[test]
fn a_payout_in_euros_arrives_in_pounds_and_a_failed_one_does_not() {
    let world = World::new(&config(9, 60, FaultLevel::None));
    let end = world.money_ends_at().unwrap();
    let settlements = world.settlements(end);
    let lines = world.bank_lines(end);
    for own in &settlements {
        let line = lines.iter().find(|line| line.settlement.as_ref() == Some(&own.id));
        let Some(payout) = &own.payout else { continue };
        assert_eq!(line.map(|line| line.amount), (!payout.fails).then_some(payout.amount));
        assert_eq!(payout.currency, "GBP");
        if own.group.currency == "EUR" {
            assert!(payout.amount < own.total && payout.amount > own.total / 2);
        } else {
            assert_eq!(payout.amount, own.total);
        }
        let days = payout.arrives_at.duration_since(own.deposit_at).as_hours() / 24;
        assert!((1..=3).contains(&days));
    }
    assert!(lines.iter().any(|line| line.amount == 1 && line.settlement.is_none()));
}

#[test]
fn a_fee_that_nobody_knows_comes_with_peoples_faults_only_and_once() {
    let unknown = |faults| {
        let world = World::new(&config(1, 30, faults));
        let end = world.money_ends_at().unwrap();
        let all = world.transactions(Timestamp::MIN, Timestamp::MAX, end);
        all.iter().filter(|row| row.event == MoneyEvent::Unknown).count()
    };
    assert_eq!((unknown(FaultLevel::None), unknown(FaultLevel::Wild), unknown(FaultLevel::People)), (0, 0, 1));
}

#[test]
fn a_world_that_goes_on_has_settled_its_history() {
    let world = World::new(&SandboxConfig { clock: Clock::real(), ..config(2, 40, FaultLevel::None) });
    let now = Clock::real().now();
    assert_eq!(world.settlements(now).iter().filter(|own| *own.group == UK_GROUP).count(), 2);
    assert_eq!(world.money_ends_at(), None);
    assert!(world.settlements(now + (24 * 30).hours()).len() > world.settlements(now).len());
}
