use jiff::civil::date;
use serde_json::{Value, json};
use sim::{KashflowOptions, PaymentLinesMode};

use super::{Remote, plain, plain_with, remote, remote_with};

fn paid(amount: f64) -> Value {
    json!({"PaymentLines": [{"Date": "2026-11-02 00:00:00", "Amount": amount, "Method": 700_105, "AccountId": 9002, "Note": "p1"}]})
}

#[tokio::test]
async fn an_invoice_is_paid_in_the_post_that_makes_it_and_shows_in_the_bank() {
    let remote = remote().await;
    remote.customer("C1").await;
    let made = remote.invoice(plain_with("C1", paid(24.0))).await;
    assert_eq!(
        (&made["Status"], &made["DueAmount"], &made["TotalPaidAmount"]),
        (&json!("Paid"), &json!(0.0), &json!(24.0))
    );
    let bank = remote.get("/bankaccounts/9002/transactions").await.body;
    assert_eq!(bank["MetaData"]["TotalRecords"], 1);
    let row = &bank["Data"][0];
    assert_eq!((&row["TransactionType"], &row["PaidIn"], &row["Balance"]), (&json!(1), &json!(24.0), &json!(24.0)));
    assert_eq!((&row["ResourceNumber"], &row["Comment"]), (&json!(1), &json!("p1")));
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], 24.0);
}

#[tokio::test]
async fn a_put_without_payment_lines_keeps_them_and_one_with_them_is_the_full_set() {
    let remote = remote().await;
    remote.customer("C1").await;
    let made = remote.invoice(plain_with("C1", paid(10.0))).await;
    assert_eq!(made["Status"], "PartPaid");
    let id = &made["PaymentLines"][0]["Id"];
    let kept = remote.put("/invoices/1", json!({"CustomerReference": "x"})).await.body;
    assert_eq!(&kept["PaymentLines"][0]["Id"], id);
    let more = json!({"PaymentLines": [{"Id": id}, {"Amount": 14, "Method": 700_105, "AccountId": 9002}]});
    let both = remote.put("/invoices/1", more).await.body;
    assert_eq!((both["PaymentLines"].as_array().unwrap().len(), &both["Status"]), (2, &json!("Paid")));
    assert_eq!(&both["PaymentLines"][0]["Id"], id);
    assert_eq!(both["PaymentLines"][0]["Amount"], 10.0);
    Remote::refused(&remote.put("/invoices/1", json!({"PaymentLines": [{"Id": 1}]})).await, 400, "ValidationError");
    let none = remote.put("/invoices/1", json!({"PaymentLines": []})).await.body;
    assert_eq!((&none["Status"], &none["PaymentLines"]), (&json!("Unpaid"), &json!([])));
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], 0.0);
}

#[tokio::test]
async fn an_invoice_with_payments_is_not_deleted() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain_with("C1", paid(24.0))).await;
    Remote::refused(&remote.delete("/invoices/1").await, 400, "InvoiceHasPayments");
}

#[tokio::test]
async fn a_locked_bank_account_refuses_payments_up_to_its_day() {
    let remote = remote().await;
    remote.customer("C1").await;
    let lock = json!({"TransactionLockEnabled": true, "TransactionLockDate": "2026-11-02"});
    assert_eq!(remote.put("/bankaccounts/9002", lock).await.body["TransactionLockDate"], "2026-11-02");
    Remote::refused(&remote.post("/invoices", plain_with("C1", paid(24.0))).await, 400, "TransactionLocked");
    assert_eq!(remote.post("/invoices", plain("C1")).await.status, 201);
    remote.account.lock_until(Some(date(2026, 11, 1)));
    assert_eq!(remote.put("/bankaccounts/9002", json!({"TransactionLockEnabled": false})).await.status, 200);
    assert_eq!(remote.put("/invoices/1", paid(24.0)).await.status, 200);
}

#[tokio::test]
async fn a_bulk_payment_pays_several_invoices_or_none() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    remote.invoice(plain("C1")).await;
    let bulk = |second: i64| {
        json!({
            "Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "Comment": "settlement AMZB:0a1b",
            "PaymentItems": [{"ObjectNumber": 1, "Amount": 24}, {"ObjectNumber": second, "Amount": 4}],
        })
    };
    Remote::refused(&remote.post("/invoices/bulk/payments", bulk(99)).await, 400, "ValidationError");
    assert_eq!(remote.get("/invoices/1").await.body["Status"], "Unpaid");
    let made = remote.post("/Invoices/Bulk/Payments", bulk(2)).await;
    assert_eq!((made.status.as_u16(), &made.body["Number"]), (201, &json!(1)));
    assert_eq!(remote.get("/invoices/1").await.body["PaymentLines"][0]["BulkPaymentNumber"], 1);
    assert_eq!(remote.get("/invoices/2").await.body["Status"], "PartPaid");
    assert_eq!(remote.get("/invoices/bulk/payments/1").await.body["PaymentItems"][1]["Amount"], 4.0);
    assert_eq!(remote.delete("/invoices/bulk/payments/1").await.status, 204);
    assert_eq!(remote.get("/invoices/1").await.body["Status"], "Unpaid");
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], 0.0);
}

#[tokio::test]
async fn a_credit_note_applied_is_a_pair_that_sums_to_nothing_and_no_money() {
    let remote = remote().await;
    remote.customer("C1").await;
    let invoice = remote.invoice(plain("C1")).await;
    let lines =
        json!({"LineItems": [{"Quantity": 1, "Rate": -10, "VATLevel": 20, "VATAmount": -2, "NominalCode": 4000}]});
    let note = remote.invoice(plain_with("C1", lines)).await;
    assert_eq!((&note["GrossAmount"], &note["Type"]), (&json!(-12.0), &json!("CreditNote")));
    let path = format!("/internal/invoices/{}/credits", invoice["Id"]);
    let credits = remote.get(&path).await.body;
    assert_eq!(credits.as_array().unwrap().len(), 1);
    assert_eq!((&credits[0]["Id"], &credits[0]["Amount"]), (&note["Id"], &json!(12.0)));
    assert_eq!(remote.get("/internal/invoices/1/credits").await.status, 404, "the id is wanted, not the number");
    assert_eq!(remote.post(&path, json!([credits[0]])).await.status, 200);
    let (invoice, note) = (remote.get("/invoices/1").await.body, remote.get("/invoices/2").await.body);
    assert_eq!((&invoice["DueAmount"], &note["DueAmount"]), (&json!(12.0), &json!(0.0)));
    assert_eq!((&note["Status"], &invoice["PaymentLines"][0]["Amount"]), (&json!("Paid"), &json!(12.0)));
    assert_eq!(note["PaymentLines"][0]["Amount"], -12.0);
    assert_eq!(invoice["PaymentLines"][0]["IsPaymentCreditNote"], true);
    for account in remote.get("/bankaccounts").await.body.as_array().unwrap() {
        assert_eq!((&account["BankBalance"], &account["IsBankEmpty"]), (&json!(0.0), &json!(true)));
    }
    assert_eq!(remote.get(&path).await.body, json!([]));
    Remote::refused(&remote.post(&path, json!([credits[0]])).await, 400, "ValidationError");
}

#[tokio::test]
async fn bank_balances_run_by_day_and_page_both_ways() {
    let remote = remote().await;
    remote.customer("C1").await;
    for day in 1..=3 {
        let line =
            json!([{"Date": format!("2026-11-0{day}"), "Amount": 10 * day, "Method": 700_105, "AccountId": 9002}]);
        remote.invoice(plain_with("C1", json!({"PaymentLines": line}))).await;
    }
    let page = remote.get("/bankaccounts/9002/transactions?order=asc&perpage=2&page=2&startdate=2026-11-01").await.body;
    assert_eq!((&page["Data"][0]["Balance"], &page["MetaData"]["ClosingBalance"]), (&json!(60.0), &json!(60.0)));
    let window = remote.get("/bankaccounts/9002/transactions?startdate=2026-11-02&enddate=2026-11-02").await.body;
    assert_eq!((&window["MetaData"]["OpeningBalance"], &window["Data"][0]["PaidIn"]), (&json!(10.0), &json!(20.0)));
}

#[tokio::test]
async fn payment_lines_that_a_put_leaves_out_stay_in_mode_append() {
    let options = KashflowOptions { payment_lines: PaymentLinesMode::Append, ..KashflowOptions::default() };
    let remote = remote_with(options).await;
    remote.customer("C1").await;
    remote.invoice(plain_with("C1", paid(10.0))).await;
    let more = json!({"PaymentLines": [{"Amount": 14, "Method": 700_105, "AccountId": 9002}]});
    let both = remote.put("/invoices/1", more).await.body;
    assert_eq!((both["PaymentLines"].as_array().unwrap().len(), &both["Status"]), (2, &json!("Paid")));
    assert_eq!(remote.put("/invoices/1", json!({"PaymentLines": []})).await.body["TotalPaidAmount"], 24.0);
}

#[tokio::test]
async fn a_credit_note_is_paid_back_with_a_negative_payment() {
    let remote = remote().await;
    remote.customer("C1").await;
    let lines = json!([{"Quantity": 1, "Rate": -10, "VATLevel": 20, "VATAmount": -2, "NominalCode": 4070}]);
    let payment = json!([{"Date": "2026-11-02", "Amount": -12, "Method": 700_105, "AccountId": 9002}]);
    let note = remote.invoice(plain_with("C1", json!({"LineItems": lines, "PaymentLines": payment}))).await;
    assert_eq!((&note["Status"], &note["DueAmount"]), (&json!("Paid"), &json!(0.0)));
    let row = &remote.get("/bankaccounts/9002/transactions").await.body["Data"][0];
    assert_eq!((&row["PaidOut"], &row["TransactionType"]), (&json!(12.0), &json!(1)));
}

#[tokio::test]
async fn a_put_replaces_a_bulk_payment_and_its_lines_keep_their_ids() {
    let remote = remote().await;
    remote.customer("C1").await;
    for _ in 0..3 {
        remote.invoice(plain("C1")).await;
    }
    let bulk =
        |items: Value| json!({"Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "PaymentItems": items});
    let items = json!([{"ObjectNumber": 1, "Amount": 24}, {"ObjectNumber": 2, "Amount": 24}]);
    remote.post("/invoices/bulk/payments", bulk(items)).await;
    let id = remote.get("/invoices/1").await.body["PaymentLines"][0]["Id"].clone();
    let items = json!([{"ObjectNumber": 1, "Amount": 4}, {"ObjectNumber": 3, "Amount": 24}]);
    let changed = remote.put("/invoices/bulk/payments/1", bulk(items)).await;
    assert_eq!((changed.status.as_u16(), &changed.body["Number"]), (200, &json!(1)));
    let lines = remote.get("/invoices/1").await.body["PaymentLines"].clone();
    assert_eq!((lines.as_array().unwrap().len(), &lines[0]["Id"], &lines[0]["Amount"]), (1, &id, &json!(4.0)));
    assert_eq!(remote.get("/invoices/2").await.body["Status"], "Unpaid");
    let wrong = bulk(json!([{"ObjectNumber": 99, "Amount": 4}]));
    Remote::refused(&remote.put("/invoices/bulk/payments/1", wrong).await, 400, "ValidationError");
    assert_eq!(remote.get("/invoices/3").await.body["Status"], "Paid", "a refused change changes nothing");
    let twice = bulk(json!([{"ObjectNumber": 1, "Amount": 1}, {"ObjectNumber": 1, "Amount": 1}]));
    Remote::refused(&remote.post("/invoices/bulk/payments", twice).await, 400, "ValidationError");
}

#[tokio::test]
async fn a_line_that_leaves_its_invoice_leaves_its_bulk_payment() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    remote.invoice(plain("C1")).await;
    let items = json!([{"ObjectNumber": 1, "Amount": 24}, {"ObjectNumber": 2, "Amount": 24}]);
    let body = json!({"Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "PaymentItems": items});
    remote.post("/invoices/bulk/payments", body).await;
    remote.put("/invoices/1", json!({"PaymentLines": []})).await;
    assert_eq!(remote.get("/invoices/bulk/payments/1").await.body["PaymentItems"].as_array().unwrap().len(), 1);
    remote.put("/invoices/2", json!({"PaymentLines": []})).await;
    assert_eq!(remote.get("/invoices/bulk/payments/1").await.status, 404);
}

#[tokio::test]
async fn half_of_an_applied_credit_takes_the_other_half_with_it() {
    let remote = remote().await;
    remote.customer("C1").await;
    let invoice = remote.invoice(plain("C1")).await;
    let lines = json!([{"Quantity": 1, "Rate": -10, "VATLevel": 20, "VATAmount": -2, "NominalCode": 4070}]);
    remote.invoice(plain_with("C1", json!({"LineItems": lines}))).await;
    let path = format!("/internal/invoices/{}/credits", invoice["Id"]);
    let credits = remote.get(&path).await.body;
    remote.post(&path, credits).await;
    remote.put("/invoices/1", json!({"PaymentLines": []})).await;
    let note = remote.get("/invoices/2").await.body;
    assert_eq!((&note["DueAmount"], &note["PaymentLines"]), (&json!(-12.0), &json!([])));
    assert_eq!(remote.get(&path).await.body[0]["Amount"], 12.0, "it can be applied again");
}

#[tokio::test]
async fn what_was_paid_too_much_is_a_credit_for_another_invoice() {
    let remote = remote().await;
    remote.customer("C1").await;
    let over = remote.invoice(plain_with("C1", paid(30.0))).await;
    assert_eq!((&over["Status"], &over["DueAmount"]), (&json!("Overpaid"), &json!(-6.0)));
    let invoice = remote.invoice(plain("C1")).await;
    let path = format!("/internal/invoices/{}/credits", invoice["Id"]);
    let credits = remote.get(&path).await.body;
    assert_eq!((&credits[0]["Type"], &credits[0]["Amount"]), (&json!("OverPayment"), &json!(6.0)));
    assert_eq!(credits[0]["Id"], over["PaymentLines"][0]["Id"]);
    remote.post(&path, credits).await;
    assert_eq!(remote.get("/invoices/1").await.body["Status"], "Paid");
    assert_eq!(remote.get("/invoices/2").await.body["DueAmount"], 18.0);
}

#[tokio::test]
async fn an_unallocated_payment_stays_in_the_bank_as_money_on_account_and_is_applied_again() {
    let remote = remote().await;
    remote.customer("C1").await;
    let first = remote.invoice(plain_with("C1", paid(24.0))).await;
    let path = format!("/internal/invoices/1/payments/{}/unallocate", first["PaymentLines"][0]["Id"]);
    let id = remote.post(&path, json!({})).await.body["Id"].clone();
    assert_eq!(remote.get("/invoices/1").await.body["Status"], "Unpaid");
    let row = &remote.get("/bankaccounts/9002/transactions").await.body["Data"][0];
    assert_eq!((&row["Id"], &row["TransactionType"], &row["PaidIn"]), (&id, &json!(0), &json!(24.0)));
    assert_eq!((&row["CustomerCode"], &row["Type"]), (&json!("C1"), &json!("Trade Debtors")));
    let lines = json!([{"Quantity": 1, "Rate": 10, "VATLevel": 0, "NominalCode": 4000}]);
    let other = remote.invoice(plain_with("C1", json!({"LineItems": lines}))).await;
    let path = format!("/internal/invoices/{}/credits", other["Id"]);
    let credits = remote.get(&path).await.body;
    assert_eq!((&credits[0]["Id"], &credits[0]["Type"]), (&id, &json!("AdvancePayment")));
    remote.post(&path, json!([credits[0]])).await;
    assert_eq!(remote.get("/invoices/2").await.body["Status"], "Paid");
    assert_eq!(remote.get(&format!("/bankaccounts/9002/transactions/{id}")).await.body["PaidIn"], 14.0);
    assert_eq!(remote.get("/bankaccounts/9002").await.body["BankBalance"], 24.0, "no money moved");
    assert_eq!(remote.post("/internal/invoices/1/payments/1/unallocate", json!({})).await.status, 404);
}
