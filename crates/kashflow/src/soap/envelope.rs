//! Envelopes: written element by element in the order of the WSDL, read with an XML reader that refuses document types.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Nesting beyond this is not read.
const DEPTH_MAX: usize = 32;

/// The elements of a request, in order.
#[derive(Debug, Default)]
pub(crate) struct Fields(String);

/// What an operation answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// `Status` is `OK`; the result as a number, 0 if it is none.
    Ok(i64),
    /// `Status` is something else; `StatusDetail`.
    No(String),
    /// The request could not be read.
    ClientFault,
    /// Another fault.
    ServerFault,
}

impl Fields {
    /// Adds an element with text.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Fields {
        let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = write!(self.0, "<{name}>{}</{name}>", escape(clean));
        self
    }

    /// Adds an element with a number.
    pub(crate) fn number(mut self, name: &str, value: impl std::fmt::Display) -> Fields {
        let _ = write!(self.0, "<{name}>{value}</{name}>");
        self
    }

    /// Adds an element with elements.
    pub(crate) fn group(mut self, name: &str, inside: Fields) -> Fields {
        let _ = write!(self.0, "<{name}>{}</{name}>", inside.0);
        self
    }

    /// Adds an element of an untyped list: the type is told beside it.
    pub(crate) fn any(mut self, kind: &str, inside: Fields) -> Fields {
        let _ = write!(self.0, "<anyType xsi:type=\"{kind}\">{}</anyType>", inside.0);
        self
    }

    /// The whole request. Credentials come first.
    pub(crate) fn envelope(self, operation: &str, username: &str, password: &str) -> String {
        let head = Fields::default().text("UserName", username).text("Password", password);
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>\
             <{operation} xmlns=\"KashFlow\">{}{}</{operation}></soap:Body></soap:Envelope>",
            head.0, self.0
        )
    }
}

/// What the answer to `operation` says; `None` if it is no answer to it: then nobody knows what was done.
pub(crate) fn read(operation: &str, body: &str) -> Option<Answered> {
    let leaves = leaves(body)?;
    let leaf = |name: &str| leaves.iter().find(|(path, _)| path == name).map(|(_, text)| text.as_str());
    let answer = format!("{operation}Response");
    match leaf(&format!("{answer}/Status")) {
        Some(status) if status.trim().eq_ignore_ascii_case("OK") => {
            let result = leaf(&format!("{answer}/{operation}Result")).and_then(|text| text.trim().parse().ok());
            Some(Answered::Ok(result.unwrap_or(0)))
        }
        Some(_) => Some(Answered::No(leaf(&format!("{answer}/StatusDetail")).unwrap_or_default().trim().to_owned())),
        None => fault(&leaves),
    }
}

fn fault(leaves: &[(String, String)]) -> Option<Answered> {
    let is_code = |path: &str| path == "Fault/faultcode" || path == "Fault/Code/Value";
    let (_, code) = leaves.iter().find(|(path, _)| is_code(path))?;
    let code = code.trim().rsplit(':').next().unwrap_or_default();
    let client = matches!(code.to_ascii_lowercase().as_str(), "client" | "sender");
    Some(if client { Answered::ClientFault } else { Answered::ServerFault })
}

/// Paths below the body, by local names, and the text of each element. `None` for what is no whole envelope.
fn leaves(body: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(body);
    let (mut path, mut leaves): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let mut text = String::new();
    let mut closed = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if path.len() >= DEPTH_MAX || closed {
                    return None;
                }
                path.push(start.local_name().as_ref().to_owned());
                text.clear();
            }
            Event::Empty(start) => {
                leaves.push((below_body(&path, Some(start.local_name().as_ref())), String::new()));
            }
            Event::End(_) => {
                leaves.push((below_body(&path, None), std::mem::take(&mut text)));
                path.pop()?;
                closed = path.is_empty();
            }
            Event::Text(content) => text.push_str(&content.xml10_content()),
            Event::CData(content) => text.push_str(&content.xml10_content()),
            Event::GeneralRef(reference) => text.push(character(&reference)?),
            Event::DocType(_) => return None,
            Event::Eof => return closed.then_some(leaves),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(found)) = reference.resolve_char_ref() {
        return Some(found);
    }
    match reference.xml10_content().as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// The envelope and its body are left out.
fn below_body(path: &[String], last: Option<&str>) -> String {
    let mut names: Vec<&str> = path.iter().skip(2).map(String::as_str).collect();
    names.extend(last);
    names.join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{inside}</soap:Body></soap:Envelope>"
        )
    }

    #[test]
    fn a_yes_is_status_ok_and_a_number() {
        let yes = answer(
            "<InsertJournalResponse xmlns=\"KashFlow\"><InsertJournalResult>41</InsertJournalResult><Status>OK</Status><StatusDetail/></InsertJournalResponse>",
        );
        assert_eq!(read("InsertJournal", &yes), Some(Answered::Ok(41)));
        assert_eq!(read("InsertBankTransaction", &yes), None, "the answer to another question");
        assert_eq!(read("InsertJournal", &yes.replace("41", "")), Some(Answered::Ok(0)));
    }

    #[test]
    fn a_no_is_an_http_200_with_its_reason() {
        let no = answer(
            "<InsertJournalResponse><InsertJournalResult>0</InsertJournalResult><Status>NO</Status><StatusDetail>It&apos;s &lt;locked&gt;</StatusDetail></InsertJournalResponse>",
        );
        assert_eq!(read("InsertJournal", &no), Some(Answered::No("It's <locked>".to_owned())));
    }

    #[test]
    fn a_fault_of_the_request_is_told_from_one_of_the_server() {
        let fault = |code: &str| {
            answer(&format!("<soap:Fault><faultcode>{code}</faultcode><faultstring>x</faultstring></soap:Fault>"))
        };
        assert_eq!(read("InsertJournal", &fault("soap:Client")), Some(Answered::ClientFault));
        assert_eq!(read("InsertJournal", &fault("soap:Server")), Some(Answered::ServerFault));
        assert_eq!(read("InsertJournal", &fault("soap:Client")[..80]), None, "half an answer");
    }

    #[test]
    fn a_document_type_is_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"b\">]><a><b/></a>";
        assert_eq!(read("InsertJournal", bomb), None);
    }

    #[test]
    fn texts_are_escaped_and_credentials_come_first() {
        let sent =
            Fields::default().text("Comment", "a < b & \u{1}c").number("ID", 0).envelope("InsertX", "joe", "<&>");
        let order = [
            "<UserName>joe",
            "<Password>&lt;&amp;&gt;</Password>",
            "<Comment>a &lt; b &amp;  c</Comment>",
            "<ID>0</ID>",
        ];
        let places: Vec<usize> =
            order.iter().map(|part| sent.find(part).unwrap_or_else(|| panic!("{part}: {sent}"))).collect();
        assert!(places.is_sorted());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(body in "[<>/a-zA-Z!?\\[\\]&;\" =:]{0,120}") {
            let _ = read("InsertJournal", &body);
            let _ = read("InsertJournal", &answer(&body));
        }
    }
}
