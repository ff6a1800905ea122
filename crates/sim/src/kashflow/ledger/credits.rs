//! What is left of credit notes, overpayments and money on account, and how it is applied to an invoice.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, BankTransaction, BulkItem, BulkPayment, Invoice, Ledger, Payment, Side};
use crate::kashflow::chart;

/// What can be applied to an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Internal id of the credit note, of the payment that was too high, or of the bank transaction.
    pub id: i64,
    /// What it is.
    pub kind: CreditKind,
    /// What is left of it.
    pub amount: Decimal,
    /// Its date.
    pub date: Date,
    /// Number of the document that it is on; 0 for money on account.
    pub document: i64,
}

/// What a credit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditKind {
    /// A document with a negative total.
    CreditNote,
    /// A payment higher than its document.
    OverPayment,
    /// Money on account: a bank transaction against the control account.
    AdvancePayment,
}

impl CreditKind {
    /// `Type`.
    pub fn label(self) -> &'static str {
        match self {
            CreditKind::CreditNote => "CreditNote",
            CreditKind::OverPayment => "OverPayment",
            CreditKind::AdvancePayment => "AdvancePayment",
        }
    }
}

impl Ledger {
    /// What can be applied to `invoice`: other documents of its contact, in its currency, with something left, and, for a
    /// document in pounds, its money on account.
    pub(in crate::kashflow) fn credits_for(&self, invoice: &Invoice) -> Vec<Credit> {
        let trade = &self[invoice.side];
        let others = trade.invoices.with_credit(invoice.contact_id).into_iter();
        let others = others.filter_map(|number| trade.invoices.get(number));
        let usable = others.filter(|other| other.number != invoice.number && other.currency == invoice.currency);
        let advances = trade.advances.get(&invoice.contact_id).into_iter().flatten();
        let advances = advances.filter(|_| invoice.currency == "GBP").filter_map(|id| self.transactions.get(id));
        let on_account = advances.map(|own| Credit {
            id: own.id,
            kind: CreditKind::AdvancePayment,
            amount: own.amount * invoice.side.sign(),
            date: own.date,
            document: 0,
        });
        usable.filter_map(credit_of).chain(on_account).collect()
    }

    /// Applies `credit` to `invoice`: the same amount off both, in one bulk payment that sums to nothing, or the money on
    /// account as its payment.
    pub(in crate::kashflow) fn apply_credit(
        &mut self,
        side: Side,
        invoice: i64,
        credit: &Credit,
        on: Date,
    ) -> Result<(), ApiError> {
        let due = self[side].invoices.get(invoice).map(Invoice::due).unwrap_or_default();
        let amount = credit.amount.min(due);
        if amount <= Decimal::ZERO {
            return Err(ApiError::refused("NothingToApply", "The invoice has nothing left to pay."));
        }
        if credit.kind == CreditKind::AdvancePayment {
            return self.allocate(side, invoice, credit.id, amount);
        }
        let item = |invoice, amount| BulkItem { invoice, amount, date: on, payment: 0 };
        let account = self.banks.keys().next().copied().unwrap_or_default();
        self.put_bulk(BulkPayment {
            side,
            number: 0,
            date: on,
            comment: None,
            account,
            method: chart::AMAZON_METHOD,
            items: vec![item(credit.document, -amount), item(invoice, amount)],
            is_credit: true,
        })?;
        Ok(())
    }

    /// Makes `amount` of a bank transaction the payment of an invoice: the money stays where and when it was.
    fn allocate(&mut self, side: Side, invoice: i64, transaction: i64, amount: Decimal) -> Result<(), ApiError> {
        let Some(mut own) = self.transactions.get(&transaction).cloned() else {
            return Err(ApiError::not_found("The bank transaction"));
        };
        self.refuse_bank_locked(own.account, own.date)?;
        let payment = Payment {
            id: self.fresh_id(),
            date: own.date,
            amount,
            method: chart::AMAZON_METHOD,
            account: own.account,
            reference: None,
            note: Some(own.comment.clone()),
            bulk: None,
            is_credit: false,
        };
        own.amount -= amount * side.sign();
        if own.amount.is_zero() {
            self.take_out_transaction(own.id);
        } else {
            self.put_transaction(own);
        }
        self.change_invoice(side, invoice, |invoice| invoice.payments.push(payment));
        Ok(())
    }

    /// Takes a payment off its invoice and keeps it as money on account. Gives the id of the bank transaction it became.
    pub(in crate::kashflow) fn unallocate(&mut self, side: Side, number: i64, payment: i64) -> Result<i64, ApiError> {
        let missing = || ApiError::not_found("The payment");
        let invoice = self[side].invoices.get(number).ok_or_else(missing)?;
        let own = invoice.payments.iter().find(|own| own.id == payment).ok_or_else(missing)?.clone();
        if own.is_credit {
            return Err(ApiError::invalid("An applied credit is no money that could be unallocated."));
        }
        self.refuse_bank_locked(own.account, own.date)?;
        let (contact, amount) = (invoice.contact_id, invoice.in_home(own.amount) * side.sign());
        let id = self.fresh_id();
        self.change_invoice(side, number, |invoice| invoice.payments.retain(|own| own.id != payment));
        let comment = own.note.clone().unwrap_or_default();
        let mut advance = BankTransaction::plain(id, own.account, own.date, side.control(), amount, comment);
        advance.set_contact(side, Some(contact));
        self.put_transaction(advance);
        Ok(id)
    }
}

fn credit_of(document: &Invoice) -> Option<Credit> {
    let amount = -document.due();
    let (number, id) = (document.number, document.id);
    if document.gross() < Decimal::ZERO {
        return Some(Credit { id, kind: CreditKind::CreditNote, amount, date: document.issued_on, document: number });
    }
    let last = document.payments.iter().rev().find(|own| !own.is_credit)?;
    Some(Credit { id: last.id, kind: CreditKind::OverPayment, amount, date: last.date, document: number })
}
