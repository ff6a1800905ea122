//! What a person reads of breaks, profit and payouts to come.

use offline::insight::{BreakLine, Cash, CostsFrom, ProfitLine, ProfitTable, Severity};
use offline::pack::Pack;

/// Breaks shown; the rest is counted.
const BREAKS_MAX: usize = 20;
/// Rows of the profit report shown; the rest is in its total.
const PROFIT_MAX: usize = 20;

/// Short tables of what was found.
pub fn text(pack: &Pack) -> Vec<String> {
    let insight = &pack.insight;
    let mut lines = Vec::new();
    if let Some(profit) = insight.profit.as_ref().filter(|profit| !profit.rows.is_empty()) {
        lines.extend(profit_table(profit, pack.currency));
    }
    lines.extend(insight.cash.iter().flat_map(cash));
    for compared in &insight.orders_compared {
        lines.push(format!(
            "\nOrders in {}: {} matches with rows, {} to the penny; {} not settled here",
            compared.currency, compared.matched, compared.same, compared.not_settled
        ));
    }
    if !insight.breaks.is_empty() {
        lines.push(format!("\nDoes not add up, as of {} ({}):", insight.as_of, insight.breaks.len()));
        lines.extend(insight.breaks.iter().take(BREAKS_MAX).flat_map(found));
        if insight.breaks.len() > BREAKS_MAX {
            lines.push(format!("  … and {} more; --json shows all", insight.breaks.len() - BREAKS_MAX));
        }
    }
    lines.extend(insight.left_out.iter().map(|what| format!("\nLeft out: {what}")));
    lines
}

fn found(one: &BreakLine) -> Vec<String> {
    let urgency = match one.severity {
        Severity::Alarm => "ALARM",
        Severity::Act => "act",
        Severity::Watch => "watch",
    };
    let age = one.age_days.map(|days| format!(", {days} days old")).unwrap_or_default();
    vec![
        format!("  {:>12} {}  {urgency:<5}  {} ({}{age})", one.amount, one.currency, one.title, one.subject),
        format!("    {}", one.cause),
        format!("    -> {}", one.next),
    ]
}

fn profit_table(profit: &ProfitTable, currency: &str) -> Vec<String> {
    let head = ["units", "sales", "promotions", "refunds", "fees", "ads", "income", "goods", "costs", "margin"];
    let columns = head.map(|name| format!("{name:>11}")).concat();
    let mut lines = vec![format!("\nProfit in {currency} by product and month:"), format!("  {:<30}{columns}", "")];
    lines.extend(profit.rows.iter().take(PROFIT_MAX).map(|row| profit_line(row, false)));
    if profit.rows.len() > PROFIT_MAX {
        lines.push(format!(
            "  … and {} more rows; --export pack.xlsx or --json shows all",
            profit.rows.len() - PROFIT_MAX
        ));
    }
    lines.push(profit_line(&profit.total, true));
    match profit.cost_of_goods_from {
        CostsFrom::Books => {}
        CostsFrom::Profile => {
            lines.push("  Goods are at the costs of the profile; the books hold no cost of goods.".to_owned())
        }
        CostsFrom::Nowhere => lines.push("  Before cost of goods: [stock.costs] of the profile is empty.".to_owned()),
    }
    if !profit.without_cost.is_empty() {
        lines.push(format!("  Without a cost in the profile: {}", profit.without_cost.join(", ")));
    }
    lines
}

fn profit_line(row: &ProfitLine, total: bool) -> String {
    let name = match (total, row.sku.is_empty()) {
        (true, _) => "all".to_owned(),
        (false, true) => format!("{} (no product)", row.month),
        (false, false) => format!("{} {}", row.month, row.sku),
    };
    let cells = [
        &row.units.to_string(),
        &row.revenue,
        &row.promotions,
        &row.refunds,
        &row.fees,
        &row.advertising,
        &row.other_income,
        &row.cost_of_goods,
        &row.other_costs,
        &row.margin,
    ];
    format!("  {name:<30}{}", cells.map(|cell| format!("{cell:>11}")).concat())
}

fn cash(cash: &Cash) -> Vec<String> {
    let mut lines = vec![format!("\nPayouts to come in {} (no sale is guessed):", cash.currency)];
    for line in &cash.payouts {
        let parts = line.parts.iter().map(|(reason, amount)| format!("{} {amount}", reason.replace('_', " ")));
        lines.push(format!(
            "  {:>12}  closes {}, in the bank {}: {}",
            line.amount,
            line.closes_on,
            line.in_bank_on,
            parts.collect::<Vec<_>>().join(", ")
        ));
    }
    if cash.without_amount > 0 {
        lines.push(format!("  {} transactions have no amount and are in no sum", cash.without_amount));
    }
    lines
}
