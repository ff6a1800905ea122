//! Logging in and out.

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;

/// Step 1: user name and password for a temporary token and three positions of the memorable word.
pub fn challenge(account: &Account, call: &Call) -> Outcome {
    let text = |name| call.body.text(name).unwrap_or_default();
    let challenge = account.sessions().challenge(&text("UserName"), &text("Password"), call.now)?;
    let asked = challenge.positions.map(|position| i64::try_from(position).unwrap_or(0));
    let word = asked.map(|position| Json::object([("Position", position.into()), ("Value", "".into())]));
    let body = Json::object([
        ("TemporaryToken", challenge.token.into()),
        ("MemorableWordList", Json::List(word.to_vec())),
        ("MemorableWordPositions", asked.map(|position| position.to_string()).join(",").into()),
        ("HasTemporaryPassword", false.into()),
        ("IsAdmin", true.into()),
        ("IsLockedOut", false.into()),
        ("Disabled", false.into()),
        ("PackageName", "Business".into()),
        ("PartnerId", 0.into()),
        ("PartnerBrandingOptOut", false.into()),
        ("SubscriptionExpired", false.into()),
        ("KeepUserLoggedIn", false.into()),
        ("TenantId", 1.into()),
        ("CompanyId", 1.into()),
        ("CompanyUserId", account.external_token().1.into()),
    ]);
    Ok(Reply { status: 201, location: None, body: Some(body) })
}

/// Step 2: three characters for a session token.
pub fn answer(account: &Account, call: &Call) -> Outcome {
    let token = call.body.text("TemporaryToken").unwrap_or_default();
    let mut characters = Vec::new();
    for item in call.body.list("MemorableWordList")?.unwrap_or_default() {
        let position = item.int("Position")?.and_then(|position| usize::try_from(position).ok());
        characters.extend(position.map(|position| (position, item.text("Value").unwrap_or_default())));
    }
    let token = account.sessions().answer(&token, &characters, call.now)?;
    Ok(Reply::ok(session(account, token)))
}

/// A session for an external token.
pub fn external(account: &Account, call: &Call) -> Outcome {
    let token = call.query("externalToken").unwrap_or_default();
    let user = call.query("uid").and_then(|text| text.parse().ok()).unwrap_or(0);
    let token = account.sessions().external(token, user, call.now)?;
    Ok(Reply::ok(session(account, token)))
}

/// Ends the session that the header names.
pub fn log_out_current(account: &Account, call: &Call) -> Outcome {
    account.sessions().close(call.token.as_deref().unwrap_or_default());
    Ok(Reply::done())
}

/// Ends the session that the path names.
pub fn log_out(account: &Account, call: &Call) -> Outcome {
    if !account.sessions().close(call.segment(1)) {
        return Err(ApiError::not_found("The session"));
    }
    Ok(Reply::done())
}

fn session(account: &Account, token: String) -> Json {
    Json::object([
        ("SessionToken", token.into()),
        ("StartPageUrl", "/dashboard".into()),
        ("CompanyName", super::companies::COMPANY.into()),
        ("SubscriptionExpiryDate", "2099-12-31 12:00:00".into()),
        ("SubscriptionExpired", false.into()),
        ("IsAdmin", true.into()),
        ("HasTemporaryPassword", false.into()),
        ("PackageName", "Business".into()),
        ("PartnerId", 0.into()),
        ("PartnerBrandingOptOut", false.into()),
        ("CompanyId", 1.into()),
        ("CompanyUserId", account.external_token().1.into()),
    ])
}
