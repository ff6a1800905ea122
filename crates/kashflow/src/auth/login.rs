//! The two-step log-in: user name and password, then three characters of the memorable word (facts §2.1).

use ports::ConnectorError;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::answer::{Answer, LOCKED, locked, malformed, unauthorized, unavailable};
use crate::config::Secrets;
use crate::http::{Broken, Call, Http};
use crate::wire::object::Object;

/// Why no session was opened.
pub(super) struct Failed {
    pub(super) error: ConnectorError,
    /// Whether KashFlow can have counted it as an attempt.
    pub(super) counts: bool,
}

impl Failed {
    /// Nothing was sent, or KashFlow did not work on it.
    pub(super) fn early(error: ConnectorError) -> Failed {
        Failed { error, counts: false }
    }

    fn late(error: ConnectorError) -> Failed {
        Failed { error, counts: true }
    }
}

impl From<Broken> for Failed {
    fn from(broken: Broken) -> Failed {
        Failed { error: unavailable(&format!("the log-in failed: {}", broken.reason)), counts: broken.sent }
    }
}

/// What a step checks, for the sentence that says what to correct.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Password,
    MemorableWord,
    ExternalToken,
}

impl Step {
    fn checks(self) -> &'static str {
        match self {
            Step::Password => "user name or password",
            Step::MemorableWord => "memorable word",
            Step::ExternalToken => "external token or user id",
        }
    }
}

/// Opens a session.
pub(super) async fn two_steps(
    http: &Http,
    base: &Url,
    username: &str,
    secrets: &Secrets,
) -> Result<SecretString, Failed> {
    let url = join(base, "sessiontoken").map_err(Failed::early)?;
    let password = secret(secrets, "password")?;
    let word: Vec<char> = secret(secrets, "memorable_word")?.expose_secret().trim().chars().collect();
    let private = [password.expose_secret(), username];

    let body = json!({ "UserName": username, "Password": password.expose_secret() }).to_string();
    let answer = http.send(Call::json(Method::POST, url.clone(), body), None).await?;
    let body = accepted(&answer, Step::Password, &private)?;
    let unreadable = |error: crate::wire::object::Unreadable| Failed::late(error.of("the log-in's first answer"));
    if body.flag("IsLockedOut").map_err(unreadable)?.unwrap_or(false) {
        return Err(Failed::late(locked()));
    }
    if body.flag("Disabled").map_err(unreadable)?.unwrap_or(false) {
        return Err(Failed::late(unauthorized(
            "the KashFlow user is disabled",
            "Enable the user in KashFlow or connect with another one, then press Resume.",
        )));
    }
    // A few accounts skip the second step.
    if let Some(token) = token(&body, "SessionToken").map_err(unreadable)? {
        return Ok(token);
    }
    let temporary = body
        .text("TemporaryToken")
        .map_err(unreadable)?
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Failed::late(malformed("the log-in's first answer has no TemporaryToken")))?;
    let characters = characters(&body, &word)?;

    let body = json!({ "TemporaryToken": temporary, "MemorableWordList": characters }).to_string();
    let answer = http
        .send(Call::json(Method::PUT, url, body), None)
        .await
        .map_err(|broken| Failed { counts: true, ..Failed::from(broken) })?;
    let body = accepted(&answer, Step::MemorableWord, &private).map_err(|failed| Failed { counts: true, ..failed })?;
    let opened = token(&body, "SessionToken").map_err(|error| Failed::late(error.of("the log-in's second answer")))?;
    opened.ok_or_else(|| Failed::late(malformed("the log-in's second answer has no SessionToken")))
}

/// The characters that are asked for. A word that is too short is never sent: that would be a wrong log-in.
fn characters(body: &Object<'_>, word: &[char]) -> Result<Vec<serde_json::Value>, Failed> {
    let unreadable = |error: crate::wire::object::Unreadable| Failed::late(error.of("the log-in's first answer"));
    let mut characters = Vec::new();
    for place in body.objects("MemorableWordList").map_err(unreadable)? {
        let position = place.id("Position").map_err(unreadable)?.unwrap_or_default();
        let index = usize::try_from(position).unwrap_or(usize::MAX).checked_sub(1);
        let character = index.and_then(|index| word.get(index)).ok_or_else(|| {
            Failed::late(unauthorized(
                &format!("KashFlow asks for character {position} of the memorable word, and the one we have is shorter"),
                "Correct the memorable word on the connection page, then press Resume. It was not sent, so the account is not locked.",
            ))
        })?;
        characters.push(json!({ "Position": position, "Value": character.to_string() }));
    }
    if characters.is_empty() {
        return Err(Failed::late(malformed("the log-in's first answer names no character of the memorable word")));
    }
    Ok(characters)
}

/// The body of a step that was accepted, or why it was not.
pub(super) fn accepted<'a>(answer: &'a Answer, step: Step, private: &[&str]) -> Result<Object<'a>, Failed> {
    if answer.says_done() {
        return Object::parse(&answer.body, "$").map_err(|error| Failed::late(error.of("the log-in's answer")));
    }
    let refusal = answer.refusal();
    let what = step.checks();
    match (answer.status, refusal.code.as_str()) {
        (429, _) => Err(Failed::early(answer.throttled())),
        (_, LOCKED) => Err(Failed::late(locked())),
        (_, "PasswordExpired") => Err(Failed::late(unauthorized(
            "the password has expired",
            "Set a new password in KashFlow, enter it here, then press Resume.",
        ))),
        (400 | 401 | 403, "InvalidCredentials") => Err(Failed::late(unauthorized(
            &format!("KashFlow refused the {what}"),
            &format!(
                "Correct the {what} on the connection page, then press Resume. Nothing is tried until then, so that the account is not locked."
            ),
        ))),
        (400 | 401 | 403, _) if answer.is_json() && !answer.is_sql_timeout() => Err(Failed::late(unauthorized(
            &format!("KashFlow refused the log-in when it checked the {what}: {}", refusal.reason(private)),
            &format!(
                "Check the {what}, and in KashFlow that the REST API is on and this computer's address allowed (Apps > API Settings), then press Resume. Nothing is tried until then."
            ),
        ))),
        (404, _) => Err(Failed::early(unauthorized(
            "there is no log-in at the base address",
            "Correct the base address of the connection: KashFlow's ends in /v2.",
        ))),
        _ => Err(Failed::late(answer.failure_of_read("the log-in", private))),
    }
}

pub(super) fn token(body: &Object<'_>, name: &str) -> Result<Option<SecretString>, crate::wire::object::Unreadable> {
    Ok(body.text(name)?.filter(|token| !token.is_empty()).map(SecretString::from))
}

pub(super) fn secret<'a>(secrets: &'a Secrets, name: &str) -> Result<&'a SecretString, Failed> {
    secrets.get(name).filter(|secret| !secret.expose_secret().trim().is_empty()).ok_or_else(|| {
        let reason = format!("the connection has no {}", name.replace('_', " "));
        Failed::early(unauthorized(&reason, "Connect KashFlow again and give it."))
    })
}

pub(super) fn join(base: &Url, path: &str) -> Result<Url, ConnectorError> {
    Url::parse(&format!("{}/{path}", base.as_str().trim_end_matches('/')))
        .map_err(|_| malformed("the base address is not an address"))
}
