//! Bank accounts and what moves in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, Extras, Ledger, Origin};
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
    /// What is dated on or before this day is locked, if set.
    pub locked_until: Option<Date>,
    /// What else a client has set.
    pub extras: Extras,
    rows: Sorted<BankRow>,
    day_of_id: HashMap<i64, Date>,
    /// Sum of each day, so that a balance needs no walk through the rows.
    days: BTreeMap<Date, Decimal>,
}

/// A row of a bank account's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BankRow {
    /// When.
    pub date: Date,
    /// Internal id of the payment, transaction or journal line.
    pub id: i64,
    /// What it belongs to.
    pub origin: Origin,
    /// Pounds: in above 0, out below.
    pub amount: Decimal,
}

pub(super) fn seeded() -> BTreeMap<i64, BankAccount> {
    let accounts =
        chart::BANK_ACCOUNTS.iter().map(|&(id, name, code, _)| (id, BankAccount::new(id, name.to_owned(), code)));
    accounts.collect()
}

impl BankAccount {
    /// A new one.
    pub fn new(id: i64, name: String, code: i64) -> BankAccount {
        BankAccount { id, name, code, ..BankAccount::default() }
    }

    /// Balance after `day`, in home currency.
    pub fn balance_until(&self, day: Date) -> Decimal {
        self.days.range(..=day).map(|(_, sum)| *sum).sum()
    }

    /// The balance after each of these rows, in the order of date and id, by row id. A day is walked once.
    pub fn balances_after(&self, rows: &[BankRow]) -> HashMap<i64, Decimal> {
        let days: BTreeSet<Date> = rows.iter().map(|row| row.date).collect();
        let mut balances = HashMap::new();
        for day in days {
            let mut balance = day.yesterday().map_or(Decimal::ZERO, |yesterday| self.balance_until(yesterday));
            for row in self.rows(day, day) {
                balance += row.amount;
                balances.insert(row.id, balance);
            }
        }
        balances
    }

    /// The row with this id.
    pub fn row(&self, id: i64) -> Option<BankRow> {
        let day = *self.day_of_id.get(&id)?;
        let rows = self.rows(day, day);
        rows.get(rows.partition_point(|row| row.id < id)).copied()
    }

    /// Balance now.
    pub fn balance(&self) -> Decimal {
        self.days.values().copied().sum()
    }

    /// Whether nothing ever moved in it that is still there.
    pub fn is_empty(&self) -> bool {
        self.rows.all().is_empty()
    }

    /// The rows from one day to another, both included, in order.
    pub fn rows(&self, from: Date, to: Date) -> &[BankRow] {
        let least = BankRow { date: from, id: i64::MIN, origin: Origin::BankTransaction, amount: Decimal::MIN };
        let most = BankRow { date: to, id: i64::MAX, origin: Origin::BankTransaction, amount: Decimal::MAX };
        self.rows.between(&least, &most)
    }

    pub(super) fn enter(&mut self, row: BankRow, sign: Decimal) {
        if sign.is_sign_positive() {
            self.rows.insert(row);
            self.day_of_id.insert(row.id, row.date);
        } else {
            self.rows.remove(&row);
            self.day_of_id.remove(&row.id);
        }
        let sum = self.days.entry(row.date).or_default();
        *sum += row.amount * sign;
    }
}

impl Ledger {
    pub(in crate::kashflow) fn bank(&self, id: i64) -> Result<&BankAccount, ApiError> {
        let found = self.banks.get(&id).filter(|account| !account.archived);
        found.ok_or_else(|| ApiError::invalid(format!("Bank account {id} does not exist.")))
    }

    /// The bank account that a nominal code belongs to.
    pub(in crate::kashflow) fn bank_of_nominal(&self, code: i64) -> Option<&BankAccount> {
        self.banks.values().find(|bank| bank.code == code)
    }
}
