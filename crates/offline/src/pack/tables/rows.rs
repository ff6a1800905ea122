//! Rows of settlements, and where each went.

use bookkeeping::settlement::RowPlace;
use model::SettlementRow;
use money::Money;

use super::day;
use crate::export::{Cell, Kind, Table, Take};
use crate::post::{Done, Outcome};

/// Rows of settlements in different currencies are never in one table: it has a total.
pub(super) fn name(outcome: &Outcome<'_>, done: &Done<'_>) -> String {
    let one = outcome.settlements.iter().all(|other| other.head.currency == done.head.currency);
    if one { "Rows".to_owned() } else { format!("Rows {}", done.head.currency) }
}

pub(super) fn rows<'a>(outcome: &'a Outcome<'_>) -> Vec<Table<'a>> {
    let mut names: Vec<String> = Vec::new();
    for done in &outcome.settlements {
        let name = self::name(outcome, done);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let table = |name: String| {
        let of = |done: &&'a Done<'_>| self::name(outcome, done) == name;
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
