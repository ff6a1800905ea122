//! What a person reads.

use offline::pack::{Document, Line, Pack, SettlementLine, TaskLine};
use offline::{Trouble, UnknownRows};

use super::findings;

/// Documents shown; the rest is counted.
const DOCUMENTS_MAX: usize = 40;

/// Problems, one or two lines each.
pub fn troubles<'t>(troubles: impl Iterator<Item = &'t Trouble>) -> Vec<String> {
    troubles
        .map(|trouble| {
            format!("  ! {}.\n    {}.\n    -> {}.", bare(&trouble.what), bare(&trouble.means), bare(&trouble.next))
        })
        .collect()
}

/// Rows by their words.
pub fn unknown(rows: &[UnknownRows]) -> Vec<String> {
    let line = |rows: &UnknownRows| {
        format!(
            "    {:>12}  {:>7} rows  {} / {} / {}",
            rows.sum, rows.rows, rows.transaction_type, rows.amount_type, rows.amount_description
        )
    };
    rows.iter().map(line).collect()
}

/// A pack.
pub fn pack(pack: &Pack) -> String {
    let mut lines: Vec<String> = pack.settlements.iter().map(settlement).collect();
    lines.extend(troubles(pack.problems.iter().map(|problem| &problem.trouble)));
    if !pack.documents.is_empty() {
        lines.push(format!("\nDocuments ({}):", pack.documents.len()));
        lines.extend(pack.documents.iter().take(DOCUMENTS_MAX).flat_map(document));
        if pack.documents.len() > DOCUMENTS_MAX {
            lines.push(format!(
                "  … and {} more; --export pack.xlsx or --json shows all",
                pack.documents.len() - DOCUMENTS_MAX
            ));
        }
        lines.push(format!("\nLedger in {} (debit positive):", pack.currency));
        let width = pack.ledger_dr_positive.keys().map(|account| account.chars().count()).max().unwrap_or(0);
        lines.extend(pack.ledger_dr_positive.iter().map(|(account, sum)| format!("  {account:<width$}  {sum:>14}")));
    }
    for period in &pack.vat {
        lines.push(format!(
            "\nVAT return to {}: box 1 {}, box 4 {}, box 5 {}, box 6 {}, box 7 {}",
            period.ends, period.box1, period.box4, period.box5, period.box6, period.box7
        ));
        if period.box1_by_hand != "0.00" || period.box4_by_hand != "0.00" {
            lines.push(format!(
                "  of which on no document, so not in KashFlow's own return: box 1 {}, box 4 {}; adjust them by hand",
                period.box1_by_hand, period.box4_by_hand
            ));
        }
    }
    if !pack.unmapped.is_empty() {
        lines.push("\nWaits on suspense for you:".to_owned());
        lines.extend(pack.unmapped.iter().flat_map(task));
    }
    if !pack.tasks.is_empty() {
        lines.push("\nPosted where it belongs, and worth a look:".to_owned());
        lines.extend(pack.tasks.iter().flat_map(task));
    }
    for late in &pack.late {
        lines.push(format!(
            "  {} belongs to {} in a locked period; it is posted on {}",
            late.key, late.true_date, late.posted_date
        ));
    }
    lines.extend(findings::text(pack));
    lines.push(verdict(pack));
    lines.join("\n")
}

fn settlement(line: &SettlementLine) -> String {
    let currency = line.currency.unwrap_or("");
    let what = match line.state {
        "posted" => format!(
            "posted, {} documents, clearing after it {}",
            line.documents,
            line.clearing_after.as_deref().unwrap_or("?")
        ),
        "duplicate" => "given twice, counted once".to_owned(),
        "refused" => "is no settlement, nothing is posted".to_owned(),
        _ => "QUARANTINED, nothing of it is posted".to_owned(),
    };
    let id = if line.settlement.is_empty() { String::new() } else { format!("settlement {}: ", line.settlement) };
    let total = line
        .total
        .as_deref()
        .map(|total| format!("{} rows, total {total} {currency}; ", line.rows))
        .unwrap_or_default();
    format!("{}: {id}{total}{what}", line.file)
}

fn document(document: &Document) -> Vec<String> {
    let amount = document.amount.as_deref().map(|amount| format!("  {amount}")).unwrap_or_default();
    let mut lines = vec![format!("  {}  {:<28} {}{amount}", document.date, document.document, document.reference)];
    lines.extend(document.lines.iter().map(|line| match line {
        Line::Taxed { account, description, net, vat_rate, vat, gross } => {
            let rate = if vat_rate.chars().all(|digit| digit.is_ascii_digit() || digit == '.') {
                format!("{vat_rate} %")
            } else {
                vat_rate.clone()
            };
            let text = if description.is_empty() { account.clone() } else { format!("{account}: {description}") };
            format!("      {net:>12} + {vat:>10} ({rate}) = {gross:>12}  {text}")
        }
        Line::Journal { account, amount_dr_positive, .. } => {
            let (side, amount) = match amount_dr_positive.strip_prefix('-') {
                Some(amount) => ("Cr", amount),
                None => ("Dr", amount_dr_positive.as_str()),
            };
            format!("      {side} {amount:>12}  {account}")
        }
    }));
    lines
}

fn task(task: &TaskLine) -> Vec<String> {
    let words: Vec<&str> = [&task.transaction_type, &task.amount_type, &task.amount_description]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let about = if words.is_empty() { task.subject.clone() } else { words.join(" / ") };
    let place = task.line.map(|line| format!(", first on line {line}")).unwrap_or_default();
    let mut lines = vec![
        format!("  {:>12} {}  {about} ({} rows{place})", task.sum, task.currency, task.count),
        format!("    {}", task.cause),
        format!("    -> {}", task.next),
    ];
    lines.extend(task.suggestions.iter().map(|suggestion| format!("    perhaps {suggestion}")));
    lines
}

fn verdict(pack: &Pack) -> String {
    let suspense = pack.unmapped.len();
    match (pack.explained, suspense) {
        (true, 0) => {
            format!("\nClearing after all: {} {}. Every penny is accounted for.", pack.clearing_after, pack.currency)
        }
        (true, _) => format!(
            "\nClearing after all: {} {}. Every penny is accounted for; {suspense} sums wait on suspense for you.",
            pack.clearing_after, pack.currency
        ),
        (false, _) => format!(
            "\nClearing after all: {} {}. NOT EVERYTHING IS ACCOUNTED FOR: see the lines marked ! above.",
            pack.clearing_after, pack.currency
        ),
    }
}

fn bare(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}
