//! The generic OAuth strategy, which KashFlow does not offer today.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kashflow::{AuthConfig, Client, Config, MemoryLedger, OAuthGrant, Secrets, oauth};
use model::{DocumentNumber, Series};
use ports::Books;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::stub::{Call, Reply, World, config, kashflow};

fn oauth_config(base: &Url, grant: OAuthGrant) -> Config {
    let at = |path: &str| base.join(path).unwrap();
    let auth = AuthConfig::OAuth2 {
        authorize_url: Some(at("/v2/oauth/authorize?tenant=1")),
        token_url: at("/v2/oauth/token"),
        client_id: "tillbridge".into(),
        redirect_uri: Some("http://127.0.0.1:8480/oauth/kashflow".parse().unwrap()),
        scopes: "books.write offline".into(),
        grant,
    };
    Config { auth, ..config(base) }
}

fn secrets() -> Secrets {
    let secret = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
    Secrets::new(BTreeMap::from([secret("client_secret", "s3cret"), secret("refresh_token", "refresh-0")]))
}

fn form(call: &Call) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(call.body.as_bytes()).into_owned().collect()
}

fn token_calls(world: &World) -> Vec<BTreeMap<String, String>> {
    world.calls().iter().filter(|call| call.path == "/oauth/token").map(form).collect()
}

async fn gateway() -> World {
    kashflow(|call| {
        if call.path != "/oauth/token" {
            return Reply::not_there();
        }
        let form = form(call);
        let next = match (form["grant_type"].as_str(), form.get("refresh_token").map(String::as_str)) {
            ("authorization_code", _) if form["code"] == "good" => "refresh-0",
            ("refresh_token", Some("refresh-0")) => "refresh-1",
            ("refresh_token", Some("refresh-1")) => "refresh-2",
            ("client_credentials", _) => "",
            _ => return Reply::json(400, &json!({ "error": "invalid_grant" })),
        };
        let body = json!({ "access_token": format!("access-{next}"), "token_type": "Bearer", "expires_in": 600, "refresh_token": next });
        Reply::json(200, &body)
    })
    .await
}

#[tokio::test]
async fn a_consent_carries_a_state_and_a_pkce_challenge() {
    let world = gateway().await;
    let consent = oauth::begin(&oauth_config(&world.base, OAuthGrant::AuthorizationCode).auth).unwrap();
    let query: BTreeMap<String, String> = consent.url.query_pairs().into_owned().collect();
    assert_eq!((query["response_type"].as_str(), query["code_challenge_method"].as_str()), ("code", "S256"));
    assert_eq!(query["tenant"], "1", "what the address had stays");
    assert!(consent.is_answer(&query["state"]) && !consent.is_answer("guess") && !consent.is_answer(""));
    let digest = Sha256::digest(consent.verifier.expose_secret().as_bytes());
    let bits = query["code_challenge"].len();
    assert!(bits == 43 && digest.len() == 32 && !consent.url.as_str().contains(consent.verifier.expose_secret()));
    let other = oauth::begin(&oauth_config(&world.base, OAuthGrant::AuthorizationCode).auth).unwrap();
    assert_ne!(consent.state.expose_secret(), other.state.expose_secret());
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_verifier_and_a_bad_one_is_refused() {
    let world = gateway().await;
    let config = oauth_config(&world.base, OAuthGrant::AuthorizationCode);
    let consent = oauth::begin(&config.auth).unwrap();
    let exchange = |code: &str| {
        let (config, clock, verifier, code) =
            (config.clone(), world.clock.clone(), consent.verifier.clone(), SecretString::from(code));
        async move { oauth::exchange(&config, &secrets(), &clock, &code, &verifier).await }
    };
    let granted = exchange("good").await.unwrap();
    assert_eq!(granted.refresh_token.unwrap().expose_secret(), "refresh-0");
    assert_eq!(token_calls(&world)[0]["code_verifier"], consent.verifier.expose_secret());
    let error = exchange("bad").await.unwrap_err();
    assert!(error.code() == "CON-004" && !error.to_string().contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_a_rotated_refresh_token_is_kept() {
    let world = gateway().await;
    let ledger = Arc::new(MemoryLedger::default());
    let config = oauth_config(&world.base, OAuthGrant::AuthorizationCode);
    let client = Client::new(config, secrets(), world.clock.clone(), ledger.clone()).unwrap();
    for (pause, refreshed) in [(0, 1), (500, 1), (100, 2)] {
        world.pass(Duration::from_secs(pause)).await;
        client.find(Series::Sales, DocumentNumber(1)).await.unwrap();
        assert_eq!(token_calls(&world).len(), refreshed);
    }
    assert_eq!(world.calls().last().unwrap().header("authorization"), "Bearer access-refresh-2");
    assert_eq!(ledger.refresh_token().unwrap().expose_secret(), "refresh-2");
}

#[tokio::test]
async fn client_credentials_need_no_person() {
    let world = gateway().await;
    let config = oauth_config(&world.base, OAuthGrant::ClientCredentials);
    let client = Client::new(config, secrets(), world.clock.clone(), Arc::new(MemoryLedger::default())).unwrap();
    client.find(Series::Sales, DocumentNumber(1)).await.unwrap();
    let form = &token_calls(&world)[0];
    assert_eq!((form["scope"].as_str(), form["client_secret"].as_str()), ("books.write offline", "s3cret"));
}

#[tokio::test]
async fn a_revoked_consent_is_asked_for_once() {
    let world = gateway().await;
    let config = oauth_config(&world.base, OAuthGrant::AuthorizationCode);
    let stale = Secrets::new(BTreeMap::from([("refresh_token".to_owned(), SecretString::from("gone"))]));
    let client = Client::new(config, stale, world.clock.clone(), Arc::new(MemoryLedger::default())).unwrap();
    for _ in 0..3 {
        assert_eq!(client.find(Series::Sales, DocumentNumber(1)).await.unwrap_err().code(), "CON-004");
    }
    assert_eq!(token_calls(&world).len(), 1);
}
