//! Setting a connection up: notifications, and the website authorisation workflow.

use std::sync::Mutex;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::stub::{Reply, Stub};
use crate::{oauth, setup};

const ARN: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";

/// Amazon with a memory: destinations and a subscription, some of which exist already.
async fn notifications(destination: bool, subscribed_to: Option<&'static str>) -> Stub {
    let state = Mutex::new((destination, subscribed_to));
    Stub::with_login(move |call| {
        let mut state = state.lock().unwrap();
        let subscription =
            |to: &str| json!({"payload": {"subscriptionId": "S1", "payloadVersion": "1.0", "destinationId": to}});
        match (call.method.as_str(), call.path.as_str()) {
            (_, "/auth/o2/token") => Reply::token(if call.form()["grant_type"] == "client_credentials" {
                "Atza|grantless"
            } else {
                "Atza|seller"
            }),
            (_, path) if path.ends_with("/destinations") && call.header("x-amz-access-token") != "Atza|grantless" => {
                Reply::error(403, "Unauthorized", "denied", "")
            }
            (_, path) if path.contains("/subscriptions/") && call.header("x-amz-access-token") != "Atza|seller" => {
                Reply::error(403, "Unauthorized", "denied", "")
            }
            ("GET", "/notifications/v1/destinations") => {
                let entry = json!({"destinationId": "D1", "name": "x", "resource": {"sqs": {"arn": ARN}}});
                Reply::json(200, &json!({"payload": if state.0 { vec![entry] } else { vec![] }}))
            }
            ("POST", "/notifications/v1/destinations") => {
                assert_eq!(call.json()["resourceSpecification"]["sqs"]["arn"], ARN);
                state.0 = true;
                Reply::error(409, "Conflict", "it exists (somebody was faster)", "")
            }
            ("GET", _) => state
                .1
                .map_or_else(|| Reply::error(404, "NotFound", "none", ""), |to| Reply::json(200, &subscription(to))),
            ("POST", _) => {
                let filter = call.json()["processingDirective"]["eventFilter"].clone();
                assert_eq!(filter["eventFilterType"], "ORDER_CHANGE");
                state.1 = Some("D1");
                Reply::json(200, &subscription(call.json()["destinationId"].as_str().unwrap()))
            }
            other => panic!("{other:?}"),
        }
    })
    .await
}

#[tokio::test]
async fn setting_notifications_up_adopts_what_is_there_and_makes_the_rest() {
    let expected = setup::Subscribed { destination_id: "D1".to_owned(), subscription_id: "S1".to_owned() };
    for (destination, subscribed, posts) in [(false, None, 2), (true, None, 1), (true, Some("D1"), 0)] {
        let stub = notifications(destination, subscribed).await;
        let client = stub.client();
        assert_eq!(setup::ensure_destination_and_subscription(&client, ARN).await.unwrap(), expected);
        assert_eq!(stub.calls().iter().filter(|call| call.method == "POST").count(), posts);
        assert_eq!(
            setup::ensure_destination_and_subscription(&client, ARN).await.unwrap(),
            expected,
            "it can be run again"
        );
    }
    let stub = notifications(true, Some("D-other")).await;
    assert_eq!(setup::ensure_destination_and_subscription(&stub.client(), ARN).await.unwrap_err().code(), "CON-006");
}

#[tokio::test]
async fn the_website_workflow_gives_a_refresh_token() {
    let stub = Stub::with_login(|call| {
        let form = call.form();
        match form["code"].as_str() {
            "good" => Reply::json(200, &json!({"access_token": "a", "refresh_token": "Atzr|new", "expires_in": 3600})),
            _ => Reply::json(400, &json!({"error": "invalid_grant", "error_description": "too old"})),
        }
    })
    .await;
    let (secret, clock) = (SecretString::from("invented-secret".to_owned()), clock::Clock::real());
    let code = |text: &str| SecretString::from(text.to_owned());
    let token = oauth::exchange_code(&stub.config(), &secret, &code("good"), None, &clock).await.unwrap();
    assert_eq!(token.expose_secret(), "Atzr|new");
    let form = stub.logins()[0].form();
    assert_eq!(
        (form["grant_type"].as_str(), form["client_secret"].as_str()),
        ("authorization_code", "invented-secret")
    );
    let refused = oauth::exchange_code(&stub.config(), &secret, &code("old"), None, &clock).await.unwrap_err();
    assert_eq!(refused.code(), "CON-004");

    let mut config = stub.config();
    config.base_url = "https://sellingpartnerapi-eu.amazon.com/".parse().unwrap();
    let back = "https://books.example.invalid/back".parse().unwrap();
    let url = oauth::authorize_url(&config, "s t", true, Some(&back)).unwrap();
    assert_eq!(
        url.as_str(),
        "https://sellercentral-europe.amazon.com/apps/authorize/consent?application_id=amzn1.sp.solution.invented&state=s+t&version=beta&redirect_uri=https%3A%2F%2Fbooks.example.invalid%2Fback"
    );
    assert!(!oauth::authorize_url(&config, "s", false, None).unwrap().as_str().contains("beta"));
    let states = [oauth::new_state().unwrap(), oauth::new_state().unwrap()];
    assert!(states[0] != states[1] && states[0].len() == 43);
}
