//! The company, its settings and its short reference lists.

use rust_decimal::Decimal;

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::chart;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Currency, Ledger};
use crate::kashflow::reference;

/// The name of the invented company.
pub const COMPANY: &str = "Teapot Trading Ltd";

/// Ways to be paid; invoices and purchases share them.
pub fn payment_methods(_: &Account, call: &Call) -> Outcome {
    if !["invoice", "purchase"].iter().any(|kind| call.segment(1).eq_ignore_ascii_case(kind)) {
        return Err(ApiError::not_found("The resource"));
    }
    let methods =
        chart::PAYMENT_METHODS.iter().map(|&(id, name)| Json::object([("Id", id.into()), ("Name", name.into())]));
    Ok(Reply::ok(Json::List(methods.collect())))
}

/// VAT levels, as a bare array.
pub fn vat_rates(account: &Account, _: &Call) -> Outcome {
    let ledger = account.ledger();
    let rates = ledger.vat_rates.iter().map(|(id, rate)| {
        Json::object([
            ("VATId", (*id).into()),
            ("VATRate", (*rate).into()),
            ("VATText", format!("{}%", rate.normalize()).into()),
        ])
    });
    Ok(Reply::ok(Json::List(rates.collect())))
}

/// Adds a VAT level.
pub fn create_vat_rate(account: &Account, call: &Call) -> Outcome {
    let rate =
        Json::from(call.segment(3)).as_number().filter(|rate| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(rate));
    let rate = rate.ok_or_else(|| ApiError::invalid("The VAT rate must be a percentage."))?;
    let mut ledger = account.ledger();
    if !ledger.has_vat_level(rate) {
        let id = ledger.vat_rates.last_key_value().map_or(1, |(highest, _)| highest + 1);
        ledger.vat_rates.insert(id, rate);
    }
    Ok(Reply { status: 201, location: None, body: Some(Json::Object(Vec::new())) })
}

/// Removes a VAT level, by its id.
pub fn delete_vat_rate(account: &Account, call: &Call) -> Outcome {
    let id = call.number(3, "The VAT rate")?;
    account.ledger().vat_rates.remove(&id).ok_or_else(|| ApiError::not_found("The VAT rate"))?;
    Ok(Reply::done())
}

/// Every currency that could be enabled, with those that are.
pub fn currencies(account: &Account, _: &Call) -> Outcome {
    let ledger = account.ledger();
    let others = reference::OTHER_CURRENCIES.iter().filter(|(code, _)| !ledger.currencies.contains_key(*code));
    let others = others.map(|&(code, name)| Json::object([("Code", code.into()), ("Name", name.into())]));
    Ok(Reply::ok(Json::List(ledger.currencies.values().map(currency_json).chain(others).collect())))
}

/// The enabled currencies.
pub fn configured_currencies(account: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(Json::List(account.ledger().currencies.values().map(currency_json).collect())))
}

/// One enabled currency.
pub fn currency(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let found = ledger.currencies.get(&call.segment(1).to_ascii_uppercase());
    Ok(Reply::ok(currency_json(found.ok_or_else(|| ApiError::not_found("The currency"))?)))
}

/// Enables a currency, or changes its rate.
pub fn update_currency(account: &Account, call: &Call) -> Outcome {
    let code = call.segment(1).to_ascii_uppercase();
    let mut ledger = account.ledger();
    let rate = call.body.amount("ExchangeRate")?.filter(|rate| *rate > Decimal::ZERO);
    let known = reference::OTHER_CURRENCIES.iter().find(|(own, _)| *own == code);
    if let (None, Some((code, name))) = (ledger.currencies.get(&code), known) {
        let rate = rate.unwrap_or(Decimal::ONE);
        let currency = Currency {
            code: (*code).into(),
            name: (*name).into(),
            symbol: (*code).into(),
            symbol_on_right: true,
            rate,
        };
        ledger.currencies.insert((*code).into(), currency);
    }
    let own = ledger.currencies.get_mut(&code).ok_or_else(|| ApiError::not_found("The currency"))?;
    if let Some(rate) = rate.filter(|_| code != "GBP") {
        own.rate = rate;
    }
    Ok(Reply::ok(currency_json(own)))
}

/// A currency with its rate.
pub fn currency_json(own: &Currency) -> Json {
    Json::object([
        ("Code", own.code.as_str().into()),
        ("Name", own.name.as_str().into()),
        ("Symbol", own.symbol.as_str().into()),
        ("DisplaySymbolOnRight", own.symbol_on_right.into()),
        ("ExchangeRate", own.rate.into()),
        ("AutoUpdate", false.into()),
    ])
}

/// Countries, as a bare array.
pub fn countries(_: &Account, _: &Call) -> Outcome {
    let countries = reference::COUNTRIES.iter().zip(1_i64..).map(|(&(code, name, in_eu), id)| {
        Json::object([("Id", id.into()), ("Code", code.into()), ("Name", name.into()), ("IsEU", in_eu.into())])
    });
    Ok(Reply::ok(Json::List(countries.collect())))
}

/// Where customers come from.
pub fn sources(account: &Account, _: &Call) -> Outcome {
    let ledger = account.ledger();
    let sources = ledger.sources.iter().map(|(id, source)| source_json(*id, source));
    Ok(Reply::ok(Json::List(sources.collect())))
}

/// One source, by name.
pub fn source(account: &Account, call: &Call) -> Outcome {
    let name = call.query("sourceName").unwrap_or_default();
    let ledger = account.ledger();
    let found = ledger.sources.iter().find(|(_, (own, _))| own.eq_ignore_ascii_case(name));
    let (id, source) = found.ok_or_else(|| ApiError::not_found("The source"))?;
    Ok(Reply::ok(source_json(*id, source)))
}

/// Adds a source.
pub fn create_source(account: &Account, call: &Call) -> Outcome {
    let name = call.body.text("Name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("Name is required."))?;
    let cost = call.body.amount("CostOfSource")?.unwrap_or_default();
    let mut ledger = account.ledger();
    let id = ledger.sources.last_key_value().map_or(1, |(highest, _)| highest + 1);
    let body = source_json(id, &(name.clone(), cost));
    ledger.sources.insert(id, (name, cost));
    Ok(Reply::created(format!("/sources/{id}"), body))
}

fn source_json(id: i64, (name, cost): &(String, Decimal)) -> Json {
    Json::object([("Id", id.into()), ("Name", name.as_str().into()), ("CostOfSource", (*cost).into())])
}

/// The company.
pub fn company_details(account: &Account, _: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(Json::object([
        ("CompanyName", COMPANY.into()),
        ("Username", account.credentials("").username.into()),
        ("HomeCurrency", ledger.currencies.get("GBP").map_or(Json::Null, currency_json)),
        ("VATRegistered", true.into()),
        ("VATNumber", "GB000000000".into()),
        ("VatRegisteredIn", "GB".into()),
        ("DateFormat", "dd/MM/yyyy".into()),
        ("AccountingType", 1.into()),
        ("BusinessType", 1.into()),
        ("SubscriptionStatus", 0.into()),
        ("SubscriptionType", "Business".into()),
        ("IsDemoAccount", true.into()),
        (
            "Address",
            Json::object([
                ("Line1", "4 Kettle Row".into()),
                ("Line2", "Leeds".into()),
                ("PostCode", "LS1 0AA".into()),
                ("CountryCode", "GB".into()),
                ("CountryName", "United Kingdom".into()),
            ]),
        ),
        ("PaymentTerms", Json::object([("Type", "AfterIssuedDate".into()), ("Days", 30.into())])),
    ])))
}

/// How documents are called.
pub fn invoice_settings(_: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(Json::object([
        ("InvoiceName", "Invoice".into()),
        ("CreditNoteName", "Credit Note".into()),
        ("AccountName", COMPANY.into()),
        ("CustomerReferenceName", "Your Reference".into()),
        ("IsQuantityFieldRemoved", false.into()),
    ])))
}

const STOCK_OPTIONS: &[(&str, bool)] =
    &[("EnableStockManagement", true), ("EnableWholesalePricing", false), ("ECSalesProducts", false)];

const API_SETTINGS: &[(&str, bool)] = &[
    ("APIEnabled", true),
    ("RESTAPIEnabled", true),
    ("AutoAuthEnabled", false),
    ("AccessToSpecificIPAddressesOnly", false),
    ("UseSeparateSOAPAPIPassword", false),
    ("EnableRemoteLogin", false),
];

/// Whether stock is counted, and how prices work.
pub fn stock_options(account: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(settings(&account.ledger(), "stockoptions", STOCK_OPTIONS)))
}

/// Changes the stock options.
pub fn set_stock_options(account: &Account, call: &Call) -> Outcome {
    set(account, call, "stockoptions", STOCK_OPTIONS)
}

/// Which APIs are on.
pub fn api_settings(account: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(settings(&account.ledger(), "api", API_SETTINGS)))
}

/// Switches APIs on and off.
pub fn set_api_settings(account: &Account, call: &Call) -> Outcome {
    set(account, call, "api", API_SETTINGS)
}

/// Whether somebody has switched an API off.
pub fn is_off(ledger: &Ledger, api: &str) -> bool {
    ledger.settings.get("api").and_then(|own| own.get(api)) == Some(&Json::Flag(false))
}

fn settings(ledger: &Ledger, group: &'static str, flags: &[(&'static str, bool)]) -> Json {
    let own = ledger.settings.get(group);
    let members = flags.iter().map(|&(name, otherwise)| {
        let value = own.and_then(|own| own.get(name)).cloned().unwrap_or(Json::Flag(otherwise));
        (name.into(), value)
    });
    Json::Object(members.collect())
}

fn set(account: &Account, call: &Call, group: &'static str, flags: &[(&'static str, bool)]) -> Outcome {
    let mut ledger = account.ledger();
    for &(name, _) in flags {
        if let Some(flag) = call.body.flag(name)? {
            ledger.settings.entry(group).or_default().insert(name, Json::Flag(flag));
        }
    }
    Ok(Reply::ok(settings(&ledger, group, flags)))
}
