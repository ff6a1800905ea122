//! Who gets in, and what is refused.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::users;

use crate::fixture::{PASSWORD, Server, cookie_of, keep_orders, order, problem};

#[tokio::test]
async fn the_link_sets_a_password_once_and_the_password_opens_a_session() {
    let server = Server::start().await;
    let link = users::new_owner_link(&server.store).await.unwrap();
    let set = |token: &str, password: &str| {
        server.post("/api/v1/owner-link", json!({ "token": token, "password": password }))
    };

    let weak = set(&link, "short").await;
    assert_eq!((weak.status(), problem(weak).await.as_str()), (StatusCode::BAD_REQUEST, "weak_password"));
    assert_eq!(set(&link, PASSWORD).await.status(), StatusCode::NO_CONTENT);
    let again = set(&link, PASSWORD).await;
    assert_eq!((again.status(), problem(again).await.as_str()), (StatusCode::GONE, "link_unusable"));

    let wrong = server.post("/api/v1/session", json!({ "password": "not the password" })).await;
    assert_eq!((wrong.status(), problem(wrong).await.as_str()), (StatusCode::UNAUTHORIZED, "wrong_password"));
    let right = server.post("/api/v1/session", json!({ "password": PASSWORD })).await;
    assert_eq!(right.status(), StatusCode::NO_CONTENT);
    let cookie = right.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("tillbridge="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"));

    let asked = |method: Method| server.request(method, "/api/v1/session").header("cookie", cookie_of(&right)).send();
    assert_eq!(asked(Method::GET).await.unwrap().json::<Value>().await.unwrap(), json!({ "account": "owner" }));
    let out = asked(Method::DELETE).await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let ended = asked(Method::GET).await.unwrap();
    assert_eq!((ended.status(), problem(ended).await.as_str()), (StatusCode::UNAUTHORIZED, "not_signed_in"));

    assert_eq!(
        server.trail().await,
        [
            "owner owner.set_password owner set 127.0.0.1",
            "nobody owner.set_password owner refused 127.0.0.1",
            "nobody session.create owner refused 127.0.0.1",
            "owner session.create owner welcome 127.0.0.1",
            "owner session.end owner - 127.0.0.1",
        ]
    );
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one_at_once() {
    let (server, session) = Server::signed_in().await;
    assert_eq!(session.get("/api/v1/session").await.status(), StatusCode::OK);
    let link = users::new_owner_link(&server.store).await.unwrap();
    let set = server.post("/api/v1/owner-link", json!({ "token": link, "password": "another long password" })).await;
    assert_eq!(set.status(), StatusCode::NO_CONTENT);
    assert_eq!(session.get("/api/v1/session").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ten_wrong_passwords_lock_the_account() {
    let (server, _) = Server::signed_in().await;
    for _ in 0..10 {
        let wrong = server.post("/api/v1/session", json!({ "password": "not the password" })).await;
        assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    }
    let right = server.post("/api/v1/session", json!({ "password": PASSWORD })).await;
    assert_eq!((right.status(), problem(right).await.as_str()), (StatusCode::TOO_MANY_REQUESTS, "locked"));
    assert_eq!(server.trail().await.last().unwrap(), "nobody session.create owner locked 127.0.0.1");
}

#[tokio::test]
async fn an_encrypted_console_has_a_cookie_that_no_other_host_can_set() {
    let server = Server::start_at("https://books.example.invalid").await;
    let link = users::new_owner_link(&server.store).await.unwrap();
    users::set_password(&server.store, &link, PASSWORD.to_owned().into()).await.unwrap();
    let answer = server.post("/api/v1/session", json!({ "password": PASSWORD })).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-tillbridge="), "{cookie}");
    assert!(cookie.contains("; Secure"), "{cookie}");
    let plain = cookie_of(&answer).replace("__Host-", "");
    let asked = server.request(Method::GET, "/api/v1/session").header("cookie", plain).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::UNAUTHORIZED);
}

/// The list of routes is the OpenAPI document, which is made of the routes themselves.
#[tokio::test]
async fn every_route_but_two_needs_a_session() {
    let server = Server::start().await;
    let document: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    let mut checked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let address = path
            .replace("{id}", "1")
            .replace("{pair}", "main")
            .replace("{order_id}", "203")
            .replace("{system}", "amazon");
        for method in methods.as_object().unwrap().keys() {
            let is_open = method == "post" && matches!(path.as_str(), "/api/v1/session" | "/api/v1/owner-link");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = server.request(method.clone(), &address).send().await.unwrap();
            if is_open {
                assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{method} {path} is open, and this had no body");
            } else {
                assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
                assert_eq!(problem(answer).await, "not_signed_in", "{method} {path}");
            }
            checked += 1;
        }
    }
    assert!(checked >= 16, "{checked} routes");
    let unknown = server.get("/api/v1/whatever").await;
    assert_eq!(unknown.status(), StatusCode::UNAUTHORIZED, "what exists is not told either");
    let forged =
        server.request(Method::GET, "/api/v1/orders").header("cookie", "tillbridge=forged").send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let (server, session) = Server::signed_in().await;
    keep_orders(&server.store, vec![order("203-1", store::orders::Stage::Failed, 0)]).await;
    let send = |headers: &'static [(&'static str, &'static str)]| {
        let url = format!("{}/api/v1/orders/main/203-1/retry", server.base());
        let request = server.client.post(url).header("cookie", &session.cookie);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send()
    };
    let refused: [&'static [(&'static str, &'static str)]; 5] = [
        &[],
        &[("origin", "https://elsewhere.example.invalid")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ];
    for headers in refused {
        let answer = send(headers).await.unwrap();
        assert_eq!(
            (answer.status(), problem(answer).await.as_str()),
            (StatusCode::FORBIDDEN, "cross_site"),
            "{headers:?}"
        );
    }
    assert!(server.workers.asked.lock().unwrap().is_empty());
    assert_eq!(send(&[("sec-fetch-site", "same-origin")]).await.unwrap().status(), StatusCode::ACCEPTED);
    assert_eq!(session.post("/api/v1/orders/main/203-1/retry", None).await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_request_with_something_unknown_is_refused_by_name() {
    let (server, session) = Server::signed_in().await;
    let refused = |answer: reqwest::Response| async move {
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        answer.json::<Value>().await.unwrap()["detail"].as_str().unwrap().to_owned()
    };
    let body = server.post("/api/v1/session", json!({ "password": "x", "remember": true })).await;
    assert!(refused(body).await.contains("`remember`"));
    let query = session.get("/api/v1/orders?colour=red").await;
    assert!(refused(query).await.contains("`colour`"));
    let word = session.get("/api/v1/orders?stage=lost").await;
    assert!(refused(word).await.contains("`stage`"));
    let limit = session.get("/api/v1/orders?limit=201").await;
    assert!(refused(limit).await.contains("`limit`"));
    let secret = server.post("/api/v1/session", json!({ "password": 481_516 })).await;
    assert!(!refused(secret).await.contains("481516"), "a password is never repeated");
    let text = server.request(Method::POST, "/api/v1/session").body("{}").send().await.unwrap();
    assert!(refused(text).await.contains("application/json"));
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_refused() {
    let server = Server::start().await;
    let answer = server.post("/api/v1/session", json!({ "password": "x".repeat(1024 * 1024) })).await;
    assert_eq!((answer.status(), problem(answer).await.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
}
