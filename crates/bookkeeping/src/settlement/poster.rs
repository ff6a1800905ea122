//! Takes rows as they come, in bounded memory: fees are summed at once, items of orders are packed until the end.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use model::SettlementRow;
use money::{Currency, Money};

use super::book::{Book, Cause, Via};
use super::calendar::{Calendar, DayId};
use super::evidence::{Evidence, KnownOrder};
use super::intake::{Fields, Open, Plan, PlanKey};
use super::items::Fragments;
use super::links::{CARRIED, IGNORED, RowLinks};
use super::market::Site;
use super::rules::{Mode, Rules};
use super::tasks::Tasks;
use super::texts::{TextId, Texts};
use super::vocabulary::Source;
use super::words::{Reading, WordId, Words};
use crate::Problem;

/// Posts one settlement: [`Poster::push`] its rows in any order, then [`Poster::finish`].
pub struct Poster<'a> {
    pub(super) rules: &'a Rules,
    pub(super) evidence: &'a Evidence,
    pub(super) known: Vec<(&'a str, &'a KnownOrder)>,
    pub(super) by_order: HashMap<&'a str, u32>,
    pub(super) words: Words<'a>,
    pub(super) calendar: Calendar<'a>,
    pub(super) currency: Currency,
    pub(super) sites: Vec<(String, Option<Site>)>,
    pub(super) skus: Texts,
    pub(super) texts: Texts,
    pub(super) fragments: Fragments,
    pub(super) book: Book,
    pub(super) tasks: Tasks,
    pub(super) links: RowLinks,
    pub(super) totals: Totals,
    /// Units paid, gross and VAT given back of lines of known orders, in minor units.
    pub(super) settled: BTreeMap<(u32, TextId), (u32, i64, i64)>,
    pub(super) loans: Vec<LoanRow>,
    pub(super) stock: Vec<StockRow>,
    /// Amounts that deferred orders moved, by evidence number.
    pub(super) deferred: HashMap<u32, i64>,
    /// Foreign and home sums by day, for the pennies of conversion.
    pub(super) converted: Vec<(i128, i128)>,
    /// Days on which a rate was needed and is missing.
    pub(super) no_rate: Vec<DayId>,
    undated: Vec<OwnRow>,
    pub(super) open: Open,
    pub(super) plans: HashMap<PlanKey, Plan>,
    /// The plan that each triple used last.
    pub(super) recent: Vec<Option<(PlanKey, Plan)>>,
    refused: Option<Problem>,
    pub(super) keep_texts: bool,
    /// The triple that stands for rows with a broken field.
    pub(super) broken: Option<WordId>,
}

/// Sums over all rows, in minor units.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) rows: u64,
    /// Sum of the rows that count.
    pub(super) sum: i128,
    /// Sum of payouts that stand as rows.
    pub(super) payouts: i128,
    /// Debt carried from the settlement before.
    pub(super) carried: i128,
    pub(super) carried_rows: u64,
    /// Reserve that was released, and held.
    pub(super) released: i128,
    pub(super) held: i128,
    /// What invoices of before hold of the rows.
    pub(super) held_before: i128,
    /// Deferred and not released.
    pub(super) unreleased: i128,
    /// What rows are worth in home currency, where documents are converted.
    pub(super) home: i128,
    /// The debt that was carried in, in home currency.
    pub(super) carried_home: i64,
}

/// A row of a loan: few, and each needs its own line of the lender's statement.
pub(super) struct LoanRow {
    pub(super) day: DayId,
    pub(super) word: WordId,
    pub(super) minor: i64,
    pub(super) line: u64,
    pub(super) link: usize,
}

/// A row that moves stock.
pub(super) struct StockRow {
    pub(super) day: DayId,
    pub(super) word: WordId,
    pub(super) sku: u32,
    pub(super) units: Option<i64>,
    pub(super) out: bool,
    pub(super) line: u64,
}

/// A row without a day: it takes that of the settlement, which is known at the end.
struct OwnRow {
    link: usize,
    line: u64,
    word: WordId,
    amount: i64,
    quantity: Option<i64>,
    order: String,
    order_line: String,
    adjustment: String,
    shipment: String,
    marketplace: String,
    sku: String,
}

impl<'a> Poster<'a> {
    /// A poster for rows of `source` in `currency`.
    pub fn new(rules: &'a Rules, evidence: &'a Evidence, source: Source, currency: Currency) -> Poster<'a> {
        let known: Vec<(&str, &KnownOrder)> =
            evidence.orders.iter().map(|(order, known)| (order.as_str(), known)).collect();
        let by_order = known.iter().zip(0..).map(|((order, _), number)| (*order, number)).collect();
        Poster {
            rules,
            evidence,
            keep_texts: rules.mode == Mode::PerOrder || !rules.policy.vat.by_order_line.is_empty(),
            known,
            by_order,
            words: Words::new(rules, source),
            calendar: Calendar::new(rules, currency),
            currency,
            sites: Vec::new(),
            skus: Texts::default(),
            texts: Texts::default(),
            fragments: Fragments::default(),
            book: Book::default(),
            tasks: Tasks::default(),
            links: RowLinks::default(),
            totals: Totals::default(),
            settled: BTreeMap::new(),
            loans: Vec::new(),
            stock: Vec::new(),
            deferred: HashMap::new(),
            converted: Vec::new(),
            no_rate: Vec::new(),
            undated: Vec::new(),
            open: Open::default(),
            plans: HashMap::new(),
            recent: Vec::new(),
            refused: None,
            broken: None,
        }
    }

    /// Takes a row. What is wrong with it is said by [`Poster::finish`]: a row is never lost, and never stops the others.
    pub fn push(&mut self, row: &SettlementRow<'_>) {
        if row.amount.currency() != self.currency {
            self.refuse(mixed_currencies(row, self.currency));
            return;
        }
        let Some(word) = self.words.number(row.kind, row.class, row.name) else {
            self.refuse(too_many("different kinds of rows"));
            return;
        };
        self.totals.rows += 1;
        let link = self.links.row(row.line, word);
        let minor = row.amount.minor();
        match self.words.get(word).reading {
            Reading::Ignored => return self.links.set(link, IGNORED),
            Reading::Payout => {
                self.totals.payouts += i128::from(minor);
                return self.links.set(link, IGNORED);
            }
            _ => self.totals.sum += i128::from(minor),
        }
        let day = match (row.posted_at, row.posted_on) {
            (Some(at), _) => self.calendar.of_moment(at),
            (None, Some(on)) => self.calendar.of_date(on),
            (None, None) => {
                self.undated.push(OwnRow::of(row, word, link));
                return;
            }
        };
        let Some(day) = day else {
            self.refuse(too_many("different days"));
            return;
        };
        let Some(site) = self.site(row.marketplace) else { return };
        self.dated(Fields {
            link,
            line: row.line,
            word,
            minor,
            day,
            quantity: row.quantity,
            order: row.order.trim(),
            order_line: row.order_line.trim(),
            adjustment: row.adjustment.trim(),
            shipment: row.shipment.trim(),
            site,
            sku: row.sku.trim(),
        });
    }

    /// Puts an amount of a row that could not be read otherwise (a broken field) on suspense, visibly.
    pub fn push_broken(&mut self, line: u64, amount: Money, posted_at: Option<Timestamp>) {
        if amount.currency() != self.currency {
            self.refuse(too_many("currencies"));
            return;
        }
        let Some(word) = self.words.number("", "", "(a row with a broken field)") else { return };
        self.broken = Some(word);
        self.totals.rows += 1;
        self.totals.sum += i128::from(amount.minor());
        let link = self.links.row(line, word);
        let day = posted_at.and_then(|at| self.calendar.of_moment(at));
        match day {
            Some(day) => {
                let line_id = self.suspend(Cause::Broken, day, amount.minor(), 1, line, Via::Clearing);
                self.links.set(link, line_id);
            }
            None => self.undated.push(OwnRow {
                link,
                line,
                word,
                amount: amount.minor(),
                quantity: None,
                order: String::new(),
                order_line: String::new(),
                adjustment: String::new(),
                shipment: String::new(),
                marketplace: String::new(),
                sku: String::new(),
            }),
        }
    }

    pub(super) fn refuse(&mut self, problem: Problem) {
        self.refused.get_or_insert(problem);
    }

    pub(super) fn refused(&mut self) -> Option<Problem> {
        self.refused.take()
    }

    /// Gives rows without a day the day `on`, and packs the last item.
    pub(super) fn complete(&mut self, on: Option<Date>) {
        let undated = std::mem::take(&mut self.undated);
        let latest = self.calendar.days().iter().map(|day| day.date).max();
        if !undated.is_empty() {
            let Some(on) = on.or(latest) else {
                self.refuse(Problem::new(
                    "no_date",
                    format!("line {}", undated[0].line),
                    "Neither the rows nor the head of this settlement say when anything was posted. Nothing is posted.",
                    "Download the settlement again from Seller Central.",
                ));
                return;
            };
            let Some(day) = self.calendar.of_date(on) else {
                self.refuse(too_many("different days"));
                return;
            };
            for row in &undated {
                let Some(site) = self.site(&row.marketplace) else { return };
                self.dated(row.fields(day, site));
            }
        }
        self.close();
    }

    fn dated(&mut self, row: Fields<'_>) {
        match self.words.get(row.word).reading {
            Reading::Item(_) => self.item(row),
            Reading::Fee(fee) => self.fee(row, fee),
            Reading::Plain { role, stock } => self.plain(row, role, stock),
            Reading::Movement(role) => self.movement(row, role),
            Reading::Loan => self.loans.push(LoanRow {
                day: row.day,
                word: row.word,
                minor: row.minor,
                line: row.line,
                link: row.link,
            }),
            Reading::Carried => {
                self.totals.carried += i128::from(row.minor);
                self.totals.carried_rows += 1;
                self.links.set(row.link, CARRIED);
            }
            Reading::Suspense(why) => self.waits(row, why),
            Reading::Payout | Reading::Ignored => self.links.set(row.link, IGNORED),
        }
    }
}

impl OwnRow {
    fn of(row: &SettlementRow<'_>, word: WordId, link: usize) -> OwnRow {
        OwnRow {
            link,
            line: row.line,
            word,
            amount: row.amount.minor(),
            quantity: row.quantity,
            order: row.order.trim().to_owned(),
            order_line: row.order_line.trim().to_owned(),
            adjustment: row.adjustment.trim().to_owned(),
            shipment: row.shipment.trim().to_owned(),
            marketplace: row.marketplace.to_owned(),
            sku: row.sku.trim().to_owned(),
        }
    }

    fn fields(&self, day: DayId, site: u16) -> Fields<'_> {
        Fields {
            link: self.link,
            line: self.line,
            word: self.word,
            minor: self.amount,
            day,
            quantity: self.quantity,
            order: &self.order,
            order_line: &self.order_line,
            adjustment: &self.adjustment,
            shipment: &self.shipment,
            site,
            sku: &self.sku,
        }
    }
}

fn mixed_currencies(row: &SettlementRow<'_>, currency: Currency) -> Problem {
    Problem::new(
        "mixed_currencies",
        format!("line {}", row.line),
        format!(
            "The settlement is in {currency}, but this row is in {}. Amounts of two currencies are never added. Nothing is posted.",
            row.amount.currency()
        ),
        "Download the settlement again from Seller Central; post each currency's settlement by itself.",
    )
}

pub(super) fn too_many(what: &str) -> Problem {
    Problem::new(
        "too_large",
        "settlement",
        format!("The settlement has more {what} than can be told apart. Nothing is posted."),
        "Check that the file is a settlement; split it by period if it is.",
    )
}
