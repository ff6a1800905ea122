//! Amazon's official models as a contract: each request/response pair of an operation we use is served by a stub; the client
//! must put the listed parameters where the model says and read the answer without losing a field that we model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use model::{MarketplaceId, MoneySummary, OrderId, PayoutStatus};
use money::Money;
use ports::{ConnectorError, Marketplace, Urgency};
use serde_json::{Value, json};

use super::stub::{Call, Reply, Stub};
use crate::finances::node::Node;
use crate::finances::{self, translate};
use crate::throttle::Operation;
use crate::{BuyerData, Client, notifications, orders_2026, orders_v0, reports, setup};

/// Where the contracts are, or `None` (said aloud) where there are none; in CI there must be.
fn contracts() -> Option<PathBuf> {
    let root = std::env::var_os("TILLBRIDGE_CONTRACTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts"), PathBuf::from);
    let amazon = root.join("amazon");
    if amazon.join("models").is_dir() {
        return Some(amazon);
    }
    assert!(std::env::var_os("CI").is_none(), "CI needs the contracts: set TILLBRIDGE_CONTRACTS");
    println!("SKIPPED: no contracts at {} (set TILLBRIDGE_CONTRACTS)", amazon.display());
    None
}

fn json_file(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).unwrap()
}

/// One pair of a model.
#[derive(Clone, Debug)]
struct Pair {
    operation: String,
    method: String,
    path: String,
    status: u16,
    parameters: BTreeMap<String, Value>,
    /// Where the model puts each parameter: query, path, body.
    places: BTreeMap<String, String>,
    response: Value,
}

impl Pair {
    fn text(&self, name: &str) -> Option<String> {
        match self.parameters.get(name)? {
            Value::Array(items) => Some(items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(",")),
            value => Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        }
    }

    fn body(&self) -> Value {
        self.parameters.get("body").cloned().unwrap_or_default()
    }
}

fn pairs(model: &Value) -> Vec<Pair> {
    let mut found = Vec::new();
    for (path, methods) in model["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(responses) = operation.get("responses").and_then(Value::as_object) else { continue };
            let listed =
                operation["parameters"].as_array().into_iter().chain(methods["parameters"].as_array()).flatten();
            let places: BTreeMap<_, _> = listed
                .filter_map(|entry| Some((entry["name"].as_str()?.to_owned(), entry["in"].as_str()?.to_owned())))
                .collect();
            for (status, response) in responses {
                for pair in response["x-amzn-api-sandbox"]["static"].as_array().into_iter().flatten() {
                    let parameters = pair["request"]["parameters"].as_object().into_iter().flatten();
                    found.push(Pair {
                        operation: operation["operationId"].as_str().unwrap().to_owned(),
                        method: method.to_uppercase(),
                        path: path.clone(),
                        status: status.parse().unwrap(),
                        parameters: parameters.map(|(name, value)| (name.clone(), value["value"].clone())).collect(),
                        places: places.clone(),
                        response: pair["response"].clone(),
                    });
                }
            }
        }
    }
    found
}

/// Why a pair of an operation that we do not call is left out.
fn left_out(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "getOrderBuyerInfo" | "getOrderAddress" | "getOrderItemsBuyerInfo" => {
            "v0 getOrder and getOrderItems give the same with a restricted token"
        }
        "getOrderRegulatedInfo" => "prescriptions are no business of the books",
        "updateShipmentStatus" | "updateVerificationStatus" | "confirmShipment" => {
            "writes to orders: not part of the spine"
        }
        "cancelReport"
        | "getReportSchedules"
        | "createReportSchedule"
        | "cancelReportSchedule"
        | "getReportSchedule" => "reports are made when needed, never scheduled or cancelled",
        "getSubscriptions"
        | "getSubscriptionById"
        | "deleteSubscriptionById"
        | "getDestination"
        | "deleteDestination" => "set-up finds by type and by queue, and never deletes",
        "initiatePayout" => "it moves money, which this client never does",
        "getPaymentMethods" => "whose bank account it is is no business of the books",
        "listExpectedPayouts" => "what will be paid is forecast from balances",
        "getAccount" => "the list of sites is enough to prove the credentials",
        _ => return None,
    })
}

/// What a pair's call gave: what was read, or the failure.
type Outcome = Result<Value, ConnectorError>;

async fn call(client: &Client, pair: &Pair) -> Outcome {
    let text = |name: &str| pair.text(name);
    let window = |names: [&'static str; 4]| -> Vec<(&'static str, String)> {
        names.into_iter().filter_map(|name| Some((name, text(name)?))).collect()
    };
    let id = |name: &str| text(name).unwrap_or_else(|| "ANY-ID".to_owned());
    match pair.operation.as_str() {
        "searchOrders" => {
            let window = window(["createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore"]);
            let included = text("includedData").unwrap_or_default();
            let token = text("paginationToken");
            orders_2026::search(client, &window, &included, token.as_deref(), Urgency::Event).await
        }
        "getOrder" if pair.path.contains("2026") => {
            let included = text("includedData").unwrap_or_default();
            let order = OrderId::parse(&id("orderId")).unwrap();
            orders_2026::get(client, &order, &included, Urgency::Event).await.map(|order| json!({"order": order}))
        }
        "getOrders" => {
            let window = window(["CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore"]);
            let token = text("NextToken");
            let payload = orders_v0::search(client, &window, token.as_deref(), Urgency::Event).await?;
            Ok(json!({"payload": payload}))
        }
        "getOrder" => {
            orders_v0::get(client, &id("orderId"), Urgency::Event).await.map(|order| json!({"payload": order}))
        }
        "getOrderItems" => {
            let items = orders_v0::items(client, &id("orderId"), Urgency::Event).await?;
            Ok(json!({"payload": {"OrderItems": items}}))
        }
        "getReports" => {
            let query: Vec<_> = ["reportTypes", "processingStatuses"]
                .into_iter()
                .filter_map(|name| Some((name, text(name)?)))
                .collect();
            let (reports, next) = reports::list_page(client, &query).await?;
            let reports: Vec<Value> = reports.into_iter().map(report).collect();
            Ok(json!({"reports": reports, "nextToken": next}))
        }
        "createReport" => {
            let body = pair.body();
            let at = |name: &str| body[name].as_str().map(|text| text.parse::<Timestamp>().unwrap());
            let kind = body["reportType"].as_str().unwrap();
            let id = reports::create_as(client, kind, at("dataStartTime"), at("dataEndTime")).await?;
            Ok(json!({"reportId": id}))
        }
        "getReport" => reports::get(client, &id("reportId")).await.map(report),
        "getReportDocument" => {
            let document = reports::document(client, &id("reportDocumentId")).await?;
            Ok(json!({"url": document.url}))
        }
        "createRestrictedDataToken" => {
            use secrecy::ExposeSecret;
            let made = client.create_restricted_token(pair.body()).await?;
            Ok(json!({"restrictedDataToken": made.restricted_data_token.expose_secret(), "expiresIn": made.expires_in}))
        }
        "getSubscription" => {
            let found = setup::subscription(client).await?.expect("it is there");
            Ok(subscription(found))
        }
        "createSubscription" => setup::create_subscription(client, "ANY").await.map(subscription),
        "getDestinations" => setup::destinations(client).await.map(|found| json!({"payload": found})),
        "createDestination" => {
            let id = setup::create_destination(client, "arn:aws:sqs:us-east-2:444455556666:queue1").await?;
            Ok(json!({"payload": {"destinationId": id}}))
        }
        "getMarketplaceParticipations" => {
            let sites = client.participations().await?;
            let site = |site: ports::Participation| {
                json!({
                    "marketplace": {"id": site.marketplace_id, "name": site.name},
                    "participation": {"isParticipating": site.participating, "hasSuspendedListings": site.suspended},
                })
            };
            Ok(json!({"payload": sites.into_iter().map(site).collect::<Vec<_>>()}))
        }
        "listTransactions" => {
            let names = ["postedAfter", "postedBefore", "nextToken"];
            let page = finances::page(&money(client, pair, Operation::ListTransactions, &names).await?, None).unwrap();
            // Amazon's own example has no transactionId, without which a transaction cannot be told from its repetition.
            let read = page.transactions.iter().map(|read| serde_json::from_str(&read.payload).unwrap());
            let parked = page.unreadable.iter().map(|parked| {
                assert_eq!(parked.path, "$.payload.transactions[0].transactionId");
                Value::Null
            });
            let transactions: Vec<Value> = read.chain(parked).collect();
            Ok(json!({"payload": {"transactions": transactions, "nextToken": page.next}}))
        }
        "listBalances" => {
            let names = ["marketplaceIds", "balanceType", "asOfDate"];
            let text = money(client, pair, Operation::ListBalances, &names).await?;
            let mut found = Vec::new();
            for node in Node::root(&text).list("balances").unwrap() {
                translate::balances(&node, &mut found).unwrap();
            }
            let balance = |at: usize| json!({"balanceType": found[at].kind, "amount": amount(found[at].amount)});
            let reserved = json!({"balanceType": "RESERVED", "balances": [balance(3), balance(4)]});
            let partner = json!({"accountType": found[0].account, "marketplaceId": found[0].marketplace});
            let whole =
                json!({"partnerMetadata": partner, "balanceType": found[0].kind, "balances": [balance(1), reserved]});
            Ok(json!({"balances": [whole]}))
        }
        "listSummary" => {
            let names = ["marketplaceIds", "periodStart", "periodEnd"];
            let text = money(client, pair, Operation::ListSummary, &names).await?;
            let nodes = Node::root(&text).list("summaries").unwrap();
            let read: Vec<_> = nodes.iter().map(|node| translate::summary(node).unwrap()).collect();
            assert_eq!(read[0].parts.len(), 2);
            let summary = |read: &MoneySummary| {
                let partner = json!({"accountType": read.account, "marketplaceId": read.marketplace});
                json!({"partnerMetadata": partner, "netProceeds": amount(read.net)})
            };
            Ok(json!({"summaries": read.iter().map(summary).collect::<Vec<_>>()}))
        }
        "listPayouts" => {
            let names = ["marketplaceIds", "createdAfter", "createdBefore"];
            let text = money(client, pair, Operation::ListPayouts, &names).await?;
            let nodes = Node::root(&text).list("payouts").unwrap();
            let payout = |node: &Node<'_>| {
                let read = translate::payout(node).unwrap();
                assert_eq!(
                    (read.status, read.settlements.as_slice()),
                    (PayoutStatus::Paid, &["11888387941".to_owned()][..])
                );
                json!({"id": read.id, "amount": read.amount.map(amount), "traceId": read.trace, "accountTail": read.account_tail})
            };
            Ok(json!({"payouts": nodes.iter().map(payout).collect::<Vec<_>>()}))
        }
        other => panic!("{other} has pairs but is neither tested nor left out with a reason"),
    }
}

/// Asks for money as the pair asks.
async fn money(
    client: &Client,
    pair: &Pair,
    operation: Operation,
    names: &[&'static str],
) -> Result<String, ConnectorError> {
    let query: Vec<_> = names.iter().filter_map(|name| Some((*name, pair.text(name)?))).collect();
    finances::ask(client, operation, &query, Urgency::Event).await
}

/// The amount as the models write it.
fn amount(money: Money) -> Value {
    let digits: Value = serde_json::from_str(&money.digits()).unwrap();
    let number = digits.as_f64().unwrap();
    let is_whole = money.minor() % 100 == 0;
    let number = if is_whole { json!(money.minor() / 100) } else { json!(number) };
    json!({"currencyCode": money.currency().code(), "currencyAmount": number})
}

fn report(report: reports::Report) -> Value {
    json!({
        "reportId": report.report_id, "processingStatus": report.processing_status, "dataStartTime": report.data_start_time,
        "dataEndTime": report.data_end_time, "reportDocumentId": report.report_document_id,
    })
}

fn subscription(found: setup::Subscription) -> Value {
    json!({"payload": {"subscriptionId": found.id, "destinationId": found.destination_id, "payloadVersion": found.payload_version}})
}

/// Whether everything in `read` stands in `original` as well (nulls in `read` stand for absence).
fn within(read: &Value, original: &Value, path: &str) {
    match (read, original) {
        (Value::Null, _) => {}
        (Value::Object(fields), Value::Object(from)) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                within(
                    value,
                    from.get(name).unwrap_or_else(|| panic!("{path}.{name} was invented")),
                    &format!("{path}.{name}"),
                );
            }
        }
        (Value::Array(items), Value::Array(from)) => {
            assert_eq!(items.len(), from.len(), "{path}: items were lost");
            items.iter().zip(from).for_each(|(item, from)| within(item, from, path));
        }
        _ => assert_eq!(read, original, "{path}"),
    }
}

/// The paths of all values, without positions in lists.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{path}.{name}"), found))
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, path, found)),
        Value::Null => {}
        leaf => found.push((path.to_owned(), leaf.clone())),
    }
}

#[tokio::test]
async fn every_pair_of_our_operations_is_asked_and_read_as_the_models_say() {
    let Some(contracts) = contracts() else { return };
    let mut counts = (0, 0);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let ours = [
        "orders_2026-01-01",
        "ordersV0",
        "reports_2021-06-30",
        "notifications",
        "tokens_2021-03-01",
        "sellers",
        "finances_2024-06-19",
        "transfers_2024-06-01",
    ];
    for entry in std::fs::read_dir(contracts.join("models")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for pair in pairs(&json_file(path)) {
            counts.1 += 1;
            if !ours.contains(&name.as_str()) {
                *reasons.entry(format!("{name}: this API is not used by the spine")).or_default() += 1;
                continue;
            }
            if let Some(reason) = left_out(&pair.operation) {
                *reasons.entry(format!("{name} {}: {reason}", pair.operation)).or_default() += 1;
                continue;
            }
            check(&pair).await;
            counts.0 += 1;
        }
    }
    println!("{} of {} official pairs are asked and read by the client; left out:", counts.0, counts.1);
    reasons.iter().for_each(|(reason, count)| println!("  {count:3}  {reason}"));
    assert_eq!(counts, (42, 154));
}

async fn check(pair: &Pair) {
    let served = pair.clone();
    let stub = Stub::serving(move |_| Reply::json(served.status, &served.response)).await;
    let client = stub.client_with(|config| {
        // Restricted tokens have pairs of their own; here each call stands alone.
        config.buyer_data = BuyerData::None;
        if let Some(ids) = pair.text("marketplaceIds").or(pair.text("MarketplaceIds")) {
            config.marketplaces = ids.split(',').map(|id| MarketplaceId::parse(id).unwrap()).collect();
        }
        if let Some(ids) = pair.body()["marketplaceIds"].as_array() {
            config.marketplaces = ids.iter().map(|id| MarketplaceId::parse(id.as_str().unwrap()).unwrap()).collect();
        }
    });
    let outcome = call(&client, pair).await;
    let calls = stub.calls();
    assert_eq!(calls.len(), 1, "{}: one call for one question", pair.operation);
    asked_as_modelled(pair, &calls[0]);
    match pair.status {
        200..=299 => {
            let read = outcome.unwrap_or_else(|error| panic!("{} {:?}: {error}", pair.operation, pair.parameters));
            within(&read, &pair.response, "$");
        }
        _ => {
            let error = outcome.expect_err("an error pair is an error");
            let message = pair.response["errors"][0]["message"].as_str().unwrap();
            assert!(matches!(error, ConnectorError::Rejected { .. }), "{}: {error:?}", pair.operation);
            assert!(error.to_string().contains(message), "{}: {error}", pair.operation);
        }
    }
}

fn asked_as_modelled(pair: &Pair, call: &Call) {
    assert_eq!(call.method.as_str(), pair.method, "{}", pair.operation);
    let asked: Vec<&str> = call.path.split('/').collect();
    let modelled: Vec<&str> = pair.path.split('/').collect();
    assert_eq!(asked.len(), modelled.len(), "{}", pair.operation);
    for (asked, modelled) in asked.iter().zip(&modelled) {
        let variable = modelled.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        match variable.map(|name| pair.text(name)) {
            None => assert_eq!(asked, modelled, "{}", pair.operation),
            Some(Some(value)) => assert_eq!(*asked, value, "{}", pair.operation),
            Some(None) => assert!(!asked.is_empty()),
        }
    }
    for name in pair.parameters.keys() {
        match pair.places.get(name).map(String::as_str) {
            Some("query") => assert_eq!(call.query.get(name), pair.text(name).as_ref(), "{}: {name}", pair.operation),
            Some("body") => within(&pair.body(), &call.json(), &format!("{} body", pair.operation)),
            Some("path") => {}
            place => panic!("{}: {name} is at {place:?}", pair.operation),
        }
    }
    for name in call.query.keys() {
        assert_eq!(
            pair.places.get(name).map(String::as_str),
            Some("query"),
            "{}: {name} is not modelled",
            pair.operation
        );
    }
}

/// Serialises what our wire types read, so that nothing they model can get lost unseen.
fn reread(kind: &str, original: &Value) -> Value {
    let text = original.to_string();
    match kind {
        "2026" => serde_json::to_value(crate::read::decode::<orders_2026::wire::Order>(&text).unwrap()).unwrap(),
        "v0 order" => serde_json::to_value(crate::read::decode::<orders_v0::wire::Order>(&text).unwrap()).unwrap(),
        "v0 item" => serde_json::to_value(crate::read::decode::<orders_v0::wire::Item>(&text).unwrap()).unwrap(),
        other => panic!("{other}"),
    }
}

#[test]
fn no_field_that_we_model_is_lost_in_reading_official_orders() {
    let Some(contracts) = contracts() else { return };
    let v2026 = pairs(&json_file(contracts.join("models/orders_2026-01-01.json")));
    let v0 = pairs(&json_file(contracts.join("models/ordersV0.json")));
    let mut originals: Vec<(&str, Value)> = Vec::new();
    for pair in v2026.iter().chain(&v0).filter(|pair| pair.status == 200) {
        let list = |path: &str| pair.response.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
        match pair.operation.as_str() {
            "searchOrders" => originals.extend(list("/orders").into_iter().map(|order| ("2026", order))),
            "getOrder" if pair.path.contains("2026") => originals.push(("2026", pair.response["order"].clone())),
            "getOrders" => originals.extend(list("/payload/Orders").into_iter().map(|order| ("v0 order", order))),
            "getOrder" => originals.push(("v0 order", pair.response["payload"].clone())),
            "getOrderItems" => originals.extend(list("/payload/OrderItems").into_iter().map(|item| ("v0 item", item))),
            _ => {}
        }
    }
    assert!(originals.len() >= 13, "{} orders and items", originals.len());
    let mut modelled = BTreeSet::new();
    let mut read = Vec::new();
    for (kind, original) in &originals {
        let back = reread(kind, original);
        within(&back, original, kind);
        let mut found = Vec::new();
        leaves(&back, kind, &mut found);
        modelled.extend(found.iter().map(|(path, _)| path.clone()));
        read.push(found);
    }
    for ((kind, original), found) in originals.iter().zip(&read) {
        let mut there = Vec::new();
        leaves(original, kind, &mut there);
        there.retain(|(path, _)| modelled.contains(path));
        assert_eq!(&sorted(there), &sorted(found.clone()), "{kind}");
    }
}

fn sorted(mut values: Vec<(String, Value)>) -> Vec<String> {
    values.sort_by_key(|(path, value)| format!("{path}={value}"));
    values.into_iter().map(|(path, value)| format!("{path}={value}")).collect()
}

#[test]
fn official_orders_become_ours_or_say_what_is_missing() {
    let Some(contracts) = contracts() else { return };
    let mut outcomes = Vec::new();
    for pair in
        pairs(&json_file(contracts.join("models/orders_2026-01-01.json"))).iter().filter(|pair| pair.status == 200)
    {
        let orders =
            pair.response["orders"].as_array().cloned().unwrap_or_else(|| vec![pair.response["order"].clone()]);
        for order in orders {
            let observed = orders_2026::observed(order, BuyerData::Contacts, "$").unwrap();
            for personal in ["Thompson", "Oak Avenue", "SW1A", "Silva", "7946", "Carlos", "Yilmaz", "Istiklal"] {
                assert!(
                    !observed.payload.contains(personal),
                    "{}: {personal} stayed in the fact",
                    observed.external_id
                );
            }
            let read = crate::marketplace::translate(&observed.kind, &observed.payload, observed.buyer.as_deref());
            outcomes.push(match read {
                Ok(order) => format!(
                    "{} {} {:?} total {:?} dispatches {} to {:?} {:?}",
                    order.id,
                    order.market.short,
                    order.status,
                    order.total,
                    order.dispatches.len(),
                    order.ship_to,
                    order.ship_to_area
                ),
                Err(parked) => format!("{} parked {} at {}", observed.external_id, parked.code, parked.path),
            });
        }
    }
    outcomes.sort();
    insta::assert_snapshot!(outcomes.join("\n"), @r#"
    028-1234567-8901234 parked packages_incomplete at $.packages
    114-9876543-1234567 US Unshipped total Some(49.99 USD) dispatches 0 to Some(US) None
    171-2345678-9012345 BR Unshipped total Some(1599.90 BRL) dispatches 0 to Some(BR) None
    171-9876543-2109876 BR Unshipped total Some(299.90 BRL) dispatches 0 to Some(BR) None
    202-7654321-1098765 UK Shipped total Some(34.99 GBP) dispatches 1 to Some(GB) Some("SW")
    250-1234567-8901234 JP Shipped total Some(19940 JPY) dispatches 1 to Some(JP) None
    "#);
}

#[test]
fn official_notification_examples_are_understood() {
    let Some(contracts) = contracts() else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(contracts.join("schemas/notifications")).unwrap() {
        let path = entry.unwrap().path();
        let schema = json_file(path.clone());
        for example in schema["examples"].as_array().into_iter().flatten() {
            let notice = notifications::read(&example.to_string());
            let notice = notice.unwrap_or_else(|error| panic!("{}: {}", path.display(), error.why));
            if path.ends_with("OrderChangeNotification.json") {
                let notifications::Notice::OrderChanged { seller, hint } = notice else { panic!("an order change") };
                assert_eq!((seller.as_str(), hint.order.as_str()), ("A3TH9S8BH6GOGM", "903-8868176-2219830"));
                assert_eq!(hint.changed_at, "2022-11-29T19:42:04.284Z".parse().unwrap());
            }
            seen += 1;
        }
    }
    assert!(seen >= 15, "{seen} examples");
}

#[test]
fn what_we_send_to_notifications_is_valid_by_the_model() {
    let Some(contracts) = contracts() else { return };
    let model = json_file(contracts.join("models/notifications.json"));
    let schema = json!({"definitions": model["definitions"], "$ref": "#/definitions/CreateSubscriptionRequest"});
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&schema).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = runtime.block_on(async {
        let stub = Stub::serving(|_| {
            Reply::json(
                200,
                &json!({"payload": {"subscriptionId": "s", "destinationId": "d", "payloadVersion": "1.0"}}),
            )
        })
        .await;
        setup::create_subscription(&stub.client(), "d").await.unwrap();
        stub.calls()[0].json()
    });
    assert!(validator.is_valid(&body), "{body}");
}
