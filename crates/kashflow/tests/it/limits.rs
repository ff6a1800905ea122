//! How much is under way at the same time, and that waiting for it does not stop a virtual clock.

use std::time::Duration;

use model::{DocumentNumber, Series};
use ports::Books;

use super::data::{INVOICE, draft};
use super::stub::{Reply, kashflow};

#[tokio::test]
async fn four_reads_and_one_write_are_under_way_at_most_and_slow_answers_cost_their_time() {
    let world = kashflow(|call| match call.path.as_str() {
        "/sessiontoken" => Reply::not_there(),
        "/bankaccounts" => Reply::banks(),
        _ => Reply::Slow(10, INVOICE.to_owned()),
    })
    .await;
    // Signed in beforehand, so that no log-in orders the callers.
    let driven = world.clock.clone();
    let driver = tokio::spawn(async move { driven.drive().await });
    let begun = world.clock.now();
    let tasks: Vec<_> = (0..15)
        .map(|index| {
            let (client, guard) = (world.client.clone(), world.clock.busy());
            tokio::spawn(async move {
                if index % 5 == 0 {
                    client.create(Some(DocumentNumber(1042)), &draft()).await.unwrap();
                } else {
                    client.find(Series::Sales, DocumentNumber(1042)).await.unwrap();
                }
                drop(guard);
            })
        })
        .collect();
    #[expect(clippy::disallowed_methods, reason = "a clock that stands still for ever must fail the test, not hang it")]
    let ended = tokio::time::timeout(Duration::from_secs(20), futures_util::future::join_all(tasks)).await;
    for task in ended.expect("the virtual clock stood still") {
        task.unwrap();
    }
    driver.abort();
    assert_eq!(world.under_way.most(), [4, 1]);
    assert_eq!(world.clock.now().duration_since(begun).as_secs(), 30, "3 writes one by one; 12 reads in threes of 4");
}
