//! The live stream.

use std::time::Duration;

use clock::Clock;
use futures_util::StreamExt;
use reqwest::{Method, Response, StatusCode};
use store::orders::Stage;

use crate::fixture::{Server, keep_orders, order};

/// Counts the events that arrive within `window`.
async fn events_within(
    body: &mut (impl StreamExt<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin),
    window: Duration,
) -> Vec<String> {
    let mut text = String::new();
    let read = async {
        while let Some(Ok(bytes)) = body.next().await {
            text.push_str(std::str::from_utf8(bytes.as_ref()).unwrap());
        }
    };
    // The window ending is the normal case; the stream ending is the other.
    let _ = Clock::real().timeout(window, read).await;
    text.split("\n\n").filter(|event| event.contains("event: changed")).map(str::to_owned).collect()
}

fn id(event: &str) -> i64 {
    event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().parse().unwrap()
}

fn stream(answer: Response) -> impl StreamExt<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin {
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    answer.bytes_stream()
}

#[tokio::test]
async fn a_burst_of_changes_is_told_in_few_events_with_rising_ids() {
    let (server, session) = Server::signed_in().await;
    let mut events = stream(session.get("/api/v1/events").await);
    let first = events_within(&mut events, Duration::from_millis(200)).await;
    assert_eq!(first.len(), 1, "a stream begins with one event");
    for n in 0..50 {
        keep_orders(&server.store, vec![order(&format!("203-{n}"), Stage::Waiting, n)]).await;
    }
    let told = events_within(&mut events, Duration::from_millis(900)).await;
    assert!((1..=5).contains(&told.len()), "{told:?}");
    let ids: Vec<i64> = first.iter().chain(&told).map(|event| id(event)).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    let overview = session.json("/api/v1/overview").await;
    assert_eq!(overview["event_id"].as_i64(), ids.last().copied(), "the last event is as new as the store");
}

#[tokio::test]
async fn reading_raises_no_event_so_consoles_do_not_chase_themselves() {
    let (server, session) = Server::signed_in().await;
    let mut events = stream(session.get("/api/v1/events").await);
    assert_eq!(events_within(&mut events, Duration::from_millis(400)).await.len(), 1);
    for _ in 0..5 {
        session.json("/api/v1/overview").await;
    }
    assert_eq!(events_within(&mut events, Duration::from_millis(600)).await.len(), 0);
    server.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let (_server, session) = Server::signed_in().await;
    let events = stream(session.get("/api/v1/events").await);
    session.request(Method::DELETE, "/api/v1/session").send().await.unwrap();
    let ended = Clock::real().timeout(Duration::from_secs(5), events.count()).await;
    assert!(ended.is_ok(), "the stream goes on");
}

#[tokio::test]
async fn an_open_stream_does_not_keep_the_server_from_stopping() {
    let (server, session) = Server::signed_in().await;
    let events = stream(session.get("/api/v1/events").await);
    let stopped = Clock::real().timeout(Duration::from_secs(3), server.stop()).await;
    assert!(stopped.is_ok(), "the server waits for its streams");
    assert!(Clock::real().timeout(Duration::from_secs(1), events.count()).await.is_ok());
}
