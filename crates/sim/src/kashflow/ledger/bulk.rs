//! Payments of many invoices at once, and credits applied to an invoice, which are such payments that sum to nothing.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, Invoice, Ledger, Payment};
use crate::kashflow::chart;

/// A bulk payment.
#[derive(Clone, Debug)]
pub struct BulkPayment {
    /// Its number, in a series of its own.
    pub number: i64,
    /// When.
    pub date: Date,
    /// Free text.
    pub comment: Option<String>,
    /// Bank account.
    pub account: i64,
    /// Payment method.
    pub method: i64,
    /// What it pays.
    pub items: Vec<BulkItem>,
    /// Made by applying a credit.
    pub is_credit: bool,
}

/// One invoice in a bulk payment.
#[derive(Clone, Debug)]
pub struct BulkItem {
    /// The invoice's number.
    pub invoice: i64,
    /// How much, in the invoice's currency.
    pub amount: Decimal,
    /// When, if other than the bulk payment's date.
    pub date: Option<Date>,
    /// The payment line it became.
    pub payment: i64,
}

/// What can be applied to an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Internal id of the credit note, or of the payment that was too high.
    pub id: i64,
    /// What it is.
    pub kind: CreditKind,
    /// What is left of it.
    pub amount: Decimal,
    /// Its date.
    pub date: Date,
    /// Number of the document that it is on.
    pub document: i64,
}

/// What a credit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditKind {
    /// A document with a negative total.
    CreditNote,
    /// A payment higher than its document.
    OverPayment,
}

impl CreditKind {
    /// `Type`.
    pub fn label(self) -> &'static str {
        match self {
            CreditKind::CreditNote => "CreditNote",
            CreditKind::OverPayment => "OverPayment",
        }
    }
}

impl Ledger {
    /// Pays all items of `bulk` or none. Numbers it and gives it back as filed.
    pub(in crate::kashflow) fn put_bulk(&mut self, mut bulk: BulkPayment) -> Result<BulkPayment, ApiError> {
        if !bulk.is_credit {
            self.bank(bulk.account)?;
            self.payment_method(bulk.method)?;
        }
        for item in &bulk.items {
            let Some(_) = self.invoices.get(item.invoice) else {
                return Err(ApiError::invalid(format!("Invoice {} does not exist.", item.invoice)));
            };
            self.refuse_bank_locked(bulk.account, item.date.unwrap_or(bulk.date))?;
        }
        if bulk.number == 0 {
            bulk.number = self.bulk.last_key_value().map_or(1, |(highest, _)| highest + 1);
        }
        for item in &mut bulk.items {
            let id = self.fresh_id();
            item.payment = id;
            let payment = Payment {
                id,
                date: item.date.unwrap_or(bulk.date),
                amount: item.amount,
                method: bulk.method,
                account: bulk.account,
                reference: None,
                note: bulk.comment.clone(),
                bulk: Some(bulk.number),
                is_credit: bulk.is_credit,
            };
            self.change_invoice(item.invoice, |invoice| invoice.payments.push(payment));
        }
        self.bulk.insert(bulk.number, bulk.clone());
        Ok(bulk)
    }

    /// Undoes a bulk payment: its lines leave the invoices.
    pub(in crate::kashflow) fn delete_bulk(&mut self, number: i64) -> Result<BulkPayment, ApiError> {
        let Some(bulk) = self.bulk.get(&number).cloned() else { return Err(ApiError::not_found("The bulk payment")) };
        for item in &bulk.items {
            self.refuse_bank_locked(bulk.account, item.date.unwrap_or(bulk.date))?;
        }
        for item in &bulk.items {
            self.change_invoice(item.invoice, |invoice| invoice.payments.retain(|payment| payment.id != item.payment));
        }
        self.bulk.remove(&number);
        Ok(bulk)
    }

    /// What can be applied to `invoice`: other documents of its customer, in its currency, with something left.
    pub(in crate::kashflow) fn credits_for(&self, invoice: &Invoice) -> Vec<Credit> {
        let others =
            self.invoices.creditors_of(invoice.contact_id).into_iter().filter_map(|number| self.invoices.get(number));
        let usable = others.filter(|other| other.number != invoice.number && other.currency == invoice.currency);
        usable.filter_map(credit_of).collect()
    }

    /// Applies `credit` to `invoice`: the same amount off both, in one bulk payment that sums to nothing.
    pub(in crate::kashflow) fn apply_credit(
        &mut self,
        invoice: i64,
        credit: &Credit,
        on: Date,
    ) -> Result<(), ApiError> {
        let due = self.invoices.get(invoice).map(Invoice::due).unwrap_or_default();
        let amount = credit.amount.min(due);
        if amount <= Decimal::ZERO {
            return Err(ApiError::refused("NothingToApply", "The invoice has nothing left to pay."));
        }
        let item = |invoice, amount| BulkItem { invoice, amount, date: None, payment: 0 };
        let account = self.banks.keys().next().copied().unwrap_or_default();
        self.put_bulk(BulkPayment {
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

    pub(in crate::kashflow) fn payment_method(&self, id: i64) -> Result<(), ApiError> {
        let known = chart::PAYMENT_METHODS.iter().any(|(own, _)| *own == id);
        known.then_some(()).ok_or_else(|| ApiError::invalid(format!("Payment method {id} does not exist.")))
    }

    /// Changes an invoice in place, with everything that follows from it.
    pub(in crate::kashflow) fn change_invoice(&mut self, number: i64, change: impl FnOnce(&mut Invoice)) {
        if let Some(mut invoice) = self.invoices.get(number).cloned() {
            change(&mut invoice);
            self.put_invoice(invoice, Some(number));
        }
    }
}

fn credit_of(document: &Invoice) -> Option<Credit> {
    let amount = -document.due();
    if document.gross() < Decimal::ZERO {
        return Some(Credit {
            id: document.id,
            kind: CreditKind::CreditNote,
            amount,
            date: document.issued_on,
            document: document.number,
        });
    }
    let last = document.payments.last()?;
    Some(Credit { id: last.id, kind: CreditKind::OverPayment, amount, date: last.date, document: document.number })
}
