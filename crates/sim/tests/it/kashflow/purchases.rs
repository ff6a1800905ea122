use jiff::civil::date;
use serde_json::{Value, json};
use sim::{KashflowOptions, NumberMode};

use super::{Answer, Remote, remote_with};

/// A bill of the supplier `AMAZON01`: fees of 100.00 at 20 % and of 30.00 without VAT.
fn bill(more: Value) -> Value {
    let mut body = json!({
        "SupplierCode": "AMAZON01", "SupplierReference": "AMZ-S-1-1-fees", "IssuedDate": "2026-11-02 00:00:00",
        "LineItems": [
            {"Description": "Selling fees", "Quantity": 1, "Rate": 100, "VATLevel": 20, "VATAmount": 20, "NominalCode": 6200},
            {"Description": "Abroad", "Quantity": 1, "Rate": 30, "VATLevel": 0, "VATExempt": true, "VATAmount": 0, "NominalCode": 6240},
        ],
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn with_supplier(options: KashflowOptions) -> Remote {
    let remote = remote_with(options).await;
    let made = remote.post("/suppliers", json!({"Code": "AMAZON01", "Name": "Amazon EU", "VatNumber": "GB1"})).await;
    assert_eq!(made.status, 201, "{made:?}");
    remote
}

async fn ready() -> Remote {
    with_supplier(KashflowOptions::default()).await
}

async fn made(remote: &Remote, more: Value) -> Value {
    let answer = remote.post("/purchases", bill(more)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn a_supplier_has_the_routes_and_the_shape_of_a_customer() {
    let remote = ready().await;
    let got = remote.get("/Suppliers/amazon01").await.body;
    assert_eq!((&got["Name"], &got["VatNumber"]), (&json!("Amazon EU"), &json!("GB1")));
    assert_eq!((got.get("VATNumber"), got.get("InvoiceCount")), (None, None));
    Remote::refused(
        &remote.post("/suppliers", json!({"Code": "AMAZON01", "Name": "x"})).await,
        400,
        "DuplicateSupplierCode",
    );
    Remote::refused(
        &remote.post("/suppliers", json!({"Code": "AMAZON-1", "Name": "x"})).await,
        400,
        "InvalidSupplierCode",
    );
    assert_eq!(remote.get("/customers/AMAZON01").await.status, 404, "customers and suppliers are apart");
    assert_eq!(remote.get("/suppliers?searchtext=amazon").await.body["MetaData"]["TotalRecords"], 1);
    assert_eq!(remote.get("/suppliers/search?searchBy=name&searchText=ama").await.body[0]["key"], got["Id"]);
    assert_eq!(remote.put("/suppliers/AMAZON01", json!({"Note": "fees"})).await.body["Note"], "fees");
    made(&remote, json!({})).await;
    assert_eq!(remote.get("/suppliers/AMAZON01").await.body["OutstandingBalance"], 150.0);
    Remote::refused(&remote.delete("/suppliers/AMAZON01").await, 400, "SupplierInUse");
}

#[tokio::test]
async fn a_purchase_is_made_with_its_payment_and_money_leaves_the_bank() {
    let remote = ready().await;
    let payment =
        json!([{"Date": "2026-11-02", "Amount": 150, "Method": 700_105, "AccountId": 9002, "Note": "AMZB:1"}]);
    let answer = remote.post("/purchases", bill(json!({"PaymentLines": payment}))).await;
    assert_eq!((answer.status.as_u16(), &answer.body["Number"]), (201, &json!(1)));
    assert_eq!(answer.location.as_deref(), Some(format!("{}/purchases/1", remote.base).as_str()));
    let got = remote.get("/purchases/1").await.body;
    assert_eq!(got, answer.body);
    assert_eq!(
        (&got["NetAmount"], &got["VATAmount"], &got["GrossAmount"], &got["DueAmount"], &got["Status"]),
        (&json!(130.0), &json!(20.0), &json!(150.0), &json!(0.0), &json!("Paid"))
    );
    assert_eq!((&got["SupplierName"], &got["SupplierReference"]), (&json!("Amazon EU"), &json!("AMZ-S-1-1-fees")));
    let row = &remote.get("/bankaccounts/9002/transactions").await.body["Data"][0];
    assert_eq!((&row["TransactionType"], &row["PaidOut"], &row["PaidIn"]), (&json!(2), &json!(150.0), &json!(0.0)));
    assert_eq!((&row["SupplierCode"], &row["ResourceNumber"]), (&json!("AMAZON01"), &json!(1)));
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], -150.0);
    Remote::refused(&remote.delete("/purchases/1").await, 400, "PurchaseHasPayments");
    remote.put("/purchases/1", json!({"PaymentLines": []})).await;
    assert_eq!(remote.delete("/purchases/1").await.status, 204);
    assert_eq!(remote.get("/purchases/1").await.status, 404);
}

#[tokio::test]
async fn purchases_have_numbers_of_their_own() {
    let remote = ready().await;
    remote.customer("C1").await;
    remote.invoice(super::plain_with("C1", json!({"Number": 500}))).await;
    assert_eq!(made(&remote, json!({"Number": 41})).await["Number"], 41);
    assert_eq!(made(&remote, json!({})).await["Number"], 42, "the highest and one");
    assert_eq!(remote.put("/purchases/42", json!({"Number": 50})).await.status, 201);
    assert_eq!(remote.get("/purchases?perpage=1&sortby=Number&order=desc").await.body["Data"][0]["Number"], 50);
    assert_eq!(remote.get("/nextavailableinvoicenumber").await.body, 501);
}

async fn taken(numbers: NumberMode) -> (Remote, Answer) {
    let remote = with_supplier(KashflowOptions { numbers, ..KashflowOptions::default() }).await;
    made(&remote, json!({"Number": 5, "SupplierReference": "first"})).await;
    let again = remote.post("/purchases", bill(json!({"Number": 5, "SupplierReference": "second"}))).await;
    (remote, again)
}

#[tokio::test]
async fn a_taken_purchase_number_is_refused_overwrites_or_becomes_the_next_as_for_invoices() {
    let (remote, again) = taken(NumberMode::Reject).await;
    Remote::refused(&again, 400, "DuplicatePurchaseNumber");
    assert_eq!(remote.get("/purchases/5").await.body["SupplierReference"], "first");
    let (remote, again) = taken(NumberMode::Overwrite).await;
    assert_eq!((again.status.as_u16(), remote.account.purchases().len()), (201, 1));
    assert_eq!(remote.get("/purchases/5").await.body["SupplierReference"], "second");
    let (remote, again) = taken(NumberMode::Renumber).await;
    assert_eq!((&again.body["Number"], remote.account.purchases().len()), (&json!(6), 2));
}

#[tokio::test]
async fn purchases_are_found_by_reference_supplier_and_date() {
    let remote = ready().await;
    remote.post("/suppliers", json!({"Code": "OTHER", "Name": "Other"})).await;
    made(&remote, json!({"SupplierReference": "AMZ-S-7-1-fees", "IssuedDate": "2026-10-31"})).await;
    made(&remote, json!({"SupplierReference": "AMZ-S-8-1-fees"})).await;
    made(&remote, json!({"SupplierCode": "OTHER", "SupplierReference": "X"})).await;
    let list = async |query: &str| {
        let page = remote.get(&format!("/purchases?{query}&order=asc")).await.body;
        page["Data"].as_array().unwrap().iter().map(|row| row["Number"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(list("searchtext=amz-s-8-1").await, [2]);
    assert_eq!(list("SupplierCode=amazon01").await, [1, 2]);
    assert_eq!(list("issuedatefrom=2026-10-01&issuedateto=2026-10-31").await, [1]);
    assert!(remote.get("/purchases").await.body["Data"][0].get("PaymentLines").is_none(), "rows are summaries");
}

#[tokio::test]
async fn a_purchase_line_that_is_wrong_is_refused() {
    let remote = ready().await;
    let line = |more: Value| {
        let mut line = json!({"Quantity": 1, "Rate": 1, "VATLevel": 20, "NominalCode": 6200});
        more.as_object().unwrap().iter().for_each(|(name, value)| line[name] = value.clone());
        json!({"LineItems": [line]})
    };
    for wrong in [
        json!({"SupplierCode": "NOBODY"}),
        json!({"SupplierCode": null}),
        line(json!({"NominalCode": 4711})),
        line(json!({"NominalCode": null})),
        line(json!({"NominalCode": 1250})),
        line(json!({"VATLevel": 19})),
    ] {
        Remote::refused(&remote.post("/purchases", bill(wrong)).await, 400, "ValidationError");
    }
    assert!(remote.account.purchases().is_empty());
}

#[tokio::test]
async fn a_purchase_credit_is_applied_to_a_purchase_of_its_supplier() {
    let remote = ready().await;
    let bill = made(&remote, json!({})).await;
    let lines = json!([{"Quantity": 1, "Rate": -10, "VATLevel": 20, "VATAmount": -2, "NominalCode": 6200}]);
    let credit = made(&remote, json!({"LineItems": lines})).await;
    assert_eq!(credit["GrossAmount"], -12.0);
    let path = format!("/internal/purchases/{}/credits", bill["Id"]);
    let credits = remote.get(&path).await.body;
    assert_eq!((&credits[0]["Id"], &credits[0]["Amount"]), (&credit["Id"], &json!(12.0)));
    assert_eq!(remote.post(&path, credits).await.status, 200);
    assert_eq!(remote.get("/purchases/1").await.body["DueAmount"], 138.0);
    assert_eq!(remote.get("/purchases/2").await.body["PaymentLines"][0]["IsPaymentCreditNote"], true);
    assert_eq!(remote.get("/bankaccounts/9001").await.body["IsBankEmpty"], true);
}

#[tokio::test]
async fn one_bulk_payment_pays_many_purchases_under_a_number_of_its_own_series() {
    let remote = ready().await;
    made(&remote, json!({})).await;
    made(&remote, json!({})).await;
    let items = json!([{"ObjectNumber": 1, "Amount": 150}, {"ObjectNumber": 2, "Amount": 50}]);
    let body =
        json!({"Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "Comment": "AMZB:2", "PaymentItems": items});
    let bulk = remote.post("/purchases/bulk/payments", body).await;
    assert_eq!((bulk.status.as_u16(), &bulk.body["Number"]), (201, &json!(1)));
    assert_eq!(remote.get("/invoices/bulk/payments/1").await.status, 404);
    assert_eq!(remote.get("/purchases/1").await.body["PaymentLines"][0]["BulkPaymentNumber"], 1);
    assert_eq!(remote.get("/purchases/2").await.body["Status"], "PartPaid");
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], -200.0);
    assert_eq!(remote.delete("/purchases/bulk/payments/1").await.status, 204);
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], 0.0);
}

#[tokio::test]
async fn nothing_inside_a_lock_can_be_done_to_a_purchase_but_a_payment_outside_it() {
    let remote = ready().await;
    made(&remote, json!({})).await;
    let vat_return = remote.account.submit_vat_return(date(2026, 11, 2));
    assert_eq!(remote.get("/purchases/1").await.body["VATReturnId"], vat_return);
    Remote::refused(&remote.post("/purchases", bill(json!({}))).await, 400, "TransactionLocked");
    Remote::refused(&remote.put("/purchases/1", json!({"SupplierReference": "x"})).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete("/purchases/1").await, 400, "TransactionLocked");
    // The whole document as it was read, with one payment more.
    let mut whole = remote.get("/purchases/1").await.body;
    whole["PaymentLines"] = json!([{"Date": "2026-11-03", "Amount": 150, "Method": 700_105, "AccountId": 9002}]);
    let paid = remote.put("/purchases/1", whole).await;
    assert_eq!((paid.status.as_u16(), &paid.body["Status"]), (200, &json!("Paid")));
}
