//! Long lists: every order once, in pages of 100, and no listing that never ends.

use std::sync::Mutex;

use jiff::Timestamp;
use ports::{ChangePage, ChangeQuery, ConnectorError, Marketplace, Urgency};
use serde_json::{Value, json};

use super::stub::{Call, Reply, Stub};
use crate::{Client, OrdersApi};

const UP_TO: &str = "2026-11-20T12:00:00Z";

fn order_id(index: usize) -> String {
    format!("203-0000000-{index:07}")
}

fn wire_order(index: usize) -> Value {
    json!({"orderId": order_id(index), "lastUpdatedTime": "2026-11-20T10:00:00Z"})
}

/// A list of `count` orders in pages of 100, with tokens that must come back unchanged and with the same filters.
fn pages(call: &Call, count: usize) -> Reply {
    assert_eq!(call.query["lastUpdatedAfter"], "2026-11-20T00:00:00Z");
    assert_eq!(call.query["marketplaceIds"], "A1F83G8C2ARO7P");
    assert_eq!(call.query["maxResultsPerPage"], "100");
    let from = match call.query.get("paginationToken") {
        None => 0,
        Some(token) => token.strip_prefix("a+b/c=&%:").expect("the token comes back as it was sent").parse().unwrap(),
    };
    let orders: Vec<Value> = (from..count.min(from + 100)).map(wire_order).collect();
    let mut page = json!({"orders": orders, "lastUpdatedBefore": UP_TO});
    if from + 100 < count {
        page["pagination"] = json!({"nextToken": format!("a+b/c=&%:{}", from + 100)});
    }
    Reply::json(200, &page)
}

fn first() -> ChangeQuery {
    ChangeQuery { changed_after: "2026-11-20T00:00:00Z".parse().unwrap(), changed_before: None, page_token: None }
}

async fn list(client: &Client) -> Result<Vec<ChangePage>, ConnectorError> {
    let (mut query, mut pages) = (first(), Vec::new());
    loop {
        let page = client.changes(&query, Urgency::Event).await?;
        query.page_token = page.next.clone();
        pages.push(page);
        if query.page_token.is_none() {
            return Ok(pages);
        }
        assert!(pages.len() < 10, "the listing does not end");
    }
}

#[tokio::test]
async fn lists_of_101_200_and_201_orders_come_whole() {
    for (count, expected) in
        [(0, vec![0]), (100, vec![100]), (101, vec![100, 1]), (200, vec![100, 100]), (201, vec![100, 100, 1])]
    {
        let stub = Stub::serving(move |call| pages(call, count)).await;
        let listed = list(&stub.client()).await.unwrap();
        assert_eq!(listed.iter().map(|page| page.orders.len()).collect::<Vec<_>>(), expected);
        let ids: Vec<_> = listed.iter().flat_map(|page| &page.orders).map(|order| order.external_id.clone()).collect();
        assert_eq!(ids, (0..count).map(order_id).collect::<Vec<_>>());
        assert!(listed.iter().all(|page| page.up_to == UP_TO.parse().unwrap()));
    }
}

#[tokio::test]
async fn a_page_that_comes_again_is_found() {
    // A token that gets lost on the way shows page 1 for ever, each time with a new token.
    let count = Mutex::new(0);
    let stub = Stub::serving(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let orders: Vec<Value> = (0..100).map(wire_order).collect();
        Reply::json(
            200,
            &json!({"orders": orders, "lastUpdatedBefore": UP_TO, "pagination": {"nextToken": format!("t{count}")}}),
        )
    })
    .await;
    let error = list(&stub.client()).await.unwrap_err();
    assert_eq!(error.code(), "CON-005");
    assert!(error.to_string().contains("same page"), "{error}");
    assert_eq!(stub.calls().len(), 2);
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_is_found() {
    let stub = Stub::serving(|call| {
        let seen = call.query.contains_key("paginationToken");
        let orders = vec![wire_order(usize::from(seen))];
        Reply::json(200, &json!({"orders": orders, "lastUpdatedBefore": UP_TO, "pagination": {"nextToken": "same"}}))
    })
    .await;
    assert_eq!(list(&stub.client()).await.unwrap_err().code(), "CON-005");
}

#[tokio::test]
async fn asking_for_the_same_page_again_is_allowed() {
    let stub = Stub::serving(|call| pages(call, 201)).await;
    let client = stub.client();
    let page = client.changes(&first(), Urgency::Event).await.unwrap();
    let second = ChangeQuery { page_token: page.next, ..first() };
    let once = client.changes(&second, Urgency::Event).await.unwrap();
    let again = client.changes(&second, Urgency::Event).await.unwrap();
    assert_eq!(once, again);
}

#[tokio::test]
async fn the_watermark_is_the_bound_of_the_first_page() {
    let stub = Stub::serving(|call| {
        let (bound, next, index) = match call.query.get("paginationToken") {
            None => (UP_TO, Some("p2"), 0),
            Some(_) => ("2026-11-20T13:00:00Z", None, 1),
        };
        Reply::json(
            200,
            &json!({"orders": [wire_order(index)], "lastUpdatedBefore": bound, "pagination": {"nextToken": next}}),
        )
    })
    .await;
    let pages = list(&stub.client()).await.unwrap();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[1].up_to, UP_TO.parse::<Timestamp>().unwrap());
}

#[tokio::test]
async fn a_later_page_without_a_bound_claims_no_progress_after_a_restart() {
    let stub = Stub::serving(|_| Reply::json(200, &json!({"orders": []}))).await;
    let later = ChangeQuery { page_token: Some("p2".to_owned()), ..first() };
    let page = stub.client().changes(&later, Urgency::Event).await.unwrap();
    assert_eq!(page.up_to, first().changed_after);
    assert_eq!(stub.client().changes(&first(), Urgency::Event).await.unwrap_err().code(), "CON-008");
}

#[tokio::test]
async fn an_order_without_an_id_parks_alone() {
    let stub = Stub::serving(|_| {
        let orders = json!([wire_order(1), {"lastUpdatedTime": "2026-11-20T10:00:00Z"}, wire_order(2), {"orderId": "203-9", "lastUpdatedTime": "soon"}]);
        Reply::json(200, &json!({"orders": orders, "lastUpdatedBefore": UP_TO}))
    })
    .await;
    let page = stub.client().changes(&first(), Urgency::Event).await.unwrap();
    assert_eq!(page.orders.len(), 2);
    let paths: Vec<_> = page.unreadable.iter().map(|parked| parked.path.as_str()).collect();
    assert_eq!(paths, ["$.orders[1].orderId", "$.orders[3].lastUpdatedTime"]);
}

/// Orders v0: a list, then the items of each order; `refused_items` calls in, item reads are throttled once.
fn v0(call: &Call, count: usize) -> Reply {
    if let Some(id) = call.path.strip_suffix("/orderItems") {
        let id = id.rsplit('/').next().unwrap();
        return Reply::json(
            200,
            &json!({"payload": {"AmazonOrderId": id, "OrderItems": [{"OrderItemId": format!("i-{id}")}]}}),
        );
    }
    if call.path.starts_with("/tokens/") {
        return Reply::json(200, &json!({"restrictedDataToken": "Atz.sprdt|invented", "expiresIn": 3600}));
    }
    let from: usize = call.query.get("NextToken").map_or(0, |token| token.parse().unwrap());
    let order = |index| json!({"AmazonOrderId": order_id(index), "LastUpdateDate": "2026-11-20T10:00:00Z"});
    let orders: Vec<Value> = (from..count.min(from + 100)).map(order).collect();
    let mut payload = json!({"Orders": orders, "LastUpdatedBefore": UP_TO});
    if from + 100 < count {
        payload["NextToken"] = json!((from + 100).to_string());
    }
    Reply::json(200, &json!({"payload": payload}))
}

#[tokio::test]
async fn orders_v0_gives_the_same_lists_with_the_items_of_each_order() {
    let stub = Stub::serving(|call| v0(call, 201)).await;
    let client = stub.client_with(|config| config.orders_api = OrdersApi::V0);
    let pages = list(&client).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.orders.len()).collect::<Vec<_>>(), [100, 100, 1]);
    assert!(pages[2].orders[0].payload.contains("i-203-0000000-0000200"));
    let tokens: std::collections::BTreeSet<_> =
        stub.calls().iter().map(|call| call.header("x-amz-access-token").to_owned()).collect();
    assert_eq!(tokens.len(), 2, "the restricted token for orders, the seller's to get it");
}

#[tokio::test]
async fn a_throttled_page_of_v0_goes_on_where_it_stopped() {
    let stub = Stub::serving(|call| v0(call, 100)).await;
    let permits = std::sync::Arc::new(super::stub::Counting::default());
    let mut config = stub.config();
    config.orders_api = OrdersApi::V0;
    let client = super::stub::client_of(config, permits.clone());
    for _ in 0..3 {
        let error = client.changes(&first(), Urgency::Event).await.unwrap_err();
        assert_eq!(error.code(), "CON-001");
        permits.left.lock().unwrap().values_mut().for_each(|left| *left += 30);
    }
    let page = client.changes(&first(), Urgency::Event).await.unwrap();
    assert_eq!(page.orders.len(), 100);
    let lists = stub.calls().iter().filter(|call| call.path == "/orders/v0/orders").count();
    let items = stub.calls().iter().filter(|call| call.path.ends_with("/orderItems")).count();
    assert_eq!((lists, items), (1, 100), "nothing is read twice");
}
