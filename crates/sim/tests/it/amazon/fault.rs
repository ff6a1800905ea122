//! Faults as a client meets them.

use sim::faults::{Fault, Point};

use super::client::{BEGIN, Client, config};

#[tokio::test]
async fn each_fault_shows_on_the_wire_and_the_next_call_is_well() {
    let client = Client::start(config(6)).await;
    client.pass(3_600).await;
    let path = format!("/orders/2026-01-01/orders?createdAfter={BEGIN}");
    let point = Point::AmazonCall { operation: "searchOrders" };
    let dial = |fault| client.sandbox.faults().dial(point, fault);
    for (fault, status) in [
        (Fault::Throttle429 { retry_after_s: 5 }, 429),
        (Fault::ServerError5xx { status: 500 }, 500),
        (Fault::Outage, 503),
        (Fault::HtmlBody { status: 502 }, 502),
    ] {
        dial(fault);
        assert_eq!(client.get(&path).await.status.as_u16(), status, "{fault:?}");
        assert_eq!(client.get(&path).await.status, 200);
    }
    let send = || {
        client
            .http
            .get(format!("{}{path}", client.credentials().base_url))
            .header("x-amz-access-token", client.token())
            .send()
    };
    dial(Fault::ResetBeforeWork);
    assert!(send().await.is_err(), "the connection breaks");
    dial(Fault::TruncatedBody);
    assert!(send().await.unwrap().bytes().await.is_err(), "the body breaks off");
    dial(Fault::ExpiredSession);
    let expired = client.get(&path).await;
    assert_eq!(expired.body["errors"][0]["details"], "The access token you provided has expired.");
    assert_eq!(client.get(&path).await.status, 403, "until a new token is fetched");
}
