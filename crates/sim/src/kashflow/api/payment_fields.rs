//! The payments of an invoice, read from a request and written to an answer.

use jiff::civil::Date;

use super::call::Body;
use crate::PaymentLinesMode;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Invoice, Ledger, Payment, round};

/// All payments after the call: lines with an id are those that are there, lines without are new. Others go, or stay where the
/// account is in that mode.
pub fn read(ledger: &mut Ledger, sent: &[Json], invoice: &Invoice, today: Date) -> Result<Vec<Payment>, ApiError> {
    let mut payments: Vec<Payment> = Vec::with_capacity(sent.len());
    for line in sent {
        let known = match line.int("Id")?.filter(|id| *id != 0) {
            None => None,
            Some(id) if payments.iter().any(|own| own.id == id) => {
                return Err(ApiError::invalid(format!("Payment {id} is sent twice.")));
            }
            Some(id) => {
                let found = invoice.payments.iter().find(|own| own.id == id);
                Some(found.ok_or_else(|| ApiError::invalid(format!("Payment {id} is not one of this document.")))?)
            }
        };
        let payment = payment_of(ledger, line, known, today)?;
        if known != Some(&payment) {
            ledger.refuse_bank_locked(payment.account, payment.date)?;
            known.map_or(Ok(()), |known| refuse_change(ledger, known, &payment))?;
        }
        payments.push(payment);
    }
    let left_out = invoice.payments.iter().filter(|own| !payments.iter().any(|kept| kept.id == own.id));
    match ledger.options().payment_lines {
        PaymentLinesMode::FullSet => {
            left_out.into_iter().try_for_each(|gone| ledger.refuse_bank_locked(gone.account, gone.date))?
        }
        PaymentLinesMode::Append => {
            let kept: Vec<Payment> = left_out.cloned().collect();
            payments.splice(0..0, kept);
        }
    }
    for payment in payments.iter_mut().filter(|payment| payment.id == 0) {
        payment.id = ledger.fresh_id();
    }
    Ok(payments)
}

/// A payment in a lock stays, an applied credit too, and one of a bulk payment stays in its bank account.
fn refuse_change(ledger: &Ledger, known: &Payment, now: &Payment) -> Result<(), ApiError> {
    if known.is_credit || (known.bulk.is_some() && (known.account, known.method) != (now.account, now.method)) {
        return Err(ApiError::invalid(format!("Payment {} is part of a bulk payment.", known.id)));
    }
    ledger.refuse_bank_locked(known.account, known.date)
}

fn payment_of(ledger: &Ledger, sent: &Json, known: Option<&Payment>, today: Date) -> Result<Payment, ApiError> {
    let required = |name: &str| ApiError::invalid(format!("PaymentLines.{name} is required."));
    let amount = sent.amount("Amount")?.or(known.map(|known| known.amount)).ok_or_else(|| required("Amount"))?;
    let account = sent.int("AccountId")?.or(known.map(|known| known.account)).ok_or_else(|| required("AccountId"))?;
    let method = sent.int("Method")?.or(known.map(|known| known.method)).ok_or_else(|| required("Method"))?;
    ledger.bank(account)?;
    ledger.payment_method(method)?;
    Ok(Payment {
        id: known.map_or(0, |known| known.id),
        date: sent.day("Date")?.or(known.map(|known| known.date)).unwrap_or(today),
        amount: round(amount, 4),
        method,
        account,
        reference: sent.text("Reference").or_else(|| known.and_then(|known| known.reference.clone())),
        note: sent.text("Note").or_else(|| known.and_then(|known| known.note.clone())),
        bulk: known.and_then(|known| known.bulk),
        is_credit: known.is_some_and(|known| known.is_credit),
    })
}

/// A payment line.
pub fn write(payment: &Payment) -> Json {
    Json::object([
        ("Id", payment.id.into()),
        ("Date", day::print(payment.date)),
        ("Amount", payment.amount.into()),
        ("Method", payment.method.into()),
        ("AccountId", payment.account.into()),
        ("Reference", payment.reference.as_deref().into()),
        ("Note", payment.note.as_deref().into()),
        ("BulkPaymentNumber", payment.bulk.into()),
        ("BulkId", payment.bulk.into()),
        ("BankTransactionId", if payment.is_credit { Json::Null } else { payment.id.into() }),
        ("IsPaymentCreditNote", payment.is_credit.into()),
        ("VATReturnId", Json::Null),
    ])
}
