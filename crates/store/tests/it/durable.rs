//! What is acknowledged is there, and what is not, is not.

use clock::Clock;
use jiff::Timestamp;
use model::PairId;
use store::intents::{self, Intent, State};
use store::{Store, StoreError, audit, cursors, facts};

fn pair() -> PairId {
    PairId::parse("main").unwrap()
}

fn intent(key: &str) -> Intent {
    let now: Timestamp = "2026-11-05T10:00:00Z".parse().unwrap();
    Intent {
        id: format!("id-{key}"),
        pair: pair(),
        key: key.to_owned(),
        version: 1,
        subject: "203-1".to_owned(),
        kind: "invoice".to_owned(),
        number: None,
        reference: "AMZ-203-1".to_owned(),
        body: "{}".to_owned(),
        body_sha256: String::new(),
        fingerprint: String::new(),
        state: State::Planned,
        attempts: 0,
        epoch: 1,
        planned_at: now,
        sent_at: None,
        settle_until: None,
        empty_looks: 0,
        confirmed_at: None,
        adopted: false,
        receipt: None,
        reason: None,
        cause: None,
        next_sweep_at: None,
        sweeps: 0,
        updated_at: now,
    }
}

#[tokio::test]
async fn a_job_that_fails_or_panics_undoes_only_itself() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let good = store.write(|tx| Box::pin(async move { cursors::set(tx, &pair(), "good", "1").await }));
    let bad = store.write(|tx| {
        Box::pin(async move {
            cursors::set(tx, &pair(), "bad", "1").await?;
            Err::<(), _>(StoreError::Bad("on purpose".to_owned()))
        })
    });
    let panics = store.write(|tx| {
        Box::pin(async move {
            cursors::set(tx, &pair(), "worse", "1").await?;
            assert!(pair().as_str().is_empty(), "on purpose");
            Ok(())
        })
    });
    let (good, bad, panics) = tokio::join!(good, bad, panics);
    assert!(good.is_ok() && bad.is_err() && panics.is_err());
    assert_eq!(cursors::get(&store, &pair(), "good").await.unwrap().as_deref(), Some("1"));
    assert_eq!(cursors::get(&store, &pair(), "bad").await.unwrap(), None);
    assert_eq!(cursors::get(&store, &pair(), "worse").await.unwrap(), None);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_reopening_and_two_may_not_open_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::real()).await.unwrap();
    let first = store.epoch();
    let refused = Store::open(folder.path(), Clock::real()).await.err().unwrap();
    assert!(
        matches!(&refused, StoreError::InUse { holder } if holder.contains(&std::process::id().to_string())),
        "{refused}"
    );
    assert!(store.write(|tx| Box::pin(async move { intents::plan(tx, &intent("order/1")).await })).await.unwrap());
    assert!(!store.write(|tx| Box::pin(async move { intents::plan(tx, &intent("order/1")).await })).await.unwrap());
    store.close().await;
    let store = loop {
        // The writer task ends a moment after the last handle.
        match Store::open(folder.path(), Clock::real()).await {
            Ok(store) => break store,
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(store.epoch(), first + 1);
    assert_eq!(intents::by_key(&store, &pair(), "order/1").await.unwrap(), [intent("order/1")]);
}

#[tokio::test]
async fn an_intent_is_changed_only_from_the_state_it_was_read_in_and_never_by_an_older_process() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    store.write(|tx| Box::pin(async move { intents::plan(tx, &intent("k")).await })).await.unwrap();
    let mut newer = intent("k");
    (newer.state, newer.epoch) = (State::Intended, 5);
    let saved = newer.clone();
    store.write(move |tx| Box::pin(async move { intents::save(tx, &saved, State::Planned).await })).await.unwrap();
    let mut again = newer.clone();
    again.state = State::Sent;
    let wrong_state =
        store.write(move |tx| Box::pin(async move { intents::save(tx, &again, State::Planned).await })).await;
    assert!(matches!(wrong_state, Err(StoreError::Stale { .. })));
    let mut older = newer;
    (older.state, older.epoch) = (State::Sent, 4);
    let fenced = store.write(move |tx| Box::pin(async move { intents::save(tx, &older, State::Intended).await })).await;
    assert!(matches!(fenced, Err(StoreError::Stale { .. })));
}

#[tokio::test]
async fn facts_and_audit_cannot_be_changed_and_the_same_fact_is_recorded_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::real()).await.unwrap();
    let fact = facts::NewFact {
        pair: pair(),
        kind: "amazon.order.2026-01-01".to_owned(),
        external_id: "203-1".to_owned(),
        version: "2026-11-05T10:00:00Z".parse().unwrap(),
        payload: "{}".to_owned(),
        buyer: Some("{\"name\":\"Invented Person\"}".to_owned()),
        observed_at: "2026-11-05T10:00:01Z".parse().unwrap(),
        buyer_until: "2026-12-05T10:00:01Z".parse().unwrap(),
    };
    let vault = store.vault();
    let (first, second) = store
        .write(move |tx| {
            Box::pin(
                async move { Ok((facts::record(tx, &vault, &fact).await?, facts::record(tx, &vault, &fact).await?)) },
            )
        })
        .await
        .unwrap();
    let (facts::Recorded::New(id), facts::Recorded::Known(known)) = (first, second) else {
        panic!("{first:?} {second:?}")
    };
    assert_eq!(id, known);
    assert_eq!(facts::buyer(&store, id).await.unwrap().as_deref(), Some("{\"name\":\"Invented Person\"}"));
    let entry = audit::Entry {
        actor: "owner".to_owned(),
        action: "order.retry".to_owned(),
        target: "203-1".to_owned(),
        detail: serde_json::json!({}),
        ip: None,
        at: "2026-11-05T10:00:00Z".parse().unwrap(),
    };
    for _ in 0..3 {
        let entry = entry.clone();
        store.write(move |tx| Box::pin(async move { audit::append(tx, &entry).await })).await.unwrap();
    }
    assert_eq!(audit::verify(&store).await.unwrap(), Ok(3));
    let raw =
        |sql: &'static str| store.write(move |tx| Box::pin(async move { Ok(sqlx::query(sql).execute(tx).await?) }));
    assert!(raw("UPDATE fact SET payload = '{\"a\":1}'").await.is_err());
    assert!(raw("DELETE FROM audit").await.is_err());
    raw("DROP TRIGGER audit_is_never_changed").await.unwrap();
    raw("UPDATE audit SET target = '203-2' WHERE id = 2").await.unwrap();
    assert_eq!(audit::verify(&store).await.unwrap(), Err(audit::BrokenAt(2)));
    let bytes = std::fs::read(folder.path().join("tillbridge.db-wal")).unwrap();
    assert!(!bytes.windows(15).any(|window| window == b"Invented Person"), "buyer data lies open in the file");
}
