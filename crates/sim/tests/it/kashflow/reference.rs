use serde_json::json;

use super::{Remote, remote};

#[tokio::test]
async fn short_lists_are_bare_arrays() {
    let remote = remote().await;
    for path in [
        "/nominals",
        "/bankaccounts",
        "/vat/settings/vatrates",
        "/currencies",
        "/currencies/list",
        "/countries",
        "/sources",
        "/PaymentMethods/Invoice",
        "/paymentmethods/purchase",
    ] {
        let answer = remote.get(path).await;
        assert!(
            answer.status == 200 && answer.body.as_array().is_some_and(|items| !items.is_empty()),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn the_chart_has_every_role_and_the_clearing_accounts_are_bank_accounts() {
    let remote = remote().await;
    for (role, code) in remote.account.roles() {
        assert_eq!(remote.get(&format!("/nominals/{code}")).await.status, 200, "{role}");
    }
    for currency in ["GBP", "EUR", "USD", "SEK", "PLN"] {
        let id = remote.account.clearing_account_id(currency).unwrap();
        let account = remote.get(&format!("/bankaccounts/{id}")).await.body;
        assert!(account["AccountName"].as_str().unwrap().starts_with("Amazon clearing"), "{account}");
        assert_eq!(account["DefaultInvoicePaymentType"]["Id"], remote.account.payment_method_id());
    }
}

#[tokio::test]
async fn nominals_are_filtered_created_and_created_only_once_when_asked() {
    let remote = remote().await;
    let sales = remote.get("/nominals?type=Sales").await.body;
    assert!(sales.as_array().unwrap().iter().all(|nominal| nominal["NomType"] == 1));
    let body = json!({"Code": 4001, "Name": "Amazon sales UK", "NomType": 1});
    let made = remote.post("/nominals", body.clone()).await;
    assert_eq!(made.status, 201);
    Remote::refused(&remote.post("/nominals", body).await, 400, "DuplicateNominalCode");
    let again = remote.post("/nominals", json!({"Code": 4001, "Name": "x", "CreateWhenNotPresent": true})).await;
    assert_eq!((again.status.as_u16(), &again.body["Name"]), (201, &json!("Amazon sales UK")));
    assert_eq!(remote.get(&format!("/nominals/Id/{}", made.body["Id"])).await.body["Code"], 4001);
}

#[tokio::test]
async fn a_vat_level_can_be_added_and_then_used() {
    let remote = remote().await;
    let made = remote.post("/vat/settings/vatrates/19", json!({})).await;
    assert_eq!((made.status.as_u16(), &made.body), (201, &json!({})));
    assert_eq!(
        remote.get("/vat/settings/vatrates").await.body[3],
        json!({"VATId": 4, "VATRate": 19.0, "VATText": "19%"})
    );
    assert_eq!(remote.delete("/vat/settings/vatrates/4").await.status, 204);
}

#[tokio::test]
async fn company_and_settings_are_there_and_the_rest_api_can_be_switched_off() {
    let remote = remote().await;
    assert_eq!(remote.get("/settings/companydetails").await.body["HomeCurrency"]["Code"], "GBP");
    assert_eq!(remote.get("/settings/invoice").await.body["CreditNoteName"], "Credit Note");
    assert_eq!(remote.get("/settings/api").await.body["RESTAPIEnabled"], true);
    remote.put("/settings/api", json!({"RESTAPIEnabled": false})).await;
    Remote::refused(&remote.get("/customers").await, 401, "RestApiDisabled");
}

#[tokio::test]
async fn a_currency_is_enabled_before_an_invoice_uses_it() {
    let remote = remote().await;
    assert_eq!(remote.get("/currencies/JPY").await.status, 404);
    assert_eq!(remote.put("/currencies/jpy", json!({"ExchangeRate": 190.5})).await.body["ExchangeRate"], 190.5);
    assert_eq!(remote.get("/currencies/JPY").await.status, 200);
}
