//! Orders and policies to test with. All invented.

use bookkeeping::Policy;
use jiff::Timestamp;
use model::{
    Charge, Country, Dispatch, DispatchedLine, Fulfilment, LineCharges, Market, MarketplaceId, NominalCode, Order,
    OrderId, OrderLine, OrderLineId, OrderStatus, PriceBasis, Sku,
};
use money::{Currency, Money};

use crate::chart::CHART;

pub fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// A UK seller on standard VAT whose products are all at 20 %, on the suggested chart.
pub fn policy() -> Policy {
    crate::policy::policy(CHART.iter().map(|(role, code, _)| (*role, NominalCode(*code))).collect())
}

pub fn charge(amount: Money, tax: Option<i64>) -> Charge {
    Charge { amount, tax: tax.map(|minor| Money::new(minor, amount.currency())) }
}

/// A line of `ordered` units, all dispatched, at a gross price for the whole line.
pub fn line(id: &str, ordered: u32, gross: i64) -> OrderLine {
    let none = charge(gbp(0), None);
    OrderLine {
        id: OrderLineId::parse(id).expect("a line id"),
        sku: Some(Sku::parse(&format!("SKU-{id}")).expect("a SKU")),
        title: "Blue mug".to_owned(),
        ordered,
        dispatched: ordered,
        charges: Some(LineCharges {
            item: charge(gbp(gross), None),
            delivery: none,
            gift_wrap: none,
            item_discount: none,
            delivery_discount: none,
            stated_total: None,
            basis: PriceBasis::Inclusive,
            marketplace_tax: None,
        }),
    }
}

/// A shipped UK order of these lines, dispatched at once.
pub fn order(lines: Vec<OrderLine>) -> Order {
    let dispatched =
        lines.iter().map(|line| DispatchedLine { line: line.id.clone(), quantity: line.ordered }).collect();
    let shipped = at("2026-11-05T23:30:00Z");
    Order {
        id: OrderId::parse("203-1234567-7654321").expect("an order id"),
        market: Market {
            id: MarketplaceId::parse("A1F83G8C2ARO7P").expect("a marketplace id"),
            name: "Amazon.co.uk".to_owned(),
            short: "UK".to_owned(),
            country: Country::GB,
            currency: Currency::GBP,
        },
        placed_at: at("2026-11-04T10:00:00Z"),
        updated_at: shipped,
        status: OrderStatus::Shipped,
        fulfilment: Fulfilment::BySeller,
        programmes: Vec::new(),
        ship_from: None,
        ship_to: Some(Country::GB),
        ship_to_area: Some("LS".to_owned()),
        currency: Some(Currency::GBP),
        total: None,
        lines,
        dispatches: vec![Dispatch { package: Some("1".to_owned()), at: shipped, lines: dispatched }],
        replaces: None,
        buyer: None,
    }
}

/// `order` dispatched one unit at a time, a day apart.
pub fn unit_by_unit(mut order: Order) -> Order {
    let mut dispatches = Vec::new();
    for line in &order.lines {
        for _ in 0..line.ordered {
            let day = dispatches.len() as i64;
            let at = at("2026-11-05T12:00:00Z").checked_add(jiff::SignedDuration::from_hours(24 * day)).expect("a day");
            dispatches.push(Dispatch {
                package: None,
                at,
                lines: vec![DispatchedLine { line: line.id.clone(), quantity: 1 }],
            });
        }
    }
    order.dispatches = dispatches;
    order
}
