//! The finance observer against the sandbox over real HTTP.

use std::collections::{BTreeMap, BTreeSet};

use money::{Currency, Money};
use ports::System;
use store::settlements::{SettlementRow, Stage};

use super::*;
use crate::testing::{BEGIN, DAY, House};

fn source(house: &House) -> Source<'_> {
    Source {
        pair: &house.pair,
        marketplace: house.amazon.as_ref(),
        history_from: BEGIN.parse().unwrap(),
        every: Duration::from_secs(DAY),
        wanted: false,
    }
}

/// Looks until there is nothing to read. Gives the number of pages.
async fn round(store: &Store, house: &House) -> usize {
    for pages in 0.. {
        match look(store, &source(house)).await.unwrap() {
            Looked::Page { .. } => {}
            Looked::Rest { until } => {
                assert!(until > house.clock.now());
                return pages;
            }
            Looked::Failed(error) => panic!("{error}"),
        }
    }
    unreachable!("a round ends")
}

/// Every transaction of the world by now: events, and the releases of those that were held back.
fn told_by_the_world(house: &House) -> (usize, BTreeSet<String>) {
    let (world, now) = (house.sandbox.world(), house.clock.now());
    let before = now.checked_sub(Duration::from_secs(150)).unwrap();
    let events = world.transactions(Timestamp::MIN, before, now);
    let shown: Vec<_> = events.iter().filter(|own| own.event != sim::world::MoneyEvent::Carried).collect();
    let released = world.releases(Timestamp::MIN, before, now).len();
    let deferred = shown.iter().filter(|own| own.deferral.is_some_and(|deferral| deferral.until > now));
    (shown.len() + released, deferred.map(|own| own.id.clone()).collect())
}

async fn rows_of(store: &Store, house: &House) -> BTreeMap<String, FinanceRow> {
    let mut rows = BTreeMap::new();
    for status in ["DEFERRED", "DEFERRED_RELEASED", "RELEASED"] {
        for row in finances::of_status(store, &house.pair, status, 100_000).await.unwrap() {
            assert_eq!(rows.insert(row.transaction.clone(), row), None, "one row for each transaction");
        }
    }
    rows
}

#[tokio::test]
async fn every_transaction_of_the_account_becomes_a_fact_and_one_row() {
    let (house, store) = {
        let house = House::after(20).await;
        let store = house.store().await;
        (house, store)
    };
    let pages = round(&store, &house).await;
    let rows = rows_of(&store, &house).await;
    let (count, deferred) = told_by_the_world(&house);
    assert!(pages > 3 && deferred.len() > 10, "{pages} pages, {} deferred", deferred.len());
    assert_eq!(rows.len(), count);
    let held: BTreeSet<String> =
        rows.values().filter(|row| row.status == "DEFERRED").map(|row| row.transaction.clone()).collect();
    assert_eq!(held, deferred);
    for row in rows.values() {
        let fact = facts::latest(&store, &house.pair, &row.transaction).await.unwrap().unwrap();
        assert_eq!((fact.id, fact.kind.as_str()), (row.fact, "amazon.transaction.2024-06-19"));
        assert!(row.status != "DEFERRED" || row.matures_at.is_some_and(|at| at > house.clock.now()), "{row:?}");
    }
    assert_eq!(round(&store, &house).await, 0, "the next round is not due yet");
}

#[tokio::test]
async fn whoever_waits_for_money_to_be_read_makes_a_reading_begin_before_its_time() {
    let house = House::after(20).await;
    let (store, pair) = (house.store().await, house.pair());
    let closed = clock::later(BEGIN.parse().unwrap(), Duration::from_secs(14 * DAY));
    let asked = async || {
        let read = has_read(&store, &pair, closed).await.unwrap();
        let woken = futures_util::FutureExt::now_or_never(pair.finances_wanted.notified());
        (read, woken.is_some())
    };
    assert_eq!(asked().await, (false, true), "nothing is read yet: the observer is woken");
    round(&store, &house).await;
    assert_eq!(asked().await, (true, false));
    assert!(matches!(look(&store, &source(&house)).await.unwrap(), Looked::Rest { .. }));
    let wanted = Source { wanted: true, ..source(&house) };
    assert!(matches!(look(&store, &wanted).await.unwrap(), Looked::Page { .. }));
}

#[tokio::test]
async fn money_that_is_let_go_changes_its_row_and_tells_when_it_left_and_when_it_was_let_go() {
    let house = House::after(20).await;
    let store = house.store().await;
    round(&store, &house).await;
    let before = rows_of(&store, &house).await;
    let held = before.values().find(|row| row.status == "DEFERRED" && row.order.is_some()).unwrap();
    house.pass(16).await;
    round(&store, &house).await;
    let order = held.order.as_ref().unwrap();
    let rows = finances::of_order(&store, &house.pair, order).await.unwrap();
    let own = rows.iter().find(|row| row.transaction == held.transaction).unwrap();
    assert_eq!((own.status.as_str(), own.posted_at), ("DEFERRED_RELEASED", held.posted_at));
    assert_eq!(facts::history(&store, &house.pair, &held.transaction).await.unwrap().len(), 2);
    let release = rows.iter().find(|row| row.status == "RELEASED" && row.amount == own.amount).unwrap();
    let world = house.sandbox.world();
    let event = world.transactions_of(order, house.clock.now()).into_iter().find(|own| own.id == held.transaction);
    let event = event.unwrap();
    assert_eq!((own.posted_at, release.posted_at), (event.posted_at, event.released_at()));
}

#[tokio::test]
async fn a_process_that_dies_between_two_pages_goes_on_with_the_next_and_a_replay_changes_nothing() {
    let house = House::after(20).await;
    let folder = tempfile::tempdir().unwrap();
    let open = async || Store::open(folder.path(), house.clock.clone()).await.unwrap();
    let store = open().await;
    for _ in 0..2 {
        assert!(matches!(look(&store, &source(&house)).await.unwrap(), Looked::Page { .. }));
    }
    // A page that was answered, and never committed.
    let asked = read_cursor::<Round>(&store, &house.pair, ROUND).await.unwrap().unwrap().queries.remove(0);
    house.amazon.transactions(&asked, Urgency::Backfill).await.unwrap();
    store.close().await;
    let store = open().await;
    round(&store, &house).await;
    let asked = std::mem::take(&mut *house.amazon.asked.lock().unwrap());
    let again: Vec<_> = asked.iter().enumerate().filter(|(place, query)| asked[..*place].contains(query)).collect();
    assert_eq!(again.len(), 1, "only the page that was never committed is read twice");
    let rows = rows_of(&store, &house).await;
    assert_eq!(rows.len(), told_by_the_world(&house).0);
    for name in [ROUND, COMPLETE_UNTIL, LAST_ROUND] {
        let pair = house.pair.clone();
        store.write(move |tx| Box::pin(async move { cursors::set(tx, &pair, name, "").await })).await.unwrap();
    }
    assert!(round(&store, &house).await > 3);
    assert_eq!(rows_of(&store, &house).await, rows);
    for row in rows.values() {
        assert_eq!(facts::history(&store, &house.pair, &row.transaction).await.unwrap().len(), 1);
    }
    store.close().await;
}

#[tokio::test]
async fn a_transaction_that_cannot_be_read_is_kept_for_a_person_and_the_rest_goes_on() {
    let house = House::after(20).await;
    let store = house.store().await;
    let mut spoiled = false;
    *house.amazon.hand.lock().unwrap() = Some(Box::new(move |mut page| {
        if let Some(first) = page.transactions.first_mut().filter(|_| !std::mem::replace(&mut spoiled, true)) {
            first.payload = first.payload.replace("\"transactionStatus\":\"", "\"transactionStatus\":\"IN_LIMBO_");
        }
        Ok(page)
    }));
    round(&store, &house).await;
    let open = reviews::list(&store, true, None, 10, None).await.unwrap();
    let shown: Vec<_> = open.iter().map(|item| (item.code.as_str(), item.path.as_deref())).collect();
    assert_eq!(shown, [("unknown_status", Some("$.transactionStatus"))]);
    let id = open[0].subject.strip_prefix("transaction/").unwrap();
    assert_eq!(rows_of(&store, &house).await.len(), told_by_the_world(&house).0 - 1);
    assert!(facts::latest(&store, &house.pair, id).await.unwrap().unwrap().payload.contains("IN_LIMBO"));
    house.pass(2).await;
    round(&store, &house).await;
    assert_eq!(rows_of(&store, &house).await.len(), told_by_the_world(&house).0);
    assert_eq!(reviews::list(&store, true, None, 10, None).await.unwrap(), [], "it can be read now");
}

#[tokio::test]
async fn a_wait_keeps_the_place_and_a_dead_page_token_begins_its_window_again() {
    let house = House::after(20).await;
    let store = house.store().await;
    look(&store, &source(&house)).await.unwrap();
    let at = async || read_cursor::<Round>(&store, &house.pair, ROUND).await.unwrap().unwrap().queries.remove(0);
    let second = at().await;
    assert!(second.page_token.is_some());
    let until = clock::later(house.clock.now(), Duration::from_secs(9));
    let refuse = |make: fn(Timestamp) -> ConnectorError| {
        *house.amazon.hand.lock().unwrap() = Some(Box::new(move |_| Err(make(until))));
    };
    refuse(|until| ConnectorError::Throttled { system: System::Amazon, until });
    assert!(matches!(
        look(&store, &source(&house)).await.unwrap(),
        Looked::Failed(ConnectorError::Throttled { until: told, .. }) if told == until
    ));
    assert_eq!(at().await, second);
    refuse(|_| ConnectorError::Rejected { system: System::Amazon, what: "a page".into(), reason: "dead".into() });
    assert!(matches!(look(&store, &source(&house)).await.unwrap(), Looked::Failed(_)));
    assert_eq!(at().await, TransactionQuery { page_token: None, ..second });
    *house.amazon.hand.lock().unwrap() = None;
    round(&store, &house).await;
    assert_eq!(rows_of(&store, &house).await.len(), told_by_the_world(&house).0);
}

#[tokio::test]
async fn a_settlement_that_waits_is_woken_when_the_money_of_its_orders_is_known_and_a_decided_one_is_not() {
    let house = House::after(36).await;
    let world = house.sandbox.world();
    let mut closed = world.settlements(house.clock.now()).into_iter().filter(|own| own.group.currency == "GBP");
    let (waits, posted) = (closed.next().unwrap(), closed.next().unwrap());
    let store = house.store().await;
    for (id, stage) in [(&waits.id, Stage::Received), (&posted.id, Stage::Posted)] {
        let (pair, id, now) = (house.pair.clone(), id.clone(), house.clock.now());
        let write = store.write(move |tx| {
            Box::pin(async move {
                let (file, _) = store::files::add(tx, "settlement.txt", b"invented", None, now).await?;
                settlements::receive(tx, &settlement(pair, id, file, stage, now)).await
            })
        });
        assert!(write.await.unwrap());
    }
    let mut woke = false;
    while let Looked::Page { woke: due } = look(&store, &source(&house)).await.unwrap() {
        woke |= due;
    }
    assert!(woke);
    let now = house.clock.now();
    let due = store.write(move |tx| Box::pin(async move { lanes::claim(tx, now, 10).await })).await.unwrap();
    let keys: Vec<_> = due.iter().map(|lane| lane.key.clone()).collect();
    assert_eq!(keys, [format!("settlement/{}-GBP", waits.id)]);
}

fn settlement(pair: PairId, id: String, file: String, stage: Stage, now: Timestamp) -> SettlementRow {
    SettlementRow {
        pair,
        id,
        currency: Currency::GBP,
        file,
        source: "marketplace".to_owned(),
        from: None,
        to: None,
        deposit_on: None,
        total: Money::zero(Currency::GBP),
        rows: 0,
        stage,
        stage_reason: None,
        mode: "settlement".to_owned(),
        accepted: "{}".to_owned(),
        summary: "{}".to_owned(),
        first_seen_at: now,
        posted_at: None,
        updated_at: now,
    }
}
