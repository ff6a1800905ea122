use std::collections::BTreeSet;

use jiff::civil::Date;
use money::{Currency, Money};
use proptest::prelude::*;
use reconcile::{BankLine, BankMatching, BankRule, BankRules, Code, Deposit, match_bank};

use crate::dice::{Dice, day, gbp, later};

#[derive(Clone, Debug)]
struct Payout {
    settlement: String,
    trace: String,
    amount: Money,
    at_books_rate: Option<Money>,
    on: Date,
    failed: bool,
}

#[derive(Clone, Debug)]
struct Line {
    id: String,
    on: Date,
    amount: Money,
    text: String,
}

#[derive(Clone, Debug, Default)]
struct World {
    payouts: Vec<Payout>,
    lines: Vec<Line>,
    confirmed: Vec<(String, String)>,
}

fn today() -> Date {
    day("2026-12-01")
}

impl World {
    /// Payouts a week and more apart, each in the bank after some days, among other business of the account.
    fn new(seed: u64, count: usize) -> World {
        let mut dice = Dice::new(seed);
        let mut world = World::default();
        for number in 0..count {
            let on = later(day("2026-03-01"), 14 * i64::try_from(number).unwrap() + dice.within(0, 3));
            // Far enough apart that no two or three of them make another one.
            let minor = dice.within(1_000, 1_100) * 1_000 + i64::try_from(number).unwrap();
            let trace = format!("TRACE{:08}", number);
            let text =
                if dice.once_in(2) { format!("AMAZON PAYMENTS {trace}") } else { "Amazon Payments UK".to_owned() };
            world.payouts.push(Payout {
                settlement: format!("2603187{number:04}-GBP"),
                trace,
                amount: gbp(minor),
                at_books_rate: None,
                on,
                failed: false,
            });
            let booked = later(on, dice.within(-1, 8));
            world.lines.push(Line { id: format!("b{number}"), on: booked, amount: gbp(minor), text });
            world.lines.push(Line {
                id: format!("x{number}"),
                on,
                amount: gbp(-dice.within(1, 900_000)),
                text: "RENT".into(),
            });
        }
        world
    }

    fn answer(&self) -> BankMatching {
        let deposits: Vec<Deposit<'_>> = self
            .payouts
            .iter()
            .map(|one| Deposit {
                settlement: &one.settlement,
                amount: one.amount,
                on: one.on,
                trace: &one.trace,
                converted: None,
                at_books_rate: one.at_books_rate,
                failed: one.failed,
            })
            .collect();
        let lines: Vec<BankLine<'_>> = self
            .lines
            .iter()
            .map(|line| BankLine { id: &line.id, on: line.on, amount: line.amount, text: &line.text })
            .collect();
        let confirmed: Vec<(&str, &str)> = self.confirmed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        match_bank(&deposits, &lines, &BankRules { today: today(), word: "amazon", confirmed: &confirmed }).unwrap()
    }

    fn breaks(&self) -> BTreeSet<(Code, String)> {
        self.answer().breaks.into_iter().map(|found| (found.code, found.subject)).collect()
    }

    /// Plants one error on payout `at`; answers what must be found.
    fn plant(&mut self, which: u8, at: usize) -> (Code, String) {
        let payout = self.payouts[at].clone();
        let settlement = format!("settlement/{}", payout.settlement);
        let line = self.lines.iter().position(|line| line.id == format!("b{at}")).unwrap();
        match which {
            0 => {
                self.lines.remove(line);
                (Code::DepositNotInBank, settlement)
            }
            1 => {
                self.payouts.remove(at);
                self.payouts.insert(
                    at,
                    Payout {
                        on: day("2026-02-01"),
                        failed: true,
                        amount: gbp(1),
                        trace: String::new(),
                        settlement: "0-GBP".into(),
                        ..payout
                    },
                );
                (Code::BankLineUnexplained, format!("bank/b{at}"))
            }
            2 => {
                self.lines[line].text = format!("AMAZON {}", payout.trace);
                self.lines[line].amount = gbp(payout.amount.minor() - 1_250);
                (Code::BankAmountDiffers, settlement)
            }
            3 => {
                self.lines[line].text = "AMAZON".into();
                self.lines[line].on = later(payout.on, 12);
                (Code::BankMatchUnconfirmed, settlement)
            }
            4 => {
                self.lines[line].text = "BACS CREDIT".into();
                (Code::BankMatchUnconfirmed, settlement)
            }
            5 => {
                // Two lines make the payout.
                let part = self.lines[line].clone();
                self.lines[line] = Line { amount: gbp(400_000), text: "AMAZON".into(), on: payout.on, ..part.clone() };
                let rest = gbp(payout.amount.minor() - 400_000);
                self.lines.push(Line { id: format!("b{at}-2"), amount: rest, text: "AMAZON".into(), on: payout.on });
                (Code::BankMatchUnconfirmed, settlement)
            }
            6 => {
                let eur = Money::new(payout.amount.minor() * 12 / 10, Currency::EUR);
                self.payouts[at] = Payout { amount: eur, at_books_rate: Some(payout.amount), ..payout.clone() };
                self.lines[line].amount = gbp(payout.amount.minor() * 97 / 100);
                self.lines[line].text = "AMAZON".into();
                self.lines[line].on = payout.on;
                (Code::BankMatchUnconfirmed, settlement)
            }
            _ => {
                self.payouts[at].failed = true;
                self.lines[line].text = format!("AMAZON {}", payout.trace);
                (Code::FailedTransferArrived, settlement)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn planted_errors_are_all_found_and_none_is_invented(
        seed in any::<u64>(), count in 1_usize..12, planted in proptest::collection::vec((0_u8..8, 0_usize..12), 0..4), shuffle in any::<u64>(),
    ) {
        let mut world = World::new(seed, count);
        let mut expected = BTreeSet::new();
        let mut touched = BTreeSet::new();
        for (which, at) in planted {
            if at < count && touched.insert(at) {
                expected.insert(world.plant(which, at));
            }
        }
        prop_assert_eq!(world.breaks(), expected.clone());
        let mut dice = Dice::new(shuffle);
        dice.shuffle(&mut world.payouts);
        dice.shuffle(&mut world.lines);
        prop_assert_eq!(world.breaks(), expected);
    }

    #[test]
    fn what_a_person_confirmed_is_not_asked_again(seed in any::<u64>(), count in 1_usize..8, which in 3_u8..5) {
        let mut world = World::new(seed, count);
        world.plant(which, 0);
        world.confirmed.push((world.payouts[0].settlement.clone(), "b0".into()));
        prop_assert_eq!(world.breaks(), BTreeSet::new());
        prop_assert!(world.answer().links.iter().any(|link| link.rule == BankRule::Confirmed));
    }
}

#[test]
fn two_payouts_in_one_line_are_proposed() {
    let mut world = World::new(3, 2);
    let on = world.payouts[0].on;
    world.payouts[1].on = later(on, 1);
    let sum = world.payouts[0].amount.plus(world.payouts[1].amount).unwrap();
    world.lines = vec![Line { id: "b".into(), on: later(on, 3), amount: sum, text: "AMAZON".into() }];
    let answer = world.answer();
    assert_eq!((answer.links.len(), answer.links[0].rule, answer.links[0].to_confirm), (1, BankRule::Together, true));
    assert_eq!((answer.links[0].deposits.len(), answer.links[0].difference), (2, gbp(0)));
}

#[test]
fn a_charge_of_the_card_is_money_out() {
    let mut world = World::new(3, 1);
    world.payouts[0].amount = gbp(-54_49);
    world.lines = vec![Line {
        id: "b".into(),
        on: later(world.payouts[0].on, 2),
        amount: gbp(-54_49),
        text: "AMAZON.CO.UK".into(),
    }];
    assert_eq!(world.breaks(), BTreeSet::new());
    assert_eq!(world.answer().links.len(), 1);
}

#[test]
fn a_failed_payout_that_the_bank_took_back_is_settled() {
    let mut world = World::new(3, 1);
    world.plant(7, 0);
    let back = Line {
        id: "b-".into(),
        amount: world.lines[0].amount.negated(),
        on: later(world.lines[0].on, 2),
        ..world.lines[0].clone()
    };
    world.lines.push(back);
    assert_eq!(world.breaks(), BTreeSet::new());
}
