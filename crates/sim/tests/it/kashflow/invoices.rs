use jiff::civil::date;
use serde_json::json;
use sim::{KashflowOptions, NumberMode};

use super::{Remote, plain, plain_with, remote, remote_with};

#[tokio::test]
async fn totals_come_from_the_lines_and_what_a_header_claims_is_ignored() {
    let remote = remote().await;
    remote.customer("C1").await;
    let made = remote
        .post(
            "/invoices",
            json!({
                "customercode": "c1", "CustomerReference": "AMZ-203-1", "issueddate": "2026-11-02 00:00:00",
                "NetAmount": 1, "GrossAmount": 1, "Status": "Paid", "Id": 3,
                "lineitems": [
                    {"Quantity": 2, "Rate": 2.78, "VATLevel": 20, "VATAmount": 1.11, "NominalCode": 4000},
                    {"Quantity": 1, "Rate": "2.77", "VATLevel": "20.0", "VATAmount": 0.56, "NominalCode": "4000"},
                    {"Quantity": 1, "Rate": -1.50, "VATLevel": 20, "NominalCode": 4060},
                ],
            }),
        )
        .await;
    assert_eq!(made.status, 201);
    assert_eq!(made.location.as_deref(), Some(format!("{}/invoices/1", remote.base).as_str()));
    let got = remote.get("/Invoices/1").await.body;
    assert_eq!(got, made.body);
    assert_eq!(got["NetAmount"], 6.83);
    assert_eq!(got["VATAmount"], 1.37);
    assert_eq!(got["GrossAmount"], 8.2);
    assert_eq!((&got["DueAmount"], &got["Status"]), (&json!(8.2), &json!("Unpaid")));
    assert_eq!(got["LineItems"][2]["VATAmount"], -0.3, "VAT that is not given is computed, half away from zero");
    assert_eq!(got["IssuedDate"], "2026-11-02 12:00:00");
    assert_eq!(got["CustomerCode"], "C1");
    assert_ne!(got["Id"], 3);
}

#[tokio::test]
async fn the_next_number_is_the_highest_and_one() {
    let remote = remote().await;
    remote.customer("C1").await;
    assert_eq!(remote.get("/nextavailableinvoicenumber").await.body, json!(1));
    assert_eq!(remote.invoice(plain_with("C1", json!({"Number": 41}))).await["Number"], 41);
    assert_eq!(remote.invoice(plain_with("C1", json!({"Number": 7}))).await["Number"], 7);
    assert_eq!(remote.invoice(plain_with("C1", json!({"Number": 0}))).await["Number"], 42);
    assert_eq!(remote.get("/nextavailableinvoicenumber").await.body, json!(43));
    let between = remote.get("/invoices/41").await.body;
    assert_eq!((&between["PreviousNumber"], &between["NextNumber"]), (&json!(7), &json!(42)));
}

async fn taken_number(numbers: NumberMode) -> (Remote, super::Answer) {
    let remote = remote_with(KashflowOptions { numbers, ..KashflowOptions::default() }).await;
    remote.customer("C1").await;
    remote.invoice(plain_with("C1", json!({"Number": 5, "CustomerReference": "first"}))).await;
    let again = remote.post("/invoices", plain_with("C1", json!({"Number": 5, "CustomerReference": "second"}))).await;
    (remote, again)
}

#[tokio::test]
async fn a_taken_number_is_refused_by_default() {
    let (remote, again) = taken_number(NumberMode::Reject).await;
    Remote::refused(&again, 400, "DuplicateInvoiceNumber");
    assert_eq!(remote.get("/invoices/5").await.body["CustomerReference"], "first");
    assert_eq!(remote.account.invoices().len(), 1);
}

#[tokio::test]
async fn a_taken_number_overwrites_in_mode_overwrite() {
    let (remote, again) = taken_number(NumberMode::Overwrite).await;
    assert_eq!((again.status.as_u16(), &again.body["Number"]), (201, &json!(5)));
    assert_eq!(remote.get("/invoices/5").await.body["CustomerReference"], "second");
    assert_eq!(remote.account.invoices().len(), 1);
    assert_eq!(remote.get("/invoices?searchtext=first").await.body["MetaData"]["TotalRecords"], 0);
}

#[tokio::test]
async fn a_taken_number_becomes_the_next_one_in_mode_renumber() {
    let (remote, again) = taken_number(NumberMode::Renumber).await;
    assert_eq!((again.status.as_u16(), &again.body["Number"]), (201, &json!(6)));
    assert_eq!(remote.account.invoices().len(), 2);
}

#[tokio::test]
async fn what_does_not_exist_is_refused() {
    let remote = remote().await;
    remote.customer("C1").await;
    let line = |more: serde_json::Value| {
        let mut line = json!({"Quantity": 1, "Rate": 1, "VATLevel": 20, "NominalCode": 4000});
        more.as_object().unwrap().iter().for_each(|(name, value)| line[name] = value.clone());
        json!({"LineItems": [line]})
    };
    let payment = |more: serde_json::Value| {
        let mut payment = json!({"Amount": 1, "AccountId": 9002, "Method": 700_105});
        more.as_object().unwrap().iter().for_each(|(name, value)| payment[name] = value.clone());
        json!({"PaymentLines": [payment]})
    };
    for wrong in [
        json!({"CustomerCode": "NOBODY"}),
        json!({"CustomerCode": null}),
        line(json!({"NominalCode": 4711})),
        line(json!({"VATLevel": 19})),
        line(json!({"ProductCode": "NONE"})),
        line(json!({"Rate": "abc"})),
        line(json!({"Rate": 1e20})),
        payment(json!({"AccountId": 1})),
        payment(json!({"Method": 1})),
        payment(json!({"Amount": null})),
        json!({"Currency": {"Code": "XYZ"}}),
        json!({"Currency": {"Code": "EUR", "ExchangeRate": 0}}),
        json!({"IssuedDate": "yesterday"}),
        json!({"Number": -1}),
    ] {
        Remote::refused(&remote.post("/invoices", plain_with("C1", wrong)).await, 400, "ValidationError");
    }
    assert!(remote.account.invoices().is_empty());
    let exempt = line(json!({"VATLevel": 19, "VATExempt": 1, "VATAmount": 0}));
    assert_eq!(remote.post("/invoices", plain_with("C1", exempt)).await.status, 201);
}

#[tokio::test]
async fn a_foreign_invoice_is_kept_in_both_currencies() {
    let remote = remote().await;
    remote.customer("C1").await;
    let made = remote.invoice(plain_with("C1", json!({"Currency": {"Code": "EUR", "ExchangeRate": 1.25}}))).await;
    assert_eq!((&made["GrossAmount"], &made["HomeCurrencyGrossAmount"]), (&json!(24.0), &json!(19.2)));
    assert_eq!(made["LineItems"][0]["HomeCurrencyRate"], 16.0);
    let unrated = remote.invoice(plain_with("C1", json!({"Currency": {"Code": "EUR"}}))).await;
    assert_eq!(unrated["Currency"]["ExchangeRate"], 1.17, "the account's own rate");
}

#[tokio::test]
async fn rates_keep_four_decimals_or_two_by_option() {
    let body = |code| {
        plain_with(code, json!({"LineItems": [{"Quantity": 3, "Rate": 2.7767, "VATLevel": 0, "NominalCode": 4000}]}))
    };
    for (rate_scale, rate, net) in [(4, 2.7767, 8.33), (2, 2.78, 8.34)] {
        let remote = remote_with(KashflowOptions { rate_scale, ..KashflowOptions::default() }).await;
        remote.customer("C1").await;
        let made = remote.invoice(body("C1")).await;
        assert_eq!((&made["LineItems"][0]["Rate"], &made["NetAmount"]), (&json!(rate), &json!(net)));
    }
}

#[tokio::test]
async fn a_put_replaces_lines_and_a_new_number_is_a_201() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    let lines = json!({"LineItems": [{"Quantity": 1, "Rate": 5, "VATLevel": 0, "NominalCode": 4000}]});
    let changed = remote.put("/invoices/1", lines).await;
    assert_eq!((changed.status.as_u16(), &changed.body["GrossAmount"]), (200, &json!(5.0)));
    assert_eq!(changed.body["CustomerCode"], "C1", "what a PUT does not say stays");
    let moved = remote.put("/invoices/1", json!({"Number": 9})).await;
    assert_eq!((moved.status.as_u16(), &moved.body["Number"]), (201, &json!(9)));
    assert_eq!(remote.get("/invoices/1").await.status, 404);
    remote.invoice(plain("C1")).await;
    Remote::refused(&remote.put("/invoices/9", json!({"Number": 10})).await, 400, "DuplicateInvoiceNumber");
}

#[tokio::test]
async fn a_deleted_invoice_is_gone_everywhere() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain_with("C1", json!({"CustomerReference": "AMZ-1"}))).await;
    assert_eq!(remote.delete("/invoices/1").await.status, 204);
    assert_eq!(remote.get("/invoices/1").await.status, 404);
    assert_eq!(remote.get("/invoices?searchtext=AMZ-1").await.body["Data"], json!([]));
    assert_eq!(remote.get("/customers/C1").await.body["InvoiceCount"], 0);
}

#[tokio::test]
async fn nothing_inside_a_lock_can_be_made_changed_or_deleted() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    remote.account.lock_until(Some(date(2026, 11, 2)));
    Remote::refused(&remote.post("/invoices", plain("C1")).await, 400, "TransactionLocked");
    Remote::refused(&remote.put("/invoices/1", json!({"CustomerReference": "x"})).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete("/invoices/1").await, 400, "TransactionLocked");
    let after = remote.post("/invoices", plain_with("C1", json!({"IssuedDate": "2026-11-03"}))).await;
    assert_eq!(after.status, 201);
    Remote::refused(&remote.put("/invoices/2", json!({"IssuedDate": "2026-11-01"})).await, 400, "TransactionLocked");
    remote.account.lock_until(None);
    assert_eq!(remote.delete("/invoices/1").await.status, 204);
}

#[tokio::test]
async fn the_plan_limit_stops_new_invoices_until_the_next_month() {
    let remote = remote_with(KashflowOptions { invoice_limit: Some(2), ..KashflowOptions::default() }).await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    assert_eq!(remote.get("/invoices").await.body["MetaData"]["InvoiceLimitReached"], false);
    remote.invoice(plain("C1")).await;
    assert_eq!(remote.get("/invoicecountforsubscriptioncycle").await.body, json!(2));
    assert_eq!(remote.get("/invoices").await.body["MetaData"]["InvoiceLimitReached"], true);
    Remote::refused(&remote.post("/invoices", plain("C1")).await, 400, "InvoiceLimitReached");
    remote.pass(30 * 24 * 60).await;
    let mut remote = remote;
    remote.token = remote.log_in().await;
    assert_eq!(remote.post("/invoices", plain("C1")).await.status, 201);
}

#[tokio::test]
async fn an_awkward_reference_comes_back_as_it_was() {
    let remote = remote().await;
    remote.customer("C1").await;
    let reference = "Robert'); DROP TABLE \"x\" \\ Zoë 🎂\n2";
    remote.invoice(plain_with("C1", json!({"CustomerReference": reference}))).await;
    assert_eq!(remote.get("/invoices/1").await.body["CustomerReference"], reference);
}
