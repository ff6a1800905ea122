//! amazon-sp-api (npm), the most used public client, works against the sandbox as it is.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clock::Clock;
use serde_json::{Value, json};

use super::client::{Client, config};

/// The folder of node modules with `amazon-sp-api`, or `None` (said aloud) where it is not there. CI must have it.
fn modules() -> Option<PathBuf> {
    let modules = std::env::var_os("TILLBRIDGE_SOAP_MODULES").map(PathBuf::from);
    if modules.as_ref().is_some_and(|folder| folder.join("amazon-sp-api").is_dir()) {
        return modules;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "CI must run this test: install amazon-sp-api (npm) into the folder that TILLBRIDGE_SOAP_MODULES names"
    );
    println!("SKIPPED: set TILLBRIDGE_SOAP_MODULES to node_modules with amazon-sp-api");
    None
}

/// Virtual time passes while the client waits for its report, ten seconds at a time, so that reports get done and no token dies.
async fn run(client: &Client, mut command: Command) -> std::process::Output {
    let child = tokio::task::spawn_blocking(move || command.output().expect("the client starts"));
    while !child.is_finished() {
        Clock::real().sleep(Duration::from_millis(50)).await;
        client.pass_with_the_same_token(10).await;
    }
    child.await.unwrap()
}

#[tokio::test]
async fn amazon_sp_api_works_unmodified() {
    let Some(modules) = modules() else { return };
    let client = Client::start(config(5)).await;
    client.pass(60 * 3600).await; // the world begins with the sandbox
    let mut command = Command::new("node");
    command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/amazon/clients/sp_api.cjs"));
    command.arg(modules).arg(serde_json::to_string(client.credentials()).unwrap());
    let output = run(&client, command).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let got: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let expected = json!({
        "business": "string",
        "unshown": false,
        "plain_address": "Unauthorized",
        "unsent": true,
        "nowhere": "NotFound",
        "bad_date": "InvalidInput",
        "twice": "Conflict",
        "gone": "NotFound",
        "columns": ["amazon-order-id", "order-status", "item-price"],
        "cancel": {},
        "no_report": "NotFound",
        "transactions": true,
        "bank": "BANK_ACCOUNT",
        "bad_secret": "invalid_client",
        "bad_refresh": "invalid_grant",
        "bad_token": "Unauthorized",
        "no_path": "Unauthorized",
    });
    assert_eq!(got, expected);
}
