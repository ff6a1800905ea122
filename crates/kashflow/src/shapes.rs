//! The shapes of an account's answers, for the doctor: names and types only, never a value. What nobody has published about
//! KashFlow can be confirmed on a real account without giving anything of it away.

use ports::ConnectorError;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

use crate::client::Client;
use crate::wire::document::Row;
use crate::wire::object::{Object, objects};
use crate::{amounts, dates};

/// Deepest level that is described.
const DEPTH_MAX: usize = 6;

/// What a route answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// The route, with placeholders for what it was asked about.
    pub route: String,
    /// HTTP status, or `None` if there was no answer.
    pub status: Option<u16>,
    /// Paths and the types seen there: `$.Data[].Number` → `integer`.
    pub fields: BTreeMap<String, BTreeSet<String>>,
}

/// Read-only routes whose shape is open somewhere in `BEHAVIOR.md`. Settings that show secrets are not among them.
const ROUTES: &[(&[&str], &str)] = &[
    (&["settings", "companydetails"], ""),
    (&["nextavailableinvoicenumber"], ""),
    (&["invoicecountforsubscriptioncycle"], ""),
    (&["invoices"], "page=1&perpage=2&sortby=Number&order=desc"),
    (&["customers"], "page=1&perpage=2"),
    (&["customers", "search"], "searchBy=code&searchText=A"),
    (&["paymentmethods", "invoice"], ""),
    (&["paymentmethods", "purchase"], ""),
    (&["nominals"], ""),
    (&["vat", "settings", "vatrates"], ""),
    (&["currencies"], ""),
    (&["currencies", "list"], ""),
    (&["bankaccounts"], ""),
    (&["products", "list"], "page=1&perpage=2&filterbyinuseonly=false"),
    (&["products"], "page=1&perpage=2"),
    (&["stockoptions"], ""),
    (&["journals"], "page=1&perpage=2"),
];

impl Client {
    /// Describes the answers of all routes we use. A route that fails is described by its status; the others go on.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Unauthorized`] or [`ConnectorError::Throttled`] if there is no session to ask with.
    pub async fn probe_shapes(&self) -> Result<Vec<Shape>, ConnectorError> {
        let mut shapes = Vec::new();
        for (segments, query) in ROUTES {
            let (shape, body) = self.shape(segments, &format!("/{}", segments.join("/")), query).await?;
            shapes.push(shape);
            if *segments == ["invoices"]
                && let Some(number) = first_number(&body)
            {
                let detail = ["invoices", &number.to_string()];
                shapes.push(self.shape(&detail, "/invoices/{number}", "").await?.0);
            }
        }
        Ok(shapes)
    }

    async fn shape(&self, segments: &[&str], route: &str, query: &str) -> Result<(Shape, String), ConnectorError> {
        let mut url = self.url(segments)?;
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        let mut shape = Shape { route: route.to_owned(), status: None, fields: BTreeMap::new() };
        let body = match self.ask(url).await {
            Ok(answer) => {
                shape.status = Some(answer.status);
                describe(&answer.body, "$", 0, &mut shape.fields);
                answer.body
            }
            Err(error @ (ConnectorError::Unauthorized { .. } | ConnectorError::Throttled { .. })) => return Err(error),
            Err(_) => String::new(),
        };
        Ok((shape, body))
    }
}

fn first_number(body: &str) -> Option<u32> {
    let rows = if body.trim_start().starts_with('[') {
        let rows: Vec<&RawValue> = serde_json::from_str(body).ok()?;
        objects(&rows, "$").ok()?
    } else {
        Object::parse(body, "$").ok()?.objects("Data").ok()?
    };
    Row::invoice(rows.first()?).ok().map(|row| row.number)
}

fn describe(json: &str, path: &str, depth: usize, fields: &mut BTreeMap<String, BTreeSet<String>>) {
    let json = json.trim();
    fields.entry(path.to_owned()).or_default().insert(kind(json));
    if depth >= DEPTH_MAX {
        return;
    }
    if let Ok(object) = Object::parse(json, path) {
        for (name, raw) in object.entries() {
            describe(raw.get(), &format!("{path}.{}", spoken(name)), depth + 1, fields);
        }
    } else if json.starts_with('[')
        && let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(json)
    {
        for row in rows {
            describe(row.get(), &format!("{path}[]"), depth + 1, fields);
        }
    }
}

/// A name as it stands, unless it is no name: keys of a map may be anything.
fn spoken(name: &str) -> &str {
    let letters = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = name.len() <= 48
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte.is_ascii_digit());
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if letters && plain && digits <= 2 { name } else { "{key}" }
}

fn kind(json: &str) -> String {
    match json.bytes().next() {
        None => "nothing".to_owned(),
        Some(b'{') => "object".to_owned(),
        Some(b'[') => "array".to_owned(),
        Some(b't' | b'f') => "boolean".to_owned(),
        Some(b'n') => "null".to_owned(),
        Some(b'"') => text_kind(json),
        Some(_) if amounts::read(json).is_some() => match json.split_once('.') {
            Some((_, decimals)) => format!("number with {} decimals", decimals.len()),
            None => "integer".to_owned(),
        },
        Some(_) => "not JSON".to_owned(),
    }
}

/// The form of a text: dates and numbers by their pattern, everything else as text.
fn text_kind(json: &str) -> String {
    let Ok(text) = serde_json::from_str::<String>(json) else { return "not JSON".to_owned() };
    if text.is_empty() {
        return "empty text".to_owned();
    }
    if text.len() <= 40 && text.as_bytes().get(4) == Some(&b'-') && dates::day(&text).is_ok() {
        let pattern: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let known = pattern.chars().all(|c| matches!(c, '0' | '-' | ':' | ' ' | '+' | '.' | 'T' | 'Z'));
        return if known { format!("date {pattern}") } else { "date".to_owned() };
    }
    match (text.len(), amounts::read(&text)) {
        (36, _) if text.bytes().filter(|byte| *byte == b'-').count() == 4 => "text (guid)".to_owned(),
        (_, Some(_)) => "text (number)".to_owned(),
        _ => "text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_has_names_and_types_and_no_value() {
        let body = r#"{"Data": [{"Name": "Jane Kettle", "Rate": 12.5000, "Paid": null}, {"Paid": "2026-11-02 12:00:00"}],
            "203-1234567": {"x": true}, "VATNumber": "GB123456789"}"#;
        let mut fields = BTreeMap::new();
        describe(body, "$", 0, &mut fields);
        let told: Vec<String> = fields
            .iter()
            .map(|(path, kinds)| format!("{path}: {}", kinds.iter().cloned().collect::<Vec<_>>().join(" | ")))
            .collect();
        assert_eq!(
            told,
            [
                "$: object",
                "$.Data: array",
                "$.Data[]: object",
                "$.Data[].Name: text",
                "$.Data[].Paid: date 0000-00-00 00:00:00 | null",
                "$.Data[].Rate: number with 4 decimals",
                "$.VATNumber: text",
                "$.{key}: object",
                "$.{key}.x: boolean",
            ]
        );
    }

    #[test]
    fn a_page_instead_of_an_answer_is_described_without_its_words() {
        let mut fields = BTreeMap::new();
        describe("<html>Jane</html>", "$", 0, &mut fields);
        assert_eq!(fields, BTreeMap::from([("$".to_owned(), BTreeSet::from(["not JSON".to_owned()]))]));
    }
}
