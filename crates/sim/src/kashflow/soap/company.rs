//! The company, its short lists and its nominal codes.

use rust_decimal::Decimal;

use super::Asked;
use crate::kashflow::Account;
use crate::kashflow::api::Body as _;
use crate::kashflow::api::companies::COMPANY;
use crate::kashflow::chart::Class;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Ledger, Nominal};

type Outcome = Result<Json, ApiError>;

/// Where the company is.
pub fn details(_: &Account, _: &Asked) -> Outcome {
    Ok(Json::object([
        ("CompanyName", COMPANY.into()),
        ("Address1", "4 Kettle Row".into()),
        ("Address2", "Leeds".into()),
        ("Postcode", "LS1 0AA".into()),
        ("CountryCode", "GB".into()),
        ("VATNumber", "GB000000000".into()),
        ("CurrencyCode", "GBP".into()),
    ]))
}

/// The enabled currencies; ids are their places in the list.
pub fn currencies(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.currencies.values().zip(1_i64..).map(|(own, id)| {
        Json::object([
            ("CurrencyId", id.into()),
            ("CurrencyCode", own.code.as_str().into()),
            ("ExchangeRate", own.rate.into()),
            ("isDefault", i64::from(own.code == "GBP").into()),
        ])
    });
    Ok(Json::List(rows.collect()))
}

/// The code of the currency with this id; 0 is the home currency.
pub fn currency_code(ledger: &Ledger, id: i64) -> Result<String, ApiError> {
    if id == 0 {
        return Ok("GBP".to_owned());
    }
    let index = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
    let found = index.and_then(|index| ledger.currencies.keys().nth(index));
    found.cloned().ok_or_else(|| ApiError::invalid(format!("Currency {id} does not exist.")))
}

/// The id of an enabled currency.
pub fn currency_id(ledger: &Ledger, code: &str) -> i64 {
    ledger.currencies.keys().zip(1_i64..).find(|(own, _)| *own == code).map_or(0, |(_, id)| id)
}

/// The VAT levels.
pub fn vat_rates(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.vat_rates.iter().map(|(id, rate)| {
        let name = format!("{}%", rate.normalize());
        Json::object([("ID", (*id).into()), ("Name", name.into()), ("Value", (*rate).into())])
    });
    Ok(Json::List(rows.collect()))
}

/// It is.
pub fn vat_registered(_: &Account, _: &Asked) -> Outcome {
    Ok(Json::Flag(true))
}

/// Lets a client in from its own address, if the account allows that and the key is right. Addresses are not told apart here.
pub fn auto_auth_ip(account: &Account, asked: &Asked) -> Outcome {
    let settings = account.ledger().settings.get("api").cloned().unwrap_or_default();
    if settings.get("AutoAuthEnabled") != Some(&Json::Flag(true)) {
        return Err(ApiError::invalid("Auto authentication is not enabled on this account"));
    }
    if asked.args.text("AutoAuthKey").unwrap_or_default() != account.auto_auth_key() {
        return Err(ApiError::invalid("Incorrect AutoAuthKey"));
    }
    Ok("Authorised".into())
}

/// The nominal codes with what is on them; in the extended form also with what they are.
pub fn nominal_codes(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.nominals.values().map(|own| {
        let balance = ledger.balances.get(&own.code).copied().unwrap_or_default();
        let extra = |name| own.extras.get(name).cloned().unwrap_or(Json::Null);
        Json::object([
            ("id", own.id.into()),
            ("Code", own.code.into()),
            ("Name", own.name.as_str().into()),
            ("debit", balance.max(Decimal::ZERO).into()),
            ("credit", (-balance).max(Decimal::ZERO).into()),
            ("balance", balance.into()),
            ("TypeID", classification(own.class).into()),
            ("TypeName", own.class.label().into()),
            ("ClassificationID", own.class.nom_type().into()),
            ("ClassificationName", own.class.kind().into()),
            ("Price", extra("Price")),
            ("VATRate", extra("VATRate")),
            ("Description", extra("Description")),
            ("Archived", i64::from(own.archived).into()),
        ])
    });
    Ok(Json::List(rows.collect()))
}

/// Adds a nominal code; gives its id.
pub fn insert_nominal_code(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let name = asked.args.text("name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("name is required"))?;
    let code = asked.args.int("code")?.unwrap_or_default();
    if code <= 0 || ledger.nominals.contains_key(&code) {
        return Err(ApiError::invalid(format!("Nominal code {code} is in use or none.")));
    }
    let class = match asked.args.int("classification")? {
        Some(1) => Class::Turnover,
        Some(2) => Class::CostOfSale,
        Some(3) => Class::Expense,
        Some(4 | 5) => Class::Balance,
        Some(6) => Class::Capital,
        _ => return Err(ApiError::invalid("classification must be 1 to 6")),
    };
    let id = ledger.fresh_id();
    ledger.nominals.insert(code, Nominal { id, code, name, class, archived: false, extras: Extras::new() });
    Ok(id.into())
}

/// The code of the nominal with this id, unless it is archived.
pub fn nominal_of(ledger: &Ledger, id: i64) -> Result<i64, ApiError> {
    let found = ledger.nominals.values().find(|own| own.id == id && !own.archived);
    found.map(|own| own.code).ok_or_else(|| ApiError::invalid(format!("Nominal {id} does not exist.")))
}

fn classification(class: Class) -> i64 {
    match class {
        Class::Turnover => 1,
        Class::CostOfSale => 2,
        Class::Expense => 3,
        Class::Balance | Class::Bank => 5,
        Class::Capital => 6,
    }
}
