//! zeep (Python) and node-soap generate a client from the WSDL and do a settlement's worth of work.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::super::remote;

/// The Python with zeep and the folder of node modules with `soap`, or `None` (said aloud) where they are not there. CI must have
/// them.
fn clients() -> Option<(String, PathBuf)> {
    if let Some(modules) = std::env::var_os("TILLBRIDGE_SOAP_MODULES") {
        let python = std::env::var("TILLBRIDGE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        return Some((python, PathBuf::from(modules)));
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "CI must run this test: install zeep for TILLBRIDGE_PYTHON and soap (npm), and set TILLBRIDGE_SOAP_MODULES"
    );
    println!(
        "SKIPPED: set TILLBRIDGE_SOAP_MODULES to node_modules with soap, and TILLBRIDGE_PYTHON to a Python with zeep"
    );
    None
}

async fn drive(client: &str, port: &str) {
    let Some((python, modules)) = clients() else { return };
    let remote = remote().await;
    let credentials = remote.account.credentials(&remote.base);
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/kashflow/soap").join(client);
    let mut command = if client.ends_with(".py") {
        let mut command = Command::new(python);
        command.arg(script);
        command
    } else {
        let mut command = Command::new("node");
        command.arg(script).arg(modules);
        command
    };
    command.arg(credentials.soap_wsdl_url.unwrap()).args([credentials.username, credentials.password, port.to_owned()]);
    let output = tokio::task::spawn_blocking(move || command.output().expect("the client starts")).await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{client} {port}: {said}");
    let got: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let expected = json!({
        "currencies": ["EUR", "GBP", "PLN", "SEK", "TRY", "USD"],
        "company": "Teapot Trading Ltd",
        "vat": ["0", "5", "20"],
        "auto_auth": "NO",
        "nobody": "There is no customer with that email address",
        "invoice": [1, "10.83", "2.17", "AMZ-1"],
        "unpaid": [],
        "journal": ["112.5", "7.5", "-120"],
        "taken": ["NO", 0],
        "bank": ["12", "30"],
        "balance": "30",
    });
    assert_eq!(got, expected, "{client} {port}");
    // The same account underneath: what SOAP wrote, REST reads and the ledger holds.
    let invoice = remote.get("/invoices/1").await.body;
    assert_eq!((&invoice["Status"], &invoice["GrossAmount"]), (&json!("Paid"), &json!(13.0)));
    assert_eq!(remote.get("/products/4000/MUG").await.body["QuantityInStock"], 9);
    let balances = remote.account.balances();
    let of = |code: i64| balances[&code].normalize().to_string();
    assert_eq!([1100, 1200, 1250, 2300, 6200, 2201].map(of), ["0", "30", "-155", "112.5", "10", "2"]);
}

#[tokio::test]
async fn zeep_works_over_soap_1_1() {
    drive("client.py", "KashFlowAPISoap").await;
}

#[tokio::test]
async fn zeep_works_over_soap_1_2() {
    drive("client.py", "KashFlowAPISoap12").await;
}

#[tokio::test]
async fn node_soap_works_over_soap_1_1() {
    drive("client.cjs", "KashFlowAPISoap").await;
}

#[tokio::test]
async fn node_soap_works_over_soap_1_2() {
    drive("client.cjs", "KashFlowAPISoap12").await;
}
