//! Lanes: one piece of work per key, in time, people first.

use clock::Clock;
use jiff::Timestamp;
use model::PairId;
use ports::Urgency;
use store::Store;
use store::lanes::{self, Claimed, Finish, Wake};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn wake(key: &str, urgency: Urgency, second: i64) -> Wake {
    Wake { pair: PairId::parse("main").unwrap(), key: key.to_owned(), urgency, not_before: at(second) }
}

async fn waken(store: &Store, wakes: Vec<Wake>) {
    store.write(move |tx| Box::pin(async move { lanes::wake(tx, &wakes).await })).await.unwrap();
}

async fn claim(store: &Store, second: i64, limit: usize) -> Vec<Claimed> {
    store.write(move |tx| Box::pin(async move { lanes::claim(tx, at(second), limit).await })).await.unwrap()
}

async fn finish(store: &Store, lane: &Claimed, how: Finish) -> bool {
    let lane = lane.clone();
    store.write(move |tx| Box::pin(async move { lanes::finish(tx, &lane, how).await })).await.unwrap()
}

#[tokio::test]
async fn a_key_is_worked_on_once_at_a_time_and_again_if_it_was_woken_meanwhile() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    waken(&store, vec![wake("a", Urgency::Event, 0), wake("a", Urgency::Event, 5)]).await;
    let first = claim(&store, 1, 8).await;
    assert_eq!(first.len(), 1);
    assert!(claim(&store, 1, 8).await.is_empty());
    waken(&store, vec![wake("a", Urgency::Event, 1)]).await;
    assert!(finish(&store, &first[0], Finish::Done).await);
    let second = claim(&store, 1, 8).await;
    assert_eq!(second.len(), 1);
    assert!(!finish(&store, &first[0], Finish::Done).await, "an old claim must not finish a new one");
    assert!(finish(&store, &second[0], Finish::Done).await);
    assert_eq!(lanes::depth(&store).await.unwrap(), lanes::LaneDepth::default());
}

#[tokio::test]
async fn failures_are_counted_waits_are_not_and_a_paused_key_waits_for_a_person() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    waken(&store, vec![wake("a", Urgency::Event, 0)]).await;
    let lane = claim(&store, 0, 1).await.remove(0);
    finish(&store, &lane, Finish::Again { not_before: at(10), reset_attempts: false }).await;
    assert!(claim(&store, 9, 1).await.is_empty());
    assert_eq!(lanes::next_due(&store).await.unwrap(), Some(at(10)));
    let lane = claim(&store, 10, 1).await.remove(0);
    assert_eq!(lane.attempts, 1);
    finish(&store, &lane, Finish::Paused { reason: "books_paused".to_owned() }).await;
    assert!(claim(&store, 10_000, 1).await.is_empty());
    waken(&store, vec![wake("a", Urgency::Interactive, 20)]).await;
    assert_eq!(claim(&store, 20, 1).await.remove(0).attempts, 0);
}

#[tokio::test]
async fn people_come_first_but_events_and_history_are_never_starved() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    for (urgency, name) in [(Urgency::Backfill, "old"), (Urgency::Event, "event"), (Urgency::Interactive, "person")] {
        waken(&store, (0..20).map(|index| wake(&format!("{name}-{index}"), urgency, 0)).collect()).await;
    }
    let claimed = claim(&store, 1, 16).await;
    let count = |urgency| claimed.iter().filter(|lane| lane.urgency == urgency).count();
    assert_eq!((count(Urgency::Interactive), count(Urgency::Event), count(Urgency::Backfill)), (12, 2, 2));
}
