//! The ledger effect of a settlement: the sum of the journal entries of its documents.

use std::collections::BTreeMap;

use model::{Draft, NominalCode};
use money::{Currency, Money};

use crate::journal::{Account, JournalEntry};
use crate::{Accounts, Problem, Role};

/// Balances by account and currency, debit positive. Accounts that come to nil are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    balances: BTreeMap<(NominalCode, Currency), Money>,
}

impl Ledger {
    /// Sums the journal entries of documents.
    ///
    /// # Errors
    ///
    /// [`Problem`] if a document does not balance: a mistake of the program, found before anything leaves it.
    pub fn of(documents: &[Draft], accounts: &Accounts) -> Result<Ledger, Problem> {
        let mut ledger = Ledger::default();
        for document in documents {
            let broken = |what: String| broken(&document.key().to_string(), &what);
            let entry = JournalEntry::of(document).map_err(|error| broken(error.to_string()))?;
            for posting in entry.postings() {
                let code = control(posting.account, accounts);
                let code = code.ok_or_else(|| broken(format!("{:?} has no account", posting.account)))?;
                ledger.add(code, posting.amount).map_err(|error| broken(error.to_string()))?;
            }
        }
        ledger.balances.retain(|_, balance| !balance.is_zero());
        Ok(ledger)
    }

    fn add(&mut self, code: NominalCode, amount: Money) -> Result<(), money::MoneyError> {
        let balance = self.balances.entry((code, amount.currency())).or_insert(Money::zero(amount.currency()));
        *balance = balance.plus(amount)?;
        Ok(())
    }

    /// Adds another ledger: settlements of a chain.
    ///
    /// # Errors
    ///
    /// [`money::MoneyError`] if a sum does not fit.
    pub fn plus(mut self, other: &Ledger) -> Result<Ledger, money::MoneyError> {
        for ((code, _), amount) in &other.balances {
            self.add(*code, *amount)?;
        }
        self.balances.retain(|_, balance| !balance.is_zero());
        Ok(self)
    }

    /// The balance of an account, debit positive.
    pub fn balance(&self, code: NominalCode, currency: Currency) -> Money {
        self.balances.get(&(code, currency)).copied().unwrap_or(Money::zero(currency))
    }

    /// Accounts that do not come to nil, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = (NominalCode, Money)> + '_ {
        self.balances.iter().map(|((code, _), balance)| (*code, *balance))
    }
}

fn control(account: Account, accounts: &Accounts) -> Option<NominalCode> {
    let role = match account {
        Account::Nominal(code) => return Some(code),
        Account::Debtors => Role::Debtors,
        Account::Creditors => Role::Creditors,
        Account::OutputVat => Role::VatOut,
        Account::InputVat => Role::VatIn,
    };
    accounts.general.get(&role).copied()
}

fn broken(key: &str, what: &str) -> Problem {
    Problem::new(
        "document_does_not_balance",
        key,
        format!("The document was refused by our own last check: {what}. Nothing is posted."),
        "This is a mistake of the program: please report it with the settlement.",
    )
}
