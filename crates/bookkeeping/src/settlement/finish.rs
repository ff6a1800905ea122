//! The end of a settlement: what its head says is checked, what only the whole can tell is posted, and documents are made.

use jiff::SignedDuration;
use jiff::civil::Date;
use model::{Settlement, VatRate};
use money::Money;

use super::book::{BankText, Doc, Via};
use super::drafts;
use super::ledger::Ledger;
use super::posted::{Posted, SettledLine};
use super::poster::Poster;
use super::rules::Method;
use super::tasks::{Names, Task, suggest, task};
use super::texts::TextId;
use crate::sales::london;
use crate::{Problem, Role};

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
        let (reserve, settled) = (self.minor(-self.totals.held), self.settled_lines());
        Ok(Posted {
            documents: made.documents,
            ledger,
            tasks,
            links: self.links,
            clearing,
            explained,
            rows: self.totals.rows,
            late: made.late,
            reserve,
            settled,
        })
    }

    fn settled_lines(&self) -> Vec<SettledLine> {
        let line = |(&(known, line), &(units, refunded, vat)): (&(u32, TextId), &(u32, i64, i64))| {
            let at = usize::try_from(known).ok()?.checked_sub(1)?;
            Some(SettledLine {
                order: self.known.get(at)?.0.to_owned(),
                line: self.texts.get(line).to_owned(),
                units,
                refunded: Money::new(refunded, self.currency),
                refunded_vat: Money::new(vat, self.currency),
            })
        };
        self.settled.iter().filter_map(line).collect()
    }

    /// Sums of rows of a balanced settlement fit: they are parts of a total that does.
    fn minor(&self, sum: i128) -> Money {
        Money::new(i64::try_from(sum).unwrap_or(i64::MAX), self.currency)
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
