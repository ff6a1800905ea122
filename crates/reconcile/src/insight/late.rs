//! Late entries: lines whose true tax point lies in a period that was locked when they were posted.

use jiff::civil::Date;
use model::DocumentKey;
use money::{Currency, Money, MoneyError};

use super::lines::{EntryLine, EntryRole};

/// One document that was posted late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateEntry {
    /// The document.
    pub document: DocumentKey,
    /// Where it belongs.
    pub true_on: Date,
    /// Where it stands.
    pub on: Date,
    /// Net of its late lines.
    pub net: Money,
    /// VAT of its late lines: output positive, input negative.
    pub vat: Money,
}

/// The list, and whether the errors may be corrected on the next return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateEntries {
    /// Late documents by their true day.
    pub entries: Vec<LateEntry>,
    /// Net VAT error.
    pub vat: Money,
    /// The most that may be corrected on a return: the larger of 10,000 and 1 % of box 6, at most 50,000 pounds.
    pub limit: Money,
    /// Whether the error is within the limit.
    pub on_next_return: bool,
}

const LIMIT_MIN: i64 = 10_000_00;
const LIMIT_MAX: i64 = 50_000_00;

/// Lists late entries posted in `from..=to`. `box6` is that of the return they are corrected on.
///
/// # Errors
///
/// [`MoneyError`] if lines are in different currencies or a sum does not fit.
pub fn late_entries(
    lines: &[EntryLine],
    home: Currency,
    from: Date,
    to: Date,
    box6: Money,
) -> Result<LateEntries, MoneyError> {
    let mut entries: Vec<LateEntry> = Vec::new();
    let late = |line: &&EntryLine| line.on >= from && line.on <= to && line.role != EntryRole::Balance;
    for line in lines.iter().filter(late) {
        let Some(true_on) = line.true_on.filter(|true_on| *true_on < from) else { continue };
        let same = |entry: &&mut LateEntry| entry.document == line.document && entry.true_on == true_on;
        match entries.iter_mut().find(same) {
            Some(entry) => {
                entry.net = entry.net.plus(line.net)?;
                entry.vat = entry.vat.plus(line.vat)?;
            }
            None => entries.push(LateEntry {
                document: line.document.clone(),
                true_on,
                on: line.on,
                net: line.net,
                vat: line.vat,
            }),
        }
    }
    entries.sort_by(|a, b| (a.true_on, &a.document).cmp(&(b.true_on, &b.document)));
    let vat = Money::sum(home, entries.iter().map(|entry| entry.vat))?;
    let limit = (box6.minor() / 100).clamp(LIMIT_MIN, LIMIT_MAX);
    Ok(LateEntries {
        entries,
        vat,
        limit: Money::new(limit, home),
        on_next_return: vat.minor().unsigned_abs() <= limit.unsigned_abs(),
    })
}
