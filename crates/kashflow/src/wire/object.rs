//! Tolerant reading of a JSON object: names without case (`VATNumber`, `VatNumber`), absent and `null` alike, numbers as text,
//! truth as `0`/`1`. What cannot be read is named by its JSON path and never by its value: values may be a buyer's.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use ports::ConnectorError;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::answer::malformed;
use crate::{amounts, dates};

/// A value that cannot be used, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    path: String,
    expected: &'static str,
}

/// An object and where it stands in its answer.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    path: String,
    fields: Fields<'a>,
}

#[derive(Debug)]
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl Unreadable {
    pub(crate) fn new(path: impl Into<String>, expected: &'static str) -> Unreadable {
        Unreadable { path: path.into(), expected }
    }

    /// As the error of a port; `what` is what was read: "invoice 1042".
    pub(crate) fn of(&self, what: &str) -> ConnectorError {
        malformed(&format!("{what}: {self}"))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not {}", self.path, self.expected)
    }
}

impl<'a> Object<'a> {
    /// Reads `json` as an object that stands at `path`.
    pub(crate) fn parse(json: &'a str, path: impl Into<String>) -> Result<Object<'a>, Unreadable> {
        let path = path.into();
        match serde_json::from_str(json) {
            Ok(fields) => Ok(Object { path, fields }),
            Err(_) => Err(Unreadable { path, expected: "an object" }),
        }
    }

    /// Whether the object has the field at all, be it `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.0.iter().any(|(held, _)| held.eq_ignore_ascii_case(name))
    }

    /// The error that says that a field cannot be done without.
    pub(crate) fn missing(&self, name: &str) -> Unreadable {
        Unreadable::new(format!("{}.{name}", self.path), "there, and it cannot be done without")
    }

    pub(crate) fn wrong(&self, name: &str, expected: &'static str) -> Unreadable {
        Unreadable::new(format!("{}.{name}", self.path), expected)
    }

    /// The raw value of a field; `null` and absent are `None`.
    fn raw(&self, name: &str) -> Option<&'a str> {
        let found = self.fields.0.iter().rev().find(|(held, _)| held.eq_ignore_ascii_case(name));
        found.map(|(_, raw)| raw.get().trim()).filter(|raw| *raw != "null")
    }

    /// Text, trimmed; a number is taken by its digits, as codes are printed both ways.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        if raw.starts_with('"') {
            let text: String = serde_json::from_str(raw).map_err(|_| self.wrong(name, "text"))?;
            return Ok(Some(text.trim().to_owned()));
        }
        if amounts::read(raw).is_some() { Ok(Some(raw.to_owned())) } else { Err(self.wrong(name, "text")) }
    }

    /// A decimal by its digits; an empty text is none.
    pub(crate) fn decimal(&self, name: &str) -> Result<Option<Decimal>, Unreadable> {
        match self.raw(name) {
            None | Some("\"\"") => Ok(None),
            Some(raw) => amounts::read(raw).map(Some).ok_or_else(|| self.wrong(name, "a number")),
        }
    }

    /// A whole number; `4000.0000` is one.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Unreadable> {
        let Some(decimal) = self.decimal(name)? else { return Ok(None) };
        let whole = decimal.fract().is_zero().then(|| decimal.to_i64()).flatten();
        whole.map(Some).ok_or_else(|| self.wrong(name, "a whole number"))
    }

    /// A whole number that fits an id of ours; negative ones do not.
    pub(crate) fn id(&self, name: &str) -> Result<Option<u32>, Unreadable> {
        let Some(number) = self.integer(name)? else { return Ok(None) };
        u32::try_from(number).map(Some).map_err(|_| self.wrong(name, "a number of the expected size"))
    }

    /// `true`, `1`, `"true"` and their opposites (facts §3.3).
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Unreadable> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let bare = raw.trim_matches('"');
        if let Some(number) = amounts::read(bare) {
            return Ok(Some(!number.is_zero()));
        }
        match bare.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(self.wrong(name, "true or false")),
        }
    }

    /// A day; the sentinels for "never" are `None`.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Unreadable> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        dates::day(&text).map_err(|_| self.wrong(name, "a date in a form that we know"))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Object<'a>>, Unreadable> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        Object::parse(raw, format!("{}.{name}", self.path)).map(Some)
    }

    /// The objects of a list; absent and `null` are an empty list.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Object<'a>>, Unreadable> {
        let Some(raw) = self.raw(name) else { return Ok(Vec::new()) };
        let rows: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| self.wrong(name, "a list"))?;
        objects(&rows, &format!("{}.{name}", self.path))
    }

    /// Names and raw values in the order of the answer.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.fields.0.iter().map(|(name, raw)| (name.as_ref(), *raw))
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

/// The rows of a list that stands at `path`.
pub(crate) fn objects<'a>(rows: &[&'a RawValue], path: &str) -> Result<Vec<Object<'a>>, Unreadable> {
    rows.iter().enumerate().map(|(index, row)| Object::parse(row.get(), format!("{path}[{index}]"))).collect()
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'a>, D::Error> {
        struct Reader<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Reader<'a> {
            type Value = Fields<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'a>, A::Error> {
                let mut fields = Vec::new();
                // A borrowed name only when it has no escapes, else an owned one.
                while let Some(Name(name)) = map.next_key::<Name<'a>>()? {
                    fields.push((name, map.next_value::<&'a RawValue>()?));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reader(std::marker::PhantomData))
    }
}

struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'a>, D::Error> {
        struct Reader<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Reader<'a> {
            type Value = Name<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Object<'_> {
        Object::parse(json, "$").unwrap()
    }

    #[test]
    fn names_are_found_whatever_their_capitals() {
        let object = read(r#"{"VatNumber": " GB1 ", "wholesaleprice": 4.5000, "PostC\u006fde": "LS1"}"#);
        assert_eq!(object.text("VATNumber"), Ok(Some("GB1".to_owned())));
        assert_eq!(object.decimal("WholeSalePrice"), Ok(Some(Decimal::from_str_exact("4.5").unwrap())));
        assert_eq!(object.text("PostCode"), Ok(Some("LS1".to_owned())));
    }

    #[test]
    fn truth_comes_in_many_forms() {
        let object = read(r#"{"a": 1, "b": "False", "c": 0.0000, "d": true, "e": null, "f": "maybe"}"#);
        let told = ["a", "b", "c", "d", "e"].map(|name| object.flag(name).unwrap());
        assert_eq!(told, [Some(true), Some(false), Some(false), Some(true), None]);
        assert_eq!(object.flag("f").unwrap_err().to_string(), "$.f is not true or false");
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_path_and_not_by_its_value() {
        let object = read(r#"{"Lines": [{"Rate": 1}, {"Rate": "Jane of 4 Kettle Row"}]}"#);
        let lines = object.objects("Lines").unwrap();
        let error = lines[1].decimal("Rate").unwrap_err().to_string();
        assert_eq!(error, "$.Lines[1].Rate is not a number");
    }

    #[test]
    fn whole_numbers_may_be_printed_with_decimals() {
        let object = read(r#"{"a": 4000.0000, "b": "4000", "c": 4000.5, "d": -1, "e": 1e400}"#);
        assert_eq!([object.id("a"), object.id("b")], [Ok(Some(4000)), Ok(Some(4000))]);
        assert!(object.id("c").is_err() && object.id("d").is_err() && object.id("e").is_err());
    }

    proptest! {
        #[test]
        fn no_json_makes_the_reader_panic(json in "[\\[\\]{}\",:a-e0-9.\\-null ]{0,80}") {
            if let Ok(object) = Object::parse(&json, "$") {
                for name in ["a", "b", ""] {
                    let _ = (object.text(name), object.flag(name), object.id(name), object.day(name), object.objects(name));
                }
            }
        }
    }
}
