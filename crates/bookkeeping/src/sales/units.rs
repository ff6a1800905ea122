//! Which units go on which document.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{Order, OrderLineId, OrderStatus, SalesDraft};

use crate::InvoiceWhen;

/// Units of each order line that standing invoices cover.
pub(crate) type Covered = BTreeMap<OrderLineId, u32>;

/// Units that go on one document: of each line, those from `from` to `to` of its `of`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The tax point.
    pub(crate) at: Timestamp,
    pub(crate) parts: Vec<Part>,
}

/// Units of one order line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) line: OrderLineId,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// What standing documents cover.
pub(crate) fn covered(standing: &[&SalesDraft]) -> Covered {
    let mut covered = Covered::new();
    for line in standing.iter().flat_map(|draft| &draft.lines) {
        if let Some(id) = &line.order_line {
            *covered.entry(id.clone()).or_default() += line.units;
        }
    }
    covered
}

/// Units to be invoiced that are not covered, one batch for each dispatch (or one for the order, when payment decides).
pub(crate) fn batches(order: &Order, when: InvoiceWhen, covered: &Covered) -> Vec<Batch> {
    // A cancelled order wants nothing: what had left before was taken back, or is on its way back.
    if order.status == OrderStatus::Cancelled {
        return Vec::new();
    }
    match when {
        InvoiceWhen::Dispatch => by_dispatch(order, covered),
        InvoiceWhen::Payment => by_payment(order, covered),
    }
}

fn by_dispatch(order: &Order, covered: &Covered) -> Vec<Batch> {
    // Covered units are the first ones of each line: dispatches come in order of time and are invoiced in that order.
    let mut gone: Covered = Covered::new();
    let mut batches = Vec::new();
    for dispatch in &order.dispatches {
        let mut parts: Vec<Part> = Vec::new();
        for dispatched in &dispatch.lines {
            let begun = gone.entry(dispatched.line.clone()).or_default();
            let (from, to) = (*begun, *begun + dispatched.quantity);
            *begun = to;
            let already = covered.get(&dispatched.line).copied().unwrap_or(0);
            if to > already {
                parts.push(Part { line: dispatched.line.clone(), from: from.max(already), to });
            }
        }
        if !parts.is_empty() {
            batches.push(Batch { at: dispatch.at, parts });
        }
    }
    batches
}

fn by_payment(order: &Order, covered: &Covered) -> Vec<Batch> {
    if order.status == OrderStatus::Pending {
        return Vec::new();
    }
    let parts: Vec<Part> = order
        .lines
        .iter()
        .map(|line| Part { line: line.id.clone(), from: covered.get(&line.id).copied().unwrap_or(0), to: line.ordered })
        .filter(|part| part.to > part.from)
        .collect();
    if parts.is_empty() { Vec::new() } else { vec![Batch { at: order.updated_at, parts }] }
}
