//! The double entry that a sales document amounts to. Made to be checked: debits equal credits, or it cannot be built.

use model::{NominalCode, SalesDraft};
use money::{Money, MoneyError};

/// Who a posting is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Trade debtors.
    Debtors,
    /// Output VAT.
    OutputVat,
    /// The clearing account.
    Clearing,
    /// A nominal code.
    Nominal(NominalCode),
}

/// An amount to the debit (positive) or credit (negative) of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// Debit positive.
    pub amount: Money,
}

/// Balanced postings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    postings: Vec<Posting>,
}

/// Why a journal entry could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Debits and credits differ.
    #[error("debits and credits differ by {0}")]
    Unbalanced(Money),
    /// A sum failed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl JournalEntry {
    /// Takes postings that balance.
    ///
    /// # Errors
    ///
    /// [`JournalError::Unbalanced`].
    pub fn new(currency: money::Currency, postings: Vec<Posting>) -> Result<JournalEntry, JournalError> {
        let rest = Money::sum(currency, postings.iter().map(|posting| posting.amount))?;
        if rest.is_zero() { Ok(JournalEntry { postings }) } else { Err(JournalError::Unbalanced(rest)) }
    }

    /// The postings.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What a document and its payment post: debtors against sales and VAT, clearing against debtors.
    ///
    /// # Errors
    ///
    /// [`JournalError`].
    pub fn of(draft: &SalesDraft) -> Result<JournalEntry, JournalError> {
        let mut postings = vec![Posting { account: Account::Debtors, amount: draft.gross()? }];
        for line in &draft.lines {
            postings.push(Posting { account: Account::Nominal(line.nominal), amount: line.net.negated() });
            postings.push(Posting { account: Account::OutputVat, amount: line.vat.negated() });
        }
        if let Some(payment) = &draft.payment {
            postings.push(Posting { account: Account::Clearing, amount: payment.amount });
            postings.push(Posting { account: Account::Debtors, amount: payment.amount.negated() });
        }
        JournalEntry::new(draft.currency, postings)
    }
}
