//! Reading documents: by number, by reference, by list.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::date;
use model::{DocumentNumber, Series};
use ports::{Books, ConnectorError, Depth, Window};
use serde_json::{Value, json};

use super::data::{INVOICE, REFERENCE, draft, gbp};
use super::stub::{Call, Reply, World, kashflow};

const WINDOW: Window = Window { from: date(2026, 10, 1), to: date(2026, 11, 30) };

/// A KashFlow whose search index is empty, and that shows our invoice under every number.
async fn unindexed(list: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> World {
    kashflow(move |call| match call.path.strip_prefix("/invoices/") {
        Some(number) => Reply::Text(200, INVOICE.replace("1042", number)),
        None if !call.query("searchtext").is_empty() => page(&[], None, 0),
        None => list(call),
    })
    .await
}

/// The numbers of our documents that the list shows.
async fn scan(world: &World) -> Result<Vec<u32>, ConnectorError> {
    let found = world.client.look(&draft(), WINDOW, Depth::Scan).await?;
    Ok(found.ours.iter().map(|receipt| receipt.number.unwrap().0).collect())
}

/// The calls for pages of the list.
fn lists(world: &World) -> Vec<Call> {
    let is_list = |call: &Call| call.path == "/invoices" && call.query("searchtext").is_empty();
    world.calls().into_iter().filter(is_list).collect()
}

fn page(rows: &[Value], next: Option<&str>, total: usize) -> Reply {
    Reply::json(200, &json!({ "MetaData": { "TotalRecords": total, "NextPageUrl": next }, "Data": rows }))
}

fn row(number: u32, reference: &str) -> Value {
    json!({ "Number": number, "CustomerReference": reference, "LineItems": null })
}

#[tokio::test]
async fn a_document_is_found_by_its_number() {
    let world = kashflow(|call| match call.path.as_str() {
        "/invoices/1042" => Reply::Text(200, INVOICE.to_owned()),
        _ => Reply::not_there(),
    })
    .await;
    let receipt = world.client.find(Series::Sales, DocumentNumber(1042)).await.unwrap().unwrap();
    assert_eq!((receipt.net, receipt.vat, receipt.paid), (gbp(25_00), gbp(5_00), gbp(30_00)));
    assert_eq!(world.client.find(Series::Sales, DocumentNumber(7)).await.unwrap(), None);
}

#[tokio::test]
async fn only_kashflows_own_404_means_that_a_document_is_not_there() {
    for (reply, code) in [
        (Reply::Html(404), "CON-002"),
        (Reply::Html(200), "CON-002"),
        (Reply::Html(502), "CON-002"),
        (Reply::Reset, "CON-002"),
        (Reply::Truncated(INVOICE.to_owned()), "CON-002"),
        (Reply::Text(200, INVOICE[..400].to_owned()), "CON-002"),
        (Reply::Text(200, String::new()), "CON-002"),
        (Reply::error(400, "-2146232060", "Execution Timeout Expired."), "CON-002"),
        (Reply::error(500, "", "An error has occurred."), "CON-002"),
        (Reply::Throttled("5"), "CON-001"),
        (Reply::Text(200, "null".into()), "CON-008"),
        (Reply::Text(200, "{}".into()), "CON-008"),
        (Reply::Text(200, INVOICE.to_owned()), "CON-008"),
    ] {
        let told = reply.clone();
        let world =
            kashflow(move |call| if call.path.starts_with("/session") { Reply::not_there() } else { told.clone() })
                .await;
        let error = world.client.find(Series::Sales, DocumentNumber(7)).await.unwrap_err();
        assert_eq!(error.code(), code, "{reply:?}: {error}");
        assert_eq!(world.calls().len(), 1, "nothing is retried here: {reply:?}");
    }
}

#[tokio::test]
async fn a_document_without_a_currency_is_in_the_home_currency_which_is_read_once() {
    let world = kashflow(|call| match call.path.as_str() {
        "/invoices/1042" => Reply::Text(200, INVOICE.replace(r#""Code": "GBP""#, r#""Code": null"#)),
        "/settings/companydetails" => {
            Reply::json(200, &json!({ "CompanyName": "T", "HomeCurrency": { "Code": "EUR" }, "VATRegistered": true }))
        }
        _ => Reply::not_there(),
    })
    .await;
    for _ in 0..2 {
        let receipt = world.client.find(Series::Sales, DocumentNumber(1042)).await.unwrap().unwrap();
        assert_eq!(receipt.currency, money::Currency::EUR);
    }
    assert_eq!(world.calls().len(), 4, "company and the accounts of payments are asked for once");
}

#[tokio::test]
async fn a_reference_is_compared_exactly_and_its_documents_are_read() {
    let world = kashflow(|call| match call.path.as_str() {
        "/invoices" => {
            let mut silent = row(1043, "");
            silent.as_object_mut().unwrap().remove("CustomerReference");
            let rows = [
                row(1042, " amz-203-0000001-0000001 "),
                row(1044, &format!("{REFERENCE}/2")),
                row(1042, REFERENCE),
                silent,
            ];
            page(&rows, None, 4)
        }
        "/invoices/1042" => Reply::Text(200, INVOICE.to_owned()),
        "/invoices/1043" => Reply::Text(200, INVOICE.replace("1042", "1043")),
        _ => Reply::not_there(),
    })
    .await;
    let found = world.client.look(&draft(), WINDOW, Depth::Search).await.unwrap();
    let numbers: Vec<u32> = found.ours.iter().map(|receipt| receipt.number.unwrap().0).collect();
    assert_eq!(numbers, [1042, 1043], "a row that tells no reference is read as a document");
    let list = &world.calls()[0];
    assert_eq!(list.query("searchtext"), REFERENCE);
    assert_eq!((list.query("issuedatefrom"), list.query("issuedateto")), ("2026-09-30", "2026-12-01"));
    assert_eq!(world.calls().len(), 4, "the list, two documents, and the accounts of their payments once");
}

/// Serves `pages` by their number; the address of the next page is made by `next`.
async fn scanned(next: fn(&str) -> String) -> Vec<u32> {
    let world = unindexed(move |call: &Call| match call.query("page") {
        "1" => page(&[row(1, REFERENCE), row(2, REFERENCE)], Some(&next(call.header("host"))), 3),
        "2" if call.path == "/invoices" => page(&[row(3, REFERENCE)], None, 3),
        _ => Reply::not_there(),
    })
    .await;
    scan(&world).await.unwrap()
}

#[tokio::test]
async fn pages_are_followed_whatever_form_their_address_has() {
    for next in [
        (|host| format!("http://{host}/v2/invoices?page=2")) as fn(&str) -> String,
        |_| "/invoices?page=2".to_owned(),
        |_| "/v2/invoices?page=2".to_owned(),
        |host| format!("https://{}/v2/invoices?page=2", host.split(':').next().unwrap()),
    ] {
        assert_eq!(scanned(next).await, [1, 2, 3]);
    }
}

#[tokio::test]
async fn the_session_never_goes_to_another_host() {
    let world = unindexed(|call: &Call| match call.path.as_str() {
        "/invoices" => page(
            &[row(1, REFERENCE)],
            Some(&format!("http://localhost:{}/v2/steal", call.header("host").rsplit(':').next().unwrap())),
            2,
        ),
        _ => Reply::not_there(),
    })
    .await;
    let error = scan(&world).await.unwrap_err();
    assert_eq!(error.code(), "CON-008");
    assert!(
        lists(&world).len() == 1 && world.calls().iter().all(|call| call.path == "/invoices"),
        "localhost is this server, by another name"
    );
}

#[tokio::test]
async fn a_next_page_that_was_read_already_does_not_hold_us_for_ever() {
    let world = unindexed(|call: &Call| match call.path.as_str() {
        "/invoices" if call.query("page") == "2" => page(&[row(2, REFERENCE)], Some("/invoices?page=2"), 9),
        "/invoices" => page(&[row(1, REFERENCE)], Some("/invoices?page=2"), 9),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(scan(&world).await.unwrap_err().code(), "CON-008");
}

#[tokio::test]
async fn a_scan_sees_rows_that_move_between_pages() {
    let reads = AtomicU32::new(0);
    let world = unindexed(move |call: &Call| {
        if call.path != "/invoices" {
            return Reply::not_there();
        }
        // While page one is read, row 3 moves from page two to page one: it is shown on neither.
        match reads.fetch_add(1, Ordering::SeqCst) {
            0 => page(&[row(1, REFERENCE), row(2, REFERENCE)], Some("/invoices?page=2"), 4),
            1 => page(&[row(2, REFERENCE), row(4, REFERENCE)], None, 4),
            2 => page(&[row(3, REFERENCE), row(1, REFERENCE)], Some("/invoices?page=2"), 4),
            _ => page(&[row(2, REFERENCE), row(4, REFERENCE)], None, 4),
        }
    })
    .await;
    let found = scan(&world).await.unwrap();
    assert_eq!(found, [1, 2, 3, 4]);
    assert_eq!(lists(&world)[0].query("sortby"), "Number");
}

#[tokio::test]
async fn a_scan_does_not_wait_for_rows_that_are_only_counted() {
    let world = unindexed(|call: &Call| match call.path.as_str() {
        "/invoices" => page(&[row(1, REFERENCE)], None, 7),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(scan(&world).await.unwrap().len(), 1);
    assert_eq!(lists(&world).len(), 2, "a second reading with the same rows");
}

#[tokio::test]
async fn a_list_that_never_holds_still_is_not_believed() {
    let reads = AtomicU32::new(0);
    let world = unindexed(move |call: &Call| match call.path.as_str() {
        "/invoices" => page(&[row(1 + reads.fetch_add(1, Ordering::SeqCst), REFERENCE)], None, 100),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(scan(&world).await.unwrap_err().code(), "CON-002");
}

#[tokio::test]
async fn no_list_is_not_an_empty_list() {
    for world in [unindexed(|_| Reply::not_there()).await, kashflow(|_| Reply::not_there()).await] {
        assert_eq!(scan(&world).await.unwrap_err().code(), "CON-002");
    }
}

#[tokio::test]
async fn a_page_size_that_is_refused_is_left_out() {
    let world = unindexed(|call: &Call| match call.path.as_str() {
        "/invoices" if call.query("perpage").is_empty() => page(&[row(1, REFERENCE)], None, 1),
        "/invoices" => Reply::error(400, "InvalidPerPage", "Too many."),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(scan(&world).await.unwrap().len(), 1);
    assert_eq!(lists(&world)[1].query("issuedatefrom"), "2026-09-30");
}

#[tokio::test]
async fn a_bare_array_is_a_list_too() {
    let world = unindexed(|call: &Call| match call.path.as_str() {
        "/invoices" => Reply::json(200, &json!([row(5, REFERENCE)])),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(scan(&world).await.unwrap(), [5]);
}

#[tokio::test]
async fn the_next_number_is_asked_for_or_counted() {
    let world = kashflow(|call: &Call| match call.path.as_str() {
        "/nextavailableinvoicenumber" => Reply::Text(200, "1043".into()),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(world.client.next_number(Series::Sales).await.unwrap(), DocumentNumber(1043));
    let world = kashflow(|call: &Call| match (call.path.as_str(), call.query("order")) {
        ("/invoices", "desc") => page(&[row(1042, "z")], Some("/invoices?page=2"), 1042),
        _ => Reply::not_there(),
    })
    .await;
    assert_eq!(world.client.next_number(Series::Sales).await.unwrap(), DocumentNumber(1043));
}

#[tokio::test]
async fn shapes_are_told_without_values() {
    let world = kashflow(|call: &Call| match call.path.as_str() {
        "/invoices" => page(&[row(1042, REFERENCE)], None, 1),
        "/invoices/1042" => Reply::Text(200, INVOICE.to_owned()),
        _ => Reply::not_there(),
    })
    .await;
    let shapes = world.client.probe_shapes().await.unwrap();
    let detail = shapes.iter().find(|shape| shape.route == "/invoices/{number}").unwrap();
    assert_eq!(detail.status, Some(200));
    assert!(detail.fields["$.LineItems[].Rate"].contains("number with 4 decimals"));
    let told = serde_json::to_string(&shapes).unwrap();
    for value in ["1042", "AMZ-203", "AMZUKSTD", "teapot", "12.5"] {
        assert!(!told.contains(value), "{value}");
    }
    assert!(shapes.iter().filter(|shape| shape.status == Some(404)).count() > 10);
}
