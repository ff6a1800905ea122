use std::collections::HashSet;
use std::ops::ControlFlow;

use super::*;
use crate::{KashflowOptions, Quotas};

fn config(seed: u64, days: u32, orders: Option<u32>, faults: FaultLevel) -> SandboxConfig {
    let start: Timestamp = "2026-10-24T06:00:00Z".parse().unwrap();
    SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days,
        quiet_days: 0,
        orders_per_day: 200,
        orders,
        clock: Clock::virtual_at(start),
        quotas: Quotas::Off,
        faults,
        kashflow: KashflowOptions::default(),
    }
}

impl World {
    fn placed_between(&self, after: Timestamp, before: Timestamp) -> Vec<Arc<WorldOrder>> {
        let mut seen = Vec::new();
        self.visit_placed(after, before, &mut |_, _, order| {
            seen.push(Arc::clone(order));
            ControlFlow::Continue(())
        });
        seen
    }

    fn updated_between(&self, after: Timestamp, before: Timestamp, now: Timestamp) -> Vec<Arc<WorldOrder>> {
        let mut seen = Vec::new();
        self.visit_updated(after, before, now, &mut |_, _, order| {
            seen.push(Arc::clone(order));
            ControlFlow::Continue(())
        });
        seen
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let orders = |seed| format!("{:?}", World::new(&config(seed, 3, None, FaultLevel::None)).orders());
    assert_eq!(orders(7), orders(7));
    assert_ne!(orders(7), orders(8));
}

#[test]
fn exactly_as_many_orders_are_placed_as_asked_for_each_with_its_own_ids() {
    let world = World::new(&config(7, 7, Some(503), FaultLevel::None));
    let orders = world.orders();
    assert_eq!(orders.len(), 503);
    assert_eq!(orders.iter().map(|order| &order.id).collect::<HashSet<_>>().len(), 503);
    let lines: Vec<&String> = orders.iter().flat_map(|order| order.items.iter().map(|item| &item.item_id)).collect();
    assert_eq!(lines.iter().collect::<HashSet<_>>().len(), lines.len());
    assert!(orders.is_sorted_by_key(|order| order.placed_at));
    assert!(!world.is_finished(world.start()));
    assert!(world.is_finished(world.last_event_at()));
}

#[test]
fn a_world_has_every_kind_of_order_that_the_books_care_about() {
    let orders = World::new(&config(3, 10, None, FaultLevel::None)).orders();
    let has = |what: &str, test: &dyn Fn(&WorldOrder) -> bool| {
        let found = orders.iter().filter(|order| test(order)).count();
        assert!(found > 0, "no order {what} among {}", orders.len());
    };
    let end = |order: &WorldOrder| order.at(order.last_event_at()).unwrap().status;
    has("by Amazon", &|order| order.fulfilment == Fulfilment::Fba);
    has("from a business", &|order| order.buyer.business.is_some());
    has("with mixed VAT", &|order| order.items.iter().any(|item| item.vat_class != order.items[0].vat_class));
    has("of several units", &|order| order.items.iter().any(|item| item.quantity > 1));
    has("with gift wrap", &|order| order.items.iter().any(|item| item.gift_wrap > 0));
    has("with a promotion", &|order| order.items.iter().any(|item| item.item_promotion > 0));
    has("with free delivery", &|order| order.items.iter().any(|item| item.delivery_promotion > 0));
    has("in three packages", &|order| order.dispatches().count() == 3);
    has("cancelled before dispatch", &|order| end(order) == Status::Cancelled && order.dispatches().count() == 0);
    has("cancelled after dispatch", &|order| end(order) == Status::Cancelled && order.dispatches().count() > 0);
    has("that replaces another", &|order| order.replaces.is_some() && order.gross() == 0);
    has("collected under IOSS", &|order| {
        order.items.iter().all(|item| item.collected == Some(Scheme::Ioss) && item.tax_total() > 0)
    });
    has("jumping to shipped", &|order| order.timeline.len() == 1 && end(order) == Status::Shipped);
    for country in ["GB", "JE", "IM", "DE", "FR", "IE", "NO"] {
        has(country, &|order| order.ship_to.country == country);
    }
    has("to Northern Ireland", &|order| order.ship_to.postcode.to_uppercase().starts_with("BT"));
    has("from Bobby Tables", &|order| order.buyer.name.starts_with("Robert');"));
}

#[test]
fn an_order_shows_only_what_has_happened_and_ends_with_nothing_open() {
    for order in World::new(&config(5, 5, None, FaultLevel::None)).orders() {
        assert!(order.at(order.placed_at - 1.millisecond()).is_none());
        let placed = order.at(order.placed_at).unwrap();
        assert_eq!((placed.status, placed.updated_at), (Status::Pending, order.placed_at));
        let end = order.at(order.last_event_at()).unwrap();
        assert!(matches!(end.status, Status::Shipped | Status::Cancelled), "{} ends {:?}", order.id, end.status);
        assert_eq!(end.units_open(), 0);
        for (item, line) in order.items.iter().zip(&end.lines) {
            assert!(line.dispatched <= item.quantity);
            assert!(item.gross() >= 0 && item.tax_total() <= item.gross());
        }
        assert!(order.timeline.is_sorted_by_key(|event| event.at));
        assert!(order.timeline.iter().all(|event| event.at > order.placed_at));
    }
}

#[test]
fn each_order_is_found_once_by_its_last_change() {
    let world = World::new(&config(5, 5, None, FaultLevel::None));
    let now = world.start() + 72.hours();
    let found = world.updated_between(world.start(), now, now);
    let placed = world.placed_between(world.start(), now);
    let ids = |orders: &[Arc<WorldOrder>]| orders.iter().map(|order| order.id.clone()).collect::<HashSet<_>>();
    assert_eq!(found.len(), placed.len());
    assert_eq!(ids(&found), ids(&placed));
    let middle = world.start() + 30.hours();
    let (early, late) =
        (world.updated_between(world.start(), middle, now), world.updated_between(middle + 1.millisecond(), now, now));
    assert_eq!(early.len() + late.len(), found.len());
}

#[test]
fn an_amended_order_is_found_by_its_new_change() {
    let world = World::new(&config(5, 2, None, FaultLevel::None));
    let order = world.orders()[0].clone();
    let late = world.last_event_at() + 1.hour();
    assert!(
        world.amend(&order.id, |order| order.timeline.push(Event { at: late, what: Happening::CancellationRequested }))
    );
    assert_eq!(world.updated_between(late, late, late)[0].id, order.id);
    assert!(!world.amend("no such order", |_| ()));
}

#[test]
fn peoples_faults_put_each_quirk_into_one_order_however_few_a_day_has() {
    for per_day in [200, 2] {
        let world = World::new(&SandboxConfig { orders_per_day: per_day, ..config(1, 30, None, FaultLevel::People) });
        let quirks: Vec<Quirk> = world.orders().iter().filter_map(|order| order.quirk).collect();
        assert_eq!(quirks.len(), 4);
        assert_eq!(quirks.iter().collect::<HashSet<_>>().len(), 4);
    }
}

#[test]
fn a_real_clock_goes_on_placing_orders_and_keeps_its_history() {
    let world = World::new(&SandboxConfig { clock: Clock::real(), ..config(5, 2, None, FaultLevel::None) });
    let now = Clock::real().now();
    let history = world.placed_between(world.start(), now).len();
    assert!((399..=401).contains(&history), "{history} orders in two days of 200");
    let later = now + (24 * 10).hours();
    assert!(world.placed_between(now, later).len() > 1_900);
    assert!(!world.is_finished(later));
}

#[test]
fn every_month_touched_has_rates() {
    let world = World::new(&config(5, 40, Some(10), FaultLevel::None));
    assert_eq!(world.rates().keys().next(), Some(&(2026, 9)));
    assert!(world.rates().values().all(|rates| rates["EUR"] > Decimal::ONE && rates["GBP"] == Decimal::ONE));
}
