//! A seller's orders, their transactions and their settlement rows, consistent to the penny.

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, MoneyError};
use reconcile::{Groups, Item, Kind, Part, Row, RowGroups, TransactionItem};

use crate::dice::{Dice, day, gbp, later};

/// An [`Item`] that owns its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    pub id: String,
    pub kind: Kind,
    pub minor: i64,
    pub order: String,
    pub line: String,
    pub event: String,
    pub sku: String,
    pub quantity: Option<i64>,
    pub on: Date,
    pub at: Option<Timestamp>,
    pub settlement: String,
}

impl Thing {
    pub fn new(kind: Kind, order: &str, minor: i64, on: Date) -> Thing {
        Thing {
            id: String::new(),
            kind,
            minor,
            order: order.to_owned(),
            line: String::new(),
            event: String::new(),
            sku: String::new(),
            quantity: None,
            on,
            at: None,
            settlement: String::new(),
        }
    }

    pub fn item(&self) -> Item<'_> {
        Item {
            id: &self.id,
            kind: self.kind,
            amount: gbp(self.minor),
            order: &self.order,
            line: &self.line,
            event: &self.event,
            sku: &self.sku,
            marketplace: "",
            quantity: self.quantity,
            on: Some(self.on),
            at: self.at,
        }
    }
}

/// The three sides.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub orders: Vec<Thing>,
    pub transactions: Vec<Thing>,
    /// Rows with their part.
    pub rows: Vec<(Part, Thing)>,
    pub account_rows: Vec<Thing>,
}

pub const SETTLEMENT: &str = "26031877012";

pub fn today() -> Date {
    day("2026-06-01")
}

impl World {
    /// `count` orders: most settled long ago, some waiting in open transactions, some so new that they are nowhere else.
    pub fn new(seed: u64, count: usize) -> World {
        let mut dice = Dice::new(seed);
        let mut world = World::default();
        for number in 0..count {
            world.order(&mut dice, number);
        }
        for number in 0..count / 4 {
            world.account(&mut dice, number);
        }
        world
    }

    fn order(&mut self, dice: &mut Dice, number: usize) {
        let id = format!("203-{:07}-{:07}", dice.below(9_999_999), number);
        let shipped = later(day("2026-03-01"), dice.within(0, 14));
        let whole = dice.once_in(3);
        // Line ids of finances differ now and then; the product and the quantity still tell.
        let foreign_lines = dice.once_in(4);
        let lines = 1 + dice.below(3);
        let state = dice.below(10);
        let (mut gross, mut total) = (0, 0);
        for at in 0..lines {
            let quantity = 1 + i64::try_from(dice.below(3)).unwrap();
            let price = dice.within(2_00, 90_00) * quantity;
            let fee = -price * 15 / 100;
            let line = Thing {
                id: format!("{id}#{at}"),
                line: format!("{number}{at}00"),
                sku: format!("SKU-{number}-{at}"),
                quantity: Some(quantity),
                ..Thing::new(Kind::Sale, &id, price, shipped)
            };
            gross += price;
            total += price + fee;
            if !whole {
                self.orders.push(line.clone());
            }
            if state < 7 {
                let line_id = if foreign_lines { format!("F{number}{at}") } else { line.line.clone() };
                let row = |minor| Thing { line: line_id.clone(), event: format!("D{number}"), minor, ..line.clone() };
                let tax = price / 6;
                self.rows.push((Part::Price, row(price - tax)));
                self.rows.push((Part::Price, row(tax)));
                self.rows.push((Part::Fee, row(fee)));
            }
        }
        if whole {
            self.orders.push(Thing { id: format!("{id}#"), ..Thing::new(Kind::Sale, &id, gross, shipped) });
        }
        let settlement = if state < 7 { SETTLEMENT } else { "" };
        if state < 9 {
            self.transactions.push(Thing {
                id: format!("T{number}"),
                event: format!("D{number}"),
                settlement: settlement.to_owned(),
                ..Thing::new(Kind::Sale, &id, total, shipped)
            });
        } else {
            // Nowhere but in the books: it must be new.
            let mine = self.orders.iter_mut().filter(|order| order.order == id);
            mine.for_each(|order| order.on = later(today(), -3));
        }
        if state < 7 && dice.once_in(4) {
            self.refund(dice, &id, number, gross, shipped);
        }
    }

    fn refund(&mut self, dice: &mut Dice, order: &str, number: usize, gross: i64, shipped: Date) {
        let (back, on) = (dice.within(1, gross), later(shipped, dice.within(1, 9)));
        let refund = Thing { event: format!("R{number}"), ..Thing::new(Kind::Refund, order, -back, on) };
        self.orders.push(Thing { id: format!("{order}/R1"), event: String::new(), ..refund.clone() });
        self.rows.push((Part::Price, Thing { line: format!("{number}000"), ..refund.clone() }));
        self.rows.push((Part::Fee, Thing { line: format!("{number}000"), minor: back / 10, ..refund.clone() }));
        self.transactions.push(Thing {
            id: format!("TR{number}"),
            minor: back / 10 - back,
            settlement: SETTLEMENT.to_owned(),
            ..refund
        });
    }

    /// A charge of the account, now and then the same sum twice a day.
    fn account(&mut self, dice: &mut Dice, number: usize) {
        let on = later(day("2026-03-02"), dice.within(0, 12));
        let minor = -dice.within(3_00, 60_00) * 100 - i64::try_from(number).unwrap();
        for twin in 0..1 + u64::from(dice.once_in(4)) {
            let row = Thing { id: format!("row-{number}-{twin}"), ..Thing::new(Kind::Charge, "", minor, on) };
            self.transactions.push(Thing {
                id: format!("TA{number}-{twin}"),
                settlement: SETTLEMENT.to_owned(),
                ..row.clone()
            });
            self.account_rows.push(row);
        }
    }

    pub fn shuffled(mut self, seed: u64) -> World {
        let mut dice = Dice::new(seed);
        dice.shuffle(&mut self.orders);
        dice.shuffle(&mut self.transactions);
        dice.shuffle(&mut self.rows);
        dice.shuffle(&mut self.account_rows);
        self
    }

    /// The rows grouped, read in `parts` pieces.
    pub fn groups(&self, parts: usize) -> Result<Groups, MoneyError> {
        let mut all = RowGroups::new(Currency::GBP);
        for piece in self.rows.chunks(self.rows.len().div_ceil(parts).max(1)) {
            let mut groups = RowGroups::new(Currency::GBP);
            for (part, thing) in piece {
                let row = Row {
                    kind: thing.kind,
                    part: *part,
                    event: &thing.event,
                    sku: &thing.sku,
                    quantity: thing.quantity,
                    on: Some(thing.on),
                    ..Row::sale(&thing.order, &thing.line, gbp(thing.minor))
                };
                groups.add(&row)?;
            }
            all.absorb(groups.finish()?)?;
        }
        all.finish()
    }

    pub fn transaction_items(&self) -> Vec<TransactionItem<'_>> {
        self.transactions.iter().map(|one| TransactionItem { item: one.item(), settlement: &one.settlement }).collect()
    }
}
