//! Bills and purchase credits: created and replaced, each with one write.

use model::{DocumentNumber, PurchaseDraft};
use ports::{ConnectorError, SendOutcome};
use reqwest::Method;

use crate::client::Client;
use crate::translate;
use crate::wire::document::PURCHASES;

impl Client {
    pub(crate) async fn insert_purchase(
        &self,
        number: DocumentNumber,
        draft: &PurchaseDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let body = self.purchase_body(number, draft).await?;
        let what = format!("bill {number}");
        let account = draft.payment.as_ref().map(|payment| payment.account);
        match self.write(Method::POST, self.url(&["purchases"])?, body, &what, &[]).await {
            Ok(answer) => self.outcome(&PURCHASES, &answer).await,
            Err(refused) => {
                let day = draft.payment.as_ref().map_or(draft.issued_on, |payment| payment.on.min(draft.issued_on));
                Err(self.why_refused(&PURCHASES, number, refused, day, account).await)
            }
        }
    }

    /// Replaces a bill after one more look at it, as with invoices.
    pub(crate) async fn replace_purchase(
        &self,
        number: DocumentNumber,
        draft: &PurchaseDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let body = self.purchase_body(number, draft).await?;
        let what = format!("bill {number}");
        self.refuse_unless_open(&PURCHASES, number, &draft.reference).await?;
        let url = self.url(&["purchases", &number.to_string()])?;
        let answer = self.write(Method::PUT, url, body, &what, &[]).await?;
        self.outcome(&PURCHASES, &answer).await
    }

    async fn purchase_body(&self, number: DocumentNumber, draft: &PurchaseDraft) -> Result<String, ConnectorError> {
        translate::sendable_purchase(number, draft)?;
        let account = self.account_of(draft.payment.as_ref()).await?;
        translate::purchase_request(number, draft, account)
    }
}
