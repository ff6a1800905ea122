//! What only the whole settlement can tell: differences from invoices of before, loans, stock, flat-rate surplus, releases, pennies.

use model::VatRate;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::book::{BankText, Doc, Group, Journal, LineKey, Via};
use super::calendar::DayId;
use super::drafts;
use super::links::FOLDED;
use super::poster::Poster;
use super::rules::{LoanSplit, Mode};
use super::settle::{HeldRows, Settling};
use super::tasks::Matter;
use super::words::Slot;
use crate::Role;

/// Largest difference between an invoice and its rows that is no matter (accounting rules §10), in minor units.
const ORDER_TOLERANCE: i64 = 2;

impl Poster<'_> {
    /// Orders whose invoices were posted when the goods left: only a difference is posted.
    pub(super) fn held_orders(&mut self, settling: &mut Settling) {
        let mut held: Vec<(u32, Vec<HeldRows>)> = settling.held.drain().collect();
        held.sort_by_key(|(known, _)| *known);
        for (known, rows) in held {
            let Some(order) = self.known_order(known) else { continue };
            let mut expected = 0;
            let mut lines: Vec<&str> = rows.iter().map(|rows| rows.line.as_str()).collect();
            lines.sort_unstable();
            lines.dedup();
            for line in lines {
                let units: Option<i64> =
                    rows.iter().filter(|rows| rows.line == line).map(|rows| rows.units).sum::<Option<i64>>();
                expected += drafts::held_share(order, line, units);
            }
            let actual: i64 = rows.iter().map(|rows| rows.gross).sum();
            let difference = actual - expected;
            let Some(first) = rows.iter().min_by_key(|rows| (self.calendar.day(rows.day).date, rows.first_line)) else {
                continue;
            };
            self.totals.held_before += i128::from(expected);
            if difference != 0 {
                self.adjust(known, first, difference);
            }
        }
    }

    fn adjust(&mut self, known: u32, rows: &HeldRows, difference: i64) {
        let (day, via) = self.deferral(known, rows.day, true);
        if difference.abs() <= ORDER_TOLERANCE {
            let nominal = self.nominal(Role::Rounding, "", None);
            let rate = self.book.rate(VatRate::NoVat);
            let segment = self.calendar.day(day).segment;
            let doc = Doc::Bank { segment, text: BankText::Tolerance, rate, nominal, via };
            self.bank(doc, nominal, rate, day, difference, rows.first_line);
        } else {
            self.tasks.add(Matter::DiffersFromInvoice(known), difference, 1, rows.first_line);
            let short = self.sites[usize::from(rows.site)].1.as_ref().map_or(String::new(), |site| site.short.clone());
            let role = if difference > 0 { Role::Sales } else { Role::Refunds };
            let nominal = self.nominal(role, &short, None);
            let rate = self.book.rate(rows.rate);
            let part = self.texts.number("adjustment").unwrap_or(0);
            let group = match self.rules.mode {
                Mode::PerOrder => Group::Event { order: rows.order, part, day: DayId::MAX },
                Mode::Daily => Group::Day { day, site: rows.site, rate },
                Mode::Settlement => Group::Segment { segment: self.calendar.day(day).segment, site: rows.site },
            };
            let customer = if self.rules.mode == Mode::PerOrder { Default::default() } else { rows.group };
            let doc = Doc::Sales { refund: difference < 0, group, customer, via };
            let slot = (self.rules.mode == Mode::PerOrder).then_some(Slot::Other);
            let line = self.book.line(doc, LineKey { nominal, rate, slot, order_line: 0, two_row: 0 });
            let vat = crate::vat::inside(difference, rows.percent);
            let (net, vat) = (self.converted(day, difference - vat), self.converted(day, vat));
            self.convert_sum(day, difference, net + vat);
            self.book.add(line, net, vat, 1, rows.first_line);
            let on = self.calendar.day(day).date;
            self.book.of_order(line, known, rows.site, rows.group, on);
            let amount = self.converted(day, difference);
            self.defer(known, via, amount);
        }
    }

    /// Instalments of loans: parted where the lender's statement is known, else all of it reduces the loan.
    pub(super) fn loans(&mut self) {
        let mut rows = std::mem::take(&mut self.loans);
        rows.sort_by_key(|row| (self.calendar.day(row.day).date, row.minor, row.line));
        let mut splits: Vec<_> = self.rules.loans.iter().collect();
        let parts_journals = self.currency == self.rules.policy.seller.home || self.converts();
        for row in rows {
            let date = self.calendar.day(row.day).date;
            let fits = |split: &&LoanSplit| {
                split.principal.minor() + split.interest.minor() == -row.minor && split.on.is_none_or(|on| on == date)
            };
            let split = splits.iter().position(fits).map(|at| splits.remove(at));
            let segment = self.calendar.day(row.day).segment;
            let link = match split {
                Some(split) if parts_journals => {
                    let doc = Doc::Journal {
                        journal: Journal::Loan(row.word),
                        group: Group::Day { day: row.day, site: 0, rate: 0 },
                    };
                    let [principal, interest] =
                        [split.principal, split.interest].map(|part| self.converted(row.day, part.minor()));
                    let clearing = self.clearing();
                    let loan = self.nominal(Role::Loan, "", None);
                    let cost = self.nominal(Role::LoanInt, "", None);
                    let first = self.journal_line(doc, loan);
                    for (nominal, amount) in [(loan, principal), (cost, interest), (clearing, -principal - interest)] {
                        let line = self.journal_line(doc, nominal);
                        self.book.add(line, amount, 0, 1, row.line);
                    }
                    self.book.date(first, date);
                    self.convert_sum(row.day, row.minor, -principal - interest);
                    first
                }
                split => {
                    let interest = split.map_or(0, |split| -split.interest.minor());
                    let mut link = FOLDED;
                    for (role, minor) in [(Role::LoanInt, interest), (Role::Loan, row.minor - interest)] {
                        if minor != 0 {
                            let nominal = self.nominal(role, "", None);
                            let rate = self.book.rate(VatRate::NoVat);
                            let text = BankText::Word(row.word);
                            let doc = Doc::Bank { segment, text, rate, nominal, via: Via::Clearing };
                            link = self.bank(doc, nominal, rate, row.day, minor, row.line);
                        }
                    }
                    if split.is_none() && row.minor < 0 {
                        self.tasks.add(Matter::LoanSplit(row.word), row.minor, 1, row.line);
                    }
                    link
                }
            };
            self.links.set(row.link, link);
        }
    }

    /// Stock that was lost or found, at cost.
    pub(super) fn stock_moves(&mut self) {
        for row in std::mem::take(&mut self.stock) {
            let date = self.calendar.day(row.day).date;
            let Some(units) = row.units else {
                self.tasks.add(Matter::NoUnits, 0, 1, row.line);
                continue;
            };
            let cost = self.rules.stock.cost(self.skus.get(row.sku), date);
            let Some(total) = cost.and_then(|cost| cost.times(units.saturating_abs()).ok()) else {
                self.tasks.add(Matter::NoCost(row.sku), 0, 1, row.line);
                continue;
            };
            let journal = if row.out { Journal::StockOut(row.word) } else { Journal::StockIn(row.word) };
            let group = match self.rules.mode {
                Mode::PerOrder | Mode::Daily => Group::Day { day: row.day, site: 0, rate: 0 },
                Mode::Settlement => Group::Segment { segment: self.calendar.day(row.day).segment, site: 0 },
            };
            let doc = Doc::Journal { journal, group };
            let (adjustments, stock) = (self.nominal(Role::StockAdj, "", None), self.nominal(Role::Stock, "", None));
            let out = if row.out { total.minor() } else { -total.minor() };
            let (to, from) = (self.journal_line(doc, adjustments), self.journal_line(doc, stock));
            self.book.add(to, out, 0, 0, row.line);
            self.book.add(from, -out, 0, 0, row.line);
            self.book.date(to, date);
        }
    }

    /// What the flat-rate scheme leaves: VAT charged, less the percentage of the turnover.
    pub(super) fn flat_rate_journals(&mut self, settling: &Settling) {
        let mut sums: Vec<_> = settling.flat_rate.iter().collect();
        sums.sort();
        for ((segment, percent), (gross, vat)) in sums {
            let due = (Decimal::from(*gross) * percent / Decimal::ONE_HUNDRED)
                .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
                .to_i64()
                .unwrap_or(0);
            let doc = Doc::Journal { journal: Journal::FlatRate, group: Group::Segment { segment: *segment, site: 0 } };
            for (role, amount) in [(Role::VatOut, *vat), (Role::VatLiab, -due), (Role::FrsSurplus, due - vat)] {
                let nominal = self.nominal(role, "", None);
                let line = self.journal_line(doc, nominal);
                self.book.add(line, amount, 0, 0, u64::MAX);
            }
        }
    }

    /// Deferred money that was released moves to the clearing account.
    pub(super) fn releases(&mut self) {
        let mut deferred: Vec<(u32, i64)> = self.deferred.drain().collect();
        deferred.sort_unstable();
        for (known, amount) in deferred {
            let deferral = self.known_order(known).and_then(|order| order.deferral);
            let Some(day) = deferral.and_then(|deferral| deferral.released_on).and_then(|on| self.calendar.of_date(on))
            else {
                self.totals.unreleased += i128::from(amount);
                continue;
            };
            let nominal = self.nominal(Role::Deferred, "", None);
            let rate = self.book.rate(VatRate::NoVat);
            let line =
                self.book.line(Doc::Release { day }, LineKey { nominal, rate, slot: None, order_line: 0, two_row: 0 });
            self.book.add(line, amount, 0, 0, u64::MAX);
        }
    }

    /// Each line was converted by itself; what their sum lacks of the converted sum is a matter of pennies.
    pub(super) fn pennies(&mut self) {
        if !self.converts() {
            return;
        }
        let mut groups: Vec<(u16, Decimal, DayId, i128, i128)> = Vec::new();
        for (day, (foreign, home)) in (0..).zip(std::mem::take(&mut self.converted)) {
            let Some(rate) = self.calendar.day(day).rate.as_ref().map(|rate| rate.per_home) else { continue };
            let segment = self.calendar.day(day).segment;
            match groups.iter_mut().find(|group| (group.0, group.1) == (segment, rate)) {
                Some(group) => {
                    (group.3, group.4) = (group.3 + foreign, group.4 + home);
                }
                None => groups.push((segment, rate, day, foreign, home)),
            }
        }
        if self.totals.carried != 0 {
            let latest = self.calendar.days().iter().zip(0..).max_by_key(|(day, _)| day.date).map(|(_, id)| id);
            let carried = i64::try_from(self.totals.carried).unwrap_or(0);
            if let Some(day) = latest {
                self.totals.carried_home = self.in_home(day, carried);
            }
        }
        groups.sort_by_key(|group| (self.calendar.segment(group.0), group.1));
        for (segment, _, day, foreign, home) in groups {
            let Ok(foreign) = i64::try_from(foreign) else {
                self.book.overflow = true;
                continue;
            };
            let whole = i128::from(self.in_home(day, foreign));
            let Ok(rest) = i64::try_from(whole - home) else {
                self.book.overflow = true;
                continue;
            };
            self.totals.home += whole;
            if rest != 0 {
                let nominal = self.nominal(Role::Rounding, "", None);
                let rate = self.book.rate(VatRate::NoVat);
                let doc = Doc::Bank { segment, text: BankText::Rounding, rate, nominal, via: Via::Clearing };
                let line = self.book.line(doc, LineKey { nominal, rate, slot: None, order_line: 0, two_row: 0 });
                self.book.add(line, rest, 0, 0, u64::MAX);
            }
        }
    }
}
