//! An invoice from a batch of units.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use model::{
    DocumentKey, DocumentKind, DraftLine, ExchangeRate, Order, OrderId, PaymentDraft, SalesDraft, Subject, VatRate,
};
use money::{Currency, Money};
use sha2::{Digest, Sha256};

use crate::currency::to_home;
use crate::customers::customer;
use crate::journal::JournalEntry;
use crate::{Advice, Policy, Problem, Role, Treatment};

use super::lines::{lines, no_account};
use super::units::Batch;

/// The invoice for `batch`, or `None` if it has no amounts (a free replacement).
pub(crate) fn invoice(
    order: &Order,
    policy: &Policy,
    batch: &Batch,
    ordinal: u32,
) -> Result<(Option<SalesDraft>, Vec<Advice>), Vec<Problem>> {
    let (mut drafted, mut advice, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<Treatment> = None;
    for part in &batch.parts {
        let Some(line) = order.line(&part.line) else {
            problems.push(unknown_line(part.line.as_str()));
            continue;
        };
        match lines(order, line, part, london(batch.at), policy) {
            Ok(outcome) => {
                if !outcome.lines.is_empty() {
                    first.get_or_insert(outcome.treatment);
                }
                drafted.extend(outcome.lines);
                advice.extend(outcome.advice);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let Some(treatment) = first else { return Ok((None, advice)) };
    let draft =
        assemble(order, policy, drafted, treatment, london(batch.at), ordinal).map_err(|problem| vec![problem])?;
    Ok((Some(draft), advice))
}

fn assemble(
    order: &Order,
    policy: &Policy,
    drafted: Vec<DraftLine>,
    treatment: Treatment,
    on: Date,
    ordinal: u32,
) -> Result<SalesDraft, Problem> {
    let sold_in = drafted.first().map_or(policy.seller.home, |line| line.net.currency());
    let (drafted, currency, rate) = in_books_currency(order, policy, drafted, sold_in, on)?;
    let key = DocumentKey {
        subject: Subject::Order(order.id.clone()),
        kind: DocumentKind::Invoice,
        part: String::new(),
        ordinal,
    };
    let mut draft = SalesDraft {
        reference: reference(&policy.invoices.prefix, &order.id, key.kind, key.ordinal),
        key,
        customer: customer(order, policy, treatment, currency)?,
        issued_on: on,
        due_on: on.checked_add(Span::new().days(i64::from(policy.invoices.due_days))).unwrap_or(on),
        currency,
        rate,
        lines: drafted,
        payment: None,
        delivery: order.buyer.as_ref().and_then(|buyer| buyer.address.clone()),
        reverses: None,
    };
    draft.payment = payment(policy, &draft)?;
    check(&draft)?;
    Ok(draft)
}

/// The reference field: our dedupe key, unique per document.
pub(crate) fn reference(prefix: &str, order: &OrderId, kind: DocumentKind, ordinal: u32) -> String {
    match (kind, ordinal) {
        (DocumentKind::Reversal, ordinal) => format!("{prefix}{order}/C{ordinal}"),
        (DocumentKind::Refund, ordinal) => format!("{prefix}{order}/R{ordinal}"),
        (_, 1) => format!("{prefix}{order}"),
        (_, ordinal) => format!("{prefix}{order}/{ordinal}"),
    }
}

/// The payment of `draft` into the clearing account of its currency.
pub(crate) fn payment(policy: &Policy, draft: &SalesDraft) -> Result<Option<PaymentDraft>, Problem> {
    let Some(rule) = &policy.invoices.payment else { return Ok(None) };
    let account = rule.accounts.get(&draft.currency).copied().ok_or_else(|| {
        Problem::new(
            "no_clearing_account",
            "invoices.payment",
            format!("The mapping names no clearing account for {}. Nothing is posted for this order.", draft.currency),
            format!("Add {} to [invoices.payment.accounts] of the mapping, then press Retry.", draft.currency),
        )
    })?;
    let amount = draft.gross().map_err(|error| Problem::arithmetic("invoice", &error))?;
    let note = payment_marker(&draft.key);
    Ok(Some(PaymentDraft { account, method: rule.method, amount, on: draft.issued_on, note }))
}

/// The note by which the payment of a document is found again.
pub(crate) fn payment_marker(key: &DocumentKey) -> String {
    let digest = Sha256::digest(format!("{key}:p1"));
    let marker: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("AMZP:{marker}")
}

/// Last pass: a document balances and its lines are exact, or it does not leave the core.
pub(crate) fn check(draft: &SalesDraft) -> Result<(), Problem> {
    let broken = |what: String| {
        Problem::new(
            "document_does_not_balance",
            draft.key.to_string(),
            format!("The document was refused by our own last check: {what}. Nothing is posted."),
            "This is a mistake of the program: please report it with the order number.",
        )
    };
    for line in &draft.lines {
        let exact = line.unit_net.times(i64::from(line.quantity)).map_err(|error| broken(error.to_string()))?;
        if exact != line.net {
            return Err(broken(format!("{} × {} is not {}", line.quantity, line.unit_net, line.net)));
        }
    }
    JournalEntry::of_sales(draft).map(drop).map_err(|error| broken(error.to_string()))
}

/// The day of a moment in London: what a UK tax point is dated.
pub(crate) fn london(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)).date()
}

type Converted = (Vec<DraftLine>, Currency, Option<ExchangeRate>);

/// Keeps the currency of the sale if the books have it, with the rate; else converts each line to home currency.
fn in_books_currency(
    order: &Order,
    policy: &Policy,
    drafted: Vec<DraftLine>,
    sold_in: Currency,
    on: Date,
) -> Result<Converted, Problem> {
    let home = policy.seller.home;
    if sold_in == home {
        return Ok((drafted, home, None));
    }
    let rate = policy.rates.find(sold_in, on).ok_or_else(|| {
        Problem::new(
            "no_exchange_rate",
            "rates",
            format!("There is no rate for {sold_in} on {on}, so its value in {home} would be a guess. Nothing is posted for this order."),
            format!("Add the HMRC rate of the month to [rates.months.\"{:04}-{:02}\"] of the mapping, then press Retry.", on.year(), on.month()),
        )
    })?;
    if policy.books.currencies.contains(&sold_in) {
        return Ok((drafted, sold_in, Some(rate)));
    }
    let converted = convert(order, policy, drafted, &rate, home)?;
    Ok((converted, home, None))
}

fn convert(
    order: &Order,
    policy: &Policy,
    drafted: Vec<DraftLine>,
    rate: &ExchangeRate,
    home: Currency,
) -> Result<Vec<DraftLine>, Problem> {
    let too_large = || Problem::arithmetic("rates", &money::MoneyError::TooLarge);
    let mut gross = Money::zero(rate_currency(&drafted, home));
    let mut sum = Money::zero(home);
    let mut converted = Vec::new();
    for line in drafted {
        let add = |a: Money, b: Money| a.plus(b).map_err(|error| Problem::arithmetic("rates", &error));
        gross = add(add(gross, line.net)?, line.vat)?;
        let net = to_home(line.net, rate, home).ok_or_else(too_large)?;
        let vat = to_home(line.vat, rate, home).ok_or_else(too_large)?;
        sum = add(add(sum, net)?, vat)?;
        let note = format!("{} ({} at {} per {home}, {})", line.description, line.net, rate.per_home, rate.on);
        let units = line.units;
        // A converted unit price is hardly ever exact, so the line is sent as one, and carries no product.
        converted.push(DraftLine {
            description: note,
            quantity: 1,
            unit_net: net,
            net,
            vat,
            product: None,
            units,
            ..line
        });
    }
    let whole = to_home(gross, rate, home).ok_or_else(too_large)?;
    let rest = whole.minus(sum).map_err(|error| Problem::arithmetic("rates", &error))?;
    if !rest.is_zero() {
        let nominal = policy
            .accounts
            .find(Role::Rounding, rate_currency(&converted, home), &order.market.short, None)
            .ok_or_else(|| no_account(Role::Rounding, "accounts"))?;
        converted.push(DraftLine {
            description: "Rounding of the conversion".to_owned(),
            quantity: 1,
            unit_net: rest,
            net: rest,
            vat_rate: VatRate::OutsideScope,
            vat: Money::zero(home),
            nominal,
            product: None,
            order_line: None,
            units: 0,
            sku: None,
        });
    }
    Ok(converted)
}

fn rate_currency(drafted: &[DraftLine], home: Currency) -> Currency {
    drafted.first().map_or(home, |line| line.net.currency())
}

fn unknown_line(id: &str) -> Problem {
    Problem::new(
        "dispatch_of_unknown_line",
        format!("dispatches[{id}]"),
        "A package holds an order line that the order does not have. Nothing is posted for this order.",
        "Open the order in Seller Central; press Retry when both agree.",
    )
}
