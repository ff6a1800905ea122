//! Payments of many invoices at once. Each is a payment line on its invoice; the bulk payment only names them.
//!
//! Applied credits are bulk payments too, whose lines sum to nothing: see `credits`.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ApiError, Ledger, Payment, Side};
use crate::kashflow::chart;

/// A bulk payment.
#[derive(Clone, Debug)]
pub struct BulkPayment {
    /// What it pays: invoices or purchases.
    pub side: Side,
    /// Its number, in a series of its side.
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
    /// When.
    pub date: Date,
    /// The payment line that it is; 0 until it is one.
    pub payment: i64,
}

impl Ledger {
    /// Pays all items of `bulk` or none. Numbers it if its number is 0, else replaces the one with its number, and gives it back
    /// as filed.
    pub(in crate::kashflow) fn put_bulk(&mut self, mut bulk: BulkPayment) -> Result<BulkPayment, ApiError> {
        self.check_bulk(&bulk)?;
        let side = bulk.side;
        if bulk.number == 0 {
            bulk.number = self[side].bulk.last_key_value().map_or(1, |(highest, _)| highest + 1);
        } else if let Some(old) = self[side].bulk.get(&bulk.number).cloned() {
            for item in &mut bulk.items {
                let same = old.items.iter().find(|own| own.invoice == item.invoice);
                item.payment = same.map_or(0, |own| own.payment);
            }
            self.undo_bulk(side, bulk.number)?;
        }
        for item in &mut bulk.items {
            if item.payment == 0 {
                item.payment = self.fresh_id();
            }
            let payment = Payment {
                id: item.payment,
                date: item.date,
                amount: item.amount,
                method: bulk.method,
                account: bulk.account,
                reference: None,
                note: bulk.comment.clone(),
                bulk: Some(bulk.number),
                is_credit: bulk.is_credit,
            };
            self.change_invoice(side, item.invoice, |invoice| invoice.payments.push(payment));
        }
        self[side].bulk.insert(bulk.number, bulk.clone());
        Ok(bulk)
    }

    /// Undoes a bulk payment: its lines leave the invoices.
    pub(in crate::kashflow) fn delete_bulk(&mut self, side: Side, number: i64) -> Result<(), ApiError> {
        self.undo_bulk(side, number)
    }

    fn check_bulk(&self, bulk: &BulkPayment) -> Result<(), ApiError> {
        if !bulk.is_credit {
            self.bank(bulk.account)?;
            self.payment_method(bulk.method)?;
        }
        for (index, item) in bulk.items.iter().enumerate() {
            let (document, number) = (bulk.side.document(), item.invoice);
            if self[bulk.side].invoices.get(number).is_none() {
                return Err(ApiError::invalid(format!("The {document} {number} does not exist.")));
            }
            if bulk.items.iter().take(index).any(|other| other.invoice == number) {
                return Err(ApiError::invalid(format!("The {document} {number} is paid twice.")));
            }
            self.refuse_bank_locked(bulk.account, item.date)?;
        }
        if let Some(old) = self[bulk.side].bulk.get(&bulk.number) {
            old.items.iter().try_for_each(|item| self.refuse_bank_locked(old.account, item.date))?;
        }
        Ok(())
    }

    fn undo_bulk(&mut self, side: Side, number: i64) -> Result<(), ApiError> {
        let Some(bulk) = self[side].bulk.get(&number) else { return Err(ApiError::not_found("The bulk payment")) };
        for item in &bulk.items {
            self.refuse_bank_locked(bulk.account, item.date)?;
        }
        self.forget_bulk(side, number);
        Ok(())
    }

    fn forget_bulk(&mut self, side: Side, number: i64) {
        // Out of the list first, so that the invoices' changes find nothing left to follow.
        let Some(bulk) = self[side].bulk.remove(&number) else { return };
        for item in &bulk.items {
            self.change_invoice(side, item.invoice, |invoice| invoice.payments.retain(|own| own.id != item.payment));
        }
    }

    /// Has bulk payments follow what happened to the lines `old` of an invoice, which is now the one with `number` or gone.
    ///
    /// A line that is gone leaves its bulk payment. If that was an applied credit, its other half goes too.
    pub(super) fn follow_in_bulk(&mut self, side: Side, old: &[Payment], number: i64) {
        for payment in old {
            let Some(bulk_number) = payment.bulk.filter(|bulk| self[side].bulk.contains_key(bulk)) else { continue };
            let invoice = self[side].invoices.get(number);
            let now = invoice.and_then(|own| own.payments.iter().find(|own| own.id == payment.id)).cloned();
            match (now, payment.is_credit) {
                (None, true) => self.forget_bulk(side, bulk_number),
                (now, _) => {
                    let Some(bulk) = self[side].bulk.get_mut(&bulk_number) else { continue };
                    match now {
                        None => bulk.items.retain(|item| item.payment != payment.id),
                        Some(now) => bulk.items.iter_mut().filter(|item| item.payment == now.id).for_each(|item| {
                            item.invoice = number;
                            item.amount = now.amount;
                            item.date = now.date;
                        }),
                    }
                    if bulk.items.is_empty() {
                        self[side].bulk.remove(&bulk_number);
                    }
                }
            }
        }
    }

    pub(in crate::kashflow) fn payment_method(&self, id: i64) -> Result<(), ApiError> {
        let known = chart::PAYMENT_METHODS.iter().any(|(own, _)| *own == id);
        known.then_some(()).ok_or_else(|| ApiError::invalid(format!("Payment method {id} does not exist.")))
    }
}
