//! What generated clients never send, and what goes wrong.

use serde_json::json;
use sim::KashflowOptions;
use sim::faults::{Fault, Point};

use super::super::{Remote, plain, remote, remote_with};

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// HTTP status and body of an envelope around `body`.
async fn send(remote: &Remote, action: &str, body: &str) -> (u16, String) {
    let envelope = format!("<e:Envelope xmlns:e=\"{ENVELOPE}\"><e:Body>{body}</e:Body></e:Envelope>");
    raw(remote, &[("SOAPAction", action), ("Content-Type", "text/xml; charset=utf-8")], envelope).await
}

async fn raw(remote: &Remote, headers: &[(&str, &str)], body: String) -> (u16, String) {
    let url = remote.base.replace("/v2", "/API/Service.asmx");
    let mut request = reqwest::Client::new().post(url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The credentials and `inside` in the operation's element.
fn asked(remote: &Remote, operation: &str, inside: &str) -> String {
    let own = remote.account.credentials("");
    format!(
        "<{operation} xmlns=\"KashFlow\"><UserName>{}</UserName><Password>{}</Password>{inside}</{operation}>",
        own.username, own.password
    )
}

async fn call(remote: &Remote, operation: &str, inside: &str) -> (u16, String) {
    send(remote, &format!("\"KashFlow/{operation}\""), &asked(remote, operation, inside)).await
}

/// The text of the first element called `name`.
fn inner<'t>(text: &'t str, name: &str) -> &'t str {
    text.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once("</")).map_or("", |(inner, _)| inner)
}

#[tokio::test]
async fn the_wsdl_has_its_own_address_and_a_browser_sees_a_list() {
    let remote = remote().await;
    let wsdl = remote.account.credentials(&remote.base).soap_wsdl_url.unwrap();
    let text = reqwest::get(&wsdl).await.unwrap().text().await.unwrap();
    let address = wsdl.trim_end_matches("?WSDL");
    assert_eq!(text.matches(&format!("location=\"{address}\"")).count(), 2, "for SOAP 1.1 and for 1.2");
    assert!(text.contains("soapAction=\"KashFlow/applyCreditNoteToInvoice\""));
    let page = reqwest::get(address).await.unwrap().text().await.unwrap();
    assert!(page.contains("<li>GetInvoice</li>"));
}

#[tokio::test]
async fn a_refusal_is_an_http_200_with_status_no_and_an_empty_result() {
    let remote = remote().await;
    let (status, text) = call(&remote, "GetInvoice", "<InvoiceNumber>7</InvoiceNumber>").await;
    assert_eq!((status, inner(&text, "Status"), text.contains("GetInvoiceResult")), (200, "NO", false));
    let (status, text) = send(&remote, "KashFlow/GetCurrencies", "<GetCurrencies xmlns=\"KashFlow\"/>").await;
    assert_eq!((status, inner(&text, "StatusDetail")), (200, "Incorrect username or password"));
    let journal = "<Jnl><DBID>0</DBID><JournalNumber>1</JournalNumber></Jnl>";
    assert_eq!(inner(&call(&remote, "InsertJournal", journal).await.1, "InsertJournalResult"), "0");
}

#[tokio::test]
async fn what_cannot_be_read_is_a_fault_for_the_whole_envelope() {
    let remote = remote().await;
    for (inside, why) in [
        ("<InvoiceNumber>x</InvoiceNumber>", "The string 'x' is not a valid Int32 value."),
        ("<InvoiceNumber></InvoiceNumber>", "is not a valid Int32 value."),
    ] {
        let (status, text) = call(&remote, "GetInvoice", inside).await;
        assert_eq!((status, inner(&text, "faultcode")), (500, "soap:Client"), "{text}");
        assert!(text.replace("&apos;", "'").contains(why), "{text}");
    }
    let window = "<StartDate>02/11/2026</StartDate>";
    let (_, text) = call(&remote, "GetInvoicesByDateRange", window).await;
    assert!(text.contains("is not a valid AllXsd value"), "{text}");
    for body in ["no xml", "<a/>", "<e:Envelope xmlns:e=\"urn:other\"/>"] {
        let (status, text) = raw(&remote, &[("SOAPAction", "KashFlow/GetInvoice")], body.to_owned()).await;
        assert_eq!((status, inner(&text, "faultcode")), (500, "soap:Client"), "{text}");
    }
}

#[tokio::test]
async fn a_document_type_is_refused() {
    let remote = remote().await;
    let bomb = format!(
        "<!DOCTYPE e [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><e:Envelope xmlns:e=\"{ENVELOPE}\"><e:Body>{}</e:Body></e:Envelope>",
        asked(&remote, "GetCurrencies", "&b;")
    );
    let (status, text) = raw(&remote, &[("SOAPAction", "KashFlow/GetCurrencies")], bomb).await;
    assert_eq!(status, 500);
    assert!(text.contains("DTD is prohibited"), "{text}");
}

#[tokio::test]
async fn the_operation_is_the_soap_action_and_must_be_in_the_body() {
    let remote = remote().await;
    for action in ["", "KashFlow/Nonsense", "GetCurrencies"] {
        let (status, text) = send(&remote, action, &asked(&remote, "GetCurrencies", "")).await;
        assert!(status == 500 && text.contains("SOAPAction"), "{action}: {text}");
    }
    let (status, _) = send(&remote, "KashFlow/GetVATRates", &asked(&remote, "GetCurrencies", "")).await;
    assert_eq!(status, 500);
    let (status, text) = send(&remote, "KashFlow/GetCurrencies", &asked(&remote, "GetCurrencies", "")).await;
    assert_eq!((status, inner(&text, "Status")), (200, "OK"), "without quotes too");
}

#[tokio::test]
async fn soap_1_2_needs_no_action_and_is_taken_as_plain_xml_with_foreign_headers() {
    let remote = remote().await;
    let envelope = format!(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>{}</e:Body></e:Envelope>",
        asked(&remote, "GetCurrencies", "")
    );
    let named = "application/soap+xml; charset=utf-8; action=\"KashFlow/GetCurrencies\"";
    let basic = "Basic bWVhbmluZ2xlc3M6eA==";
    for headers in [
        vec![("Content-Type", "application/soap+xml")],
        vec![("Content-Type", named)],
        vec![("Content-Type", "text/xml"), ("SOAPAction", "\"KashFlow/GetCurrencies\"")],
        vec![("Content-Type", "application/soap+xml"), ("Authorization", basic), ("Host", "securedwebapp.example")],
    ] {
        let (status, text) = raw(&remote, &headers, envelope.clone()).await;
        assert_eq!((status, inner(&text, "Status")), (200, "OK"), "{headers:?}");
        assert!(text.contains("http://www.w3.org/2003/05/soap-envelope"), "the answer has the version of the question");
    }
}

#[tokio::test]
async fn an_element_out_of_order_is_dropped() {
    let remote = remote().await;
    remote.customer("C1").await;
    remote.invoice(plain("C1")).await;
    let early = "<InvoicePayment><PayAmount>24</PayAmount><PayInvoice>1</PayInvoice></InvoicePayment>";
    let (_, text) = call(&remote, "InsertInvoicePayment", early).await;
    assert_eq!(inner(&text, "StatusDetail"), "There is no invoice with number 0");
}

#[tokio::test]
async fn soap_numbers_invoices_itself_unless_the_account_takes_the_number_sent() {
    for (soap_number_wins, number) in [(false, "1"), (true, "77")] {
        let remote = remote_with(KashflowOptions { soap_number_wins, ..KashflowOptions::default() }).await;
        remote.customer("C1").await;
        let id = remote.get("/customers/C1").await.body["Id"].clone();
        let inside = format!("<Inv><InvoiceNumber>77</InvoiceNumber><CustomerID>{id}</CustomerID></Inv>");
        let (_, text) = call(&remote, "InsertInvoice", &inside).await;
        assert_eq!(inner(&text, "InsertInvoiceResult"), number, "{text}");
    }
}

#[tokio::test]
async fn amounts_without_values_in_currency_are_pounds() {
    let remote = remote().await;
    remote.customer("C1").await;
    let id = remote.get("/customers/C1").await.body["Id"].clone();
    for (flag, rate) in [(0, json!(12.5)), (1, json!(10.0))] {
        let line = format!(
            "<InvoiceLine><Quantity>1</Quantity><Rate>10</Rate><VatRate>-1</VatRate><ValuesInCurrency>{flag}</ValuesInCurrency></InvoiceLine>"
        );
        let inside = format!(
            "<Inv_TD><CustomerID>{id}</CustomerID><CurrencyCode>EUR</CurrencyCode><ExchangeRate>1.25</ExchangeRate><Lines>{line}</Lines></Inv_TD>"
        );
        let (_, text) = call(&remote, "InsertInvoice_TypeDefined", &inside).await;
        let made = remote.get(&format!("/invoices/{}", inner(&text, "InsertInvoice_TypeDefinedResult"))).await.body;
        let line = &made["LineItems"][0];
        assert_eq!((&line["Rate"], &line["VATExempt"], &line["NominalCode"]), (&rate, &json!(true), &json!(9998)));
    }
}

#[tokio::test]
async fn an_api_that_is_switched_off_says_no() {
    let remote = remote().await;
    remote.put("/settings/api", json!({"APIEnabled": false})).await;
    assert_eq!(inner(&call(&remote, "GetCurrencies", "").await.1, "Status"), "NO");
    assert_eq!(remote.get("/customers").await.status, 200, "REST is another switch");
}

#[tokio::test]
async fn the_right_auto_auth_key_lets_a_client_in_where_that_is_allowed() {
    let remote = remote().await;
    remote.put("/settings/api", json!({"AutoAuthEnabled": true})).await;
    let inside = format!("<appName>x</appName><AutoAuthKey>{}</AutoAuthKey>", remote.account.auto_auth_key());
    assert_eq!(inner(&call(&remote, "AutoAuthIP", &inside).await.1, "Status"), "OK");
}

#[tokio::test]
async fn faults_happen_to_soap_too() {
    let remote = remote().await;
    remote.customer("C1").await;
    let id = remote.get("/customers/C1").await.body["Id"].clone();
    let inside = format!("<Inv><CustomerID>{id}</CustomerID></Inv>");
    let write = Point::KashflowWrite { operation: "InsertInvoice" };
    remote.faults.dial(write, Fault::SqlTimeout400 { after_commit: false });
    let (status, text) = call(&remote, "InsertInvoice", &inside).await;
    assert_eq!((status, inner(&text, "faultcode")), (500, "soap:Server"));
    assert!(remote.account.invoices().is_empty());
    remote.faults.dial(write, Fault::SqlTimeout400 { after_commit: true });
    assert_eq!(call(&remote, "InsertInvoice", &inside).await.0, 500);
    assert_eq!(remote.account.invoices().len(), 1);
    for (fault, status) in [
        (Fault::Throttle429 { retry_after_s: 7 }, 429),
        (Fault::ServerError5xx { status: 503 }, 503),
        (Fault::HtmlBody { status: 502 }, 502),
        (Fault::Outage, 503),
    ] {
        remote.faults.dial(write, fault);
        assert_eq!(call(&remote, "InsertInvoice", &inside).await.0, status, "{fault:?}");
    }
    assert_eq!(remote.account.invoices().len(), 1);
    remote.faults.dial(write, Fault::ResetAfterCommit);
    let url = remote.base.replace("/v2", "/api/service.asmx");
    let envelope = format!(
        "<e:Envelope xmlns:e=\"{ENVELOPE}\"><e:Body>{}</e:Body></e:Envelope>",
        asked(&remote, "InsertInvoice", &inside)
    );
    let lost =
        reqwest::Client::new().post(url).header("SOAPAction", "KashFlow/InsertInvoice").body(envelope).send().await;
    assert!(lost.is_err());
    assert_eq!(remote.account.invoices().len(), 2, "the work was done");
}

#[tokio::test]
async fn a_soap_list_is_as_stale_as_a_rest_list() {
    let remote = remote_with(KashflowOptions { search_lag_s: 120, ..KashflowOptions::default() }).await;
    remote.pass(3).await;
    let nominal = remote.get("/nominals/4950").await.body["Id"].clone();
    let inside = format!(
        "<bp><accid>9002</accid><TransactionDate>2026-11-02T00:00:00</TransactionDate><moneyin>5</moneyin><TransactionType>{nominal}</TransactionType><Comment>AMZB:1</Comment></bp>"
    );
    assert_eq!(inner(&call(&remote, "InsertBankTransaction", &inside).await.1, "Status"), "OK");
    let list = "<AccountID>9002</AccountID>";
    assert!(!call(&remote, "GetBankTransactions", list).await.1.contains("AMZB:1"));
    remote.pass(3).await;
    assert!(call(&remote, "GetBankTransactions", list).await.1.contains("AMZB:1"));
}
