//! Nominal codes.

use rust_decimal::Decimal;

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::chart::Class;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Ledger, Nominal};

/// Properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("Description", Json::Null),
    ("Price", Json::Number(Decimal::ZERO)),
    ("VATRate", Json::Number(Decimal::ZERO)),
    ("VATExempt", Json::Flag(false)),
    ("Disallowed", Json::Flag(false)),
    ("AutoFillLineItem", Json::Flag(false)),
    ("DigitalService", Json::Flag(false)),
];

/// All nominal codes, as a bare array; `type` and `searchText` narrow it.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let (kind, text) = (call.query("type"), call.query("searchText").map(str::to_lowercase));
    let ledger = account.ledger();
    let found = ledger.nominals.values().filter(|own| {
        kind.is_none_or(|kind| is_of(own, kind))
            && text
                .as_ref()
                .is_none_or(|text| own.name.to_lowercase().contains(text) || own.code.to_string().starts_with(text))
    });
    Ok(Reply::ok(Json::List(found.map(write).collect())))
}

/// One nominal code, by code.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(write(by_code(&ledger, call)?)))
}

/// One nominal code, by internal id.
pub fn get_by_id(account: &Account, call: &Call) -> Outcome {
    let id = call.number(2, "The nominal code")?;
    let ledger = account.ledger();
    let found = ledger.nominals.values().find(|own| own.id == id);
    Ok(Reply::ok(write(found.ok_or_else(|| ApiError::not_found("The nominal code"))?)))
}

/// Creates a nominal code; with `CreateWhenNotPresent` one that is there is given back.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let name = call.body.text("Name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("Name is required."))?;
    let code = match call.body.int("Code")?.filter(|code| *code != 0) {
        Some(code) => code,
        None => ledger.nominals.keys().next_back().map_or(1, |highest| highest + 1),
    };
    if let Some(present) = ledger.nominals.get(&code) {
        if call.body.flag("CreateWhenNotPresent")? == Some(true) {
            return Ok(Reply::created(format!("/nominals/{code}"), write(present)));
        }
        return Err(ApiError::refused("DuplicateNominalCode", format!("Nominal code {code} is in use.")));
    }
    let class = match call.body.int("NomType")? {
        Some(2) => Class::Expense,
        Some(3) => Class::Balance,
        _ => Class::Turnover,
    };
    let mut nominal = Nominal { id: ledger.fresh_id(), code, name, class, archived: false, extras: Extras::new() };
    read(&call.body, &mut nominal)?;
    let body = write(&nominal);
    ledger.nominals.insert(code, nominal);
    Ok(Reply::created(format!("/nominals/{code}"), body))
}

/// Changes a nominal code's name and defaults.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let mut nominal = by_code(&ledger, call)?.clone();
    if let Some(name) = call.body.text("Name") {
        nominal.name = name;
    }
    read(&call.body, &mut nominal)?;
    let body = write(&nominal);
    ledger.nominals.insert(nominal.code, nominal);
    Ok(Reply::ok(body))
}

fn by_code<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l Nominal, ApiError> {
    let code = call.number(1, "The nominal code")?;
    ledger.nominals.get(&code).ok_or_else(|| ApiError::not_found("The nominal code"))
}

fn is_of(own: &Nominal, kind: &str) -> bool {
    own.class.kind().eq_ignore_ascii_case(kind) || own.class.nom_type().to_string() == kind
}

fn read(body: &Json, nominal: &mut Nominal) -> Result<(), ApiError> {
    if let Some(archived) = body.flag("Archived")? {
        nominal.archived = archived;
    }
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            nominal.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

fn write(own: &Nominal) -> Json {
    let mut members: Vec<(&'static str, Json)> = vec![
        ("Id", own.id.into()),
        ("Code", own.code.into()),
        ("Name", own.name.as_str().into()),
        ("Type", own.class.kind().into()),
        ("NomType", own.class.nom_type().into()),
        ("Classification", own.class.label().into()),
        ("Special", 0.into()),
        ("Archived", own.archived.into()),
        ("IsProduct", i64::from(own.class == Class::Turnover).into()),
        ("AllowDelete", false.into()),
    ];
    members.extend(KEPT.iter().map(|(name, otherwise)| (*name, own.extras.get(name).unwrap_or(otherwise).clone())));
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
