//! Finding the bank line that is a settlement's payout.

use bookkeeping::settlement::BankLine as Payout;
use jiff::ToSpan;
use jiff::civil::Date;
use model::Settlement;
use money::Currency;

use super::BankLine;

/// Days before and after the deposit date on which its bank line is looked for.
const DAYS: (i64, i64) = (1, 7);

/// The bank line of a payout: the same amount in the same currency, near the deposit date; or, for a payout that the marketplace
/// converted, the one line in home currency that speaks of the marketplace. `None` if there is none, or more than one would do.
pub fn payout(head: &Settlement, lines: &[BankLine], used: &mut Vec<u64>, home: Currency) -> Option<Payout> {
    let deposit = head.deposit_on?;
    let zone = jiff::tz::TimeZone::get("Europe/London").ok()?;
    let on: Date = deposit.to_zoned(zone).date();
    let first = on.checked_sub(DAYS.0.days()).ok()?;
    let last = on.checked_add(DAYS.1.days()).ok()?;
    let near: Vec<&BankLine> =
        lines.iter().filter(|line| (first..=last).contains(&line.on) && !used.contains(&line.line)).collect();
    let exact: Vec<&&BankLine> = near.iter().filter(|line| line.amount == head.total).collect();
    let speaks = |line: &BankLine| {
        let text = line.description.to_lowercase();
        text.contains("amazon") || text.contains("amzn") || text.contains(&head.id.to_lowercase())
    };
    let found = match exact.as_slice() {
        [one] => Some(**one),
        // Two payouts of one amount: the one that speaks of the marketplace, if only one does.
        [_, ..] => only(exact.iter().map(|line| **line).filter(|line| speaks(line))),
        [] if head.currency != home => only(near.iter().copied().filter(|line| {
            let same_side = line.amount.is_negative() == head.total.is_negative();
            line.amount.currency() == home && same_side && speaks(line)
        })),
        [] => None,
    }?;
    used.push(found.line);
    Some(Payout { amount: found.amount, on: found.on })
}

fn only<'l>(mut lines: impl Iterator<Item = &'l BankLine>) -> Option<&'l BankLine> {
    let first = lines.next()?;
    lines.next().is_none().then_some(first)
}
