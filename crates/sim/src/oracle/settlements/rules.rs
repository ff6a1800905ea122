//! What a row of a settlement is to the books, in our own words.
//!
//! Amazon's UK branch bills fees with 20 % UK VAT inside; fulfilment of parcels that leave the United Kingdom is zero-rated, and
//! advertising on other sites is bought under reverse charge. Refunds take output VAT back, at the rate of the sale. Compensation is
//! outside the scope of VAT. Reserves, debts, loans and payouts are balances, never income or expense.

use crate::world::{MoneyEvent, MoneyLine, Transaction, UK_GROUP};

/// What a row is to the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Part of a sale, whose invoice was posted when the goods left.
    Sale,
    /// Part of a refund, posted to this role.
    Refund(&'static str),
    /// Tax that the marketplace keeps, or that it stated and kept: it comes to nothing within its event.
    PassThrough,
    /// A fee, posted to this role.
    Fee(&'static str),
    /// Money without VAT, posted to this role.
    Move(&'static str),
    /// The debt of the settlement before: it stands in the books already.
    Carried,
}

/// What `line` of `transaction` is.
pub(super) fn meaning(transaction: &Transaction, line: &MoneyLine) -> Meaning {
    match transaction.event {
        MoneyEvent::Shipment { .. } if line.amount_type != "ItemFees" => Meaning::Sale,
        MoneyEvent::Shipment { .. } => Meaning::Fee(fee_of_item(line.description)),
        MoneyEvent::Refund | MoneyEvent::Chargeback | MoneyEvent::Guarantee => refund(transaction, line),
        MoneyEvent::ServiceFee => Meaning::Fee(fee_of_account(line)),
        MoneyEvent::Advertising => Meaning::Fee("ADS"),
        MoneyEvent::Reimbursement if line.description.starts_with("INCORRECT_FEES") => Meaning::Fee("FEE_OTHER"),
        MoneyEvent::Reimbursement => Meaning::Move("REIMB"),
        MoneyEvent::Claim => Meaning::Move("CLAIMS"),
        MoneyEvent::Loan => Meaning::Move("LOAN"),
        MoneyEvent::Unknown => Meaning::Move("SUSPENSE"),
        MoneyEvent::Reserve => Meaning::Move("RESERVE"),
        MoneyEvent::Charge | MoneyEvent::FailedTransfer | MoneyEvent::MicroDeposit => Meaning::Move("BANK"),
        MoneyEvent::CrossAccount => Meaning::Move("INTER_MKT"),
        MoneyEvent::Carried | MoneyEvent::Payout => Meaning::Carried,
    }
}

fn refund(transaction: &Transaction, line: &MoneyLine) -> Meaning {
    let collected = transaction.item(line).is_some_and(|item| item.collected.is_some());
    match (line.amount_type, line.description) {
        ("ItemFees", name) => Meaning::Fee(fee_of_item(name)),
        ("ItemWithheldTax", _) => Meaning::PassThrough,
        _ if collected && is_tax(line) => Meaning::PassThrough,
        ("Promotion", _) => Meaning::Refund("PROMO"),
        (_, "RestockingFee") => Meaning::Refund("RESTOCK"),
        _ => Meaning::Refund("REFUNDS"),
    }
}

/// Whether a row of a refund is tax that Amazon states.
pub(super) fn is_tax(line: &MoneyLine) -> bool {
    matches!(line.description, "Tax" | "ShippingTax" | "GiftWrapTax" | "TaxDiscount")
}

fn fee_of_item(name: &str) -> &'static str {
    if is_fulfilment(name) { "FEE_FBA" } else { "FEE_SELL" }
}

fn is_fulfilment(name: &str) -> bool {
    name.starts_with("FBA") || matches!(name, "DigitalServicesFeeFBA" | "ShippingChargeback" | "GiftwrapChargeback")
}

/// A fee of the account: named by its description in the old layout, by its type in the new one. A name that is in neither is a fee
/// of a kind of its own.
fn fee_of_account(line: &MoneyLine) -> &'static str {
    let name = if line.amount_type == "other-transaction" { line.description } else { line.amount_type };
    let says = |word: &str| name.contains(word);
    match name {
        "Subscription Fee" => "FEE_SUBS",
        _ if says("Inbound") => "INBOUND",
        _ if says("Storage") => "FEE_STORAGE",
        _ if says("Removal") || says("Disposal") => "FEE_REMOVAL",
        _ if says("Prep") => "FEE_PREP",
        _ if says("Coupon") || says("Deal") || says("Vine") => "PROMO_FEE",
        _ => "FEE_OTHER",
    }
}

/// The VAT inside a row of a fee, with the sign of the row.
pub(super) fn fee_vat(transaction: &Transaction, line: &MoneyLine) -> i64 {
    let stays = || transaction.order.as_ref().is_none_or(|order| matches!(order.ship_to.country, "GB" | "IM"));
    match line.description {
        "Base fee" => 0,
        "Tax on fee" => line.minor,
        _ if is_reverse_charge(transaction) => 0,
        name if line.amount_type == "ItemFees" && is_fulfilment(name) && !stays() => 0,
        _ => inside(line.minor, 20),
    }
}

/// Whether the seller accounts for the VAT of a fee by itself: advertising on sites outside the United Kingdom.
pub(super) fn is_reverse_charge(transaction: &Transaction) -> bool {
    transaction.event == MoneyEvent::Advertising && *transaction.group != UK_GROUP
}

/// The VAT inside a gross amount, half a penny away from nothing.
pub(super) fn inside(gross: i64, percent: i64) -> i64 {
    share(gross * percent, 100 + percent)
}

/// `over / under`, half away from nothing; `under` is above nothing.
pub(super) fn share(over: i64, under: i64) -> i64 {
    (2 * over.abs() + under) / (2 * under) * over.signum()
}
