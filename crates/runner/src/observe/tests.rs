//! The observer against the sandbox over real HTTP.

use model::OrderStatus;
use sim::world::{Fulfilment, Happening, WorldOrder};

use super::*;
use crate::testing::House;

/// Orders that Amazon sent in one piece, and when they left.
fn sent_by_amazon(house: &House, count: usize) -> Vec<(OrderId, Timestamp)> {
    let (world, now) = (house.sandbox.world(), house.clock.now());
    let left = |order: &WorldOrder| {
        let last = order.timeline.last().filter(|event| event.at < now && order.quirk.is_none())?;
        matches!(last.what, Happening::Dispatched(_)).then_some(last.at)
    };
    let orders = world.orders();
    let sent = orders.iter().filter(|order| order.fulfilment == Fulfilment::Fba);
    sent.filter_map(|order| Some((OrderId::parse(&order.id).unwrap(), left(order)?))).take(count).collect()
}

#[tokio::test]
async fn an_order_of_amazons_that_a_report_found_is_dated_by_the_day_it_left_not_by_the_report() {
    let house = House::after(10).await;
    let (store, pair) = (house.store().await, house.pair());
    let mut backlog = Backlog::default();
    let sent = sent_by_amazon(&house, 6);
    assert_eq!(sent.len(), 6);
    // The report was made when something about the orders had changed since: three days after they left.
    let changed = |(order, left): &(OrderId, Timestamp)| Discovered {
        order: order.clone(),
        changed_at: clock::later(*left, Duration::from_secs(3 * 86_400)),
    };
    *house.amazon.reported.lock().unwrap() = sent.iter().map(changed).collect();
    let job = BulkJob { from: pair.setup.history_from, to: house.clock.now(), state: BulkState::Wanted };
    // The observer reads the end of the list first.
    let looks = [Look::Single { at_most: 4 }, Look::Single { at_most: 4 }, Look::Bulk(job)];
    *house.amazon.planned.lock().unwrap() = looks.into();
    let settings = Settings::default();
    let mut waiting = Vec::new();
    for _ in 0..4 {
        assert!(matches!(next_look(&store, &settings, &pair, &mut backlog, &|| ()).await.unwrap(), Looked::Something));
        waiting.push(hints::summary(&store, pair.id()).await.unwrap().0);
    }
    assert_eq!(waiting[..2], [0, 6], "the report is wanted, then it names six orders");
    for (order, left) in &sent {
        let facts = facts::history(&store, pair.id(), order.as_str()).await.unwrap();
        let [fact] = &facts[..] else { panic!("{} facts about {order}", facts.len()) };
        let read = pair.setup.marketplace.translate(&fact.kind, &fact.payload, None).unwrap();
        assert_eq!((read.status, read.dispatches.len()), (OrderStatus::Shipped, 1));
        assert_eq!(read.dispatches[0].at.as_millisecond(), left.as_millisecond());
    }
}

#[tokio::test]
async fn what_is_known_already_is_not_read_again_because_a_list_names_it() {
    let house = House::after(10).await;
    let (store, pair) = (house.store().await, house.pair());
    let sent = sent_by_amazon(&house, 3);
    let named = |later: u64| News {
        discovered: sent
            .iter()
            .map(|(order, left)| Discovered {
                order: order.clone(),
                changed_at: clock::later(*left, Duration::from_secs(later)),
            })
            .collect(),
        ..News::default()
    };
    commit(&store, &pair, named(0)).await.unwrap();
    let pending = hints::pending(&store, pair.id(), house.clock.now(), 10).await.unwrap();
    read_hinted(&store, &pair, pending, house.clock.now(), &|| ()).await.unwrap();
    commit(&store, &pair, named(1)).await.unwrap();
    assert_eq!(hints::summary(&store, pair.id()).await.unwrap().0, 0, "two clocks may differ by seconds");
    commit(&store, &pair, named(600)).await.unwrap();
    assert_eq!(hints::summary(&store, pair.id()).await.unwrap().0, 3, "a later change is news");
}

#[tokio::test]
async fn a_list_of_names_that_is_refused_neither_stops_the_observer_nor_pauses_the_account() {
    let house = House::after(10).await;
    let (store, pair) = (house.store().await, house.pair());
    let mut backlog = Backlog::default();
    let window = ChangeQuery {
        changed_after: pair.setup.history_from,
        changed_before: Some(house.clock.now()),
        page_token: None,
    };
    let looked = read_names(&store, &pair, &mut backlog, window.clone(), None).await.unwrap();
    assert!(matches!(looked, Looked::Something), "the sandbox refuses what is younger than two minutes");
    let situation = backlog.situation(&store, &pair, house.clock.now(), false).await.unwrap();
    assert!(situation.names_refused && situation.named.is_none());
    assert!(!pair.is_paused(System::Amazon));
    let older = ChangeQuery { changed_before: Some(clock_before(house.clock.now(), 600)), ..window };
    read_names(&store, &pair, &mut Backlog::default(), older.clone(), None).await.unwrap();
    let named = Backlog::default().situation(&store, &pair, house.clock.now(), false).await.unwrap();
    let (place, until) = (named.named.unwrap(), older.changed_before.unwrap());
    assert_eq!((place.until, place.from, named.hinted), (until, until, 100));
    assert!(place.listing.unwrap().page_token.is_some(), "more than a hundred orders: the list goes on");
}

fn clock_before(at: Timestamp, seconds: u64) -> Timestamp {
    at.checked_sub(Duration::from_secs(seconds)).unwrap()
}
