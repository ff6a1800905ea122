//! Reports of all orders.

use std::io::Read as _;

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{BEGIN, Client, Reply, config, encoded};

const KIND: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
const REPORTS: &str = "/reports/2021-06-30/reports";

async fn create(client: &Client, from: &str) -> String {
    let body =
        json!({"reportType": KIND, "marketplaceIds": ["A1F83G8C2ARO7P", "A1PA6795UKMFR9"], "dataStartTime": from});
    let reply = client.call(Method::POST, REPORTS, &client.token(), Some(body)).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    reply.body["reportId"].as_str().unwrap().to_owned()
}

async fn status(client: &Client, id: &str) -> Reply {
    client.get(&format!("{REPORTS}/{id}")).await
}

/// The rows of a document: magic bytes decide about gzip, the header about the charset.
async fn rows(client: &Client, report: &Value) -> Vec<Vec<String>> {
    let id = encoded(report["reportDocumentId"].as_str().unwrap());
    let document = client.get(&format!("/reports/2021-06-30/documents/{id}")).await;
    let response = client.http.get(document.body["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "identity");
    let charset = response.headers()["content-type"].to_str().unwrap().to_owned();
    let bytes = response.bytes().await.unwrap();
    let gzip = bytes.starts_with(&[0x1f, 0x8b]);
    assert_eq!(gzip, document.body["compressionAlgorithm"] == "GZIP");
    let mut plain = Vec::new();
    if gzip {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    } else {
        plain.extend_from_slice(&bytes);
    }
    let text = if charset.ends_with("UTF-8") {
        String::from_utf8(plain).unwrap()
    } else {
        encoding_rs::WINDOWS_1252.decode(&plain).0.into_owned()
    };
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_report_goes_through_the_queue_and_lists_every_line() {
    let client = Client::start(config(3)).await;
    client.pass(60 * 3_600).await;
    let asked_at = client.clock.now();
    let id = create(&client, BEGIN).await;
    assert_eq!(status(&client, &id).await.body["processingStatus"], "IN_QUEUE");
    client.pass(61).await;
    assert_eq!(status(&client, &id).await.body["processingStatus"], "IN_PROGRESS");
    client.pass(240).await;
    let done = status(&client, &id).await.body;
    assert_eq!(done["processingStatus"], "DONE");
    let rows = rows(&client, &done).await;
    let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let world = client.sandbox.world();
    let in_report = |order: &&std::sync::Arc<sim::world::WorldOrder>| {
        order.placed_at <= asked_at && ["GB", "DE"].contains(&order.marketplace.country)
    };
    let wanted: usize = world.orders().iter().filter(in_report).map(|order| order.items.len()).sum();
    assert_eq!(rows.len() - 1, wanted);
    let shipped = rows[1..].iter().find(|row| row[column("order-status")] == "Shipped").unwrap();
    assert!(shipped[column("item-price")].contains('.') && shipped[column("purchase-date")].ends_with("+00:00"));
    let pending = rows[1..].iter().find(|row| row[column("order-status")] == "Pending").unwrap();
    assert_eq!((pending[column("item-price")].as_str(), pending[column("currency")].as_str()), ("", ""));
}

#[tokio::test]
async fn a_url_dies_after_five_minutes_and_documents_come_in_both_encodings() {
    let client = Client::start(config(3)).await;
    client.pass(48 * 3_600).await;
    let mut ids = Vec::new();
    for hour in ["06", "07", "08"] {
        ids.push(create(&client, &format!("2026-10-24T{hour}:00:00Z")).await);
    }
    client.pass(301).await;
    for id in &ids {
        assert!(rows(&client, &status(&client, id).await.body).await.len() > 100);
    }
    let done = status(&client, &ids[0]).await.body;
    let document =
        client.get(&format!("/reports/2021-06-30/documents/{}", done["reportDocumentId"].as_str().unwrap())).await;
    client.pass(301).await;
    let dead = client.http.get(document.body["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(dead.status(), 403);
    assert!(dead.text().await.unwrap().contains("<Code>AccessDenied</Code><Message>Request has expired</Message>"));
}

#[tokio::test]
async fn an_empty_or_repeated_report_is_cancelled_and_lists_page() {
    let client = Client::start(config(3)).await;
    client.pass(30 * 3_600).await;
    let first = create(&client, "2026-10-25T11:59:59Z").await;
    let empty = client
        .call(
            Method::POST,
            REPORTS,
            &client.token(),
            Some(json!({"reportType": KIND, "marketplaceIds": ["ATVPDKIKX0DER"]})),
        )
        .await;
    let again = create(&client, "2026-10-25T11:59:59Z").await;
    client.pass(400).await;
    assert_eq!(status(&client, empty.body["reportId"].as_str().unwrap()).await.body["processingStatus"], "CANCELLED");
    assert_eq!(status(&client, &again).await.body["processingStatus"], "CANCELLED");
    let page = client.get(&format!("{REPORTS}?reportTypes={KIND}&pageSize=2")).await.body;
    assert_eq!(page["reports"][0]["reportId"], again.as_str(), "newest first");
    let token = encoded(page["nextToken"].as_str().unwrap());
    let rest = client.get(&format!("{REPORTS}?nextToken={token}")).await.body;
    assert_eq!((rest["reports"][0]["reportId"].as_str(), rest.get("nextToken")), (Some(first.as_str()), None));
    assert_eq!(client.get(&format!("{REPORTS}?nextToken={token}&pageSize=2")).await.status, 400);
    let unknown = client
        .call(
            Method::POST,
            REPORTS,
            &client.token(),
            Some(json!({"reportType": "NO_SUCH", "marketplaceIds": ["A1F83G8C2ARO7P"]})),
        )
        .await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (400, "400"));
    assert_eq!(status(&client, "12").await.status, 404);
}

#[tokio::test]
async fn a_schedule_makes_reports_and_a_second_one_replaces_it() {
    let client = Client::start(config(3)).await;
    let schedules = "/reports/2021-06-30/schedules";
    let body = |period: &str| json!({"reportType": KIND, "marketplaceIds": ["A1F83G8C2ARO7P"], "period": period});
    assert_eq!(client.call(Method::POST, schedules, &client.token(), Some(body("PT30M"))).await.status, 201);
    let made = client.call(Method::POST, schedules, &client.token(), Some(body("PT1H"))).await;
    let listed = client.get(&format!("{schedules}?reportTypes={KIND}")).await.body;
    assert_eq!(listed["reportSchedules"].as_array().unwrap().len(), 1);
    client.pass(5 * 3_600).await;
    let reports = client.get(&format!("{REPORTS}?reportTypes={KIND}&pageSize=100")).await.body;
    let id = made.body["reportScheduleId"].as_str().unwrap();
    let by_second =
        reports["reports"].as_array().unwrap().iter().filter(|report| report["reportScheduleId"] == id).count();
    assert_eq!(by_second, 6);
    assert_eq!(client.call(Method::DELETE, &format!("{schedules}/{id}"), &client.token(), None).await.status, 200);
    assert_eq!(client.get(&format!("{schedules}/{id}")).await.status, 404);
}
