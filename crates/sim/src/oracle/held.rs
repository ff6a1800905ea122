//! One document of the ledger against the one that should be there.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Mismatch;
use super::wanted::{Sums, Wanted, without_nothing};
use crate::kashflow::{Account, Invoice};

/// Everything that is wrong with `invoice`.
pub(super) fn mismatches(account: &Account, wanted: &Wanted, invoice: &Invoice) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut expect = |what: &str, expected: String, is: String| {
        if expected != is {
            let order = wanted.order.clone();
            found.push(Mismatch { order, what: format!("{what} of {}", wanted.reference), expected, found: is });
        }
    };
    expect("date", wanted.date.to_string(), invoice.issued_on.to_string());
    expect("currency", wanted.currency.to_owned(), invoice.currency.clone());
    expect("rate", wanted.rate.normalize().to_string(), invoice.rate.normalize().to_string());
    match sums_of(invoice) {
        Some(sums) => {
            let gross: i64 = sums.values().map(|(net, vat)| net + vat).sum();
            expect("gross", wanted.gross().to_string(), gross.to_string());
            expect("sums per account and VAT rate", text(&wanted.sums), text(&sums));
        }
        None => {
            expect("amounts", "whole pennies at the account's VAT rates".to_owned(), format!("{:?}", invoice.lines))
        }
    }
    let customer = account.customer(&invoice.contact_code);
    let kind = customer.map_or("no customer".to_owned(), |own| format!("{} {}", own.currency, own.border));
    expect("customer", format!("{} {}", wanted.currency, wanted.border), kind);
    let wanted_payment = wanted.clearing_account.map(|id| payment_text(id, wanted.gross()));
    let payments = invoice.payments.iter().map(|own| payment_text(own.account, pence(own.amount).unwrap_or(i64::MIN)));
    expect("payments", wanted_payment.into_iter().collect(), payments.collect::<Vec<_>>().join(", "));
    found
}

/// A customer stands for one marketplace: documents of another are on the wrong customer.
pub(super) fn customers_of_two_marketplaces(confirmed: &[(Wanted, &Invoice)]) -> Vec<Mismatch> {
    let mut used: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (wanted, invoice) in confirmed {
        *used.entry(&invoice.contact_code).or_default().entry(wanted.marketplace).or_default() += 1;
    }
    let mut found = Vec::new();
    for (wanted, invoice) in confirmed {
        let marketplaces = &used[invoice.contact_code.as_str()];
        let most = marketplaces.values().max().copied().unwrap_or(0);
        if marketplaces[wanted.marketplace] < most {
            found.push(Mismatch {
                order: wanted.order.clone(),
                what: format!("customer of {}", wanted.reference),
                expected: format!("one for {}", wanted.marketplace),
                found: invoice.contact_code.clone(),
            });
        }
    }
    found
}

/// Minor units of an amount, if it has no fraction of one. All currencies of the world have two decimals.
pub(super) fn pence(amount: Decimal) -> Option<i64> {
    let minor = amount * Decimal::ONE_HUNDRED;
    if minor.is_integer() { i64::try_from(minor).ok() } else { None }
}

/// Net and VAT per sales code and VAT percentage. `None` if any is no whole penny, no whole percentage, or exempt: nothing in
/// this world is.
fn sums_of(invoice: &Invoice) -> Option<Sums> {
    let mut sums = Sums::new();
    for line in &invoice.lines {
        let level = if line.vat_level.is_integer() { i64::try_from(line.vat_level).ok()? } else { return None };
        if line.vat_exempt {
            return None;
        }
        let sum = sums.entry((line.nominal, level)).or_default();
        sum.0 += pence(line.rate * line.quantity)?;
        sum.1 += pence(line.vat)?;
    }
    Some(without_nothing(sums))
}

fn text(sums: &Sums) -> String {
    let parts = sums.iter().map(|((nominal, rate), (net, vat))| format!("{nominal} at {rate} %: {net} + {vat}"));
    parts.collect::<Vec<_>>().join("; ")
}

fn payment_text(account: i64, minor: i64) -> String {
    format!("{minor} into {account}")
}
