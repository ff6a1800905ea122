//! The external token: a partner's way in (facts §2.2).

use ports::ConnectorError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::session::{join, read_login, unauthorized};
use crate::client::Http;
use crate::config::Secrets;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Opened {
    session_token: Option<String>,
}

/// Opens a session with an external token.
pub(super) async fn open(http: &Http, base: &Url, secrets: &Secrets, uid: i64) -> Result<SecretString, ConnectorError> {
    let token = secrets
        .get("external_token")
        .ok_or_else(|| unauthorized("the connection has no external token", "Connect KashFlow again and give it."))?;
    let mut url = join(base, "sessiontoken")?;
    url.query_pairs_mut().append_pair("externalToken", token.expose_secret()).append_pair("uid", &uid.to_string());
    let answer = http.send(reqwest::Method::GET, url, None, None).await?;
    let opened: Opened = read_login(&answer, "external token")?;
    let session = opened.session_token.filter(|token| !token.is_empty());
    session.map(SecretString::from).ok_or_else(|| crate::client::malformed("the external token gave no SessionToken"))
}
