//! The two operations, with every element of their types in the order of the WSDL (facts §15).

use model::{BankAccountId, DocumentNumber, JournalDraft, Marker};
use ports::{ConnectorError, SendOutcome};

use super::Fields;
use crate::client::Client;
use crate::movements::{COMMENT_MAX, Movement, absolute};
use crate::translate;

impl Client {
    /// `InsertBankTransaction`. A transfer is a transaction against the nominal of another bank account.
    pub(crate) async fn soap_movement(
        &self,
        account: BankAccountId,
        movement: &Movement,
        what: &str,
    ) -> Result<SendOutcome, ConnectorError> {
        let (level, none) = translate::level(movement.vat_rate);
        let (paid_in, paid_out) = movement.sides();
        let against = self.nominal_id(movement.against).await?;
        let transaction = Fields::default()
            .number("ID", 0)
            .number("accid", account.0)
            .text("TransactionDate", &format!("{}T00:00:00", movement.on))
            .number("moneyin", paid_in.digits())
            .number("moneyout", paid_out.digits())
            .number("Vatable", i32::from(!none))
            .number("VatRate", level)
            .number("VatAmount", absolute(movement.vat).digits())
            .number("TransactionType", against)
            .text("Comment", &movement.comment)
            .number("ProjectID", 0)
            .number("CustomerId", 0)
            .number("SupplierId", 0);
        let request = Fields::default().group("bp", transaction);
        match self.soap_write("InsertBankTransaction", request, what).await {
            // The id names no route of REST for certain: it is read back by its marker.
            Ok(_) => Ok(SendOutcome::Accepted),
            Err(refused) => Err(self.soap_refused(refused, movement.on, &[movement.account, movement.against]).await),
        }
    }

    /// `InsertJournal` under our own number. Amounts are signed: positive is debit.
    pub(crate) async fn soap_journal(
        &self,
        number: DocumentNumber,
        draft: &JournalDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let mut lines = Fields::default();
        for line in &draft.lines {
            let inside = Fields::default()
                .number("NominalID", self.nominal_id(line.nominal).await?)
                .number("Amount", line.amount.digits())
                .text("Comment", &line.description)
                .number("ProjId", 0);
            lines = lines.any("JournalLine", inside);
        }
        let comment = Marker::of_entry(&draft.key).sign(&draft.description, COMMENT_MAX);
        let journal = Fields::default()
            .number("DBID", 0)
            .number("JournalNumber", number.0)
            .text("JournalDate", &format!("{}T00:00:00", draft.on))
            .text("Comment", &comment)
            .group("Lines", lines);
        let request = Fields::default().group("Jnl", journal);
        match self.soap_write("InsertJournal", request, &format!("{} {number}", crate::journals::NOUN)).await {
            Ok(_) => Ok(SendOutcome::Accepted),
            Err(ConnectorError::Rejected { .. }) if matches!(self.is_taken("journals", number).await, Ok(true)) => {
                Err(crate::answer::duplicate(&format!("{} {number}", crate::journals::NOUN)))
            }
            Err(refused) => {
                let nominals: Vec<_> = draft.lines.iter().map(|line| line.nominal).collect();
                Err(self.soap_refused(refused, draft.on, &nominals).await)
            }
        }
    }

    async fn soap_refused(
        &self,
        refused: ConnectorError,
        day: jiff::civil::Date,
        accounts: &[model::NominalCode],
    ) -> ConnectorError {
        if matches!(refused, ConnectorError::Rejected { .. }) {
            self.soap_did_not_help();
        }
        self.locked_if_so(refused, day, accounts).await
    }
}
