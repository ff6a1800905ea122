//! KashFlow's older API, for the two writes that REST does not document: a journal and a bank transaction. Never for invoices,
//! customers or products: there it numbers by itself and was seen to overwrite.
//!
//! SOAP 1.1, document/literal. Elements go out in the order of the WSDL, with every value there: what is out of order is dropped
//! without a word. Success is `Status` `OK`; a 0 is never believed.

mod envelope;
mod writes;

use ports::{ConnectorError, System};
use secrecy::ExposeSecret;

use crate::answer::{malformed, rejected_by_us, unavailable, unknown};
use crate::client::Client;
use crate::config::AuthConfig;
use crate::http::Call;
use crate::scrub::scrub;
use envelope::Answered;

pub(crate) use envelope::Fields;

impl Client {
    /// Whether SOAP was set up for this account.
    pub(crate) fn has_soap(&self) -> bool {
        self.config.soap_url.is_some() && self.soap_password().is_some() && self.soap_username().is_some()
    }

    fn soap_password(&self) -> Option<&secrecy::SecretString> {
        self.secret("soap_password").or_else(|| self.secret("password"))
    }

    fn soap_username(&self) -> Option<&str> {
        match (&self.config.soap_username, &self.config.auth) {
            (Some(name), _) => Some(name),
            (None, AuthConfig::KfSession { username }) => Some(username),
            (None, _) => None,
        }
    }

    /// Writes, once, and gives the number or id that KashFlow answers.
    pub(crate) async fn soap_write(&self, operation: &str, fields: Fields, what: &str) -> Result<i64, ConnectorError> {
        let (Some(url), Some(password), Some(username)) =
            (self.config.soap_url.clone(), self.soap_password(), self.soap_username())
        else {
            return Err(rejected_by_us(what, "SOAP is not set up for this account"));
        };
        let body = fields.envelope(operation, username, password.expose_secret());
        let _permit = self.write_permit().await?;
        let answer = match self.send_soap(Call::soap(url, operation, body)).await {
            Ok(answer) => answer,
            Err(broken) if broken.sent => return Err(unknown(&broken.reason)),
            Err(broken) => return Err(unavailable(&broken.reason)),
        };
        if answer.status == 429 {
            return Err(answer.throttled());
        }
        match envelope::read(operation, &answer.body) {
            Some(Answered::Ok(number)) if number > 0 => Ok(number),
            Some(Answered::Ok(_)) => Err(unknown("SOAP answered OK, but with no number")),
            Some(Answered::No(detail)) => Err(self.soap_refusal(what, &detail)),
            // The request could not be read, so nothing was done.
            Some(Answered::ClientFault) => Err(malformed_request(what)),
            Some(Answered::ServerFault) | None => {
                Err(unknown(&format!("HTTP {} without a SOAP answer of {operation}", answer.status)))
            }
        }
    }

    fn soap_refusal(&self, what: &str, detail: &str) -> ConnectorError {
        let reason = scrub(detail, &self.private_words(&[]));
        let told = if reason.is_empty() { "no reason was given".to_owned() } else { reason };
        // The only text that SOAP has for credentials that do not fit; nothing else tells (facts §15).
        if told.to_ascii_lowercase().contains("incorrect username or password") {
            return ConnectorError::Unauthorized {
                system: System::KashFlow,
                reason: "SOAP refused user name and password".to_owned(),
                fix: "Check the API password (Apps > API Settings), then press Resume.".to_owned(),
            };
        }
        ConnectorError::Rejected { system: System::KashFlow, what: what.to_owned(), reason: told }
    }
}

fn malformed_request(what: &str) -> ConnectorError {
    // A refusal, not "unknown": a fault of this kind is about the envelope, before anything is worked on.
    match malformed(what) {
        ConnectorError::Malformed { system, reason } => ConnectorError::Rejected {
            system,
            what: reason,
            reason: "SOAP could not read the request. This is a mistake of the program: please report it".to_owned(),
        },
        other => other,
    }
}
