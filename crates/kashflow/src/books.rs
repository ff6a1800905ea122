//! The port: each method is a few calls, and a write is sent once.

use async_trait::async_trait;
use model::{CustomerCode, DocumentNumber, Draft, Receipt, Series};
use ports::{
    Books, BooksReference, CompanyInfo, ConnectorError, Depth, Found, FoundParty, Party, SendOutcome, System, Window,
};

use crate::client::Client;
use crate::wire::document::{INVOICES, Names, PURCHASES};

#[async_trait]
impl Books for Client {
    async fn next_number(&self, series: Series) -> Result<DocumentNumber, ConnectorError> {
        match series {
            Series::Sales => self.next_invoice_number().await,
            Series::Purchases => self.next_purchase_number().await,
            Series::Journals => Err(not_written("journals")),
        }
    }

    async fn find(&self, series: Series, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        match Names::of(series) {
            Some(names) => self.document(names, number).await,
            None => Err(not_written("journals")),
        }
    }

    async fn look(&self, draft: &Draft, window: Window, depth: Depth) -> Result<Found, ConnectorError> {
        match draft {
            Draft::Sales(_) => self.documents_of(&INVOICES, draft, window, depth).await,
            Draft::Purchase(_) => self.documents_of(&PURCHASES, draft, window, depth).await,
            other => Err(not_written(&format!("{:?}", other.kind()))),
        }
    }

    async fn create(&self, number: Option<DocumentNumber>, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        match (draft, number) {
            (Draft::Sales(draft), Some(number)) => self.insert_invoice(number, draft).await,
            (other, _) => Err(not_written(&format!("{:?}", other.kind()))),
        }
    }

    async fn update(&self, number: DocumentNumber, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        match draft {
            Draft::Sales(draft) => self.replace_invoice(number, draft).await,
            other => Err(not_written(&format!("{:?}", other.kind()))),
        }
    }

    async fn find_party(&self, party: Party<'_>) -> Result<Option<FoundParty>, ConnectorError> {
        match party {
            Party::Customer(customer) => self.look_for_customer(customer).await,
            Party::Supplier(_) => Err(not_written("suppliers")),
        }
    }

    async fn create_party(&self, party: Party<'_>) -> Result<(), ConnectorError> {
        match party {
            Party::Customer(customer) => self.insert_customer(customer).await,
            Party::Supplier(_) => Err(not_written("suppliers")),
        }
    }

    async fn update_party(&self, code: &CustomerCode, party: Party<'_>) -> Result<(), ConnectorError> {
        match party {
            Party::Customer(customer) => self.change_customer(code, customer).await,
            Party::Supplier(_) => Err(not_written("suppliers")),
        }
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

fn not_written(what: &str) -> ConnectorError {
    ConnectorError::Rejected {
        system: System::KashFlow,
        what: what.to_owned(),
        reason: "this version writes only invoices and customers. Nothing was sent".to_owned(),
    }
}
