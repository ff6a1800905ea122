//! Bank-type accounts: ours are named by nominal code, KashFlow's routes want its own id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use model::{BankAccountId, NominalCode, PaymentDraft};
use ports::{BankAccount, ConnectorError, System};

use crate::client::Client;
use crate::reference::kept;
use crate::translate::Accounts;
use crate::wire::reference as wire;

impl Client {
    /// KashFlow's id of the bank-type account with this nominal code. The list is read when the code is not known yet, so that an
    /// account made a moment ago is found.
    pub(crate) async fn bank_account_id(&self, nominal: NominalCode) -> Result<BankAccountId, ConnectorError> {
        if let Some(id) = self.known_banks().get(&nominal) {
            return Ok(*id);
        }
        self.learn_banks().await?;
        self.known_banks().get(&nominal).copied().ok_or_else(|| ConnectorError::Rejected {
            system: System::KashFlow,
            what: format!("bank account {nominal}"),
            reason: format!(
                "KashFlow has no bank account with the nominal code {nominal}, or it is archived. Nothing was sent"
            ),
        })
    }

    /// The nominal codes of the accounts with these ids, as far as KashFlow tells. The list is read once for an id that is not known:
    /// an archived account stays unknown.
    pub(crate) async fn accounts_of(&self, ids: impl Iterator<Item = u32>) -> Result<Accounts, ConnectorError> {
        let wanted: BTreeSet<BankAccountId> = ids.map(BankAccountId).collect();
        let known = self.known_accounts();
        let unheard_of = |id: &BankAccountId| !known.contains_key(id) && !self.is_unlisted(*id);
        if !wanted.iter().any(unheard_of) {
            return Ok(known);
        }
        match self.learn_banks().await {
            Ok(()) | Err(ConnectorError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        let known = self.known_accounts();
        let unlisted = wanted.into_iter().filter(|id| !known.contains_key(id));
        self.unlisted_banks.lock().unwrap_or_else(PoisonError::into_inner).extend(unlisted);
        Ok(known)
    }

    fn known_banks(&self) -> MutexGuard<'_, BTreeMap<NominalCode, BankAccountId>> {
        self.banks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_accounts(&self) -> Accounts {
        self.known_banks().iter().map(|(nominal, id)| (*id, *nominal)).collect()
    }

    fn is_unlisted(&self, id: BankAccountId) -> bool {
        self.unlisted_banks.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    async fn learn_banks(&self) -> Result<(), ConnectorError> {
        let listed = self.bank_accounts().await?;
        let names = listed.iter().filter_map(|bank| Some((bank.name.trim().to_lowercase(), bank.nominal?)));
        self.bank_names.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
        self.known_banks().extend(listed.into_iter().filter_map(|bank| Some((bank.nominal?, bank.id))));
        Ok(())
    }

    /// The nominal codes of the bank-type accounts by their names, in lower case.
    pub(crate) async fn bank_names(&self) -> Result<BTreeMap<String, NominalCode>, ConnectorError> {
        if self.known_banks().is_empty() {
            self.learn_banks().await?;
        }
        Ok(self.bank_names.lock().unwrap_or_else(PoisonError::into_inner).clone())
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
