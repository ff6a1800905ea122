//! Values read from a request and written to an answer, by their type.
//!
//! ASMX reads a sequence: an element that comes too early or too late is dropped without a word, a number that is no number is a
//! fault for the whole envelope, and what must be there and is not counts as 0, false or the year 1.

use rust_decimal::Decimal;

use super::schema::{Field, Kind, Type};
use super::xml::{Element, write_text};
use crate::kashflow::day;
use crate::kashflow::json::Json;

/// The namespace of everything of the vendor's.
pub const NAMESPACE: &str = "KashFlow";

/// What a moment is that nobody gave.
const NEVER: &str = "0001-01-01T00:00:00";

/// A value cannot be read: the text of the fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(String);

/// Reads the elements of a sequence.
pub fn read_fields(fields: &[Field], from: &Element) -> Result<Json, Malformed> {
    let mut members: Vec<(&'static str, Json)> = Vec::new();
    let mut next = 0;
    for child in &from.children {
        if child.namespace.as_deref() != Some(NAMESPACE) {
            continue;
        }
        let Some(at) = fields.iter().skip(next).position(|field| field.name == child.name) else { continue };
        let Some(field) = fields.get(next + at) else { continue };
        next += at + 1;
        if !child.is_nil || is_value(field.kind) {
            members.push((field.name, read(field.kind, child)?));
        }
    }
    for field in fields {
        if is_value(field.kind) && !members.iter().any(|(name, _)| *name == field.name) {
            members.push((field.name, nothing(field.kind)));
        }
    }
    Ok(Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect()))
}

fn read(kind: Kind, from: &Element) -> Result<Json, Malformed> {
    let text = from.text.trim();
    let wrong = |of: &str| Malformed(format!("The string '{text}' is not a valid {of} value."));
    match kind {
        Kind::Text => Ok(from.text.clone().into()),
        Kind::Int => {
            let number = text.parse::<i32>().map_err(|_| wrong("Int32"))?;
            Ok(Json::Int(number.into()))
        }
        Kind::Dec => text.parse::<Decimal>().map(Json::Number).map_err(|_| wrong("Decimal")),
        Kind::Flag => match text {
            "true" | "1" => Ok(Json::Flag(true)),
            "false" | "0" => Ok(Json::Flag(false)),
            _ => Err(wrong("Boolean")),
        },
        Kind::Moment => {
            let shaped = text.contains('T') && day::parse(text).is_some();
            shaped.then(|| text.to_owned().into()).ok_or_else(|| wrong("AllXsd"))
        }
        Kind::One(of) => read_fields(of.fields, from),
        Kind::Many(of) => items(from, of, |child| child.is(NAMESPACE, of.name)),
        Kind::Any(of) => {
            items(from, of, |child| child.is(NAMESPACE, "anyType") && child.type_name.as_deref() == Some(of.name))
        }
    }
}

fn items(from: &Element, of: &Type, wanted: impl Fn(&Element) -> bool) -> Result<Json, Malformed> {
    let items = from.children.iter().filter(|child| wanted(child)).map(|child| read_fields(of.fields, child));
    Ok(Json::List(items.collect::<Result<_, _>>()?))
}

/// Whether a kind is a value type, which is always there.
pub fn is_value(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Dec | Kind::Flag | Kind::Moment)
}

fn nothing(kind: Kind) -> Json {
    match kind {
        Kind::Int => Json::Int(0),
        Kind::Dec => Json::Number(Decimal::ZERO),
        Kind::Flag => Json::Flag(false),
        Kind::Moment => NEVER.into(),
        _ => Json::Null,
    }
}

/// Writes `value` as an element called `name`: value types always, others unless there is nothing.
pub fn write(out: &mut String, name: &str, kind: Kind, value: Option<&Json>) {
    let value = value.filter(|value| **value != Json::Null);
    match (kind, value) {
        (Kind::Text, Some(value)) => write_text(out, name, &value.as_text().unwrap_or_default()),
        (Kind::One(of), Some(value)) => wrap(out, name, "", |out| write_members(out, of, value)),
        (Kind::Many(of), Some(value)) => wrap(out, name, "", |out| {
            for item in value.items().unwrap_or_default() {
                wrap(out, of.name, "", |out| write_members(out, of, item));
            }
        }),
        (Kind::Any(of), Some(value)) => wrap(out, name, "", |out| {
            for item in value.items().unwrap_or_default() {
                wrap(out, "anyType", &format!(" xsi:type=\"{}\"", of.name), |out| write_members(out, of, item));
            }
        }),
        (Kind::Text | Kind::One(_) | Kind::Many(_) | Kind::Any(_), None) => {}
        (Kind::Int, _) => write_text(out, name, &value.and_then(Json::as_int).unwrap_or(0).to_string()),
        (Kind::Dec, _) => write_text(out, name, &decimal(value.and_then(Json::as_number).unwrap_or_default())),
        (Kind::Flag, _) => {
            write_text(out, name, if value.and_then(Json::as_flag) == Some(true) { "true" } else { "false" })
        }
        (Kind::Moment, _) => write_text(out, name, &value.and_then(Json::as_text).unwrap_or_else(|| NEVER.to_owned())),
    }
}

fn write_members(out: &mut String, of: &Type, value: &Json) {
    for field in of.fields {
        write(out, field.name, field.kind, value.get(field.name));
    }
}

/// Writes an element around what `inside` writes.
pub fn wrap(out: &mut String, name: &str, attributes: &str, inside: impl FnOnce(&mut String)) {
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
    inside(out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn decimal(number: Decimal) -> String {
    let mut padded = number.normalize();
    if padded.scale() < 4 {
        padded.rescale(4);
    }
    padded.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::schema::PAYMENT;
    use super::*;

    fn payment(inside: &str) -> Result<Json, Malformed> {
        let text = format!("<p xmlns=\"KashFlow\">{inside}</p>");
        read_fields(PAYMENT.fields, &Element::parse(&text).unwrap())
    }

    #[test]
    fn an_element_out_of_order_is_dropped_without_a_word() {
        let read = payment("<PayAmount>12.50</PayAmount><PayInvoice>7</PayInvoice>").unwrap();
        assert_eq!(read.get("PayAmount").and_then(Json::as_number), Decimal::from_str_exact("12.5").ok());
        assert_eq!(read.get("PayInvoice").and_then(Json::as_int), Some(0));
    }

    #[test]
    fn what_is_of_another_namespace_does_not_count() {
        let read = payment("<PayInvoice xmlns=\"other\">7</PayInvoice>").unwrap();
        assert_eq!(read.get("PayInvoice").and_then(Json::as_int), Some(0));
    }

    #[test]
    fn a_number_or_date_that_is_none_is_a_fault() {
        for wrong in [
            "<PayInvoice>x</PayInvoice>",
            "<PayInvoice/>",
            "<PayAmount>1,5</PayAmount>",
            "<PayDate>2026-13-01T00:00:00</PayDate>",
            "<PayDate>02/11/2026</PayDate>",
        ] {
            assert!(payment(wrong).is_err(), "{wrong}");
        }
        let message = payment("<PayDate>02/11/2026</PayDate>").unwrap_err().to_string();
        assert_eq!(message, "The string '02/11/2026' is not a valid AllXsd value.");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let value = Json::object([
            ("PayInvoice", 7.into()),
            ("PayNote", "a < b".into()),
            ("PayAmount", Decimal::new(125, 1).into()),
        ]);
        let mut out = String::new();
        wrap(&mut out, "p", " xmlns=\"KashFlow\"", |out| write_members(out, &PAYMENT, &value));
        let read = read_fields(PAYMENT.fields, &Element::parse(&out).unwrap()).unwrap();
        assert_eq!(read.get("PayNote"), value.get("PayNote"));
        assert_eq!(read.get("PayAmount").and_then(Json::as_number), Some(Decimal::new(125, 1)));
        assert_eq!(read.get("PayDate").and_then(Json::as_text).as_deref(), Some(NEVER));
    }
}
