//! What people do to our other documents, at their times, before the next request.

use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::{Value, json};
use sim::kashflow::people::{Aim, Deed, Planned};

use super::{Remote, remote};

async fn ready() -> (Remote, Value, Value) {
    let remote = remote().await;
    remote.post("/suppliers", json!({"Code": "AMAZON01", "Name": "Amazon"})).await;
    let line = json!([{"Quantity": 1, "Rate": 10, "VATLevel": 20, "NominalCode": 6200}]);
    let payment = json!([{"Date": "2026-11-02", "Amount": 12, "Method": 700_105, "AccountId": 9002}]);
    let bill =
        json!({"SupplierCode": "AMAZON01", "SupplierReference": "AMZ-S-1", "LineItems": line, "PaymentLines": payment});
    assert_eq!(remote.post("/purchases", bill).await.status, 201);
    let nominal = remote.get("/nominals/4950").await.body["Id"].clone();
    let row = json!({"Date": "2026-11-02", "MoneyType": nominal, "PaidIn": 5, "Comment": "x AMZB:1"});
    let bank = remote.post("/bankaccounts/9002/transactions", row).await.body;
    let lines = json!([{"NominalCode": 1255, "Debit": 1}, {"NominalCode": 2999, "Credit": 1}]);
    let journal =
        remote.post("/journals", json!({"Date": "2026-11-02", "Note": "AMZB:2", "LineItems": lines})).await.body;
    (remote, bank, journal)
}

fn aims() -> [Aim; 3] {
    [
        Aim::Purchase { reference: "AMZ-S-1".into() },
        Aim::Bank { text: "AMZB:1".into() },
        Aim::Journal { text: "AMZB:2".into() },
    ]
}

fn plan(remote: &Remote, deeds: impl IntoIterator<Item = Deed>) {
    let at = remote.clock.now() + SignedDuration::from_mins(1);
    remote.account.schedule(deeds.into_iter().map(|deed| Planned { at, deed }).collect());
}

#[tokio::test]
async fn a_person_edits_a_bill_a_bank_transaction_and_a_journal() {
    let (remote, bank, _) = ready().await;
    plan(&remote, aims().map(|aim| Deed::EditOther { aim }));
    assert_eq!(remote.get("/purchases/1").await.body["NetAmount"], 10.0, "not before its time");
    remote.pass(2).await;
    assert_eq!(remote.get("/purchases/1").await.body["NetAmount"], 11.0);
    let row = remote.get(&format!("/bankaccounts/9002/transactions/{}", bank["Id"])).await.body;
    assert_eq!((&row["Comment"], &row["PaidIn"]), (&json!("edited by hand"), &json!(5.0)));
    assert_eq!(remote.get("/journals/1").await.body["Note"], "edited by hand");
    assert_eq!(remote.account.people_done().len(), 3);
}

#[tokio::test]
async fn a_person_deletes_them_and_the_books_are_empty() {
    let (remote, bank, _) = ready().await;
    plan(&remote, aims().map(|aim| Deed::DeleteOther { aim }));
    remote.pass(2).await;
    assert_eq!(remote.get("/purchases/1").await.status, 404);
    assert_eq!(remote.get(&format!("/bankaccounts/9002/transactions/{}", bank["Id"])).await.status, 404);
    assert_eq!(remote.get("/journals/1").await.status, 404);
    assert!(remote.account.postings().is_empty());
    assert!(remote.account.balances().values().all(|balance| balance.is_zero()));
}

#[tokio::test]
async fn a_deed_waits_until_the_document_it_aims_at_is_there() {
    let (remote, ..) = ready().await;
    plan(&remote, [Deed::DeleteOther { aim: Aim::Bank { text: "AMZB:9".into() } }]);
    remote.pass(2).await;
    remote.get("/journals").await;
    assert!(remote.account.people_done().is_empty());
}

#[tokio::test]
async fn a_person_locks_a_bank_account_and_submits_a_vat_return() {
    let (remote, bank, _) = ready().await;
    let until = date(2026, 11, 2);
    plan(&remote, [Deed::LockBank { account: 9002, until }, Deed::SubmitVatReturn { until }]);
    remote.pass(2).await;
    let path = format!("/bankaccounts/9002/transactions/{}", bank["Id"]);
    Remote::refused(&remote.delete(&path).await, 400, "TransactionLocked");
    Remote::refused(&remote.put("/purchases/1", json!({"SupplierReference": "x"})).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete("/journals/1").await, 400, "TransactionLocked");
    assert_eq!(remote.account.locked_until(), None, "neither is the accountant's lock");
}
