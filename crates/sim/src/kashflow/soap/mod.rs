//! The SOAP face of the same account: SOAP 1.1 and 1.2, document/literal, one operation an envelope.
//!
//! Every operation takes user name and password and answers with `Status` and `StatusDetail`. What the account refuses is
//! `Status` `NO` in an HTTP 200; what cannot be read is a fault. Rules and ledger are those of REST: operations here put the
//! vendor's older shapes into the bodies that REST reads.

mod bank;
mod company;
mod customers;
mod invoices;
mod journals;
mod message;
mod operations;
mod payments;
mod products;
mod schema;
mod wsdl;
mod xml;

use jiff::Timestamp;

use super::Account;
use super::api::Kind as Effect;
use super::error::ApiError;
use super::json::Json;
use message::NAMESPACE;
use operations::{OPERATIONS, Operation};
use xml::Element;

/// Where the service is, in lower case.
pub const PATH: [&str; 2] = ["api", "service.asmx"];

const SOAP11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP12: &str = "http://www.w3.org/2003/05/soap-envelope";

/// The two versions of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.1.
    Soap11,
    /// 1.2.
    Soap12,
}

/// An answer: HTTP status, content type, body.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// What an operation is asked.
pub struct Asked {
    /// Its arguments, all value types there.
    pub args: Json,
    /// Lists do not know what was made after this moment.
    pub seen_until: Timestamp,
}

/// A request that was read.
pub struct Request {
    version: Version,
    operation: &'static Operation,
    username: String,
    password: String,
    args: Json,
}

impl Request {
    /// The operation's name.
    pub fn name(&self) -> &'static str {
        self.operation.name
    }

    /// Whether it reads or changes.
    pub fn effect(&self) -> Effect {
        self.operation.effect
    }

    /// The version it came in, which its answer has too.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Does the operation.
    pub fn run(self, account: &Account, seen_until: Timestamp) -> Answer {
        let asked = Asked { args: self.args, seen_until };
        let outcome = if !account.sessions().knows(&self.username, &self.password) {
            Err(ApiError::invalid("Incorrect username or password"))
        } else if super::api::soap_is_off(account) {
            Err(ApiError::invalid("The API is not enabled on this account"))
        } else {
            (self.operation.run)(account, &asked)
        };
        respond(self.version, self.operation, &outcome)
    }
}

/// The WSDL of the service on this host.
pub fn wsdl(origin: &str) -> Answer {
    let body = wsdl::document(&format!("{origin}/api/service.asmx"));
    Answer { status: 200, content_type: "text/xml; charset=utf-8", body }
}

/// What a browser sees.
pub fn page() -> Answer {
    let names: String = OPERATIONS.iter().map(|own| format!("<li>{}</li>", own.name)).collect();
    let body = format!("<html><head><title>KashFlowAPI Web Service</title></head><body><ul>{names}</ul></body></html>");
    Answer { status: 200, content_type: "text/html; charset=utf-8", body }
}

/// Reads a request. `action` is what `SOAPAction`, or the content type of SOAP 1.2, says; empty when neither does.
///
/// # Errors
///
/// The fault to answer with: no XML, a document type, no envelope, an operation that does not exist, a value of another type.
pub fn read(body: &[u8], action: &str) -> Result<Request, Answer> {
    let unreadable =
        |why: &str| format!("Server was unable to read request. ---> There is an error in XML document. ---> {why}");
    let client = |version, why: &str| fault(version, Blame::Client, why);
    let text = std::str::from_utf8(body).map_err(|_| client(Version::Soap11, &unreadable("It is not UTF-8.")))?;
    let text = text.trim_start_matches('\u{feff}');
    let envelope = Element::parse(text).map_err(|error| client(Version::Soap11, &unreadable(&error.to_string())))?;
    let version = match envelope.namespace.as_deref() {
        Some(SOAP11) if envelope.name == "Envelope" => Version::Soap11,
        Some(SOAP12) if envelope.name == "Envelope" => Version::Soap12,
        _ => return Err(client(Version::Soap11, &unreadable("Possible SOAP version mismatch."))),
    };
    let namespace = version.namespace();
    let wrapper = envelope.child(namespace, "Body").and_then(|body| body.children.first());
    let wrapper = wrapper.ok_or_else(|| client(version, &unreadable("The body is empty.")))?;
    let wanted = if action.is_empty() && version == Version::Soap12 {
        wrapper.name.as_str()
    } else {
        action.strip_prefix("KashFlow/").unwrap_or_default()
    };
    let known = OPERATIONS.iter().find(|own| own.name == wanted);
    let operation = known.ok_or_else(|| {
        client(version, &format!("Server did not recognize the value of HTTP Header SOAPAction: {action}."))
    })?;
    if !wrapper.is(NAMESPACE, operation.name) {
        return Err(client(version, &unreadable(&format!("The body is no {} of {NAMESPACE}.", operation.name))));
    }
    let mut fields = vec![schema::text("UserName"), schema::text("Password")];
    fields.extend(operation.args);
    let args = message::read_fields(&fields, wrapper);
    let args = args.map_err(|malformed| client(version, &unreadable(&malformed.to_string())))?;
    let text = |name| args.get(name).and_then(Json::as_text).unwrap_or_default();
    Ok(Request { version, operation, username: text("UserName"), password: text("Password"), args })
}

/// Whose fault a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The request cannot be read.
    Client,
    /// The server failed.
    Server,
}

/// A SOAP fault.
pub fn fault(version: Version, blame: Blame, why: &str) -> Answer {
    let mut text = String::new();
    let inside = match (version, blame) {
        (Version::Soap11, blame) => {
            xml::write_text(&mut text, "faultstring", why);
            let code = if blame == Blame::Client { "Client" } else { "Server" };
            format!("<soap:Fault><faultcode>soap:{code}</faultcode>{text}<detail/></soap:Fault>")
        }
        (Version::Soap12, blame) => {
            xml::write_text(&mut text, "soap:Text", why);
            let text = text.replacen("<soap:Text>", "<soap:Text xml:lang=\"en\">", 1);
            let code = if blame == Blame::Client { "Sender" } else { "Receiver" };
            format!(
                "<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code><soap:Reason>{text}</soap:Reason><soap:Detail/></soap:Fault>"
            )
        }
    };
    envelope(version, 500, &inside)
}

fn respond(version: Version, operation: &Operation, outcome: &Result<Json, ApiError>) -> Answer {
    let (status, detail, result) = match outcome {
        Ok(result) => ("OK", "", Some(result)),
        Err(refused) => ("NO", refused.message.as_ref(), None),
    };
    let mut inside = String::new();
    let name = operation.name;
    message::wrap(&mut inside, &format!("{name}Response"), &format!(" xmlns=\"{NAMESPACE}\""), |out| {
        if let Some(kind) = operation.result {
            message::write(out, &format!("{name}Result"), kind, result);
        }
        xml::write_text(out, "Status", status);
        xml::write_text(out, "StatusDetail", detail);
    });
    envelope(version, 200, &inside)
}

fn envelope(version: Version, status: u16, inside: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"{}\" xmlns:xsi=\"{}\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>{inside}</soap:Body></soap:Envelope>",
        version.namespace(),
        xml::XSI
    );
    let content_type = match version {
        Version::Soap11 => "text/xml; charset=utf-8",
        Version::Soap12 => "application/soap+xml; charset=utf-8",
    };
    Answer { status, content_type, body }
}

impl Version {
    fn namespace(self) -> &'static str {
        match self {
            Version::Soap11 => SOAP11,
            Version::Soap12 => SOAP12,
        }
    }
}
