//! The evidence pack: everything that came of posting, for a person, a program or the tax office.

mod tables;

use std::collections::BTreeMap;

use amazon::settlements::Weight;
use bookkeeping::Problem;
use bookkeeping::statement::{documents, waterfall};
use mapping::Mapping;
use money::Money;
use reconcile::LineError;
use serde::Serialize;

pub use bookkeeping::statement::{Document, Line, Step, TaskLine};
pub use tables::{tables, workbook};

use crate::given::{FileReport, Trouble};
use crate::insight::{Insight, vat};
use crate::post::{Done, Outcome};

/// Everything that came of posting.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    /// `per_order`, `daily` or `settlement`.
    pub mode: &'static str,
    /// Home currency of the books: of the ledger, and of the documents that do not say otherwise.
    pub currency: &'static str,
    /// Each settlement that was given.
    pub settlements: Vec<SettlementLine>,
    /// Documents, each followed by its payment.
    pub documents: Vec<Document>,
    /// What all documents do to each account, debit positive.
    pub ledger_dr_positive: BTreeMap<String, String>,
    /// What waits on suspense for a person.
    pub unmapped: Vec<TaskLine>,
    /// What is posted where it belongs and deserves a look.
    pub tasks: Vec<TaskLine>,
    /// Documents that were moved out of a locked period.
    pub late: Vec<Late>,
    /// Balance of the clearing accounts after all settlements.
    pub clearing_after: String,
    /// Whether every penny on the clearing accounts is accounted for and nothing was kept back.
    pub explained: bool,
    /// Boxes of the VAT return that the documents fill, by VAT period.
    pub vat: Vec<vat::Period>,
    /// What is wrong with files and settlements.
    pub problems: Vec<FileTrouble>,
    /// What does not add up, what was earned, what will be paid.
    #[serde(flatten)]
    pub insight: Insight,
}

/// A settlement in a pack.
#[derive(Clone, Debug, Serialize)]
pub struct SettlementLine {
    /// The file.
    pub file: String,
    /// The marketplace's id.
    pub settlement: String,
    /// Currency of its amounts.
    pub currency: Option<&'static str>,
    /// Begin of its period.
    pub from: Option<String>,
    /// End of its period.
    pub to: Option<String>,
    /// When its payout is initiated.
    pub deposit: Option<String>,
    /// Amounts read.
    pub rows: u64,
    /// What is paid out.
    pub total: Option<String>,
    /// What its rows sum to.
    pub sum: Option<String>,
    /// `posted`; `quarantined`: nothing of it is posted; `duplicate`: it is posted from another file; `refused`: it is no settlement.
    pub state: &'static str,
    /// Documents made of it.
    pub documents: usize,
    /// Balance of the clearing account after it, in home currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clearing_after: Option<String>,
    /// What it holds back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_after: Option<String>,
    /// Whether every penny of it is accounted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<bool>,
    /// Balance of the clearing account before it, in minor units of home currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clearing_before_minor: Option<i64>,
    /// From there to the balance after it: what each kind of document moves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waterfall: Vec<Step>,
}

/// A document out of a locked period.
#[derive(Clone, Debug, Serialize)]
pub struct Late {
    /// Its key.
    pub key: String,
    /// The day it belongs to.
    pub true_date: String,
    /// The day it is posted on.
    pub posted_date: String,
}

/// Something wrong, with its file.
#[derive(Clone, Debug, Serialize)]
pub struct FileTrouble {
    /// The file.
    pub file: String,
    /// The settlement, if it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub settlement: String,
    /// What is wrong.
    #[serde(flatten)]
    pub trouble: Trouble,
}

impl Pack {
    /// Gathers what came of posting.
    ///
    /// # Errors
    ///
    /// [`LineError`] if a sum does not fit, or a document cannot be told in home currency.
    pub fn of(outcome: &Outcome<'_>, profile: &Mapping) -> Result<Pack, LineError> {
        let rules = &outcome.rules;
        let (home, accounts) = (rules.policy.seller.home, &rules.policy.accounts);
        let drafts = || outcome.settlements.iter().flat_map(|done| &done.posted.documents);
        let mut shown = Vec::new();
        for draft in drafts() {
            shown.extend(documents(draft, accounts)?);
        }
        let mut ledger = bookkeeping::settlement::Ledger::default();
        for done in &outcome.settlements {
            ledger = ledger.plus(&done.posted.ledger)?;
        }
        let title = |code, amount: Money| match amount.currency() {
            currency if currency == home => accounts.title(code),
            currency => format!("{} ({currency})", accounts.title(code)),
        };
        let last = outcome.settlements.iter().filter(|done| !done.continued);
        let clearing = Money::sum(home, last.map(|done| done.posted.clearing.after))?;
        let settlements: Vec<SettlementLine> =
            outcome.reports.iter().enumerate().map(|(index, report)| line(outcome, index, report)).collect();
        let kept_back = settlements.iter().any(|line| ["quarantined", "refused"].contains(&line.state));
        let tasks = |in_suspense: bool| {
            let all = outcome.settlements.iter();
            let of = move |done: &Done<'_>| -> Vec<TaskLine> {
                let tasks = done.posted.tasks.iter().filter(|task| task.in_suspense == in_suspense);
                tasks.map(|task| TaskLine::of(task, &done.head.id)).collect()
            };
            all.flat_map(of).collect::<Vec<_>>()
        };
        Ok(Pack {
            mode: rules.mode.as_str(),
            currency: home.code(),
            documents: shown,
            ledger_dr_positive: ledger.iter().map(|(code, amount)| (title(code, amount), amount.digits())).collect(),
            unmapped: tasks(true),
            tasks: tasks(false),
            late: late(outcome),
            clearing_after: clearing.digits(),
            explained: !kept_back && outcome.settlements.iter().all(|done| done.posted.explained),
            vat: vat::preview(drafts(), rules, profile.vat.period_months, profile.vat.period_ends)?,
            problems: troubles(&outcome.reports),
            insight: Insight::of(outcome)?,
            settlements,
        })
    }

    /// Whether a person must act before everything is where it belongs.
    pub fn needs_person(&self) -> bool {
        !self.unmapped.is_empty()
            || !self.explained
            || self.insight.alarms()
            || self.tasks.iter().any(|task| task.high_priority)
            || self.problems.iter().any(|problem| problem.trouble.weight != Weight::Note)
    }

    /// Whether nothing at all was posted because no file is a settlement.
    pub fn is_refused(&self) -> bool {
        !self.settlements.is_empty() && self.settlements.iter().all(|line| line.state == "refused")
    }
}

fn line(outcome: &Outcome<'_>, index: usize, report: &FileReport) -> SettlementLine {
    let done = outcome.settlements.iter().find(|done| done.report == index);
    let state = match done {
        Some(_) => "posted",
        None if report.is_refused() => "refused",
        None if report.balanced => "duplicate",
        None => "quarantined",
    };
    SettlementLine {
        file: report.file.clone(),
        settlement: report.settlement.clone(),
        currency: report.currency,
        from: report.from.clone(),
        to: report.to.clone(),
        deposit: report.deposit.clone(),
        rows: report.rows,
        total: report.total.clone(),
        sum: report.sum.clone(),
        state,
        documents: done.map_or(0, |done| done.posted.documents.len()),
        clearing_after: done.map(|done| done.posted.clearing.after.digits()),
        reserve_after: done.map(|done| done.reserve.digits()),
        explained: done.map(|done| done.posted.explained),
        clearing_before_minor: done.map(|done| done.posted.clearing.before.minor()),
        // Documents were balanced when they were made, so this cannot fail; without its steps a settlement shows none.
        waterfall: done.and_then(|done| waterfall(&done.posted, &outcome.rules).ok()).unwrap_or_default(),
    }
}

fn late(outcome: &Outcome<'_>) -> Vec<Late> {
    let of = |done: &Done<'_>| -> Vec<Late> {
        let entry = |entry: &bookkeeping::settlement::LateEntry| {
            Some(Late {
                key: done.posted.documents.get(entry.document)?.reference().to_owned(),
                true_date: entry.true_on.to_string(),
                posted_date: entry.posted_on.to_string(),
            })
        };
        done.posted.late.iter().filter_map(entry).collect()
    };
    outcome.settlements.iter().flat_map(of).collect()
}

fn troubles(reports: &[FileReport]) -> Vec<FileTrouble> {
    let of = |report: &FileReport| -> Vec<FileTrouble> {
        let problems = report.problems.iter().cloned();
        problems
            .map(|trouble| FileTrouble { file: report.file.clone(), settlement: report.settlement.clone(), trouble })
            .collect()
    };
    reports.iter().flat_map(of).collect()
}

/// A profile that cannot be used, in the form of other problems.
pub fn profile_trouble(problem: &Problem) -> String {
    format!("{}: {} {}", problem.path, problem.reason, problem.fix)
}
