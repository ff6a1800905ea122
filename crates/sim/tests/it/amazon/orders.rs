//! Orders v2026-01-01.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use sim::{Quotas, SandboxConfig};

use super::client::{BEGIN, Client, config, encoded};

const ALL: &str =
    "includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT";

fn minor(money: &Value) -> i64 {
    let text = money["amount"].as_str().unwrap();
    let (whole, fraction) = text.split_once('.').unwrap();
    assert_eq!(fraction.len(), 2);
    format!("{whole}{fraction}").parse().unwrap()
}

#[tokio::test]
async fn pages_give_every_order_once_and_nothing_younger_than_two_minutes() {
    let client = Client::start(config(2)).await;
    client.pass(60 * 3_600).await;
    let found = client.search_all(&format!("lastUpdatedAfter={BEGIN}&maxResultsPerPage=37")).await;
    let ids: HashSet<&str> = found.iter().map(|order| order["orderId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), found.len(), "no order twice");
    let limit = client.clock.now() - jiff::SignedDuration::from_mins(2);
    let world = client.sandbox.world();
    let wanted = world
        .orders()
        .iter()
        .filter(|order| order.updated_at(client.clock.now()).is_some_and(|at| at <= limit))
        .count();
    assert!(wanted > 300);
    assert_eq!(found.len(), wanted);
    let created = client.search_all(&format!("createdAfter={BEGIN}")).await;
    assert!(created.len() >= found.len());
}

#[tokio::test]
async fn dates_must_be_of_one_family_and_two_minutes_old() {
    let client = Client::start(config(2)).await;
    client.pass(3_600).await;
    let wrong = [
        String::new(),
        format!("createdAfter={BEGIN}&lastUpdatedAfter={BEGIN}"),
        format!("createdAfter={BEGIN}&lastUpdatedBefore={BEGIN}"),
        format!("createdBefore={BEGIN}"),
        format!("createdAfter={BEGIN}&createdBefore=2026-10-24T06:59:00Z"),
        "createdAfter=2026-10-24T06:30:00Z&createdBefore=2026-10-24T06:20:00Z".to_owned(),
        "createdAfter=yesterday".to_owned(),
        format!("createdAfter={BEGIN}&maxResultsPerPage=101"),
        format!("createdAfter={BEGIN}&fulfillmentStatuses=SENT"),
        format!("createdAfter={BEGIN}&includedData=EVERYTHING"),
    ];
    for query in wrong {
        let reply = client.get(&format!("/orders/2026-01-01/orders?{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (400, "InvalidInput"), "{query}");
        assert_eq!(reply.header("x-amzn-ratelimit-limit"), Some("1000.0"), "nothing is held back: {query}");
    }
    let good = client
        .get(&format!("/orders/2026-01-01/orders?createdAfter={BEGIN}&createdBefore=2026-10-24T06:58:00Z&unknown=1"))
        .await;
    assert_eq!(good.status, 200);
    assert_eq!(good.body["createdBefore"], "2026-10-24T06:58:00.000Z");
}

#[tokio::test]
async fn a_page_token_works_only_with_its_filters_and_for_a_day() {
    let client = Client::start(config(2)).await;
    client.pass(24 * 3_600).await;
    let query = format!("/orders/2026-01-01/orders?lastUpdatedAfter={BEGIN}&maxResultsPerPage=5");
    let token = client.get(&query).await.body["pagination"]["nextToken"].as_str().unwrap().to_owned();
    let next = format!("{query}&paginationToken={}", encoded(&token));
    assert_eq!(client.get(&next).await.status, 200);
    assert_eq!(client.get(&format!("{next}&fulfilledBy=AMAZON")).await.status, 400);
    assert_eq!(client.get(&format!("{query}&paginationToken={}x", encoded(&token))).await.status, 400);
    client.pass(24 * 3_600 + 1).await;
    assert_eq!(client.get(&next).await.status, 400);
}

#[tokio::test]
async fn filters_keep_what_they_say() {
    let client = Client::start(config(2)).await;
    client.pass(50 * 3_600).await;
    let german =
        client.search_all(&format!("createdAfter={BEGIN}&marketplaceIds=A1PA6795UKMFR9%2CA13V1IB3VIYZZH&{ALL}")).await;
    assert!(!german.is_empty());
    assert!(german.iter().all(|order| order["salesChannel"]["marketplaceName"] != "Amazon.co.uk"));
    let shipped = client
        .search_all(&format!("createdAfter={BEGIN}&fulfillmentStatuses=SHIPPED,CANCELLED&fulfilledBy=MERCHANT&{ALL}"))
        .await;
    assert!(!shipped.is_empty());
    for order in shipped {
        assert_eq!(order["fulfillment"]["fulfilledBy"], "MERCHANT");
        assert!(matches!(order["fulfillment"]["fulfillmentStatus"].as_str(), Some("SHIPPED" | "CANCELLED")));
    }
    let bare =
        client.search_all(&format!("createdAfter={BEGIN}&maxResultsPerPage=3&fulfillmentStatuses=SHIPPED")).await;
    for key in ["buyer", "recipient", "proceeds", "fulfillment", "tax", "packages"] {
        assert!(bare[0].get(key).is_none(), "{key} was not asked for");
    }
}

#[tokio::test]
async fn amounts_add_up_in_every_world_and_pending_orders_have_none() {
    for seed in 0..4 {
        let client = Client::start(config(seed)).await;
        client.pass(70 * 3_600).await;
        let beside = client.sandbox.world().seller().tax_beside_price;
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for order in client.search_all(&format!("createdAfter={BEGIN}&{ALL}")).await {
            let status = order["fulfillment"]["fulfillmentStatus"].as_str().unwrap();
            *seen.entry(status.to_owned()).or_default() += 1;
            if status == "PENDING" {
                assert!(order.get("proceeds").is_none() && order["orderItems"][0].get("proceeds").is_none());
                continue;
            }
            let mut total = 0;
            for item in order["orderItems"].as_array().unwrap().iter().filter(|item| item.get("proceeds").is_some()) {
                let sum: i64 = item["proceeds"]["breakdowns"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| match part["type"].as_str().unwrap() {
                        "TAX" => {
                            if beside {
                                minor(&part["subtotal"])
                            } else {
                                0
                            }
                        }
                        "DISCOUNT" => -minor(&part["subtotal"]),
                        _ => minor(&part["subtotal"]),
                    })
                    .sum();
                assert_eq!(sum, minor(&item["proceeds"]["proceedsTotal"]), "{item}");
                total += sum;
            }
            if order.get("proceeds").is_some() {
                assert_eq!(total, minor(&order["proceeds"]["grandTotal"]));
            }
        }
        for status in ["PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED", "PARTIALLY_SHIPPED"] {
            assert!(seen.contains_key(status), "seed {seed}: no order is {status}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn one_order_is_found_by_id_and_packages_appear_as_they_leave() {
    let client = Client::start(config(2)).await;
    let world = client.sandbox.world();
    let order = world.orders().into_iter().find(|order| order.dispatches().count() == 2).unwrap();
    let path = format!("/orders/2026-01-01/orders/{}?{ALL}", order.id);
    assert_eq!(client.get(&path).await.status, 404, "not placed yet");
    let mut packages = Vec::new();
    for (at, _) in order.dispatches() {
        let seconds = at.duration_since(client.clock.now()).as_secs() + 1;
        client.pass(seconds.unsigned_abs()).await;
        let reply = client.get(&path).await;
        packages.push(reply.body["order"]["packages"].as_array().map_or(0, Vec::len));
        assert_eq!(reply.body["order"]["lastUpdatedTime"], format!("{at:.3}"));
        assert_eq!(reply.header("x-amzn-ratelimit-limit"), Some("1000.0"), "nothing is held back");
    }
    assert_eq!(packages, [1, 2]);
    let unknown = client.get("/orders/2026-01-01/orders/202-0000000-0000000").await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (404, "NotFound"));
    assert_eq!(client.get("/orders/2026-01-01/orders/nonsense").await.status, 400);
}

#[tokio::test]
async fn with_real_quotas_the_twenty_first_search_is_throttled_without_a_hint() {
    let client = Client::start(SandboxConfig { quotas: Quotas::Real, ..config(2) }).await;
    client.pass(600).await;
    let path = format!("/orders/2026-01-01/orders?createdAfter={BEGIN}");
    for _ in 0..20 {
        assert_eq!(client.get(&path).await.status, 200);
    }
    let throttled = client.get(&path).await;
    assert_eq!((throttled.status.as_u16(), throttled.code()), (429, "QuotaExceeded"));
    assert_eq!(throttled.header("x-amzn-errortype"), Some("TooManyRequestsException"));
    assert_eq!((throttled.header("retry-after"), throttled.header("x-amzn-ratelimit-limit")), (None, None));
    client.pass(179).await;
    assert_eq!(client.get(&path).await.status, 200);
    assert_eq!(client.get(&path).await.status, 429);
}
