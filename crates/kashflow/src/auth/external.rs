//! The external token: a partner's way in (facts §2.2).

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::login::{Failed, Step, accepted, join, secret, token};
use crate::answer::malformed;
use crate::config::Secrets;
use crate::http::{Call, Http};

/// Opens a session with an external token.
pub(super) async fn open(http: &Http, base: &Url, secrets: &Secrets, uid: i64) -> Result<SecretString, Failed> {
    let external = secret(secrets, "external_token")?;
    let mut url = join(base, "sessiontoken").map_err(Failed::early)?;
    url.query_pairs_mut().append_pair("externalToken", external.expose_secret()).append_pair("uid", &uid.to_string());
    let answer = http.send(Call::get(url), None).await?;
    let body = accepted(&answer, Step::ExternalToken, &[external.expose_secret()])?;
    let failed = |error| Failed { error, counts: true };
    let opened = token(&body, "SessionToken").map_err(|error| failed(error.of("the external token's answer")))?;
    opened.ok_or_else(|| failed(malformed("the external token's answer has no SessionToken")))
}
