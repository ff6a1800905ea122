//! The orders of a world and the order in which things happen to them.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::order::WorldOrder;

/// Is shown the moment an order is listed by, its number and itself; breaks when it has seen enough.
pub(crate) type Visit<'a> = dyn FnMut(Timestamp, u32, &Arc<WorldOrder>) -> ControlFlow<()> + 'a;

/// Orders by id, by time of placing, and every change by time.
#[derive(Default)]
pub(super) struct Orders {
    /// In order of placing.
    all: Vec<Arc<WorldOrder>>,
    by_id: HashMap<String, u32>,
    /// Moment of each change (placing is one) and index of the order, sorted.
    changes: Vec<(Timestamp, u32)>,
    days: u32,
}

impl Orders {
    pub(super) fn all(&self) -> &[Arc<WorldOrder>] {
        &self.all
    }

    pub(super) fn days_made(&self) -> u32 {
        self.days
    }

    pub(super) fn add_day(&mut self, orders: Vec<WorldOrder>) {
        for order in orders {
            let index = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.changes.extend(moments(&order).map(|at| (at, index)));
            self.by_id.insert(order.id.clone(), index);
            self.all.push(Arc::new(order));
        }
        self.changes.sort(); // nearly sorted already: the stable sort takes runs as they are
        self.days += 1;
    }

    pub(super) fn by_id(&self, id: &str) -> Option<Arc<WorldOrder>> {
        self.by_id.get(id).map(|&index| Arc::clone(&self.all[index as usize]))
    }

    pub(super) fn last_event_at(&self) -> Option<Timestamp> {
        self.changes.last().map(|&(at, _)| at)
    }

    /// Shows `visit` the orders with `after <= placed_at <= before`, in order of placing, until it breaks.
    pub(super) fn visit_placed(&self, after: Timestamp, before: Timestamp, visit: &mut Visit<'_>) {
        let from = self.all.partition_point(|order| order.placed_at < after);
        let window = self.all[from..].iter().take_while(|order| order.placed_at <= before);
        for (order, index) in window.zip(u32::try_from(from).unwrap_or(u32::MAX)..) {
            if visit(order.placed_at, index, order).is_break() {
                return;
            }
        }
    }

    /// Shows `visit` the orders whose last change at `now` lies in `after..=before`, in order of that change, until it breaks.
    pub(super) fn visit_updated(&self, after: Timestamp, before: Timestamp, now: Timestamp, visit: &mut Visit<'_>) {
        let from = self.changes.partition_point(|&(at, _)| at < after);
        for &(at, index) in self.changes[from..].iter().take_while(|&&(at, _)| at <= before.min(now)) {
            let order = &self.all[index as usize];
            if order.updated_at(now) == Some(at) && visit(at, index, order).is_break() {
                return;
            }
        }
    }

    pub(super) fn changes(&self, after: Timestamp, until: Timestamp) -> Vec<(Timestamp, Arc<WorldOrder>)> {
        let from = self.changes.partition_point(|&(at, _)| at <= after);
        let window = self.changes[from..].iter().take_while(|&&(at, _)| at <= until);
        window.map(|&(at, index)| (at, Arc::clone(&self.all[index as usize]))).collect()
    }

    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        self.changes.get(self.changes.partition_point(|&(at, _)| at <= after)).map(|&(at, _)| at)
    }

    /// Gives the order as it is now; `None` if there is none.
    pub(super) fn amend(&mut self, id: &str, change: impl FnOnce(&mut WorldOrder)) -> Option<Arc<WorldOrder>> {
        let &index = self.by_id.get(id)?;
        let mut order = (*self.all[index as usize]).clone();
        change(&mut order);
        self.changes.retain(|&(_, of)| of != index);
        self.changes.extend(moments(&order).map(|at| (at, index)));
        self.changes.sort();
        let order = Arc::new(order);
        self.all[index as usize] = Arc::clone(&order);
        Some(order)
    }
}

fn moments(order: &WorldOrder) -> impl Iterator<Item = Timestamp> {
    std::iter::once(order.placed_at).chain(order.timeline.iter().map(|event| event.at))
}
