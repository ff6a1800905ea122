//! JSON that keeps the digits of its numbers and knows where it stands: `$.items[0].totalAmount`.
//!
//! A JSON number read through a binary float may lose a penny, so every value stays raw text until somebody asks for what it is.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use money::{Currency, Money};
use ports::Parked;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::read::{bad, missing, parked};

/// A value and its path.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    raw: &'a str,
    path: Cow<'static, str>,
}

/// Names as they come: borrowed where they hold no escape.
#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Node<'a> {
    /// The whole of a payload.
    pub(crate) fn root(payload: &'a str) -> Node<'a> {
        Node { raw: payload.trim(), path: Cow::Borrowed("$") }
    }

    /// Where it stands.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The text of the value, as it came.
    pub(crate) fn raw(&self) -> &'a str {
        self.raw
    }

    /// The field, if it is there and not null.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Node<'a>>, Parked> {
        let fields: HashMap<Name<'a>, &'a RawValue> =
            serde_json::from_str(self.raw).map_err(|_| bad(self.path.clone(), "the value is not an object"))?;
        let found = fields.get(&Name(Cow::Borrowed(name))).map(|raw| raw.get());
        let path = || Cow::Owned(format!("{}.{name}", self.path));
        Ok(found.filter(|raw| *raw != "null").map(|raw| Node { raw, path: path() }))
    }

    /// The field, which must be there.
    pub(crate) fn need(&self, name: &str) -> Result<Node<'a>, Parked> {
        self.get(name)?.ok_or_else(|| missing(format!("{}.{name}", self.path)))
    }

    /// The entries of a list, or none if the field is not there.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<Node<'a>>, Parked> {
        match self.get(name)? {
            Some(list) => list.items(),
            None => Ok(Vec::new()),
        }
    }

    /// The entries, if the value is a list.
    pub(crate) fn items(&self) -> Result<Vec<Node<'a>>, Parked> {
        let raws: Vec<&'a RawValue> =
            serde_json::from_str(self.raw).map_err(|_| bad(self.path.clone(), "the value is not a list"))?;
        let node = |(index, raw): (usize, &'a RawValue)| Node {
            raw: raw.get(),
            path: Cow::Owned(format!("{}[{index}]", self.path)),
        };
        Ok(raws.into_iter().enumerate().map(node).collect())
    }

    /// Whether the value is an object.
    pub(crate) fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// The text of a field without blanks around it; `None` if it is missing or blank.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Parked> {
        let Some(field) = self.get(name)? else { return Ok(None) };
        let text: String =
            serde_json::from_str(field.raw).map_err(|_| bad(field.path.clone(), "the value is not a text"))?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// The text of a field that must be there.
    pub(crate) fn need_text(&self, name: &str) -> Result<String, Parked> {
        self.text(name)?.ok_or_else(|| missing(format!("{}.{name}", self.path)))
    }

    /// The moment in a field.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Parked> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let parse = text.parse::<Timestamp>().ok().or_else(|| {
            // Days without a time are days in UTC.
            let day: jiff::civil::Date = text.parse().ok()?;
            day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
        parse.map(Some).ok_or_else(|| {
            bad(format!("{}.{name}", self.path), format!("`{}` is not a moment in time", crate::answer::cut(&text, 40)))
        })
    }

    /// A whole number in a field.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, Parked> {
        let Some(field) = self.get(name)? else { return Ok(None) };
        let number = decimal(field.raw).filter(|number| number.is_integer());
        let whole = number.and_then(|number| number.normalize().to_string().parse().ok());
        whole.map(Some).ok_or_else(|| bad(field.path.clone(), "the value is not a whole number"))
    }

    /// The amount in this value: `{currencyCode, currencyAmount}`.
    pub(crate) fn money(&self) -> Result<Money, Parked> {
        let code = self.need_text("currencyCode")?;
        let currency = Currency::parse(&code).map_err(|_| {
            let reason = format!("`{}` is not a currency that we know", crate::answer::cut(&code, 8));
            parked("unknown_currency", format!("{}.currencyCode", self.path), reason, REPORT)
        })?;
        let number = self.need("currencyAmount")?;
        let digits = decimal(number.raw).ok_or_else(|| bad(number.path.clone(), "the value is not an amount"))?;
        Money::parse(&digits.to_string(), currency).map_err(|error| bad(number.path.clone(), error.to_string()))
    }
}

const REPORT: &str = "Report the currency to the makers of Tillbridge; the transaction is booked once it is known";

/// The decimal that a JSON number (or a string that holds one) says, exactly.
fn decimal(raw: &str) -> Option<Decimal> {
    let text = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw).trim();
    if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
        return None;
    }
    let read = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(json: &str) -> Result<Money, Parked> {
        Node::root(json).money()
    }

    #[test]
    fn amounts_are_read_by_their_digits() {
        for (number, expected) in
            [("0.07", 7), ("-1.15", -1_15), ("1e2", 100_00), ("10", 10_00), ("\"3.30\"", 3_30), ("1.10E1", 11_00)]
        {
            let json = format!("{{\"currencyCode\":\"GBP\",\"currencyAmount\":{number}}}");
            assert_eq!(money(&json).unwrap().minor(), expected, "{number}");
        }
        let large = money(r#"{"currencyCode":"GBP","currencyAmount":90071992547409.93}"#).unwrap();
        assert_eq!(large.minor(), 9_007_199_254_740_993, "a binary float has no such number");
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_path() {
        let park = |json: &str| money(json).unwrap_err().path;
        assert_eq!(park(r#"{"currencyCode":"GBP"}"#), "$.currencyAmount");
        assert_eq!(park(r#"{"currencyCode":"XXX","currencyAmount":1}"#), "$.currencyCode");
        assert_eq!(park(r#"{"currencyCode":"GBP","currencyAmount":1.005}"#), "$.currencyAmount");
        assert_eq!(park(r#"{"currencyCode":"GBP","currencyAmount":true}"#), "$.currencyAmount");
        let list = Node::root(r#"{"a":[{"b":1},{"b":"x"}]}"#).list("a").unwrap();
        assert_eq!(list[1].whole("b").unwrap_err().path, "$.a[1].b");
        assert_eq!(list[0].whole("b").unwrap(), Some(1));
    }
}
