//! Rows as they are taken in: parts of items, fees, and rows that stand for themselves.

mod fees;
mod items;
mod others;

use super::calendar::DayId;
use super::words::WordId;

pub(super) use fees::{Plan, PlanKey};
pub(super) use items::Open;

/// What of a row matters here.
#[derive(Clone, Copy)]
pub(super) struct Fields<'r> {
    pub(super) link: usize,
    pub(super) line: u64,
    pub(super) word: WordId,
    pub(super) minor: i64,
    pub(super) day: DayId,
    pub(super) quantity: Option<i64>,
    pub(super) order: &'r str,
    pub(super) order_line: &'r str,
    pub(super) adjustment: &'r str,
    pub(super) shipment: &'r str,
    pub(super) site: u16,
    pub(super) sku: &'r str,
}
