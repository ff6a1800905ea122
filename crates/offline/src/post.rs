//! `post`: settlements of any number of files become documents.
//!
//! Each settlement that balances is posted whole; one that does not is kept back whole, and says why. Settlements of one chain are
//! posted in the order of their periods, so that reserve and debt are followed from one to the next.

use std::collections::BTreeMap;

use amazon::settlements::{Refusal, Weight};
use bookkeeping::Problem;
use bookkeeping::settlement::{Deferral, Earlier, Evidence, KnownOrder, Mode, Posted, Poster, Rules};
use flow::Reference;
use jiff::civil::Date;
use mapping::Mapping;
use model::Settlement;
use money::{Currency, MoneyError};
use reconcile::Statement;

use crate::evidence::{self, BankLine, FeeKnowledge, OrderItem, Previous, Told};
use crate::given::{FileReport, Given, Trouble, source};
use crate::insight::{Looking, Words};
use crate::opened::{Accepted, All};

/// Rows after which progress is told again.
const PROGRESS_ROWS: u64 = 1_000_000;

/// What is to be posted, and what is known besides.
pub struct Request<'a> {
    /// Settlement files.
    pub files: &'a [Given<'a>],
    /// The profile.
    pub profile: &'a Mapping,
    /// The posting mode; `None`: that of the profile.
    pub mode: Option<Mode>,
    /// Items of orders.
    pub orders: Vec<OrderItem>,
    /// Deferred orders.
    pub deferrals: BTreeMap<String, Deferral>,
    /// Lines of bank statements.
    pub bank: Vec<BankLine>,
    /// Settlements before these.
    pub previous: Vec<Previous>,
    /// Amounts that a person accepted, by file and line.
    pub accepted: Accepted,
    /// Transactions of finances.
    pub told: Vec<Told>,
    /// Rate cards of fees.
    pub fees: FeeKnowledge,
    /// The day for which breaks are told; `None`: the last one that the files speak of.
    pub as_of: Option<Date>,
    /// Threads for reading.
    pub threads: usize,
}

/// The evidence that is looked at once more when everything is posted.
pub(crate) struct Asked {
    pub(crate) orders: Vec<OrderItem>,
    pub(crate) told: Vec<Told>,
    pub(crate) bank: Vec<BankLine>,
    pub(crate) previous: Vec<Previous>,
    pub(crate) fees: FeeKnowledge,
    pub(crate) as_of: Option<Date>,
}

/// What came of it.
pub struct Outcome<'a> {
    /// The rules that were followed.
    pub rules: Rules,
    /// What each file holds.
    pub reports: Vec<FileReport>,
    /// Settlements that were posted, by currency and period.
    pub settlements: Vec<Done<'a>>,
    /// How bank lines were used: line → settlement.
    pub bank: BTreeMap<u64, String>,
    pub(crate) all: All<'a>,
    pub(crate) asked: Asked,
}

/// A settlement that was posted.
pub struct Done<'a> {
    /// Its file.
    pub file: &'a str,
    /// Place of its report.
    pub report: usize,
    /// Its head.
    pub head: Settlement,
    /// What it wants in the books.
    pub posted: Posted,
    /// What it holds back.
    pub reserve: money::Money,
    /// Whether another one of these follows it.
    pub continued: bool,
    /// Place among the opened ones.
    pub(crate) opened: usize,
    /// The settlement as its rows were seen; an error if a sum does not fit.
    pub(crate) statement: Result<Statement, MoneyError>,
}

/// Posts.
///
/// # Errors
///
/// [`Problem`]s of the profile: without an account or a rule nothing can be posted at all.
pub fn post<'a>(request: Request<'a>, progress: &mut dyn FnMut(&str)) -> Result<Outcome<'a>, Vec<Problem>> {
    // No books are connected: every account of the profile is taken as it is, and documents are in home currency.
    let rules = flow::rules(request.profile, &Reference::default(), request.mode)?;
    let all = All::open(request.files, &request.accepted, &rules.vocabulary, request.threads, progress);
    let orders = known_orders(&request, &rules, &all);
    let Request { orders: of_orders, told, bank: lines, previous, fees, as_of, .. } = request;
    let asked = Asked { orders: of_orders, told, bank: Vec::new(), previous: Vec::new(), fees, as_of };
    let mut outcome =
        Outcome { rules, reports: Vec::new(), settlements: Vec::new(), bank: BTreeMap::new(), all, asked };
    outcome.reports = std::mem::take(&mut outcome.all.reports);
    let mut used = Vec::new();
    for opened in outcome.order() {
        let Some(head) = outcome.all.settlements[opened].checked.settlement.clone() else { continue };
        let earlier = outcome.earlier(&head, &previous);
        let bank = evidence::payout(&head, &lines, &mut used, outcome.rules.policy.seller.home);
        if bank.is_some()
            && let Some(line) = used.last()
        {
            outcome.bank.insert(*line, head.id.clone());
        }
        let known = Evidence { orders: orders.clone(), earlier, bank, accepted_difference: None };
        outcome.post_one(opened, head, &known, progress);
    }
    (outcome.asked.bank, outcome.asked.previous) = (lines, previous);
    Ok(outcome)
}

impl Outcome<'_> {
    /// Settlements that may be posted, in the order in which they follow each other.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.settlements.len())
            .filter(|&index| {
                let opened = &self.all.settlements[index];
                !opened.again && self.reports[opened.report].balanced
            })
            .collect();
        order.sort_by_key(|&index| {
            let checked = &self.all.settlements[index].checked;
            (checked.currency, checked.settlement.as_ref().and_then(|head| head.from), checked.id.clone())
        });
        order
    }

    /// The settlement that ends where this one begins: of those just posted, else of those a person gave.
    fn earlier(&mut self, head: &Settlement, previous: &[Previous]) -> Option<Earlier> {
        let follows = |to: Option<jiff::Timestamp>, currency: Currency| {
            currency == head.currency && to.is_some() && to == head.from
        };
        let before =
            self.settlements.iter_mut().rev().find(|done| !done.continued && follows(done.head.to, done.head.currency));
        if let Some(done) = before {
            done.continued = true;
            let clearing = Some(done.posted.clearing.after);
            return Some(Earlier { total: done.head.total, reserve: Some(done.reserve), clearing });
        }
        let exact = previous.iter().find(|one| follows(one.to, one.total.currency()));
        // A person who gives one settlement as the one before means it, even if its file names no period.
        let only = || previous.iter().find(|one| one.to.is_none() && one.total.currency() == head.currency);
        let one = exact.or_else(only)?;
        Some(Earlier { total: one.total, reserve: one.reserve, clearing: one.clearing })
    }

    fn post_one(&mut self, opened: usize, head: Settlement, evidence: &Evidence, progress: &mut dyn FnMut(&str)) {
        let (file, report) = (self.all.settlements[opened].name, self.all.settlements[opened].report);
        progress(&format!("posting settlement {} of {file}", head.id));
        match self.documents(opened, &head, evidence, progress) {
            Ok((posted, statement)) => {
                let reserve = evidence::reserve(&self.all.settlements[opened].checked);
                self.settlements.push(Done {
                    file,
                    report,
                    head,
                    posted,
                    reserve,
                    continued: false,
                    opened,
                    statement,
                });
            }
            Err(troubles) => {
                self.reports[report].balanced = false;
                self.reports[report].problems.extend(troubles);
            }
        }
    }

    fn documents(
        &self,
        opened: usize,
        head: &Settlement,
        evidence: &Evidence,
        progress: &mut dyn FnMut(&str),
    ) -> Result<(Posted, Result<Statement, MoneyError>), Vec<Trouble>> {
        let (checked, file) = (&self.all.settlements[opened].checked, self.all.settlements[opened].name);
        let (mut words, mut looking) = (Words::new(&self.rules.vocabulary), Looking::new(head.clone(), file));
        let mut poster = Poster::new(&self.rules, evidence, source(checked.format), checked.currency);
        let mut rows = 0_u64;
        let read = self.all.rows(opened, |row| {
            // What the reader doubts is not posted by what it says: its amount goes to suspense, the rest of the file goes on.
            match row.doubt {
                None => poster.push(row),
                Some(_) => poster.push_broken(row.line, row.amount, row.posted_at),
            }
            looking.row(row, words.of(row));
            rows += 1;
            if rows.is_multiple_of(PROGRESS_ROWS) {
                progress(&format!("{rows} of {} rows", checked.rows));
            }
        });
        read.map_err(|refusal| vec![changed(&refusal)])?;
        let posted = poster.finish(head).map_err(|problems| problems.into_iter().map(kept_back).collect::<Vec<_>>())?;
        Ok((posted, looking.finish()))
    }
}

fn known_orders(request: &Request<'_>, rules: &Rules, all: &All<'_>) -> BTreeMap<String, KnownOrder> {
    let mut items_of = BTreeMap::new();
    let wanted: BTreeMap<&str, ()> =
        request.orders.iter().filter(|item| item.item.is_empty()).map(|item| (item.order.as_str(), ())).collect();
    if !wanted.is_empty() {
        for settlement in 0..all.settlements.len() {
            // A file that cannot be read a second time is told of when it is posted.
            let _ = all.rows(settlement, |row| {
                if wanted.contains_key(row.order) && !row.order_line.is_empty() {
                    items_of.insert((row.order.to_owned(), row.sku.to_owned()), row.order_line.to_owned());
                }
            });
        }
    }
    evidence::known_orders(&request.orders, &request.deferrals, &rules.policy, &items_of)
}

/// A settlement that the core keeps out of the books.
fn kept_back(problem: Problem) -> Trouble {
    Trouble {
        weight: Weight::Stops,
        ..Trouble::of_file(
            "kept_back",
            format!("{} ({})", problem.reason, problem.path),
            "Nothing of this settlement is posted",
            &problem.fix,
        )
    }
}

/// A file that was read once and cannot be read again.
fn changed(refusal: &Refusal) -> Trouble {
    Trouble::of_file(
        "changed_while_reading",
        format!("The file could not be read a second time: {refusal}"),
        "Nothing of this settlement is posted",
        "Make sure that nothing writes to the file, and try again",
    )
}
