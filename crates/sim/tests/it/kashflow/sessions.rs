use reqwest::Method;
use serde_json::json;

use super::{Remote, answer_to, remote};

#[tokio::test]
async fn an_idle_session_dies_after_sixty_minutes_with_the_vendors_own_body() {
    let remote = remote().await;
    remote.pass(59).await;
    assert_eq!(remote.get("/invoices").await.status, 200);
    remote.pass(60).await;
    let answer = remote.get("/invoices").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.body, json!({"Error": "InvalidSessionToken", "Message": "Session token provided is invalid."}));
}

#[tokio::test]
async fn no_token_a_wrong_one_and_a_foreign_scheme_look_alike() {
    let mut remote = remote().await;
    for token in [String::new(), "00000000-0000-4000-8000-000000000000".to_owned()] {
        remote.token = token;
        Remote::refused(&remote.get("/customers").await, 401, "InvalidSessionToken");
    }
}

#[tokio::test]
async fn wrong_characters_are_refused_and_the_way_back_starts_at_step_one() {
    let remote = remote().await;
    let credentials = remote.account.credentials(&remote.base);
    let step1 = json!({"UserName": credentials.username, "Password": credentials.password});
    let challenge = remote.post("/sessiontoken", step1).await.body;
    let wrong = remote.put("/sessiontoken", answer_to(&challenge, "zzzzzzzzzzzzzzzz")).await;
    Remote::refused(&wrong, 400, "InvalidCredentials");
    let late = remote.put("/sessiontoken", answer_to(&challenge, &credentials.memorable_word)).await;
    Remote::refused(&late, 400, "InvalidTemporaryToken");
}

#[tokio::test]
async fn repeated_wrong_passwords_lock_the_account_but_not_the_open_session() {
    let remote = remote().await;
    let wrong = json!({"UserName": remote.account.credentials("").username, "Password": "wrong"});
    for _ in 0..4 {
        Remote::refused(&remote.post("/sessiontoken", wrong.clone()).await, 400, "InvalidCredentials");
    }
    Remote::refused(&remote.post("/sessiontoken", wrong).await, 401, "AccountLocked");
    assert_eq!(remote.get("/customers").await.status, 200);
}

#[tokio::test]
async fn both_forms_of_logging_out_end_the_session() {
    let mut remote = remote().await;
    let other = remote.log_in().await;
    assert_eq!(remote.delete(&format!("/sessiontoken/{other}")).await.status, 204);
    assert_eq!(remote.delete("/SessionToken").await.status, 204);
    assert_eq!(remote.get("/customers").await.status, 401);
    remote.token = other;
    assert_eq!(remote.get("/customers").await.status, 401);
}

#[tokio::test]
async fn an_external_token_is_exchanged_for_a_session() {
    let mut remote = remote().await;
    let (token, user) = remote.account.external_token();
    let session = remote.get(&format!("/sessiontoken?ExternalToken={token}&UID={user}")).await;
    assert_eq!(session.status, 200);
    remote.token = session.body["SessionToken"].as_str().unwrap().to_owned();
    assert_eq!(remote.get("/customers").await.status, 200);
    Remote::refused(&remote.get("/sessiontoken?externalToken=nope&uid=1").await, 400, "InvalidCredentials");
}

#[tokio::test]
async fn an_expired_password_says_so() {
    let remote = remote().await;
    remote.account.expire_password(true);
    let credentials = remote.account.credentials("");
    let step1 = json!({"UserName": credentials.username, "Password": credentials.password});
    Remote::refused(&remote.post("/sessiontoken", step1).await, 400, "PasswordExpired");
}

#[tokio::test]
async fn unknown_paths_are_404_and_unknown_methods_405() {
    let remote = remote().await;
    Remote::refused(&remote.get("/teapots").await, 404, "ResourceNotFound");
    Remote::refused(&remote.call(Method::PATCH, "/invoices", None).await, 405, "MethodNotAllowed");
    Remote::refused(&remote.delete("/nominals").await, 405, "MethodNotAllowed");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_a_400() {
    let remote = remote().await;
    let answer = reqwest::Client::new()
        .post(format!("{}/customers", remote.base))
        .header("Authorization", format!("kftoken {}", remote.token))
        .body("{\"Name\":")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
}
