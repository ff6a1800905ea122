use serde_json::{Value, json};
use sim::KashflowOptions;

use super::{Remote, plain_with, remote, remote_with};

fn numbers(page: &Value) -> Vec<i64> {
    page["Data"].as_array().unwrap().iter().map(|row| row["Number"].as_i64().unwrap()).collect()
}

/// Seven invoices: numbers 1 to 7, one a day from the first of November, 3 and 6 for C2.
async fn seven(options: KashflowOptions) -> Remote {
    let remote = remote_with(options).await;
    remote.customer("C1").await;
    remote.customer("C2").await;
    for number in 1..=7 {
        let code = if number % 3 == 0 { "C2" } else { "C1" };
        let more =
            json!({"IssuedDate": format!("2026-11-0{number}"), "CustomerReference": format!("AMZ-20{number}-1")});
        remote.invoice(plain_with(code, more)).await;
    }
    remote
}

#[tokio::test]
async fn pages_follow_their_next_url_to_the_end() {
    for next_url_relative in [false, true] {
        let remote = seven(KashflowOptions { next_url_relative, ..KashflowOptions::default() }).await;
        let mut path = "/invoices?perpage=3&sortby=Number&order=Asc".to_owned();
        let mut seen = Vec::new();
        loop {
            let page = remote.get(&path).await.body;
            assert_eq!(page["MetaData"]["TotalRecords"], 7);
            seen.extend(numbers(&page));
            let Some(next) = page["MetaData"]["NextPageUrl"].as_str() else { break };
            assert_eq!(next.starts_with('/'), next_url_relative, "{next}");
            path = next.trim_start_matches(remote.base.as_str()).to_owned();
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7]);
    }
}

#[tokio::test]
async fn filters_narrow_and_sorting_takes_names_or_integers() {
    let remote = seven(KashflowOptions::default()).await;
    let list = async |query: &str| numbers(&remote.get(&format!("/invoices?{query}")).await.body);
    assert_eq!(list("").await, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(list("sortby=3&order=asc&perpage=2&page=2").await, [3, 4]);
    assert_eq!(list("CustomerCode=c2&order=asc").await, [3, 6]);
    assert_eq!(list("customercode=NOBODY").await, [0; 0]);
    assert_eq!(list("issuedatefrom=2026-11-02&issuedateto=2026-11-04 00:00:00&order=asc").await, [2, 3, 4]);
    assert_eq!(list("issuedatefrom=2026-11-06&sortby=InvoiceDate&order=asc").await, [6, 7]);
    assert_eq!(list("searchtext=amz-204-1").await, [4]);
    assert_eq!(list("searchtext=204-1").await, [4], "also after the first hyphen");
    assert_eq!(list("searchtext=04-1").await, [0; 0]);
    assert_eq!(list("sortby=CustomerRef&order=desc&perpage=1").await, [7]);
    assert_eq!(list("statusfilter=Paid").await, [0; 0]);
    assert_eq!(list("statusfilter=Overdue&order=asc").await, [1]);
    assert_eq!(list("page=9").await, [0; 0]);
    Remote::refused(&remote.get("/invoices?sortby=Shoes").await, 400, "ValidationError");
}

#[tokio::test]
async fn rows_are_summaries_without_payments() {
    let remote = seven(KashflowOptions::default()).await;
    let page = remote.get("/invoices?perpage=1").await.body;
    assert!(page["Data"][0].get("PaymentLines").is_none());
    assert_eq!(page["Data"][0]["GrossAmount"], 24.0);
}

#[tokio::test]
async fn a_page_beyond_the_maximum_is_refused() {
    let remote = remote_with(KashflowOptions { per_page_max: 200, ..KashflowOptions::default() }).await;
    assert_eq!(remote.get("/invoices?perpage=200").await.status, 200);
    Remote::refused(&remote.get("/invoices?perpage=201").await, 400, "InvalidPerPage");
    assert_eq!(remote.get("/customers?perpage=500&skipperpagevalidation=true").await.status, 200);
}

#[tokio::test]
async fn with_a_search_lag_a_new_document_is_found_by_number_at_once_and_by_lists_later() {
    let remote = remote_with(KashflowOptions { search_lag_s: 120, ..KashflowOptions::default() }).await;
    remote.customer("C1").await;
    remote.pass(3).await;
    remote.invoice(plain_with("C1", json!({"CustomerReference": "AMZ-1"}))).await;
    assert_eq!(remote.get("/invoices/1").await.status, 200);
    for query in ["searchtext=AMZ-1", "sortby=Number", "issuedatefrom=2026-11-01&sortby=InvoiceDate"] {
        assert_eq!(remote.get(&format!("/invoices?{query}")).await.body["MetaData"]["TotalRecords"], 0);
    }
    remote.pass(2).await;
    assert_eq!(remote.get("/invoices?searchtext=AMZ-1").await.body["MetaData"]["TotalRecords"], 1);
}

#[tokio::test]
async fn customers_page_in_the_order_of_their_codes() {
    let remote = remote().await;
    for code in ["B2", "A1", "C3", "A2"] {
        remote.customer(code).await;
    }
    let codes = async |query: &str| {
        let page = remote.get(&format!("/customers?{query}")).await.body;
        page["Data"].as_array().unwrap().iter().map(|row| row["Code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("perpage=3").await, ["A1", "A2", "B2"]);
    assert_eq!(codes("perpage=3&page=2").await, ["C3"]);
    assert_eq!(codes("sortby=Name&order=desc&perpage=1").await, ["C3"]);
    assert_eq!(codes("namestartswith=customer+a").await, ["A1", "A2"]);
    assert_eq!(codes("startcreationdate=2026-11-03").await, [""; 0]);
}
