//! Orders: the list, one order told, and trying again.

use model::PairId;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::intents::{Intent, State};
use store::orders::Stage;
use store::reviews::{Kind, NewReview};
use store::{Store, facts, intents, reviews, runs};

use crate::fixture::{Server, Session, at, invoice, keep_orders, order, pair, problem};

fn ids(page: &Value) -> Vec<&str> {
    page["orders"].as_array().unwrap().iter().map(|order| order["order_id"].as_str().unwrap()).collect()
}

async fn plan(store: &Store, intent: Intent) {
    store.write(move |tx| Box::pin(async move { intents::plan(tx, &intent).await })).await.unwrap();
}

async fn told(session: &Session, id: &str) -> (String, Value, bool) {
    let order = session.json(&format!("/api/v1/orders/main/{id}")).await;
    let explanation = order["explanation"].as_str().unwrap().to_owned();
    (explanation, order["next_action"].clone(), order["can_retry"].as_bool().unwrap())
}

#[tokio::test]
async fn pages_follow_one_another_newest_first_without_gap_or_repeat() {
    let (server, session) = Server::signed_in().await;
    let rows = (0..25).map(|n| order(&format!("203-{n:02}"), Stage::Invoiced, n / 2)).collect();
    keep_orders(&server.store, rows).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = session.json(&format!("/api/v1/orders?limit=10&after={after}")).await;
        assert_eq!(page["total"], 25);
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    let expected: Vec<String> = (0..25).rev().map(|n| format!("203-{n:02}")).collect();
    assert_eq!(seen, expected);
    let forged = session.get("/api/v1/orders?after=elsewhere").await;
    assert_eq!((forged.status(), problem(forged).await.as_str()), (StatusCode::BAD_REQUEST, "bad_request"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_empty_ones_do_not() {
    let (server, session) = Server::signed_in().await;
    let mut german = order("305-7", Stage::Review, 5);
    german.marketplace = "amazon.de".to_owned();
    german.documents = "1042,1043".to_owned();
    keep_orders(&server.store, vec![order("203-1", Stage::Invoiced, 0), order("203-2", Stage::Review, 1), german])
        .await;
    let list = async |query: &str| {
        let page = session.json(&format!("/api/v1/orders?{query}")).await;
        ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(list("search=&stage=&marketplace=&limit=").await, ["305-7", "203-2", "203-1"]);
    assert_eq!(list("stage=review").await, ["305-7", "203-2"]);
    assert_eq!(list("marketplace=amazon.de").await, ["305-7"]);
    assert_eq!(list("search=1043").await, ["305-7"]);
    assert_eq!(list("placed_from=2026-11-23T09:01:00Z&placed_to=2026-11-23T09:05:00Z").await, ["203-2"]);
    assert_eq!(session.json("/api/v1/orders?search=1043").await["orders"][0]["documents"], json!(["1042", "1043"]));
    let total = json!({ "minor": 2400, "currency": "GBP", "decimals": 2 });
    assert_eq!(session.json("/api/v1/orders?search=203-1").await["orders"][0]["total"], total);
}

#[tokio::test]
async fn an_order_tells_its_whole_history_in_order() {
    let (server, session) = Server::signed_in().await;
    let mut row = order("203-1", Stage::Invoiced, 0);
    row.documents = "1042".to_owned();
    keep_orders(&server.store, vec![row]).await;
    let vault = server.store.vault();
    let fact = facts::NewFact {
        pair: pair(),
        kind: "amazon.order".to_owned(),
        external_id: "203-1".to_owned(),
        version: at(0),
        payload: r#"{"orderId":"203-1"}"#.to_owned(),
        buyer: Some(r#"{"name":"Invented Person"}"#.to_owned()),
        observed_at: at(1),
        buyer_until: at(60),
    };
    let run = runs::Run {
        id: "0190-run".to_owned(),
        pair: pair(),
        subject: "203-1".to_owned(),
        flow: "orders-to-invoices".to_owned(),
        flow_version: 3,
        mapping_version: 2,
        outcome: "wants".to_owned(),
        reason: None,
        trace: json!([{ "step": "paid", "uses": "filter", "decision": "passes", "input": {}, "output": {} }]),
        fact_id: None,
        at: at(1),
    };
    let written = server.store.write(move |tx| {
        Box::pin(async move {
            facts::record(tx, &vault, &fact).await?;
            runs::record(tx, &run).await
        })
    });
    written.await.unwrap();
    let mut intent = invoice("203-1", State::Confirmed);
    intent.confirmed_at = Some(at(4));
    intent.receipt = Some(r#"{"number":1042}"#.to_owned());
    plan(&server.store, intent).await;

    let detail = session.json("/api/v1/orders/main/203-1").await;
    let kinds: Vec<&str> =
        detail["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["fact", "run", "intent", "receipt"]);
    assert_eq!(detail["timeline"][0]["data"], json!({ "orderId": "203-1" }));
    assert_eq!(detail["timeline"][1]["data"][0]["decision"], "passes");
    assert_eq!(detail["timeline"][2]["state"], "confirmed");
    assert_eq!(detail["timeline"][3]["data"], json!({ "number": 1042 }));
    assert_eq!(detail["explanation"], "It is in KashFlow as document 1042, read back and right to the penny.");
    assert_eq!((&detail["next_action"], &detail["can_retry"]), (&Value::Null, &json!(false)));
    assert!(!detail.to_string().contains("Invented Person"), "sealed buyer data stays sealed");

    let list = session.json("/api/v1/runs?subject=203&outcome=wants").await;
    assert_eq!((list["runs"][0]["id"].as_str(), &list["next"]), (Some("0190-run"), &Value::Null));
    let run = session.json("/api/v1/runs/0190-run").await;
    assert_eq!((&run["flow_version"], &run["trace"][0]["step"]), (&json!(3), &json!("paid")));
    assert_eq!(session.get("/api/v1/runs/0191-other").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_lost_answer_says_when_we_look_again() {
    let (server, session) = Server::signed_in().await;
    keep_orders(&server.store, vec![order("203-1", Stage::Invoicing, 0)]).await;
    let mut intent = invoice("203-1", State::Unknown);
    intent.settle_until = Some("2026-07-01T09:05:00Z".parse().unwrap());
    plan(&server.store, intent).await;
    let expected =
        "KashFlow's answer about invoice 1042 was lost; we look again at 10:05 UK time before sending anything twice.";
    assert_eq!(told(&session, "203-1").await, (expected.to_owned(), Value::Null, false));
}

#[tokio::test]
async fn a_paused_connection_is_named_as_what_holds_an_invoice_back() {
    let (server, session) = Server::signed_in().await;
    crate::people::connect(&server.store).await;
    keep_orders(&server.store, vec![order("203-1", Stage::Invoicing, 0)]).await;
    plan(&server.store, invoice("203-1", State::Intended)).await;
    assert_eq!(told(&session, "203-1").await.0, "Invoice 1042 has its number and is about to be sent.");
    crate::people::pause_kashflow(&server.store).await;
    let (explanation, next, _) = told(&session, "203-1").await;
    assert_eq!(
        explanation,
        "Invoice 1042 is held back because the connection to KashFlow is paused: The memorable word was refused."
    );
    assert_eq!(next, "Enter it again.");
}

#[tokio::test]
async fn an_open_item_comes_first_and_says_what_to_do() {
    let (server, session) = Server::signed_in().await;
    let mut row = order("203-1", Stage::Review, 0);
    row.stage_reason = Some("A shorter reason".to_owned());
    keep_orders(&server.store, vec![row]).await;
    crate::people::open_item(&server.store, item(&pair(), "203-1")).await;
    let (explanation, next, can_retry) = told(&session, "203-1").await;
    assert_eq!(explanation, "The order has a tax scheme that nobody has explained yet.");
    assert_eq!((next, can_retry), (json!("Add it to the mapping."), true));
}

#[tokio::test]
async fn an_order_that_waits_says_for_what() {
    let (server, session) = Server::signed_in().await;
    let mut row = order("203-1", Stage::Waiting, 0);
    row.stage_reason = Some("the order is not dispatched".to_owned());
    keep_orders(&server.store, vec![row]).await;
    assert_eq!(
        told(&session, "203-1").await,
        ("It waits: the order is not dispatched.".to_owned(), Value::Null, false)
    );
}

#[tokio::test]
async fn trying_again_asks_the_workers_and_leaves_a_row() {
    let (server, session) = Server::signed_in().await;
    keep_orders(&server.store, vec![order("203-1", Stage::Failed, 0)]).await;
    assert_eq!(session.post("/api/v1/orders/main/203-1/retry", None).await.status(), StatusCode::ACCEPTED);
    *server.workers.refuse_with.lock().unwrap() = Some("The pair is switched off.".to_owned());
    let refused = session.post("/api/v1/orders/main/203-1/retry", None).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(refused.json::<Value>().await.unwrap()["detail"], "The pair is switched off.");
    let unknown = session.post("/api/v1/orders/main/203-9/retry", None).await;
    assert_eq!((unknown.status(), problem(unknown).await.as_str()), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!(*server.workers.asked.lock().unwrap(), ["retry main 203-1", "retry main 203-1"]);
    assert_eq!(
        server.trail().await[1..],
        ["owner order.retry order/main/203-1 done 127.0.0.1", "owner order.retry order/main/203-1 refused 127.0.0.1"]
    );
}

/// An item about an order.
pub fn item(pair: &PairId, subject: &str) -> NewReview {
    NewReview {
        pair: pair.clone(),
        subject: subject.to_owned(),
        code: "unknown_scheme".to_owned(),
        kind: Kind::Review,
        title: "Unknown tax scheme".to_owned(),
        reason: "The order has a tax scheme that nobody has explained yet".to_owned(),
        fix: "Add it to the mapping".to_owned(),
        path: Some("$.tax.scheme".to_owned()),
        amount: None,
        source: "flow",
        at: at(1),
    }
}

#[tokio::test]
async fn a_closed_item_explains_nothing_any_more() {
    let (server, session) = Server::signed_in().await;
    keep_orders(&server.store, vec![order("203-1", Stage::Invoicing, 0)]).await;
    crate::people::open_item(&server.store, item(&pair(), "203-1")).await;
    let close = server.store.write(|tx| {
        Box::pin(async move { reviews::close(tx, &pair(), "203-1", "unknown_scheme", "flow", at(2)).await })
    });
    assert!(close.await.unwrap());
    assert_eq!(told(&session, "203-1").await.0, "Its document is being prepared.");
    let detail = session.json("/api/v1/orders/main/203-1").await;
    assert_eq!(
        (&detail["timeline"][0]["state"], &detail["timeline"][0]["data"]["closed_by"]),
        (&json!("closed"), &json!("flow"))
    );
}
