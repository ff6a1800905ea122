//! What people do: close items, resume connections, look at the day and at the audit trail.

use std::collections::BTreeMap;

use clock::Clock;
use ports::System;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::connections::{self, Connection, ConnectionState};
use store::orders::Stage;
use store::reviews::{self, NewReview};
use store::{Store, audit};

use crate::fixture::{Server, at, keep_orders, order, pair, problem};
use crate::orders::item;

/// Both connections of the pair, ready.
pub async fn connect(store: &Store) {
    for system in [System::Amazon, System::KashFlow] {
        let connection = Connection {
            pair: pair(),
            system,
            config: json!({}),
            secrets: BTreeMap::from([("password".to_owned(), "top secret words".to_owned().into())]),
            state: ConnectionState::Ready,
            changed_at: at(0),
        };
        connections::save(store, &connection).await.unwrap();
    }
}

/// KashFlow refused to let us in.
pub async fn pause_kashflow(store: &Store) {
    let written = store.write(|tx| {
        Box::pin(async move {
            let (reason, fix) = ("The memorable word was refused", "Enter it again");
            connections::pause(tx, &pair(), System::KashFlow, "CON-004", reason, fix, at(1)).await
        })
    });
    written.await.unwrap();
}

/// Opens an item.
pub async fn open_item(store: &Store, item: NewReview) {
    store.write(move |tx| Box::pin(async move { reviews::open(tx, &item).await })).await.unwrap();
}

#[tokio::test]
async fn an_item_is_closed_once_with_a_note_and_a_row_of_the_same_commit() {
    let (server, session) = Server::signed_in().await;
    open_item(&server.store, item(&pair(), "203-1")).await;
    let list = session.json("/api/v1/reviews?open=true&kind=review").await;
    assert_eq!(
        (&list["reviews"][0]["code"], &list["reviews"][0]["path"]),
        (&json!("unknown_scheme"), &json!("$.tax.scheme"))
    );
    let address = format!("/api/v1/reviews/{}/close", list["reviews"][0]["id"]);
    let empty = session.post(&address, Some(json!({ "note": " " }))).await;
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
    assert_eq!(session.post(&address, Some(json!({ "note": "Added it." }))).await.status(), StatusCode::NO_CONTENT);
    let again = session.post(&address, Some(json!({ "note": "Added it." }))).await;
    assert_eq!((again.status(), problem(again).await.as_str()), (StatusCode::CONFLICT, "closed_already"));
    assert_eq!(session.json("/api/v1/reviews?open=true").await, json!({ "reviews": [] }));
    let all = session.json("/api/v1/reviews").await;
    assert_eq!((&all["reviews"][0]["closed_by"], &all["reviews"][0]["note"]), (&json!("owner"), &json!("Added it.")));
    let trail = session.json("/api/v1/audit?limit=1").await;
    assert_eq!(
        (&trail["entries"][0]["action"], &trail["entries"][0]["detail"]["note"]),
        (&json!("review.close"), &json!("Added it."))
    );
    assert!(audit::verify(&server.store).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_paused_connection_is_shown_and_resumed_in_the_owners_name() {
    let (server, session) = Server::signed_in().await;
    connect(&server.store).await;
    pause_kashflow(&server.store).await;
    let shown = session.json("/api/v1/connections").await;
    let states: Vec<(&str, &str)> = shown["connections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|connection| (connection["system"].as_str().unwrap(), connection["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("amazon", "ready"), ("kashflow", "paused")]);
    assert_eq!(shown["connections"][1]["code"], "CON-004");
    assert!(!shown.to_string().contains("top secret words"));
    let resumed = session.post("/api/v1/connections/main/kashflow/resume", None).await;
    assert_eq!(resumed.status(), StatusCode::NO_CONTENT);
    assert_eq!(*server.workers.asked.lock().unwrap(), ["resume main KashFlow by owner"]);
    assert_eq!(server.trail().await[1], "owner connection.resume connection/main/kashflow done 127.0.0.1");
    for unknown in ["main/sage", "other/kashflow"] {
        let answer = session.post(&format!("/api/v1/connections/{unknown}/resume"), None).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_overview_counts_the_day_and_what_is_open() {
    let (server, session) = Server::signed_in().await;
    let now = Clock::real().now();
    let placed = |id: &str, stage: Stage| {
        let mut row = order(id, stage, 0);
        (row.placed_at, row.updated_at, row.ready_at) = (now, now, Some(now));
        row
    };
    let mut invoiced = placed("203-1", Stage::Invoiced);
    invoiced.invoiced_at = Some(clock::later(now, std::time::Duration::from_millis(1_500)));
    let rows = vec![
        invoiced,
        placed("203-2", Stage::Invoicing),
        placed("203-3", Stage::Review),
        order("203-4", Stage::Failed, 0),
    ];
    keep_orders(&server.store, rows).await;
    open_item(&server.store, item(&pair(), "203-3")).await;
    let shown = session.json("/api/v1/overview").await;
    let counts =
        json!({ "in": 3, "invoiced": 1, "waiting": 0, "invoicing": 1, "nothing_to_do": 0, "review": 1, "failed": 0 });
    if now.to_string().starts_with("2026-11-23") {
        // The old order is of this very day.
        assert_eq!(shown["orders"]["in"], 4);
    } else {
        assert_eq!(shown["orders"], counts);
    }
    assert_eq!(shown["value_unposted"], json!([{ "minor": 7200, "currency": "GBP", "decimals": 2 }]));
    assert_eq!(shown["latency_ms"], json!({ "p50": 1500, "p95": 1500, "p99": 1500 }));
    let minutes = shown["throughput"].as_array().unwrap();
    assert_eq!((minutes.len(), &minutes[59]), (60, &json!({ "minute": 59, "invoiced": 1 })));
    assert_eq!(shown["open_items"], json!({ "review": 1, "break": 0, "dead_letter": 0 }));
    assert_eq!(shown["lanes"], json!({ "waiting": 0, "busy": 0, "paused": 0 }));
    assert!(shown["event_id"].as_i64().unwrap() > 0);
    assert_eq!(shown["oldest_unposted_at"].as_str().map(|at| at.len() >= 20), Some(true));
    assert_eq!(shown["connections"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn the_audit_trail_pages_backwards() {
    let (server, session) = Server::signed_in().await;
    keep_orders(&server.store, vec![order("203-1", Stage::Failed, 0)]).await;
    for _ in 0..3 {
        session.post("/api/v1/orders/main/203-1/retry", None).await;
    }
    let first = session.json("/api/v1/audit?limit=2").await;
    let last = first["entries"][1]["id"].as_i64().unwrap();
    let second = session.json(&format!("/api/v1/audit?limit=2&before={last}")).await;
    let actions =
        |page: &Value| page["entries"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect::<Vec<_>>();
    assert_eq!(actions(&first), ["order.retry", "order.retry"]);
    assert_eq!(actions(&second), ["order.retry", "session.create"]);
}
