//! Finances v0 and the transfers: the same money by another way.

use std::collections::BTreeSet;

use serde_json::Value;

use super::client::{BEGIN, Client, encoded};
use super::finances::{DAY, settled};
use super::schema::Model;

const GROUPS: &str = "/finances/v0/financialEventGroups";

/// Minor units of an amount, read as digits.
fn minor(amount: &Value) -> i64 {
    let text = amount.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let pence: i64 = format!("{fraction:0<2}").parse().unwrap();
    whole.parse::<i64>().unwrap() * 100 + sign * pence
}

/// Sum of every amount in a tree.
fn sum(value: &Value) -> i64 {
    match value {
        Value::Array(values) => values.iter().map(sum).sum(),
        Value::Object(own) if own.contains_key("transactionValue") => sum(&own["transactionValue"]), // base and tax are in it
        Value::Object(own) if own.contains_key("CurrencyAmount") => minor(&own["CurrencyAmount"]),
        Value::Object(own) => own.values().map(sum).sum(),
        _ => 0,
    }
}

/// All pages of `path` (which has a query): each page's `FinancialEvents`.
async fn pages(client: &Client, model: &mut Model, operation: &str, path: &str) -> Vec<Value> {
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let reply = client.get(&format!("{path}{token}")).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        model.check(operation, &reply);
        found.push(reply.body["payload"]["FinancialEvents"].clone());
        let Some(next) = reply.body["payload"]["NextToken"].as_str() else { return found };
        token = format!("&NextToken={}", encoded(next));
    }
}

#[tokio::test]
async fn the_events_of_a_closed_group_and_its_beginning_balance_are_its_total() {
    let Some(mut model) = Model::read("financesV0") else { return };
    let client = settled(3, 47).await;
    let reply = client.get(&format!("{GROUPS}?FinancialEventGroupStartedAfter={BEGIN}")).await;
    model.check("listFinancialEventGroups", &reply);
    let (mut closed, mut lists, mut owed) = (0, BTreeSet::new(), 0);
    for group in reply.body["payload"]["FinancialEventGroupList"].as_array().unwrap() {
        let id = encoded(group["FinancialEventGroupId"].as_str().unwrap());
        let path = format!("{GROUPS}/{id}/financialEvents?MaxResultsPerPage=90");
        let events = pages(&client, &mut model, "listFinancialEventsByGroupId", &path).await;
        lists.extend(events.iter().flat_map(|page| page.as_object().unwrap().keys().cloned()));
        if group["ProcessingStatus"] == "Closed" {
            closed += 1;
            let beginning = sum(&group["BeginningBalance"]);
            owed += i64::from(beginning < 0);
            let total: i64 = events.iter().map(sum).sum();
            assert_eq!(total + beginning, sum(&group["OriginalTotal"]), "{group}");
        }
    }
    assert!(closed >= 8 && owed > 0, "{closed} closed, {owed} that begin with a debt");
    let known = [
        "AdhocDisbursementEventList",
        "AdjustmentEventList",
        "DebtRecoveryEventList",
        "LoanServicingEventList",
        "ProductAdsPaymentEventList",
        "RefundEventList",
        "SAFETReimbursementEventList",
        "ServiceFeeEventList",
        "ShipmentEventList",
    ];
    assert!(known.iter().all(|name| lists.contains(*name)), "{lists:?}");
}

#[tokio::test]
async fn what_is_held_back_appears_when_it_is_released_under_its_old_date() {
    let Some(mut model) = Model::read("financesV0") else { return };
    let client = settled(4, 6).await;
    let window = format!("/finances/v0/financialEvents?PostedAfter={BEGIN}&PostedBefore=2026-10-29T00:00:00Z");
    let shipments = |events: &[Value]| {
        let all = events.iter().filter_map(|page| page["ShipmentEventList"].as_array()).flatten();
        all.map(|own| own["AmazonOrderId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = shipments(&pages(&client, &mut model, "listFinancialEvents", &window).await);
    client.pass(20 * DAY).await;
    let after = shipments(&pages(&client, &mut model, "listFinancialEvents", &window).await);
    assert!(before.len() < after.len(), "{} then {}", before.len(), after.len());
    let late = after.iter().find(|id| !before.contains(id)).unwrap();
    let path = format!("/finances/v0/orders/{late}/financialEvents?MaxResultsPerPage=100");
    assert_eq!(shipments(&pages(&client, &mut model, "listFinancialEventsByOrderId", &path).await)[0], *late);
}

#[tokio::test]
async fn a_page_token_dies_after_three_minutes_and_serves_its_own_arguments_only() {
    let client = settled(5, 20).await;
    let path = format!("/finances/v0/financialEvents?PostedAfter={BEGIN}&MaxResultsPerPage=10");
    let token = |reply: &super::client::Reply| encoded(reply.body["payload"]["NextToken"].as_str().unwrap());
    let next = token(&client.get(&path).await);
    assert_eq!(client.get(&format!("{path}&NextToken={next}")).await.status, 200);
    let other = format!("/finances/v0/financialEvents?PostedAfter=2026-10-25T00:00:00Z&NextToken={next}");
    assert_eq!(client.get(&other).await.status, 400);
    client.pass(200).await;
    assert_eq!(client.get(&format!("{path}&NextToken={next}")).await.status, 400);
}

#[tokio::test]
async fn payouts_name_their_settlement_and_one_comes_back() {
    let Some(mut model) = Model::read("transfers_2024-06-01") else { return };
    let client = settled(3, 47).await;
    let base = "/finances/transfers/2024-06-01";
    let reply = client.get(&format!("{base}/payouts")).await;
    model.check("listPayouts", &reply);
    let expected = client.get(&format!("{base}/payouts/expected")).await;
    model.check("listExpectedPayouts", &expected);
    assert_eq!(expected.body["expectedPayouts"].as_array().unwrap().len(), 3);
    model.check("getPaymentMethods", &client.get(&format!("{base}/paymentMethods?marketplaceId=A1F83G8C2ARO7P")).await);
    let payouts = reply.body["payouts"].as_array().unwrap();
    let statuses: BTreeSet<&str> = payouts.iter().map(|own| own["currentStatus"].as_str().unwrap()).collect();
    assert!(statuses.contains("FAILED") && statuses.contains("PAID"), "{statuses:?}");
    let mut in_pounds = 0;
    for own in payouts {
        let id = own["relatedIdentifiers"][0]["relatedIdentifierValue"].as_str().unwrap();
        let path =
            format!("/finances/2024-06-19/summary?relatedIdentifierName=SETTLEMENT_ID&relatedIdentifierValue={id}");
        let proceeds = client.get(&path).await.body["summaries"][0]["netProceeds"].clone();
        if proceeds["currencyCode"] == "GBP" {
            in_pounds += 1;
            assert_eq!(proceeds, own["amount"], "{own}");
        }
    }
    assert!(in_pounds >= 2);
}
