//! Notifications and the queue.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};
use sim::faults::{Fault, Point};

use super::client::{Client, config};

async fn receive_all(client: &Client) -> Vec<Value> {
    let mut messages = Vec::new();
    loop {
        let reply = client.sqs("ReceiveMessage", json!({"MaxNumberOfMessages": 10})).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let Some(batch) = reply.body["Messages"].as_array() else { return messages };
        let entries: Vec<Value> = batch
            .iter()
            .enumerate()
            .map(|(id, message)| json!({"Id": id.to_string(), "ReceiptHandle": message["ReceiptHandle"]}))
            .collect();
        messages.extend(batch.iter().cloned());
        assert_eq!(
            client.sqs("DeleteMessageBatch", json!({"Entries": entries})).await.body["Successful"]
                .as_array()
                .unwrap()
                .len(),
            entries.len()
        );
    }
}

fn parsed(message: &Value) -> Value {
    serde_json::from_str(message["Body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn every_change_after_the_subscription_arrives_once() {
    let client = Client::start(config(4)).await;
    client.pass(3_600).await;
    let subscribed_at = client.clock.now();
    let subscription = client.subscribe().await;
    client.pass(6 * 3_600).await;
    let cutoff = client.clock.now();
    let wanted = client.sandbox.world().changes(subscribed_at, cutoff).len();
    client.pass(60).await;
    let messages: Vec<Value> = receive_all(&client).await.iter().map(parsed).collect();
    let trigger = |message: &Value| {
        message["Payload"]["OrderChangeNotification"]["OrderChangeTrigger"]["TimeOfOrderChange"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let in_time = messages.iter().filter(|message| trigger(message) <= format!("{cutoff:.3}")).count();
    assert!(wanted > 20);
    assert_eq!(in_time, wanted);
    let ids: HashSet<_> =
        messages.iter().map(|message| message["NotificationMetadata"]["NotificationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), messages.len());
    assert!(messages.iter().all(|message| message["NotificationMetadata"]["SubscriptionId"] == subscription.as_str()));
}

#[tokio::test]
async fn faults_lose_repeat_and_delay_messages() {
    let client = Client::start(config(4)).await;
    client.subscribe().await;
    let faults = client.sandbox.faults();
    for fault in [Fault::LostMessage, Fault::DuplicateMessage, Fault::LateMessage { secs: 10_000 }] {
        faults.dial(Point::Notification, fault);
    }
    let begin = client.clock.now();
    let changes = client.sandbox.world().changes(begin, begin + jiff::SignedDuration::from_hours(30));
    let third = changes[2].0;
    client.pass(third.duration_since(begin).as_secs().unsigned_abs() + 200).await;
    let moments = |messages: Vec<Value>| -> Vec<String> {
        let moment = |message: &Value| parsed(message)["EventTime"].as_str().unwrap().to_owned();
        messages.iter().map(moment).collect()
    };
    let early = moments(receive_all(&client).await);
    let times = |change: usize| early.iter().filter(|moment| **moment == format!("{:.3}", changes[change].0)).count();
    assert_eq!((times(0), times(1), times(2)), (0, 2, 0));
    client.pass(10_000).await;
    assert!(moments(receive_all(&client).await).contains(&format!("{third:.3}")));
}

#[tokio::test]
async fn a_received_message_hides_and_comes_back_until_it_is_deleted() {
    let client = Client::start(config(4)).await;
    let sent = client.sqs("SendMessage", json!({"MessageBody": "hello <&> \u{1f43b}"})).await;
    let receive = || client.sqs("ReceiveMessage", json!({"VisibilityTimeout": 60, "AttributeNames": ["All"]}));
    let first = receive().await.body["Messages"][0].clone();
    assert_eq!(first["MD5OfBody"], sent.body["MD5OfMessageBody"]);
    assert_eq!((&first["MessageId"], &first["Body"]), (&sent.body["MessageId"], &json!("hello <&> \u{1f43b}")));
    assert!(receive().await.body.get("Messages").is_none());
    client.pass(61).await;
    let second = receive().await.body["Messages"][0].clone();
    assert_eq!(second["Attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(
        client
            .sqs("ChangeMessageVisibility", json!({"ReceiptHandle": second["ReceiptHandle"], "VisibilityTimeout": 0}))
            .await
            .status,
        200
    );
    let third = receive().await.body["Messages"][0].clone();
    assert_eq!(client.sqs("DeleteMessage", json!({"ReceiptHandle": third["ReceiptHandle"]})).await.status, 200);
    client.pass(61).await;
    assert!(receive().await.body.get("Messages").is_none());
    assert_eq!(client.sqs("DeleteMessage", json!({"ReceiptHandle": "nonsense"})).await.status, 400);
    let attributes = client.sqs("GetQueueAttributes", json!({"AttributeNames": ["All"]})).await;
    assert_eq!(attributes.body["Attributes"]["ApproximateNumberOfMessages"], "0");
}

#[tokio::test]
async fn a_long_poll_ends_when_the_next_message_arrives() {
    let client = Client::start(config(4)).await;
    client.subscribe().await;
    let begin = client.clock.now();
    let first = client.sandbox.world().next_change(begin).unwrap();
    client.pass(first.duration_since(begin).as_secs().unsigned_abs()).await;
    let driver = tokio::spawn({
        let clock = client.clock.clone();
        async move { clock.drive().await }
    });
    let work = client.clock.busy();
    let reply = client.sqs("ReceiveMessage", json!({"WaitTimeSeconds": 20})).await;
    drop(work);
    driver.abort();
    assert_eq!(reply.body["Messages"].as_array().map(Vec::len), Some(1));
    assert!(client.clock.now().duration_since(first).as_secs() < 18);
}

#[tokio::test]
async fn the_older_protocol_answers_in_xml() {
    let client = Client::start(config(4)).await;
    let path = reqwest::Url::parse(&client.credentials().queue_url).unwrap().path().to_owned();
    let ask = |body: &str| {
        let request =
            client.signed(&path, &[("content-type", "application/x-www-form-urlencoded")], body.to_owned(), None);
        async { request.send().await.unwrap().text().await.unwrap() }
    };
    let sent = ask("Action=SendMessage&Version=2012-11-05&MessageBody=a%3Cb").await;
    assert!(sent.contains("<SendMessageResult>") && sent.contains("<MD5OfMessageBody>"), "{sent}");
    let received = ask("Action=ReceiveMessage&Version=2012-11-05&AttributeName.1=All").await;
    assert!(received.contains("<Message><MessageId>") && received.contains("<Body>a&lt;b</Body>"), "{received}");
    assert!(received.contains("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>"));
    let receipt = received.split("<ReceiptHandle>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let body = format!(
        "Action=DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id=x&DeleteMessageBatchRequestEntry.1.ReceiptHandle={receipt}"
    );
    let deleted = ask(&body).await;
    assert!(deleted.contains("<DeleteMessageBatchResultEntry><Id>x</Id></DeleteMessageBatchResultEntry>"), "{deleted}");
}

#[tokio::test]
async fn an_unsigned_or_wrongly_signed_request_is_refused() {
    let client = Client::start(config(4)).await;
    let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.ListQueues")];
    let wrong = client.signed("/", &headers, "{}".to_owned(), Some("wrong secret")).send().await.unwrap();
    assert_eq!(wrong.status(), 403);
    let right = client.signed("/", &headers, "{}".to_owned(), None).send().await.unwrap();
    assert_eq!(right.status(), 200);
    let unsigned =
        client.http.post(&client.credentials().queue_url).form(&[("Action", "ReceiveMessage")]).send().await.unwrap();
    assert_eq!(unsigned.status(), 403);
}

#[tokio::test]
async fn what_exists_already_is_a_conflict_and_what_does_not_is_not_found() {
    let client = Client::start(config(4)).await;
    let subscription = client.subscribe().await;
    let grantless = client.grantless().await;
    let destinations = client.call(Method::GET, "/notifications/v1/destinations", &grantless, None).await;
    let destination = destinations.body["payload"][0].clone();
    let again = json!({"name": "again", "resourceSpecification": {"sqs": destination["resource"]["sqs"]}});
    assert_eq!(client.call(Method::POST, "/notifications/v1/destinations", &grantless, Some(again)).await.status, 409);
    let fifo =
        json!({"name": "x", "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:eu-west-2:000000123456:q.fifo"}}});
    assert_eq!(client.call(Method::POST, "/notifications/v1/destinations", &grantless, Some(fifo)).await.status, 400);
    let body = json!({"payloadVersion": "1.0", "destinationId": destination["destinationId"]});
    let path = "/notifications/v1/subscriptions/ORDER_CHANGE";
    assert_eq!(client.call(Method::POST, path, &client.token(), Some(body)).await.status, 409);
    assert_eq!(client.get(path).await.body["payload"]["subscriptionId"], subscription.as_str());
    let test = json!({"destinationId": destination["destinationId"], "testNotification": {"payloadVersion": "1.0"}});
    assert_eq!(
        client.call(Method::POST, &format!("{path}/testNotification"), &grantless, Some(test)).await.status,
        200
    );
    assert_eq!(receive_all(&client).await.len(), 1);
    let by_id = format!("{path}/{subscription}");
    assert_eq!(client.call(Method::DELETE, &by_id, &grantless, None).await.status, 200);
    assert_eq!(client.get(path).await.status, 404);
}

#[tokio::test]
async fn a_subscription_is_deleted_by_its_id_with_either_token_but_a_destination_with_the_grantless_one_only() {
    let client = Client::start(config(5)).await;
    for seller in [true, false] {
        let id = client.subscribe().await;
        let token = if seller { client.token() } else { client.grantless().await };
        let path = format!("/notifications/v1/subscriptions/ORDER_CHANGE/{id}");
        let read = client.call(Method::GET, &path, &token, None).await;
        assert_eq!((read.status.as_u16(), &read.body["payload"]["subscriptionId"]), (200, &id.as_str().into()));
        assert_eq!(client.call(Method::DELETE, &path, &token, None).await.status, 200);
        let destination =
            format!("/notifications/v1/destinations/{}", read.body["payload"]["destinationId"].as_str().unwrap());
        assert_eq!(client.call(Method::DELETE, &destination, &client.token(), None).await.status, 403);
        assert_eq!(client.call(Method::DELETE, &destination, &client.grantless().await, None).await.status, 200);
    }
}
