//! Settlements as the workers wrote them down, over real HTTP.

use money::{Currency, Money};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use store::intents::{self, Intent, State};
use store::reviews::{Kind, NewReview};
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, files};

use crate::fixture::{Server, Session, at, invoice, pair, problem};
use crate::people::open_item;

/// A settlement whose period ended `minute` minutes after nine.
pub fn settlement(id: &str, stage: Stage, minute: i64, summary: &Value) -> SettlementRow {
    SettlementRow {
        pair: pair(),
        id: id.to_owned(),
        currency: Currency::GBP,
        file: String::new(),
        source: "marketplace".to_owned(),
        from: Some(at(minute - 60)),
        to: Some(at(minute)),
        deposit_on: Some(at(minute + 60)),
        total: Money::new(1_234_56, Currency::GBP),
        rows: 123,
        stage,
        stage_reason: None,
        mode: "settlement".to_owned(),
        accepted: "{}".to_owned(),
        summary: summary.to_string(),
        first_seen_at: at(minute + 5),
        posted_at: None,
        updated_at: at(minute + 5),
    }
}

pub async fn keep(store: &Store, rows: Vec<SettlementRow>) {
    let written = store.write(move |tx| {
        Box::pin(async move {
            let (file, _) = files::add(tx, "settlement.txt", b"invented", None, at(0)).await?;
            for mut row in rows {
                row.file.clone_from(&file);
                assert!(settlements::receive(tx, &row).await?, "a test keeps a settlement once");
            }
            Ok(())
        })
    });
    written.await.unwrap();
}

async fn plan(store: &Store, intent: Intent) {
    assert!(store.write(move |tx| Box::pin(async move { intents::plan(tx, &intent).await })).await.unwrap());
}

fn document(key: &str) -> Value {
    json!({ "key": key, "kind": "invoice", "reference": "AMZ-S1", "on": "2026-11-20", "party": "AMZUKSTD",
        "amount_minor": 2400, "currency": "GBP", "rows": 12 })
}

/// What the workers write when they decided.
fn decided() -> Value {
    json!({
        "format": "v2", "mode": "settlement", "currency": "GBP", "home": "GBP", "rows": 123, "explained": true,
        "clearing": { "account": "1250", "before_minor": -500, "posted_before_minor": 0, "change_minor": 500,
            "expected_minor": 500, "after_minor": 0 },
        "waterfall": [{ "step": "sales", "amount_minor": 150_000 }, { "step": "payout", "amount_minor": -149_500 }],
        "documents": [document("settlement/S1-GBP/invoice/1"), document("settlement/S1-GBP/payment/1")],
        "ledger": [{ "account": "1250", "title": "1250 Amazon clearing", "amount_minor": 500 }],
        "tasks": [{ "code": "unknown_row", "in_suspense": true, "subject": "Mystery", "rows_of": ["other", "x", "Mystery"],
            "sum_minor": -250, "currency": "GBP", "count": 2, "line": 17, "cause": "Nobody knows it.",
            "next": "Add a rule.", "high_priority": false, "suggestions": [] }],
        "problems": [{ "weight": "note", "line": 17, "what": "A row.", "effect": "None.", "next": "Nothing." }],
        "unreadable": [],
        "vat": [{ "from": "2026-10-01", "to": "2026-12-31", "box1_minor": 25_000, "box4_minor": 5_000,
            "box6_minor": 125_000, "box7_minor": 25_000 }],
    })
}

#[tokio::test]
async fn settlements_are_listed_newest_first_with_what_they_left_on_clearing() {
    let (server, session) = Server::signed_in().await;
    let rows = vec![
        settlement("S1", Stage::Posted, 0, &decided()),
        settlement("S2", Stage::Received, 10, &json!({})),
        settlement("S3", Stage::Quarantined, 20, &json!("not what it should be")),
    ];
    keep(&server.store, rows).await;
    let shown = session.json("/api/v1/settlements").await;
    let row = |at: usize, field: &str| shown["settlements"][at][field].clone();
    assert_eq!([row(0, "id"), row(1, "id"), row(2, "id")], ["S3", "S2", "S1"]);
    assert_eq!(row(2, "clearing_after"), json!({ "minor": 0, "currency": "GBP", "decimals": 2 }));
    assert_eq!(row(2, "total"), json!({ "minor": 123_456, "currency": "GBP", "decimals": 2 }));
    assert_eq!([row(2, "documents"), row(2, "in_suspense"), row(2, "explained")], [json!(2), json!(1), json!(true)]);
    // What is not decided is not known: neither zero nor good.
    for at in [0, 1] {
        assert_eq!(
            [row(at, "documents"), row(at, "clearing_after"), row(at, "explained")],
            [(); 3].map(|()| Value::Null)
        );
    }
    let posted = session.json("/api/v1/settlements?stage=posted").await;
    assert_eq!((posted["settlements"].as_array().unwrap().len(), &posted["settlements"][0]["id"]), (1, &json!("S1")));
    assert_eq!(problem(session.get("/api/v1/settlements?stage=lost").await).await, "bad_request");
}

#[tokio::test]
async fn pages_of_settlements_join_without_a_gap_or_a_repetition() {
    let (server, session) = Server::signed_in().await;
    let mut rows: Vec<SettlementRow> =
        ["S1", "S2", "S3"].iter().map(|id| settlement(id, Stage::Posted, 0, &json!({}))).collect();
    // The same id in another currency is another settlement; a dot in an id is part of it.
    rows.push(SettlementRow { currency: Currency::EUR, ..settlement("S2", Stage::Posted, 0, &json!({})) });
    rows.push(settlement("S.4", Stage::Posted, -5, &json!({})));
    keep(&server.store, rows).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..6 {
        let page = session.json(&format!("/api/v1/settlements?limit=1&after={after}")).await;
        let row = &page["settlements"][0];
        seen.push(format!("{} {}", row["id"].as_str().unwrap(), row["currency"].as_str().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    assert_eq!(seen, ["S3 GBP", "S2 GBP", "S2 EUR", "S1 GBP", "S.4 GBP"]);
    assert_eq!(problem(session.get("/api/v1/settlements?after=mine").await).await, "bad_request");
}

#[tokio::test]
async fn a_settlement_shows_its_documents_with_state_and_number_of_the_last_version() {
    let (server, session) = Server::signed_in().await;
    keep(&server.store, vec![settlement("S1", Stage::Posting, 0, &decided())]).await;
    let of = |version: u32, state: State| Intent {
        id: format!("i{version}"),
        key: "settlement/S1-GBP/invoice/1".to_owned(),
        version,
        subject: "settlement/S1-GBP".to_owned(),
        reason: Some(format!("version {version}")),
        ..invoice("S1", state)
    };
    plan(&server.store, of(2, State::Confirmed)).await;
    plan(&server.store, of(1, State::Rejected)).await;
    let shown = session.json("/api/v1/settlements/main/GBP/S1").await;
    let first = &shown["documents"][0];
    assert_eq!(
        (&first["state"], &first["number"], &first["reason"]),
        (&json!("confirmed"), &json!(1042), &json!("version 2"))
    );
    assert_eq!(first["amount"], json!({ "minor": 2400, "currency": "GBP", "decimals": 2 }));
    assert_eq!((&shown["documents"][1]["state"], &shown["documents"][1]["number"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["document_states"], json!({ "confirmed": 1, "undecided": 1 }));
    assert_eq!(shown["clearing"]["before"]["minor"], -500);
    assert_eq!(
        shown["waterfall"][1],
        json!({ "step": "payout", "amount": { "minor": -149_500, "currency": "GBP", "decimals": 2 } })
    );
    assert_eq!(shown["tasks"][0]["sum"]["minor"], -250);
    assert_eq!(shown["vat"][0]["box1"]["minor"], 25_000);
    assert_eq!(shown["unread"], json!([]));
}

#[tokio::test]
async fn a_settlement_shows_the_open_items_about_it_and_no_others() {
    let (server, session) = Server::signed_in().await;
    keep(&server.store, vec![settlement("S1", Stage::Review, 0, &decided())]).await;
    let item = |subject: &str, code: &str| NewReview {
        subject: subject.to_owned(),
        code: code.to_owned(),
        kind: Kind::Break,
        ..crate::orders::item(&pair(), "S1")
    };
    open_item(&server.store, item("settlement/S1-GBP", "reserve_broken")).await;
    open_item(&server.store, item("settlement/S1-GBP", "settlement_missing")).await;
    open_item(&server.store, item("settlement/S1-EUR", "reserve_broken")).await;
    let closed = session.post("/api/v1/reviews/2/close", Some(json!({ "note": "Found." }))).await;
    assert_eq!(closed.status(), StatusCode::NO_CONTENT);
    let shown = session.json("/api/v1/settlements/main/GBP/S1").await;
    let codes: Vec<_> = shown["reviews"].as_array().unwrap().iter().map(|item| item["code"].clone()).collect();
    assert_eq!(codes, ["reserve_broken"]);
}

#[tokio::test]
async fn a_quarantined_settlement_names_its_rows_and_those_that_a_person_accepted() {
    let (server, session) = Server::signed_in().await;
    let summary = json!({ "home": "GBP", "unreadable": [{ "line": 17, "would_balance_minor": 1234 }, { "line": 20 }] });
    let row = SettlementRow {
        currency: Currency::EUR,
        total: Money::new(5_00, Currency::EUR),
        accepted: json!({ "lines": { "17": "12.34" }, "from_before": false }).to_string(),
        ..settlement("S1", Stage::Quarantined, 0, &summary)
    };
    keep(&server.store, vec![row]).await;
    let shown = session.json("/api/v1/settlements/main/EUR/S1").await;
    assert_eq!(
        shown["unreadable"],
        json!([
            { "line": 17, "would_balance": { "minor": 1234, "currency": "EUR", "decimals": 2 }, "is_accepted": true },
            { "line": 20, "would_balance": null, "is_accepted": false },
        ])
    );
    assert_eq!((&shown["documents"], &shown["clearing"], &shown["waterfall"]), (&json!([]), &Value::Null, &json!([])));
}

#[tokio::test]
async fn what_is_in_no_record_is_named_and_the_rest_is_shown() {
    let (server, session) = Server::signed_in().await;
    let mut summary = decided();
    summary["ledger"] = json!([{ "account": "1250", "amount": "5.00" }]);
    keep(&server.store, vec![settlement("S1", Stage::Posted, 0, &summary)]).await;
    let shown = session.json("/api/v1/settlements/main/GBP/S1").await;
    assert_eq!((&shown["unread"], &shown["ledger"]), (&json!(["ledger"]), &json!([])));
    assert_eq!(shown["documents"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn of_very_many_documents_those_that_are_not_in_the_books_come_first() {
    let (server, session) = Server::signed_in().await;
    let key = |n: usize| format!("settlement/S1-GBP/invoice/{n}");
    let mut summary = decided();
    summary["documents"] = (1..=1_001).map(|n| document(&key(n))).collect();
    keep(&server.store, vec![settlement("S1", Stage::Posting, 0, &summary)]).await;
    for n in [1, 2] {
        let subject = "settlement/S1-GBP".to_owned();
        plan(&server.store, Intent { id: key(n), key: key(n), subject, ..invoice("S1", State::Confirmed) }).await;
    }
    let shown = session.json("/api/v1/settlements/main/GBP/S1").await;
    assert_eq!(shown["document_states"], json!({ "confirmed": 2, "undecided": 999 }));
    let documents = shown["documents"].as_array().unwrap();
    assert_eq!(
        (documents.len(), &documents[0]["key"], &documents[999]["key"]),
        (1_000, &json!(key(3)), &json!(key(1)))
    );
}

#[tokio::test]
async fn a_settlement_nobody_received_is_not_found_in_any_spelling() {
    let (server, session) = Server::signed_in().await;
    keep(&server.store, vec![settlement("S1", Stage::Posted, 0, &decided())]).await;
    for path in ["main/GBP/S2", "main/EUR/S1", "main/XQZ/S1", "other/GBP/S1", "main/GBP/S1%20"] {
        let answer = session.get(&format!("/api/v1/settlements/{path}")).await;
        assert_eq!((answer.status(), problem(answer).await.as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
    assert_eq!(problem(server.get("/api/v1/settlements").await).await, "not_signed_in");
}

#[tokio::test]
async fn vat_is_added_up_by_period_and_says_what_is_not_in_it() {
    let (server, session) = Server::signed_in().await;
    let now = clock::Clock::real().now();
    let recent =
        |id: &str, stage: Stage, summary: &Value| SettlementRow { to: Some(now), ..settlement(id, stage, 0, summary) };
    let mut second = decided();
    second["vat"] = json!([
        { "from": "2026-10-01", "to": "2026-12-31", "box1_minor": 1, "box4_minor": 7_000, "box6_minor": 5, "box7_minor": -5 },
        { "from": "2027-01-01", "to": "2027-03-31", "box1_minor": 2, "box4_minor": 3, "box6_minor": 0, "box7_minor": 0 },
    ]);
    let rows = vec![
        recent("S1", Stage::Posted, &decided()),
        recent("S2", Stage::Posting, &second),
        recent("S3", Stage::Quarantined, &json!({ "home": "GBP" })),
    ];
    keep(&server.store, rows).await;
    let shown = session.json("/api/v1/vat").await;
    let figures = |at: usize| {
        let period = &shown["periods"][at];
        let minor = ["box1", "box4", "box5", "box6", "box7"].map(|name| period[name]["minor"].as_i64().unwrap());
        (period["to"].as_str().unwrap().to_owned(), minor, period["settlements"].clone(), period["unposted"].clone())
    };
    assert_eq!(figures(0), ("2027-03-31".to_owned(), [2, 3, -1, 0, 0], json!(1), json!(1)));
    assert_eq!(figures(1), ("2026-12-31".to_owned(), [25_001, 12_000, 13_001, 125_005, 24_995], json!(2), json!(1)));
    assert_eq!(shown["left_out"].as_array().unwrap().len(), 1);
    assert_eq!((&shown["left_out"][0]["id"], &shown["left_out"][0]["stage"]), (&json!("S3"), &json!("quarantined")));
}

async fn upload(session: &Session, query: &str, bytes: &[u8]) -> Response {
    let request = session.request(Method::POST, &format!("/api/v1/settlements?{query}"));
    request.header("content-type", "text/plain").body(bytes.to_vec()).send().await.unwrap()
}

#[tokio::test]
async fn a_file_is_handed_to_the_workers_and_says_what_was_found_in_it() {
    let (server, session) = Server::signed_in().await;
    let answer = upload(&session, "pair=main&name=a%20b.txt", b"S1 S2").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({ "settlements": [
            { "id": "S1", "currency": "GBP", "stage": "received", "duplicate": false },
            { "id": "S2", "currency": "GBP", "stage": "posted", "duplicate": true },
        ] })
    );
    assert_eq!(*server.workers.asked.lock().unwrap(), ["receive main a b.txt 5"]);
    assert!(server.trail().await.contains(&"owner settlement.upload pair/main done 127.0.0.1".to_owned()));
}

#[tokio::test]
async fn a_file_that_is_no_settlement_says_why_and_leaves_a_row() {
    let (server, session) = Server::signed_in().await;
    *server.workers.refuse_with.lock().unwrap() = Some("This is a PDF document".to_owned());
    let answer = upload(&session, "pair=main", b"%PDF").await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json::<Value>().await.unwrap()["detail"], "This is a PDF document");
    assert!(server.trail().await.contains(&"owner settlement.upload pair/main refused 127.0.0.1".to_owned()));
}

#[tokio::test]
async fn an_upload_may_be_larger_than_a_form_but_neither_empty_nor_without_end() {
    let (server, session) = Server::signed_in().await;
    assert_eq!(upload(&session, "pair=main", &vec![b'x'; 3 << 20]).await.status(), StatusCode::OK);
    assert_eq!(problem(upload(&session, "pair=main", b"").await).await, "bad_request");
    assert_eq!(problem(upload(&session, "name=x", b"S1").await).await, "bad_request");
    let endless = upload(&session, "pair=main", &vec![b'x'; (64 << 20) + 1]).await;
    assert_eq!((endless.status(), problem(endless).await.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    assert_eq!(server.workers.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_accepted_amount_is_read_in_the_currency_of_the_settlement_and_audited() {
    let (server, session) = Server::signed_in().await;
    keep(&server.store, vec![settlement("S1", Stage::Quarantined, 0, &json!({}))]).await;
    let address = "/api/v1/settlements/main/GBP/S1/accept";
    for amount in ["12,34", "12.345", ""] {
        let answer = session.post(address, Some(json!({ "line": 17, "amount": amount }))).await;
        assert_eq!(problem(answer).await, "bad_request", "{amount}");
    }
    let accepted = session.post(address, Some(json!({ "line": 17, "amount": " -12.3 " }))).await;
    assert_eq!(accepted.status(), StatusCode::ACCEPTED);
    assert_eq!(*server.workers.asked.lock().unwrap(), ["accept main S1 GBP 17 -12.30"]);
    assert!(server.trail().await.contains(&"owner settlement.accept main/settlement/S1-GBP done 127.0.0.1".to_owned()));
    *server.workers.refuse_with.lock().unwrap() = Some("It is not kept back".to_owned());
    let refused = session.post(address, Some(json!({ "line": 17, "amount": "1" }))).await;
    assert_eq!((refused.status(), problem(refused).await.as_str()), (StatusCode::CONFLICT, "refused"));
    let unknown =
        session.post("/api/v1/settlements/main/EUR/S1/accept", Some(json!({ "line": 1, "amount": "1" }))).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_settlement_is_tried_again_by_its_whole_name() {
    let (server, session) = Server::signed_in().await;
    keep(&server.store, vec![settlement("S1", Stage::Review, 0, &json!({}))]).await;
    let done = session.post("/api/v1/settlements/main/GBP/S1/retry", None).await;
    assert_eq!(done.status(), StatusCode::ACCEPTED);
    assert_eq!(*server.workers.asked.lock().unwrap(), ["retry main S1 GBP"]);
    assert!(server.trail().await.contains(&"owner settlement.retry main/settlement/S1-GBP done 127.0.0.1".to_owned()));
    assert_eq!(session.post("/api/v1/settlements/main/GBP/S2/retry", None).await.status(), StatusCode::NOT_FOUND);
}
