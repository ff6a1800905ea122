//! The search: each step takes only payouts and lines that are still free.

use money::{Money, MoneyError};

use super::{
    BankLine, BankLink, BankMatching, BankRule, BankRules, CONVERTED_PERCENT, DAYS_AFTER, DAYS_BEFORE, Deposit,
    REFERENCE_MIN,
};
use crate::breaks::{Break, Code};
use crate::days::between;
use crate::matching::{Item, Kind, Matching, Rule, SubsetLimits, Tolerances, match_items};

pub(super) struct Search<'a, 'b> {
    pub(super) deposits: &'b [Deposit<'a>],
    pub(super) lines: &'b [BankLine<'a>],
    pub(super) rules: &'b BankRules<'b>,
    /// Free payouts and lines; failed payouts never are.
    pub(super) free_deposits: Vec<usize>,
    pub(super) free_lines: Vec<usize>,
    pub(super) answer: BankMatching,
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(
        deposits: &'b [Deposit<'a>],
        lines: &'b [BankLine<'a>],
        rules: &'b BankRules<'b>,
    ) -> Search<'a, 'b> {
        let mut free_deposits: Vec<usize> = (0..deposits.len()).filter(|&at| !deposits[at].failed).collect();
        let mut free_lines: Vec<usize> = (0..lines.len()).collect();
        free_deposits.sort_by_key(|&at| (deposits[at].settlement, deposits[at].on, deposits[at].amount.minor()));
        free_lines.sort_by_key(|&at| (lines[at].on, lines[at].id));
        Search { deposits, lines, rules, free_deposits, free_lines, answer: BankMatching::default() }
    }

    pub(super) fn is_theirs(&self, line: usize) -> bool {
        self.lines[line].text.to_uppercase().contains(&self.rules.word.to_uppercase())
    }

    /// What should reach the bank.
    pub(super) fn expected(&self, deposit: usize) -> Money {
        self.deposits[deposit].converted.unwrap_or(self.deposits[deposit].amount)
    }

    pub(super) fn names(&self, line: usize, deposit: usize) -> bool {
        let text = self.lines[line].text;
        let id = self.deposits[deposit].settlement.split('-').next().unwrap_or("");
        [self.deposits[deposit].trace, id].iter().any(|name| name.len() >= REFERENCE_MIN && text.contains(name))
    }

    pub(super) fn link(
        &mut self,
        deposits: Vec<usize>,
        lines: Vec<usize>,
        rule: BankRule,
        to_confirm: bool,
        because: String,
    ) -> Result<(), MoneyError> {
        let currency = self.lines[lines[0]].amount.currency();
        let paid = Money::sum(currency, lines.iter().map(|&at| self.lines[at].amount))?;
        let in_currency = |at: usize| match self.expected(at) {
            expected if expected.currency() == currency => expected,
            other => self.deposits[at].at_books_rate.unwrap_or(other),
        };
        let expected = Money::sum(currency, deposits.iter().map(|&at| in_currency(at)))?;
        self.free_deposits.retain(|at| !deposits.contains(at));
        self.free_lines.retain(|at| !lines.contains(at));
        let difference = paid.minus(expected)?;
        self.answer.links.push(BankLink { deposits, lines, rule, to_confirm, difference, because });
        Ok(())
    }

    pub(super) fn confirmed(&mut self) -> Result<(), MoneyError> {
        for &(settlement, line) in self.rules.confirmed {
            let deposit = self.free_deposits.iter().copied().find(|&at| self.deposits[at].settlement == settlement);
            let line = self.free_lines.iter().copied().find(|&at| self.lines[at].id == line);
            if let (Some(deposit), Some(line)) = (deposit, line) {
                self.link(vec![deposit], vec![line], BankRule::Confirmed, false, "You confirmed it.".to_owned())?;
            }
        }
        Ok(())
    }

    /// Lines that name payouts: one line may name several, and then has their sum.
    pub(super) fn references(&mut self) -> Result<(), MoneyError> {
        for line in self.free_lines.clone() {
            let currency = self.lines[line].amount.currency();
            let named: Vec<usize> = self.free_deposits.iter().copied().filter(|&at| self.names(line, at)).collect();
            let same_currency = named.iter().all(|&at| self.expected(at).currency() == currency);
            if named.is_empty() || !same_currency {
                continue;
            }
            let sum = Money::sum(currency, named.iter().map(|&at| self.expected(at)))?;
            // A wrong amount under the right name is that payout, with a difference that somebody must explain.
            let differs = sum != self.lines[line].amount;
            if differs && named.len() > 1 {
                continue;
            }
            self.link(named, vec![line], BankRule::Reference, differs, "The text names it.".to_owned())?;
        }
        Ok(())
    }

    /// Everything free as items of the general matcher: payouts left, lines right.
    pub(super) fn matching(
        &self,
        lines: &[usize],
        days_before: i64,
        days_after: i64,
        sums: Option<SubsetLimits>,
    ) -> Result<Matching, MoneyError> {
        let left: Vec<Item<'_>> = self
            .free_deposits
            .iter()
            .map(|&at| Item {
                id: self.deposits[at].settlement,
                on: Some(self.deposits[at].on),
                ..Item::new(Kind::Balance, self.expected(at))
            })
            .collect();
        let right: Vec<Item<'_>> = lines
            .iter()
            .map(|&at| Item {
                id: self.lines[at].id,
                on: Some(self.lines[at].on),
                ..Item::new(Kind::Balance, self.lines[at].amount)
            })
            .collect();
        match_items(&left, &right, &Tolerances { days_before, days_after, sums, ..Tolerances::default() })
    }

    pub(super) fn windows(&mut self, before: i64, after: i64, theirs: bool, rule: BankRule) -> Result<(), MoneyError> {
        let lines: Vec<usize> = self.free_lines.iter().copied().filter(|&at| self.is_theirs(at) == theirs).collect();
        let deposits = self.free_deposits.clone();
        for found in self.matching(&lines, before, after, None)?.matches {
            let to_confirm = rule == BankRule::WideWindow
                || (!theirs && found.right.iter().any(|&at| !self.lines[lines[at]].text.is_empty()));
            let because = match theirs {
                true => found.explain(),
                false => format!("{} The text does not name the marketplace.", found.explain()),
            };
            let (d, l) = (found.left.iter().map(|&at| deposits[at]), found.right.iter().map(|&at| lines[at]));
            self.link(d.collect(), l.collect(), rule, to_confirm, because)?;
        }
        Ok(())
    }

    pub(super) fn together(&mut self) -> Result<(), MoneyError> {
        let lines: Vec<usize> = self.free_lines.iter().copied().filter(|&at| self.is_theirs(at)).collect();
        let deposits = self.free_deposits.clone();
        let matching = self.matching(&lines, DAYS_BEFORE, DAYS_AFTER, Some(SubsetLimits::default()))?;
        for found in matching.matches.into_iter().filter(|found| found.rule == Rule::Sum) {
            let because = found.explain();
            let (d, l) = (found.left.iter().map(|&at| deposits[at]), found.right.iter().map(|&at| lines[at]));
            self.link(d.collect(), l.collect(), BankRule::Together, true, because)?;
        }
        for open in matching.open {
            let first = open.left.first().map(|&at| self.deposits[deposits[at]].settlement);
            let subject = match (first, open.right.first()) {
                (Some(settlement), _) => format!("settlement/{settlement}"),
                (None, Some(&at)) => format!("bank/{}", self.lines[lines[at]].id),
                (None, None) => continue,
            };
            let members = open
                .left
                .iter()
                .map(|&at| self.deposit_link(deposits[at]))
                .chain(open.right.iter().map(|&at| self.line_link(lines[at])));
            let cause = format!("Payouts and bank lines fit in several ways: {}.", open.why);
            let amount = match (open.left.first(), open.right.first()) {
                (Some(&at), _) => self.expected(deposits[at]),
                (_, Some(&at)) => self.lines[lines[at]].amount,
                _ => continue,
            };
            let mut found = Break::new(Code::Ambiguous, subject, amount, cause);
            for (link, says, amount) in members {
                found = found.evidence(link, says, Some(amount));
            }
            self.answer.breaks.push(found);
            self.free_deposits.retain(|at| !open.left.iter().any(|&l| deposits[l] == *at));
            self.free_lines.retain(|at| !open.right.iter().any(|&r| lines[r] == *at));
        }
        Ok(())
    }

    /// Payouts in another currency than the line, where exactly one of each fits.
    pub(super) fn converted(&mut self) -> Result<(), MoneyError> {
        let fits = |search: &Search<'_, '_>, deposit: usize, line: usize| {
            let (payout, line_) = (&search.deposits[deposit], &search.lines[line]);
            let Some(about) = payout.at_books_rate else { return false };
            let later = between(payout.on, line_.on);
            let away = line_.amount.minor().abs_diff(about.minor());
            search.expected(deposit).currency() != line_.amount.currency()
                && about.currency() == line_.amount.currency()
                && search.is_theirs(line)
                && (-DAYS_BEFORE..=DAYS_AFTER).contains(&later)
                && u128::from(away) * 100 <= u128::from(about.minor().unsigned_abs()) * CONVERTED_PERCENT as u128
        };
        for deposit in self.free_deposits.clone() {
            let lines: Vec<usize> = self.free_lines.iter().copied().filter(|&at| fits(self, deposit, at)).collect();
            let [line] = lines[..] else { continue };
            if self.free_deposits.iter().filter(|&&at| fits(self, at, line)).count() != 1 {
                continue;
            }
            let because = format!(
                "{} is within {CONVERTED_PERCENT} % of {} at the rate of the books.",
                self.lines[line].amount, self.deposits[deposit].amount
            );
            self.link(vec![deposit], vec![line], BankRule::Converted, true, because)?;
        }
        Ok(())
    }
}
