//! What waits, what is wrong, what does not add up, what was earned, what will be paid.

use super::{amount, day};
use crate::export::{Kind, Table};
use crate::insight::{CostsFrom, ProfitTable, Severity};
use crate::pack::{Pack, TaskLine};

pub(super) fn tasks<'a>(name: &'static str, about: &'static str, tasks: &'a [TaskLine]) -> Table<'a> {
    let mut table = Table::new(
        name,
        about,
        &[
            ("settlement", Kind::Text),
            ("transaction type", Kind::Text),
            ("amount type", Kind::Text),
            ("description", Kind::Text),
            ("subject", Kind::Text),
            ("currency", Kind::Text),
            ("sum", if one_currency(tasks.iter().map(|task| task.currency)) { Kind::Amount } else { Kind::Text }),
            ("rows", Kind::Whole),
            ("first line", Kind::Whole),
            ("what it is", Kind::Text),
            ("what to do", Kind::Text),
            ("similar to", Kind::Text),
        ],
    );
    for task in tasks {
        table.push([
            task.settlement.as_str().into(),
            task.transaction_type.as_deref().into(),
            task.amount_type.as_deref().into(),
            task.amount_description.as_deref().into(),
            task.subject.as_str().into(),
            task.currency.into(),
            amount(Some(&task.sum)),
            task.count.into(),
            task.line.into(),
            task.cause.as_str().into(),
            task.next.as_str().into(),
            task.suggestions.join("; ").into(),
        ]);
    }
    table
}

pub(super) fn problems(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "Problems",
        "What is wrong with files and settlements.",
        &[
            ("file", Kind::Text),
            ("settlement", Kind::Text),
            ("line", Kind::Whole),
            ("column", Kind::Text),
            ("value", Kind::Text),
            ("what happened", Kind::Text),
            ("what it means", Kind::Text),
            ("what to do", Kind::Text),
        ],
    );
    for problem in &pack.problems {
        let trouble = &problem.trouble;
        table.push([
            problem.file.as_str().into(),
            problem.settlement.as_str().into(),
            trouble.line.into(),
            trouble.column.into(),
            trouble.value.as_deref().into(),
            trouble.what.as_str().into(),
            trouble.means.as_str().into(),
            trouble.next.as_str().into(),
        ]);
    }
    table
}

pub(super) fn breaks(pack: &Pack) -> Table<'_> {
    let breaks = &pack.insight.breaks;
    let mut table = Table::new(
        "Breaks",
        "What does not add up and why. Below zero is money that you lack.",
        &[
            ("what it is", Kind::Text),
            ("urgency", Kind::Text),
            ("subject", Kind::Text),
            ("currency", Kind::Text),
            ("sum", if one_currency(breaks.iter().map(|one| one.currency)) { Kind::Amount } else { Kind::Text }),
            ("expected", Kind::Text),
            ("found", Kind::Text),
            ("since", Kind::Day),
            ("age in days", Kind::Text),
            ("why", Kind::Text),
            ("what to do", Kind::Text),
            ("evidence", Kind::Text),
            ("code", Kind::Text),
        ],
    );
    for one in breaks {
        let evidence = one.evidence.iter().map(|line| {
            let amount = line.amount.as_deref().map(|amount| format!(" {amount}")).unwrap_or_default();
            format!("{}: {}{amount}", line.place, line.says)
        });
        table.push([
            one.title.into(),
            severity(one.severity).into(),
            one.subject.as_str().into(),
            one.currency.into(),
            amount(Some(&one.amount)),
            one.expected.as_deref().into(),
            one.found.as_deref().into(),
            day(one.since.as_deref().unwrap_or_default()),
            one.age_days.map(|days| days.to_string()).into(),
            one.cause.as_str().into(),
            one.next.into(),
            evidence.collect::<Vec<_>>().join("; ").into(),
            one.code.into(),
        ]);
    }
    table
}

pub(super) fn profit(profit: &ProfitTable) -> Table<'_> {
    let about = match profit.cost_of_goods_from {
        CostsFrom::Books => "Profit by product and month. It ties to the ledger; cost of goods is that of the books.",
        CostsFrom::Profile => {
            "Profit by product and month. Cost of goods is worked out from the costs of the profile; all else ties to the ledger."
        }
        CostsFrom::Nowhere => {
            "Profit by product and month, before cost of goods: the profile has no costs. It ties to the ledger."
        }
    };
    let mut table = Table::new(
        "Profit",
        about,
        &[
            ("month", Kind::Text),
            ("marketplace", Kind::Text),
            ("SKU", Kind::Text),
            ("units", Kind::Text),
            ("sales", Kind::Amount),
            ("refunds", Kind::Amount),
            ("promotions", Kind::Amount),
            ("selling fees", Kind::Amount),
            ("fulfilment", Kind::Amount),
            ("other fees", Kind::Amount),
            ("advertising", Kind::Amount),
            ("other income", Kind::Amount),
            ("cost of goods", Kind::Amount),
            ("other costs", Kind::Amount),
            ("margin", Kind::Amount),
        ],
    );
    for row in &profit.rows {
        table.push([
            row.month.as_str().into(),
            row.marketplace.as_str().into(),
            row.sku.as_str().into(),
            row.units.to_string().into(),
            amount(Some(&row.revenue)),
            amount(Some(&row.refunds)),
            amount(Some(&row.promotions)),
            amount(Some(&row.selling_fees)),
            amount(Some(&row.fulfilment_fees)),
            amount(Some(&row.other_fees)),
            amount(Some(&row.advertising)),
            amount(Some(&row.other_income)),
            amount(Some(&row.cost_of_goods)),
            amount(Some(&row.other_costs)),
            amount(Some(&row.margin)),
        ]);
    }
    table
}

pub(super) fn cash(pack: &Pack) -> Table<'_> {
    let cash = &pack.insight.cash;
    let mut table = Table::new(
        "Payouts to come",
        "What Amazon will pay, from transactions that are in no settlement yet. No sale is guessed.",
        &[
            ("currency", Kind::Text),
            ("closes on", Kind::Day),
            ("in the bank on", Kind::Day),
            ("amount", if one_currency(cash.iter().map(|one| one.currency)) { Kind::Amount } else { Kind::Text }),
            ("made of", Kind::Text),
        ],
    );
    for (one, line) in cash.iter().flat_map(|one| one.payouts.iter().map(move |line| (one, line))) {
        let parts = line.parts.iter().map(|(reason, amount)| format!("{} {amount}", reason.replace('_', " ")));
        table.push([
            one.currency.into(),
            day(&line.closes_on),
            day(&line.in_bank_on),
            amount(Some(&line.amount)),
            parts.collect::<Vec<_>>().join(", ").into(),
        ]);
    }
    table
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Watch => "watch",
        Severity::Act => "act",
        Severity::Alarm => "alarm",
    }
}

/// Amounts of several currencies have no total.
fn one_currency(mut currencies: impl Iterator<Item = &'static str>) -> bool {
    let first = currencies.next();
    currencies.all(|currency| Some(currency) == first)
}
