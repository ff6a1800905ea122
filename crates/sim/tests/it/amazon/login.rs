//! Login with Amazon, the consent page, tokens.

use reqwest::Method;
use serde_json::json;

use super::client::{Client, config, encoded, read};

type Parameters<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn each_grant_gives_its_token_and_each_mistake_its_error() {
    let client = Client::start(config(1)).await;
    let refresh_token = client.credentials().refresh_token.clone();
    let good = client.lwa(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token)]).await;
    assert_eq!(good.status, 200);
    assert!(good.body["access_token"].as_str().unwrap().starts_with("Atza|"));
    assert_eq!(good.body["refresh_token"], refresh_token.as_str());
    assert_eq!((good.body["token_type"].as_str(), good.body["expires_in"].as_i64()), (Some("bearer"), Some(3600)));
    assert_eq!(good.header("content-type"), Some("application/json;charset=UTF-8"));
    let grantless =
        client.lwa(&[("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")]).await;
    assert_eq!(grantless.body["scope"], "sellingpartnerapi::notifications");
    assert!(grantless.body.get("refresh_token").is_none());

    let errors: [(Parameters<'_>, u16, &str); 6] = [
        (&[], 400, "unsupported_grant_type"),
        (&[("grant_type", "password")], 400, "unsupported_grant_type"),
        (&[("grant_type", "refresh_token")], 400, "invalid_request"),
        (&[("grant_type", "refresh_token"), ("refresh_token", "Atzr|wrong")], 400, "invalid_grant"),
        (&[("grant_type", "authorization_code"), ("code", "wrong")], 400, "invalid_grant"),
        (&[("grant_type", "client_credentials"), ("scope", "wrong")], 400, "invalid_scope"),
    ];
    for (parameters, status, error) in errors {
        let reply = client.lwa(parameters).await;
        assert_eq!((reply.status.as_u16(), reply.body["error"].as_str()), (status, Some(error)), "{parameters:?}");
        assert!(reply.header("x-amzn-errortype").unwrap().starts_with("OA2"));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_invalid_client_and_json_bodies_are_read_too() {
    let client = Client::start(config(1)).await;
    let credentials = client.credentials();
    let ask = |secret: &str| {
        let body = json!({"grant_type": "refresh_token", "refresh_token": credentials.refresh_token, "client_id": credentials.client_id, "client_secret": secret});
        client.http.post(&credentials.lwa_url).json(&body).send()
    };
    assert_eq!(ask(&credentials.client_secret).await.unwrap().status(), 200);
    let refused = read(ask("wrong").await.unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.body["error"].as_str()), (401, Some("invalid_client")));
}

#[tokio::test]
async fn a_token_dies_after_an_hour_and_a_withdrawn_authorisation_gives_no_more() {
    let client = Client::start(config(1)).await;
    let path = "/sellers/v1/marketplaceParticipations";
    assert_eq!(client.get(path).await.status, 200);
    client.pass_with_the_same_token(3_601).await;
    let expired = client.get(path).await;
    assert_eq!((expired.status.as_u16(), expired.code()), (403, "Unauthorized"));
    assert_eq!(expired.body["errors"][0]["details"], "The access token you provided has expired.");
    assert_eq!(expired.header("x-amzn-ratelimit-limit"), None);
    client.log_in().await;
    client.sandbox.amazon().revoke_authorisation();
    let refresh_token = client.credentials().refresh_token.clone();
    let refused = client.lwa(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token)]).await;
    assert_eq!(refused.body["error"], "invalid_grant");
    assert_eq!(client.get(path).await.status, 200, "an access token lives on");
    client.sandbox.amazon().restore_authorisation();
    client.log_in().await;
}

#[tokio::test]
async fn the_consent_page_gives_a_code_that_works_once_and_for_five_minutes() {
    let client = Client::start(config(1)).await;
    let base = &client.credentials().base_url;
    let application = client.sandbox.amazon().application_id();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = |redirect: &str, version: &str| {
        let redirect = encoded(redirect);
        format!("{base}/apps/authorize/consent?application_id={application}&state=s-1&redirect_uri={redirect}{version}")
    };
    let redirect = "http://127.0.0.1:8480/callback";
    let text = |url: String| async { http.get(url).send().await.unwrap().text().await.unwrap() };
    assert!(text(page(redirect, "")).await.contains("MD1000"));
    assert!(text(page("https://elsewhere.example/", "&version=beta")).await.contains("MD5101"));
    assert!(text(page(redirect, "&version=beta")).await.contains("Confirm"));

    let authorise = || async {
        let confirmed = http.post(page(redirect, "&version=beta")).send().await.unwrap();
        assert_eq!(confirmed.status(), 302);
        let location = reqwest::Url::parse(confirmed.headers()["location"].to_str().unwrap()).unwrap();
        let get = |name: &str| {
            location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
        };
        assert_eq!(
            (get("state"), get("selling_partner_id")),
            ("s-1".to_owned(), client.credentials().seller_id.clone())
        );
        get("spapi_oauth_code")
    };
    let exchange = |code: String| async move { code };
    let code = exchange(authorise().await).await;
    let parameters = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", redirect)];
    let first = client.lwa(&parameters).await;
    assert!(first.body["refresh_token"].as_str().unwrap().starts_with("Atzr|"));
    assert_eq!(client.lwa(&parameters).await.body["error"], "invalid_grant");
    let new = client
        .lwa(&[("grant_type", "refresh_token"), ("refresh_token", first.body["refresh_token"].as_str().unwrap())])
        .await;
    assert_eq!(new.status, 200);

    let late = authorise().await;
    client.pass(301).await;
    let late = client.lwa(&[("grant_type", "authorization_code"), ("code", &late), ("redirect_uri", redirect)]).await;
    assert_eq!(late.body["error"], "invalid_grant");
}

#[tokio::test]
async fn unknown_paths_and_missing_tokens_are_refused_with_403() {
    let client = Client::start(config(1)).await;
    for path in ["/orders/v9/orders", "/", "/nothing"] {
        let reply = client.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (403, "Unauthorized"), "{path}");
        assert!(reply.header("x-amzn-requestid").is_some());
    }
    let reply = client.call(Method::GET, "/sellers/v1/account", "", None).await;
    assert_eq!(reply.body["errors"][0]["details"], "Access token is missing in the request header.");
    let grantless = client.grantless().await;
    assert_eq!(client.call(Method::GET, "/sellers/v1/account", &grantless, None).await.status, 403);
    let destinations = "/notifications/v1/destinations";
    assert_eq!(client.get(destinations).await.status, 403, "the seller's token does not do");
    assert_eq!(client.call(Method::GET, destinations, &grantless, None).await.status, 200);
}
