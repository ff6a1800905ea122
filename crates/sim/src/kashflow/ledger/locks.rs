//! Locked periods: the accountant's day, a bank account's own day, and submitted VAT returns.

use jiff::civil::Date;

use super::{ApiError, Ledger};

/// A VAT return that was sent to HMRC: what it contains no longer changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatReturn {
    /// Its id, which documents in it carry.
    pub id: i64,
    /// Its last day. It begins where the one before ended.
    pub until: Date,
}

impl Ledger {
    /// Refuses to make, change or delete a document dated `day`.
    pub(in crate::kashflow) fn refuse_locked(&self, day: Date) -> Result<(), ApiError> {
        self.refuse_company_locked(day)?;
        match self.vat_return_of(day) {
            Some(id) => Err(locked(format!("The transaction is part of VAT return {id}, which was submitted."))),
            None => Ok(()),
        }
    }

    /// Refuses to make, change or delete a payment or a transfer dated `day` in a bank account. They are no part of a VAT return.
    pub(in crate::kashflow) fn refuse_bank_locked(&self, account: i64, day: Date) -> Result<(), ApiError> {
        self.refuse_company_locked(day)?;
        match self.banks.get(&account).and_then(|account| account.locked_until) {
            Some(until) if day <= until => Err(locked(format!("The bank account is locked up to {until}."))),
            _ => Ok(()),
        }
    }

    /// The id of the submitted VAT return that `day` is in.
    pub(in crate::kashflow) fn vat_return_of(&self, day: Date) -> Option<i64> {
        self.vat_returns.iter().find(|own| day <= own.until).map(|own| own.id)
    }

    fn refuse_company_locked(&self, day: Date) -> Result<(), ApiError> {
        match self.locked_until {
            Some(until) if day <= until => Err(locked(format!("Transactions dated on or before {until} are locked."))),
            _ => Ok(()),
        }
    }
}

fn locked(message: String) -> ApiError {
    ApiError::refused("TransactionLocked", message)
}
