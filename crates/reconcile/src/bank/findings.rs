//! What the search left over, and what it wants confirmed, as breaks.

use money::{Money, MoneyError};

use super::search::Search;
use super::{BankMatching, BankRule, DAYS_AFTER, DAYS_BEFORE, REPORT_LATE_DAYS};
use crate::breaks::{self, Break, Code, Link};
use crate::days::between;

impl Search<'_, '_> {
    pub(super) fn deposit_link(&self, at: usize) -> (Link, &'static str, Money) {
        (Link::Settlement(self.deposits[at].settlement.to_owned()), "payout", self.deposits[at].amount)
    }

    pub(super) fn line_link(&self, at: usize) -> (Link, &'static str, Money) {
        (Link::BankLine(self.lines[at].id.to_owned()), "bank line", self.lines[at].amount)
    }

    pub(super) fn finish(mut self) -> Result<BankMatching, MoneyError> {
        let mut found = Vec::new();
        for link in self.answer.links.iter().filter(|link| link.to_confirm) {
            let first = &self.deposits[link.deposits[0]];
            let differs = link.rule == BankRule::Reference;
            let code = if differs { Code::BankAmountDiffers } else { Code::BankMatchUnconfirmed };
            let mut one =
                Break::new(code, format!("settlement/{}", first.settlement), link.difference, link.because.clone())
                    .since(Some(first.on));
            let members = link.deposits.iter().map(|&at| self.deposit_link(at));
            for (link, says, amount) in members.chain(link.lines.iter().map(|&at| self.line_link(at))) {
                one = one.evidence(link, says, Some(amount));
            }
            found.push(one);
        }
        found.extend(self.lost_deposits());
        found.extend(self.unexplained_lines());
        found.extend(self.arrived_after_all());
        self.answer.breaks.extend(found);
        self.answer
            .links
            .sort_by_key(|link| (self.deposits[link.deposits[0]].settlement, self.lines[link.lines[0]].id));
        breaks::sort(&mut self.answer.breaks);
        Ok(self.answer)
    }

    fn lost_deposits(&self) -> Vec<Break> {
        let late = |&&at: &&usize| between(self.deposits[at].on, self.rules.today) > DAYS_AFTER;
        let lost = self.free_deposits.iter().filter(late);
        lost.map(|&at| {
            let deposit = &self.deposits[at];
            let cause = format!(
                "The payout of {} of settlement {} was begun on {} and is not in the bank.",
                deposit.amount, deposit.settlement, deposit.on
            );
            let (link, says, amount) = self.deposit_link(at);
            Break::new(Code::DepositNotInBank, format!("settlement/{}", deposit.settlement), amount.negated(), cause)
                .since(Some(deposit.on))
                .evidence(link, says, Some(amount))
        })
        .collect()
    }

    /// Lines of the marketplace that nothing explains, from the first payout that we know on.
    fn unexplained_lines(&self) -> Vec<Break> {
        let Some(first) = self.deposits.iter().map(|deposit| deposit.on).min() else { return Vec::new() };
        let theirs = |&&at: &&usize| {
            let line = &self.lines[at];
            let named = self.deposits.iter().enumerate().any(|(d, deposit)| deposit.failed && self.names(at, d));
            self.is_theirs(at)
                && !named
                && between(first, line.on) >= -DAYS_BEFORE
                && between(line.on, self.rules.today) > REPORT_LATE_DAYS
        };
        let lines = self.free_lines.iter().filter(theirs);
        lines
            .map(|&at| {
                let line = &self.lines[at];
                let cause = format!(
                    "The bank has {} of {} (“{}”), and no payout explains it.",
                    line.amount, line.on, line.text
                );
                let (link, says, amount) = self.line_link(at);
                Break::new(Code::BankLineUnexplained, format!("bank/{}", line.id), amount, cause)
                    .since(Some(line.on))
                    .evidence(link, says, Some(amount))
            })
            .collect()
    }

    /// Failed payouts that a line names all the same, and no later line takes back.
    fn arrived_after_all(&self) -> Vec<Break> {
        let mut found = Vec::new();
        for (at, deposit) in self.deposits.iter().enumerate().filter(|(_, deposit)| deposit.failed) {
            let named: Vec<usize> = self.free_lines.iter().copied().filter(|&line| self.names(line, at)).collect();
            let left: i128 = named.iter().map(|&line| i128::from(self.lines[line].amount.minor())).sum();
            let (Some(&line), true) = (named.first(), left != 0) else { continue };
            let cause = format!(
                "The payout of {} of settlement {} failed, and yet the bank has it on {}.",
                deposit.amount, deposit.settlement, self.lines[line].on
            );
            let mut one = Break::new(
                Code::FailedTransferArrived,
                format!("settlement/{}", deposit.settlement),
                deposit.amount,
                cause,
            )
            .since(Some(deposit.on));
            for (link, says, amount) in named.iter().map(|&line| self.line_link(line)) {
                one = one.evidence(link, says, Some(amount));
            }
            found.push(one);
        }
        found
    }
}
