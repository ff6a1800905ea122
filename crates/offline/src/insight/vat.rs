//! What documents put into the boxes of a VAT return, by VAT period: [`reconcile::preview_vat_return`] over their lines.
//!
//! KashFlow makes its own return from the VAT on documents. Reverse charge, the flat rate and the One-Stop Shop are not among it, so
//! the part of a box that documents do not show is told apart: a person adjusts it by hand.

use bookkeeping::VatScheme;
use bookkeeping::settlement::Rules;
use jiff::civil::Date;
use model::{Draft, VatRate};
use money::{Currency, Money, MoneyError};
use reconcile::{EntryLine, LineError, VatBoxes, entry_lines, preview_vat_return};
use serde::Serialize;

use super::Roles;

/// Boxes of one VAT period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Last day of the period.
    pub ends: String,
    /// VAT due on sales; under the flat-rate scheme its percentage of the turnover.
    pub box1: String,
    /// VAT reclaimed on purchases.
    pub box4: String,
    /// Net to pay (or, below zero, to reclaim).
    pub box5: String,
    /// Sales without VAT; gross turnover under the flat-rate scheme.
    pub box6: String,
    /// Purchases without VAT.
    pub box7: String,
    /// Box 1 less the VAT on sales documents: what KashFlow's own return lacks (below zero: has too much).
    pub box1_by_hand: String,
    /// Box 4 less the VAT on bills and bank transactions.
    pub box4_by_hand: String,
}

/// Lines of one VAT period under one scheme. Lines that a return cannot tell apart are one: a large settlement has millions.
struct Group {
    ends: Date,
    scheme: VatScheme,
    lines: Vec<EntryLine>,
}

struct Sums {
    ends: Date,
    boxes: VatBoxes,
    /// VAT on sales documents and on purchase documents.
    on_documents: (Money, Money),
}

/// Boxes of all documents, by VAT period, the earliest first. A period in which the seller was not registered is left out.
///
/// Periods have `months` months, and one of them ends with month `ends`. Documents in another currency count at their own rate.
///
/// # Errors
///
/// [`LineError`] if a document has neither home currency nor a rate, an account has no role, or a sum does not fit.
pub fn preview<'d>(
    documents: impl IntoIterator<Item = &'d Draft>,
    rules: &Rules,
    months: u8,
    ends: u8,
) -> Result<Vec<Period>, LineError> {
    let home = rules.policy.seller.home;
    let roles = Roles::of(rules);
    let mut groups: Vec<Group> = Vec::new();
    for draft in documents {
        let scheme = rules.policy.seller.vat.on(draft.on());
        if scheme == VatScheme::NotRegistered {
            continue;
        }
        let ends = period_end(draft.on(), months, ends);
        let at = groups.iter().position(|group| (group.ends, group.scheme) == (ends, scheme)).unwrap_or_else(|| {
            groups.push(Group { ends, scheme, lines: Vec::new() });
            groups.len() - 1
        });
        for line in entry_lines(draft, home, "", |code| roles.get(code))? {
            groups[at].add(line)?;
        }
    }
    groups.sort_by_key(|group| group.ends);
    let mut periods: Vec<Sums> = Vec::new();
    for group in groups {
        let sums = group.sums(home)?;
        match periods.last_mut().filter(|last| last.ends == sums.ends) {
            Some(last) => last.add(&sums)?,
            None => periods.push(sums),
        }
    }
    periods.into_iter().map(|sums| sums.shown().map_err(LineError::from)).collect()
}

impl Group {
    fn add(&mut self, line: EntryLine) -> Result<(), MoneyError> {
        // The VAT of the reverse charge is computed, and rounded, on each line.
        let alike = |other: &&mut EntryLine| {
            line.rate != VatRate::ReverseCharge
                && (other.role, other.rate, other.bought) == (line.role, line.rate, line.bought)
        };
        match self.lines.iter_mut().find(alike) {
            Some(other) => (other.net, other.vat) = (other.net.plus(line.net)?, other.vat.plus(line.vat)?),
            None => self.lines.push(line),
        }
        Ok(())
    }

    fn sums(&self, home: Currency) -> Result<Sums, MoneyError> {
        let scheme = match self.scheme {
            VatScheme::Standard => reconcile::VatScheme::Standard,
            VatScheme::FlatRate { percent } => reconcile::VatScheme::FlatRate(percent),
            VatScheme::NotRegistered => reconcile::VatScheme::NotRegistered,
        };
        // Days were looked at when the group was made; a line has that of the first document in it.
        let preview = preview_vat_return(&self.lines, home, Date::MIN, Date::MAX, scheme)?;
        let vat = |bought: bool| {
            Money::sum(home, self.lines.iter().filter(|line| line.bought == bought).map(|line| line.vat))
        };
        Ok(Sums { ends: self.ends, boxes: preview.boxes, on_documents: (vat(false)?, vat(true)?.negated()) })
    }
}

impl Sums {
    fn add(&mut self, other: &Sums) -> Result<(), MoneyError> {
        let boxes = &mut self.boxes;
        boxes.box1 = boxes.box1.plus(other.boxes.box1)?;
        boxes.box4 = boxes.box4.plus(other.boxes.box4)?;
        boxes.box6 = boxes.box6.plus(other.boxes.box6)?;
        boxes.box7 = boxes.box7.plus(other.boxes.box7)?;
        self.on_documents =
            (self.on_documents.0.plus(other.on_documents.0)?, self.on_documents.1.plus(other.on_documents.1)?);
        Ok(())
    }

    fn shown(&self) -> Result<Period, MoneyError> {
        let boxes = &self.boxes;
        Ok(Period {
            ends: self.ends.to_string(),
            box1: boxes.box1.digits(),
            box4: boxes.box4.digits(),
            box5: boxes.box1.minus(boxes.box4)?.digits(),
            box6: boxes.box6.digits(),
            box7: boxes.box7.digits(),
            box1_by_hand: boxes.box1.minus(self.on_documents.0)?.digits(),
            box4_by_hand: boxes.box4.minus(self.on_documents.1)?.digits(),
        })
    }
}

/// Last day of the VAT period of a day: periods have `months` months and one ends with month `ends`.
fn period_end(day: Date, months: u8, ends: u8) -> Date {
    let (months, ends) = (i8::try_from(months).unwrap_or(3).max(1), i8::try_from(ends).unwrap_or(3));
    let left = (ends - day.month()).rem_euclid(months);
    let month = jiff::ToSpan::months(i64::from(left));
    // Dates of settlements are far from the end of the calendar.
    day.first_of_month().checked_add(month).unwrap_or(day).last_of_month()
}

#[cfg(test)]
mod tests {
    use flow::Reference;
    use jiff::civil::date;
    use mapping::Mapping;
    use model::{BankDraft, DocumentKey, DocumentKind, ExchangeRate, NominalCode, RateSource, Subject};
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn quarters_end_where_the_owner_says() {
        assert_eq!(period_end(date(2025, 11, 5), 3, 3), date(2025, 12, 31));
        assert_eq!(period_end(date(2025, 11, 5), 3, 2), date(2025, 11, 30));
        assert_eq!(period_end(date(2025, 11, 30), 1, 1), date(2025, 11, 30));
        assert_eq!(period_end(date(2025, 11, 5), 12, 4), date(2026, 4, 30));
    }

    fn rules(schemes: &str) -> Rules {
        let profile = Mapping::parse_profile(schemes).expect("a profile");
        flow::rules(&profile, &Reference::default(), None).expect("rules")
    }

    /// A fee of 18.00 net, paid from the clearing account; a negative amount is money out.
    fn fee(currency: Currency, rate: Option<ExchangeRate>) -> Draft {
        Draft::Bank(BankDraft {
            key: DocumentKey {
                subject: Subject::Settlement { id: "1".into(), currency },
                kind: DocumentKind::Bank,
                part: "fee".into(),
                ordinal: 1,
            },
            reference: "AMZ-S-1-fee".into(),
            account: NominalCode(1250),
            on: date(2025, 11, 14),
            amount: Money::new(-21_60, currency),
            rate,
            nominal: NominalCode(6200),
            vat_rate: VatRate::Percent(Decimal::from(20)),
            vat: Money::new(-3_60, currency),
            description: "fee".into(),
            reverses: None,
        })
    }

    #[test]
    fn a_document_in_another_currency_counts_at_its_own_rate_and_without_one_is_refused() {
        let rules = rules("[[vat.schemes]]\nscheme = \"standard\"\n");
        let rate =
            ExchangeRate { per_home: Decimal::new(12, 1), source: RateSource::HmrcMonthly, on: date(2025, 11, 1) };
        let documents = [fee(Currency::EUR, Some(rate)), fee(Currency::GBP, None)];
        let periods = preview(&documents, &rules, 3, 3).expect("boxes");
        assert_eq!(
            periods.iter().map(|period| [&*period.box4, &*period.box7, &*period.box4_by_hand]).collect::<Vec<_>>(),
            [["6.60", "33.00", "0.00"]],
            "3.00 + 3.60 of VAT on 15.00 + 18.00"
        );
        let refused = preview(&[fee(Currency::EUR, None)], &rules, 3, 3).expect_err("no rate");
        assert!(matches!(refused, LineError::NoRate(_, Currency::EUR)), "{refused}");
    }

    #[test]
    fn a_scheme_that_changes_within_a_period_gives_one_period_of_both() {
        let rules = rules(
            "[[vat.schemes]]\nscheme = \"flat_rate\"\nflat_rate = \"7.5\"\n\
             [[vat.schemes]]\nscheme = \"standard\"\nfrom = 2025-12-01\n",
        );
        let Draft::Bank(mut later) = fee(Currency::GBP, None) else { unreachable!() };
        later.on = date(2025, 12, 14);
        let periods = preview(&[fee(Currency::GBP, None), Draft::Bank(later)], &rules, 3, 3).expect("boxes");
        assert_eq!(periods.len(), 1);
        // Under the flat rate nothing is reclaimed, though the document shows it: that part is taken out by hand.
        assert_eq!((&*periods[0].box4, &*periods[0].box4_by_hand), ("3.60", "-3.60"));
    }
}
