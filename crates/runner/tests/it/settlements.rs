//! Settlements, live: over real HTTP against both accounts of the sandbox.

use std::collections::BTreeSet;

use clock::Clock;
use money::Currency;
use runner::RunnerError;
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, files, intents, reviews};

use super::sandbox::{pair, runner, runner_from, sandbox, until_quiet, with_settings};

async fn all(store: &Store) -> Vec<SettlementRow> {
    let mut rows = settlements::chain(store, &pair(), Currency::GBP).await.unwrap();
    rows.extend(settlements::chain(store, &pair(), Currency::EUR).await.unwrap());
    rows
}

/// Everything that the books hold, as their own ledger says it.
fn ledger(sandbox: &sim::Sandbox) -> Vec<String> {
    let mut lines: Vec<String> = sandbox.account().postings().iter().map(|posting| format!("{posting:?}")).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn settlements_are_found_posted_once_and_explained() {
    let sandbox = sandbox(7).await;
    let store = Store::in_memory(Clock::real()).await.unwrap();
    until_quiet(&runner(&sandbox, &store)).await;
    let rows = all(&store).await;
    let closed: BTreeSet<String> =
        sandbox.world().settlements(Clock::real().now()).iter().map(|own| own.id.clone()).collect();
    assert_eq!(rows.iter().map(|row| row.id.clone()).collect::<BTreeSet<_>>(), closed, "each settlement once");
    for row in &rows {
        let summary: serde_json::Value = serde_json::from_str(&row.summary).unwrap();
        assert_eq!(summary["explained"], true, "{}: {summary}", row.id);
        let clearing = &summary["clearing"];
        assert_eq!(clearing["change_minor"], clearing["expected_minor"], "{}", row.id);
        let own = format!("settlement/{}-{}", row.id, row.currency);
        for intent in intents::of_subject(&store, &pair(), &own).await.unwrap() {
            assert_eq!(intent.state, intents::State::Confirmed, "{}: {:?}", intent.key, intent.reason);
        }
        // A person is asked for what nobody told us (a lender's statement, the address of an old order), and for nothing else.
        for item in reviews::of_subject(&store, &pair(), &own).await.unwrap() {
            assert_eq!(item.kind, reviews::Kind::Review, "{}: {}", item.title, item.reason);
        }
        assert!(row.posted_at.is_some() && matches!(row.stage, Stage::Posted | Stage::Review), "{row:?}");
    }
    // A restart, and the same files again, change nothing.
    let before = ledger(&sandbox);
    let again = runner(&sandbox, &store);
    for row in &rows {
        let bytes = files::bytes(&store, &row.file).await.unwrap();
        let received = again.receive_settlement(&pair(), "by hand.txt", bytes).await.unwrap();
        assert!(received.iter().all(|one| one.duplicate), "{received:?}");
    }
    until_quiet(&again).await;
    assert_eq!(ledger(&sandbox), before);
    sandbox.stop().await;
}

const BROKEN: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\t\
    marketplace-name\tamount-type\tamount-description\tamount\tposted-date\n\
    77123456789\t2026-10-01 00:00:00 UTC\t2026-10-15 00:00:00 UTC\t2026-10-17 00:00:00 UTC\t-30.00\tGBP\t\t\t\t\t\t\t\n\
    77123456789\t\t\t\t\t\tServiceFee\t\tAmazon.co.uk\tCost of Advertising\tTransactionTotalAmount\t-24.00\t2026-10-05 00:00:00 UTC\n\
    77123456789\t\t\t\t\t\tServiceFee\t\tAmazon.co.uk\tCost of Advertising\tTransactionTotalAmount\t-6.0x\t2026-10-06 00:00:00 UTC\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_with_an_unreadable_amount_posts_nothing_until_a_person_accepts_one() {
    let sandbox = sandbox(11).await;
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let runner = runner(&sandbox, &store);
    let received = runner.receive_settlement(&pair(), "broken.txt", BROKEN.as_bytes().to_vec()).await.unwrap();
    assert_eq!((received.len(), received[0].duplicate), (1, false));
    until_quiet(&runner).await;
    let get = async || settlements::get(&store, &pair(), "77123456789", Currency::GBP).await.unwrap().unwrap();
    let own = "settlement/77123456789-GBP";
    assert_eq!(get().await.stage, Stage::Quarantined);
    assert!(intents::of_subject(&store, &pair(), own).await.unwrap().is_empty(), "nothing is half-posted");
    let items = reviews::of_subject(&store, &pair(), own).await.unwrap();
    assert!(items[0].fix.contains("-6.00"), "the amount that would balance is named: {}", items[0].fix);

    let refused = runner.accept_amount(&pair(), "77123456789", Currency::GBP, 4, "six").await;
    assert!(matches!(refused, Err(RunnerError::Refused { .. })), "{refused:?}");
    runner.accept_amount(&pair(), "77123456789", Currency::GBP, 4, "-6.00").await.unwrap();
    until_quiet(&runner).await;
    let row = get().await;
    assert!(row.posted_at.is_some(), "{row:?}");
    let summary: serde_json::Value = serde_json::from_str(&row.summary).unwrap();
    let waits: Vec<&str> =
        summary["tasks"].as_array().unwrap().iter().filter_map(|task| task["sum"].as_str()).collect();
    assert_eq!(waits, ["-6.00"], "what was accepted waits on suspense");
    let open: Vec<_> = reviews::of_subject(&store, &pair(), own).await.unwrap();
    assert!(open.iter().filter(|item| item.closed_at.is_none()).all(|item| item.code != "settlement_quarantined"));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_settlement_is_refused_in_words_and_kept_out() {
    let sandbox = sandbox(11).await;
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let runner = runner(&sandbox, &store);
    for (name, bytes) in
        [("empty.txt", &b""[..]), ("invoice.pdf", b"%PDF-1.7"), ("orders.txt", b"order-id\tsku\n1\t2\n")]
    {
        let refused = runner.receive_settlement(&pair(), name, bytes.to_vec()).await;
        let Err(RunnerError::Refused { reason, fix, .. }) = refused else { panic!("{name}: {refused:?}") };
        assert!(!reason.is_empty() && !fix.is_empty(), "{name}");
    }
    assert!(all(&store).await.is_empty());
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_began_before_the_first_day_waits_for_a_person_who_gives_its_file() {
    let sandbox = sandbox(7).await;
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let late = runner_from(&sandbox, &store, store.clock().now());
    until_quiet(&late).await;
    let rows = all(&store).await;
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(row.stage, Stage::Review, "{row:?}");
        let own = format!("settlement/{}-{}", row.id, row.currency);
        assert!(intents::of_subject(&store, &pair(), &own).await.unwrap().is_empty(), "nothing is posted");
    }
    let chosen = rows.iter().find(|row| row.currency == Currency::GBP).unwrap();
    let bytes = files::bytes(&store, &chosen.file).await.unwrap();
    late.receive_settlement(&pair(), "by hand.txt", bytes).await.unwrap();
    let settings = runner::Settings { settlement_wait_s: 0, settlement_again_s: 1, ..runner::Settings::default() };
    let impatient = with_settings(&sandbox, &store, store.clock().now(), settings);
    until_quiet(&impatient).await;
    let posted: Vec<String> =
        all(&store).await.into_iter().filter(|row| row.posted_at.is_some()).map(|row| row.id).collect();
    assert_eq!(posted, std::slice::from_ref(&chosen.id), "that one and no other");
    sandbox.stop().await;
}

/// A fee and its payout from `from` to `to`, as an upload.
fn of_one_fee(id: &str, from: &str, to: &str) -> Vec<u8> {
    let head = BROKEN.lines().next().unwrap();
    format!(
        "{head}\n{id}\t{from} 00:00:00 UTC\t{to} 00:00:00 UTC\t{to} 00:00:00 UTC\t-24.00\tGBP\t\t\t\t\t\t\t\n\
         {id}\t\t\t\t\t\tServiceFee\t\tAmazon.co.uk\tCost of Advertising\tTransactionTotalAmount\t-24.00\t{from} 12:00:00 UTC\n"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_settlement_of_a_chain_goes_on_as_soon_as_the_one_before_is_decided() {
    let sandbox = sandbox(11).await;
    let store = Store::in_memory(Clock::real()).await.unwrap();
    // One at a time, the later one first: it must wait. Looking again by itself would take longer than this test may.
    let settings = runner::Settings { orders_in_flight: 1, settlement_again_s: 3_600, ..runner::Settings::default() };
    let runner = with_settings(&sandbox, &store, store.clock().now(), settings);
    for (id, from, to) in [("77123456702", "2026-10-15", "2026-10-29"), ("77123456701", "2026-10-01", "2026-10-15")] {
        runner.receive_settlement(&pair(), id, of_one_fee(id, from, to)).await.unwrap();
    }
    until_quiet(&runner).await;
    for id in ["77123456701", "77123456702"] {
        let row = settlements::get(&store, &pair(), id, Currency::GBP).await.unwrap().unwrap();
        assert!(row.posted_at.is_some(), "{row:?}");
    }
    sandbox.stop().await;
}
