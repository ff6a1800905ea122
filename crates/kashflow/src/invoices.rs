//! Invoices and credit notes: created and replaced, each with one write.

use model::{DocumentNumber, SalesDraft};
use ports::{ConnectorError, SendOutcome, System};
use reqwest::Method;

use crate::answer::{duplicate, limit_reached};
use crate::client::Client;
use crate::customers::private_words;
use crate::documents::same_reference;
use crate::translate;
use crate::wire::document::INVOICES;
use crate::wire::object::{Object, Unreadable};

impl Client {
    pub(crate) async fn insert_invoice(
        &self,
        number: DocumentNumber,
        draft: &SalesDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        translate::sendable(number, draft)?;
        let account = self.account_of(draft.payment.as_ref()).await?;
        let body = translate::request(number, draft, account)?;
        let what = format!("invoice {number}");
        match self.write(Method::POST, self.url(&["invoices"])?, body, &what, &private_words_of(draft)).await {
            Ok(answer) => self.outcome(&INVOICES, &answer).await,
            Err(refused @ ConnectorError::Rejected { .. }) => Err(self.why_refused(number, refused).await),
            Err(error) => Err(error),
        }
    }

    /// The names of "duplicate" and "plan limit" are unpublished (BEHAVIOR 7, 8), so after a refusal two reads tell: whether the
    /// number is there, and whether the list says that the limit is reached.
    async fn why_refused(&self, number: DocumentNumber, refused: ConnectorError) -> ConnectorError {
        let what = format!("invoice {number}");
        let Ok(url) = self.url(&["invoices", &number.to_string()]) else { return refused };
        if matches!(self.read_if_there(url, &what).await, Ok(Some(_))) {
            return duplicate(&what);
        }
        if matches!(self.is_limit_reached().await, Ok(true)) { limit_reached() } else { refused }
    }

    async fn is_limit_reached(&self) -> Result<bool, ConnectorError> {
        let mut url = self.url(&["invoices"])?;
        url.query_pairs_mut().append_pair("page", "1").append_pair("perpage", "1");
        let answer = self.read(url, "the invoices").await?;
        let limit = || match Object::parse(&answer.body, "$")?.object("MetaData")? {
            Some(meta) => meta.flag("InvoiceLimitReached"),
            None => Ok(None),
        };
        limit().map(Option::unwrap_or_default).map_err(|error: Unreadable| error.of("the invoices"))
    }

    /// Replaces a document after one more look at it: a PUT of payment lines could double a payment (BEHAVIOR 16).
    pub(crate) async fn replace_invoice(
        &self,
        number: DocumentNumber,
        draft: &SalesDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        translate::sendable(number, draft)?;
        let account = self.account_of(draft.payment.as_ref()).await?;
        let body = translate::request(number, draft, account)?;
        let what = format!("invoice {number}");
        let refuse = |reason: &str| ConnectorError::Rejected {
            system: System::KashFlow,
            what: what.clone(),
            reason: format!("{reason}, so it is not changed in place"),
        };
        let Some(held) = self.document(&INVOICES, number).await? else {
            return Err(ConnectorError::NotFound { system: System::KashFlow, what });
        };
        if !same_reference(&held.reference, &draft.reference) {
            return Err(refuse("it carries another reference than ours"));
        }
        if held.locked {
            return Err(refuse("it is in a VAT return"));
        }
        if !held.paid.is_zero() {
            return Err(refuse("payments are recorded on it"));
        }
        let url = self.url(&["invoices", &number.to_string()])?;
        let answer = self.write(Method::PUT, url, body, &what, &private_words_of(draft)).await?;
        self.outcome(&INVOICES, &answer).await
    }
}

fn private_words_of(draft: &SalesDraft) -> Vec<&str> {
    let mut words = private_words(&draft.customer);
    if let Some(delivery) = &draft.delivery {
        words.extend(delivery.lines.iter().map(String::as_str));
        words.extend(delivery.postcode.as_deref());
    }
    words
}
