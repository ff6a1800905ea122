//! Profit by product and month, from the documents: each line of a document is shared out to the products whose rows went into it.
//!
//! Shares are by the amounts of rows, in whole pennies that sum to the line, so the report ties to the ledger to the penny. Cost of
//! goods is that of the books where they keep stock; else it is worked out from the costs of the profile, and said to be so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bookkeeping::settlement::{RowPlace, Rules};
use jiff::civil::Date;
use model::{DocumentKey, SettlementRow, VatRate};
use money::{Currency, Money, MoneyError};
use reconcile::{AdRule, EntryLine, EntryRole, LineError, entry_lines};

use super::Roles;
use super::words::Word;
use crate::post::Done;

/// Where the cost of goods of a report is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostsFrom {
    /// Journals of the books.
    Books,
    /// Units sold at the costs of the profile; the books hold none of it.
    Profile,
    /// Neither knows costs: the margin is before cost of goods.
    Nowhere,
}

/// A profit report and what it rests on.
pub(super) struct Report {
    pub(super) profit: reconcile::Profit,
    pub(super) costs_from: CostsFrom,
    /// Products that were sold and have no cost.
    pub(super) without_cost: BTreeSet<String>,
}

/// Texts by number.
#[derive(Default)]
struct Texts {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn get(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}

/// A line of a document, and the product and marketplace of some of its rows.
type Share = (u32, u32, u32, u32);

/// What a sum of the report is of.
type Of = (Date, u32, Option<u32>, EntryRole);

/// A report in the making.
#[derive(Default)]
pub(super) struct Making {
    texts: Texts,
    /// Of the settlement whose rows come now: sums and units.
    rows: HashMap<Share, (i64, i64)>,
    sums: BTreeMap<Of, (i64, i64)>,
    sold: HashMap<(u32, u32, Date), i64>,
    first: Option<DocumentKey>,
}

impl Making {
    /// Adds a row of the settlement that comes now.
    pub(super) fn row(
        &mut self,
        row: &SettlementRow<'_>,
        word: Word,
        place: Option<RowPlace>,
        on: Option<Date>,
    ) -> Result<(), MoneyError> {
        let Some(RowPlace::Line { document, line }) = place else { return Ok(()) };
        let (sku, marketplace) = (self.texts.number(row.sku), self.texts.number(row.marketplace));
        let units = if word.goods { row.quantity.unwrap_or(0) } else { 0 };
        let units = if word.refund { -units.abs() } else { units };
        let sum = self.rows.entry((document, line, sku, marketplace)).or_default();
        sum.0 = sum.0.checked_add(row.amount.minor()).ok_or(MoneyError::TooLarge)?;
        sum.1 = sum.1.saturating_add(units);
        if units > 0
            && !row.sku.is_empty()
            && let Some(on) = on
        {
            *self.sold.entry((sku, marketplace, on)).or_default() += units;
        }
        Ok(())
    }

    /// The rows of a settlement are through: shares out the lines of its documents.
    pub(super) fn settle(&mut self, done: &Done<'_>, home: Currency, roles: &Roles) -> Result<(), LineError> {
        let mut shares: Vec<(Share, (i64, i64))> = std::mem::take(&mut self.rows).into_iter().collect();
        // By the texts, so that the pennies fall alike whichever row came first.
        shares.sort_by(|(a, _), (b, _)| {
            let by_text = |a: u32, b: u32| self.texts.get(a).cmp(self.texts.get(b));
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| by_text(a.2, b.2)).then_with(|| by_text(a.3, b.3))
        });
        let mut rest = shares.as_slice();
        for (document, draft) in (0_u32..).zip(&done.posted.documents) {
            let month = draft.on().first_of_month();
            for (place, line) in (0_u32..).zip(entry_lines(draft, home, "", |code| roles.get(code))?) {
                self.first.get_or_insert_with(|| line.document.clone());
                let skip = rest.partition_point(|(share, _)| (share.0, share.1) < (document, place));
                let count = rest[skip..].partition_point(|(share, _)| (share.0, share.1) == (document, place));
                let own = &rest[skip..skip + count];
                rest = &rest[skip + count..];
                self.share_out(&line, month, own)?;
            }
        }
        Ok(())
    }

    fn share_out(&mut self, line: &EntryLine, month: Date, shares: &[(Share, (i64, i64))]) -> Result<(), MoneyError> {
        let total: i128 = shares.iter().map(|(_, (minor, _))| i128::from(*minor)).sum();
        if total == 0 {
            let nowhere = self.texts.number("");
            return self.add((month, nowhere, None, line.role), line.net.minor(), 0);
        }
        let (mut rows, mut before) = (0_i128, 0_i64);
        for ((_, _, sku, marketplace), (minor, units)) in shares {
            rows += i128::from(*minor);
            let edge = rounded(i128::from(line.net.minor()) * rows, total)?;
            let product = (!self.texts.get(*sku).is_empty()).then_some(*sku);
            let counts = matches!(line.role, EntryRole::Revenue | EntryRole::Refund);
            self.add((month, *marketplace, product, line.role), edge - before, if counts { *units } else { 0 })?;
            before = edge;
        }
        Ok(())
    }

    fn add(&mut self, of: Of, minor: i64, units: i64) -> Result<(), MoneyError> {
        let sum = self.sums.entry(of).or_default();
        sum.0 = sum.0.checked_add(minor).ok_or(MoneyError::TooLarge)?;
        sum.1 = sum.1.saturating_add(units);
        Ok(())
    }

    /// The report.
    pub(super) fn finish(mut self, rules: &Rules) -> Result<Report, MoneyError> {
        let home = rules.policy.seller.home;
        let mut without_cost = BTreeSet::new();
        let costs_from = match (rules.stock.costs.is_empty(), rules.stock.perpetual) {
            (true, _) => CostsFrom::Nowhere,
            (false, true) => CostsFrom::Books,
            (false, false) => CostsFrom::Profile,
        };
        let mut sold: Vec<_> = std::mem::take(&mut self.sold).into_iter().collect();
        sold.sort_unstable();
        for ((sku, marketplace, on), units) in sold.into_iter().filter(|_| costs_from != CostsFrom::Nowhere) {
            let text = self.texts.get(sku).to_owned();
            let Some(cost) = rules.stock.cost(&text, on) else {
                without_cost.insert(text);
                continue;
            };
            let (cost, month) = (cost.times(units)?.minor(), on.first_of_month());
            self.add((month, marketplace, Some(sku), EntryRole::CostOfGoods), -cost, 0)?;
            if costs_from == CostsFrom::Books {
                // The journals have it already, without a product.
                let nowhere = self.texts.number("");
                self.add((month, nowhere, None, EntryRole::CostOfGoods), cost, 0)?;
            }
        }
        let lines: Vec<EntryLine> = self.lines(home);
        Ok(Report { profit: reconcile::profit(&lines, home, AdRule::Apart)?, costs_from, without_cost })
    }

    fn lines(&self, home: Currency) -> Vec<EntryLine> {
        let Some(document) = &self.first else { return Vec::new() };
        let zero = Money::zero(home);
        let line = |((month, marketplace, sku, role), (minor, units)): (&Of, &(i64, i64))| EntryLine {
            document: document.clone(),
            role: *role,
            nominal: model::NominalCode(0),
            net: Money::new(*minor, home),
            vat: zero,
            rate: VatRate::OutsideScope,
            bought: false,
            capital: false,
            on: *month,
            true_on: None,
            sku: sku.map(|sku| self.texts.get(sku).to_owned()),
            marketplace: self.texts.get(*marketplace).to_owned(),
            order: None,
            units: *units,
        };
        self.sums.iter().filter(|(of, sum)| of.3 != EntryRole::Balance && **sum != (0, 0)).map(line).collect()
    }
}

/// `part` / `whole` to the nearest whole number, half away from zero.
fn rounded(part: i128, whole: i128) -> Result<i64, MoneyError> {
    let (doubled, whole) = if whole < 0 { (-2 * part, -whole) } else { (2 * part, whole) };
    let nearest = (doubled.abs() + whole) / (2 * whole) * doubled.signum();
    i64::try_from(nearest).map_err(|_| MoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_away_from_zero_whatever_the_signs() {
        assert_eq!(
            [(5, 2), (-5, 2), (5, -2), (-5, -2), (4, 3), (-1, 3)].map(|(a, b)| rounded(a, b).unwrap()),
            [3, -3, -3, 3, 1, 0]
        );
    }
}
