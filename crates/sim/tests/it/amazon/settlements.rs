//! Settlement reports.

use std::collections::BTreeSet;
use std::io::Read as _;

use reqwest::Method;
use serde_json::{Value, json};
use sim::{FaultLevel, Sandbox, SandboxConfig};

use super::client::{Client, config, encoded};

const KIND: &str = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";
const REPORTS: &str = "/reports/2021-06-30/reports";
const DAY: u64 = 24 * 3_600;

fn settling(seed: u64, faults: FaultLevel) -> SandboxConfig {
    SandboxConfig { days: 40, orders_per_day: 40, faults, ..config(seed) }
}

async fn listed(client: &Client, query: &str) -> Vec<Value> {
    let reply = client.get(&format!("{REPORTS}?reportTypes={KIND}&pageSize=100{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["reports"].as_array().unwrap().clone()
}

/// The file of a report, and whether it came as gzip and in which charset.
async fn file(client: &Client, report: &Value) -> (String, bool, String) {
    let id = encoded(report["reportDocumentId"].as_str().unwrap());
    let document = client.get(&format!("/reports/2021-06-30/documents/{id}")).await;
    let response = client.http.get(document.body["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "identity", "whatever the bytes are");
    let charset = response.headers()["content-type"].to_str().unwrap().rsplit('=').next().unwrap().to_owned();
    let bytes = response.bytes().await.unwrap();
    let gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let mut plain = Vec::new();
    if gzip {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    } else {
        plain.extend_from_slice(&bytes);
    }
    let text = match charset.as_str() {
        "UTF-8" => String::from_utf8(plain).unwrap(),
        _ => encoding_rs::WINDOWS_1252.decode(&plain).0.into_owned(),
    };
    (text, gzip, charset)
}

/// Minor units of an amount with either decimal sign and two decimals.
fn minor(text: &str) -> i64 {
    let digits = text.replace([',', '.'], "");
    digits.parse().unwrap()
}

#[tokio::test]
async fn a_closed_settlement_is_listed_and_its_rows_sum_to_its_total() {
    let client = Client::start(settling(3, FaultLevel::None)).await;
    assert!(listed(&client, "").await.is_empty());
    client.pass(47 * DAY).await;
    let reports = listed(&client, "").await;
    let (mut ids, mut forms) = (BTreeSet::new(), BTreeSet::new());
    for report in &reports {
        assert_eq!(report["processingStatus"], "DONE");
        let (text, gzip, charset) = file(&client, report).await;
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == 24));
        let column = |name: &str| rows[0].iter().position(|own| *own == name).unwrap();
        let summary = &rows[1];
        let filled: Vec<usize> = (0..24).filter(|column| !summary[*column].is_empty()).collect();
        assert_eq!(filled, [0, 1, 2, 3, 4, 5], "the summary has the head only");
        let sum: i64 = rows[2..].iter().map(|row| minor(row[column("amount")])).sum();
        assert_eq!(sum, minor(summary[column("total-amount")]), "{}", summary[0]);
        let decimal = if summary[4].contains(',') { ',' } else { '.' };
        forms.insert((summary[5].to_owned(), decimal, rows[2][column("posted-date")].chars().nth(2)));
        forms.insert((charset, if gzip { 'g' } else { '-' }, None));
        ids.insert(summary[0].to_owned());
    }
    let world = client.sandbox.world();
    let known: BTreeSet<String> = world.settlements(client.clock.now()).iter().map(|own| own.id.clone()).collect();
    assert_eq!(ids, known);
    assert!(reports.len() > ids.len(), "those of Amazon.de are listed on Amazon.fr too");
    assert!(forms.contains(&("GBP".to_owned(), '.', Some('2'))) && forms.contains(&("EUR".to_owned(), ',', Some('.'))));
    assert!(forms.contains(&("EUR".to_owned(), '.', Some('/'))));
    assert!(forms.iter().any(|(name, ..)| name == "Cp1252") && forms.iter().any(|(_, sign, _)| *sign == 'g'));
}

#[tokio::test]
async fn each_site_lists_its_own_and_the_same_settlement_is_on_two() {
    let client = Client::start(settling(3, FaultLevel::None)).await;
    client.pass(20 * DAY).await;
    let of = async |site: &str| -> Vec<(String, String)> {
        let reports = listed(&client, &format!("&marketplaceIds={site}")).await;
        let mut found = Vec::new();
        for report in &reports {
            let (text, ..) = file(&client, report).await;
            let settlement = text.lines().nth(1).unwrap().split('\t').next().unwrap().to_owned();
            found.push((report["reportId"].as_str().unwrap().to_owned(), settlement));
        }
        found
    };
    let (german, french) = (of("A1PA6795UKMFR9").await, of("A13V1IB3VIYZZH").await);
    assert_eq!((german.len(), french.len()), (1, 1));
    assert_eq!(german[0].1, french[0].1);
    assert_ne!(german[0].0, french[0].0);
    assert_ne!(of("A1F83G8C2ARO7P").await[0].1, german[0].1);
}

#[tokio::test]
async fn a_settlement_report_cannot_be_requested_or_scheduled() {
    let client = Client::start(settling(1, FaultLevel::None)).await;
    let site = json!(["A1F83G8C2ARO7P"]);
    let body = json!({"reportType": KIND, "marketplaceIds": site});
    assert_eq!(client.call(Method::POST, REPORTS, &client.token(), Some(body)).await.status, 400);
    let body = json!({"reportType": KIND, "marketplaceIds": site, "period": "P1D"});
    let schedules = "/reports/2021-06-30/schedules";
    assert_eq!(client.call(Method::POST, schedules, &client.token(), Some(body)).await.status, 400);
}

#[tokio::test]
async fn a_settlement_report_is_kept_ninety_days() {
    let client = Client::start(settling(2, FaultLevel::None)).await;
    client.pass(20 * DAY).await;
    let reports = listed(&client, "").await;
    let path = format!("{REPORTS}/{}", reports.last().unwrap()["reportId"].as_str().unwrap());
    assert_eq!(client.get(&path).await.status, 200);
    client.pass(92 * DAY).await;
    assert_eq!(client.get(&path).await.status, 404);
    let document = encoded(reports.last().unwrap()["reportDocumentId"].as_str().unwrap());
    assert_eq!(client.get(&format!("/reports/2021-06-30/documents/{document}")).await.status, 404);
    let left = listed(&client, "").await;
    assert!(left.iter().all(|report| report["reportId"] != reports.last().unwrap()["reportId"]));
}

/// Asks until an answer comes through whole.
async fn persist(sandbox: &Sandbox, path: &str) -> Value {
    let (http, own) = (reqwest::Client::new(), &sandbox.credentials().amazon);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &own.refresh_token),
        ("client_id", &own.client_id),
        ("client_secret", &own.client_secret),
    ];
    for _ in 0..40 {
        let Ok(token) = http.post(&own.lwa_url).form(&form).send().await else { continue };
        let Ok(token) = token.json::<Value>().await else { continue };
        let Some(token) = token["access_token"].as_str() else { continue };
        let call = http.get(format!("{}{path}", own.base_url)).header("x-amz-access-token", token);
        let Ok(reply) = call.send().await else { continue };
        if let (true, Ok(body)) = (reply.status() == 200, reply.json::<Value>().await) {
            return body;
        }
    }
    panic!("{path} never came through")
}

#[tokio::test]
async fn wild_faults_list_failed_reports_and_late_documents_but_every_settlement_comes() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (mut outcomes, mut not_ready) = (BTreeSet::new(), 0);
    for seed in 0..4 {
        let config = settling(seed, FaultLevel::Wild);
        let clock = config.clock.clone();
        let sandbox = Sandbox::start(config).await.unwrap();
        tokio::spawn({
            let clock = clock.clone();
            async move { clock.drive().await }
        });
        clock.sleep(std::time::Duration::from_secs(60 * DAY)).await;
        let listed = persist(&sandbox, &format!("{REPORTS}?reportTypes={KIND}&pageSize=100")).await;
        let world = sandbox.world();
        let mut wanted = 0;
        for own in world.listed_settlements(clock.now()) {
            wanted += own.group.marketplaces.len();
        }
        let reports = listed["reports"].as_array().unwrap();
        let done = reports.iter().filter(|report| report["processingStatus"] == "DONE").count();
        assert_eq!(done, wanted, "each comes once as it should");
        for report in reports {
            outcomes.insert(report["processingStatus"].as_str().unwrap().to_owned());
            not_ready += usize::from(report["processingEndTime"] != report["createdTime"]);
            assert_eq!(report["processingStatus"] == "DONE", report["reportDocumentId"].is_string());
        }
    }
    assert!(["CANCELLED", "DONE", "FATAL"].iter().all(|outcome| outcomes.contains(*outcome)), "{outcomes:?}");
    assert!(not_ready > 10);
}
