//! Finances 2024-06-19.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sim::{FaultLevel, SandboxConfig};

use super::client::{BEGIN, Client, config, encoded};
use super::schema::Model;

const TRANSACTIONS: &str = "/finances/2024-06-19/transactions";
pub(super) const DAY: u64 = 24 * 3_600;

/// An account with money whose events show at once, `days` after its beginning.
pub(super) async fn settled(seed: u64, days: u64) -> Client {
    let config = SandboxConfig { days: 40, orders_per_day: 40, faults: FaultLevel::None, ..config(seed) };
    let client = Client::start(config).await;
    client.sandbox.amazon().let_finances_lag(false);
    client.pass(days * DAY).await;
    client
}

/// Every page of a query, and how many of them were empty though more followed.
async fn all(client: &Client, query: &str) -> (Vec<Value>, usize) {
    let (mut found, mut empty, mut token) = (Vec::new(), 0, String::new());
    loop {
        let reply = client.get(&format!("{TRANSACTIONS}?{query}{token}")).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let page = reply.body["payload"]["transactions"].as_array().unwrap();
        found.extend(page.iter().cloned());
        let Some(next) = reply.body["payload"]["nextToken"].as_str() else { return (found, empty) };
        empty += usize::from(page.is_empty());
        token = format!("&nextToken={}", encoded(next));
    }
}

/// Minor units of an amount. Two decimals, read as digits.
fn minor(amount: &Value) -> i64 {
    let text = amount["currencyAmount"].to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let pence: i64 = format!("{fraction:0<2}").parse().unwrap();
    whole.parse::<i64>().unwrap() * 100 + sign * pence
}

fn related<'v>(transaction: &'v Value, name: &str) -> Option<&'v str> {
    let list = transaction["relatedIdentifiers"].as_array().unwrap();
    list.iter().find(|own| own["relatedIdentifierName"] == name)?["relatedIdentifierValue"].as_str()
}

/// Checks that a node is the sum of its children, all the way down.
fn check_tree(node: &Value) {
    let Some(children) = node["breakdowns"].as_array() else { return };
    let sum: i64 = children.iter().map(|child| minor(&child["breakdownAmount"])).sum();
    assert_eq!(sum, minor(&node["breakdownAmount"]), "{node}");
    children.iter().for_each(check_tree);
}

fn top(transaction: &Value) -> i64 {
    transaction["breakdowns"].as_array().unwrap().iter().map(|node| minor(&node["breakdownAmount"])).sum()
}

#[tokio::test]
async fn every_node_is_the_sum_of_its_children_and_the_top_is_the_total() {
    let client = settled(3, 47).await;
    let (found, empty) = all(&client, &format!("postedAfter={BEGIN}")).await;
    assert!(found.len() > 1_000 && empty > 0, "{} transactions, {empty} empty pages", found.len());
    let mut fees = BTreeSet::new();
    for own in &found {
        assert_eq!(top(own), minor(&own["totalAmount"]), "{own}");
        own["breakdowns"].as_array().unwrap().iter().for_each(check_tree);
        let items = own["items"].as_array().unwrap();
        if !items.is_empty() {
            assert_eq!(items.iter().map(|item| minor(&item["totalAmount"])).sum::<i64>(), minor(&own["totalAmount"]));
        }
        for item in items {
            assert_eq!(top(item), minor(&item["totalAmount"]), "{item}");
            item["breakdowns"].as_array().unwrap().iter().for_each(check_tree);
            let of_amazon =
                item["breakdowns"].as_array().unwrap().iter().filter(|node| node["breakdownType"] == "AmazonFees");
            for fee in of_amazon.flat_map(|node| node["breakdowns"].as_array().unwrap()) {
                let parts: Vec<&str> = fee["breakdowns"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| part["breakdownType"].as_str().unwrap())
                    .collect();
                fees.insert((fee["breakdownType"].as_str().unwrap().to_owned(), parts.join("+")));
            }
        }
    }
    assert!(fees.contains(&("Commission".to_owned(), "Base+Tax".to_owned())));
    assert!(fees.contains(&("FBAPerUnitFulfillmentFee".to_owned(), "Base".to_owned())), "abroad without VAT");
    let ids: BTreeSet<&str> = found.iter().map(|own| own["transactionId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), found.len(), "each once over all pages");
}

#[tokio::test]
async fn what_is_held_back_is_released_by_a_transaction_that_refers_to_it() {
    let client = settled(4, 35).await;
    let (found, _) = all(&client, &format!("postedAfter={BEGIN}")).await;
    let by_id: BTreeMap<&str, &Value> = found.iter().map(|own| (own["transactionId"].as_str().unwrap(), own)).collect();
    let with = |status: &'static str| found.iter().filter(move |own| own["transactionStatus"] == status);
    assert!(with("DEFERRED").count() > 0);
    let mut reasons = BTreeSet::new();
    for own in with("DEFERRED_RELEASED") {
        let release = by_id[related(own, "RELEASE_TRANSACTION_ID").unwrap()];
        assert_eq!(related(release, "DEFERRED_TRANSACTION_ID"), own["transactionId"].as_str());
        assert_eq!(
            (release["transactionStatus"].as_str(), &release["totalAmount"]),
            (Some("RELEASED"), &own["totalAmount"])
        );
        let context =
            own["contexts"].as_array().unwrap().iter().find(|own| own["contextType"] == "DeferredContext").unwrap();
        assert_eq!(context["maturityDate"], release["postedDate"]);
        reasons.insert(context["deferralReason"].as_str().unwrap());
    }
    assert_eq!(reasons, BTreeSet::from(["B2B", "DD7"]));
    for own in with("DEFERRED") {
        assert_eq!((related(own, "FINANCIAL_EVENT_GROUP_ID"), related(own, "RELEASE_TRANSACTION_ID")), (None, None));
    }
    for status in ["DEFERRED", "RELEASED", "DEFERRED_RELEASED"] {
        let (only, _) = all(&client, &format!("postedAfter={BEGIN}&transactionStatus={status}")).await;
        assert_eq!(only.len(), with(status).count());
    }
}

#[tokio::test]
async fn the_transactions_of_an_event_group_sum_to_its_settlement_and_summary() {
    let client = settled(5, 47).await;
    let world = client.sandbox.world();
    for own in world.settlements(client.clock.now()) {
        let query =
            format!("relatedIdentifierName=FINANCIAL_EVENT_GROUP_ID&relatedIdentifierValue={}", own.event_group_id);
        let (found, _) = all(&client, &query).await;
        // An event that was held back and its release are one amount; a payout is the total, not part of it.
        let counts = |own: &&Value| own["transactionStatus"] == "RELEASED" && own["transactionType"] != "Transfer";
        let sum: i64 = found.iter().filter(counts).map(|own| minor(&own["totalAmount"])).sum();
        assert_eq!(sum - own.carried, own.total, "{} {}", own.group.name, own.number);
        assert!(found.iter().all(|row| related(row, "SETTLEMENT_ID") == Some(own.id.as_str())));
        let query = format!("relatedIdentifierName=SETTLEMENT_ID&relatedIdentifierValue={}", own.id);
        let summary = client.get(&format!("/finances/2024-06-19/summary?{query}")).await.body;
        assert_eq!(minor(&summary["summaries"][0]["netProceeds"]), own.total);
        assert_eq!(top(&summary["summaries"][0]), own.total);
    }
}

#[tokio::test]
async fn balances_are_parts_of_a_whole() {
    let client = settled(6, 20).await;
    let reply = client.get("/finances/2024-06-19/balances?balanceType=TOTAL").await;
    let balances = reply.body["balances"].as_array().unwrap();
    assert_eq!(balances.len(), 3);
    let mut reserved = 0;
    for total in balances {
        let parts = total["balances"].as_array().unwrap();
        assert_eq!(parts.iter().map(|own| minor(&own["amount"])).sum::<i64>(), minor(&total["amount"]));
        let below = parts[1]["balances"].as_array().unwrap();
        assert_eq!(below.iter().map(|own| minor(&own["amount"])).sum::<i64>(), minor(&parts[1]["amount"]));
        reserved += minor(&below[1]["amount"]);
    }
    assert!(reserved > 0);
    let one = client.get("/finances/2024-06-19/balances?balanceType=DEFERRED&marketplaceIds=A1F83G8C2ARO7P").await.body;
    assert_eq!(one["balances"][0]["amount"], balances[0]["balances"][1]["balances"][0]["amount"]);
}

#[tokio::test]
async fn windows_and_tokens_are_as_strict_as_documented() {
    let client = settled(7, 30).await;
    let get = async |query: String| client.get(&format!("{TRANSACTIONS}?{query}")).await;
    assert_eq!(get(String::new()).await.status, 400);
    assert_eq!(get(format!("postedAfter={BEGIN}&postedBefore={BEGIN}")).await.status, 400);
    assert_eq!(get(format!("postedAfter={BEGIN}&postedBefore=2026-11-23T06:00:00Z")).await.status, 400, "too young");
    assert_eq!(get(format!("postedAfter={BEGIN}&transactionStatus=SENT")).await.status, 400);
    assert_eq!(get("relatedIdentifierName=SHIPMENT_ID&relatedIdentifierValue=D1".to_owned()).await.status, 400);
    let long = get("postedAfter=2026-01-01T00:00:00Z".to_owned()).await;
    assert_eq!((long.status.as_u16(), long.body["payload"]["transactions"].as_array().unwrap().len()), (200, 0));
    let page = get(format!("postedAfter={BEGIN}")).await;
    let token = encoded(page.body["payload"]["nextToken"].as_str().unwrap());
    assert_eq!(get(format!("postedAfter={BEGIN}&nextToken={token}")).await.status, 200);
    assert_eq!(get(format!("postedAfter=2026-10-25T06:00:00Z&nextToken={token}")).await.status, 400);
    assert_eq!(get(format!("postedAfter={BEGIN}&nextToken=nonsense")).await.status, 400);
}

#[tokio::test]
async fn events_may_be_missing_for_two_days_and_then_are_there() {
    let client = settled(8, 10).await;
    let query = "postedAfter=2026-11-01T06:00:00Z&postedBefore=2026-11-03T05:00:00Z";
    let (whole, _) = all(&client, query).await;
    client.sandbox.amazon().let_finances_lag(true);
    let (early, _) = all(&client, query).await;
    assert!(early.len() < whole.len(), "{} of {}", early.len(), whole.len());
    client.pass(2 * DAY).await;
    let (late, _) = all(&client, query).await;
    assert_eq!(late.len(), whole.len());
}

#[tokio::test]
async fn the_transactions_of_an_order_are_found_by_its_id() {
    let client = settled(9, 30).await;
    let world = client.sandbox.world();
    let order = world
        .orders()
        .into_iter()
        .find(|order| world.transactions_of(&order.id, client.clock.now()).len() > 1)
        .unwrap();
    let (found, _) = all(&client, &format!("relatedIdentifierName=ORDER_ID&relatedIdentifierValue={}", order.id)).await;
    assert!(found.len() > 1 && found.iter().all(|own| related(own, "ORDER_ID") == Some(order.id.as_str())));
}

#[tokio::test]
async fn bodies_are_valid_by_the_official_model() {
    let Some(mut model) = Model::read("finances_2024-06-19") else { return };
    for seed in 0..3 {
        let client = settled(seed, 47).await;
        let mut token = String::new();
        loop {
            let reply = client.get(&format!("{TRANSACTIONS}?postedAfter={BEGIN}{token}")).await;
            model.check("listTransactions", &reply);
            let Some(next) = reply.body["payload"]["nextToken"].as_str() else { break };
            token = format!("&nextToken={}", encoded(next));
        }
        model.check("listBalances", &client.get("/finances/2024-06-19/balances").await);
        model.check("listSummary", &client.get(&format!("/finances/2024-06-19/summary?periodStart={BEGIN}")).await);
        for wrong in ["transactions", "balances?balanceType=X", "summary"] {
            let operation = ["listTransactions", "listBalances", "listSummary"]
                [["t", "b", "s"].iter().position(|start| wrong.starts_with(start)).unwrap()];
            model.check(operation, &client.get(&format!("/finances/2024-06-19/{wrong}")).await);
        }
    }
}
