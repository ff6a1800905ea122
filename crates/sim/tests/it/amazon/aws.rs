//! A client of the queue that signs its requests, written from the description of Signature Version 4.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::client::{Client, Reply, read};

impl Client {
    /// An action of the JSON protocol.
    pub async fn sqs(&self, action: &str, mut members: Value) -> Reply {
        members["QueueUrl"] = self.credentials().queue_url.as_str().into();
        let body = members.to_string();
        let headers =
            [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", &format!("AmazonSQS.{action}"))];
        read(self.signed("/", &headers, body, None).send().await.unwrap()).await
    }

    /// A signed request. `secret` overrides the right one.
    pub fn signed(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
        secret: Option<&str>,
    ) -> reqwest::RequestBuilder {
        let credentials = self.credentials();
        let base = reqwest::Url::parse(&credentials.base_url).unwrap();
        let host = format!("{}:{}", base.host_str().unwrap(), base.port().unwrap());
        let stamp = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut signed: Vec<(&str, &str)> = headers.to_vec();
        signed.extend([("host", host.as_str()), ("x-amz-date", stamp.as_str())]);
        signed.sort_unstable();
        let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical =
            format!("POST\n{path}\n\n{lines}\n{}\n{}", names.join(";"), hex(&Sha256::digest(body.as_bytes())));
        let (date, region) = (&stamp[..8], &credentials.aws_region);
        let scope = format!("{date}/{region}/sqs/aws4_request");
        let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let mut key = format!("AWS4{}", secret.unwrap_or(&credentials.aws_secret_access_key)).into_bytes();
        for part in [date, region, "sqs", "aws4_request", &to_sign] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={}",
            credentials.aws_access_key_id,
            names.join(";"),
            hex(&key)
        );
        let mut request = self.http.post(format!("{}{path}", credentials.base_url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.header("x-amz-date", stamp).header("authorization", authorization)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
