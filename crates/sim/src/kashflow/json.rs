//! JSON with exact numbers and names in any case: what requests are read from and answers are written to.
//!
//! `serde_json::Value` keeps fractions as binary floats and names as they come. The remote keeps decimals and does not care
//! about the case of a request's names, so both are done here; the text itself is scanned by `serde_json`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Nesting beyond this is refused.
const DEPTH_MAX: u32 = 24;

/// A JSON value. Member names keep their case; [`Json::get`] ignores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number without a fraction; written as such.
    Int(i64),
    /// A number; written with at least one decimal, as the remote writes its decimals.
    Number(Decimal),
    /// A string.
    Text(Cow<'static, str>),
    /// An array.
    List(Vec<Json>),
    /// An object, members in order.
    Object(Vec<(Cow<'static, str>, Json)>),
}

/// The text is no JSON that we take.
#[derive(Debug, thiserror::Error)]
#[error("the request body is not valid JSON")]
pub struct NotJson;

impl Json {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// [`NotJson`] for anything that is no JSON, nests too deep or has a number beyond 28 digits.
    pub fn parse(bytes: &[u8]) -> Result<Json, NotJson> {
        let raw: &RawValue = serde_json::from_slice(bytes).map_err(|_| NotJson)?;
        read(raw, 0)
    }

    /// An object of these members.
    pub fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// The member called `name` in any case. A member that is `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Json::Object(members) = self else { return None };
        let (_, value) = members.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        Some(value).filter(|value| **value != Json::Null)
    }

    /// The items of an array.
    pub fn items(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// A string; numbers are taken as their digits, as the remote's reader does.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Json::Text(text) => Some(text.to_string()),
            Json::Int(number) => Some(number.to_string()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A number, also from a string of digits.
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Json::Int(number) => Some(Decimal::from(*number)),
            Json::Number(number) => Some(*number),
            Json::Text(text) => Decimal::from_str(text.trim()).ok(),
            _ => None,
        }
    }

    /// A whole number, also from a string of digits.
    pub fn as_int(&self) -> Option<i64> {
        let number = self.as_number()?;
        if number.is_integer() { i64::try_from(number).ok() } else { None }
    }

    /// A truth value; 0 and 1 and their names count.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Json::Flag(flag) => Some(*flag),
            Json::Int(0) => Some(false),
            Json::Int(1) => Some(true),
            Json::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Json::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// Writes the value as JSON text.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Json::Int(number) => write_display(out, number),
            Json::Number(number) => write_number(out, *number),
            Json::Text(text) => write_text(out, text),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

fn write_display(out: &mut String, value: &impl fmt::Display) {
    use fmt::Write;
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

fn write_number(out: &mut String, number: Decimal) {
    let number = number.normalize();
    write_display(out, &number);
    if number.scale() == 0 {
        out.push_str(".0");
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                use fmt::Write;
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn read(raw: &RawValue, depth: u32) -> Result<Json, NotJson> {
    if depth > DEPTH_MAX {
        return Err(NotJson);
    }
    let text = raw.get();
    let from_text = |_| NotJson;
    match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text).map_err(from_text)?;
            let members = members.into_iter().map(|(name, raw)| Ok((Cow::Owned(name), read(raw, depth + 1)?)));
            Ok(Json::Object(members.collect::<Result<_, _>>()?))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(from_text)?;
            Ok(Json::List(items.into_iter().map(|raw| read(raw, depth + 1)).collect::<Result<_, _>>()?))
        }
        Some(b'"') => Ok(Json::Text(Cow::Owned(serde_json::from_str(text).map_err(from_text)?))),
        Some(b't') => Ok(Json::Flag(true)),
        Some(b'f') => Ok(Json::Flag(false)),
        Some(b'n') => Ok(Json::Null),
        _ => read_number(text),
    }
}

fn read_number(text: &str) -> Result<Json, NotJson> {
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Json::Int(number));
    }
    let exponent = text.contains(['e', 'E']);
    let number = if exponent { Decimal::from_scientific(text) } else { Decimal::from_str(text) };
    number.map(Json::Number).map_err(|_| NotJson)
}

/// Members in the order sent, values unread.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Members)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(Cow::Owned(text.to_owned()))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(Cow::Owned(text))
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Int(number)
    }
}

impl From<i32> for Json {
    fn from(number: i32) -> Json {
        Json::Int(i64::from(number))
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Json {
        Json::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Json {
        Json::Flag(flag)
    }
}

impl From<Decimal> for Json {
    fn from(number: Decimal) -> Json {
        Json::Number(number)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Json {
        value.map_or(Json::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit_on_the_way_through() {
        let json =
            Json::parse(br#"{"Rate": 0.1000, "VATAmount":16.46, "N": 4000, "Big": 1234567890123.4567, "E": 1e2}"#)
                .unwrap();
        assert_eq!(json.to_string(), r#"{"Rate":0.1,"VATAmount":16.46,"N":4000,"Big":1234567890123.4567,"E":100.0}"#);
    }

    #[test]
    fn names_are_found_in_any_case_and_null_counts_as_absent() {
        let json = Json::parse(br#"{"customercode":"A1","Note":null}"#).unwrap();
        assert_eq!(json.get("CustomerCode").and_then(Json::as_text).as_deref(), Some("A1"));
        assert_eq!(json.get("note"), None);
    }

    #[test]
    fn awkward_text_survives() {
        let text = "Robert'); DROP \"T\" \\ \n\t\u{1} \u{fffd} Zoë 日本";
        let mut out = String::new();
        Json::from(text).write(&mut out);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        assert_eq!(Json::parse(out.as_bytes()).unwrap(), Json::from(text));
    }

    #[test]
    fn what_is_no_json_or_nests_too_deep_is_refused() {
        for bytes in [&b"{"[..], b"", b"{} x", b"\xff\xfe", b"[1e999]"] {
            assert!(Json::parse(bytes).is_err());
        }
        assert!(Json::parse("[".repeat(60).as_bytes()).is_err());
        assert!(Json::parse(format!("{}{}", "[".repeat(60), "]".repeat(60)).as_bytes()).is_err());
    }
}
