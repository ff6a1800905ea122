//! The console's pages, headers and health.

use reqwest::{Method, StatusCode};

use crate::fixture::{Server, problem};

const POLICY: &str =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

#[tokio::test]
async fn every_answer_tells_browsers_what_they_must_not_do() {
    let (_server, session) = Server::signed_in().await;
    for path in
        ["/", "/orders/main/203-1", "/healthz", "/assets/missing.js", "/api/v1/session", "/api/v1/nothing", "/api/v2"]
    {
        let answer = session.get(path).await;
        let headers = answer.headers();
        assert_eq!(headers["content-security-policy"], POLICY, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        if path.starts_with("/api") {
            assert_eq!(headers["cache-control"], "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn an_address_of_the_console_is_a_page_and_a_missing_file_is_not() {
    let server = Server::start().await;
    for path in ["/", "/orders", "/orders/main/203-1111111-2222222"] {
        let page = server.get(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let html = page.text().await.unwrap();
        assert!(html.contains("Tillbridge"), "{path}");
        assert!(!html.contains("<style") && !html.contains("onclick"), "nothing that the policy would block");
    }
    assert_eq!(server.get("/assets/missing.js").await.status(), StatusCode::NOT_FOUND);
    let post = server.request(Method::POST, "/orders").send().await.unwrap();
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_api_never_answers_with_a_page() {
    let (server, session) = Server::signed_in().await;
    for path in ["/api", "/api/v1/nothing", "/api/v2/orders"] {
        assert_eq!(problem(server.get(path).await).await, "not_signed_in", "{path}");
        let answer = session.get(path).await;
        assert_eq!((answer.status(), problem(answer).await.as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
    let wrong = session.request(Method::PUT, "/api/v1/orders").send().await.unwrap();
    assert_eq!((wrong.status(), problem(wrong).await.as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
}

#[tokio::test]
async fn health_needs_no_session() {
    let server = Server::start().await;
    let health = server.get("/healthz").await;
    assert_eq!((health.status(), health.text().await.unwrap().as_str()), (StatusCode::OK, "ok"));
    assert_eq!(server.get("/readyz").await.status(), StatusCode::OK);
}
