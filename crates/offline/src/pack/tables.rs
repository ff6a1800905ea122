//! The pack as tables: a workbook whose totals are live, or files of comma-separated values.

use bookkeeping::settlement::RowPlace;
use jiff::civil::Date;
use model::SettlementRow;
use money::Money;
use rust_decimal::Decimal;

use super::{Line, Pack, TaskLine};
use crate::export::{Cell, Kind, Summed, Table, Take, Workbook};
use crate::post::{Done, Outcome};

/// The tables of a pack, in the order of its sheets.
pub fn tables<'a>(pack: &'a Pack, outcome: &'a Outcome<'_>) -> Vec<Table<'a>> {
    let mut all = vec![settlements(pack), documents(pack), lines(pack)];
    all.extend(rows(outcome));
    all.extend([ledger(pack), vat(pack), tasks("Unmapped", "What waits on suspense for you.", &pack.unmapped)]);
    all.extend([
        tasks("To look at", "What is posted where it belongs and deserves a look.", &pack.tasks),
        problems(pack),
    ]);
    all
}

/// The workbook of a pack. Its summary computes every total anew from the sheets and shows what it must be.
pub fn workbook<'a>(pack: &'a Pack, outcome: &'a Outcome<'_>) -> Workbook<'a> {
    let mut book = Workbook::new("Evidence pack: from settlements to documents");
    for done in &outcome.settlements {
        book.sum(Summed {
            label: format!("rows of settlement {} = its total ({})", done.head.id, done.head.currency),
            table: rows_name(outcome, done),
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

fn settlements(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "Settlements",
        "Each settlement that was given, and what became of it. Amounts are in the settlement's own currency.",
        &[
            ("file", Kind::Text),
            ("settlement", Kind::Text),
            ("state", Kind::Text),
            ("currency", Kind::Text),
            ("from", Kind::Day),
            ("to", Kind::Day),
            ("payout", Kind::Day),
            ("rows", Kind::Whole),
            ("total", Kind::Text),
            ("sum of rows", Kind::Text),
        ],
    );
    for line in &pack.settlements {
        let text = |text: &Option<String>| Cell::from(text.as_deref());
        table.push([
            line.file.as_str().into(),
            line.settlement.as_str().into(),
            line.state.into(),
            line.currency.into(),
            day(line.from.as_deref().unwrap_or_default()),
            day(line.to.as_deref().unwrap_or_default()),
            day(line.deposit.as_deref().unwrap_or_default()),
            line.rows.into(),
            text(&line.total),
            text(&line.sum),
        ]);
    }
    table
}

fn documents(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "Documents",
        "Every document and payment.",
        &[
            ("document", Kind::Text),
            ("key", Kind::Text),
            ("date", Kind::Day),
            ("party", Kind::Text),
            ("reference", Kind::Text),
            ("currency", Kind::Text),
            ("amount", Kind::Amount),
        ],
    );
    for document in &pack.documents {
        let amount = match (&document.amount, gross(&document.lines)) {
            (Some(amount), _) => digits(Some(amount)),
            (None, Some(gross)) => gross,
            (None, None) => debits(&document.lines),
        };
        table.push([
            document.document.into(),
            document.key.as_str().into(),
            day(&document.date),
            document.party.as_deref().into(),
            document.reference.as_str().into(),
            document.currency.into(),
            Cell::Amount(amount),
        ]);
    }
    table
}

fn lines(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "Lines",
        "Every line of every document; payments and transfers are in the sheet of documents.",
        &[
            ("document", Kind::Text),
            ("key", Kind::Text),
            ("date", Kind::Day),
            ("party", Kind::Text),
            ("account", Kind::Text),
            ("description", Kind::Text),
            ("net", Kind::Amount),
            ("VAT rate", Kind::Text),
            ("VAT", Kind::Amount),
            ("gross", Kind::Amount),
            ("journal, debit positive", Kind::Amount),
        ],
    );
    for document in &pack.documents {
        for line in &document.lines {
            let head: [Cell; 4] = [
                document.document.into(),
                document.key.as_str().into(),
                day(&document.date),
                document.party.as_deref().into(),
            ];
            let [kind, key, date, party] = head;
            match line {
                Line::Taxed { account, description, net, vat_rate, vat, gross } => table.push([
                    kind,
                    key,
                    date,
                    party,
                    account.as_str().into(),
                    description.as_str().into(),
                    amount(Some(net)),
                    vat_rate.as_str().into(),
                    amount(Some(vat)),
                    amount(Some(gross)),
                    Cell::Empty,
                ]),
                Line::Journal { account, description, amount_dr_positive } => table.push([
                    kind,
                    key,
                    date,
                    party,
                    account.as_str().into(),
                    description.as_str().into(),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                    amount(Some(amount_dr_positive)),
                ]),
            }
        }
    }
    table
}

/// Rows of settlements in different currencies are never in one table: it has a total.
fn rows_name(outcome: &Outcome<'_>, done: &Done<'_>) -> String {
    let one = outcome.settlements.iter().all(|other| other.head.currency == done.head.currency);
    if one { "Rows".to_owned() } else { format!("Rows {}", done.head.currency) }
}

fn rows<'a>(outcome: &'a Outcome<'_>) -> Vec<Table<'a>> {
    let mut names: Vec<String> = Vec::new();
    for done in &outcome.settlements {
        let name = rows_name(outcome, done);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let table = |name: String| {
        let of = |done: &&'a Done<'_>| rows_name(outcome, done) == name;
        let all: Vec<&'a Done<'_>> = outcome.settlements.iter().filter(of).collect();
        let count = all.iter().map(|done| done.posted.links.len()).sum();
        Table::new(
            name,
            "Every row of every settlement, and the document it went into.",
            &[
                ("settlement", Kind::Text),
                ("line", Kind::Whole),
                ("posted", Kind::Day),
                ("transaction type", Kind::Text),
                ("amount type", Kind::Text),
                ("description", Kind::Text),
                ("order", Kind::Text),
                ("SKU", Kind::Text),
                ("amount", Kind::Amount),
                ("document", Kind::Text),
                ("account", Kind::Text),
            ],
        )
        .coming(count, move |take| {
            for done in &all {
                give_rows(outcome, done, take);
            }
        })
    };
    names.into_iter().map(table).collect()
}

/// Reads the settlement once more and says of each row where it went. Rows and links come in the same order.
fn give_rows(outcome: &Outcome<'_>, done: &Done<'_>, take: &mut Take<'_>) {
    let mut places = done.posted.links.iter();
    // The file was read twice already; a row that cannot be read any more shows as a difference in the summary.
    let _ = outcome.all.rows(done.opened, |row| {
        let place = places.next().map(|(_, place)| place);
        take(&cells(outcome, done, row, place));
    });
}

fn cells(outcome: &Outcome<'_>, done: &Done<'_>, row: &SettlementRow<'_>, place: Option<RowPlace>) -> [Cell; 11] {
    let (document, account) = where_to(outcome, done, place);
    let on =
        row.posted_at.map(|at| at.to_string()).or_else(|| row.posted_on.map(|on| on.to_string())).unwrap_or_default();
    [
        done.head.id.as_str().into(),
        row.line.into(),
        day(&on),
        row.kind.into(),
        row.class.into(),
        row.name.into(),
        row.order.into(),
        row.sku.into(),
        Money::into(row.amount),
        document.into(),
        account.into(),
    ]
}

/// The document and account of a row, or why it has none.
fn where_to(outcome: &Outcome<'_>, done: &Done<'_>, place: Option<RowPlace>) -> (String, String) {
    let Some(place) = place else { return ("not posted".to_owned(), String::new()) };
    let RowPlace::Line { document, line } = place else {
        let why = match place {
            RowPlace::Folded => "came to nil with its neighbours",
            RowPlace::Carried => "debt of the settlement before: opening balance, not posted",
            RowPlace::Held => "invoice that was posted when the goods left",
            RowPlace::Ignored | RowPlace::Line { .. } => "the payout itself, a parent or a duplicate: not posted",
        };
        return (why.to_owned(), String::new());
    };
    let Some(draft) = usize::try_from(document).ok().and_then(|document| done.posted.documents.get(document)) else {
        return ("not posted".to_owned(), String::new());
    };
    let line = usize::try_from(line).unwrap_or(0);
    let nominal = match draft {
        model::Draft::Sales(draft) => draft.lines.get(line).map(|line| line.nominal),
        model::Draft::Purchase(draft) => draft.lines.get(line).map(|line| line.nominal),
        model::Draft::Bank(draft) => Some(draft.nominal),
        model::Draft::Transfer(draft) => Some(draft.to),
        model::Draft::Journal(draft) => draft.lines.get(line).map(|line| line.nominal),
        model::Draft::Payment(draft) => Some(draft.account),
        model::Draft::Allocation(_) => None,
    };
    let account = nominal.map(|code| outcome.rules.policy.accounts.title(code)).unwrap_or_default();
    (draft.reference().to_owned(), account)
}

fn ledger(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "Ledger",
        "What all documents together do to each account.",
        &[("account", Kind::Text), ("debit positive", Kind::Amount)],
    );
    for (account, sum) in &pack.ledger_dr_positive {
        table.push([account.as_str().into(), amount(Some(sum))]);
    }
    table
}

fn vat(pack: &Pack) -> Table<'_> {
    let mut table = Table::new(
        "VAT preview",
        "What these documents put into each VAT return. What no document shows (reverse charge, flat rate) is not in KashFlow's own return: adjust it by hand.",
        &[
            ("period ends", Kind::Day),
            ("box 1", Kind::Amount),
            ("box 4", Kind::Amount),
            ("box 5", Kind::Amount),
            ("box 6", Kind::Amount),
            ("box 7", Kind::Amount),
            ("of box 1 by hand", Kind::Amount),
            ("of box 4 by hand", Kind::Amount),
        ],
    );
    for period in &pack.vat {
        table.push([
            day(&period.ends),
            amount(Some(&period.box1)),
            amount(Some(&period.box4)),
            amount(Some(&period.box5)),
            amount(Some(&period.box6)),
            amount(Some(&period.box7)),
            amount(Some(&period.box1_by_hand)),
            amount(Some(&period.box4_by_hand)),
        ]);
    }
    table
}

fn tasks<'a>(name: &'static str, about: &'static str, tasks: &'a [TaskLine]) -> Table<'a> {
    // Amounts of several currencies have no total.
    let one_currency = tasks.iter().all(|task| task.currency == tasks[0].currency);
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
            ("sum", if one_currency { Kind::Amount } else { Kind::Text }),
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

fn problems(pack: &Pack) -> Table<'_> {
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
