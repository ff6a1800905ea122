//! The queue: AWS's published signature vectors, the consumer against a stub, and against moto's SQS server.

use jiff::Timestamp;
use ports::Marketplace;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::stub::{Reply, Stub, client_of};
use crate::sqs::Signer;

/// AWS's test suite for Signature Version 4 (published with its documentation): one key, one moment, one region.
fn signature(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> String {
    let secret = SecretString::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
    let signer = Signer {
        access_key_id: "AKIDEXAMPLE",
        secret: &secret,
        region: "us-east-1",
        service: "service",
        at: "2015-08-30T12:36:00Z".parse::<Timestamp>().unwrap(),
    };
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signed = signer.sign(method, &Url::parse(url).unwrap(), &headers, body.as_bytes()).unwrap();
    assert!(signed.contains(&("x-amz-date".to_owned(), "20150830T123600Z".to_owned())), "{signed:?}");
    signed.into_iter().find(|(name, _)| name == "authorization").unwrap().1
}

#[test]
fn signatures_equal_the_published_vectors() {
    let scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
    let form = [("content-type", "application/x-www-form-urlencoded")];
    type Vector<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
    let vectors: [Vector; 4] = [
        (
            "get-vanilla",
            "GET",
            "https://example.amazonaws.com/",
            &[],
            "",
            "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "get-vanilla-query-order-key-case",
            "GET",
            "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            &[],
            "",
            "host;x-amz-date",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "post-vanilla",
            "POST",
            "https://example.amazonaws.com/",
            &[],
            "",
            "host;x-amz-date",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            "post-x-www-form-urlencoded",
            "POST",
            "https://example.amazonaws.com/",
            &form,
            "Param1=value1",
            "content-type;host;x-amz-date",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ];
    for (name, method, url, headers, body, signed, expected) in vectors {
        let authorization = signature(method, url, headers, body);
        assert_eq!(authorization, format!("{scope}, SignedHeaders={signed}, Signature={expected}"), "{name}");
    }
}

fn change(order: &str, seller: &str, id: &str) -> String {
    json!({
        "NotificationType": "ORDER_CHANGE", "EventTime": "2026-11-20T10:15:02.123Z",
        "Payload": {"OrderChangeNotification": {"SellerId": seller, "AmazonOrderId": order,
            "OrderChangeTrigger": {"TimeOfOrderChange": "2026-11-20T10:15:01Z"}}},
        "NotificationMetadata": {"NotificationId": id},
    })
    .to_string()
}

#[tokio::test]
async fn messages_become_hints_and_every_handle_but_a_strangers_is_given_back() {
    let stub = Stub::serving(|call| match call.header("x-amz-target") {
        "AmazonSQS.ReceiveMessage" => {
            let message = |handle: &str, body: &str| json!({"ReceiptHandle": handle, "Body": body});
            Reply::json(200, &json!({"Messages": [
                message("h1", &change("203-1", "AINVENTED", "n1")), message("h2", &change("203-1", "AINVENTED", "n1")),
                message("h3", r#"{"NotificationType":"FEED_PROCESSING_FINISHED"}"#), message("h4", "hello"),
                message("h5", &change("203-2", "ASTRANGER", "n2")),
            ]}))
        }
        _ => Reply(200, vec![], Vec::new()),
    })
    .await;
    let client = stub.client_with(|config| config.queue = Some(stub.queue()));
    assert!(client.has_hints());
    let batch = client.hints(5).await.unwrap();
    assert_eq!(
        batch.hints.iter().map(|hint| hint.order.as_str()).collect::<Vec<_>>(),
        ["203-1"],
        "the same id is the same message"
    );
    assert_eq!(batch.handles, ["h1", "h2", "h3", "h4"]);
    assert_eq!(batch.unreadable.len(), 1);
    client.acknowledge(&batch.handles).await.unwrap();

    let calls = stub.calls();
    let targets: Vec<_> = calls.iter().map(|call| call.header("x-amz-target")).collect();
    assert_eq!(
        targets,
        ["AmazonSQS.ReceiveMessage", "AmazonSQS.ChangeMessageVisibility", "AmazonSQS.DeleteMessageBatch"]
    );
    assert_eq!(calls[0].json()["WaitTimeSeconds"], 5);
    assert_eq!(calls[1].json()["ReceiptHandle"], "h5");
    assert_eq!(calls[2].json()["Entries"].as_array().unwrap().len(), 4);
    assert!(calls.iter().all(|call| call.header("content-type") == "application/x-amz-json-1.0"));
    assert!(
        calls.iter().all(|call| call.header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKIDINVENTED/"))
    );
    assert!(stub.logins().is_empty(), "the queue needs no token of Login with Amazon");
}

#[tokio::test]
async fn each_refusal_of_the_queue_has_its_own_reaction() {
    let table = [
        (403, "com.amazonaws.sqs#AccessDeniedException", "CON-004"),
        (403, "InvalidClientTokenId", "CON-004"),
        (403, "com.amazon.coral.service#SignatureDoesNotMatch", "CON-004"),
        (400, "com.amazonaws.sqs#QueueDoesNotExist", "CON-007"),
        (400, "com.amazonaws.sqs#RequestThrottled", "CON-001"),
        (400, "com.amazonaws.sqs#InvalidAddress", "CON-005"),
        (500, "com.amazonaws.sqs#InternalFailure", "CON-002"),
        (503, "", "CON-002"),
    ];
    for (status, kind, code) in table {
        let stub = Stub::serving(move |_| Reply::json(status, &json!({"__type": kind, "message": "because"}))).await;
        let client = stub.client_with(|config| config.queue = Some(stub.queue()));
        assert_eq!(client.hints(0).await.unwrap_err().code(), code, "{kind}");
    }
}

#[tokio::test]
async fn without_a_queue_there_are_no_hints_and_no_call() {
    let stub = Stub::serving(|_| Reply::html(500)).await;
    let client = stub.client();
    assert!(!client.has_hints());
    assert_eq!(client.hints(20).await.unwrap(), ports::HintBatch::default());
    client.acknowledge(&["h".to_owned()]).await.unwrap();
    assert!(stub.calls().is_empty());
}

#[tokio::test]
async fn more_than_ten_messages_are_deleted_in_batches() {
    let stub = Stub::serving(|_| {
        Reply::json(
            200,
            &json!({"Successful": [], "Failed": [{"Id": "1", "SenderFault": true, "Code": "ReceiptHandleIsInvalid"}]}),
        )
    })
    .await;
    let client = stub.client_with(|config| config.queue = Some(stub.queue()));
    let handles: Vec<String> = (0..23).map(|index| format!("h{index}")).collect();
    client.acknowledge(&handles).await.unwrap();
    let sizes: Vec<_> = stub.calls().iter().map(|call| call.json()["Entries"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [10, 10, 3]);
}

#[test]
fn the_arn_of_a_queue_follows_from_its_address() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut queue = runtime.block_on(Stub::serving(|_| Reply::html(200))).queue();
    queue.url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders".parse().unwrap();
    assert_eq!(queue.arn().unwrap(), "arn:aws:sqs:eu-west-1:123456789012:orders");
    queue.url = "https://sqs.eu-west-1.amazonaws.com/orders".parse().unwrap();
    assert!(queue.arn().is_err());
}

/// moto's SQS server on a free port; ended when dropped.
struct Moto {
    child: std::process::Child,
    url: Url,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Moto {
    fn start() -> Moto {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let python = std::env::var("TILLBRIDGE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let program = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])";
        let child = std::process::Command::new(python)
            .args(["-c", program, &port.to_string()])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("python with moto starts");
        Moto { child, url: Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap() }
    }

    /// One call as an administrator of the queue would make it.
    async fn call(&self, action: &str, body: Value) -> Option<Value> {
        let http = crate::client::Http::new(clock::Clock::real(), "test").unwrap();
        let request = http.api.post(self.url.clone()).header("x-amz-target", format!("AmazonSQS.{action}"));
        let request = request.header("content-type", "application/x-amz-json-1.0").body(body.to_string());
        let request = request.header("authorization", "AWS4-HMAC-SHA256 Credential=AKIDINVENTED/20261120/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0");
        let answer = http.answer(request, std::time::Duration::from_secs(10)).await.ok()?;
        answer.status.is_success().then(|| answer.value().ok()).flatten()
    }
}

#[tokio::test]
async fn the_consumer_works_with_motos_queue() {
    if std::env::var_os("TILLBRIDGE_MOTO").is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI must run this test: install moto[server] and set TILLBRIDGE_MOTO=1"
        );
        println!("SKIPPED: set TILLBRIDGE_MOTO=1 where python has moto[server]");
        return;
    }
    let moto = Moto::start();
    let mut made = None;
    for _ in 0..200 {
        made = moto.call("CreateQueue", json!({"QueueName": "orders"})).await;
        if made.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let url: Url = made.expect("moto answers")["QueueUrl"].as_str().unwrap().parse().unwrap();
    let url = moto.url.join(url.path()).unwrap();
    for index in 0..12 {
        let body = change(&format!("203-{index}"), "AINVENTED", &format!("n{index}"));
        moto.call("SendMessage", json!({"QueueUrl": url, "MessageBody": body})).await.expect("sent");
    }
    let stub = Stub::serving(|_| Reply::html(500)).await;
    let mut config = stub.config();
    config.queue = Some(crate::QueueConfig { url, ..stub.queue() });
    let client = client_of(config, std::sync::Arc::new(super::stub::Plenty));
    let queue = client.queue.as_ref().unwrap();
    assert_eq!(queue.depth().await.unwrap(), 12);

    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let batch = client.hints(1).await.unwrap();
        if batch.handles.is_empty() {
            break;
        }
        orders.extend(batch.hints.into_iter().map(|hint| hint.order));
        client.acknowledge(&batch.handles).await.unwrap();
    }
    assert_eq!((orders.len(), queue.depth().await.unwrap()), (12, 0));

    // A message that is hidden for no time at all comes again; one that is not deleted is not lost.
    moto.call("SendMessage", json!({"QueueUrl": client.config.queue.as_ref().unwrap().url, "MessageBody": change("203-77", "AINVENTED", "n77")})).await.unwrap();
    let first = client.hints(1).await.unwrap();
    assert_eq!(first.hints.len(), 1);
    assert!(client.hints(0).await.unwrap().hints.is_empty(), "hidden while somebody works on it");
    queue.hide(&first.handles[0], 0).await.unwrap();
    let again = client.hints(1).await.unwrap();
    assert_eq!(again.hints, first.hints);
    client.acknowledge(&again.handles).await.unwrap();
    assert_eq!(queue.depth().await.unwrap(), 0);
}
