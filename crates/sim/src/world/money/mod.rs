//! What happens to the money: sales, fees, refunds, claims, reserves, settlements, payouts. A function of the seed, as orders are.
//!
//! How often each case occurs, with 40 orders a day (about 33 are charged):
//!
//! | case | how often |
//! |---|---|
//! | money held back until seven days after delivery; until a business buyer's invoice is due (30 days) | half of all orders; two in five business orders |
//! | refund in full; in part; in three parts; with a restocking fee kept; with goodwill; with return postage | 40, 14, 10, 10, 8, 8 of 1,000 orders |
//! | chargeback; A-to-z claim (half of them won back 10 to 22 days later) | 6, 8 of 1,000 orders |
//! | SAFE-T for a refund that the merchant shipped | one in three |
//! | return fee of a refund from Amazon's warehouse | one in five |
//! | subscription, storage, renewal | 1st, 8th (old and new layout by turns), 15th of a month, and days 11 to 13 |
//! | inbound, placement, removal, disposal, coupons, labels, Vine | every 7, 14, 11 or 22, 11, 10, 13, 30 days |
//! | advertising in the UK, in Germany; refunds of it | every 4, 5; 29 days |
//! | loan instalment; micro deposit | every 14 days; once |
//! | compensation for stock; taken back nine days later; correction of fees | every 3; every 18; every 12 days |
//! | reserve | held by the first settlement in pounds and by three in four after it, by those in euros alike |
//! | payout that comes back | the second in pounds |
//! | settlement below nothing | the first three of Amazon.ie: carried, then charged to the card, then paid by Amazon.de |
//! | payout converted to pounds | every one in euros |
//!
//! Orders that are cancelled after their dispatch are never charged and leave no trace here. Nor do free replacements, nor the orders
//! that only people's faults make. Settlements close every fourteen days after the world's start (a day later for Amazon.de and
//! Amazon.fr, two for Amazon.ie), at an hour of their own. A settlement has what was released while it was open.

mod account;
mod close;
mod fees;
mod group;
mod ledger;
mod refund;
mod sale;
mod settlement;
mod transaction;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::World;
use crate::faults::Dice;
use account::AccountDay;
use close::{Cycle, DAYS};
pub use group::{DE_GROUP, GROUPS, Group, IE_GROUP, UK_GROUP};
pub(super) use ledger::Ledger;
pub use settlement::{Balance, BankLine, Payout, Settlement};
pub use transaction::{Deferral, DeferralReason, MoneyEvent, MoneyLine, Transaction};

impl World {
    /// The settlements that have closed by `now`, in order of closing.
    pub fn settlements(&self, now: Timestamp) -> Vec<Arc<Settlement>> {
        if now < self.start.saturating_add((24 * DAYS).hours()).unwrap_or(now) {
            // None can have closed, and a world of many orders need not count its money.
            return Vec::new();
        }
        let money = self.money(now);
        money.settlements().iter().filter(|own| own.end <= now).cloned().collect()
    }

    /// The settlements whose report is listed by `now`, in order of closing.
    pub fn listed_settlements(&self, now: Timestamp) -> Vec<Arc<Settlement>> {
        let mut listed = self.settlements(now);
        listed.retain(|own| own.listed_at <= now);
        listed
    }

    /// Financial events posted from `after` up to before `before`, in order of posting, as they are known at `now`.
    pub fn transactions(&self, after: Timestamp, before: Timestamp, now: Timestamp) -> Vec<Arc<Transaction>> {
        let before = before.min(now.saturating_add(1.second()).unwrap_or(now));
        self.money(now).posted(after, before).cloned().collect()
    }

    /// Financial events about an order, posted by `now`, in order of posting.
    pub fn transactions_of(&self, order: &str, now: Timestamp) -> Vec<Arc<Transaction>> {
        let mut found: Vec<_> = self.money(now).of_order(order).to_vec();
        found.retain(|own| own.posted_at <= now);
        found.sort_by_key(|own| (own.posted_at, own.id.clone()));
        found
    }

    /// Events whose money was held back and is released from `after` up to before `before`, as they are known at `now`.
    pub fn releases(&self, after: Timestamp, before: Timestamp, now: Timestamp) -> Vec<Arc<Transaction>> {
        let before = before.min(now.saturating_add(1.second()).unwrap_or(now));
        self.money(now).released(after, before).cloned().collect()
    }

    /// What Amazon holds for the seller at the clock's time.
    pub fn balance(&self, group: &Group) -> Balance {
        let now = self.clock.now();
        self.money(now).balance(group, now)
    }

    /// Id of a group's event group that is open at the clock's time, and since when it is.
    pub fn open_event_group(&self, group: &Group) -> (String, Timestamp) {
        self.money(self.clock.now()).open_group(group)
    }

    /// What the seller's bank statement shows by `now`. A charge to the seller's card is not on it.
    pub fn bank_lines(&self, now: Timestamp) -> Vec<BankLine> {
        let mut lines: Vec<BankLine> = Vec::new();
        for settlement in self.settlements(now) {
            for own in settlement.transactions.iter().filter(|own| own.event == MoneyEvent::MicroDeposit) {
                let at = own.posted_at.saturating_add(24.hours()).unwrap_or(own.posted_at);
                let text = "AMAZON PAYMENTS VERIFICATION".to_owned();
                lines.push(BankLine { at, amount: -own.total(), text, settlement: None });
            }
            if let Some(payout) = settlement.payout.as_ref().filter(|payout| !payout.fails) {
                lines.push(BankLine {
                    at: payout.arrives_at,
                    amount: payout.amount,
                    text: format!("AMAZON PAYMENTS UK {}", payout.trace_id),
                    settlement: Some(settlement.id.clone()),
                });
            }
        }
        lines.retain(|line| line.at <= now);
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// When everything that ever happens to the money has happened, settled, listed and paid; `None` while orders go on.
    pub fn money_ends_at(&self) -> Option<Timestamp> {
        if self.plan.goes_on {
            return None;
        }
        let mut now = self.last_event_at();
        loop {
            let last = {
                let money = self.money(now);
                money.last_release().filter(|last| *last >= now)
            };
            match last {
                Some(last) => now = last.saturating_add(SignedDuration::from_hours(24 * 17)).ok()?,
                None => break,
            }
        }
        let settled = self.settlements(now);
        let paid = settled.iter().map(|own| own.payout.as_ref().map_or(own.listed_at, |payout| payout.arrives_at));
        Some(paid.max().unwrap_or(now).max(self.last_event_at()))
    }

    /// Instalments of the loan while the world trades: when, and how much in pence. What the lender's plan says from the beginning.
    pub fn loan_instalments(&self) -> Vec<(Timestamp, i64)> {
        let dice = Dice::new(self.seed);
        let days = (0..self.plan.days).flat_map(|number| self.account_day(&dice, number).transactions());
        days.filter(|own| own.event == MoneyEvent::Loan).map(|own| (own.posted_at, -own.total())).collect()
    }

    fn account_day<'a>(&'a self, dice: &'a Dice, number: u32) -> AccountDay<'a> {
        AccountDay {
            seed: self.seed,
            dice,
            seller: &self.seller,
            start: self.start.saturating_add((i64::from(number) * 24).hours()).unwrap_or(self.start),
            number,
            orders: self.plan.per_day().into(),
            unknown_fee: self.quirks,
        }
    }

    /// The ledger of financial events, brought up to `now`.
    fn money(&self, now: Timestamp) -> std::sync::MutexGuard<'_, Ledger> {
        self.reach(now);
        let mut money = self.money_ledger();
        money.add_orders(self.read().all());
        let last_day = if self.plan.goes_on { self.read().days_made() } else { self.plan.days };
        for number in money.days_done()..last_day {
            let dice = money.dice();
            money.add_day(self.account_day(&dice, number).transactions());
        }
        let rate = |at: Timestamp, currency: &str| {
            let day = crate::kashflow::london_day(at);
            self.monthly_rate(day.year(), day.month(), currency).unwrap_or(rust_decimal::Decimal::ONE)
        };
        let cycle = Cycle { dice: money.dice(), rate: &rate, goes_on: self.plan.goes_on };
        money.close(&cycle, now);
        money
    }
}

/// `over / under`, half away from nothing; `under` is above nothing.
fn half_up(over: i64, under: i64) -> i64 {
    (2 * over.abs() + under) / (2 * under) * over.signum()
}

/// The tax inside a gross amount at a rate in per cent, half a penny up.
fn inside(gross: i64, percent: i64) -> i64 {
    half_up(gross * percent, 100 + percent)
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests;
