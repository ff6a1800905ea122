//! Customers and suppliers through crashes.

use clock::Clock;
use store::Store;
use store::intents::{self, Intent, State};

use crate::sandbox::{pair, runner, sandbox, until_quiet};

const KEY: &str = "customer/AMZUKSTD";

async fn only_intent(store: &Store) -> Intent {
    let [intent] = intents::by_key(store, &pair(), KEY).await.unwrap().try_into().unwrap();
    intent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_was_written_by_a_process_killed_before_the_answer_is_confirmed_by_the_next() {
    let sandbox = sandbox(11).await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("first"), Clock::real()).await.unwrap();
    until_quiet(&runner(&sandbox, &store)).await;
    let confirmed = only_intent(&store).await;
    assert_eq!(confirmed.state, State::Confirmed);

    // The same moment in another life: sent is committed, KashFlow has the customer, and nobody heard of it.
    let again = Store::open(&folder.path().join("second"), Clock::real()).await.unwrap();
    let sent = Intent { state: State::Sent, confirmed_at: None, ..confirmed };
    again
        .write(move |tx| {
            Box::pin(async move {
                intents::plan(tx, &sent).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    until_quiet(&runner(&sandbox, &again)).await;
    assert_eq!(only_intent(&again).await.state, State::Confirmed);
}
