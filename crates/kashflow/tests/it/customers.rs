//! Customers: found once or not at all, created under our code, changed without losing what people added.

use model::CustomerCode;
use ports::{Books, FoundParty, Party, PartyMatch};
use serde_json::{Value, json};

use super::data::{CUSTOMER, buyer, shared_customer};
use super::stub::{Call, Reply, World, kashflow};

fn listed(rows: &[Value]) -> Reply {
    Reply::json(200, &json!({ "MetaData": { "TotalRecords": rows.len(), "NextPageUrl": null }, "Data": rows }))
}

fn customer(id: u32, code: &str, name: &str, emails: &[&str]) -> Value {
    let contacts: Vec<Value> = emails.iter().map(|email| json!({ "Email": email })).collect();
    json!({ "Id": id, "Code": code, "Name": name, "Contacts": contacts, "IsArchived": 0 })
}

/// A KashFlow with these customers, whose two searches give what the functions say.
async fn with(customers: Vec<Value>, hits: fn(&Call) -> Vec<u32>, shown: fn(&Call, &Value) -> bool) -> World {
    kashflow(move |call| match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/customers/search") => {
            let hits: Vec<Value> = hits(call).iter().map(|id| json!({ "key": id, "value": "?" })).collect();
            Reply::json(200, &json!(hits))
        }
        ("GET", "/customers") => {
            let rows: Vec<Value> = customers.iter().filter(|row| shown(call, row)).cloned().collect();
            listed(&rows)
        }
        ("GET", path) => {
            let code = path.strip_prefix("/customers/").unwrap_or_default();
            let found = customers.iter().find(|row| row["Code"].as_str().unwrap().eq_ignore_ascii_case(code));
            found.map_or_else(Reply::not_there, |row| Reply::json(200, row))
        }
        _ => Reply::not_there(),
    })
    .await
}

fn everything(_: &Call, _: &Value) -> bool {
    true
}

fn nothing(_: &Call) -> Vec<u32> {
    Vec::new()
}

async fn found(world: &World) -> Option<(String, PartyMatch)> {
    let found = world.client.find_party(Party::Customer(&buyer())).await.unwrap();
    found.map(|FoundParty { code, by, .. }| (code.to_string(), by))
}

#[tokio::test]
async fn our_code_is_looked_at_first_and_alone() {
    let rows = vec![customer(1, "amzb7kq2x", "Somebody Else", &[])];
    let world = with(rows, nothing, everything).await;
    let found = world.client.find_party(Party::Customer(&buyer())).await.unwrap().unwrap();
    assert_eq!((found.code.as_str(), found.by, found.differs), ("amzb7kq2x", PartyMatch::Code, true));
    assert_eq!(world.calls().len(), 1);
}

#[tokio::test]
async fn a_shared_customer_is_never_matched_by_name() {
    let world = with(vec![customer(1, "OTHER", "Amazon UK sales", &[])], nothing, everything).await;
    assert_eq!(world.client.find_party(Party::Customer(&shared_customer())).await.unwrap(), None);
    assert_eq!(world.calls().len(), 1);
}

#[tokio::test]
async fn the_one_customer_with_the_address_is_found_by_any_of_its_contacts() {
    let rows = vec![
        customer(1, "KET01", "Z. Kettle", &["office@example.invalid", "ZOE@example.invalid "]),
        customer(2, "KET02", "Zoe Kettle", &["not.zoe@example.invalid"]),
    ];
    let world = with(rows, |_| vec![1], everything).await;
    assert_eq!(found(&world).await, Some(("KET01".into(), PartyMatch::Email)));
    let search = world.calls().into_iter().find(|call| call.path == "/customers/search").unwrap();
    assert_eq!((search.query("searchBy"), search.query("searchText")), ("email", "zoe@example.invalid"));
}

#[tokio::test]
async fn two_customers_with_the_address_are_no_match_and_the_name_decides() {
    let rows = vec![
        customer(1, "KET01", "Z. Kettle", &["zoe@example.invalid"]),
        customer(2, "KET02", "zoe kettle", &["zoe@example.invalid"]),
    ];
    let world = with(rows, nothing, everything).await;
    assert_eq!(found(&world).await, Some(("KET02".into(), PartyMatch::Name)));
}

#[tokio::test]
async fn two_customers_with_the_name_are_no_match_but_an_archived_one_does_not_count() {
    let mut rows = vec![customer(1, "KET01", "Zoe Kettle", &[]), customer(2, "KET02", "ZOE KETTLE", &[])];
    let world = with(rows.clone(), nothing, everything).await;
    assert_eq!(found(&world).await, None);
    rows[0]["IsArchived"] = json!(1);
    let world = with(rows, nothing, everything).await;
    assert_eq!(found(&world).await, Some(("KET02".into(), PartyMatch::Name)));
}

#[tokio::test]
async fn a_name_that_only_begins_alike_is_no_match() {
    let world = with(vec![customer(1, "KET01", "Zoe Kettlewell", &[])], |_| vec![1], everything).await;
    assert_eq!(found(&world).await, None);
}

#[tokio::test]
async fn an_id_that_the_lists_search_does_not_show_is_looked_up_in_the_whole_list() {
    let rows = vec![customer(1, "KET01", "Z. Kettle", &["zoe@example.invalid"]), customer(2, "OTHER", "Other", &[])];
    let world = with(rows, |_| vec![1], |call, _| call.query("searchtext").is_empty()).await;
    assert_eq!(found(&world).await, Some(("KET01".into(), PartyMatch::Email)));
}

#[tokio::test]
async fn rows_that_tell_no_address_are_read_in_full() {
    let full = customer(1, "KET01", "Z. Kettle", &["zoe@example.invalid"]);
    let world = kashflow(move |call| match (call.path.as_str(), call.query("searchText").is_empty()) {
        ("/customers/search", _) => Reply::not_there(),
        ("/customers", _) => listed(&[json!({ "Id": 1, "Code": "KET01", "Name": "Z. Kettle" })]),
        ("/customers/KET01", _) => Reply::json(200, &full),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(found(&world).await, Some(("KET01".into(), PartyMatch::Email)));
}

#[tokio::test]
async fn a_search_that_fails_is_not_nobody() {
    let world = kashflow(|call| match call.path.as_str() {
        "/customers/search" => Reply::error(400, "-2146232060", "Execution Timeout Expired."),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(world.client.find_party(Party::Customer(&buyer())).await.unwrap_err().code(), "CON-002");
}

#[tokio::test]
async fn a_new_customer_has_our_code_and_never_asks_for_another() {
    let world =
        kashflow(
            |call| if call.is("POST", "/customers") { Reply::Text(201, CUSTOMER.into()) } else { Reply::not_there() },
        )
        .await;
    world.client.create_party(Party::Customer(&buyer())).await.unwrap();
    let expected = json!({
        "Code": "AMZB7KQ2X", "Name": "Zoe Kettle", "Currency": { "Code": "GBP" }, "TradeBorderType": "Domestic",
        "Contacts": [{ "IsPrimary": true, "Name": "Zoe Kettle", "Email": "zoe@example.invalid" }],
        "Addresses": [{ "Line1": "4 Row", "Line2": "Leeds", "Line3": "", "Line4": "", "PostCode": "LS1 0AA", "CountryCode": "GB" }],
    });
    let sent = &world.writes()[0];
    assert!(sent.is("POST", "/customers"));
    assert_eq!(sent.json(), expected);
}

#[tokio::test]
async fn a_code_that_is_taken_is_a_duplicate_whatever_the_refusal_is_called() {
    for (is_there, code) in [(true, "CON-006"), (false, "CON-005")] {
        let world = kashflow(move |call| match call.method.as_str() {
            "POST" if call.path == "/customers" => Reply::error(400, "ValidationError", "Zoe Kettle cannot be saved."),
            "GET" if is_there => Reply::json(200, &customer(1, "AMZB7KQ2X", "Zoe Kettle", &[])),
            _ => Reply::not_there(),
        })
        .await;
        let error = world.client.create_party(Party::Customer(&buyer())).await.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.to_string().contains("Kettle"), "{error}");
    }
}

/// What an update of the test customer sends.
async fn updated(change: fn(&mut model::CustomerDraft)) -> String {
    let world = kashflow(|call| match call.path.as_str() {
        "/customers/KET01" => Reply::Text(200, CUSTOMER.to_owned()),
        _ => Reply::not_there(),
    })
    .await;
    let mut wanted = buyer();
    change(&mut wanted);
    world.client.update_party(&CustomerCode::parse("KET01").unwrap(), Party::Customer(&wanted)).await.unwrap();
    let sent = world.writes();
    assert!(sent.len() == 1 && sent[0].is("PUT", "/customers/KET01"));
    sent[0].body.clone()
}

#[tokio::test]
async fn an_update_keeps_what_people_added_and_what_we_do_not_know() {
    let body = updated(|wanted| {
        wanted.email = Some("new@example.invalid".into());
        wanted.vat_number = Some("GB123456789".into());
        wanted.address.as_mut().unwrap().lines = vec!["5 New Row".into()];
    })
    .await;
    assert!(body.contains(r#""CreditLimit":1234567890123456.7500"#), "digits stay as they are: {body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Code"], "KET01");
    assert_eq!(body["VATNumber"], "GB123456789");
    assert_eq!((&body["Note"], &body["FieldOfNextYear"]), (&json!("Rings before deliveries"), &json!({ "A": [1.10] })));
    let emails: Vec<&Value> = body["Contacts"].as_array().unwrap().iter().map(|contact| &contact["Email"]).collect();
    assert_eq!(emails, ["zoe@example.invalid", "accounts@example.invalid", "new@example.invalid"]);
    assert_eq!((&body["Contacts"][0]["Telephone"], &body["Contacts"][2]["IsPrimary"]), (&json!("000"), &json!(false)));
    let first = json!({ "Line1": "5 New Row", "Line2": "", "Line3": "", "Line4": "", "PostCode": "LS1 0AA", "CountryCode": "GB" });
    assert_eq!(body["Addresses"], json!([first, { "Line1": "9 Depot", "PostCode": "LS2 0AA" }]));
    assert!(
        body.get("OutstandingBalance").is_none()
            && body.get("CreatedDate").is_none()
            && body.get("DisplayName").is_none()
    );
}

#[tokio::test]
async fn an_update_that_changes_nothing_sends_the_contacts_as_they_were() {
    let body: Value = serde_json::from_str(&updated(|_| {}).await).unwrap();
    let held: Value = serde_json::from_str(CUSTOMER).unwrap();
    assert_eq!(body["Contacts"], held["Contacts"]);
}
