//! Amounts and quantities of an order as both APIs state them at a moment.

use crate::world::{Quirk, Status, View, WorldItem};

/// Minor units as digits; all currencies of the world have two decimals.
pub(in crate::amazon) fn digits(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

/// The currency code that the API states for the order.
pub(in crate::amazon) fn currency<'a>(view: &View<'a>) -> &'a str {
    if view.order.quirk == Some(Quirk::UnknownCurrency) { "XTS" } else { view.order.marketplace.currency }
}

/// Whether the API states amounts for the order: not while it is pending, nor once it is cancelled without any dispatch.
pub(in crate::amazon) fn has_amounts(view: &View<'_>) -> bool {
    let never_sold = view.status == Status::Cancelled && view.packages.is_empty();
    view.status != Status::Pending && !never_sold && view.order.quirk != Some(Quirk::MissingPrice)
}

/// Whether the line was cancelled before any of it was dispatched: its quantity and amounts are zero then.
pub(in crate::amazon) fn is_void(view: &View<'_>, index: usize) -> bool {
    view.lines.get(index).is_none_or(|line| line.cancelled_by.is_some() && line.dispatched == 0)
}

/// The lines that count: what totals sum.
pub(in crate::amazon) fn counted<'a>(view: &'a View<'a>) -> impl Iterator<Item = &'a WorldItem> {
    view.order.items.iter().enumerate().filter(|(index, _)| !is_void(view, *index)).map(|(_, item)| item)
}

/// The line at `index` as the API states it: without amounts if it is void.
pub(in crate::amazon) fn stated(view: &View<'_>, index: usize) -> WorldItem {
    let mut item = view.order.items[index].clone();
    if is_void(view, index) {
        item.free_of_charge();
    }
    item
}

/// Units of the line at `index` as ordered.
pub(in crate::amazon) fn quantity_ordered(view: &View<'_>, index: usize) -> u32 {
    if is_void(view, index) { 0 } else { view.order.items[index].quantity }
}
