//! The port: each method is one or two calls, and a write is sent once.

use async_trait::async_trait;
use jiff::civil::Date;
use model::{CustomerCode, CustomerDraft, DocumentNumber, Draft, Receipt};
use money::Currency;
use ports::{Books, BooksReference, CompanyInfo, ConnectorError, FoundCustomer, SendOutcome};
use reqwest::Method;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use crate::amounts::Digits;
use crate::client::{Answer, Client, malformed};
use crate::invoices::{self, Invoice};

/// Rows of a page when documents are listed; live users ask for as many (facts §1.5).
const PER_PAGE: &str = "100";

#[derive(Deserialize)]
struct NumberBody {
    #[serde(alias = "Number", alias = "NextAvailableInvoiceNumber")]
    number: Option<Digits>,
}

#[async_trait]
impl Books for Client {
    async fn next_number(&self) -> Result<DocumentNumber, ConnectorError> {
        let answer = self.read(self.url(&["nextavailableinvoicenumber"])?).await?;
        // A bare integer is assumed; a quoted one and an object are understood as well (facts §18).
        let bare = serde_json::from_str::<Digits>(&answer.body).ok();
        let digits = bare.or_else(|| serde_json::from_str::<NumberBody>(&answer.body).ok()?.number);
        let number = digits.and_then(|digits| digits.0.to_u32());
        number.map(DocumentNumber).ok_or_else(|| malformed("the next invoice number"))
    }

    async fn find(&self, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        let answer = self.read(self.url(&["invoices", &number.to_string()])?).await?;
        if answer.status == 404 { Ok(None) } else { invoices::receipt(&answer.body, Currency::GBP).map(Some) }
    }

    async fn find_by_reference(&self, reference: &str, from: Date, to: Date) -> Result<Vec<Receipt>, ConnectorError> {
        let mut url = self.window(from, to)?;
        url.query_pairs_mut().append_pair("searchtext", reference);
        let mut found = Vec::new();
        for row in self.list::<Invoice>(url).await?.rows {
            let same =
                row.customer_reference.as_deref().is_some_and(|held| held.trim().eq_ignore_ascii_case(reference));
            let number = u32::try_from(row.number).ok().map(DocumentNumber);
            // Rows of a list may lack their lines, so the document itself is read.
            if let (true, Some(number)) = (same, number)
                && let Some(receipt) = self.find(number).await?
            {
                found.push(receipt);
            }
        }
        Ok(found)
    }

    async fn scan(&self, from: Date, to: Date) -> Result<Vec<(DocumentNumber, String)>, ConnectorError> {
        let mut seen = std::collections::BTreeMap::new();
        for row in self.list::<Invoice>(self.window(from, to)?).await?.rows {
            // Rows move between pages while they are read; a number seen twice is one document.
            if let Ok(number) = u32::try_from(row.number) {
                seen.insert(DocumentNumber(number), row.customer_reference.unwrap_or_default());
            }
        }
        Ok(seen.into_iter().collect())
    }

    async fn create(&self, number: DocumentNumber, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        let body = invoices::body(number, draft)?;
        let answer = self.write(Method::POST, self.url(&["invoices"])?, body, &format!("invoice {number}")).await?;
        Ok(outcome(&answer))
    }

    async fn update(&self, number: DocumentNumber, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        let body = invoices::body(number, draft)?;
        let url = self.url(&["invoices", &number.to_string()])?;
        let answer = self.write(Method::PUT, url, body, &format!("invoice {number}")).await?;
        Ok(outcome(&answer))
    }

    async fn find_customer(&self, customer: &CustomerDraft) -> Result<Option<FoundCustomer>, ConnectorError> {
        self.look_for_customer(customer).await
    }

    async fn create_customer(&self, customer: &CustomerDraft) -> Result<(), ConnectorError> {
        self.insert_customer(customer).await
    }

    async fn update_customer(&self, code: &CustomerCode, customer: &CustomerDraft) -> Result<(), ConnectorError> {
        self.change_customer(code, customer).await
    }

    async fn reference(&self) -> Result<BooksReference, ConnectorError> {
        self.read_reference().await
    }

    async fn probe(&self) -> Result<CompanyInfo, ConnectorError> {
        self.company().await
    }
}

impl Client {
    /// The list of documents dated within a window.
    fn window(&self, from: Date, to: Date) -> Result<url::Url, ConnectorError> {
        let mut url = self.url(&["invoices"])?;
        url.query_pairs_mut()
            .append_pair("page", "1")
            .append_pair("perpage", PER_PAGE)
            .append_pair("issuedatefrom", &from.to_string())
            .append_pair("issuedateto", &to.to_string());
        Ok(url)
    }
}

/// An answer that shows the document is taken at its word only after it was read back; one that does not is accepted.
fn outcome(answer: &Answer) -> SendOutcome {
    match invoices::receipt(&answer.body, Currency::GBP) {
        Ok(receipt) => SendOutcome::Answered(Box::new(receipt)),
        Err(_) => SendOutcome::Accepted,
    }
}
