//! The port: each method is a few calls, and a write is sent once.

use async_trait::async_trait;
use jiff::civil::Date;
use model::{CustomerCode, CustomerDraft, DocumentNumber, Receipt, SalesDraft};
use ports::{Books, BooksReference, CompanyInfo, ConnectorError, FoundCustomer, SendOutcome};

use crate::client::Client;

#[async_trait]
impl Books for Client {
    async fn next_number(&self) -> Result<DocumentNumber, ConnectorError> {
        self.next_invoice_number().await
    }

    async fn find(&self, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        self.invoice(number).await
    }

    async fn find_by_reference(&self, reference: &str, from: Date, to: Date) -> Result<Vec<Receipt>, ConnectorError> {
        self.invoices_referring_to(reference, from, to).await
    }

    async fn scan(&self, from: Date, to: Date) -> Result<Vec<(DocumentNumber, String)>, ConnectorError> {
        self.scan_invoices(from, to).await
    }

    async fn create(&self, number: DocumentNumber, draft: &SalesDraft) -> Result<SendOutcome, ConnectorError> {
        self.insert_invoice(number, draft).await
    }

    async fn update(&self, number: DocumentNumber, draft: &SalesDraft) -> Result<SendOutcome, ConnectorError> {
        self.replace_invoice(number, draft).await
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

    async fn sign_in_again(&self) {
        self.forget_refusal().await;
    }
}
