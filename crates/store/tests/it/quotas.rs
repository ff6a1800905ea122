//! Quotas: a bucket never gives more than it has, and remembers.

use std::time::Duration;

use clock::Clock;
use jiff::Timestamp;
use ports::{Limit, Permits, Urgency};
use store::Store;
use store::quotas::StorePermits;

const LIMIT: Limit = Limit { interval: Duration::from_secs(2), burst: 20 };

/// A virtual clock that stands still unless a test sleeps on it.
async fn bucket() -> (Clock, StorePermits, tokio::task::JoinHandle<()>) {
    let clock = Clock::virtual_at("2026-11-05T10:00:00Z".parse::<Timestamp>().unwrap());
    let driver = tokio::spawn({
        let clock = clock.clone();
        async move { clock.drive().await }
    });
    let store = Store::in_memory(clock.clone()).await.unwrap();
    (clock, StorePermits::new(store), driver)
}

async fn taken(permits: &StorePermits, urgency: Urgency) -> usize {
    let mut count = 0;
    while permits.take("b", LIMIT, urgency).await.is_ok() {
        count += 1;
        assert!(count < 100);
    }
    count
}

#[tokio::test]
async fn a_bucket_begins_with_one_token_fills_to_its_burst_and_keeps_a_tenth_for_people() {
    let (clock, permits, driver) = bucket().await;
    assert_eq!(taken(&permits, Urgency::Interactive).await, 1);
    clock.sleep(Duration::from_secs(3_600)).await;
    assert_eq!(permits.level("b", LIMIT).await, 18);
    assert_eq!(taken(&permits, Urgency::Event).await, 18);
    assert_eq!(taken(&permits, Urgency::Interactive).await, 2);
    let until = permits.take("b", LIMIT, Urgency::Interactive).await.unwrap_err();
    assert_eq!(until, clock::later(clock.now(), Duration::from_secs(2)));
    clock.sleep_until(until).await;
    assert!(permits.take("b", LIMIT, Urgency::Interactive).await.is_ok());
    driver.abort();
}

#[tokio::test]
async fn after_a_refusal_nothing_is_given_before_its_time_and_a_stated_rate_is_adopted() {
    let (clock, permits, driver) = bucket().await;
    let until = clock::later(clock.now(), Duration::from_secs(60));
    permits.drain("b", LIMIT, until).await;
    assert!(permits.take("b", LIMIT, Urgency::Interactive).await.is_err_and(|at| at >= until));
    clock.sleep_until(until).await;
    assert!(permits.take("b", LIMIT, Urgency::Interactive).await.is_ok());
    permits.learn("b", Duration::from_millis(100)).await;
    clock.sleep(Duration::from_secs(2)).await;
    assert_eq!(taken(&permits, Urgency::Interactive).await, 20);
    driver.abort();
}
