//! What became of a settlement, as the console reads it: kept with the settlement when it is decided.

use bookkeeping::settlement::{Posted, RowPlace, Rules};
use bookkeeping::statement::{Step, TaskLine, waterfall};
use model::Settlement;
use money::Money;
use ports::{ReadSettlement, SettlementProblem};
use serde::{Deserialize, Serialize};

/// The summary. Amounts are in minor units of home currency unless a field says otherwise.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    format: &'static str,
    mode: String,
    currency: &'static str,
    home: &'static str,
    rows: u64,
    /// What its rows sum to, in its own currency.
    sum_minor: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clearing: Option<Clearing>,
    /// What it holds back, in its own currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserve_minor: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waterfall: Vec<Step>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<Document>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ledger: Vec<Balance>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<TaskLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<SettlementProblem>,
    /// Lines whose amount cannot be read, with the one that would balance if only one is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<Unreadable>,
}

#[derive(Debug, Serialize)]
struct Clearing {
    account: String,
    before_minor: i64,
    posted_before_minor: i64,
    change_minor: i64,
    expected_minor: i64,
    after_minor: i64,
    currency: &'static str,
}

#[derive(Debug, Serialize)]
struct Document {
    key: String,
    kind: &'static str,
    reference: String,
    on: String,
    amount_minor: i64,
    currency: &'static str,
    /// Rows of the file that went into it.
    rows: u64,
}

#[derive(Debug, Serialize)]
struct Balance {
    account: String,
    title: String,
    amount_minor: i64,
    currency: &'static str,
}

#[derive(Debug, Serialize)]
struct Unreadable {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    would_balance_minor: Option<i64>,
}

/// What the next settlement needs of the one before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Left {
    pub(crate) reserve_minor: Option<i64>,
    pub(crate) clearing: Option<LeftOnClearing>,
}

/// The clearing account after it.
#[derive(Debug, Deserialize)]
pub(crate) struct LeftOnClearing {
    pub(crate) after_minor: i64,
    pub(crate) currency: String,
}

impl Summary {
    /// Of a settlement that was read and not decided.
    pub(crate) fn of_read(read: &ReadSettlement, mode: &str, home: money::Currency) -> Summary {
        let lines: Vec<u64> = read
            .problems
            .iter()
            .filter(|problem| problem.weight == ports::ProblemWeight::Stops)
            .filter_map(|problem| problem.line)
            .collect();
        let difference = read.head.as_ref().and_then(|head| head.total.minus(read.sum).ok());
        let only = lines.len() == 1;
        Summary {
            format: read.format,
            mode: mode.to_owned(),
            currency: read.currency.code(),
            home: home.code(),
            rows: read.rows,
            sum_minor: read.sum.minor(),
            problems: read.problems.clone(),
            unreadable: lines
                .into_iter()
                .map(|line| Unreadable { line, would_balance_minor: difference.filter(|_| only).map(Money::minor) })
                .collect(),
            ..Summary::default()
        }
    }

    /// Of a settlement that was decided.
    pub(crate) fn of_posted(read: &ReadSettlement, head: &Settlement, posted: &Posted, rules: &Rules) -> Summary {
        let accounts = &rules.policy.accounts;
        let clearing = &posted.clearing;
        let mut rows = vec![0_u64; posted.documents.len()];
        for (_, place) in posted.links.iter() {
            if let RowPlace::Line { document, .. } = place
                && let Some(count) = rows.get_mut(document as usize)
            {
                *count += 1;
            }
        }
        let document = |(draft, rows): (&model::Draft, u64)| Document {
            key: draft.key().to_string(),
            kind: draft.key().kind.as_str(),
            reference: draft.reference().to_owned(),
            on: draft.on().to_string(),
            amount_minor: draft.amount().map_or(0, Money::minor),
            currency: draft.currency().code(),
            rows,
        };
        let balance = |(code, amount): (model::NominalCode, Money)| Balance {
            account: code.to_string(),
            title: accounts.title(code),
            amount_minor: amount.minor(),
            currency: amount.currency().code(),
        };
        Summary {
            explained: Some(posted.explained),
            clearing: Some(Clearing {
                account: accounts.title(clearing.account),
                before_minor: clearing.before.minor(),
                posted_before_minor: clearing.posted_before.minor(),
                change_minor: clearing.change.minor(),
                expected_minor: clearing.expected.minor(),
                after_minor: clearing.after.minor(),
                currency: clearing.after.currency().code(),
            }),
            reserve_minor: Some(posted.reserve.minor()),
            // Documents were balanced when they were made, so this cannot fail; without its steps a settlement shows none.
            waterfall: waterfall(posted, rules).unwrap_or_default(),
            documents: posted.documents.iter().zip(rows).map(document).collect(),
            ledger: posted.ledger.iter().map(balance).collect(),
            tasks: posted.tasks.iter().map(|task| TaskLine::of(task, &head.id)).collect(),
            ..Summary::of_read(read, rules.mode.as_str(), rules.policy.seller.home)
        }
    }

    /// As it is kept.
    pub(crate) fn to_text(&self) -> Result<String, store::StoreError> {
        serde_json::to_string(self).map_err(|error| store::StoreError::Bad(error.to_string()))
    }
}
