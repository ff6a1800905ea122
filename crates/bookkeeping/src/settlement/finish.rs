//! The end of a settlement: what its head says is checked, what only the whole can tell is posted, and documents are made.

use jiff::SignedDuration;
use jiff::civil::Date;
use model::{Settlement, VatRate};
use money::Money;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::book::{BankText, Doc, Group, Journal, LineKey, Via};
use super::calendar::DayId;
use super::drafts;
use super::ledger::Ledger;
use super::links::FOLDED;
use super::posted::{Clearing, Posted};
use super::poster::Poster;
use super::rules::{Method, Mode};
use super::settle::{HeldRows, Settling};
use super::tasks::{Matter, Names, Task, suggest, task};
use super::words::Slot;
use crate::sales::london;
use crate::{Problem, Role};

/// Largest difference between an invoice and its rows that is no matter (accounting rules §10), in minor units.
const ORDER_TOLERANCE: i64 = 2;

impl Poster<'_> {
    /// Makes the documents of the settlement with this head.
    ///
    /// # Errors
    ///
    /// [`Problem`]s that keep the whole settlement out of the books: its rows do not sum to its total, currencies are mixed, an account
    /// or a rate is missing. Nothing is posted then.
    pub fn finish(mut self, head: &Settlement) -> Result<Posted, Vec<Problem>> {
        let last = head.to.and_then(|to| to.checked_sub(SignedDuration::from_secs(1)).ok()).map(london);
        self.complete(last.or_else(|| head.deposit_on.map(london)));
        if let Some(problem) = self.refused() {
            return Err(vec![problem]);
        }
        if head.currency != self.currency {
            return Err(vec![wrong_currency(head, &self)]);
        }
        self.balance(head)?;
        let mut settling = self.settle();
        self.held_orders(&mut settling);
        self.loans();
        self.stock_moves();
        self.flat_rate_journals(&settling);
        self.releases();
        self.pennies();
        let mut problems = self.book.missing_accounts();
        problems.extend(self.missing_rates());
        if self.book.overflow {
            problems.push(Problem::arithmetic("settlement", &money::MoneyError::TooLarge));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        self.make(head, last)
    }

    /// The sum of all rows is the total, exactly, or nothing is posted.
    fn balance(&mut self, head: &Settlement) -> Result<(), Vec<Problem>> {
        let total = i128::from(head.total.minor());
        let mut difference = total - self.totals.sum;
        // Some exports repeat the payout as a row: then the rows sum to nil with it.
        if difference != 0 && self.totals.payouts != 0 && self.totals.sum + self.totals.payouts == total {
            difference = 0;
        }
        let accepted = self.evidence.accepted_difference.filter(|accepted| i128::from(accepted.minor()) == difference);
        if let (Some(accepted), true) = (accepted, difference != 0) {
            self.accept(head, accepted)?;
            difference = 0;
        }
        if difference == 0 { Ok(()) } else { Err(vec![unbalanced(head, self.totals.sum, difference)]) }
    }

    fn accept(&mut self, head: &Settlement, accepted: Money) -> Result<(), Vec<Problem>> {
        let on = head.to.or(head.deposit_on).or(head.from).map(london);
        let latest = || self.calendar.days().iter().map(|day| day.date).max();
        let Some(day) = on.or_else(latest).and_then(|on| self.calendar.of_date(on)) else {
            return Err(vec![unbalanced(head, self.totals.sum, i128::from(accepted.minor()))]);
        };
        let nominal = self.nominal(Role::Suspense, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let segment = self.calendar.day(day).segment;
        let doc = Doc::Bank { segment, text: BankText::Accepted, rate, nominal, via: Via::Clearing };
        self.bank(doc, nominal, rate, day, accepted.minor(), u64::MAX);
        self.totals.sum += i128::from(accepted.minor());
        self.tasks.ready.push(Task {
            code: "accepted_difference",
            in_suspense: true,
            rows_of: None,
            subject: String::new(),
            sum: accepted,
            count: 1,
            line: 0,
            cause: "The rows did not sum to the total; a person accepted the missing amount. It waits on suspense."
                .to_owned(),
            next: "Find the missing row in Seller Central and clear it from suspense by hand.".to_owned(),
            high_priority: true,
            suggestions: Vec::new(),
        });
        Ok(())
    }

    /// Orders whose invoices were posted when the goods left: only a difference is posted.
    fn held_orders(&mut self, settling: &mut Settling) {
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
    fn loans(&mut self) {
        let mut rows = std::mem::take(&mut self.loans);
        rows.sort_by_key(|row| (self.calendar.day(row.day).date, row.minor, row.line));
        let mut splits: Vec<_> = self.rules.loans.iter().collect();
        let parts_journals = self.currency == self.rules.policy.seller.home || self.converts();
        for row in rows {
            let date = self.calendar.day(row.day).date;
            let fits = |split: &&super::rules::LoanSplit| {
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
    fn stock_moves(&mut self) {
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
    fn flat_rate_journals(&mut self, settling: &Settling) {
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
    fn releases(&mut self) {
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
    fn pennies(&mut self) {
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

    fn missing_rates(&self) -> Vec<Problem> {
        let mut days: Vec<Date> = self.no_rate.iter().map(|day| self.calendar.day(*day).date).collect();
        days.sort_unstable();
        days.dedup_by_key(|day| (day.year(), day.month()));
        days.into_iter().map(|day| no_rate(self.currency, self.rules.policy.seller.home, day)).collect()
    }

    /// The account that documents are paid through.
    pub(super) fn clearing(&mut self) -> model::NominalCode {
        if self.rules.method == Method::DirectBank {
            return self.nominal(Role::Bank, "", None);
        }
        let rule = self.rules.policy.invoices.payment.as_ref();
        rule.and_then(|rule| rule.accounts.get(&self.currency)).copied().unwrap_or(model::NominalCode(0))
    }

    fn make(mut self, head: &Settlement, last: Option<Date>) -> Result<Posted, Vec<Problem>> {
        let clearing = self.clearing();
        if clearing.0 == 0 {
            return Err(vec![no_clearing(self.currency)]);
        }
        if let Some(problem) = self.direct_refusal(head) {
            return Err(vec![problem]);
        }
        let tallies = self.tasks.tallies();
        let made = drafts::make(&mut self, head, last, clearing).map_err(|problem| vec![problem])?;
        let ledger = Ledger::of(&made.documents, &self.rules.policy.accounts).map_err(|problem| vec![problem])?;
        let mut tasks = std::mem::take(&mut self.tasks.ready);
        tasks.extend(made.tasks);
        let names = Names {
            word: &|word| self.words.get(word).text.clone(),
            sku: &|sku| self.skus.get(sku).to_owned(),
            site: &|site| self.sites[usize::from(site)].0.clone(),
            order: &|known| known.checked_sub(1).map_or(String::new(), |at| self.known[at as usize].0.to_owned()),
            suggest: &|text, sum| suggest(self.words.source(), text, sum),
        };
        for (matter, tally) in tallies {
            let minor = i64::try_from(tally.sum).unwrap_or(if tally.sum < 0 { i64::MIN + 1 } else { i64::MAX });
            tasks.push(task(matter, tally, Money::new(minor, self.currency), &names));
        }
        let chain = self.chain();
        let broken_chain = !chain.is_empty();
        tasks.extend(chain);
        tasks.sort_by(|left, right| {
            let key = |task: &Task| {
                (!task.high_priority, !task.in_suspense, task.code, task.rows_of.clone(), task.subject.clone())
            };
            key(left).cmp(&key(right)).then(left.sum.minor().cmp(&right.sum.minor()))
        });
        let clearing = self.clearing_check(clearing, &ledger, made.deposit);
        let explained = clearing.change == clearing.expected && !broken_chain;
        self.links.set_places(made.places);
        Ok(Posted {
            documents: made.documents,
            ledger,
            tasks,
            links: self.links,
            clearing,
            explained,
            rows: self.totals.rows,
            late: made.late,
        })
    }

    /// Why documents cannot be paid straight on the bank, if they cannot.
    fn direct_refusal(&self, head: &Settlement) -> Option<Problem> {
        if self.rules.method != Method::DirectBank {
            return None;
        }
        let moved = |doc: &super::book::DocState| matches!(doc.doc, Doc::Transfer { .. } | Doc::Release { .. });
        let segments = (self.book.docs.iter())
            .filter_map(|doc| match doc.doc {
                Doc::Sales { group: Group::Segment { segment, .. }, .. }
                | Doc::Purchase { segment, .. }
                | Doc::Bank { segment, .. } => Some(segment),
                _ => None,
            })
            .collect::<std::collections::BTreeSet<_>>();
        let why = if self.rules.mode != Mode::Settlement {
            "documents of single orders or days have no payout of their own"
        } else if self.book.docs.iter().any(moved) || self.totals.unreleased != 0 {
            "it has a reserve, a transfer or deferred money"
        } else if segments.len() > 1 {
            "it crosses the end of a month"
        } else if self.currency != self.rules.policy.seller.home {
            "it is in a foreign currency"
        } else if head.total.minor() <= 0 || head.deposit_on.is_none() || self.totals.carried != 0 {
            "it has no payout, or debt was carried into it"
        } else {
            return None;
        };
        Some(Problem::new(
            "direct_bank_impossible",
            "settlements.method",
            format!("This settlement cannot be paid straight on the bank: {why}. Nothing is posted."),
            "Set method = \"clearing\" in [settlements] of the mapping.",
        ))
    }

    /// Reserve and debt must chain from one settlement to the next.
    fn chain(&self) -> Vec<Task> {
        let Some(earlier) = self.evidence.earlier else { return Vec::new() };
        let mut tasks = Vec::new();
        let mut say = |code, minor: i128, cause: String| {
            tasks.push(Task {
                code,
                in_suspense: false,
                rows_of: None,
                subject: String::new(),
                sum: Money::new(i64::try_from(minor).unwrap_or(0), self.currency),
                count: 1,
                line: 0,
                cause,
                next: "Look for a settlement that is missing between the two.".to_owned(),
                high_priority: true,
                suggestions: Vec::new(),
            });
        };
        if earlier.total.currency() == self.currency {
            let owed = i128::from(earlier.total.minor().min(0));
            if self.totals.carried != owed && (self.totals.carried_rows > 0 || owed != 0) {
                say(
                    "debt_chain",
                    self.totals.carried - owed,
                    format!(
                        "The settlement before closed at {}, but this one carries {} of debt. Nothing was posted for it either way.",
                        earlier.total,
                        Money::new(i64::try_from(self.totals.carried).unwrap_or(0), self.currency)
                    ),
                );
            }
        }
        if let Some(reserve) = earlier.reserve.filter(|reserve| reserve.currency() == self.currency) {
            let rest = self.totals.released - i128::from(reserve.minor());
            if rest != 0 {
                say(
                    "reserve_chain",
                    rest,
                    format!(
                        "The settlement before held back {reserve}, but this one releases another amount. Both are posted as they are."
                    ),
                );
            }
        }
        tasks
    }

    /// Δclearing = sum of rows − debt carried in − what was posted before − what is still deferred − payout.
    fn clearing_check(&self, account: model::NominalCode, ledger: &Ledger, deposit: i64) -> Clearing {
        let converts = self.converts();
        let currency = if converts { self.rules.policy.seller.home } else { self.currency };
        let rows = if converts { self.totals.home } else { self.totals.sum - self.totals.carried };
        let before_posting = self.totals.held_before;
        let change = ledger.balance(account, currency);
        let direct = self.rules.method == Method::DirectBank;
        let expected = if direct { rows } else { rows - before_posting - self.totals.unreleased - i128::from(deposit) };
        let expected = Money::new(i64::try_from(expected).unwrap_or(0), currency);
        let carried = i64::try_from(self.totals.carried).unwrap_or(0);
        let before = match self.evidence.earlier.and_then(|earlier| earlier.clearing) {
            Some(clearing) if clearing.currency() == currency => clearing,
            _ if converts => Money::new(self.totals.carried_home, currency),
            _ => Money::new(carried, currency),
        };
        let posted_before = Money::new(i64::try_from(before_posting).unwrap_or(0), currency);
        let after = before.plus(posted_before).and_then(|sum| sum.plus(change)).unwrap_or(change);
        Clearing { account, before, posted_before, change, expected, after }
    }
}

fn wrong_currency(head: &Settlement, poster: &Poster<'_>) -> Problem {
    Problem::new(
        "mixed_currencies",
        "settlement",
        format!(
            "The head of the settlement is in {}, its rows are in {}. Nothing is posted.",
            head.currency, poster.currency
        ),
        "Download the settlement again from Seller Central.",
    )
}

fn unbalanced(head: &Settlement, sum: i128, difference: i128) -> Problem {
    let money = |minor: i128| Money::new(i64::try_from(minor).unwrap_or(i64::MAX), head.currency);
    let mut problem = Problem::new(
        "unbalanced",
        format!("settlement {}", head.id),
        format!(
            "The rows of settlement {} sum to {}, but its total is {}: {} is missing. Nothing is posted.",
            head.id,
            money(sum),
            head.total,
            money(difference)
        ),
        "Download the settlement again. If it stays so, find the missing row in Seller Central, or accept the difference into suspense.",
    );
    problem.high_priority = true;
    problem
}

fn no_rate(currency: money::Currency, home: money::Currency, day: Date) -> Problem {
    Problem::new(
        "no_exchange_rate",
        "rates",
        format!(
            "There is no rate for {currency} on {day}, so its value in {home} would be a guess. Nothing is posted."
        ),
        format!("Add the rate to [rates.periods.\"{:04}-{:02}\"] of the mapping.", day.year(), day.month()),
    )
}

fn no_clearing(currency: money::Currency) -> Problem {
    Problem::new(
        "no_clearing_account",
        "invoices.payment",
        format!("The mapping names no clearing account for {currency}. Nothing is posted."),
        format!("Add {currency} to [invoices.payment.accounts] of the mapping."),
    )
}
