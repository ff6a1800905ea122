//! What the documents mean beside the books: what `reconcile` finds, told for a pack.
//!
//! No figure is computed here a second time. This module only translates: documents, rows and evidence into what `reconcile` asks for,
//! and its answers into texts of digits. Everything is asked for one day, the last that the given files speak of, unless the caller
//! names another: so the same files give the same answer on every day.

mod bank;
mod cash;
mod chain;
mod fees;
mod looking;
mod orders;
mod profit;
mod roles;
mod told;
pub mod vat;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::Settlement;
use reconcile::{Break, LineError, Statement};
use serde::Serialize;

pub use cash::{Cash, CashLine};
pub(crate) use looking::Looking;
pub use orders::Compared;
pub use profit::CostsFrom;
pub use reconcile::Severity;
pub(crate) use roles::Roles;
pub use told::{BreakLine, EvidenceLine, ProfitLine, ProfitTable};
pub(crate) use words::Words;

use crate::post::Outcome;

/// Rows up to which products and orders are followed one by one; beyond, that part is left out and the pack says so.
const ROWS_MAX: u64 = 3_000_000;

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Insight {
    /// The day for which it is told.
    pub as_of: String,
    /// What does not add up, the most urgent first.
    pub breaks: Vec<BreakLine>,
    /// How the orders that were given compare with the rows, by currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders_compared: Vec<Compared>,
    /// Profit by product and month, in home currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profit: Option<ProfitTable>,
    /// Payouts to come, if finances were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cash: Vec<Cash>,
    /// What was left out, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// A settlement as its rows were seen.
struct Seen {
    statement: Statement,
    posted: bool,
}

impl Insight {
    /// Looks at everything that was given.
    ///
    /// # Errors
    ///
    /// [`LineError`] if a sum does not fit, or a document cannot be told in home currency.
    pub fn of(outcome: &Outcome<'_>) -> Result<Insight, LineError> {
        let asked = &outcome.asked;
        let rules = &outcome.rules;
        let rows: u64 = outcome.all.settlements.iter().map(|one| one.checked.rows).sum();
        let follow = rows <= ROWS_MAX;
        let compare = follow && !(asked.orders.is_empty() && asked.told.is_empty());
        let mut words = Words::new(&rules.vocabulary);
        let (mut lines, mut grouped) = (fees::Lines::default(), orders::Grouped::default());
        let (mut making, roles, days) = (profit::Making::default(), Roles::of(rules), Days::new());
        let mut seen = Vec::new();
        for (at, opened) in outcome.all.settlements.iter().enumerate() {
            let Some(head) = opened.checked.settlement.clone().filter(|_| !opened.again) else { continue };
            let Some(done) = outcome.settlements.iter().find(|done| done.opened == at) else {
                let mut looking = Looking::new(head, opened.name);
                // A file that cannot be read once more was told of when it was to be posted.
                if outcome.all.rows(at, |row| looking.row(row, words.of(row))).is_ok() {
                    seen.push(Seen { statement: looking.finish()?, posted: false });
                }
                continue;
            };
            seen.push(Seen { statement: done.statement.clone()?, posted: true });
            if !follow {
                continue;
            }
            let key = format!("{}-{}", head.id, head.currency);
            let mut places = done.posted.links.iter();
            let mut broken = None;
            let read = outcome.all.rows(at, |row| {
                let place = places.next().map(|(_, place)| place);
                if row.doubt.is_some() || broken.is_some() {
                    return;
                }
                let (word, on) = (words.of(row), row.posted_at.and_then(|at| days.london(at)).or(row.posted_on));
                let mut take = || {
                    making.row(row, word, place, on)?;
                    lines.add(row, word, &key, on)?;
                    if compare {
                        grouped.add(row, word, on)?;
                    }
                    Ok::<(), money::MoneyError>(())
                };
                broken = take().err();
            });
            if let Some(error) = broken {
                return Err(error.into());
            }
            // As above: here it only lacks the rest of its rows.
            if read.is_ok() {
                making.settle(done, rules.policy.seller.home, &roles)?;
            }
        }
        let Some(today) = asked.as_of.or_else(|| last_day(outcome, &seen)) else { return Ok(Insight::nothing()) };
        let mut breaks = chain::audit(&seen, &asked.previous, today)?;
        let (compared, of_orders) = grouped.compare(&asked.orders, &asked.told, &seen, today)?;
        breaks.extend(of_orders);
        let mut breaks = reconcile::name_missing_rows(breaks);
        breaks.extend(told::deferrals(&asked.told, today)?);
        breaks.extend(bank::matched(&seen, &asked.bank, rules, today)?);
        breaks.extend(lines.audit(&asked.fees, today)?);
        let mut left_out = Vec::new();
        if !follow {
            left_out.push(format!(
                "{rows} rows are more than {ROWS_MAX}: profit, fees and orders were not looked at row by row. Give fewer settlements at once."
            ));
        }
        Ok(Insight {
            as_of: today.to_string(),
            breaks: told::breaks(breaks, today),
            orders_compared: compared,
            profit: if follow { Some(ProfitTable::of(&making.finish(rules)?)) } else { None },
            cash: cash::forecast(&outcome.settlements, &seen, &asked.told, &asked.bank, today)?,
            left_out,
        })
    }

    /// Whether something is wrong with the books or the money.
    pub fn alarms(&self) -> bool {
        self.breaks.iter().any(|one| one.severity == Severity::Alarm)
    }

    fn nothing() -> Insight {
        Insight {
            as_of: String::new(),
            breaks: Vec::new(),
            orders_compared: Vec::new(),
            profit: None,
            cash: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// The last day that any file speaks of.
fn last_day(outcome: &Outcome<'_>, seen: &[Seen]) -> Option<Date> {
    let (asked, days) = (&outcome.asked, Days::new());
    let of_head =
        |head: &Settlement| [head.to, head.deposit_on].into_iter().flatten().max().and_then(|at| days.london(at));
    let settled = seen.iter().filter_map(|one| of_head(&one.statement.settlement));
    settled.chain(asked.bank.iter().map(|line| line.on)).chain(asked.told.iter().map(|one| one.on)).max()
}

/// The day of a moment in Europe/London.
fn london(at: Timestamp) -> Option<Date> {
    Days::new().london(at)
}

/// Days in Europe/London. The zone is looked up once: millions of rows ask.
struct Days(Option<TimeZone>);

impl Days {
    fn new() -> Days {
        Days(TimeZone::get("Europe/London").ok())
    }

    fn london(&self, at: Timestamp) -> Option<Date> {
        self.0.as_ref().map(|zone| zone.to_datetime(at).date())
    }
}

/// Sorts as breaks are shown: the most urgent first, then by key.
fn sort(breaks: &mut [Break]) {
    breaks.sort_by_cached_key(|one| (std::cmp::Reverse(one.severity()), one.key()));
}
