//! Signing in: two steps, one at a time, two an hour at most, never again by itself after a refusal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kashflow::{AuthConfig, Client, Config, LoginOutcome, MemoryLedger, Secrets};
use model::{DocumentNumber, Series};
use ports::{Books, ConnectorError};
use secrecy::SecretString;
use serde_json::json;

use super::stub::{PASSWORD, Reply, WORD, config, connect, kashflow, secrets, start};

const MINUTE: Duration = Duration::from_secs(60);

async fn look(client: &Client) -> Result<(), ConnectorError> {
    client.find(Series::Sales, DocumentNumber(1)).await.map(drop)
}

#[tokio::test]
async fn the_three_characters_that_are_asked_for_are_sent_and_nothing_else_of_the_word() {
    let world = kashflow(|_| Reply::not_there()).await;
    look(&world.client).await.unwrap();
    let steps = world.log_ins();
    assert_eq!(steps[0].json(), json!({ "UserName": "demo.trader", "Password": PASSWORD }));
    let places =
        json!([{ "Position": 2, "Value": "a" }, { "Position": 5, "Value": "e" }, { "Position": 9, "Value": "-" }]);
    assert_eq!(steps[1].json()["MemorableWordList"], places);
    assert_eq!((steps.len(), steps[1].method.as_str()), (2, "PUT"));
    assert!(!steps.iter().any(|step| step.body.contains(WORD)));
    assert_eq!(world.calls()[0].header("authorization"), "KfToken session-1");
}

#[tokio::test]
async fn a_session_in_the_first_answer_needs_no_second_step() {
    let world = kashflow(|call| match call.method.as_str() {
        "POST" => Reply::json(200, &json!({ "SessionToken": "short-cut", "MemorableWordList": null })),
        _ => Reply::not_there(),
    })
    .await;
    look(&world.client).await.unwrap();
    assert_eq!(world.log_ins().len(), 1);
    assert_eq!(world.calls()[0].header("authorization"), "KfToken short-cut");
}

/// Tries three times; what was refused must have been sent once.
async fn refused(method: &'static str, reply: Reply) -> (String, usize) {
    let world =
        kashflow(move |call| if call.is(method, "/sessiontoken") { reply.clone() } else { Reply::not_there() }).await;
    let mut said = String::new();
    for _ in 0..3 {
        match look(&world.client).await.unwrap_err() {
            ConnectorError::Unauthorized { reason, fix, .. } => said = format!("{reason}. {fix}"),
            other => panic!("{other}"),
        }
        world.pass(90 * MINUTE).await;
    }
    assert!(!said.contains(PASSWORD) && !said.contains(WORD), "{said}");
    assert_eq!(world.ledger.notes().last().unwrap().outcome, LoginOutcome::Refused);
    (said, world.log_ins().iter().filter(|call| call.method == method).count())
}

#[tokio::test]
async fn a_refused_log_in_names_what_was_wrong_and_is_never_tried_again_by_itself() {
    for (method, code, expected) in [
        ("POST", "InvalidCredentials", "KashFlow refused the user name or password"),
        ("PUT", "InvalidCredentials", "KashFlow refused the memorable word"),
        ("POST", "PasswordExpired", "the password has expired"),
        ("POST", "AccountLocked", "Wait at least ten minutes"),
        ("PUT", "SomethingNew", "when it checked the memorable word"),
        ("POST", "RestApiDisabled", "REST API is on"),
    ] {
        let reply = Reply::error(400, code, &format!("No: {PASSWORD}"));
        let (said, times) = refused(method, reply).await;
        assert!(said.contains(expected), "{code}: {said}");
        assert_eq!(times, 1, "{code}");
    }
}

#[tokio::test]
async fn a_person_who_put_it_right_lets_it_try_once_more() {
    let tries = AtomicU32::new(0);
    let world = kashflow(move |call| {
        let wrong = call.is("PUT", "/sessiontoken") && tries.fetch_add(1, Ordering::SeqCst) == 0;
        if wrong { Reply::error(400, "InvalidCredentials", "No.") } else { Reply::not_there() }
    })
    .await;
    assert_eq!(look(&world.client).await.unwrap_err().code(), "CON-004");
    world.client.sign_in_again().await;
    look(&world.client).await.unwrap();
}

#[tokio::test]
async fn a_person_who_did_not_is_stopped_by_the_two_an_hour() {
    let world = kashflow(|call| match call.path.as_str() {
        "/sessiontoken" => Reply::error(400, "InvalidCredentials", "No."),
        _ => Reply::not_there(),
    })
    .await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(look(&world.client).await.unwrap_err().code());
        world.client.sign_in_again().await;
    }
    assert_eq!(codes, ["CON-004", "CON-004", "CON-001", "CON-001"]);
    assert_eq!(world.log_ins().len(), 2);
}

#[tokio::test]
async fn a_user_that_is_locked_or_a_word_that_is_too_short_ends_before_the_second_step() {
    let places = |position: u32| json!([{ "Position": position }, { "Position": 2 }, { "Position": 1 }]);
    let first = |locked: bool, position: u32| json!({ "TemporaryToken": "t", "MemorableWordList": places(position), "IsLockedOut": locked });
    for (answer, expected) in
        [(first(true, 1), "locked"), (first(false, 40), "character 40"), (first(false, 0), "character 0")]
    {
        let world = kashflow(move |call| match call.method.as_str() {
            "POST" => Reply::json(201, &answer),
            _ => Reply::not_there(),
        })
        .await;
        let error = look(&world.client).await.unwrap_err();
        assert_eq!(error.code(), "CON-004");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!world.log_ins().iter().any(|call| call.method == "PUT"));
    }
}

#[tokio::test]
async fn a_dead_session_is_replaced_once_and_the_call_repeated() {
    let world = kashflow(|call| match call.header("authorization") {
        "KfToken session-1" => Reply::dead_session(),
        _ => Reply::not_there(),
    })
    .await;
    look(&world.client).await.unwrap();
    let headers: Vec<String> = world.calls().iter().map(|call| call.header("authorization").to_owned()).collect();
    assert_eq!(headers, ["KfToken session-1", "KfToken session-2"]);
}

#[tokio::test]
async fn a_new_session_that_is_refused_at_once_ends_it() {
    let world =
        kashflow(|call| if call.path == "/sessiontoken" { Reply::not_there() } else { Reply::dead_session() }).await;
    for _ in 0..3 {
        assert_eq!(look(&world.client).await.unwrap_err().code(), "CON-004");
    }
    assert_eq!((world.calls().len(), world.ledger.notes().len()), (2, 2));
}

#[tokio::test]
async fn a_401_about_rights_costs_no_log_in() {
    let world = kashflow(|call| match call.path.as_str() {
        "/sessiontoken" => Reply::not_there(),
        _ => Reply::error(401, "NoPermission", "You may not."),
    })
    .await;
    let error = look(&world.client).await.unwrap_err();
    assert_eq!(error.code(), "CON-004");
    assert!(error.to_string().contains("role"), "{error}");
    assert_eq!(world.ledger.notes().len(), 1);
}

#[tokio::test]
async fn two_log_ins_an_hour_are_the_most_also_over_restarts() {
    let world =
        kashflow(|call| if call.path == "/sessiontoken" { Reply::not_there() } else { Reply::dead_session() }).await;
    look(&world.client).await.unwrap_err();
    world.pass(10 * MINUTE).await;
    for _ in 0..5 {
        match look(&world.restarted()).await.unwrap_err() {
            ConnectorError::Throttled { until, .. } => {
                let wait = until.duration_since(start()).as_secs();
                assert!((3_600..=3_602).contains(&wait), "both attempts were at the start, {wait} s");
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(world.ledger.notes().len(), 2);
    world.pass(51 * MINUTE).await;
    assert_eq!(look(&world.restarted()).await.unwrap_err().code(), "CON-004", "an hour later it may try again");
}

#[tokio::test]
async fn a_restart_goes_on_with_the_session_that_was_saved() {
    let world = kashflow(|_| Reply::not_there()).await;
    look(&world.client).await.unwrap();
    look(&world.restarted()).await.unwrap();
    assert_eq!(world.calls()[1].header("authorization"), "KfToken session-1");
    let another = Config { auth: AuthConfig::KfSession { username: "somebody.else".into() }, ..config(&world.base) };
    let another = Client::new(another, secrets(), world.clock.clone(), world.ledger.clone()).unwrap();
    look(&another).await.unwrap();
    assert_eq!(world.calls()[2].header("authorization"), "KfToken session-2", "not another user's session");
}

#[tokio::test]
async fn a_saved_session_that_is_dead_costs_one_log_in() {
    let world = kashflow(|call| match call.header("authorization") {
        "KfToken session-1" => Reply::dead_session(),
        _ => Reply::not_there(),
    })
    .await;
    look(&world.client).await.unwrap();
    look(&world.restarted()).await.unwrap();
    assert_eq!(world.ledger.notes().len(), 2, "the second process found session 2 saved");
}

#[tokio::test]
async fn an_idle_session_is_replaced_before_it_is_tried() {
    let world = kashflow(|_| Reply::not_there()).await;
    for (pause, session) in [(0, 1), (44, 1), (44, 1), (45, 2)] {
        world.pass(pause * MINUTE).await;
        look(&world.client).await.unwrap();
        let header = world.calls().last().unwrap().header("authorization").to_owned();
        assert_eq!(header, format!("KfToken session-{session}"), "after {pause} minutes");
    }
}

#[tokio::test]
async fn ten_callers_cause_one_log_in() {
    let world = kashflow(|_| Reply::not_there()).await;
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let client = world.client.clone();
            tokio::spawn(async move { look(&client).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(world.log_ins().len(), 2, "two steps of one log-in");
}

#[tokio::test]
async fn a_log_in_that_reached_nobody_does_not_count() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v2", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(&base, clock::Clock::virtual_at(start()), ledger.clone());
    for _ in 0..5 {
        assert_eq!(look(&client).await.unwrap_err().code(), "CON-002");
    }
    assert_eq!(ledger.notes(), []);
}

#[tokio::test]
async fn a_log_in_without_a_clear_answer_counts_and_may_be_tried_again() {
    let tries = AtomicU32::new(0);
    let world = kashflow(move |call| {
        let is_first = call.is("POST", "/sessiontoken") && tries.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first { Reply::Html(503) } else { Reply::not_there() }
    })
    .await;
    assert_eq!(look(&world.client).await.unwrap_err().code(), "CON-002");
    assert_eq!(world.ledger.notes().len(), 1);
    look(&world.client).await.unwrap();
}

#[tokio::test]
async fn a_base_address_without_a_log_in_says_so() {
    let world = kashflow(|_| Reply::not_there()).await;
    let base = world.base.join("/v3").unwrap();
    let client = connect(&base, world.clock.clone(), world.ledger.clone());
    let error = look(&client).await.unwrap_err().to_string();
    assert!(error.contains("base address"), "{error}");
}

#[tokio::test]
async fn an_external_token_opens_a_session() {
    let world = kashflow(|call| match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/sessiontoken") if call.query("externalToken") == "e-1" && call.query("uid") == "4711" => {
            Reply::json(200, &json!({ "SessionToken": "partner" }))
        }
        ("GET", "/sessiontoken") => Reply::error(400, "InvalidToken", "The token e-wrong is wrong."),
        _ => Reply::not_there(),
    })
    .await;
    let client = |token: &str| {
        let secrets = Secrets::new(BTreeMap::from([("external_token".to_owned(), SecretString::from(token))]));
        let config = Config { auth: AuthConfig::KfExternalToken { uid: 4711 }, ..config(&world.base) };
        Client::new(config, secrets, world.clock.clone(), Arc::new(MemoryLedger::default())).unwrap()
    };
    look(&client("e-1")).await.unwrap();
    assert_eq!(world.calls()[0].header("authorization"), "KfToken partner");
    let error = look(&client("e-wrong")).await.unwrap_err();
    assert!(error.code() == "CON-004" && !error.to_string().contains("e-wrong"), "{error}");
}
