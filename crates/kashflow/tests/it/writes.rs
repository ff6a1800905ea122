//! Writing: sent once, exactly as meant, and unknown whenever it may have been done.

use kashflow::{LoginLedger, SavedSession};
use model::{DocumentNumber, Draft};
use ports::{Books, ConnectorError, SendOutcome};
use secrecy::SecretString;
use serde_json::json;

use super::data::{INVOICE, REFERENCE, buyer, draft, gbp, sales, unpaid_invoice};
use super::stub::{Call, Reply, World, connect, kashflow, start};

const NUMBER: DocumentNumber = DocumentNumber(1042);

/// A stub that answers the create with `reply` and finds nothing.
async fn create_answered(reply: Reply) -> World {
    kashflow(move |call| match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/invoices") => reply.clone(),
        (_, "/bankaccounts") => Reply::banks(),
        _ => Reply::not_there(),
    })
    .await
}

#[tokio::test]
async fn the_request_is_what_kashflow_documents_to_the_digit() {
    let world = create_answered(Reply::Text(201, INVOICE.to_owned())).await;
    world.client.create(Some(NUMBER), &draft()).await.unwrap();
    let sent = &world.writes()[0];
    assert_eq!(sent.header("content-type"), "application/json");
    assert_eq!(
        sent.body,
        concat!(
            r#"{"Number":1042,"CustomerCode":"AMZUKSTD","CustomerReference":"AMZ-203-0000001-0000001","#,
            r#""IssuedDate":"2026-11-02 00:00:00","DueDate":"2026-11-02 00:00:00","Currency":{"Code":"GBP","ExchangeRate":1},"#,
            r#""LineItems":[{"Number":1,"Description":"Enamel teapot, blue","Quantity":2,"Rate":12.50,"VATLevel":20,"VATAmount":5.00,"#,
            r#""VATExempt":false,"NominalCode":4000,"ProductCode":"TEAPOT-B"},{"Number":2,"Description":"Enamel teapot, blue","#,
            r#""Quantity":1,"Rate":0.05,"VATLevel":0,"VATAmount":0.00,"VATExempt":true,"NominalCode":4000}],"#,
            r#""PaymentLines":[{"Date":"2026-11-02 00:00:00","Amount":30.05,"Method":700001,"AccountId":9002,"Note":"AMZP:1"}]}"#
        )
    );
}

#[tokio::test]
async fn an_answered_create_shows_the_document_and_a_bare_yes_is_accepted() {
    let world = create_answered(Reply::Text(201, INVOICE.to_owned())).await;
    match world.client.create(Some(NUMBER), &draft()).await.unwrap() {
        SendOutcome::Answered(receipt) => {
            assert_eq!(
                (receipt.number, receipt.reference.as_str(), receipt.paid),
                (Some(NUMBER), REFERENCE, gbp(30_00))
            );
        }
        SendOutcome::Accepted => panic!("the document was shown"),
    }
    for yes in [Reply::Text(200, "{}".into()), Reply::Text(204, String::new()), Reply::Text(201, "1042".into())] {
        let world = create_answered(yes).await;
        assert_eq!(world.client.create(Some(NUMBER), &draft()).await.unwrap(), SendOutcome::Accepted);
    }
}

#[tokio::test]
async fn a_write_that_may_have_been_done_is_unknown_and_sent_once() {
    let long = INVOICE.to_owned();
    for reply in [
        Reply::Reset,
        Reply::Truncated(long.clone()),
        Reply::Text(201, long[..long.len() / 2].to_owned()),
        Reply::Html(200),
        Reply::Html(400),
        Reply::Html(502),
        Reply::Text(302, String::new()),
        Reply::error(500, "InternalServerError", "An error has occurred."),
        Reply::error(400, "-2146232060", "Execution Timeout Expired."),
        Reply::error(200, "Odd", "Yes and no."),
    ] {
        let world = create_answered(reply.clone()).await;
        let error = world.client.create(Some(NUMBER), &draft()).await.unwrap_err();
        assert_eq!(error.code(), "CON-003", "{reply:?}: {error}");
        assert_eq!(world.writes().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_write_without_an_answer_in_time_is_unknown() {
    let world = create_answered(Reply::Slow(61, INVOICE.to_owned())).await;
    let driven = world.clock.clone();
    let driver = tokio::spawn(async move { driven.drive().await });
    let work = world.clock.busy();
    let error = world.client.create(Some(NUMBER), &draft()).await.unwrap_err();
    drop(work);
    driver.abort();
    assert_eq!(error.to_string(), "KashFlow may or may not have done it: no answer within 60 s");
    assert_eq!(world.clock.now().duration_since(start()).as_secs(), 60);
}

#[tokio::test]
async fn a_write_that_cannot_have_left_did_nothing() {
    let world = create_answered(Reply::Reset).await;
    let mut nobody = world.base.clone();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    nobody.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    drop(listener);
    // Signed in before the server went away.
    let saved = SavedSession { account: format!("user demo.trader at {nobody}"), token: SecretString::from("open") };
    world.ledger.save_session(Some(saved)).await;
    let client = connect(&nobody, world.clock.clone(), world.ledger.clone());
    let error = client.create(Some(NUMBER), &draft()).await.unwrap_err();
    assert_eq!(error.to_string(), "KashFlow did not answer: it could not be reached");
    assert_eq!(world.ledger.notes(), [], "no log-in was needed");
}

#[tokio::test]
async fn a_log_in_that_fails_before_a_write_leaves_nothing_unknown() {
    let world = kashflow(|call| if call.path == "/sessiontoken" { Reply::Html(503) } else { Reply::not_there() }).await;
    let error = world.client.create(Some(NUMBER), &draft()).await.unwrap_err();
    assert_eq!((error.code(), world.writes().len()), ("CON-002", 0));
}

#[tokio::test]
async fn a_write_that_a_dead_session_refused_is_sent_again_with_a_new_one() {
    let world = kashflow(|call| match (call.method.as_str(), call.header("authorization")) {
        ("POST", "KfToken session-1") => Reply::dead_session(),
        ("POST", "KfToken session-2") => Reply::Text(201, INVOICE.to_owned()),
        _ if call.path == "/bankaccounts" => Reply::banks(),
        _ => Reply::not_there(),
    })
    .await;
    world.client.create(Some(NUMBER), &draft()).await.unwrap();
    let bodies: Vec<String> = world.writes().into_iter().map(|call| call.body).collect();
    assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
}

#[tokio::test]
async fn a_request_to_wait_is_a_time() {
    for (told, seconds) in [("17", 17), ("Mon, 02 Nov 2026 09:01:30 GMT", 90)] {
        let world = create_answered(Reply::Throttled(told)).await;
        match world.client.create(Some(NUMBER), &draft()).await.unwrap_err() {
            ConnectorError::Throttled { until, .. } => assert_eq!(until.duration_since(start()).as_secs(), seconds),
            other => panic!("{other}"),
        }
    }
}

/// A refusal whose code says nothing; the number is there, or the list says that the limit is reached, or neither.
async fn refused(is_there: bool, limit: bool) -> ConnectorError {
    let world = kashflow(move |call: &Call| match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/invoices") => Reply::error(400, "-2147467259", "It cannot be saved."),
        ("GET", "/invoices/1042") if is_there => Reply::Text(200, INVOICE.to_owned()),
        ("GET", "/invoices") => Reply::json(200, &json!({ "MetaData": { "InvoiceLimitReached": limit }, "Data": [] })),
        (_, "/bankaccounts") => Reply::banks(),
        _ => Reply::not_there(),
    })
    .await;
    let error = world.client.create(Some(NUMBER), &draft()).await.unwrap_err();
    assert_eq!(world.writes().len(), 1);
    error
}

#[tokio::test]
async fn a_refusal_with_an_unknown_code_is_understood_by_looking() {
    assert_eq!(refused(true, false).await.to_string(), "KashFlow says that invoice 1042 exists already");
    assert_eq!(refused(false, true).await.code(), "CON-009");
    assert_eq!(
        refused(false, false).await.to_string(),
        "KashFlow refused invoice 1042: It cannot be saved. (-2147467259)"
    );
}

#[tokio::test]
async fn a_duplicate_is_known_by_its_code() {
    for (status, code) in [(400, "DuplicateInvoiceNumber"), (409, "Conflict"), (422, "NumberNotUnique")] {
        let world = create_answered(Reply::error(status, code, "No.")).await;
        assert_eq!(world.client.create(Some(NUMBER), &draft()).await.unwrap_err().code(), "CON-006", "{code}");
    }
}

#[tokio::test]
async fn a_refusal_repeats_no_buyer_data() {
    let words = "Address 4 Row for Zoe Kettle <zoe@example.invalid> at LS1 0AA is wrong";
    let mut draft = sales();
    draft.customer = buyer();
    draft.delivery = draft.customer.address.clone();
    let world = create_answered(Reply::error(400, "BadAddress", words)).await;
    let error = world.client.create(Some(NUMBER), &Draft::Sales(draft)).await.unwrap_err().to_string();
    assert_eq!(error, "KashFlow refused invoice 1042: Address […] for […] <[…]> at […] is wrong (BadAddress)");
}

#[tokio::test]
async fn a_line_that_is_not_exact_is_never_sent() {
    for spoil in [
        (|draft| draft.lines[0].net = gbp(24_99)) as fn(&mut model::SalesDraft),
        |draft| draft.lines[0].quantity = 0,
        |draft| draft.lines[1].vat = money::Money::zero(money::Currency::EUR),
        |draft| draft.payment.as_mut().unwrap().amount = money::Money::zero(money::Currency::EUR),
        |draft| draft.currency = money::Currency::parse("KWD").unwrap(),
    ] {
        let world = create_answered(Reply::Text(201, INVOICE.to_owned())).await;
        let mut draft = sales();
        spoil(&mut draft);
        let error = world.client.create(Some(NUMBER), &Draft::Sales(draft)).await.unwrap_err();
        assert!(error.code() == "CON-005" && error.to_string().ends_with("It was not sent."), "{error}");
        assert_eq!(world.writes().len() + world.log_ins().len(), 0);
    }
}

#[tokio::test]
async fn an_update_replaces_what_is_ours_open_and_unpaid_only() {
    let unpaid = unpaid_invoice();
    for (held, code) in [
        (unpaid.clone(), None),
        (INVOICE.to_owned(), Some("CON-005")),
        (unpaid.replace(r#""VATReturnId":0"#, r#""VATReturnId":12"#), Some("CON-005")),
        (unpaid.replace("AMZ-203", "PO-7"), Some("CON-005")),
        (String::new(), Some("CON-007")),
    ] {
        let shown = held.clone();
        let world = kashflow(move |call| match (call.method.as_str(), call.path.as_str()) {
            (_, "/invoices/1042") if shown.is_empty() => Reply::not_there(),
            (_, "/invoices/1042") => Reply::Text(200, shown.clone()),
            (_, "/bankaccounts") => Reply::banks(),
            _ => Reply::not_there(),
        })
        .await;
        let updated = world.client.update(NUMBER, &draft()).await;
        assert_eq!(updated.err().map(|error| error.code()), code);
        let puts = world.writes().iter().filter(|call| call.is("PUT", "/invoices/1042")).count();
        assert_eq!(puts, usize::from(code.is_none()));
    }
}
