//! Invoices and credit notes: created and replaced, each with one write.

use model::{DocumentNumber, SalesDraft};
use ports::{ConnectorError, SendOutcome};
use reqwest::Method;

use crate::client::Client;
use crate::customers::private_words;
use crate::translate;
use crate::wire::document::INVOICES;

impl Client {
    pub(crate) async fn insert_invoice(
        &self,
        number: DocumentNumber,
        draft: &SalesDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let body = self.invoice_body(number, draft).await?;
        let what = format!("invoice {number}");
        let account = draft.payment.as_ref().map(|payment| payment.account);
        match self.write(Method::POST, self.url(&["invoices"])?, body, &what, &private_words_of(draft)).await {
            Ok(answer) => self.outcome(&INVOICES, &answer).await,
            Err(refused) => {
                let day = draft.payment.as_ref().map_or(draft.issued_on, |payment| payment.on.min(draft.issued_on));
                Err(self.why_refused(&INVOICES, number, refused, day, account).await)
            }
        }
    }

    pub(crate) async fn replace_invoice(
        &self,
        number: DocumentNumber,
        draft: &SalesDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let body = self.invoice_body(number, draft).await?;
        let what = format!("invoice {number}");
        self.refuse_unless_open(&INVOICES, number, &draft.reference).await?;
        let url = self.url(&["invoices", &number.to_string()])?;
        let answer = self.write(Method::PUT, url, body, &what, &private_words_of(draft)).await?;
        self.outcome(&INVOICES, &answer).await
    }

    async fn invoice_body(&self, number: DocumentNumber, draft: &SalesDraft) -> Result<String, ConnectorError> {
        translate::sendable(number, draft)?;
        let account = self.account_of(draft.payment.as_ref()).await?;
        translate::request(number, draft, account)
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
