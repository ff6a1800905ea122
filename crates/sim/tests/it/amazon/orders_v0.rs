//! Orders v0, restricted data tokens, shipment confirmation.

use reqwest::Method;
use serde_json::json;
use sim::world::Fulfilment;

use super::client::{BEGIN, Client, config, encoded};

const UK: &str = "MarketplaceIds=A1F83G8C2ARO7P";

#[tokio::test]
async fn next_token_alone_goes_on_and_a_spoilt_one_begins_again() {
    let client = Client::start(config(2)).await;
    client.pass(30 * 3_600).await;
    let path = format!("/orders/v0/orders?{UK}&LastUpdatedAfter={BEGIN}&MaxResultsPerPage=20");
    let first = client.get(&path).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let id =
        |reply: &super::client::Reply| reply.body["payload"]["Orders"][0]["AmazonOrderId"].as_str().unwrap().to_owned();
    let token = encoded(first.body["payload"]["NextToken"].as_str().unwrap());
    let second = client.get(&format!("/orders/v0/orders?{UK}&NextToken={token}")).await;
    assert_ne!(id(&second), id(&first));
    assert_eq!(id(&client.get(&format!("{path}&NextToken={token}")).await), id(&second));
    assert_eq!(
        id(&client.get(&format!("{path}&NextToken={}", encoded(&token))).await),
        id(&first),
        "encoded twice: page one for ever"
    );
    assert_eq!(client.get(&format!("/orders/v0/orders?LastUpdatedAfter={BEGIN}")).await.status, 400);
}

#[tokio::test]
async fn buyer_data_needs_a_restricted_token_for_its_path() {
    let client = Client::start(config(2)).await;
    client.pass(66 * 3_600).await;
    let world = client.sandbox.world();
    let orders = world.orders();
    let order = orders
        .iter()
        .find(|order| {
            order.fulfilment == Fulfilment::Fbm
                && order.dispatches().next().is_some_and(|(at, _)| at <= client.clock.now())
        })
        .unwrap();
    let path = format!("/orders/v0/orders/{}", order.id);
    let plain = client.get(&path).await;
    assert_eq!(plain.body["payload"]["ShippingAddress"]["Name"], json!(null));
    assert_eq!(plain.body["payload"]["ShippingAddress"]["CountryCode"], order.ship_to.country);
    assert_eq!(client.get(&format!("{path}/address")).await.status, 403);
    let token = client.token();
    let ask = |resources: serde_json::Value| {
        client.call(
            Method::POST,
            "/tokens/2021-03-01/restrictedDataToken",
            &token,
            Some(json!({"restrictedResources": resources})),
        )
    };
    let made = ask(json!([
        {"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": ["buyerInfo", "shippingAddress"]},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/address"},
    ]))
    .await;
    assert_eq!(made.body["expiresIn"], 3600, "{}", made.body);
    let restricted = made.body["restrictedDataToken"].as_str().unwrap();
    assert!(restricted.starts_with("Atz.sprdt|"));
    let full = client.call(Method::GET, &path, restricted, None).await;
    assert_eq!(full.body["payload"]["ShippingAddress"]["Name"].as_str().unwrap_or_default(), order.ship_to.name);
    assert_eq!(client.call(Method::GET, &format!("{path}/address"), restricted, None).await.status, 200);
    assert_eq!(client.call(Method::GET, &format!("{path}/buyerInfo"), restricted, None).await.status, 403);
    for wrong in [
        json!([]),
        json!([{"method": "GET", "path": "/sellers/v1/account"}]),
        json!([{"method": "GET", "path": "/orders/v0/orders"}]),
    ] {
        assert_eq!(ask(wrong).await.status, 400);
    }
}

#[tokio::test]
async fn lines_have_whole_line_amounts_with_vat_inside_and_come_in_pages() {
    let client = Client::start(sim::SandboxConfig { orders_per_day: 900, ..config(2) }).await;
    client.pass(70 * 3_600).await;
    let world = client.sandbox.world();
    let order = world.orders().into_iter().find(|order| {
        order.items.len() > 10
            && order.replaces.is_none()
            && order.dispatches().next().is_some_and(|(at, _)| at <= client.clock.now())
    });
    let order = order.unwrap();
    let first = client.get(&format!("/orders/v0/orders/{}/orderItems", order.id)).await;
    let items = first.body["payload"]["OrderItems"].as_array().unwrap();
    assert_eq!(items.len(), 10);
    let price = format!("{}.{:02}", order.items[0].price() / 100, order.items[0].price() % 100);
    assert_eq!(items[0]["ItemPrice"]["Amount"], price.as_str());
    let token = encoded(first.body["payload"]["NextToken"].as_str().unwrap());
    let second = client.get(&format!("/orders/v0/orders/{}/orderItems?NextToken={token}", order.id)).await;
    assert_eq!(second.body["payload"]["OrderItems"].as_array().unwrap().len(), order.items.len() - 10);
}

#[tokio::test]
async fn a_confirmed_shipment_shows_a_little_later() {
    let client = Client::start(config(2)).await;
    let world = client.sandbox.world();
    let order = world
        .orders()
        .into_iter()
        .find(|order| order.fulfilment == Fulfilment::Fbm && order.dispatches().count() == 1)
        .unwrap();
    let paid = order.timeline[0].at.duration_since(client.clock.now()).as_secs() + 1;
    client.pass(paid.unsigned_abs()).await;
    let path = format!("/orders/v0/orders/{}", order.id);
    let lines: Vec<_> =
        order.items.iter().map(|item| json!({"orderItemId": item.item_id, "quantity": item.quantity})).collect();
    let detail = |reference: &str| {
        json!({"marketplaceId": order.marketplace.id, "packageDetail": {
            "packageReferenceId": reference, "carrierCode": "Royal Mail", "trackingNumber": "T1", "shipDate": "2026-10-24T09:00:00Z", "orderItems": lines,
        }})
    };
    let confirmation = format!("{path}/shipmentConfirmation");
    let token = client.token();
    let confirm = |body| client.call(Method::POST, &confirmation, &token, Some(body));
    assert_eq!(confirm(detail("not a number")).await.status, 400);
    assert_eq!(confirm(detail("1")).await.status, 204);
    assert_eq!(client.get(&path).await.body["payload"]["OrderStatus"], "Unshipped");
    client.pass(21).await;
    assert_eq!(client.get(&path).await.body["payload"]["OrderStatus"], "Shipped");
    assert_eq!(world.order(&order.id).unwrap().dispatches().count(), 1, "the world's own dispatch is gone");
}
