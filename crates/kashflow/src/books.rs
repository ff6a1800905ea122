//! The port: each method is a few calls, and a write is sent once.

use async_trait::async_trait;
use model::{CustomerCode, DocumentNumber, Draft, Receipt, Series};
use ports::{Books, BooksReference, CompanyInfo, ConnectorError, Depth, Found, FoundParty, Party, SendOutcome, Window};

use crate::answer::rejected_by_us;
use crate::client::Client;
use crate::wire::document::{INVOICES, Names, PURCHASES};

#[async_trait]
impl Books for Client {
    async fn next_number(&self, series: Series) -> Result<DocumentNumber, ConnectorError> {
        match series {
            Series::Sales => self.next_invoice_number().await,
            Series::Purchases => self.next_purchase_number().await,
            Series::Journals => self.next_journal_number().await,
        }
    }

    async fn find(&self, series: Series, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        match Names::of(series) {
            Some(names) => self.document(names, number).await,
            None => self.journal(number).await,
        }
    }

    async fn look(&self, draft: &Draft, window: Window, depth: Depth) -> Result<Found, ConnectorError> {
        match draft {
            Draft::Sales(_) => self.documents_of(&INVOICES, draft, window, depth).await,
            Draft::Purchase(_) => self.documents_of(&PURCHASES, draft, window, depth).await,
            Draft::Journal(draft) => self.journals_of(draft, window).await,
            Draft::Bank(_) | Draft::Transfer(_) => self.movements_of(draft).await,
            Draft::Payment(draft) => self.payments_of(draft).await,
            Draft::Allocation(draft) => self.allocations_of(draft).await,
        }
    }

    async fn create(&self, number: Option<DocumentNumber>, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        match (draft, number) {
            (Draft::Sales(draft), Some(number)) => self.insert_invoice(number, draft).await,
            (Draft::Purchase(draft), Some(number)) => self.insert_purchase(number, draft).await,
            (Draft::Journal(draft), Some(number)) => self.insert_journal(number, draft).await,
            (Draft::Sales(_) | Draft::Purchase(_) | Draft::Journal(_), None) => {
                Err(rejected_by_us(draft.reference(), "it has no number"))
            }
            (Draft::Bank(_) | Draft::Transfer(_), _) => self.insert_movement(draft).await,
            (Draft::Payment(draft), _) => self.insert_payment(draft).await,
            (Draft::Allocation(draft), _) => self.insert_allocation(draft).await,
        }
    }

    async fn update(&self, number: DocumentNumber, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        match draft {
            Draft::Sales(draft) => self.replace_invoice(number, draft).await,
            Draft::Purchase(draft) => self.replace_purchase(number, draft).await,
            other => Err(rejected_by_us(other.reference(), "only invoices and bills are changed in place")),
        }
    }

    async fn find_party(&self, party: Party<'_>) -> Result<Option<FoundParty>, ConnectorError> {
        match party {
            Party::Customer(customer) => self.look_for_customer(customer).await,
            Party::Supplier(supplier) => self.look_for_supplier(supplier).await,
        }
    }

    async fn create_party(&self, party: Party<'_>) -> Result<(), ConnectorError> {
        match party {
            Party::Customer(customer) => self.insert_customer(customer).await,
            Party::Supplier(supplier) => self.insert_supplier(supplier).await,
        }
    }

    async fn update_party(&self, code: &CustomerCode, party: Party<'_>) -> Result<(), ConnectorError> {
        match party {
            Party::Customer(customer) => self.change_customer(code, customer).await,
            Party::Supplier(_) => Err(Client::keep_supplier(code)),
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
