//! Closing a settlement, and what the next one begins with: reserve, debt, a payout that came back.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::group::{DE_GROUP, UK_GROUP};
use super::settlement::{Payout, Settlement};
use super::transaction::{MoneyEvent, MoneyLine, Transaction, digits, letters, opaque};
use super::{Group, half_up};
use crate::faults::Dice;

/// Days of a settlement.
pub(super) const DAYS: i64 = 14;
/// What the converter takes, in ten-thousandths of the amount.
const CONVERTER_MARGIN: i64 = 175;
const OTHER: &str = "other-transaction";

/// What closing needs of the world.
pub(crate) struct Cycle<'a> {
    pub(crate) dice: Dice,
    /// Units of a currency per pound at a moment.
    pub(crate) rate: &'a dyn Fn(Timestamp, &str) -> Decimal,
    /// Whether the world never ends.
    pub(crate) goes_on: bool,
}

/// The settlements of one group, one after another.
pub(super) struct Chain {
    seed: u64,
    group: &'static Group,
    since: Timestamp,
    next_end: Timestamp,
    number: u32,
    debts: u32,
    carried: i64,
}

/// What closing gives.
pub(super) struct Closed {
    pub(super) settlement: Option<Settlement>,
    /// Events of settlements to come.
    pub(super) follow_up: Vec<Transaction>,
}

impl Chain {
    pub(super) fn new(seed: u64, group: &'static Group, start: Timestamp) -> Chain {
        let drawn = Dice::new(seed).below(&["settlement closes", group.name], 0, 4 * 3_600) as i64 + 3_600;
        let start = super::whole_seconds(start);
        let next_end = plus(start, 24 * (DAYS + group.days_late), drawn);
        Chain { seed, group, since: start, next_end, number: 0, debts: 0, carried: 0 }
    }

    pub(super) fn since(&self) -> Timestamp {
        self.since
    }

    pub(super) fn next_end(&self) -> Timestamp {
        self.next_end
    }

    /// Id of the group of events that is open.
    pub(super) fn event_group_id(&self) -> String {
        opaque(self.seed, &["event group", self.group.name, &self.number.to_string()])
    }

    /// Closes what was open. `more`: whether anything is to come.
    pub(super) fn close(&mut self, cycle: &Cycle<'_>, mut transactions: Vec<Arc<Transaction>>, more: bool) -> Closed {
        let (start, end) = (self.since, self.next_end);
        (self.since, self.next_end) = (end, plus(end, 24 * DAYS, 0));
        if transactions.is_empty() {
            return Closed { settlement: None, follow_up: Vec::new() };
        }
        // Rows of release dates can be older than the settlement; its own opening rows come first all the same.
        transactions.sort_by_key(|own| (!is_opening(own), own.released_at(), own.id.clone()));
        let sum: i64 = transactions.iter().map(|own| own.total()).sum();
        let reserve = if more { self.reserve(cycle, sum) } else { 0 };
        let mut follow_up = Vec::new();
        if reserve > 0 {
            let hold = self.balance("hold", MoneyEvent::Reserve, "Current Reserve Amount", -reserve, plus(end, 0, -1));
            transactions.push(Arc::new(hold.clone()));
            follow_up.push(hold);
            let release = ("release", MoneyEvent::Reserve, "Previous Reserve Amount Balance");
            follow_up.push(self.balance(release.0, release.1, release.2, reserve, end));
        }
        let total = sum - reserve;
        let roll = |word, sides| cycle.dice.below(&[word, self.group.name], self.number.into(), sides) as i64;
        let deposit_at = plus(end, 24 * (1 + roll("deposit", 2)), roll("deposit hour", 3_600));
        let payout = (total > 0).then(|| self.payout(cycle, total, deposit_at));
        let settlement = Settlement {
            id: format!("2{}", digits(self.seed, &["settlement", self.group.name, &self.number.to_string()], 10)),
            event_group_id: self.event_group_id(),
            group: self.group,
            number: self.number,
            start,
            end,
            listed_at: plus(end, 1, roll("listed", 3 * 3_600)),
            deposit_at,
            total,
            reserve,
            carried: self.carried,
            payout,
            transactions,
        };
        if more && total < 0 {
            follow_up.extend(self.debt(end, -total));
        }
        self.carried = if more && total < 0 { -total } else { 0 };
        if let Some(payout) = settlement.payout.as_ref() {
            follow_up.push(self.paid_out(&settlement, payout));
            if payout.fails {
                let text =
                    "Transfer of funds unsuccessful: Your bank returned the payment. Please check your bank details.";
                let back = self.balance("came back", MoneyEvent::FailedTransfer, text, total, payout.arrives_at);
                follow_up.push(back);
            }
        }
        self.number += 1;
        Closed { settlement: Some(settlement), follow_up }
    }

    /// What Amazon keeps against returns. Never of a debt, never on the smallest account.
    fn reserve(&self, cycle: &Cycle<'_>, sum: i64) -> i64 {
        let turn = cycle.dice.below(&["reserve", self.group.name], self.number.into(), 4);
        let percent = match (self.group.name, turn, self.number) {
            ("IE", ..) => 0,
            (_, _, 0) => 12,
            (_, 0, _) => 0,
            (_, turn, _) => 4 * turn as i64,
        };
        half_up(sum.max(0) * percent, 100)
    }

    /// A payout in pounds. The second one of the pounds' account fails.
    fn payout(&self, cycle: &Cycle<'_>, total: i64, deposit_at: Timestamp) -> Payout {
        let number = self.number.to_string();
        let days = 1 + cycle.dice.below(&["arrives", self.group.name], self.number.into(), 3) as i64;
        let amount = if self.group.currency == "GBP" { total } else { self.converted(cycle, total, deposit_at) };
        Payout {
            id: letters(self.seed, &["payout", self.group.name, &number], 16),
            trace_id: letters(self.seed, &["trace", self.group.name, &number], 15),
            account_tail: "417",
            amount,
            currency: "GBP",
            arrives_at: plus(deposit_at, 24 * days, 0),
            fails: *self.group == UK_GROUP && self.number == 1,
        }
    }

    /// What is left in pounds of an amount that Amazon converts, at a worse rate than the tax office's.
    fn converted(&self, cycle: &Cycle<'_>, total: i64, at: Timestamp) -> i64 {
        let worse = (cycle.rate)(at, self.group.currency) * Decimal::new(10_000 + CONVERTER_MARGIN, 4);
        let pounds = Decimal::from(total).checked_div(worse).unwrap_or_default();
        pounds.round().to_i64().unwrap_or(0)
    }

    /// A debt is repeated by the next settlement. The first is left to be earned, the second charged to the card, the third paid by
    /// the account of Amazon.de, and so on in turn.
    fn debt(&mut self, end: Timestamp, owed: i64) -> Vec<Transaction> {
        let mut rows = vec![self.balance("carried", MoneyEvent::Carried, "Payable to Amazon", -owed, end)];
        match (self.debts % 3, self.group.name) {
            (1, _) => {
                let at = plus(end, 3 * 24 + 2, 900);
                rows.push(self.balance("charged", MoneyEvent::Charge, "Successful charge", owed, at));
            }
            (2, "IE") => {
                let at = plus(end, 4 * 24 + 3, 60);
                let row = |group, word, text, minor| {
                    let kind = "Debt Adjustment";
                    let lines = vec![MoneyLine::plain(kind, kind, text, minor)];
                    Transaction { lines, ..self.event(group, word, MoneyEvent::CrossAccount, at) }
                };
                rows.push(row(self.group, "helped", "Cross-Account Debt Adjustment against DE", owed));
                rows.push(row(&DE_GROUP, "helps", "Cross-Account Debt Adjustment for IE", -owed));
            }
            _ => {}
        }
        self.debts += 1;
        rows
    }

    /// The event that Finances shows of a payout. It is released never: settlements have it as their total.
    fn paid_out(&self, settlement: &Settlement, payout: &Payout) -> Transaction {
        let lines = vec![MoneyLine::plain("Transfer", "Transfer", "FundTransfer", -settlement.total)];
        let event = self.event(self.group, "payout", MoneyEvent::Payout, settlement.deposit_at);
        Transaction { lines, shipment_id: Some(payout.id.clone()), ..event }
    }

    fn balance(&self, word: &str, event: MoneyEvent, text: &'static str, minor: i64, at: Timestamp) -> Transaction {
        Transaction {
            lines: vec![MoneyLine::plain(OTHER, OTHER, text, minor)],
            ..self.event(self.group, word, event, at)
        }
    }

    fn event(&self, group: &'static Group, word: &str, event: MoneyEvent, posted_at: Timestamp) -> Transaction {
        Transaction {
            id: opaque(self.seed, &["balance", self.group.name, word, &self.number.to_string()]),
            group,
            marketplace: None,
            event,
            posted_at,
            deferral: None,
            order: None,
            shipment_id: None,
            adjustment_id: None,
            lines: Vec::new(),
        }
    }
}

fn is_opening(own: &Transaction) -> bool {
    own.event == MoneyEvent::Carried || own.event == MoneyEvent::Reserve && own.total() > 0
}

fn plus(at: Timestamp, hours: i64, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(hours * 3_600 + seconds)).unwrap_or(at)
}
