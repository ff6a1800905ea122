//! A settlement as its rows are seen in passing: their sum, the balances that they move, the site that most of them name.

use std::collections::BTreeMap;

use model::{Settlement, SettlementRow};
use money::MoneyError;
use reconcile::Statement;

use super::words::Word;

/// A statement in the making. It is made while the rows are posted, so that a large file need not be read once more for it.
pub(crate) struct Looking {
    statement: Statement,
    sites: BTreeMap<Box<str>, u64>,
    broken: Option<MoneyError>,
}

impl Looking {
    pub(crate) fn new(head: Settlement, file: &str) -> Looking {
        Looking { statement: Statement::new(head, "", "", file), sites: BTreeMap::new(), broken: None }
    }

    pub(crate) fn row(&mut self, row: &SettlementRow<'_>, word: Word) {
        if self.broken.is_some() {
            return;
        }
        let added = match word.balance {
            Some(balance) => self.statement.add_balance(balance, row.amount, row.posted_at, row.line),
            None => self.statement.add(row.amount),
        };
        self.broken = added.err();
        if self.statement.settlement.currency.code() == "EUR" && !row.marketplace.is_empty() {
            match self.sites.get_mut(row.marketplace) {
                Some(count) => *count += 1,
                None => _ = self.sites.insert(row.marketplace.into(), 1),
            }
        }
    }

    /// The statement, if its sums fit.
    pub(crate) fn finish(self) -> Result<Statement, MoneyError> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let mut statement = self.statement;
        // A European account has one chain in euro for each of its sites: the one that most rows name.
        let most = self.sites.into_iter().max_by_key(|(_, count)| *count);
        statement.marketplace = most.map(|(site, _)| site.into()).unwrap_or_default();
        Ok(statement)
    }
}
