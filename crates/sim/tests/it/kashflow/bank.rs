use jiff::civil::date;
use serde_json::{Value, json};
use sim::kashflow::{Side, Transfer, VatRate, VatSum};
use sim::{KashflowOptions, MoneyType};

use super::{Answer, Remote, remote, remote_with};

const CLEARING: &str = "/bankaccounts/9002/transactions";
const CURRENT: &str = "/bankaccounts/9001/transactions";

/// The internal id of a nominal code, which is what `MoneyType` means.
async fn id(remote: &Remote, code: i64) -> Value {
    remote.get(&format!("/nominals/{code}")).await.body["Id"].clone()
}

async fn post(remote: &Remote, path: &str, nominal: i64, more: Value) -> Answer {
    let mut body = json!({"Date": "2026-11-02 00:00:00", "MoneyType": id(remote, nominal).await});
    more.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
    remote.post(path, body).await
}

#[tokio::test]
async fn a_fee_with_vat_leaves_the_account_and_its_vat_is_input() {
    let remote = remote().await;
    let fee = json!({"PaidOut": 12, "VATAble": true, "VATRate": 20, "VATAmount": 2, "Comment": "fees AMZB:0a1b"});
    let made = post(&remote, CLEARING, 6200, fee).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.location, Some(format!("{}{CLEARING}/{}", remote.base, made.body["Id"])));
    let got = remote.get(&format!("{CLEARING}/{}", made.body["Id"])).await.body;
    assert_eq!(got, made.body);
    assert_eq!((&got["TransactionType"], &got["Type"]), (&json!(0), &json!("Amazon selling fees")));
    assert_eq!((&got["PaidOut"], &got["VATAmount"], &got["Balance"]), (&json!(12.0), &json!(2.0), &json!(-12.0)));
    let balances = remote.account.balances();
    assert_eq!([1250, 6200, 2201].map(|code| balances[&code].to_string()), ["-12", "10", "2"]);
    let rate = VatRate { side: Side::Purchases, level: 20.into(), exempt: false };
    assert_eq!(remote.account.vat()[&rate], VatSum { net: 10.into(), vat: 2.into() });
}

#[tokio::test]
async fn money_in_without_vat_is_income_and_in_no_box() {
    let remote = remote().await;
    let made = post(&remote, CLEARING, 4930, json!({"PaidIn": 6.4, "Comment": "WAREHOUSE_DAMAGE"})).await;
    assert_eq!((&made.body["PaidIn"], &made.body["VATAble"]), (&json!(6.4), &json!(false)));
    assert!(remote.account.vat().is_empty());
    let computed = post(&remote, CLEARING, 4950, json!({"PaidIn": 6.05, "VATAble": true, "VATRate": 20})).await;
    assert_eq!(computed.body["VATAmount"], 1.01, "half away from zero");
}

#[tokio::test]
async fn a_transfer_is_one_id_in_two_lists() {
    let remote = remote().await;
    let made = post(&remote, CLEARING, 1200, json!({"PaidOut": 36.14, "Comment": "payout AMZB:1"})).await;
    let near = &remote.get(CLEARING).await.body["Data"][0];
    let far = &remote.get(CURRENT).await.body["Data"][0];
    assert_eq!((&near["Id"], &far["Id"]), (&made.body["Id"], &made.body["Id"]));
    assert_eq!((&near["TransactionType"], &far["TransactionType"]), (&json!(0), &json!(6)));
    assert_eq!((&near["PaidOut"], &far["PaidIn"]), (&json!(36.14), &json!(36.14)));
    assert_eq!((&near["Type"], &far["Type"]), (&json!("Current Account"), &json!("Amazon clearing")));
    assert_eq!((&near["AccountId"], &far["AccountId"]), (&json!(9002), &json!(9002)));
    assert_eq!(far["MoneyType"], id(&remote, 1250).await);
    let expected = Transfer {
        id: made.body["Id"].as_i64().unwrap(),
        date: date(2026, 11, 2),
        from: 1250,
        to: 1200,
        amount: "36.14".parse().unwrap(),
        comment: "payout AMZB:1".to_owned(),
    };
    assert_eq!(remote.account.transfers(), [expected]);
    assert_eq!(remote.delete(&format!("{CURRENT}/{}", made.body["Id"])).await.status, 204);
    assert_eq!(remote.get(CLEARING).await.body["Data"], json!([]));
    Remote::refused(
        &post(&remote, CLEARING, 1200, json!({"PaidOut": 12, "VATAble": true, "VATRate": 20})).await,
        400,
        "ValidationError",
    );
}

#[tokio::test]
async fn a_put_changes_what_it_says() {
    let remote = remote().await;
    let made =
        post(&remote, CLEARING, 6200, json!({"PaidOut": 12, "VATAble": true, "VATRate": 20, "Comment": "x"})).await;
    let path = format!("{CLEARING}/{}", made.body["Id"]);
    let changed = remote.put(&path, json!({"PaidOut": 24, "Date": "2026-11-05"})).await;
    assert_eq!(changed.status, 200);
    assert_eq!((&changed.body["VATAmount"], &changed.body["Comment"]), (&json!(4.0), &json!("x")));
    let moved = remote.put(&path, json!({"MoneyType": id(&remote, 1255).await, "VATAble": false})).await.body;
    assert_eq!(moved["Type"], "Amazon reserve");
    assert_eq!(remote.get("/bankaccounts/9008").await.body["BankBalance"], 24.0, "it is a transfer now");
    Remote::refused(
        &remote.put(&format!("/bankaccounts/9008/transactions/{}", made.body["Id"]), json!({"PaidIn": 1})).await,
        400,
        "ValidationError",
    );
    assert!(remote.account.balances()[&2201].is_zero());
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let remote = remote().await;
    for (nominal, wrong) in [
        (6200, json!({"PaidIn": 1, "PaidOut": 1})),
        (6200, json!({"PaidOut": -1})),
        (6200, json!({"PaidOut": 0})),
        (6200, json!({})),
        (6200, json!({"PaidOut": 1, "MoneyType": 4_711})),
        (6200, json!({"PaidOut": 1, "MoneyType": null})),
        (6200, json!({"PaidOut": 1, "MoneyType": 6200})),
        (6200, json!({"PaidOut": 1, "VATAble": true, "VATRate": 19})),
        (6200, json!({"PaidOut": 1, "VATAble": true, "VATRate": 20, "VATAmount": 2})),
        (6200, json!({"PaidOut": 1, "SupplierCode": "NOBODY"})),
        (1250, json!({"PaidOut": 1})),
    ] {
        Remote::refused(&post(&remote, CLEARING, nominal, wrong).await, 400, "ValidationError");
    }
    assert_eq!(remote.post("/bankaccounts/1/transactions", json!({"PaidOut": 1})).await.status, 404);
    assert!(remote.account.bank_transactions().is_empty());
}

#[tokio::test]
async fn money_type_is_the_nominal_code_where_the_account_takes_it_so() {
    let remote =
        remote_with(KashflowOptions { money_type: MoneyType::NominalCode, ..KashflowOptions::default() }).await;
    let made = remote.post(CLEARING, json!({"Date": "2026-11-02", "MoneyType": 6200, "PaidOut": 1})).await;
    assert_eq!((made.status.as_u16(), &made.body["MoneyType"]), (201, &json!(6200)));
}

#[tokio::test]
async fn the_list_is_found_by_day_and_by_text_in_the_comment() {
    let remote = remote().await;
    for day in 1..=5 {
        let more = json!({"Date": format!("2026-11-0{day}"), "PaidIn": day, "Comment": format!("row AMZB:{day}f")});
        post(&remote, CLEARING, 4950, more).await;
    }
    let window = remote.get(&format!("{CLEARING}?startdate=2026-11-02&enddate=2026-11-04&order=asc")).await.body;
    assert_eq!(window["MetaData"]["TotalRecords"], 3);
    assert_eq!(
        (&window["MetaData"]["OpeningBalance"], &window["MetaData"]["ClosingBalance"]),
        (&json!(1.0), &json!(10.0))
    );
    let balances: Vec<f64> =
        window["Data"].as_array().unwrap().iter().map(|row| row["Balance"].as_f64().unwrap()).collect();
    assert_eq!(balances, [3.0, 6.0, 10.0]);
    let found = remote.get(&format!("{CLEARING}?searchtext=amzb:3F")).await.body;
    assert_eq!((&found["MetaData"]["TotalRecords"], &found["Data"][0]["PaidIn"]), (&json!(1), &json!(3.0)));
    assert_eq!(remote.get(&format!("{CLEARING}?reconciled=true")).await.body["Data"], json!([]));
}

#[tokio::test]
async fn a_new_bank_transaction_is_found_later_where_search_lags() {
    let remote = remote_with(KashflowOptions { search_lag_s: 120, ..KashflowOptions::default() }).await;
    remote.pass(3).await;
    let made = post(&remote, CLEARING, 4950, json!({"PaidIn": 1, "Comment": "AMZB:1"})).await;
    assert_eq!(remote.get(CLEARING).await.body["Data"], json!([]));
    assert_eq!(remote.get(&format!("{CLEARING}/{}", made.body["Id"])).await.status, 200);
    remote.pass(3).await;
    assert_eq!(remote.get(CLEARING).await.body["MetaData"]["TotalRecords"], 1);
}

#[tokio::test]
async fn rows_of_a_day_change_their_order_between_requests_where_ties_are_shuffled() {
    for (shuffle_ties, orders) in [(false, 1), (true, 2)] {
        let remote = remote_with(KashflowOptions { shuffle_ties, ..KashflowOptions::default() }).await;
        for pounds in 1..=9 {
            post(&remote, CLEARING, 4950, json!({"PaidIn": pounds})).await;
        }
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..20 {
            let ids: Vec<i64> = remote.get(CLEARING).await.body["Data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["Id"].as_i64().unwrap())
                .collect();
            assert_eq!(ids.len(), 9);
            seen.insert(ids);
        }
        assert!(seen.len() >= orders && (shuffle_ties || seen.len() == 1), "{}", seen.len());
    }
}

#[tokio::test]
async fn locks_stop_bank_transactions_and_bank_locks_stop_transfers_from_either_side() {
    let remote = remote().await;
    let fee = post(&remote, CLEARING, 6200, json!({"PaidOut": 1})).await.body;
    let transfer = post(&remote, CLEARING, 1200, json!({"PaidOut": 1})).await.body;
    remote.account.submit_vat_return(date(2026, 11, 2));
    let path = |row: &Value| format!("{CLEARING}/{}", row["Id"]);
    Remote::refused(&post(&remote, CLEARING, 6200, json!({"PaidOut": 1})).await, 400, "TransactionLocked");
    Remote::refused(&remote.put(&path(&fee), json!({"Comment": "x"})).await, 400, "TransactionLocked");
    Remote::refused(&remote.put(&path(&fee), json!({"Date": "2026-11-09"})).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete(&path(&fee)).await, 400, "TransactionLocked");
    assert_eq!(remote.put(&path(&transfer), json!({"Comment": "no VAT"})).await.status, 200);
    remote
        .put("/bankaccounts/9001", json!({"TransactionLockEnabled": true, "TransactionLockDate": "2026-11-02"}))
        .await;
    Remote::refused(&post(&remote, CLEARING, 1200, json!({"PaidOut": 1})).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete(&path(&transfer)).await, 400, "TransactionLocked");
    assert_eq!(post(&remote, CLEARING, 1200, json!({"PaidOut": 1, "Date": "2026-11-03"})).await.status, 201);
}

#[tokio::test]
async fn a_payment_is_read_in_the_list_but_changed_on_its_document() {
    let remote = remote().await;
    remote.customer("C1").await;
    let payment = json!([{"Amount": 24, "Method": 700_105, "AccountId": 9002}]);
    remote.invoice(super::plain_with("C1", json!({"PaymentLines": payment}))).await;
    let id = remote.get(CLEARING).await.body["Data"][0]["Id"].clone();
    assert_eq!(remote.get(&format!("{CLEARING}/{id}")).await.body["ResourceNumber"], 1);
    Remote::refused(&remote.delete(&format!("{CLEARING}/{id}")).await, 400, "NotABankTransaction");
}

#[tokio::test]
async fn a_bank_account_is_made_on_a_free_code_and_deleted_while_it_is_empty() {
    let remote = remote().await;
    let made = remote.post("/bankaccounts", json!({"AccountName": "Amazon clearing FR"})).await;
    assert_eq!(made.status, 201);
    let path = format!("/bankaccounts/{}", made.body["Id"]);
    let code = made.body["Code"].as_i64().unwrap();
    post(&remote, CLEARING, code, json!({"PaidOut": 5})).await;
    assert_eq!(remote.get(&path).await.body["BankBalance"], 5.0);
    Remote::refused(&remote.delete(&path).await, 400, "BankAccountInUse");
    let row = remote.get(&format!("{path}/transactions")).await.body["Data"][0]["Id"].clone();
    remote.delete(&format!("{path}/transactions/{row}")).await;
    assert_eq!(remote.delete(&path).await.status, 204);
    assert_eq!(remote.get(&path).await.status, 404);
    post(&remote, CLEARING, 7950, json!({"PaidOut": 1})).await;
    let used = remote.post("/bankaccounts", json!({"AccountName": "x", "Code": 7950})).await;
    Remote::refused(&used, 400, "ValidationError");
}
