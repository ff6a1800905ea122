//! Documents: invoices and bills, looked for by number, by reference and by list.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use model::{DocumentNumber, Draft, Receipt};
use money::Currency;
use ports::{ConnectorError, Depth, Found, SendOutcome, Window};
use rust_decimal::prelude::ToPrimitive;
use url::Url;

use crate::answer::{Answer, malformed, unavailable};
use crate::client::Client;
use crate::pages::Listed;
use crate::wire::document::{Document, INVOICES, Names, Row};
use crate::wire::object::{Object, Unreadable};
use crate::{amounts, dates, translate};

/// Rows of a page when documents are listed; live users ask for as many (facts §1.5).
const PER_PAGE: &str = "100";

/// Times a list is read that does not hold still.
const PASSES_MAX: usize = 4;

/// What a row of the list tells, until the document itself is read.
type Told = (Option<String>, Option<Date>);

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
                highest(&answer.body, Row::invoice).map_err(|error| error.of("the invoices"))?.saturating_add(1)
            }
        };
        if number == 0 { Err(malformed(what)) } else { Ok(DocumentNumber(number)) }
    }

    /// One above the highest number on the first page of bills, the newest first: KashFlow publishes no route that tells (BEHAVIOR 33).
    pub(crate) async fn next_purchase_number(&self) -> Result<DocumentNumber, ConnectorError> {
        let mut url = self.url(&["purchases"])?;
        // One page of the default size is enough, and no size of ours can be refused.
        url.query_pairs_mut().extend_pairs([("page", "1"), ("order", "desc")]);
        let answer = self.read(url, "the bills").await?;
        let highest = highest(&answer.body, Row::purchase).map_err(|error| error.of("the bills"))?;
        Ok(DocumentNumber(highest.saturating_add(1)))
    }

    pub(crate) async fn document(
        &self,
        names: &Names,
        number: DocumentNumber,
    ) -> Result<Option<Receipt>, ConnectorError> {
        let Some((document, _)) = self.read_document(names, number).await? else { return Ok(None) };
        self.as_receipt(&document, names).await.map(Some)
    }

    /// The document as KashFlow shows it, and the text of the answer.
    pub(crate) async fn read_document(
        &self,
        names: &Names,
        number: DocumentNumber,
    ) -> Result<Option<(Document, String)>, ConnectorError> {
        let what = format!("{} {number}", names.noun);
        let url = self.url(&[names.route, &number.to_string()])?;
        let Some(answer) = self.read_if_there(url, &what).await? else { return Ok(None) };
        let document = Object::parse(&answer.body, "$").and_then(|object| Document::read(&object, names));
        let document = document.map_err(|error| error.of(&what))?;
        if document.number != number.0 {
            return Err(malformed(&format!("{what}: the answer shows number {}", document.number)));
        }
        Ok(Some((document, answer.body)))
    }

    async fn as_receipt(&self, document: &Document, names: &Names) -> Result<Receipt, ConnectorError> {
        // Only a document that names no currency needs to know the home currency.
        let home = if document.currency.is_none() { self.home_currency().await? } else { Currency::GBP };
        let named = document.payments.iter().filter_map(|payment| payment.account);
        let accounts = self.accounts_of(named).await?;
        translate::receipt(document, names, home, &accounts)
    }

    /// The documents of a series that carry the reference of `draft`.
    pub(crate) async fn documents_of(
        &self,
        names: &Names,
        draft: &Draft,
        window: Window,
        depth: Depth,
    ) -> Result<Found, ConnectorError> {
        let reference = draft.mark();
        let mut looked_at = BTreeSet::new();
        let mut ours = Vec::new();
        let mut candidates = self.searched(names, &reference, window).await?;
        if depth == Depth::Scan {
            candidates.extend(self.scanned(names, draft, window).await?);
        }
        for (number, (held, _)) in candidates {
            // A row without the field says nothing: the document itself does.
            let may_match = held.is_none_or(|held| same_reference(&held, &reference));
            if may_match
                && looked_at.insert(number)
                && let Some(receipt) = self.document(names, DocumentNumber(number)).await?
                && receipt.carries(&reference)
            {
                ours.push(receipt);
            }
        }
        Ok(Found { ours, alike: Vec::new() })
    }

    async fn searched(
        &self,
        names: &Names,
        reference: &str,
        window: Window,
    ) -> Result<Vec<(u32, Told)>, ConnectorError> {
        let mut url = self.window(names, window)?;
        url.query_pairs_mut().append_pair("searchtext", reference);
        Ok(self.rows(names, url).await?.rows.into_iter().map(told).collect())
    }

    /// Reads the list until it held still: all rows that it says it has, or two readings with the same rows.
    async fn scanned(&self, names: &Names, draft: &Draft, window: Window) -> Result<Vec<(u32, Told)>, ConnectorError> {
        let mut url = self.window(names, window)?;
        match draft {
            // Bills have no documented filter by day; one supplier has few.
            Draft::Purchase(draft) => {
                let code = draft.supplier.code.as_str();
                url.query_pairs_mut().extend_pairs([("suppliercode", code), ("order", "asc")]);
            }
            // By number, so that a new document comes last instead of pushing others to a page that was read already.
            _ => drop(url.query_pairs_mut().extend_pairs([("sortby", "Number"), ("order", "asc")])),
        }
        let mut seen: BTreeMap<u32, Told> = BTreeMap::new();
        for pass in 0..PASSES_MAX {
            let before = seen.len();
            let listed = self.rows(names, url.clone()).await?;
            let total = listed.total;
            for (number, (reference, on)) in listed.rows.into_iter().map(told) {
                let held = seen.entry(number).or_default();
                *held = (reference.or(held.0.take()), on.or(held.1));
            }
            let complete = total.is_none_or(|total| seen.len() as u64 >= total);
            if complete || (pass > 0 && seen.len() == before) {
                let in_window = |on: Option<Date>| on.is_none_or(|on| window.from <= on && on <= window.to);
                return Ok(seen.into_iter().filter(|(_, (_, on))| in_window(*on)).collect());
            }
        }
        Err(unavailable(&format!("the list of {}s did not hold still while it was read", names.noun)))
    }

    async fn rows(&self, names: &Names, url: Url) -> Result<Listed<Row>, ConnectorError> {
        self.list(url, &format!("the {}s", names.noun), names.row).await.map_err(|error| match error {
            // "No such list" must never pass for "no such document".
            ConnectorError::NotFound { .. } => {
                unavailable(&format!("it has no list of {}s at the moment (404)", names.noun))
            }
            other => other,
        })
    }

    /// The list of documents dated within a window. A day more on either side: whether the bounds count is undocumented.
    fn window(&self, names: &Names, window: Window) -> Result<Url, ConnectorError> {
        let mut url = self.url(&[names.route])?;
        url.query_pairs_mut().append_pair("page", "1").append_pair("perpage", PER_PAGE);
        if names.route == INVOICES.route {
            let day = Span::new().days(1);
            let (from, to) = (window.from, window.to);
            let (from, to) = (from.checked_sub(day).unwrap_or(from), to.checked_add(day).unwrap_or(to));
            url.query_pairs_mut()
                .append_pair("issuedatefrom", &dates::filter(from))
                .append_pair("issuedateto", &dates::filter(to));
        }
        Ok(url)
    }

    /// What an answered write shows. A document that cannot be read was accepted all the same: it is read back anyway.
    pub(crate) async fn outcome(&self, names: &Names, answer: &Answer) -> Result<SendOutcome, ConnectorError> {
        let document = Object::parse(&answer.body, "$").and_then(|object| Document::read(&object, names));
        let Ok(document) = document else { return Ok(SendOutcome::Accepted) };
        Ok(match self.as_receipt(&document, names).await {
            Ok(receipt) => SendOutcome::Answered(Box::new(receipt)),
            Err(_) => SendOutcome::Accepted,
        })
    }
}

fn told(row: Row) -> (u32, Told) {
    (row.number, (row.reference, row.on))
}

pub(crate) fn same_reference(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
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

/// The highest number of a page, 0 if it is empty.
fn highest(body: &str, read: fn(&Object<'_>) -> Result<Row, Unreadable>) -> Result<u32, Unreadable> {
    let envelope = Object::parse(body, "$")?;
    let mut highest = 0;
    for row in envelope.objects("Data")? {
        highest = highest.max(read(&row)?.number);
    }
    Ok(highest)
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
