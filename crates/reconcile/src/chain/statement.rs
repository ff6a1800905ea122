//! What the audit needs of a settlement: its head, the sum of its rows, and the rows that move balances.

use jiff::Timestamp;
use jiff::civil::Date;
use model::Settlement;
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::days::london;

/// What a row that moves a balance means. The marketplace's own words are translated by the vocabulary (`bookkeeping`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Balance {
    /// Held back for the next settlement; negative.
    ReserveHeld,
    /// What the settlement before had held back; positive.
    ReserveReleased,
    /// The negative total of the settlement before, brought forward; negative.
    DebtBroughtForward,
    /// A card or bank account was charged for a debt; positive.
    Charged,
    /// A payout came back; positive.
    TransferReturned,
    /// Debt moved from or to another marketplace of the account.
    DebtMoved,
}

impl Balance {
    /// The balance that a category of the shipped vocabulary (its column `category`) moves, if it is one of the chain.
    pub fn of_category(category: &str) -> Option<Balance> {
        Some(match category {
            "reserve_hold" => Balance::ReserveHeld,
            "reserve_release" => Balance::ReserveReleased,
            "balance_forward" => Balance::DebtBroughtForward,
            "transfer_in" => Balance::Charged,
            "transfer_failed" => Balance::TransferReturned,
            "cross_account" => Balance::DebtMoved,
            _ => return None,
        })
    }
}

/// A row that moves a balance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BalanceRow {
    /// What it means.
    pub balance: Balance,
    /// Its amount in minor units of the settlement's currency.
    pub minor: i64,
    /// When it was posted.
    pub at: Option<Timestamp>,
    /// Physical line in the file.
    pub line: u64,
}

/// A settlement as the audit sees it. Built while its rows stream by.
///
/// # Examples
///
/// ```
/// use model::Settlement;
/// use money::{Currency, Money};
/// use reconcile::{Balance, Statement};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let head = Settlement {
///     id: "26031877012".into(), currency: Currency::GBP, from: None, to: None, deposit_on: None, total: gbp(350_00),
/// };
/// let mut statement = Statement::new(head, "seller", "Amazon.co.uk", "march.tsv");
/// statement.add(gbp(500_00))?;
/// statement.add_balance(Balance::ReserveHeld, gbp(-150_00), None, 42)?;
/// assert_eq!(statement.sum, gbp(350_00));
/// # Ok::<(), money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its head.
    pub settlement: Settlement,
    /// The seller's account.
    pub account: String,
    /// The marketplace, empty if the account is not settled by marketplace. Settlements of one account, marketplace and currency are
    /// one chain: a European account has one chain in euro for each of its sites.
    pub marketplace: String,
    /// Where it was read from, for messages.
    pub source: String,
    /// Rows that were added.
    pub rows: u64,
    /// Their sum.
    pub sum: Money,
    /// Those that move a balance.
    pub balances: Vec<BalanceRow>,
}

/// What the marketplace says about the transfer of a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// The settlement it pays, `id-currency` (see [`Statement::key`]).
    pub settlement: String,
    /// How much.
    pub amount: Money,
    /// The day on which it was begun.
    pub on: Date,
    /// Whether the transfer failed.
    pub failed: bool,
}

impl Statement {
    /// A settlement without rows.
    pub fn new(settlement: Settlement, account: &str, marketplace: &str, source: &str) -> Statement {
        Statement {
            account: account.to_owned(),
            marketplace: marketplace.to_owned(),
            source: source.to_owned(),
            rows: 0,
            sum: Money::zero(settlement.currency),
            balances: Vec::new(),
            settlement,
        }
    }

    /// Adds an ordinary row.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if it is in another currency or the sum does not fit.
    pub fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.sum = self.sum.plus(amount)?;
        self.rows += 1;
        Ok(())
    }

    /// Adds a row that moves a balance; `line` is its physical line.
    ///
    /// # Errors
    ///
    /// As [`Statement::add`].
    pub fn add_balance(
        &mut self,
        balance: Balance,
        amount: Money,
        at: Option<Timestamp>,
        line: u64,
    ) -> Result<(), MoneyError> {
        self.add(amount)?;
        self.balances.push(BalanceRow { balance, minor: amount.minor(), at, line });
        Ok(())
    }

    /// `id-currency`: the natural key of a settlement.
    pub fn key(&self) -> String {
        format!("{}-{}", self.settlement.id, self.settlement.currency)
    }

    /// The sum of the rows of one balance.
    pub(super) fn balance(&self, balance: Balance) -> Result<Money, MoneyError> {
        let currency = self.settlement.currency;
        Money::sum(currency, self.of(balance).map(|row| Money::new(row.minor, currency)))
    }

    pub(super) fn of(&self, balance: Balance) -> impl Iterator<Item = &BalanceRow> {
        self.balances.iter().filter(move |row| row.balance == balance)
    }

    /// What it leaves owed by the seller: its total if negative, else nothing.
    pub(super) fn debt(&self) -> Money {
        let total = self.settlement.total;
        if total.is_negative() { total } else { Money::zero(total.currency()) }
    }

    /// Its last day in Europe/London.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.settlement.to.map(london)
    }

    /// Whether two readings say the same, whatever file they are from and in whatever order their rows stood.
    pub(super) fn says_the_same(&self, other: &Statement) -> bool {
        let sorted = |statement: &Statement| {
            let mut rows: Vec<_> = statement.balances.iter().map(|row| (row.balance, row.minor, row.at)).collect();
            rows.sort_unstable();
            rows
        };
        self.settlement == other.settlement
            && (self.rows, self.sum) == (other.rows, other.sum)
            && sorted(self) == sorted(other)
    }
}
