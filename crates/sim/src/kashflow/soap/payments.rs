//! Payments and credits in the shape of the SOAP API.

use rust_decimal::Decimal;

use super::Asked;
use super::invoices::found;
use crate::kashflow::Account;
use crate::kashflow::api::Body as _;
use crate::kashflow::chart;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{CreditKind, Ledger, Payment, Side, round};

type Outcome = Result<Json, ApiError>;

/// Pays an invoice, named by its number, in pounds; gives the payment's id.
pub fn insert(account: &Account, asked: &Asked) -> Outcome {
    let sent = asked.args.get("InvoicePayment").ok_or_else(|| ApiError::invalid("InvoicePayment is missing"))?;
    let mut ledger = account.ledger();
    let invoice = found(&ledger, sent.int("PayInvoice")?.unwrap_or_default())?;
    let (number, rate) = (invoice.number, invoice.rate);
    let (bank, method) = (sent.int("PayAccount")?.unwrap_or_default(), sent.int("PayMethod")?.unwrap_or_default());
    ledger.bank(bank)?;
    ledger.payment_method(method)?;
    let date = sent.day("PayDate")?.unwrap_or_else(|| account.today());
    ledger.refuse_bank_locked(bank, date)?;
    let id = ledger.fresh_id();
    let payment = Payment {
        id,
        date,
        amount: round(sent.amount("PayAmount")?.unwrap_or_default() * rate, 4),
        method,
        account: bank,
        reference: None,
        note: sent.text("PayNote"),
        bulk: None,
        is_credit: false,
    };
    ledger.change_invoice(Side::Sales, number, |invoice| invoice.payments.push(payment));
    Ok(id.into())
}

/// The payments of an invoice, in pounds.
pub fn of_invoice(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let invoice = found(&ledger, asked.args.int("InvoiceNumber")?.unwrap_or_default())?;
    let rows = invoice.payments.iter().map(|own| {
        Json::object([
            ("PayID", own.id.into()),
            ("PayInvoice", invoice.number.into()),
            ("PayDate", format!("{}T00:00:00", own.date).into()),
            ("PayNote", own.note.as_deref().into()),
            ("PayMethod", own.method.into()),
            ("PayAccount", own.account.into()),
            ("PayAmount", invoice.in_home(own.amount).into()),
        ])
    });
    Ok(Json::List(rows.collect()))
}

/// Deletes a payment by its id.
pub fn delete(account: &Account, asked: &Asked) -> Outcome {
    let id = asked.args.int("InvoicePaymentNumber")?.unwrap_or_default();
    let mut ledger = account.ledger();
    let found = ledger[Side::Sales]
        .invoices
        .all()
        .find_map(|own| Some((own.number, own.payments.iter().find(|payment| payment.id == id)?.clone())));
    let (number, payment) = found.ok_or_else(|| ApiError::invalid(format!("There is no payment with id {id}")))?;
    ledger.refuse_bank_locked(payment.account, payment.date)?;
    ledger.change_invoice(Side::Sales, number, |invoice| invoice.payments.retain(|own| own.id != id));
    Ok(Json::Flag(true))
}

/// Ways to be paid.
pub fn methods(_: &Account, _: &Asked) -> Outcome {
    let rows = chart::PAYMENT_METHODS.iter();
    let rows = rows.map(|(id, name)| Json::object([("MethodID", (*id).into()), ("MethodName", (*name).into())]));
    Ok(Json::List(rows.collect()))
}

/// Applies a credit note to an invoice. Both are taken by internal id, else by number: the vendor does not say which.
pub fn apply_credit_note(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let number = either(&ledger, asked.args.int("InvoiceID")?.unwrap_or_default())?;
    let note = either(&ledger, asked.args.int("CreditNoteID")?.unwrap_or_default())?;
    apply(account, &mut ledger, number, |credit| credit.0 == CreditKind::CreditNote && credit.1 == note)
}

/// Makes money on account the payment of an invoice.
pub fn allocate_advance(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let (number, id) =
        (asked.args.int("InvoiceNumber")?.unwrap_or_default(), asked.args.int("BankTxId")?.unwrap_or_default());
    apply(account, &mut ledger, number, |credit| credit.0 == CreditKind::AdvancePayment && credit.2 == id)
}

/// `wanted` sees kind, document number and id of each credit.
fn apply(
    account: &Account,
    ledger: &mut Ledger,
    number: i64,
    wanted: impl Fn((CreditKind, i64, i64)) -> bool,
) -> Outcome {
    let invoice = found(ledger, number)?;
    let credits = ledger.credits_for(invoice);
    let credit = credits.iter().find(|own| own.amount > Decimal::ZERO && wanted((own.kind, own.document, own.id)));
    let credit = credit.ok_or_else(|| ApiError::invalid("That credit cannot be applied to this invoice"))?;
    ledger.apply_credit(Side::Sales, number, credit, account.today())?;
    Ok(Json::Flag(true))
}

fn either(ledger: &Ledger, key: i64) -> Result<i64, ApiError> {
    let invoices = &ledger[Side::Sales].invoices;
    let found = invoices.by_id(key).or_else(|| invoices.get(key));
    found.map(|own| own.number).ok_or_else(|| ApiError::invalid(format!("There is no invoice {key}")))
}
