//! Journals: lines that debit and credit nominal codes directly. They carry no VAT code.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, Extras, Ledger, Origin, Posting};

/// A journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// Internal id.
    pub id: i64,
    /// Its number, unique among journals.
    pub number: i64,
    /// Name.
    pub name: String,
    /// When.
    pub date: Date,
    /// `Note`, which lists call `Comment`.
    pub note: String,
    /// 0 standard to 7 flat-rate scheme adjustment.
    pub category: i64,
    /// Lines, in order.
    pub lines: Vec<JournalLine>,
    /// What else a client has set.
    pub extras: Extras,
}

/// A line of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Internal id.
    pub id: i64,
    /// Nominal code.
    pub nominal: i64,
    /// Pounds: debits above 0, credits below.
    pub amount: Decimal,
    /// Free text.
    pub comment: Option<String>,
    /// Project.
    pub project: Option<i64>,
    /// Tax-disallowed.
    pub disallowed: bool,
}

impl Journal {
    /// Sum of the debits.
    pub fn total(&self) -> Decimal {
        self.lines.iter().map(|line| line.amount).filter(|amount| amount.is_sign_positive()).sum()
    }

    /// What it does.
    pub fn postings(&self) -> Vec<Posting> {
        let postings = self.lines.iter().map(|line| Posting {
            origin: Origin::Journal { number: self.number },
            id: line.id,
            date: self.date,
            nominal: line.nominal,
            amount: line.amount,
            tax: None,
        });
        postings.collect()
    }
}

impl Ledger {
    /// Refuses a journal that does not balance, has nothing in it, uses a code that is not there or a locked day.
    pub(in crate::kashflow) fn check_journal(&self, journal: &Journal) -> Result<(), ApiError> {
        if journal.lines.is_empty() {
            return Err(ApiError::invalid("A journal needs LineItems."));
        }
        let sum: Decimal = journal.lines.iter().map(|line| line.amount).sum();
        if !sum.is_zero() {
            let message = format!("The journal does not balance: debits exceed credits by {}.", sum.normalize());
            return Err(ApiError::refused("JournalNotBalanced", message));
        }
        journal.lines.iter().try_for_each(|line| self.nominal(line.nominal).map(|_| ()))?;
        self.refuse_journal_locked(journal)
    }

    /// Refuses to change or delete a journal inside a lock, of the company or of a bank account that it moves.
    pub(in crate::kashflow) fn refuse_journal_locked(&self, journal: &Journal) -> Result<(), ApiError> {
        self.refuse_locked(journal.date)?;
        let banks = journal.lines.iter().filter_map(|line| self.bank_of_nominal(line.nominal));
        banks.map(|bank| bank.id).try_for_each(|bank| self.refuse_bank_locked(bank, journal.date))
    }

    /// How many of a journal's lines are on bank accounts that are locked on its day.
    pub(in crate::kashflow) fn locked_bank_lines(&self, journal: &Journal) -> usize {
        let banks = journal.lines.iter().filter_map(|line| self.bank_of_nominal(line.nominal));
        banks.filter(|bank| bank.locked_until.is_some_and(|until| journal.date <= until)).count()
    }

    /// The number that a journal without one gets.
    pub(in crate::kashflow) fn next_journal_number(&self) -> i64 {
        self.journals.last_key_value().map_or(1, |(highest, _)| highest.saturating_add(1))
    }

    /// Files a journal, in place of the one with number `replaces` if given.
    pub(in crate::kashflow) fn put_journal(&mut self, journal: Journal, replaces: Option<i64>) {
        if let Some(number) = replaces {
            self.take_out_journal(number);
        }
        self.post(&journal.postings(), Decimal::ONE);
        self.journals.insert(journal.number, journal);
    }

    /// Takes a journal out of the books.
    pub(in crate::kashflow) fn take_out_journal(&mut self, number: i64) -> Option<Journal> {
        let journal = self.journals.remove(&number)?;
        self.post(&journal.postings(), Decimal::NEGATIVE_ONE);
        Some(journal)
    }
}
