//! Invoices and purchases: create, read, change, delete, and the next number.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::call::Body;
use super::invoice_fields as fields;
use super::{Call, Outcome, Reply};
use crate::NumberMode;
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Invoice, Ledger, Side};

/// Numbers beyond this are refused: the vendor's are 32-bit.
const NUMBER_MAX: i64 = 2_147_483_647;

/// Creates an invoice or purchase, with its payments if it has any.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let number = file(&mut ledger, call.side(), &call.body, account.today())?;
    answer(&ledger, call.side(), number, account.today(), true)
}

/// Files what `body` says on `side` as a new document. Gives its number.
pub fn file(ledger: &mut Ledger, side: Side, body: &Json, today: Date) -> Result<i64, ApiError> {
    if side == Side::Sales {
        refuse_beyond_plan(ledger, today)?;
    }
    let (number, replaces) = number_for(ledger, side, number_sent(body)?)?;
    let mut invoice = blank(side, ledger.now, today);
    fields::read(ledger, body, &mut invoice, today)?;
    ledger.refuse_locked(invoice.issued_on)?;
    if let Some(old) = replaces.and_then(|number| ledger[side].invoices.get(number)) {
        ledger.refuse_locked(old.issued_on)?;
    }
    invoice.number = number;
    invoice.id = ledger.fresh_id();
    ledger.put_invoice(invoice, replaces);
    Ok(number)
}

/// One invoice or purchase in full.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let number = call.number(1, "The document")?;
    answer(&account.ledger(), call.side(), number, account.today(), false)
}

/// Changes an invoice or purchase; 201 when its number changed. In a lock, payments may still be added that lie outside it.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let (side, today) = (call.side(), account.today());
    let mut ledger = account.ledger();
    let number = call.number(1, "The document")?;
    let old = ledger[side].invoices.get(number).ok_or_else(|| missing(side))?.clone();
    let mut invoice = old.clone();
    if let Some(wanted) = number_sent(&call.body)?.filter(|wanted| *wanted != number) {
        if ledger[side].invoices.get(wanted).is_some() {
            return Err(duplicate(side, wanted));
        }
        invoice.number = wanted;
    }
    fields::read(&mut ledger, &call.body, &mut invoice, today)?;
    let but_for_payments = Invoice { payments: old.payments.clone(), ..invoice.clone() };
    if but_for_payments != old {
        ledger.refuse_locked(old.issued_on)?;
        ledger.refuse_locked(invoice.issued_on)?;
    }
    let now_number = invoice.number;
    ledger.put_invoice(invoice, Some(number));
    answer(&ledger, side, now_number, today, now_number != number)
}

/// Deletes an invoice or purchase that has no payments.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    remove(&mut account.ledger(), call.side(), call.number(1, "The document")?)?;
    Ok(Reply::done())
}

/// Deletes the document with this number, if it has no payments and is not locked.
pub fn remove(ledger: &mut Ledger, side: Side, number: i64) -> Result<(), ApiError> {
    let invoice = ledger[side].invoices.get(number).ok_or_else(|| missing(side))?;
    ledger.refuse_locked(invoice.issued_on)?;
    if !invoice.payments.is_empty() {
        let name = match side {
            Side::Sales => "InvoiceHasPayments",
            Side::Purchases => "PurchaseHasPayments",
        };
        return Err(ApiError::refused(name, format!("The {} has payments and cannot be deleted.", side.document())));
    }
    ledger.delete_invoice(side, number);
    Ok(())
}

/// The highest number and one, as a bare integer.
pub fn next_number(account: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(account.ledger()[Side::Sales].invoices.next_number().into()))
}

/// Documents made in this cycle, which is the calendar month.
pub fn count_in_cycle(account: &Account, _: &Call) -> Outcome {
    let made = account.ledger()[Side::Sales].invoices.made_in_month_of(account.today());
    Ok(Reply::ok(Json::Int(i64::from(made))))
}

/// Whether the plan's invoices of this cycle are used up.
pub fn limit_reached(ledger: &Ledger, today: Date) -> bool {
    ledger.options().invoice_limit.is_some_and(|limit| ledger[Side::Sales].invoices.made_in_month_of(today) >= limit)
}

fn refuse_beyond_plan(ledger: &Ledger, today: Date) -> Result<(), ApiError> {
    if limit_reached(ledger, today) {
        let message = "The invoice limit of your plan has been reached for this subscription cycle.";
        return Err(ApiError::refused("InvoiceLimitReached", message));
    }
    Ok(())
}

/// The number asked for; absent and 0 mean "the next one".
fn number_sent(body: &Json) -> Result<Option<i64>, ApiError> {
    match body.int("Number")? {
        None | Some(0) => Ok(None),
        Some(number) if (1..=NUMBER_MAX).contains(&number) => Ok(Some(number)),
        Some(_) => Err(ApiError::invalid("Number is out of range.")),
    }
}

/// The number a new document gets, and the document it overwrites.
fn number_for(ledger: &Ledger, side: Side, sent: Option<i64>) -> Result<(i64, Option<i64>), ApiError> {
    let next = ledger[side].invoices.next_number();
    match sent {
        None => Ok((next, None)),
        Some(number) if ledger[side].invoices.get(number).is_none() => Ok((number, None)),
        Some(number) => match ledger.options().numbers {
            NumberMode::Reject => Err(duplicate(side, number)),
            NumberMode::Overwrite => Ok((number, Some(number))),
            NumberMode::Renumber => Ok((next, None)),
        },
    }
}

fn duplicate(side: Side, number: i64) -> ApiError {
    let name = match side {
        Side::Sales => "DuplicateInvoiceNumber",
        Side::Purchases => "DuplicatePurchaseNumber",
    };
    ApiError::refused(name, format!("The {} number {number} is already in use.", side.document()))
}

fn missing(side: Side) -> ApiError {
    ApiError::not_found(&format!("The {}", side.document()))
}

fn answer(ledger: &Ledger, side: Side, number: i64, today: Date, created: bool) -> Outcome {
    let invoice = ledger[side].invoices.get(number).ok_or_else(|| missing(side))?;
    let body = fields::detail(ledger, invoice, today);
    Ok(if created { Reply::created(format!("/{}/{number}", side.route()), body) } else { Reply::ok(body) })
}

/// An empty invoice to read a request into. Number 0 marks it as new.
pub fn blank(side: Side, now: Timestamp, today: Date) -> Invoice {
    Invoice {
        side,
        id: 0,
        number: 0,
        contact_id: 0,
        contact_code: String::new(),
        reference: String::new(),
        issued_on: today,
        due_on: today,
        currency: "GBP".to_owned(),
        rate: Decimal::ONE,
        lines: Vec::new(),
        payments: Vec::new(),
        address: None,
        delivery: None,
        created_at: now,
        extras: Extras::new(),
    }
}
