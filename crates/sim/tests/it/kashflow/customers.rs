use serde_json::json;

use super::{Remote, plain, remote};

#[tokio::test]
async fn a_customer_is_created_read_changed_and_deleted() {
    let remote = remote().await;
    let made = remote
        .post(
            "/Customers",
            json!({
                "code": "AMZUKSTD", "name": "Amazon UK sales", "CURRENCY": {"code": "eur"},
                "contacts": [{"firstname": "Ada", "email": "Ada@Example.invalid"}],
                "Addresses": [{"Line1": "4 Kettle Row", "PostCode": "LS1 0AA", "countrycode": "gb"}],
                "PaymentTerms": {"Type": "AfterIssuedDate", "Days": 0}, "TradeBorderType": "EU", "NoSuchThing": 1, "Id": 5,
            }),
        )
        .await;
    assert_eq!(made.status, 201);
    assert_eq!(made.location.as_deref(), Some(format!("{}/customers/AMZUKSTD", remote.base).as_str()));
    let got = remote.get("/customers/amzukstd").await.body;
    assert_eq!(got, made.body);
    assert_eq!(got["Contacts"][0]["Firstname"], "Ada");
    assert_eq!(got["Contacts"][0]["Email"], "Ada@Example.invalid");
    assert_eq!(got["Addresses"][0]["CountryName"], "United Kingdom");
    assert_eq!(got["Currency"]["Code"], "EUR");
    assert_eq!(got["TradeBorderType"], "EU");
    assert_ne!(got["Id"], 5);

    let changed = remote.put("/customers/AMZUKSTD", json!({"Note": "by hand"})).await;
    assert_eq!(changed.status, 200);
    assert_eq!((&changed.body["Note"], &changed.body["Name"]), (&json!("by hand"), &json!("Amazon UK sales")));
    let renamed = remote.put("/customers/AMZUKSTD", json!({"Code": "AMZ2"})).await;
    assert_eq!(renamed.status, 201);
    assert_eq!(remote.get("/customers/AMZUKSTD").await.status, 404);
    assert_eq!(remote.delete("/customers/AMZ2").await.status, 204);
    assert_eq!(remote.get("/customers/AMZ2").await.status, 404);
}

#[tokio::test]
async fn codes_are_unique_and_have_no_special_characters() {
    let remote = remote().await;
    remote.customer("AMZ1").await;
    Remote::refused(
        &remote.post("/customers", json!({"Code": "amz1", "Name": "x"})).await,
        400,
        "DuplicateCustomerCode",
    );
    Remote::refused(
        &remote.post("/customers", json!({"Code": "AMZ-1", "Name": "x"})).await,
        400,
        "InvalidCustomerCode",
    );
    Remote::refused(&remote.post("/customers", json!({"Code": "AMZ3"})).await, 400, "ValidationError");
    Remote::refused(
        &remote.post("/customers", json!({"Name": "x", "Currency": {"Code": "XYZ"}})).await,
        400,
        "ValidationError",
    );
    let other =
        remote.post("/customers", json!({"Code": "AMZ1", "Name": "Shaw", "CreateCustomerCodeIfDuplicate": true})).await;
    assert_eq!((other.status.as_u16(), &other.body["Code"]), (201, &json!("SHA01")));
}

#[tokio::test]
async fn a_search_gives_ids_and_its_hits_may_be_longer_than_the_text() {
    let remote = remote().await;
    for (code, email) in
        [("A1", "ann@example.invalid"), ("A2", "ANN@example.invalid.test"), ("B1", "bob@example.invalid")]
    {
        let contacts = json!([{"Email": "other@example.invalid"}, {"Email": email}]);
        remote.post("/customers", json!({"Code": code, "Name": format!("Name {code}"), "Contacts": contacts})).await;
    }
    let hits = remote.get("/customers/search?searchBy=email&searchText=ann@example.invalid").await.body;
    let id = async |code: &str| remote_id(&remote, code).await;
    assert_eq!(hits.as_array().unwrap().len(), 2);
    assert_eq!(hits[0]["key"], id("A1").await);
    assert!(hits[0]["value"].is_string());
    assert_eq!(remote.get("/customers/search?searchby=name&searchtext=name%20b").await.body[0]["key"], id("B1").await);
    Remote::refused(&remote.get("/customers/search?searchBy=shoe&searchText=x").await, 400, "ValidationError");
    let list = remote.get("/customers?searchtext=ann").await.body;
    assert_eq!(list["MetaData"]["TotalRecords"], 2);
}

async fn remote_id(remote: &Remote, code: &str) -> serde_json::Value {
    remote.get(&format!("/customers/{code}")).await.body["Id"].clone()
}

#[tokio::test]
async fn a_suggested_code_is_a_bare_string_and_free() {
    let remote = remote().await;
    remote.customer("SHA01").await;
    assert_eq!(remote.post("/customers/suggestedcode", json!({"Name": "Shaw & Co"})).await.body, json!("SHA02"));
}

#[tokio::test]
async fn a_customer_with_documents_shows_its_figures_and_cannot_be_deleted() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    let got = remote.get("/customers/C1").await.body;
    assert_eq!((&got["InvoiceCount"], &got["OutstandingBalance"]), (&json!(1), &json!(24.0)));
    assert_eq!(got["FirstInvoiceDate"], "2026-11-02 12:00:00");
    Remote::refused(&remote.delete("/customers/C1").await, 400, "CustomerInUse");
}

#[tokio::test]
async fn notes_are_numbered_from_one() {
    let remote = remote().await;
    remote.customer("C1").await;
    let made = remote.post("/customers/c1/notes", json!({"Text": "created by connector"})).await;
    assert_eq!((made.status.as_u16(), &made.body["Number"]), (201, &json!(1)));
    assert_eq!(remote.get("/customers/C1/notes").await.body[0]["Text"], "created by connector");
    assert_eq!(remote.get("/invoices/99/notes").await.status, 404);
}
