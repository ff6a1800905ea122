//! Bulk payments, and credits applied to an invoice.

use rust_decimal::Decimal;

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BulkItem, BulkPayment, Credit, CreditKind, Ledger, Side, round};

/// Pays several invoices or purchases at once.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let bulk = read(account, call.side(), &call.body, 0)?;
    let mut ledger = account.ledger();
    let bulk = ledger.put_bulk(bulk)?;
    Ok(Reply::created(format!("/{}/bulk/payments/{}", bulk.side.route(), bulk.number), write(&ledger, &bulk)))
}

/// One bulk payment.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The bulk payment")?;
    let ledger = account.ledger();
    let bulk = ledger[call.side()].bulk.get(&number).ok_or_else(|| ApiError::not_found("The bulk payment"))?;
    Ok(Reply::ok(write(&ledger, bulk)))
}

/// Replaces a bulk payment under its number. If the new one is refused, the old one stays.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let (side, number) = (call.side(), call.number(3, "The bulk payment")?);
    let bulk = read(account, side, &call.body, number)?;
    let mut ledger = account.ledger();
    let old = ledger[side].bulk.get(&number).ok_or_else(|| ApiError::not_found("The bulk payment"))?;
    if old.is_credit {
        return Err(ApiError::invalid("An applied credit cannot be changed, only deleted."));
    }
    let bulk = ledger.put_bulk(bulk)?;
    Ok(Reply::ok(write(&ledger, &bulk)))
}

/// Undoes a bulk payment.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The bulk payment")?;
    account.ledger().delete_bulk(call.side(), number)?;
    Ok(Reply::done())
}

/// What can be applied to the document with this internal id.
pub fn list_credits(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let credits = credits(&ledger, call)?.1;
    Ok(Reply::ok(Json::List(credits.iter().map(|own| credit_json(call.side(), own)).collect())))
}

/// Applies chosen credits, in the order sent, until the document is paid.
pub fn apply_credits(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let (number, available) = credits(&ledger, call)?;
    let chosen = call.body.items().ok_or_else(|| ApiError::invalid("The body must be a list of credits."))?;
    let mut wanted = Vec::new();
    for sent in chosen {
        let id = sent.int("Id")?.unwrap_or_default();
        let kind = sent.text("Type").unwrap_or_default();
        let found = available
            .iter()
            .find(|own| own.id == id && (kind.is_empty() || own.kind.label().eq_ignore_ascii_case(&kind)));
        let found = found.filter(|found| !wanted.contains(found));
        wanted
            .push(found.ok_or_else(|| ApiError::invalid(format!("Credit {id} cannot be applied to this document.")))?);
    }
    for (index, credit) in wanted.into_iter().enumerate() {
        let paid = ledger[call.side()].invoices.get(number).is_some_and(|own| own.due() <= Decimal::ZERO);
        if index > 0 && paid {
            break;
        }
        ledger.apply_credit(call.side(), number, credit, account.today())?;
    }
    Ok(Reply { status: 200, location: None, body: None })
}

/// Takes a payment off its document and keeps it as money on account.
pub fn unallocate(account: &Account, call: &Call) -> Outcome {
    let (number, payment) = (call.number(2, "The document")?, call.number(4, "The payment")?);
    let id = account.ledger().unallocate(call.side(), number, payment)?;
    Ok(Reply::ok(Json::object([("Id", id.into())])))
}

fn credits(ledger: &Ledger, call: &Call) -> Result<(i64, Vec<Credit>), ApiError> {
    let id = call.number(2, "The document")?;
    let invoice = ledger[call.side()].invoices.by_id(id).ok_or_else(|| ApiError::not_found("The document"))?;
    Ok((invoice.number, ledger.credits_for(invoice)))
}

fn credit_json(side: Side, credit: &Credit) -> Json {
    let comment = match credit.kind {
        CreditKind::CreditNote => format!("Credit Note #{}", credit.document),
        CreditKind::OverPayment => format!("Overpayment of {} #{}", side.document(), credit.document),
        CreditKind::AdvancePayment => "Payment on account".to_owned(),
    };
    Json::object([
        ("Id", credit.id.into()),
        ("Type", credit.kind.label().into()),
        ("Amount", credit.amount.into()),
        ("Date", day::print(credit.date)),
        ("Comment", comment.into()),
    ])
}

fn read(account: &Account, side: Side, body: &Json, number: i64) -> Result<BulkPayment, ApiError> {
    let missing = |name: &str| ApiError::invalid(format!("{name} is required."));
    let date = body.day("Date")?.unwrap_or_else(|| account.today());
    let mut items = Vec::new();
    for item in body.list("PaymentItems")?.unwrap_or_default() {
        items.push(BulkItem {
            invoice: item.int("ObjectNumber")?.ok_or_else(|| missing("PaymentItems.ObjectNumber"))?,
            amount: round(item.amount("Amount")?.ok_or_else(|| missing("PaymentItems.Amount"))?, 4),
            date: item.day("PaidDate")?.unwrap_or(date),
            payment: 0,
        });
    }
    if items.is_empty() {
        return Err(missing("PaymentItems"));
    }
    Ok(BulkPayment {
        side,
        number,
        date,
        comment: body.text("Comment"),
        account: body.int("AccountId")?.ok_or_else(|| missing("AccountId"))?,
        method: body.int("Method")?.ok_or_else(|| missing("Method"))?,
        items,
        is_credit: false,
    })
}

fn write(ledger: &Ledger, bulk: &BulkPayment) -> Json {
    let items = bulk.items.iter().map(|item| {
        let invoice = ledger[bulk.side].invoices.get(item.invoice);
        Json::object([
            ("Id", item.payment.into()),
            ("ObjectNumber", item.invoice.into()),
            ("Amount", item.amount.into()),
            ("PaidDate", day::print(item.date)),
            ("ContactCode", invoice.map(|invoice| invoice.contact_code.as_str()).into()),
            ("ContactId", invoice.map(|invoice| invoice.contact_id).into()),
            ("ContactReference", invoice.map(|invoice| invoice.reference.as_str()).into()),
            ("ObjectIssuedDate", invoice.map_or(Json::Null, |invoice| day::print(invoice.issued_on))),
            ("ObjectDueDate", invoice.map_or(Json::Null, |invoice| day::print(invoice.due_on))),
        ])
    });
    let total: Decimal = bulk.items.iter().map(|item| item.amount).sum();
    Json::object([
        ("Number", bulk.number.into()),
        ("Date", day::print(bulk.date)),
        ("Comment", bulk.comment.as_deref().into()),
        ("AccountId", bulk.account.into()),
        ("Method", bulk.method.into()),
        ("Reconciled", false.into()),
        ("PaymentItems", Json::List(items.collect())),
        ("TotalAmount", total.into()),
    ])
}
