//! Checks AWS Signature Version 4 of a request, from AWS's published description of it.

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// An access key.
#[derive(Clone, Debug)]
pub(in crate::amazon) struct AccessKey {
    pub(in crate::amazon) id: String,
    pub(in crate::amazon) secret: String,
}

/// The request as it was signed.
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) raw_query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Why a signature was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No `Authorization` header, or one that cannot be read.
    Missing,
    /// Another access key.
    UnknownKey,
    /// The signature is not the one that the secret gives.
    WrongSignature,
    /// Signed more than 15 minutes from now.
    Expired,
}

struct Authorization<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Checks that `request` was signed with `key` about `now`.
pub(super) fn check(request: &Signed<'_>, key: &AccessKey, now: Timestamp) -> Result<(), Refusal> {
    let authorization = header(request.headers, "authorization").and_then(parse).ok_or(Refusal::Missing)?;
    if authorization.key_id != key.id {
        return Err(Refusal::UnknownKey);
    }
    let stamp = header(request.headers, "x-amz-date").ok_or(Refusal::Missing)?;
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", stamp)
        .ok()
        .and_then(|at| at.to_zoned(TimeZone::UTC).ok())
        .ok_or(Refusal::Missing)?;
    let canonical = canonical_request(request, authorization.signed_headers);
    let scope = format!("{}/{}/{}/aws4_request", authorization.date, authorization.region, authorization.service);
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let mut derived = format!("AWS4{}", key.secret).into_bytes();
    for part in [authorization.date, authorization.region, authorization.service, "aws4_request", to_sign.as_str()] {
        derived = hmac(&derived, part.as_bytes());
    }
    if hex(&derived) != authorization.signature || !stamp.starts_with(authorization.date) {
        return Err(Refusal::WrongSignature);
    }
    let age = now.duration_since(signed_at.timestamp()).as_secs().unsigned_abs();
    if age > 15 * 60 { Err(Refusal::Expired) } else { Ok(()) }
}

fn parse(header: &str) -> Option<Authorization<'_>> {
    let fields = header.strip_prefix("AWS4-HMAC-SHA256")?;
    let field = |name: &str| fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
    let mut credential = field("Credential")?.split('/');
    Some(Authorization {
        key_id: credential.next()?,
        date: credential.next()?,
        region: credential.next()?,
        service: credential.next()?,
        signed_headers: field("SignedHeaders")?,
        signature: field("Signature")?,
    })
}

fn canonical_request(request: &Signed<'_>, signed_headers: &str) -> String {
    let mut query: Vec<&str> = request.raw_query.split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let mut canonical = format!("{}\n{}\n{}\n", request.method, request.path, query.join("&"));
    for name in signed_headers.split(';') {
        let values: Vec<String> =
            request.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(single_spaced).collect();
        canonical.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    let body_hash = header(request.headers, "x-amz-content-sha256")
        .map_or_else(|| hex(&Sha256::digest(request.body)), str::to_owned);
    canonical.push_str(&format!("\n{signed_headers}\n{body_hash}"));
    canonical
}

fn single_spaced(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        }
        Err(_) => Vec::new(), // HMAC takes keys of any length
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `get-vanilla-query-order-key-case` of the test suite that AWS publishes with the signing process.
    #[test]
    fn the_published_example_is_accepted_and_a_changed_one_is_not() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "example.amazonaws.com".parse().unwrap());
        headers.insert("x-amz-date", "20150830T123600Z".parse().unwrap());
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
        headers.insert("authorization", authorization.parse().unwrap());
        let key =
            AccessKey { id: "AKIDEXAMPLE".to_owned(), secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned() };
        let now: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        let request = |raw_query| Signed { method: &Method::GET, path: "/", raw_query, headers: &headers, body: b"" };
        assert_eq!(check(&request("Param2=value2&Param1=value1"), &key, now), Ok(()));
        assert_eq!(check(&request("Param2=value2&Param1=value9"), &key, now), Err(Refusal::WrongSignature));
        let later: Timestamp = "2015-08-30T13:36:00Z".parse().unwrap();
        assert_eq!(check(&request("Param2=value2&Param1=value1"), &key, later), Err(Refusal::Expired));
    }
}
