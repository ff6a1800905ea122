//! The double entry that a draft amounts to. Made to be checked: debits equal credits, or it cannot be built.

use model::{
    AllocationDraft, BankDraft, Draft, JournalDraft, LaterPaymentDraft, NominalCode, PaymentDraft, PurchaseDraft,
    SalesDraft, Series, TransferDraft,
};
use money::{Currency, Money, MoneyError};

/// Who a posting is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Trade debtors.
    Debtors,
    /// Trade creditors.
    Creditors,
    /// Output VAT.
    OutputVat,
    /// Input VAT.
    InputVat,
    /// A nominal code, bank-type ones too.
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
    pub fn new(currency: Currency, postings: Vec<Posting>) -> Result<JournalEntry, JournalError> {
        let rest = Money::sum(currency, postings.iter().map(|posting| posting.amount))?;
        if rest.is_zero() { Ok(JournalEntry { postings }) } else { Err(JournalError::Unbalanced(rest)) }
    }

    /// The postings.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What any draft posts.
    ///
    /// # Errors
    ///
    /// [`JournalError`].
    pub fn of(draft: &Draft) -> Result<JournalEntry, JournalError> {
        match draft {
            Draft::Sales(draft) => JournalEntry::of_sales(draft),
            Draft::Purchase(draft) => JournalEntry::of_purchase(draft),
            Draft::Bank(draft) => JournalEntry::of_bank(draft),
            Draft::Transfer(draft) => JournalEntry::of_transfer(draft),
            Draft::Journal(draft) => JournalEntry::of_journal(draft),
            Draft::Payment(draft) => JournalEntry::of_payment(draft),
            Draft::Allocation(draft) => JournalEntry::of_allocation(draft),
        }
    }

    /// What a later payment posts: an invoice's into its account against debtors, a bill's out of it against creditors.
    fn of_payment(draft: &LaterPaymentDraft) -> Result<JournalEntry, JournalError> {
        let sum = draft.sum()?;
        let (moved, control) = match draft.series {
            Series::Purchases => (sum.negated(), Account::Creditors),
            Series::Sales | Series::Journals => (sum, Account::Debtors),
        };
        let postings = vec![post(Account::Nominal(draft.account), moved), post(control, moved.negated())];
        JournalEntry::new(draft.currency, postings)
    }

    /// A credit note set against an invoice moves what is owed from one document to the other, inside debtors.
    fn of_allocation(draft: &AllocationDraft) -> Result<JournalEntry, JournalError> {
        let postings = vec![post(Account::Debtors, draft.amount), post(Account::Debtors, draft.amount.negated())];
        JournalEntry::new(draft.amount.currency(), postings)
    }

    /// What a sales document and its payment post: debtors against sales and VAT, the account it is paid into against debtors.
    ///
    /// # Errors
    ///
    /// [`JournalError`].
    pub fn of_sales(draft: &SalesDraft) -> Result<JournalEntry, JournalError> {
        let mut postings = vec![post(Account::Debtors, draft.gross()?)];
        for line in &draft.lines {
            postings.push(post(Account::Nominal(line.nominal), line.net.negated()));
            postings.push(post(Account::OutputVat, line.vat.negated()));
        }
        if let Some(payment) = &draft.payment {
            postings.extend(paid(payment, payment.amount, Account::Debtors));
        }
        JournalEntry::new(draft.currency, postings)
    }

    /// What a bill and its payment post: costs and VAT against creditors, creditors against the account it is paid from.
    ///
    /// # Errors
    ///
    /// [`JournalError`].
    pub fn of_purchase(draft: &PurchaseDraft) -> Result<JournalEntry, JournalError> {
        let mut postings = vec![post(Account::Creditors, draft.gross()?.negated())];
        for line in &draft.lines {
            postings.push(post(Account::Nominal(line.nominal), line.net));
            postings.push(post(Account::InputVat, line.vat));
        }
        if let Some(payment) = &draft.payment {
            postings.extend(paid(payment, payment.amount.negated(), Account::Creditors));
        }
        JournalEntry::new(draft.currency, postings)
    }

    /// What a bank transaction posts. Its VAT is input VAT: sales are never posted so.
    ///
    /// # Errors
    ///
    /// [`JournalError`].
    pub fn of_bank(draft: &BankDraft) -> Result<JournalEntry, JournalError> {
        let net = draft.amount.minus(draft.vat)?;
        let postings = vec![
            post(Account::Nominal(draft.account), draft.amount),
            post(Account::Nominal(draft.nominal), net.negated()),
            post(Account::InputVat, draft.vat.negated()),
        ];
        JournalEntry::new(draft.amount.currency(), postings)
    }

    fn of_transfer(draft: &TransferDraft) -> Result<JournalEntry, JournalError> {
        let postings = vec![
            post(Account::Nominal(draft.from), draft.amount.negated()),
            post(Account::Nominal(draft.to), draft.amount),
        ];
        JournalEntry::new(draft.amount.currency(), postings)
    }

    fn of_journal(draft: &JournalDraft) -> Result<JournalEntry, JournalError> {
        let postings = draft.lines.iter().map(|line| post(Account::Nominal(line.nominal), line.amount)).collect();
        JournalEntry::new(draft.currency, postings)
    }
}

fn post(account: Account, amount: Money) -> Posting {
    Posting { account, amount }
}

/// Money that arrives on the payment's account (negative: leaves it), against debtors or creditors.
fn paid(payment: &PaymentDraft, arrives: Money, against: Account) -> [Posting; 2] {
    [post(Account::Nominal(payment.account), arrives), post(against, arrives.negated())]
}
