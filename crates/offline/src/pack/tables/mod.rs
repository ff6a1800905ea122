//! The pack as tables: a workbook whose totals are live, or files of comma-separated values.

mod documents;
mod findings;
mod rows;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Line, Pack};
use crate::export::{Cell, Summed, Table, Workbook};
use crate::post::Outcome;

/// The tables of a pack, in the order of its sheets.
pub fn tables<'a>(pack: &'a Pack, outcome: &'a Outcome<'_>) -> Vec<Table<'a>> {
    let mut all = vec![documents::settlements(pack), documents::documents(pack), documents::lines(pack)];
    all.extend(rows::rows(outcome));
    all.extend([
        documents::ledger(pack),
        documents::vat(pack),
        findings::tasks("Unmapped", "What waits on suspense for you.", &pack.unmapped),
        findings::tasks("To look at", "What is posted where it belongs and deserves a look.", &pack.tasks),
        findings::problems(pack),
        findings::breaks(pack),
    ]);
    all.extend(pack.insight.profit.as_ref().map(findings::profit));
    if !pack.insight.cash.is_empty() {
        all.push(findings::cash(pack));
    }
    all
}

/// The workbook of a pack. Its summary computes every total anew from the sheets and shows what it must be.
pub fn workbook<'a>(pack: &'a Pack, outcome: &'a Outcome<'_>) -> Workbook<'a> {
    let mut book = Workbook::new("Evidence pack: from settlements to documents");
    for done in &outcome.settlements {
        book.sum(Summed {
            label: format!("rows of settlement {} = its total ({})", done.head.id, done.head.currency),
            table: rows::name(outcome, done),
            column: "amount",
            only: Some(("settlement", done.head.id.clone())),
            must_be: done.head.total.into(),
        });
    }
    for kind in kinds(pack) {
        let of_kind = pack.documents.iter().filter(|document| document.document == kind);
        let amount =
            of_kind.map(|document| gross(&document.lines).unwrap_or_else(|| digits(document.amount.as_deref()))).sum();
        let table =
            if ["Bank transfer", "Journal"].contains(&kind) || kind.ends_with("payment") || kind.ends_with("refund") {
                ("Documents", "amount")
            } else {
                ("Lines", "gross")
            };
        book.sum(Summed {
            label: format!("{kind}: all amounts"),
            table: table.0.to_owned(),
            column: table.1,
            only: Some(("document", kind.to_owned())),
            must_be: Cell::Amount(amount),
        });
    }
    book.sum(Summed {
        label: "ledger: debits less credits".to_owned(),
        table: "Ledger".to_owned(),
        column: "debit positive",
        only: None,
        must_be: Cell::Amount(Decimal::new(0, 2)),
    });
    if let Some(profit) = &pack.insight.profit {
        book.sum(Summed {
            label: "profit: margin of all products and months".to_owned(),
            table: "Profit".to_owned(),
            column: "margin",
            only: None,
            must_be: Cell::Amount(digits(Some(&profit.total.margin))),
        });
    }
    for (label, column) in [("VAT due on sales (box 1)", "box 1"), ("VAT reclaimed (box 4)", "box 4")] {
        let value = |period: &crate::insight::vat::Period| {
            digits(Some(if column == "box 1" { &period.box1 } else { &period.box4 }))
        };
        book.sum(Summed {
            label: label.to_owned(),
            table: "VAT preview".to_owned(),
            column,
            only: None,
            must_be: Cell::Amount(pack.vat.iter().map(value).sum()),
        });
    }
    for table in tables(pack, outcome) {
        book.table(table);
    }
    book
}

fn kinds(pack: &Pack) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for document in &pack.documents {
        if !kinds.contains(&document.document) {
            kinds.push(document.document);
        }
    }
    kinds
}

/// An amount of ours as a number; what we wrote can be read.
fn digits(text: Option<&str>) -> Decimal {
    text.and_then(|text| Decimal::from_str_exact(text).ok()).unwrap_or(Decimal::ZERO)
}

fn amount(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Amount(digits(Some(text))))
}

fn day(text: &str) -> Cell {
    text.get(..10).and_then(|day| day.parse::<Date>().ok()).map_or(Cell::Empty, Cell::Day)
}

fn gross(lines: &[Line]) -> Option<Decimal> {
    let taxed = lines.iter().filter_map(|line| match line {
        Line::Taxed { gross, .. } => Some(digits(Some(gross))),
        Line::Journal { .. } => None,
    });
    let taxed: Vec<Decimal> = taxed.collect();
    (!taxed.is_empty()).then(|| taxed.into_iter().sum())
}

/// Debits of a journal.
fn debits(lines: &[Line]) -> Decimal {
    let amounts = lines.iter().filter_map(|line| match line {
        Line::Journal { amount_dr_positive, .. } => Some(digits(Some(amount_dr_positive))),
        Line::Taxed { .. } => None,
    });
    amounts.filter(|amount| amount.is_sign_positive()).sum()
}
