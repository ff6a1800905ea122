//! Invoices and credit notes: looked for by number, by reference and by list; created and replaced, each with one write.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use model::{DocumentNumber, Receipt, SalesDraft};
use money::Currency;
use ports::{ConnectorError, SendOutcome, System};
use reqwest::Method;
use rust_decimal::prelude::ToPrimitive;
use url::Url;

use crate::answer::{Answer, duplicate, limit_reached, malformed, unavailable};
use crate::client::Client;
use crate::customers::private_words;
use crate::pages::Listed;
use crate::wire::invoice::{Invoice, Row};
use crate::wire::object::{Object, Unreadable};
use crate::{amounts, dates, translate};

/// Rows of a page when documents are listed; live users ask for as many (facts §1.5).
const PER_PAGE: &str = "100";

/// Times a list is read that does not hold still.
const PASSES_MAX: usize = 4;

impl Client {
    /// What KashFlow would number next. Without that route: one above the highest number of the list.
    pub(crate) async fn next_invoice_number(&self) -> Result<DocumentNumber, ConnectorError> {
        let what = "the next invoice number";
        let number = match self.read_if_there(self.url(&["nextavailableinvoicenumber"])?, what).await? {
            Some(answer) => bare_number(&answer.body).ok_or_else(|| malformed(what))?,
            None => {
                let mut url = self.url(&["invoices"])?;
                url.query_pairs_mut().extend_pairs([
                    ("page", "1"),
                    ("perpage", "1"),
                    ("sortby", "Number"),
                    ("order", "desc"),
                ]);
                let answer = self.read(url, "the invoices").await?;
                highest(&answer.body).map_err(|error| error.of("the invoices"))?.saturating_add(1)
            }
        };
        if number == 0 { Err(malformed(what)) } else { Ok(DocumentNumber(number)) }
    }

    pub(crate) async fn invoice(&self, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        let what = format!("invoice {number}");
        let url = self.url(&["invoices", &number.to_string()])?;
        let Some(answer) = self.read_if_there(url, &what).await? else { return Ok(None) };
        let receipt = self.receipt(&answer.body, &what).await?;
        if receipt.number != number {
            return Err(malformed(&format!("{what}: the answer shows number {}", receipt.number)));
        }
        Ok(Some(receipt))
    }

    async fn receipt(&self, body: &str, what: &str) -> Result<Receipt, ConnectorError> {
        let invoice = Object::parse(body, "$").and_then(|object| Invoice::read(&object));
        let invoice = invoice.map_err(|error| error.of(what))?;
        // Only a document that names no currency needs to know the home currency.
        let home = if invoice.currency.is_none() { self.home_currency().await? } else { Currency::GBP };
        translate::receipt(&invoice, home)
    }

    pub(crate) async fn invoices_referring_to(
        &self,
        reference: &str,
        from: Date,
        to: Date,
    ) -> Result<Vec<Receipt>, ConnectorError> {
        let mut url = self.window(from, to)?;
        url.query_pairs_mut().append_pair("searchtext", reference);
        let mut found = Vec::new();
        let mut looked_at = BTreeSet::new();
        for row in self.rows(url).await?.rows {
            // Rows move between pages while they are read, and a row without the field says nothing.
            let may_match = row.reference.as_deref().is_none_or(|held| same_reference(held, reference));
            if may_match
                && looked_at.insert(row.number)
                && let Some(receipt) = self.invoice(DocumentNumber(row.number)).await?
                && same_reference(&receipt.reference, reference)
            {
                found.push(receipt);
            }
        }
        Ok(found)
    }

    /// Reads the list until it held still: all rows that it says it has, or two readings with the same rows.
    pub(crate) async fn scan_invoices(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(DocumentNumber, String)>, ConnectorError> {
        let mut url = self.window(from, to)?;
        // By number, so that a new document comes last instead of pushing others to a page that was read already.
        url.query_pairs_mut().extend_pairs([("sortby", "Number"), ("order", "asc")]);
        let mut seen: BTreeMap<u32, Option<String>> = BTreeMap::new();
        for pass in 0..PASSES_MAX {
            let before = seen.len();
            let listed = self.rows(url.clone()).await?;
            let total = listed.total;
            for row in listed.rows {
                let held = seen.entry(row.number).or_default();
                *held = row.reference.or(held.take());
            }
            let complete = total.is_none_or(|total| seen.len() as u64 >= total);
            if complete || (pass > 0 && seen.len() == before) {
                return self.with_references(seen).await;
            }
        }
        Err(unavailable("the list of invoices did not hold still while it was read"))
    }

    /// Rows without the reference field are read as documents.
    async fn with_references(
        &self,
        seen: BTreeMap<u32, Option<String>>,
    ) -> Result<Vec<(DocumentNumber, String)>, ConnectorError> {
        let mut all = Vec::with_capacity(seen.len());
        for (number, reference) in seen {
            let number = DocumentNumber(number);
            match reference {
                Some(reference) => all.push((number, reference)),
                None => all.extend(self.invoice(number).await?.map(|receipt| (number, receipt.reference))),
            }
        }
        Ok(all)
    }

    async fn rows(&self, url: Url) -> Result<Listed<Row>, ConnectorError> {
        self.list(url, "the invoices", Row::read).await.map_err(|error| match error {
            // "No such list" must never pass for "no such document".
            ConnectorError::NotFound { .. } => unavailable("it has no list of invoices at the moment (404)"),
            other => other,
        })
    }

    /// The list of documents dated within a window. A day more on either side: whether the bounds count is undocumented.
    fn window(&self, from: Date, to: Date) -> Result<Url, ConnectorError> {
        let day = Span::new().days(1);
        let (from, to) = (from.checked_sub(day).unwrap_or(from), to.checked_add(day).unwrap_or(to));
        let mut url = self.url(&["invoices"])?;
        url.query_pairs_mut()
            .append_pair("page", "1")
            .append_pair("perpage", PER_PAGE)
            .append_pair("issuedatefrom", &dates::filter(from))
            .append_pair("issuedateto", &dates::filter(to));
        Ok(url)
    }

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
            Ok(answer) => self.outcome(&answer, &what).await,
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
        let Some(held) = self.invoice(number).await? else {
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
        self.outcome(&answer, &what).await
    }

    /// What an answered write shows. A document that cannot be read was accepted all the same: it is read back anyway.
    async fn outcome(&self, answer: &Answer, what: &str) -> Result<SendOutcome, ConnectorError> {
        Ok(match self.receipt(&answer.body, what).await {
            Ok(receipt) => SendOutcome::Answered(Box::new(receipt)),
            Err(_) => SendOutcome::Accepted,
        })
    }
}

fn same_reference(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

fn private_words_of(draft: &SalesDraft) -> Vec<&str> {
    let mut words = private_words(&draft.customer);
    if let Some(delivery) = &draft.delivery {
        words.extend(delivery.lines.iter().map(String::as_str));
        words.extend(delivery.postcode.as_deref());
    }
    words
}

/// A bare integer is assumed (BEHAVIOR 6); a quoted one, and an object with one number in it, are understood as well.
fn bare_number(body: &str) -> Option<u32> {
    let whole =
        |json: &str| amounts::read(json).filter(|number| number.fract().is_zero()).and_then(|number| number.to_u32());
    whole(body).or_else(|| {
        let object = Object::parse(body, "$").ok()?;
        let mut numbers = object.entries().filter_map(|(_, raw)| whole(raw.get()));
        let first = numbers.next()?;
        numbers.next().is_none().then_some(first)
    })
}

/// The number of the first row, 0 if there is none.
fn highest(body: &str) -> Result<u32, Unreadable> {
    let envelope = Object::parse(body, "$")?;
    match envelope.objects("Data")?.first() {
        Some(row) => Ok(Row::read(row)?.number),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_is_understood_in_every_likely_shape() {
        for body in [
            "1043",
            " \"1043\" ",
            "1043.0",
            r#"{"Number": 1043}"#,
            r#"{"NextAvailableInvoiceNumber": "1043", "Prefix": "INV"}"#,
        ] {
            assert_eq!(bare_number(body), Some(1043), "{body}");
        }
        for body in ["", "null", "\"INV1043\"", "-5", "1043.5", r#"{"a": 1, "b": 2}"#, "[1043]"] {
            assert_eq!(bare_number(body), None, "{body}");
        }
    }
}
