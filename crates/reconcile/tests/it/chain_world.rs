//! Chains of settlements that are consistent by construction: reserves, debts, charges, returned payouts, moved debt.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use model::Settlement;
use money::{Currency, Money};
use reconcile::{Balance, Payout, Statement};

use crate::dice::{Dice, day, gbp, later};

pub struct World {
    pub statements: Vec<Statement>,
    pub payouts: Vec<Payout>,
}

fn midnight(day: Date) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap()
}

pub fn today() -> Date {
    day("2026-12-20")
}

/// Every chain ends on the day before `today`, whatever its length.
fn begin(length: usize) -> Date {
    today().checked_sub((14 * i64::try_from(length).unwrap() + 1).days()).unwrap()
}

impl World {
    /// Two marketplaces of one account and one of another, `length` settlements each.
    pub fn new(seed: u64, length: usize) -> World {
        let mut dice = Dice::new(seed);
        let mut world = World { statements: Vec::new(), payouts: Vec::new() };
        for (account, marketplace) in [("S1", "uk"), ("S1", "ie"), ("S2", "uk")] {
            world.chain(&mut dice, account, marketplace, length);
        }
        world
    }

    fn chain(&mut self, dice: &mut Dice, account: &str, marketplace: &str, length: usize) {
        let (mut held, mut debt) = (0_i64, 0_i64);
        let mut failed: Option<i64> = None;
        for at in 0..length {
            let from = later(begin(length), 14 * i64::try_from(at).unwrap());
            let id = format!("{account}{marketplace}{at}");
            let mut rows: Vec<(Option<Balance>, i64)> = Vec::new();
            // Activity alone decides the sign: now and then fees eat it up. Never a multiple of nine, never twice the same.
            let activity = if dice.once_in(4) { -dice.within(10_00, 300_00) } else { dice.within(500_00, 9_000_00) };
            for _ in 0..1 + dice.below(4) {
                rows.push((None, activity / 5));
            }
            rows.push((None, activity - rows.iter().map(|row| row.1).sum::<i64>()));
            if held > 0 {
                rows.push((Some(Balance::ReserveReleased), held));
            }
            if debt < 0 {
                rows.push((Some(Balance::DebtBroughtForward), debt));
                if dice.once_in(3) {
                    rows.push((Some(Balance::Charged), -debt));
                }
            }
            if let Some(back) = failed.take() {
                rows.push((Some(Balance::TransferReturned), back));
            }
            held = if dice.once_in(2) { dice.within(20_00, 400_00) } else { 0 };
            if held > 0 {
                rows.push((Some(Balance::ReserveHeld), -held));
            }
            let total: i64 = rows.iter().map(|row| row.1).sum();
            debt = total.min(0);
            let head = Settlement {
                id,
                currency: Currency::GBP,
                from: Some(midnight(from)),
                to: Some(midnight(later(from, 14))),
                deposit_on: Some(midnight(later(from, 16))),
                total: gbp(total),
            };
            let mut statement = Statement::new(head, account, marketplace, &format!("{marketplace}-{at}.tsv"));
            for (line, (balance, minor)) in (3..).zip(rows) {
                let amount = gbp(minor);
                match balance {
                    None => statement.add(amount).unwrap(),
                    Some(balance) => statement.add_balance(balance, amount, Some(midnight(from)), line).unwrap(),
                }
            }
            if total > 0 && at + 1 < length && dice.once_in(5) {
                failed = Some(total);
            }
            if total > 0 {
                self.payouts.push(Payout {
                    settlement: statement.key(),
                    amount: gbp(total),
                    on: later(from, 16),
                    failed: failed.is_some(),
                });
            }
            self.statements.push(statement);
        }
    }

    /// Moves debt between two settlements of the same place in the chains of one account.
    pub fn move_debt(&mut self, from: usize, to: usize, minor: i64) {
        for (at, amount) in [(from, minor), (to, -minor)] {
            self.change(at, Balance::DebtMoved, amount, 90);
        }
    }

    /// Adds a row of a balance and an ordinary one against it, so that totals stay as they are.
    pub fn change(&mut self, at: usize, balance: Balance, minor: i64, line: u64) {
        let statement = &mut self.statements[at];
        let on = statement.settlement.from;
        statement.add_balance(balance, gbp(minor), on, line).unwrap();
        statement.add(gbp(-minor)).unwrap();
    }

    /// Takes the first row of a balance away, and its amount from the sum.
    pub fn lose(&mut self, at: usize, balance: Balance) -> Option<Money> {
        let statement = &mut self.statements[at];
        let position = statement.balances.iter().position(|row| row.balance == balance)?;
        let row = statement.balances.remove(position);
        statement.sum = statement.sum.minus(gbp(row.minor)).unwrap();
        statement.rows -= 1;
        Some(gbp(row.minor))
    }
}
