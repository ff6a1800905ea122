//! What a request costs Amazon at 100,000 orders, without the wire. Figures mean something in a release build only:
//! `cargo test -p sim --release --test it speed -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use sim::amazon::{Amazon, router};
use sim::faults::Faults;
use sim::world::World;
use sim::{FaultLevel, Quotas, SandboxConfig};
use tower::ServiceExt;

use super::client::{config, encoded};

const SAMPLES: u32 = 500;
/// A thousand requests a second leave one core this long for each.
const CPU_MAX: Duration = Duration::from_millis(1);

#[tokio::test]
#[ignore = "measures; run it in a release build"]
#[expect(clippy::disallowed_methods, reason = "measures a wall time for a report")]
async fn a_single_order_costs_less_than_a_millisecond_at_a_hundred_thousand_orders() {
    let config = SandboxConfig {
        clock: clock::Clock::real(),
        days: 30,
        quiet_days: 0,
        orders: Some(100_000),
        quotas: Quotas::Off,
        ..config(1)
    };
    let start = Instant::now();
    let world = Arc::new(World::new(&config));
    println!("{:>8.1?}  making the world", start.elapsed());
    let faults = Arc::new(Faults::new(FaultLevel::None, 1, config.clock.clone()));
    let base_url = "http://127.0.0.1:1".to_owned();
    let amazon = Arc::new(Amazon::new(Arc::clone(&world), faults, config.clock.clone(), config.quotas, base_url));
    let credentials = amazon.credentials();
    let app = router(amazon);
    let call = async |method: &str, path: &str, token: &str, body: String| -> (Value, usize) {
        let request = Request::builder().method(method).uri(path).header("x-amz-access-token", token);
        let response = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert!(response.status().is_success(), "{} {path}", response.status());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (
            if method == "POST" || path.contains("=1&") {
                serde_json::from_slice(&bytes).unwrap()
            } else {
                Value::Null
            },
            bytes.len(),
        )
    };
    let form = format!(
        "grant_type=refresh_token&refresh_token={}&client_id={}&client_secret={}",
        encoded(&credentials.refresh_token),
        credentials.client_id,
        credentials.client_secret
    );
    let (answer, _) = call("POST", "/auth/o2/token", "", form).await;
    let token = answer["access_token"].as_str().unwrap();
    let id = &world.orders()[50_000].id;
    let included = "includedData=PROCEEDS,PROMOTION,TAX,FULFILLMENT,CANCELLATION,EXPENSE,PACKAGES";
    let page = format!("/orders/2026-01-01/orders?lastUpdatedAfter={}&{included}", world.start());
    for (name, path, cost_max) in [
        ("getOrder", format!("/orders/2026-01-01/orders/{id}?{included}"), CPU_MAX),
        ("getOrderItems v0", format!("/orders/v0/orders/{id}/orderItems"), CPU_MAX),
        ("searchOrders, a page of 100", page, CPU_MAX * 20),
    ] {
        let start = Instant::now();
        let mut bytes = 0;
        for _ in 0..SAMPLES {
            bytes = call("GET", &path, token, String::new()).await.1;
        }
        let cost = start.elapsed() / SAMPLES;
        println!("{cost:>8.1?}  {name} ({bytes} bytes)");
        assert!(cost < cost_max, "{name} costs {cost:?}");
    }
}
