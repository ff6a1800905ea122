//! XML as far as SOAP needs it: elements with their namespace, `xsi:type`, `xsi:nil` and text.
//!
//! A document type declaration is refused, so no entity but the five of XML exists and nothing can grow while it is read.

use std::fmt::Write as _;

use quick_xml::NsReader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

/// Nesting beyond this is refused.
const DEPTH_MAX: usize = 24;

/// The namespace of `type` and `nil`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its local name.
    pub name: String,
    /// Local name of its `xsi:type`.
    pub type_name: Option<String>,
    /// `xsi:nil`.
    pub is_nil: bool,
    /// Its own text.
    pub text: String,
    /// Elements in it, in order.
    pub children: Vec<Element>,
}

/// The text is no XML that we take.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotXml(String);

impl Element {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// [`NotXml`] for anything that is not well-formed, nests too deep or declares a document type.
    pub fn parse(text: &str) -> Result<Element, NotXml> {
        let mut reader = NsReader::from_str(text);
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|error| NotXml(error.to_string()))?;
            let namespace = owned(&namespace);
            match event {
                Event::Start(start) => {
                    if open.len() >= DEPTH_MAX || root.is_some() {
                        return Err(NotXml("the document nests too deep or has two roots".to_owned()));
                    }
                    open.push(element(&reader, namespace, &start)?);
                }
                Event::Empty(start) => {
                    let whole = element(&reader, namespace, &start)?;
                    close(whole, &mut open, &mut root)?;
                }
                Event::End(_) => {
                    let whole = open.pop().ok_or_else(|| NotXml("an end tag without a start".to_owned()))?;
                    close(whole, &mut open, &mut root)?;
                }
                Event::Text(text) => add(&mut open, &text.xml10_content())?,
                Event::CData(text) => add(&mut open, &text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|error| NotXml(error.to_string()))?;
                    let character = character.or_else(|| predefined(&reference.xml10_content()));
                    let character = character.ok_or_else(|| NotXml("an entity that is not declared".to_owned()))?;
                    add(&mut open, character.encode_utf8(&mut [0; 4]))?;
                }
                Event::DocType(_) => return Err(NotXml("a DTD is prohibited in this document".to_owned())),
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
        root.filter(|_| open.is_empty()).ok_or_else(|| NotXml("the document ends in the middle".to_owned()))
    }

    /// The first child of this namespace and name.
    pub fn child(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.children.iter().find(|own| own.is(namespace, name))
    }

    /// Whether it has this namespace and name.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace.as_deref() == Some(namespace)
    }
}

/// Writes `<name>text</name>`.
pub fn write_text(out: &mut String, name: &str, text: &str) {
    // Characters that XML 1.0 cannot carry at all would make the whole answer unreadable.
    let text: String = text.chars().filter(|own| !own.is_control() || matches!(own, '\n' | '\r' | '\t')).collect();
    // Writing to a String cannot fail.
    let _ = write!(out, "<{name}>{}</{name}>", escape(text.as_str()));
}

fn owned(namespace: &ResolveResult<'_>) -> Option<String> {
    match namespace {
        ResolveResult::Bound(Namespace(namespace)) => Some((*namespace).to_owned()),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
    }
}

fn element(reader: &NsReader<&[u8]>, namespace: Option<String>, start: &BytesStart<'_>) -> Result<Element, NotXml> {
    let mut whole = Element { namespace, name: start.local_name().into_inner().to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| NotXml(error.to_string()))?;
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        if owned(&namespace).as_deref() != Some(XSI) {
            continue;
        }
        let value = attribute.value.trim();
        match name.into_inner() {
            "type" => whole.type_name = Some(value.rsplit(':').next().unwrap_or(value).to_owned()),
            "nil" => whole.is_nil = matches!(value, "true" | "1"),
            _ => {}
        }
    }
    Ok(whole)
}

fn close(whole: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), NotXml> {
    match open.last_mut() {
        Some(parent) => parent.children.push(whole),
        None if root.is_none() => *root = Some(whole),
        None => return Err(NotXml("the document has two roots".to_owned())),
    }
    Ok(())
}

fn add(open: &mut [Element], text: &str) -> Result<(), NotXml> {
    match open.last_mut() {
        Some(parent) => parent.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(NotXml("text outside of the document".to_owned())),
    }
    Ok(())
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_namespaces_and_types_are_read() {
        let text = "<?xml version=\"1.0\"?><a:x xmlns:a=\"KashFlow\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\
                    <a:y i:type=\"a:InvoiceLine\">1 &amp; <![CDATA[<2>]]>&#163;</a:y><z i:nil=\"true\"/></a:x>";
        let root = Element::parse(text).unwrap();
        assert!(root.is("KashFlow", "x"));
        let y = root.child("KashFlow", "y").unwrap();
        assert_eq!((y.text.as_str(), y.type_name.as_deref()), ("1 & <2>£", Some("InvoiceLine")));
        assert!(root.children[1].is_nil && root.children[1].namespace.is_none());
    }

    #[test]
    fn a_document_type_two_roots_and_bottomless_nesting_are_refused() {
        for text in [
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>",
            "<x>&e;</x>",
            "<x/><y/>",
            "<x>",
            "<x></y>",
            "",
            "text",
        ] {
            assert!(Element::parse(text).is_err(), "{text}");
        }
        assert!(Element::parse(&"<x>".repeat(1000)).is_err());
    }

    #[test]
    fn awkward_text_survives() {
        let text = "Robert'); <&> \"Zoë\" 日本\n2";
        let mut out = String::new();
        write_text(&mut out, "x", text);
        assert_eq!(Element::parse(&out).unwrap().text, text);
    }
}
