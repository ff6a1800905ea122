//! Settlements and the files they came in.

use clock::Clock;
use jiff::Timestamp;
use model::PairId;
use money::{Currency, Money};
use sqlx::{Connection, SqliteConnection};
use store::finances::FinanceRow;
use store::settled::SettledRow;
use store::settlements::{SettlementFilter, SettlementRow, Stage, Taken};
use store::{Store, StoreError, files, finances, settled, settlements};

fn pair() -> PairId {
    PairId::parse("main").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn settlement(id: &str, file: &str, from: &str) -> SettlementRow {
    SettlementRow {
        pair: pair(),
        id: id.to_owned(),
        currency: Currency::GBP,
        file: file.to_owned(),
        source: "marketplace".to_owned(),
        from: Some(at(from)),
        to: None,
        deposit_on: None,
        total: Money::new(-54_49, Currency::GBP),
        rows: 12,
        stage: Stage::Received,
        stage_reason: None,
        mode: "per_order".to_owned(),
        accepted: "{}".to_owned(),
        summary: "{}".to_owned(),
        first_seen_at: at("2026-11-20T00:00:00Z"),
        posted_at: None,
        updated_at: at("2026-11-20T00:00:00Z"),
    }
}

#[tokio::test]
async fn a_file_is_kept_once_and_comes_back_byte_for_byte() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|index| (index % 251) as u8).collect();
    for (name, new) in [("november.txt", true), ("november (1).txt", false)] {
        let copy = bytes.clone();
        let now = at("2026-11-20T00:00:00Z");
        let added = store
            .write(move |tx| Box::pin(async move { files::add(tx, name, &copy, Some("Cp1252"), now).await }))
            .await
            .unwrap();
        assert_eq!(added, (files::id_of(&bytes), new));
    }
    let id = files::id_of(&bytes);
    assert_eq!(
        files::get(&store, &id).await.unwrap().map(|file| (file.name, file.parts, file.charset)),
        Some(("november.txt".into(), 3, Some("Cp1252".into())))
    );
    assert_eq!(files::bytes(&store, &id).await.unwrap(), bytes);
    let nothing =
        store.write(|tx| Box::pin(async move { files::add(tx, "empty", b"", None, Timestamp::UNIX_EPOCH).await }));
    assert_eq!(files::bytes(&store, &nothing.await.unwrap().0).await.unwrap(), Vec::<u8>::new());
}

#[tokio::test]
async fn a_file_cannot_be_changed_and_a_damaged_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::real()).await.unwrap();
    let now = at("2026-11-20T00:00:00Z");
    let (id, _) =
        store.write(move |tx| Box::pin(async move { files::add(tx, "f", b"amount", None, now).await })).await.unwrap();
    let url = format!("sqlite://{}", folder.path().join("tillbridge.db").display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    let changed = sqlx::query("UPDATE file_part SET bytes = x'00'").execute(&mut other).await;
    assert!(changed.unwrap_err().to_string().contains("never changed"));
    sqlx::raw_sql("DROP TRIGGER file_part_is_never_changed; UPDATE file_part SET bytes = x'00'")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(matches!(files::bytes(&store, &id).await, Err(StoreError::Damaged(reason)) if reason.contains("changed")));
}

#[tokio::test]
async fn a_settlement_is_received_once_whatever_file_it_comes_in_and_keeps_its_head() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let now = at("2026-11-20T00:00:00Z");
    let (first, second) = store
        .write(move |tx| {
            Box::pin(async move {
                let (first, _) = files::add(tx, "a", b"a", None, now).await?;
                Ok((first, files::add(tx, "b", b"b", None, now).await?.0))
            })
        })
        .await
        .unwrap();
    let mut rows = vec![
        (settlement("S2", &first, "2026-11-15T00:00:00Z"), true),
        (settlement("S1", &first, "2026-11-01T00:00:00Z"), true),
        (settlement("S1", &second, "2026-11-01T00:00:00Z"), false),
    ];
    for (row, new) in rows.drain(..) {
        let received = store.write(move |tx| Box::pin(async move { settlements::receive(tx, &row).await })).await;
        assert_eq!(received.unwrap(), new);
    }
    let mut posted = settlement("S1", &second, "2026-01-01T00:00:00Z");
    (posted.stage, posted.posted_at) = (Stage::Posted, Some(at("2026-11-20T01:00:00Z")));
    store.write(move |tx| Box::pin(async move { settlements::update(tx, &posted).await })).await.unwrap();
    let chain = settlements::chain(&store, &pair(), Currency::GBP).await.unwrap();
    let shown: Vec<_> = chain.iter().map(|row| (row.id.as_str(), row.file.as_str(), row.stage)).collect();
    assert_eq!(shown, [("S1", first.as_str(), Stage::Posted), ("S2", first.as_str(), Stage::Received)]);
    let unknown = settlement("S9", &first, "2026-11-01T00:00:00Z");
    let refused = store.write(move |tx| Box::pin(async move { settlements::update(tx, &unknown).await })).await;
    assert!(matches!(refused, Err(StoreError::Bad(_))));
}

#[tokio::test]
async fn pages_of_settlements_hold_what_was_asked_for_and_refuse_a_foreign_mark() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let kept = store.write(|tx| {
        Box::pin(async move {
            let (file, _) = files::add(tx, "a", b"a", None, at("2026-11-20T00:00:00Z")).await?;
            for (id, pair, stage) in
                [("S1", "main", Stage::Posted), ("S2", "main", Stage::Review), ("S3", "b", Stage::Posted)]
            {
                let pair = PairId::parse(pair).map_err(|error| StoreError::Bad(error.to_string()))?;
                settlements::receive(
                    tx,
                    &SettlementRow { pair, stage, ..settlement(id, &file, "2026-11-01T00:00:00Z") },
                )
                .await?;
            }
            Ok(())
        })
    });
    kept.await.unwrap();
    for (of_pair, stage, expected) in [
        (None, None, vec!["S3", "S2", "S1"]),
        (Some(pair()), None, vec!["S2", "S1"]),
        (None, Some(Stage::Posted), vec!["S3", "S1"]),
        (Some(pair()), Some(Stage::Quarantined), vec![]),
    ] {
        let filter = SettlementFilter { pair: of_pair, stage };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = settlements::page(&store, &filter, after.as_deref(), 1).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected);
    }
    for mark in ["", "S1", "x.GBP.main.S1"] {
        let refused = settlements::page(&store, &SettlementFilter::default(), Some(mark), 1).await;
        assert!(matches!(refused, Err(StoreError::Bad(_))), "{mark}");
    }
}

#[tokio::test]
async fn the_latest_fact_about_a_transaction_counts_in_whatever_order_facts_are_read() {
    let row = |status: &str, fact: i64| FinanceRow {
        pair: pair(),
        transaction: "T1".into(),
        kind: "Shipment".into(),
        status: status.into(),
        order: Some("203-1".into()),
        settlement: None,
        posted_at: at("2026-11-20T00:00:00Z"),
        matures_at: Some(at("2026-12-01T00:00:00Z")),
        amount: Money::new(19_60, Currency::GBP),
        fact,
    };
    for order in [[("DEFERRED", 1), ("DEFERRED_RELEASED", 2)], [("DEFERRED_RELEASED", 2), ("DEFERRED", 1)]] {
        let store = Store::in_memory(Clock::real()).await.unwrap();
        for (status, fact) in order {
            let row = row(status, fact);
            store.write(move |tx| Box::pin(async move { finances::put(tx, &row).await })).await.unwrap();
        }
        let known = finances::of_order(&store, &pair(), "203-1").await.unwrap();
        assert_eq!(known, [row("DEFERRED_RELEASED", 2)]);
        assert_eq!(finances::of_status(&store, &pair(), "DEFERRED", 10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_a_settlement_did_to_an_order_is_kept_once() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let row = |settlement: &str, units, refunded| SettledRow {
        order: "203-1234567-7654321".to_owned(),
        line: "11".to_owned(),
        settlement: settlement.to_owned(),
        settled_until: None,
        units,
        refunded: Money::new(refunded, Currency::GBP),
        refunded_vat: Money::new(refunded / 6, Currency::GBP),
    };
    let rows = [row("S1", 2, 0), row("S2", 0, 600), row("S2", 0, 600)];
    for row in rows.clone() {
        store.write(move |tx| Box::pin(async move { settled::put(tx, &pair(), &row).await })).await.unwrap();
    }
    assert_eq!(settled::of_order(&store, &pair(), "203-1234567-7654321").await.unwrap(), rows[..2]);
    assert!(settled::of_order(&store, &pair(), "203-0000000-0000000").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_better_file_takes_the_place_of_a_quarantined_one_and_of_no_other() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let now = at("2026-11-20T00:00:00Z");
    let mut names = Vec::new();
    for bytes in [b"a", b"b", b"c"] {
        let added = store.write(move |tx| Box::pin(async move { files::add(tx, "f", bytes, None, now).await })).await;
        names.push(added.unwrap().0);
    }
    let take = async |row: SettlementRow| {
        store.write(move |tx| Box::pin(async move { settlements::take_in(tx, &row).await })).await.unwrap()
    };
    let mut first = settlement("S1", &names[0], "2026-11-01T00:00:00Z");
    assert_eq!(take(first.clone()).await, Taken::New);
    assert_eq!(take(first.clone()).await, Taken::Same);
    first.stage = Stage::Quarantined;
    store.write(move |tx| Box::pin(async move { settlements::update(tx, &first).await })).await.unwrap();
    assert_eq!(take(settlement("S1", &names[1], "2026-11-01T00:00:00Z")).await, Taken::Better);
    let mut other = settlement("S1", &names[2], "2026-11-01T00:00:00Z");
    assert_eq!(take(other.clone()).await, Taken::Same, "the same figures in another file");
    other.rows += 1;
    assert_eq!(take(other).await, Taken::Contradicts);
    let kept = settlements::get(&store, &pair(), "S1", Currency::GBP).await.unwrap().unwrap();
    assert_eq!((kept.file, kept.stage), (names[1].clone(), Stage::Received));
}
