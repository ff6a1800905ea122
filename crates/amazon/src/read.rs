//! Reading Amazon's values as ours, naming the JSON path of whatever cannot be read.

use jiff::Timestamp;
use model::{Country, Market, OrderId, OrderLineId, Sku};
use money::{Currency, Money};
use ports::{ConnectorError, Parked, System};
use serde::de::DeserializeOwned;

use crate::markets::{self, Site};

const REPORT_IT: &str = "Nothing is booked for this order. Report the value to the makers of Tillbridge; once it is known, re-run the order";

/// A value that cannot be used, with the code by which the runner and the documentation know it.
pub(crate) fn parked(code: &str, path: impl Into<String>, reason: impl Into<String>, fix: &str) -> Parked {
    Parked { code: code.to_owned(), path: path.into(), reason: reason.into(), fix: fix.to_owned() }
}

pub(crate) fn missing(path: impl Into<String>) -> Parked {
    parked(
        "missing_field",
        path,
        "Amazon did not send this value",
        "Wait for the next change of the order, or re-run it",
    )
}

pub(crate) fn bad(path: impl Into<String>, reason: impl Into<String>) -> Parked {
    parked("bad_value", path, reason, REPORT_IT)
}

pub(crate) fn unknown_status(path: impl Into<String>, value: &str) -> Parked {
    parked("unknown_status", path, format!("the status `{}` is not known", short(value)), REPORT_IT)
}

/// A charge that we have no place for: leaving it out would make the books wrong.
pub(crate) fn unsupported_charge(path: impl Into<String>, kind: &str) -> Parked {
    let reason = format!("the charge `{}` has no place in an invoice yet", short(kind));
    parked("unsupported_charge", path, reason, "Book this order by hand and close the item")
}

/// An answer of the API (not an order) that lacks what its contract promises.
pub(crate) fn malformed(what: &str, path: &str) -> ConnectorError {
    ConnectorError::Malformed { system: System::Amazon, reason: format!("the {what} lacks {path}") }
}

/// Reads a payload as `T`.
pub(crate) fn decode<T: DeserializeOwned>(payload: &str) -> Result<T, Parked> {
    let mut json = serde_json::Deserializer::from_str(payload);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "$".to_owned() } else { format!("$.{path}") };
        // The library's own text may quote the value, which may be anything: only its class is told.
        let reason = match error.inner().classify() {
            serde_json::error::Category::Data => "the value has a type that this field never has",
            _ => "the payload is not JSON",
        };
        bad(path, reason)
    })
}

/// A text that is there and not blank.
pub(crate) fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

pub(crate) fn required<'a>(text: Option<&'a String>, path: &str) -> Result<&'a str, Parked> {
    filled(text).ok_or_else(|| missing(path))
}

pub(crate) fn moment(text: Option<&String>, path: &str) -> Result<Timestamp, Parked> {
    let text = required(text, path)?;
    text.parse().map_err(|_| bad(path, format!("`{}` is not a moment in time", short(text))))
}

pub(crate) fn order_id(text: Option<&String>, path: &str) -> Result<OrderId, Parked> {
    OrderId::parse(required(text, path)?).map_err(|error| bad(path, error.to_string()))
}

pub(crate) fn line_id(text: Option<&String>, path: &str) -> Result<OrderLineId, Parked> {
    OrderLineId::parse(required(text, path)?).map_err(|error| bad(path, error.to_string()))
}

pub(crate) fn sku(text: Option<&String>, path: &str) -> Result<Option<Sku>, Parked> {
    filled(text).map(Sku::parse).transpose().map_err(|error| bad(path, error.to_string()))
}

/// Title on the site, cut to 200 characters.
pub(crate) fn title(text: Option<&String>) -> String {
    text.map(|text| crate::answer::cut(text, 200)).unwrap_or_default()
}

/// A number of units.
pub(crate) fn units(count: Option<i64>, path: &str) -> Result<u32, Parked> {
    let count = count.ok_or_else(|| missing(path))?;
    u32::try_from(count).map_err(|_| bad(path, format!("{count} is not a number of units")))
}

pub(crate) fn country(text: Option<&String>, path: &str) -> Result<Option<Country>, Parked> {
    filled(text).map(Country::parse).transpose().map_err(|error| bad(path, error.to_string()))
}

/// The letters a British postcode begins with; nothing else of the address matters for VAT.
pub(crate) fn postcode_area(country: Option<Country>, postcode: Option<&str>) -> Option<String> {
    if country != Some(Country::GB) {
        return None;
    }
    let letters = postcode?.trim().chars().take_while(char::is_ascii_alphabetic).take(2).collect::<String>();
    (!letters.is_empty()).then(|| letters.to_ascii_uppercase())
}

/// The site with this marketplace id.
pub(crate) fn market_by_id(id: Option<&String>, path: &str) -> Result<(&'static Site, Market), Parked> {
    let id = required(id, path)?;
    market(markets::by_id(id), id, path)
}

/// The site with this name.
pub(crate) fn market_by_name(name: Option<&String>, path: &str) -> Result<(&'static Site, Market), Parked> {
    let name = required(name, path)?;
    market(markets::by_name(name), name, path)
}

fn market(site: Option<&'static Site>, said: &str, path: &str) -> Result<(&'static Site, Market), Parked> {
    site.and_then(|site| Some((site, site.market()?))).ok_or_else(|| {
        let reason =
            format!("`{}` is not an Amazon site that we know, so its currency and VAT would be a guess", short(said));
        parked("unknown_marketplace", path, reason, REPORT_IT)
    })
}

/// Amounts of one order. All must be in one currency.
#[derive(Debug, Default)]
pub(crate) struct Amounts {
    currency: Option<Currency>,
}

impl Amounts {
    /// The currency of the amounts read so far.
    pub(crate) fn currency(&self) -> Option<Currency> {
        self.currency
    }

    pub(crate) fn read(&mut self, digits: Option<&String>, code: Option<&String>, path: &str) -> Result<Money, Parked> {
        let code = required(code, path)?;
        let currency = Currency::parse(code).map_err(|_| {
            parked("unknown_currency", path, format!("`{}` is not a currency that we know", short(code)), REPORT_IT)
        })?;
        if *self.currency.get_or_insert(currency) != currency {
            return Err(bad(path, "the order has amounts in two currencies"));
        }
        Money::parse(required(digits, path)?, currency).map_err(|error| bad(path, error.to_string()))
    }
}

/// `amount` without its sign: discounts are stated with either (BEHAVIOR 5).
pub(crate) fn magnitude(amount: Money) -> Money {
    if amount.is_negative() { amount.negated() } else { amount }
}

fn short(text: &str) -> String {
    crate::answer::cut(text, 40)
}
