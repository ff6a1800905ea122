//! Bank accounts and the payments in them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, Extras, Invoice, Ledger};
use crate::kashflow::chart;
use crate::kashflow::sorted::Sorted;

/// A bank account.
#[derive(Clone, Debug, Default)]
pub struct BankAccount {
    /// Internal id, which is its address.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Its nominal code.
    pub code: i64,
    /// Out of use.
    pub archived: bool,
    /// Payments dated on or before this day are refused, if set.
    pub locked_until: Option<Date>,
    /// What else a client has set.
    pub extras: Extras,
    /// Payments by day: (date, payment id, invoice number).
    pub(in crate::kashflow) payments: Sorted<(Date, i64, i64)>,
    /// Home-currency sum of each day, so that a balance needs no walk through the payments.
    pub(in crate::kashflow) days: BTreeMap<Date, Decimal>,
}

/// A row of a bank account's list: an invoice payment.
#[derive(Clone, Copy, Debug)]
pub struct BankRow {
    /// When.
    pub date: Date,
    /// The payment's id.
    pub payment: i64,
    /// The invoice it pays.
    pub invoice: i64,
}

pub(super) fn seeded() -> BTreeMap<i64, BankAccount> {
    let accounts = chart::BANK_ACCOUNTS
        .iter()
        .map(|&(id, name, code, _)| (id, BankAccount { id, name: name.to_owned(), code, ..BankAccount::default() }));
    accounts.collect()
}

impl BankAccount {
    /// Balance after `day`, in home currency.
    pub fn balance_until(&self, day: Date) -> Decimal {
        self.days.range(..=day).map(|(_, sum)| *sum).sum()
    }

    /// Balance now.
    pub fn balance(&self) -> Decimal {
        self.days.values().copied().sum()
    }

    pub(in crate::kashflow) fn rows(&self, from: Date, to: Date) -> Vec<BankRow> {
        let found = self.payments.between(&(from, i64::MIN, i64::MIN), &(to, i64::MAX, i64::MAX));
        found.iter().map(|&(date, payment, invoice)| BankRow { date, payment, invoice }).collect()
    }
}

impl Ledger {
    pub(in crate::kashflow) fn bank(&self, id: i64) -> Result<&BankAccount, ApiError> {
        let found = self.banks.get(&id).filter(|account| !account.archived);
        found.ok_or_else(|| ApiError::invalid(format!("Bank account {id} does not exist.")))
    }

    /// Refuses a payment dated inside a lock, of the company or of the bank account.
    pub(in crate::kashflow) fn refuse_bank_locked(&self, account: i64, day: Date) -> Result<(), ApiError> {
        self.refuse_locked(day)?;
        match self.banks.get(&account).and_then(|account| account.locked_until) {
            Some(until) if day <= until => {
                Err(ApiError::refused("TransactionLocked", format!("The bank account is locked up to {until}.")))
            }
            _ => Ok(()),
        }
    }

    /// Enters the payments of `invoice` into the bank accounts (`sign` 1) or takes them out (`sign` -1).
    pub(super) fn move_money(&mut self, invoice: &Invoice, sign: i64) {
        for payment in invoice.payments.iter().filter(|payment| !payment.is_credit) {
            let Some(account) = self.banks.get_mut(&payment.account) else { continue };
            let key = (payment.date, payment.id, invoice.number);
            if sign > 0 {
                account.payments.insert(key)
            } else {
                account.payments.remove(&key)
            }
            *account.days.entry(payment.date).or_default() += invoice.in_home(payment.amount) * Decimal::from(sign);
        }
    }
}
