//! Every body of the sandbox is valid by the official model of its operation and status.

use std::collections::BTreeMap;

use jsonschema::{Draft, Validator};
use reqwest::Method;
use serde_json::{Value, json};
use sim::{FaultLevel, Quotas, SandboxConfig};

use super::client::{BEGIN, Client, Reply, config};
use crate::contracts;

const ALL: &str = "includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS";

/// The schemas of one model, by operation and status.
pub struct Model {
    name: String,
    model: Value,
    validators: BTreeMap<String, Validator>,
    checked: usize,
}

impl Model {
    pub fn read(name: &str) -> Option<Model> {
        let model = contracts::read(&format!("amazon/models/{name}.json"))?;
        Some(Model { name: name.to_owned(), model, validators: BTreeMap::new(), checked: 0 })
    }

    /// Checks the body of a reply of `operation`.
    pub fn check(&mut self, operation: &str, reply: &Reply) {
        let status = reply.status.as_u16().to_string();
        let validator = self
            .validators
            .entry(format!("{operation} {status}"))
            .or_insert_with(|| validator(&self.model, operation, &status));
        let problems: Vec<String> =
            validator.iter_errors(&reply.body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(problems.is_empty(), "{} {operation} {status}: {problems:#?}\n{}", self.name, reply.body);
        self.checked += 1;
    }
}

fn validator(model: &Value, operation: &str, status: &str) -> Validator {
    let operations = model["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let found = operations.into_iter().find(|candidate| candidate["operationId"] == operation).unwrap();
    let mut schema = found["responses"][status]["schema"].clone();
    assert!(schema.is_object(), "{operation} has no schema for {status}");
    schema["definitions"] = model["definitions"].clone();
    // In draft 4 what stands beside `$ref` is ignored, the definitions included: wrap it.
    let schema = match schema.get("$ref").cloned() {
        Some(reference) => json!({"allOf": [{"$ref": reference}], "definitions": model["definitions"]}),
        None => schema,
    };
    jsonschema::options().with_draft(Draft::Draft4).build(&schema).unwrap()
}

#[tokio::test]
async fn orders_are_valid_in_every_world_at_every_age() {
    let Some(mut new) = Model::read("orders_2026-01-01") else { return };
    let mut old = Model::read("ordersV0").unwrap();
    for seed in 0..4 {
        let client = Client::start(config(seed)).await;
        for _ in 0..4 {
            client.pass(20 * 3_600).await;
            let search = client.get(&format!("/orders/2026-01-01/orders?createdAfter={BEGIN}&{ALL}")).await;
            new.check("searchOrders", &search);
            old.check(
                "getOrders",
                &client.get(&format!("/orders/v0/orders?MarketplaceIds=A1F83G8C2ARO7P&CreatedAfter={BEGIN}")).await,
            );
            for order in search.body["orders"].as_array().unwrap().iter().step_by(9) {
                let id = order["orderId"].as_str().unwrap();
                new.check("getOrder", &client.get(&format!("/orders/2026-01-01/orders/{id}?{ALL}")).await);
                check_v0(&client, &mut old, id).await;
            }
        }
    }
    println!("checked {} bodies of v2026-01-01 and {} of v0", new.checked, old.checked);
    assert!(new.checked > 100 && old.checked > 400);
}

async fn check_v0(client: &Client, old: &mut Model, id: &str) {
    let elements = json!(["buyerInfo", "shippingAddress", "buyerTaxInformation"]);
    let resources = json!([
        {"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": elements},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems", "dataElements": elements},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems/buyerInfo"},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/buyerInfo"},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/address"},
        {"method": "GET", "path": "/orders/v0/orders/{orderId}/regulatedInfo"},
    ]);
    let body = json!({"restrictedResources": resources});
    let made = client.call(Method::POST, "/tokens/2021-03-01/restrictedDataToken", &client.token(), Some(body)).await;
    let token = made.body["restrictedDataToken"].as_str().unwrap();
    let calls = [
        ("getOrder", ""),
        ("getOrderItems", "/orderItems"),
        ("getOrderItemsBuyerInfo", "/orderItems/buyerInfo"),
        ("getOrderBuyerInfo", "/buyerInfo"),
        ("getOrderAddress", "/address"),
        ("getOrderRegulatedInfo", "/regulatedInfo"),
    ];
    for (operation, path) in calls {
        old.check(operation, &client.call(Method::GET, &format!("/orders/v0/orders/{id}{path}"), token, None).await);
    }
}

#[tokio::test]
async fn errors_are_valid() {
    let Some(mut new) = Model::read("orders_2026-01-01") else { return };
    let client = Client::start(SandboxConfig { quotas: Quotas::Real, ..config(1) }).await;
    let path = "/orders/2026-01-01/orders";
    new.check("searchOrders", &client.get(path).await);
    new.check("getOrder", &client.get(&format!("{path}/202-0000000-0000000")).await);
    new.check("searchOrders", &client.call(Method::GET, path, "Atza|wrong", None).await);
    for _ in 0..19 {
        client.get(path).await;
    }
    let throttled = client.get(path).await;
    assert_eq!(throttled.status, 429);
    new.check("searchOrders", &throttled);
}

#[tokio::test]
async fn notifications_tokens_sellers_and_reports_are_valid() {
    let Some(mut notifications) = Model::read("notifications") else { return };
    let (mut tokens, mut sellers) = (Model::read("tokens_2021-03-01").unwrap(), Model::read("sellers").unwrap());
    let mut reports = Model::read("reports_2021-06-30").unwrap();
    let client = Client::start(config(1)).await;
    sellers.check("getMarketplaceParticipations", &client.get("/sellers/v1/marketplaceParticipations").await);
    sellers.check("getAccount", &client.get("/sellers/v1/account").await);
    let wrong =
        client.call(Method::POST, "/tokens/2021-03-01/restrictedDataToken", &client.token(), Some(json!({}))).await;
    tokens.check("createRestrictedDataToken", &wrong);

    let subscription = client.subscribe().await;
    let grantless = client.grantless().await;
    let (client_ref, grantless_ref) = (&client, &grantless);
    let get = |path: String| async move { client_ref.call(Method::GET, &path, grantless_ref, None).await };
    let destinations = get("/notifications/v1/destinations".to_owned()).await;
    let destination = destinations.body["payload"][0]["destinationId"].as_str().unwrap();
    notifications.check("getDestination", &get(format!("/notifications/v1/destinations/{destination}")).await);
    notifications.check("getDestinations", &destinations);
    let base = "/notifications/v1/subscriptions/ORDER_CHANGE";
    notifications.check("getSubscriptionById", &get(format!("{base}/{subscription}")).await);
    notifications.check("getSubscription", &client.get(base).await);
    notifications
        .check("getSubscriptions", &client.get("/notifications/v1/subscriptions?notificationTypes=ORDER_CHANGE").await);
    notifications.check("createSubscription", &client.call(Method::POST, base, &client.token(), Some(json!({}))).await);
    notifications.check(
        "createDestination",
        &client.call(Method::POST, "/notifications/v1/destinations", &grantless, Some(json!({}))).await,
    );
    notifications.check(
        "deleteSubscriptionById",
        &client.call(Method::DELETE, &format!("{base}/{subscription}"), &grantless, None).await,
    );

    client.pass(30 * 3_600).await;
    let kind = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";
    let body = json!({"reportType": kind, "marketplaceIds": ["A1F83G8C2ARO7P"], "dataStartTime": BEGIN});
    let made = client.call(Method::POST, "/reports/2021-06-30/reports", &client.token(), Some(body)).await;
    reports.check("createReport", &made);
    client.pass(400).await;
    let done = client.get(&format!("/reports/2021-06-30/reports/{}", made.body["reportId"].as_str().unwrap())).await;
    reports.check("getReport", &done);
    reports.check("getReports", &client.get(&format!("/reports/2021-06-30/reports?reportTypes={kind}")).await);
    let document = done.body["reportDocumentId"].as_str().unwrap();
    reports.check("getReportDocument", &client.get(&format!("/reports/2021-06-30/documents/{document}")).await);
    let body = json!({"reportType": kind, "marketplaceIds": ["A1F83G8C2ARO7P"], "period": "PT1H"});
    let made = client.call(Method::POST, "/reports/2021-06-30/schedules", &client.token(), Some(body)).await;
    reports.check("createReportSchedule", &made);
    let id = made.body["reportScheduleId"].as_str().unwrap();
    reports.check("getReportSchedule", &client.get(&format!("/reports/2021-06-30/schedules/{id}")).await);
    reports
        .check("getReportSchedules", &client.get(&format!("/reports/2021-06-30/schedules?reportTypes={kind}")).await);
}

#[tokio::test]
async fn order_change_notifications_are_valid() {
    let Some(schema) = contracts::read("amazon/schemas/notifications/OrderChangeNotification.json") else { return };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let client = Client::start(config(4)).await;
    client.subscribe().await;
    client.pass(12 * 3_600).await;
    let mut checked = 0;
    while let Some(batch) =
        client.sqs("ReceiveMessage", json!({"MaxNumberOfMessages": 10})).await.body["Messages"].as_array()
    {
        for message in batch {
            let body: Value = serde_json::from_str(message["Body"].as_str().unwrap()).unwrap();
            let problems: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{problems:?}\n{body}");
            client.sqs("DeleteMessage", json!({"ReceiptHandle": message["ReceiptHandle"]})).await;
            checked += 1;
        }
    }
    assert!(checked > 50);
}

#[tokio::test]
async fn only_a_quirk_breaks_the_model() {
    let Some(model) = contracts::read("amazon/models/orders_2026-01-01.json") else { return };
    let validator = validator(&model, "getOrder", "200");
    let client = Client::start(SandboxConfig { faults: FaultLevel::People, ..config(1) }).await;
    client.pass(80 * 3_600).await;
    let world = client.sandbox.world();
    let mut broken = Vec::new();
    for order in world.orders().iter().filter(|order| order.quirk.is_some()) {
        let reply = client.get(&format!("/orders/2026-01-01/orders/{}?{ALL}", order.id)).await;
        assert_eq!(reply.status, 200);
        if !validator.is_valid(&reply.body) {
            broken.push(order.quirk);
        }
    }
    assert_eq!(broken, [Some(sim::world::Quirk::UnknownStatus)]);
}
