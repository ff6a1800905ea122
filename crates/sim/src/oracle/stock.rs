//! Stock: every unit of a managed product that was invoiced has left the counter once.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Mismatch;
use super::wanted::Wanted;
use crate::kashflow::{Account, Invoice};

/// Products whose counter is not what the invoices make it. Products on documents that people have disturbed are left out, and
/// whether a cancelled dispatch comes back into stock is open: both counters are right then.
pub(super) fn mismatches(
    account: &Account,
    confirmed: &[(Wanted, &Invoice)],
    disturbed: &BTreeSet<String>,
) -> Vec<Mismatch> {
    let mut out: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (wanted, _) in confirmed {
        for (product, units) in &wanted.units {
            let counted = out.entry(product).or_default();
            if wanted.is_reversal { counted.1 += units } else { counted.0 += units }
        }
    }
    let mut found = Vec::new();
    for stock in account.stock().into_iter().filter(|stock| stock.managed) {
        let code = stock.code.to_uppercase();
        let (sold, taken_back) = out.get(code.as_str()).copied().unwrap_or_default();
        let left = stock.opening - Decimal::from(sold);
        let right = stock.left == left || stock.left == left + Decimal::from(taken_back);
        if !right && !disturbed.contains(&code) {
            let (expected, is) = (left.to_string(), stock.left.to_string());
            found.push(Mismatch { order: stock.code, what: "stock".to_owned(), expected, found: is });
        }
    }
    found
}
