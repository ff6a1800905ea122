//! An object that is changed and sent back: fields we do not know keep their place and their digits.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::object::{Object, Unreadable};

/// Names and raw values, in the order of the answer they came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawObject(Vec<(String, Box<RawValue>)>);

impl RawObject {
    pub(crate) fn of(object: &Object<'_>) -> RawObject {
        RawObject(object.entries().map(|(name, raw)| (name.to_owned(), raw.to_owned())).collect())
    }

    /// Puts `value` in the place of the field, or at the end.
    pub(crate) fn set(&mut self, name: &'static str, value: &impl Serialize) -> Result<(), Unreadable> {
        let raw = serde_json::value::to_raw_value(value).map_err(|_| Unreadable::new(name, "fit to be written"))?;
        match self.0.iter_mut().find(|(held, _)| held.eq_ignore_ascii_case(name)) {
            Some((_, held)) => *held = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
        Ok(())
    }

    /// Takes fields out, whatever their capitals.
    pub(crate) fn remove(&mut self, names: &[&str]) {
        self.0.retain(|(held, _)| !names.iter().any(|name| held.eq_ignore_ascii_case(name)));
    }

    pub(crate) fn json(&self) -> Result<String, Unreadable> {
        serde_json::to_string(self).map_err(|_| Unreadable::new("$", "fit to be written"))
    }
}

impl Serialize for RawObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, raw) in &self.0 {
            map.serialize_entry(name, raw)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_keep_their_place_and_digits() {
        let json = r#"{"Code":"C1","CreditLimit":1234567890123456.7500,"name":"Old","Odd":{"x":[1.10]}}"#;
        let mut object = RawObject::of(&Object::parse(json, "$").unwrap());
        object.set("Name", &"New").unwrap();
        object.set("VATNumber", &"GB1").unwrap();
        object.remove(&["code"]);
        let expected = r#"{"CreditLimit":1234567890123456.7500,"name":"New","Odd":{"x":[1.10]},"VATNumber":"GB1"}"#;
        assert_eq!(object.json().unwrap(), expected);
    }
}
