//! Settlements, their documents, and what these do to accounts and VAT.

use super::{amount, day, debits, digits, gross};
use crate::export::{Cell, Kind, Table};
use crate::pack::{Line, Pack};

pub(super) fn settlements(pack: &Pack) -> Table<'_> {
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

pub(super) fn documents(pack: &Pack) -> Table<'_> {
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

pub(super) fn lines(pack: &Pack) -> Table<'_> {
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

pub(super) fn ledger(pack: &Pack) -> Table<'_> {
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

pub(super) fn vat(pack: &Pack) -> Table<'_> {
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
