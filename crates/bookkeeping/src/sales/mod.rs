//! Sales: the documents that an order wants, given what was decided before.
//!
//! One invoice for each dispatch (the tax point), or one when payment is confirmed, by setting. A confirmed document is never
//! edited: cancelled units are reversed, changed amounts are a break for a person.

mod document;
mod lines;
mod reversal;
mod units;

use model::{DocumentKey, DocumentKind, Order, OrderStatus, SalesDraft};

pub(crate) use document::{london, payment_marker, reference};

use crate::{Advice, InvoiceWhen, Policy, Problem};

/// A document that was decided before: planned, on its way or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its key.
    pub key: DocumentKey,
    /// What it says.
    pub draft: SalesDraft,
}

/// What an order wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// New documents, in order.
    pub drafts: Vec<SalesDraft>,
    /// What a person should know.
    pub advice: Vec<Advice>,
}

/// The documents that the books should hold for `order` beyond those `held`.
///
/// A pending order has no dispatch, so it wants nothing, with no rule of its own; nor does a replacement, which has no price.
///
/// # Errors
///
/// [`Problem`]s that park the order. What is held stays as it is.
pub fn wanted(order: &Order, policy: &Policy, held: &[Held]) -> Result<Wanted, Vec<Problem>> {
    let standing = reversal::standing(held);
    let mut wanted = Wanted::default();
    let covered = units::covered(&standing);
    if reversal::is_due(order, &covered) {
        let drafts = reversal::reversals(order, policy, held, &standing).map_err(|problem| vec![problem])?;
        wanted.drafts.extend(drafts);
        // What is left of the order is invoiced again, under the next number of its series.
        let left = units::batches(order, policy.invoices.when, &units::Covered::default());
        return add_invoices(order, policy, held, left, wanted);
    }
    reversal::unchanged(order, policy, &standing).map_err(|problem| vec![problem])?;
    let left = units::batches(order, policy.invoices.when, &covered);
    add_invoices(order, policy, held, left, wanted)
}

/// Whether an order can want documents at all, and if not, why: for the flow's trace.
pub fn readiness(order: &Order, when: InvoiceWhen) -> Readiness {
    match (order.status, when) {
        (OrderStatus::Pending, _) => Readiness::Waiting("payment is not confirmed yet"),
        (OrderStatus::Unshipped, InvoiceWhen::Dispatch) => Readiness::Waiting("nothing was dispatched yet"),
        (OrderStatus::Unfulfillable, _) => Readiness::Waiting("the marketplace cannot deliver it"),
        _ => Readiness::Ready,
    }
}

/// Whether an order can want documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// Not yet.
    Waiting(&'static str),
}

fn add_invoices(
    order: &Order,
    policy: &Policy,
    held: &[Held],
    batches: Vec<units::Batch>,
    mut wanted: Wanted,
) -> Result<Wanted, Vec<Problem>> {
    let mut ordinal = held
        .iter()
        .filter(|held| held.key.kind == DocumentKind::Invoice)
        .map(|held| held.key.ordinal)
        .max()
        .unwrap_or(0);
    let mut problems = Vec::new();
    for batch in batches {
        match document::invoice(order, policy, &batch, ordinal + 1) {
            Ok((Some(draft), advice)) => {
                ordinal += 1;
                wanted.drafts.push(draft);
                for advice in advice {
                    if !wanted.advice.contains(&advice) {
                        wanted.advice.push(advice);
                    }
                }
            }
            Ok((None, _)) => {}
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(wanted);
    }
    problems.dedup();
    Err(problems)
}
