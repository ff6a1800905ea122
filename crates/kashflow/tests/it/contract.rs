//! Every request body that we send, and every route, against our OpenAPI of KashFlow (`TILLBRIDGE_CONTRACTS`).

use std::path::PathBuf;

use model::{CustomerCode, DocumentNumber, Draft, Series};
use ports::{Books, Depth, Party, Window};
use serde_json::{Value, json};

use super::data::{
    CUSTOMER, INVOICE, bank, bill, buyer, draft, journal, payment, sales, shared_customer, supplier, transfer,
    unpaid_invoice,
};
use super::stub::{Call, Reply, World, kashflow};

/// The contract, or `None` (said aloud) where it is not there; in CI it must be.
fn contract() -> Option<Value> {
    let root = std::env::var_os("TILLBRIDGE_CONTRACTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts"), PathBuf::from);
    let path = root.join("kashflow/openapi.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_yaml_ng::from_str(&text).unwrap()),
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "CI needs the contracts: set TILLBRIDGE_CONTRACTS");
            println!("SKIPPED: no contract at {} (set TILLBRIDGE_CONTRACTS)", path.display());
            None
        }
    }
}

/// The path of the contract that `path` is an instance of; literal segments win over placeholders.
fn template<'a>(contract: &'a Value, path: &str) -> Option<&'a str> {
    let own: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let segments: Vec<&str> = template.split('/').collect();
        segments.len() == own.len()
            && segments.iter().zip(&own).all(|(named, own)| named.starts_with('{') || named == own)
    };
    let paths = contract["paths"].as_object().unwrap().keys().map(String::as_str);
    paths.filter(|path| fits(path)).min_by_key(|path| path.matches('{').count())
}

/// What the contract objects to in a request.
fn objections(contract: &Value, call: &Call) -> Vec<String> {
    let Some(template) = template(contract, &call.path) else { return vec![format!("{} is no path", call.path)] };
    let operation = &contract["paths"][template][call.method.to_lowercase()];
    if !operation.is_object() {
        return vec![format!("{template} has no {}", call.method)];
    }
    let own = operation["parameters"].as_array().into_iter().flatten();
    let names: Vec<&str> = own
        .filter_map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => contract.pointer(reference.trim_start_matches('#'))?["name"].as_str(),
            None => parameter["name"].as_str(),
        })
        .collect();
    let strangers = call.query.keys().filter(|name| !names.contains(&name.as_str()));
    let mut found: Vec<String> = strangers.map(|name| format!("{template} has no parameter {name}")).collect();
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_object() {
        let root = json!({ "components": contract["components"], "allOf": [schema] });
        let validator = jsonschema::draft202012::new(&root).unwrap();
        found.extend(validator.iter_errors(&call.json()).map(|error| format!("{} {template}: {error}", call.method)));
        if let Some(reference) = schema["$ref"].as_str() {
            let known = &contract.pointer(reference.trim_start_matches('#')).unwrap()["properties"];
            let sent = call.json();
            let unknown = sent.as_object().into_iter().flatten().filter(|(name, _)| known[name.as_str()].is_null());
            found.extend(unknown.map(|(name, _)| format!("{} {template}: {name} is not in the model", call.method)));
        }
    } else if !call.body.is_empty() {
        found.push(format!("{} {template} has no body", call.method));
    }
    found
}

/// An account that has everything once.
async fn account() -> World {
    kashflow(|call| {
        // As the contract has it; other tests play 0 and 1, and fields of next year.
        let customer = CUSTOMER
            .replace(r#""FieldOfNextYear": { "A": [1.10] },"#, "")
            .replace(r#""IsPrimary": 1"#, r#""IsPrimary": true"#)
            .replace(r#""IsPrimary": 0"#, r#""IsPrimary": false"#);
        let as_flags = |text: String, name: &str| {
            text.replace(&format!(r#""{name}":0"#), &format!(r#""{name}":false"#))
                .replace(&format!(r#""{name}":1"#), &format!(r#""{name}":true"#))
        };
        // As they came: the contract wants true and false where real answers have 0 and 1.
        let unpaid = ["VATExempt", "Disallowed", "DisplaySymbolOnRight"].into_iter().fold(unpaid_invoice(), as_flags);
        let empty = || Reply::json(200, &json!({ "MetaData": { "TotalRecords": 0 }, "Data": [] }));
        match (call.method.as_str(), call.path.as_str()) {
            (_, "/sessiontoken") => Reply::not_there(),
            (_, "/invoices/1042") => Reply::Text(200, unpaid),
            ("POST", "/invoices") => Reply::Text(201, INVOICE.to_owned()),
            (_, "/customers/KET01") => Reply::Text(200, customer),
            ("POST", "/customers") => Reply::Text(201, CUSTOMER.to_owned()),
            (_, "/settings/companydetails") => Reply::json(
                200,
                &json!({ "CompanyName": "T", "HomeCurrency": { "Code": "GBP" }, "VATRegistered": true }),
            ),
            (_, "/nextavailableinvoicenumber") => Reply::Text(200, "1043".into()),
            (_, "/bankaccounts") => Reply::json(
                200,
                &json!([{ "Id": 9001, "AccountName": "Current", "Code": 1200 }, { "Id": 9002, "AccountName": "Amazon clearing", "Code": 1250 }]),
            ),
            (_, "/nominals") => Reply::json(200, &json!([1200, 1250, 5000, 1001, 6200].map(|code| json!({ "Id": code + 88_000, "Code": code, "Name": code.to_string() })))),
            ("GET", "/purchases" | "/journals") => empty(),
            ("GET", path) if path.ends_with("/transactions") => empty(),
            ("POST", "/purchases" | "/journals" | "/suppliers" | "/invoices/bulk/payments") => Reply::Text(201, "{}".into()),
            ("POST", path) if path.ends_with("/transactions") => Reply::Text(201, r#"{ "Id": 5 }"#.into()),
            (_, "/invoices/1043") => Reply::Text(200, unpaid.replace("1042", "1043")),
            (_, "/stockoptions") => Reply::Text(200, "{}".into()),
            (_, path) if path.starts_with("/customers/AMZ") || path.starts_with("/suppliers/") => Reply::not_there(),
            ("GET", path) if path.starts_with("/purchases/") || path.starts_with("/journals/") => Reply::not_there(),
            _ => Reply::Text(200, "[]".into()),
        }
    })
    .await
}

#[tokio::test]
async fn every_request_is_one_that_our_openapi_knows() {
    let Some(contract) = contract() else { return };
    let world = account().await;
    let (client, number) = (&world.client, DocumentNumber(1042));
    let window = Window { from: jiff::civil::date(2026, 10, 1), to: jiff::civil::date(2026, 11, 30) };
    let mut abroad = sales();
    abroad.delivery = buyer().address;
    let mut open = sales();
    open.payment = None;
    client.next_number(Series::Sales).await.unwrap();
    client.find(Series::Sales, number).await.unwrap();
    client.look(&draft(), window, Depth::Scan).await.unwrap();
    client.create(Some(number), &draft()).await.unwrap();
    client.create(Some(number), &Draft::Sales(abroad)).await.unwrap();
    client.update(number, &Draft::Sales(open)).await.unwrap();
    client.find_party(Party::Customer(&buyer())).await.unwrap();
    client.create_party(Party::Customer(&shared_customer())).await.unwrap();
    client.create_party(Party::Customer(&buyer())).await.unwrap();
    client.update_party(&CustomerCode::parse("KET01").unwrap(), Party::Customer(&buyer())).await.unwrap();
    for draft in [bill(), journal(), bank(), transfer(), payment(&[1042]), payment(&[1042, 1043])] {
        client.look(&draft, window, Depth::Scan).await.unwrap();
        let number = match draft.series() {
            Some(series) => Some(client.next_number(series).await.unwrap()),
            None => None,
        };
        // The stub keeps nothing, so a payment that was added is not there afterwards: only what was sent counts here.
        let _ = client.create(number, &draft).await;
    }
    client.find_party(Party::Supplier(&supplier())).await.unwrap();
    client.create_party(Party::Supplier(&supplier())).await.unwrap();
    client.reference().await.unwrap();
    client.probe().await.unwrap();
    client.probe_shapes().await.unwrap();
    let calls: Vec<Call> = world.log_ins().into_iter().chain(world.calls()).collect();
    let found: Vec<String> = calls.iter().flat_map(|call| objections(&contract, call)).collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(
        calls.iter().filter(|call| !call.body.is_empty()).count() == 15,
        "bodies: log-in 2, invoices 3, customers 3, a bill, a journal, a bank transaction, a transfer, two payments, a supplier"
    );
}

#[tokio::test]
async fn the_contract_objects_to_a_request_of_another_shape() {
    let Some(contract) = contract() else { return };
    let world = account().await;
    world.client.create(Some(DocumentNumber(1042)), &draft()).await.unwrap();
    let mut sent = world.writes().remove(0);
    assert_eq!(objections(&contract, &sent), Vec::<String>::new());
    sent.body = sent.body.replace(r#""Rate":12.50"#, r#""Rate":"12.50""#).replace("DueDate", "DueBy");
    sent.query.insert("idempotencykey".into(), "1".into());
    assert_eq!(objections(&contract, &sent).len(), 3);
}
