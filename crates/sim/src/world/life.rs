//! What happens to an order after it was placed.

use jiff::{Timestamp, ToSpan};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::order::{Event, Happening, Package, WorldItem};
use super::seller::Fulfilment;

/// The whole life of an order with these lines.
pub(super) fn timeline(
    rng: &mut ChaCha8Rng,
    placed_at: Timestamp,
    fulfilment: Fulfilment,
    items: &[WorldItem],
) -> Vec<Event> {
    let mut life = Life { rng, now: placed_at, fulfilment, events: Vec::with_capacity(3) };
    match fulfilment {
        Fulfilment::Fba => life.by_amazon(items),
        Fulfilment::Fbm => life.by_merchant(items),
    }
    life.events
}

/// The life of an order that goes out in one piece.
pub(super) fn timeline_dispatched_once(
    rng: &mut ChaCha8Rng,
    placed_at: Timestamp,
    fulfilment: Fulfilment,
    items: &[WorldItem],
) -> Vec<Event> {
    let mut life = Life { rng, now: placed_at, fulfilment, events: Vec::with_capacity(2) };
    life.after_minutes(10, 60, Happening::PaymentConfirmed);
    life.dispatch(6 * 60, 30 * 60, whole(items), 1);
    life.events
}

struct Life<'a> {
    rng: &'a mut ChaCha8Rng,
    now: Timestamp,
    fulfilment: Fulfilment,
    events: Vec<Event>,
}

impl Life<'_> {
    fn by_amazon(&mut self, items: &[WorldItem]) {
        let fate = self.rng.random_range(0..1000_u32);
        if fate < 35 {
            return self.cancel(5, 120, items.len(), if fate < 20 { "BUYER" } else { "AMAZON" });
        }
        if fate >= 600 {
            self.after_minutes(10, 60, Happening::PaymentConfirmed);
        }
        self.dispatch(2 * 60, 30 * 60, whole(items), 1);
        if (35..42).contains(&fate) {
            self.cancel(12 * 60, 36 * 60, items.len(), "AMAZON");
        }
    }

    fn by_merchant(&mut self, items: &[WorldItem]) {
        let fate = self.rng.random_range(0..1000_u32);
        if fate < 15 {
            return self.cancel(5, 90, items.len(), "BUYER");
        }
        let slow_payment = self.rng.random_ratio(1, 20);
        self.after_minutes(2, if slow_payment { 26 * 60 } else { 45 }, Happening::PaymentConfirmed);
        if fate < 50 {
            self.after_minutes(20, 240, Happening::CancellationRequested);
            return self.cancel(10, 300, items.len(), "MERCHANT");
        }
        let mut parts = self.parts(items);
        // One line of several is out of stock: cancelled before its package would go, the rest is dispatched.
        let short_of = (items.len() > 1 && fate < 80).then(|| items.len() - 1);
        if let Some(short_of) = short_of {
            parts.iter_mut().for_each(|part| part.retain(|&(item, _)| item != short_of));
            parts.retain(|part| !part.is_empty());
            self.after_minutes(30, 300, Happening::Cancelled { items: vec![short_of], by: "MERCHANT" });
        }
        let stops_after_first = parts.len() > 1 && (80..110).contains(&fate);
        for (part, number) in parts.into_iter().zip(1..) {
            let (from, to) = if number == 1 { (4 * 60, 44 * 60) } else { (3 * 60, 30 * 60) };
            self.dispatch(from, to, part, number);
            if stops_after_first {
                return self.cancel(14 * 60, 36 * 60, items.len(), "MERCHANT");
            }
        }
        if (110..120).contains(&fate) {
            self.cancel(12 * 60, 36 * 60, items.len(), "BUYER");
        }
    }

    /// What goes into which package: everything into one, or units and lines dealt out to two or three.
    fn parts(&mut self, items: &[WorldItem]) -> Vec<Vec<(usize, u32)>> {
        let units: u32 = items.iter().map(|item| item.quantity).sum();
        if units < 2 || !self.rng.random_ratio(35, 100) {
            return vec![whole(items)];
        }
        let count = if units > 3 && self.rng.random_ratio(1, 3) { 3 } else { 2 };
        let mut parts = vec![Vec::<(usize, u32)>::new(); count];
        for (index, item) in items.iter().enumerate() {
            for _ in 0..item.quantity {
                let part = &mut parts[self.rng.random_range(0..count)];
                match part.last_mut() {
                    Some((last, units)) if *last == index => *units += 1,
                    _ => part.push((index, 1)),
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    fn dispatch(&mut self, from_min: i64, to_min: i64, units: Vec<(usize, u32)>, number: u32) {
        const CARRIERS: [(&str, &str); 4] =
            [("Royal Mail", "Tracked 48"), ("DPD", "Next Day"), ("Evri", "Standard"), ("Parcelforce", "express24")];
        let (carrier, service) = match self.fulfilment {
            Fulfilment::Fba => ("Amazon Logistics", "Standard"),
            Fulfilment::Fbm => CARRIERS[self.rng.random_range(0..CARRIERS.len())],
        };
        let package = Package {
            reference: number.to_string(),
            carrier: carrier.to_owned(),
            service: service.to_owned(),
            tracking: format!("SX{:09}GB", self.rng.random_range(0..1_000_000_000_u32)),
            units,
        };
        self.after_minutes(from_min, to_min, Happening::Dispatched(package));
    }

    fn cancel(&mut self, from_min: i64, to_min: i64, lines: usize, by: &'static str) {
        self.after_minutes(from_min, to_min, Happening::Cancelled { items: (0..lines).collect(), by });
    }

    fn after_minutes(&mut self, from: i64, to: i64, what: Happening) {
        let millis = self.rng.random_range(from * 60_000..to * 60_000);
        self.now = self.now.saturating_add(millis.milliseconds()).unwrap_or(self.now);
        self.events.push(Event { at: self.now, what });
    }
}

fn whole(items: &[WorldItem]) -> Vec<(usize, u32)> {
    items.iter().enumerate().map(|(index, item)| (index, item.quantity)).collect()
}
