//! What is true of an order at a moment: everything the remote may show of it then.

use jiff::Timestamp;

use super::order::{Happening, Package, WorldOrder};

/// How far an order is. The spellings of the two APIs and of notifications are made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Placed, payment not confirmed.
    Pending,
    /// Paid, nothing dispatched.
    Unshipped,
    /// Some units dispatched.
    PartiallyShipped,
    /// All units dispatched that will be.
    Shipped,
    /// Every line cancelled.
    Cancelled,
}

/// An order as it is at a moment.
#[derive(Debug)]
pub struct View<'a> {
    /// The order.
    pub order: &'a WorldOrder,
    /// How far it is.
    pub status: Status,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Its lines, in the order's own order.
    pub lines: Vec<LineView>,
    /// What was dispatched, with its time.
    pub packages: Vec<(Timestamp, &'a Package)>,
    /// Whether the buyer asked to cancel.
    pub cancellation_requested: bool,
}

/// A line as it is at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineView {
    /// Units dispatched.
    pub dispatched: u32,
    /// Who cancelled the line, if anybody did.
    pub cancelled_by: Option<&'static str>,
}

impl WorldOrder {
    /// The order as it is at `now`; `None` before it is placed.
    pub fn at(&self, now: Timestamp) -> Option<View<'_>> {
        if now < self.placed_at {
            return None;
        }
        let mut view = View {
            order: self,
            status: Status::Pending,
            updated_at: self.placed_at,
            lines: vec![LineView::default(); self.items.len()],
            packages: Vec::new(),
            cancellation_requested: false,
        };
        let mut paid = false;
        for event in self.timeline.iter().take_while(|event| event.at <= now) {
            view.updated_at = event.at;
            match &event.what {
                Happening::PaymentConfirmed => paid = true,
                Happening::CancellationRequested => view.cancellation_requested = true,
                Happening::Dispatched(package) => {
                    for &(item, units) in &package.units {
                        view.lines[item].dispatched += units;
                    }
                    view.packages.push((event.at, package));
                }
                Happening::Cancelled { items, by } => {
                    items.iter().for_each(|&item| view.lines[item].cancelled_by = Some(by));
                }
            }
        }
        view.status = view.status_of(paid);
        Some(view)
    }

    /// When the order last changed at `now`; `None` before it is placed.
    pub fn updated_at(&self, now: Timestamp) -> Option<Timestamp> {
        let happened = self.timeline.partition_point(|event| event.at <= now);
        match happened.checked_sub(1) {
            Some(last) => Some(self.timeline[last].at),
            None => (self.placed_at <= now).then_some(self.placed_at),
        }
    }
}

impl View<'_> {
    fn status_of(&self, paid: bool) -> Status {
        let live = || self.order.items.iter().zip(&self.lines).filter(|(_, line)| line.cancelled_by.is_none());
        if live().next().is_none() {
            return Status::Cancelled;
        }
        if self.packages.is_empty() {
            return if paid { Status::Unshipped } else { Status::Pending };
        }
        if live().all(|(item, line)| line.dispatched >= item.quantity) {
            Status::Shipped
        } else {
            Status::PartiallyShipped
        }
    }

    /// Units dispatched of all lines.
    pub fn units_dispatched(&self) -> u32 {
        self.lines.iter().map(|line| line.dispatched).sum()
    }

    /// Units that are still to be dispatched.
    pub fn units_open(&self) -> u32 {
        (0..self.lines.len()).map(|index| self.open(index)).sum()
    }

    /// Units of the line at `index` that are still to be dispatched.
    pub fn open(&self, index: usize) -> u32 {
        let line = self.lines[index];
        if line.cancelled_by.is_some() { 0 } else { self.order.items[index].quantity.saturating_sub(line.dispatched) }
    }
}
