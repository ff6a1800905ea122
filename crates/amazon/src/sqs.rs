//! The notification queue: Amazon SQS by its JSON protocol (`x-amz-json-1.0`), signed with AWS Signature Version 4.
//!
//! Delivery is at least once and in any order; a message comes back unless it is deleted in time, so it is deleted only
//! after what it says is committed. SQS has no quota worth a bucket; a throttle answer waits 5 s.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use clock::later;
use jiff::Timestamp;
use ports::{ConnectorError, System};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::QueueConfig;
use crate::answer::{Answer, cut};
use crate::client::{Http, REQUEST_MAX};

/// Most messages of one receive call, and most entries of one batch.
pub const BATCH: usize = 10;
/// Longest long poll, in seconds.
pub const WAIT_MAX_S: u32 = 20;

/// One queue.
pub struct Queue {
    config: QueueConfig,
    secret: SecretString,
    http: Http,
}

/// A message as it was received.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Message {
    /// With what it is deleted.
    pub receipt_handle: String,
    /// What it says.
    #[serde(default)]
    pub body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Received {
    #[serde(default)]
    messages: Option<Vec<Message>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchOutcome {
    #[serde(default)]
    failed: Option<Vec<FailedEntry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FailedEntry {
    #[serde(default)]
    sender_fault: bool,
    #[serde(default)]
    code: String,
}

impl Queue {
    pub(crate) fn new(config: QueueConfig, secret: SecretString, http: Http) -> Queue {
        Queue { config, secret, http }
    }

    /// Waits at most `wait_s` seconds for at most [`BATCH`] messages.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    pub async fn receive(&self, wait_s: u32) -> Result<Vec<Message>, ConnectorError> {
        let wait_s = wait_s.min(WAIT_MAX_S);
        let body = json!({ "QueueUrl": self.config.url, "MaxNumberOfMessages": BATCH, "WaitTimeSeconds": wait_s });
        let answer = self.call("ReceiveMessage", body, REQUEST_MAX + Duration::from_secs(wait_s.into())).await?;
        Ok(read::<Received>(answer)?.messages.unwrap_or_default())
    }

    /// Deletes messages. A handle that is too old is no failure: its message comes again and is recognised.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    pub async fn delete(&self, handles: &[String]) -> Result<(), ConnectorError> {
        for batch in handles.chunks(BATCH) {
            let entry = |(index, handle): (usize, &String)| json!({ "Id": index.to_string(), "ReceiptHandle": handle });
            let entries: Vec<Value> = batch.iter().enumerate().map(entry).collect();
            let body = json!({ "QueueUrl": self.config.url, "Entries": entries });
            let outcome: BatchOutcome = read(self.call("DeleteMessageBatch", body, REQUEST_MAX).await?)?;
            let failed = outcome.failed.unwrap_or_default();
            if let Some(entry) = failed.iter().find(|entry| !entry.sender_fault) {
                let reason = format!("the queue did not delete a message: {}", cut(&entry.code, 80));
                return Err(ConnectorError::Unavailable { system: System::Amazon, reason });
            }
        }
        Ok(())
    }

    /// Hides a message for `seconds` from now (0 = give it back at once).
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    pub async fn hide(&self, handle: &str, seconds: u32) -> Result<(), ConnectorError> {
        let body = json!({ "QueueUrl": self.config.url, "ReceiptHandle": handle, "VisibilityTimeout": seconds });
        self.call("ChangeMessageVisibility", body, REQUEST_MAX).await.map(drop)
    }

    /// About how many messages wait.
    ///
    /// # Errors
    ///
    /// [`ConnectorError`].
    pub async fn depth(&self) -> Result<u64, ConnectorError> {
        let name = "ApproximateNumberOfMessages";
        let body = json!({ "QueueUrl": self.config.url, "AttributeNames": [name] });
        let answer = self.call("GetQueueAttributes", body, REQUEST_MAX).await?;
        let text = answer.pointer(&format!("/Attributes/{name}")).and_then(Value::as_str);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| crate::read::malformed("queue's answer", name))
    }

    async fn call(&self, action: &str, body: Value, limit: Duration) -> Result<Value, ConnectorError> {
        let mut url = self.config.url.clone();
        url.set_path("/");
        url.set_query(None);
        let body = body.to_string();
        let target = format!("AmazonSQS.{action}");
        let mut headers = vec![
            ("content-type".to_owned(), "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target".to_owned(), target),
        ];
        let signer = Signer {
            access_key_id: &self.config.access_key_id,
            secret: &self.secret,
            region: &self.config.region,
            service: "sqs",
            at: self.http.clock.now(),
        };
        headers.extend(signer.sign("POST", &url, &headers, body.as_bytes())?);
        let mut call = self.http.api.post(url).body(body);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let answer = self.http.answer(call, limit).await?;
        if answer.status.is_success() { answer.value() } else { Err(self.refused(&answer)) }
    }

    fn refused(&self, answer: &Answer) -> ConnectorError {
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        // The type may carry a name space ("com.amazonaws.sqs#…") or, in the query-compatible mode, a prefix ("AWS.…").
        let kind = text("__type").rsplit(['#', '.']).next().unwrap_or_default();
        let reason = format!("queue: {}: {}", cut(kind, 80), cut(text("message"), 200));
        let status = answer.status.as_u16();
        match kind {
            "AccessDenied"
            | "AccessDeniedException"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "InvalidAccessKeyId"
            | "InvalidSecurity"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "MissingAuthenticationToken"
            | "IncompleteSignature" => ConnectorError::Unauthorized {
                system: System::Amazon,
                reason,
                fix: "Check the AWS access key of the queue and that its user may receive and delete messages there \
                          (and the clock of this machine)"
                    .to_owned(),
            },
            "QueueDoesNotExist" | "NonExistentQueue" => {
                ConnectorError::NotFound { system: System::Amazon, what: "the notification queue".to_owned() }
            }
            "RequestThrottled" | "ThrottlingException" | "OverLimit" | "Throttling" => self.wait(),
            _ if status == 429 => self.wait(),
            _ if status >= 500 || kind.is_empty() => answer.unavailable(&reason),
            _ => ConnectorError::Rejected { system: System::Amazon, what: "a call to the queue".to_owned(), reason },
        }
    }

    fn wait(&self) -> ConnectorError {
        ConnectorError::Throttled {
            system: System::Amazon,
            until: later(self.http.clock.now(), Duration::from_secs(5)),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ConnectorError> {
    let value = if value.is_null() { json!({}) } else { value };
    serde_json::from_value(value).map_err(|_| crate::read::malformed("queue's answer", "its documented fields"))
}

/// AWS Signature Version 4.
pub(crate) struct Signer<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret: &'a SecretString,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) at: Timestamp,
}

impl Signer<'_> {
    /// The headers to add to the request.
    pub(crate) fn sign(
        &self,
        method: &str,
        url: &Url,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, ConnectorError> {
        let failed = |error: &dyn std::fmt::Display| ConnectorError::Rejected {
            system: System::Amazon,
            what: "the signature of a call to the queue".to_owned(),
            reason: error.to_string(),
        };
        let identity =
            Credentials::new(self.access_key_id, self.secret.expose_secret(), None, None, "tillbridge").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.at.into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| failed(&error))?
            .into();
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(method, url.as_str(), pairs, SignableBody::Bytes(body))
            .map_err(|error| failed(&error))?;
        let (instructions, _) = sign(request, &params).map_err(|error| failed(&error))?.into_parts();
        let (signed, _) = instructions.into_parts();
        Ok(signed.into_iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect())
    }
}
