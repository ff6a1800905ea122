//! Answers of `reconcile` as texts: for a person, a program and the tables of a pack.

use jiff::civil::Date;
use money::{Money, MoneyError};
use reconcile::{
    Break, Deferral, DeferralStage, Evidence, FeeGroup, Link, ProfitKey, ProfitRow, Severity, audit_deferrals,
};
use serde::Serialize;

use super::profit::{CostsFrom, Report};
use crate::evidence::Told;

/// A difference that nobody has explained yet. Amounts are texts of digits; below zero is money that the seller lacks.
#[derive(Clone, Debug, Serialize)]
pub struct BreakLine {
    /// Stable word; `docs/errors/breaks.md` explains each.
    pub code: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// How urgent it is.
    pub severity: Severity,
    /// What it is about: `settlement/26031877012-GBP`, `order/203-…`.
    pub subject: String,
    /// The sum in question.
    pub amount: String,
    /// Its currency.
    pub currency: &'static str,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Why, with the sums.
    pub cause: String,
    /// What to do.
    pub next: &'static str,
    /// The day from which its age counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Its age in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<i64>,
    /// What it rests on.
    pub evidence: Vec<EvidenceLine>,
}

/// One thing that a break rests on.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceLine {
    /// Where to look: `settlement 26031877012-GBP, line 9`.
    pub place: String,
    /// What is to be seen there.
    pub says: String,
    /// The amount there, with its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
}

/// Profit by product and month. Costs are below zero.
#[derive(Clone, Debug, Serialize)]
pub struct ProfitTable {
    /// Rows by month, marketplace and product. The row without a product has what belongs to none.
    pub rows: Vec<ProfitLine>,
    /// Their sum; without cost of goods of the profile it is the profit of the ledger.
    pub total: ProfitLine,
    /// Where the cost of goods is from.
    pub cost_of_goods_from: CostsFrom,
    /// Products that were sold and have no cost in the profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_cost: Vec<String>,
}

/// A row of the profit report. Amounts are texts of digits.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProfitLine {
    /// `2025-11`; empty in the total.
    pub month: String,
    /// The marketplace; empty if it is of none.
    pub marketplace: String,
    /// The product; empty if it is of none.
    pub sku: String,
    /// Units sold less units taken back.
    pub units: i64,
    /// Sales without VAT.
    pub revenue: String,
    /// Refunds.
    pub refunds: String,
    /// Promotions.
    pub promotions: String,
    /// Selling fees.
    pub selling_fees: String,
    /// Fulfilment.
    pub fulfilment_fees: String,
    /// Every other fee.
    pub other_fees: String,
    /// All fees together.
    pub fees: String,
    /// Advertising.
    pub advertising: String,
    /// Reimbursements and other income.
    pub other_income: String,
    /// Cost of goods.
    pub cost_of_goods: String,
    /// Other costs.
    pub other_costs: String,
    /// What is left.
    pub margin: String,
}

impl ProfitTable {
    pub(super) fn of(report: &Report) -> ProfitTable {
        let nothing = ProfitKey { month: Date::MIN, marketplace: String::new(), sku: None };
        let mut total = ProfitLine::of(&nothing, &report.profit.total);
        total.month = String::new();
        ProfitTable {
            rows: report.profit.rows.iter().map(|(key, row)| ProfitLine::of(key, row)).collect(),
            total,
            cost_of_goods_from: report.costs_from,
            without_cost: report.without_cost.iter().cloned().collect(),
        }
    }
}

impl ProfitLine {
    fn of(key: &ProfitKey, row: &ProfitRow) -> ProfitLine {
        let zero = Money::zero(row.margin.currency());
        let fee = |group: FeeGroup| row.fees.get(&group).copied().unwrap_or(zero);
        let others = [FeeGroup::Storage, FeeGroup::Inbound, FeeGroup::Other].map(fee);
        // They are parts of a margin that fits.
        let sum = |fees: &[Money]| Money::sum(zero.currency(), fees.iter().copied()).unwrap_or(zero).digits();
        let all: Vec<Money> = row.fees.values().copied().collect();
        ProfitLine {
            month: key.month.to_string().get(..7).unwrap_or_default().to_owned(),
            marketplace: key.marketplace.clone(),
            sku: key.sku.clone().unwrap_or_default(),
            units: row.units,
            revenue: row.revenue.digits(),
            refunds: row.refunds.digits(),
            promotions: row.promotions.digits(),
            selling_fees: fee(FeeGroup::Selling).digits(),
            fulfilment_fees: fee(FeeGroup::Fulfilment).digits(),
            other_fees: sum(&others),
            fees: sum(&all),
            advertising: row.advertising.digits(),
            other_income: row.other_income.digits(),
            cost_of_goods: row.cost_of_goods.digits(),
            other_costs: row.other_costs.digits(),
            margin: row.margin.digits(),
        }
    }
}

/// Breaks as lines, the most urgent first.
pub(super) fn breaks(mut breaks: Vec<Break>, today: Date) -> Vec<BreakLine> {
    super::sort(&mut breaks);
    breaks.iter().map(|one| line(one, today)).collect()
}

fn line(one: &Break, today: Date) -> BreakLine {
    BreakLine {
        code: one.code.as_str(),
        title: one.code.title(),
        severity: one.severity(),
        subject: one.subject.clone(),
        amount: one.amount.digits(),
        currency: one.amount.currency().code(),
        expected: one.expected.map(Money::digits),
        found: one.found.map(Money::digits),
        cause: one.cause.clone(),
        next: one.action(),
        since: one.since.map(|day| day.to_string()),
        age_days: one.age_days(today),
        evidence: one.evidence.iter().map(evidence).collect(),
    }
}

fn evidence(one: &Evidence) -> EvidenceLine {
    let place = match &one.link {
        Link::Order(order) => format!("order {order}"),
        Link::Document(key) => format!("document {key}"),
        Link::Transaction(id) => format!("transaction {id}"),
        Link::Settlement(key) => format!("settlement {key}"),
        Link::Row(key, line) => format!("settlement {key}, line {line}"),
        Link::BankLine(id) => format!("bank statement, {id}"),
        Link::TaxInvoice(number) => format!("tax invoice {number}"),
        Link::Sku(sku) => format!("product {sku}"),
        // Charges are named by settlement and line.
        Link::Books(id) => match id.rsplit_once('/') {
            Some((key, line)) => format!("settlement {key}, line {line}"),
            None => id.clone(),
        },
    };
    let amount = one.minor.zip(one.currency).map(|(minor, currency)| Money::new(minor, currency).to_string());
    EvidenceLine { place, says: one.says.clone(), amount }
}

/// The audit of money that is held back, over the transactions that were given.
pub(super) fn deferrals(told: &[Told], today: Date) -> Result<Vec<Break>, MoneyError> {
    let all: Vec<Deferral<'_>> = told.iter().filter_map(deferral).collect();
    audit_deferrals(&all, today)
}

fn deferral(one: &Told) -> Option<Deferral<'_>> {
    let stage = match (one.status.as_str(), &one.releases) {
        (_, Some(of)) => DeferralStage::Release { of },
        ("DEFERRED" | "DEFERRED_RELEASED", None) => DeferralStage::Deferred { matures_on: one.matures_on },
        _ => return None,
    };
    // What Amazon calls released is not overdue, even if its release is not among the pages that were given.
    let stage = match stage {
        DeferralStage::Deferred { .. } if one.status == "DEFERRED_RELEASED" => {
            DeferralStage::Deferred { matures_on: None }
        }
        stage => stage,
    };
    Some(Deferral {
        id: &one.id,
        order: &one.order,
        event: &one.kind,
        amount: one.amount?,
        on: one.on,
        stage,
        booked: false,
    })
}
