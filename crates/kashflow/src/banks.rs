//! Bank-type accounts: ours are named by nominal code, KashFlow's routes want its own id.

use model::{BankAccountId, NominalCode, PaymentDraft};
use ports::{BankAccount, ConnectorError, System};

use crate::client::Client;
use crate::reference::kept;
use crate::wire::reference as wire;

impl Client {
    /// KashFlow's id of the bank-type account with this nominal code. The list is read when the code is not known yet, so that an
    /// account made a moment ago is found.
    pub(crate) async fn bank_account_id(&self, nominal: NominalCode) -> Result<BankAccountId, ConnectorError> {
        // Never held while waiting for an answer: on simulated time a waiting task must not hold up another that has work.
        if let Some(id) = self.banks.lock().await.get(&nominal) {
            return Ok(*id);
        }
        let listed = self.bank_accounts().await?;
        let mut known = self.banks.lock().await;
        known.extend(listed.into_iter().filter_map(|bank| Some((bank.nominal?, bank.id))));
        known.get(&nominal).copied().ok_or_else(|| ConnectorError::Rejected {
            system: System::KashFlow,
            what: format!("bank account {nominal}"),
            reason: format!(
                "KashFlow has no bank account with the nominal code {nominal}, or it is archived. Nothing was sent"
            ),
        })
    }

    /// The id of a payment's account, if there is a payment.
    pub(crate) async fn account_of(
        &self,
        payment: Option<&PaymentDraft>,
    ) -> Result<Option<BankAccountId>, ConnectorError> {
        match payment {
            Some(payment) => self.bank_account_id(payment.account).await.map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn bank_accounts(&self) -> Result<Vec<BankAccount>, ConnectorError> {
        let banks = self.rows_of(&["bankaccounts"], "the bank accounts", |row| kept(wire::bank_account(row))).await?;
        Ok(banks.into_iter().flatten().collect())
    }
}
