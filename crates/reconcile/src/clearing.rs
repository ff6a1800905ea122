//! The clearing identity: what the clearing account holds is what was posted and is not settled yet, plus negative totals that nobody
//! has paid yet, plus open breaks. Whatever is left is unexplained, and alarms.

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::breaks::{Break, Code, Link};
use crate::chain::{ChainAudit, Statement};

/// The clearing account of one seller account and currency, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearing {
    /// What the account holds: debit positive, that is, owed to the seller.
    pub balance: Money,
    /// Posted sales and fees that are in no posted settlement yet.
    pub unsettled: Money,
    /// Negative totals of the last settlements: zero or below.
    pub unpaid_negative_totals: Money,
    /// The parts of open breaks that sit in the account.
    pub open_breaks: Money,
    /// What is left; anything but zero is an alarm.
    pub unexplained: Money,
}

/// Explains the balance of a clearing account.
///
/// `unsettled` are the amounts that documents moved through the account and that no posted settlement has; `breaks` are all open breaks, of
/// which those in another currency are left out.
///
/// # Errors
///
/// [`MoneyError`] if an amount has another currency than the balance, or a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::clearing_identity;
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// // Two orders wait for their settlement, the last settlement ended with 54.49 owed, and someone paid 10.00 in by hand.
/// let clearing = clearing_identity(gbp(-10_49), [gbp(24_00), gbp(10_00)], [gbp(-54_49)], &[])?;
/// assert_eq!(clearing.unexplained, gbp(10_00));
/// assert!(clearing.alarm("1250", None).is_some());
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn clearing_identity(
    balance: Money,
    unsettled: impl IntoIterator<Item = Money>,
    unpaid_negative_totals: impl IntoIterator<Item = Money>,
    breaks: &[Break],
) -> Result<Clearing, MoneyError> {
    let currency = balance.currency();
    let unsettled = Money::sum(currency, unsettled)?;
    let unpaid_negative_totals = Money::sum(currency, unpaid_negative_totals)?;
    let of_account = breaks.iter().map(|found| found.in_clearing).filter(|amount| amount.currency() == currency);
    let open_breaks = Money::sum(currency, of_account)?;
    let unexplained = balance.minus(unsettled)?.minus(unpaid_negative_totals)?.minus(open_breaks)?;
    Ok(Clearing { balance, unsettled, unpaid_negative_totals, open_breaks, unexplained })
}

impl Clearing {
    /// The alarm, if anything is unexplained. `account` is the account's code, `since` the day on which it was last explained.
    pub fn alarm(&self, account: &str, since: Option<Date>) -> Option<Break> {
        if self.unexplained.is_zero() {
            return None;
        }
        let cause = format!(
            "Account {account} holds {}. Not settled yet are {}, negative totals make {}, open breaks {}: {} are left.",
            self.balance, self.unsettled, self.unpaid_negative_totals, self.open_breaks, self.unexplained
        );
        let expected = self.balance.minus(self.unexplained).unwrap_or(self.balance);
        let found = Break::new(Code::ClearingUnexplained, format!("account/{account}"), self.unexplained, cause)
            .compare(expected, self.balance)
            .since(since)
            .evidence(Link::Books(account.to_owned()), "balance", Some(self.balance));
        Some(found)
    }
}

/// The negative totals that are still owed: those of the last settlement of each chain of one currency.
///
/// Earlier ones were brought forward or charged; if they were not, the audit has a break for them. `audit` says which settlements count.
pub fn unpaid_negative_totals(statements: &[Statement], audit: &ChainAudit, currency: Currency) -> Vec<Money> {
    let counts = |statement: &&Statement| {
        statement.settlement.currency == currency && audit.settlements.contains(&statement.key())
    };
    let mut last: Vec<&Statement> = Vec::new();
    for statement in statements.iter().filter(counts) {
        let chain = |other: &&mut &Statement| {
            (&other.account, &other.marketplace) == (&statement.account, &statement.marketplace)
        };
        match last.iter_mut().find(chain) {
            None => last.push(statement),
            Some(other)
                if (other.settlement.to, &other.settlement.id)
                    < (statement.settlement.to, &statement.settlement.id) =>
            {
                *other = statement;
            }
            Some(_) => {}
        }
    }
    last.into_iter().map(|statement| statement.settlement.total).filter(|total| total.is_negative()).collect()
}
