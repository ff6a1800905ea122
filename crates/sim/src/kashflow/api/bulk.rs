//! Bulk payments, and credits applied to an invoice.

use rust_decimal::Decimal;

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BulkItem, BulkPayment, Credit, Ledger, round};

/// Pays several invoices at once.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let bulk = read(account, &call.body, 0)?;
    let mut ledger = account.ledger();
    let bulk = ledger.put_bulk(bulk)?;
    Ok(Reply::created(format!("/invoices/bulk/payments/{}", bulk.number), write(&ledger, &bulk)))
}

/// One bulk payment.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The bulk payment")?;
    let ledger = account.ledger();
    let bulk = ledger.bulk.get(&number).ok_or_else(|| ApiError::not_found("The bulk payment"))?;
    Ok(Reply::ok(write(&ledger, bulk)))
}

/// Replaces a bulk payment under its number. If the new one is refused, the old one stays.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The bulk payment")?;
    let bulk = read(account, &call.body, number)?;
    let mut ledger = account.ledger();
    let old = ledger.delete_bulk(number)?;
    match ledger.put_bulk(bulk) {
        Ok(bulk) => Ok(Reply::ok(write(&ledger, &bulk))),
        Err(refused) => {
            ledger.put_bulk(old)?;
            Err(refused)
        }
    }
}

/// Undoes a bulk payment.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The bulk payment")?;
    account.ledger().delete_bulk(number)?;
    Ok(Reply::done())
}

/// What can be applied to the invoice with this internal id.
pub fn list_credits(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let credits = credits(&ledger, call)?.1;
    Ok(Reply::ok(Json::List(credits.iter().map(credit_json).collect())))
}

/// Applies chosen credits, in the order sent, until the invoice is paid.
pub fn apply_credits(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let (invoice, available) = credits(&ledger, call)?;
    let chosen = call.body.items().ok_or_else(|| ApiError::invalid("The body must be a list of credits."))?;
    let mut wanted = Vec::new();
    for sent in chosen {
        let id = sent.int("Id")?.unwrap_or_default();
        let kind = sent.text("Type").unwrap_or_default();
        let found = available
            .iter()
            .find(|own| own.id == id && (kind.is_empty() || own.kind.label().eq_ignore_ascii_case(&kind)));
        wanted.push(found.ok_or_else(|| ApiError::invalid(format!("Credit {id} cannot be applied to this invoice.")))?);
    }
    for credit in wanted {
        ledger.apply_credit(invoice, credit, account.today())?;
    }
    Ok(Reply { status: 200, location: None, body: None })
}

fn credits(ledger: &Ledger, call: &Call) -> Result<(i64, Vec<Credit>), ApiError> {
    let id = call.number(2, "The invoice")?;
    let invoice = ledger.invoices.by_id(id).ok_or_else(|| ApiError::not_found("The invoice"))?;
    Ok((invoice.number, ledger.credits_for(invoice)))
}

fn credit_json(credit: &Credit) -> Json {
    let comment = match credit.kind {
        crate::kashflow::ledger::CreditKind::CreditNote => format!("Credit Note #{}", credit.document),
        crate::kashflow::ledger::CreditKind::OverPayment => format!("Overpayment of invoice #{}", credit.document),
    };
    Json::object([
        ("Id", credit.id.into()),
        ("Type", credit.kind.label().into()),
        ("Amount", credit.amount.into()),
        ("Date", day::print(credit.date)),
        ("Comment", comment.into()),
    ])
}

fn read(account: &Account, body: &Json, number: i64) -> Result<BulkPayment, ApiError> {
    let missing = |name: &str| ApiError::invalid(format!("{name} is required."));
    let mut items = Vec::new();
    for item in body.list("PaymentItems")?.unwrap_or_default() {
        items.push(BulkItem {
            invoice: item.int("ObjectNumber")?.ok_or_else(|| missing("PaymentItems.ObjectNumber"))?,
            amount: round(item.amount("Amount")?.ok_or_else(|| missing("PaymentItems.Amount"))?, 4),
            date: item.day("PaidDate")?,
            payment: 0,
        });
    }
    if items.is_empty() {
        return Err(missing("PaymentItems"));
    }
    Ok(BulkPayment {
        number,
        date: body.day("Date")?.unwrap_or_else(|| account.today()),
        comment: body.text("Comment"),
        account: body.int("AccountId")?.ok_or_else(|| missing("AccountId"))?,
        method: body.int("Method")?.ok_or_else(|| missing("Method"))?,
        items,
        is_credit: false,
    })
}

fn write(ledger: &Ledger, bulk: &BulkPayment) -> Json {
    let items = bulk.items.iter().map(|item| {
        let invoice = ledger.invoices.get(item.invoice);
        Json::object([
            ("Id", item.payment.into()),
            ("ObjectNumber", item.invoice.into()),
            ("Amount", item.amount.into()),
            ("PaidDate", day::print(item.date.unwrap_or(bulk.date))),
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
