//! What documents put into the boxes of a VAT return, by VAT period.
//!
//! Boxes 1 and 4 are what the documents move on the VAT accounts, so they tie to the ledger by construction; boxes 6 and 7 are nets
//! of lines (accounting rules §14, VAT return map). Journals of reverse charge and flat rate are shown apart, because KashFlow's own
//! return does not contain what a journal without a VAT code says: those figures are to be adjusted by hand.

use std::collections::BTreeMap;

use bookkeeping::settlement::Rules;
use bookkeeping::{Role, VatScheme};
use jiff::civil::Date;
use model::{Draft, NominalCode, VatRate};
use money::{Money, MoneyError};
use serde::Serialize;

/// Boxes of one VAT period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Last day of the period.
    pub ends: String,
    /// VAT due on sales.
    pub box1: String,
    /// VAT reclaimed on purchases.
    pub box4: String,
    /// Net to pay (or, below zero, to reclaim).
    pub box5: String,
    /// Sales without VAT; gross turnover under the flat-rate scheme.
    pub box6: String,
    /// Purchases without VAT.
    pub box7: String,
    /// Part of box 1 that journals put there: adjust the return by hand.
    pub box1_by_journal: String,
    /// Part of box 4 that journals put there.
    pub box4_by_journal: String,
}

#[derive(Clone, Copy)]
struct Boxes {
    one: Money,
    four: Money,
    six: Money,
    seven: Money,
    one_by_journal: Money,
    four_by_journal: Money,
}

/// Boxes of all documents, by VAT period, the earliest first. A period in which the seller was not registered is left out.
///
/// # Errors
///
/// [`MoneyError`] if a sum does not fit.
pub fn preview<'d>(
    documents: impl IntoIterator<Item = &'d Draft>,
    rules: &Rules,
    months: u8,
    ends: u8,
) -> Result<Vec<Period>, MoneyError> {
    let home = rules.policy.seller.home;
    let account = |role: Role| rules.policy.accounts.general.get(&role).copied();
    let accounts =
        VatAccounts { out: account(Role::VatOut), into: account(Role::VatIn), liability: account(Role::VatLiab) };
    let mut periods: BTreeMap<Date, Boxes> = BTreeMap::new();
    for draft in documents {
        let scheme = rules.policy.seller.vat.on(draft.on());
        if scheme == VatScheme::NotRegistered {
            continue;
        }
        let zero = Money::zero(home);
        let boxes = periods.entry(period_end(draft.on(), months, ends)).or_insert(Boxes {
            one: zero,
            four: zero,
            six: zero,
            seven: zero,
            one_by_journal: zero,
            four_by_journal: zero,
        });
        boxes.add(draft, scheme, &accounts)?;
    }
    periods.into_iter().map(|(ends, boxes)| boxes.shown(ends)).collect()
}

struct VatAccounts {
    out: Option<NominalCode>,
    into: Option<NominalCode>,
    liability: Option<NominalCode>,
}

impl Boxes {
    fn add(&mut self, draft: &Draft, scheme: VatScheme, accounts: &VatAccounts) -> Result<(), MoneyError> {
        match draft {
            Draft::Sales(draft) => {
                for line in &draft.lines {
                    match line.vat_rate {
                        VatRate::Percent(_) | VatRate::Exempt => {
                            self.one = self.one.plus(line.vat)?;
                            self.six = self.six.plus(line.net)?;
                            // Under the flat-rate scheme the turnover is the gross.
                            if let VatScheme::FlatRate { .. } = scheme {
                                self.six = self.six.plus(line.vat)?;
                            }
                        }
                        VatRate::OutsideScope
                        | VatRate::NoVat
                        | VatRate::ReverseCharge
                        | VatRate::OneStopShop { .. } => {}
                    }
                }
            }
            Draft::Purchase(draft) => {
                for line in &draft.lines {
                    self.bought(line.vat_rate, line.net, line.vat, scheme)?;
                }
            }
            Draft::Bank(draft) => {
                let vat = draft.vat.negated();
                let net = draft.amount.minus(draft.vat)?.negated();
                self.bought(draft.vat_rate, net, vat, scheme)?;
            }
            Draft::Journal(draft) => {
                for line in &draft.lines {
                    let code = Some(line.nominal);
                    if code == accounts.out || code == accounts.liability {
                        self.one = self.one.minus(line.amount)?;
                        self.one_by_journal = self.one_by_journal.minus(line.amount)?;
                    } else if code == accounts.into {
                        self.four = self.four.plus(line.amount)?;
                        self.four_by_journal = self.four_by_journal.plus(line.amount)?;
                    }
                }
            }
            Draft::Transfer(_) | Draft::Payment(_) | Draft::Allocation(_) => {}
        }
        Ok(())
    }

    fn bought(&mut self, rate: VatRate, net: Money, vat: Money, scheme: VatScheme) -> Result<(), MoneyError> {
        match rate {
            VatRate::Percent(_) | VatRate::Exempt => {
                self.four = self.four.plus(vat)?;
                if scheme.reclaims() {
                    self.seven = self.seven.plus(net)?;
                }
            }
            VatRate::ReverseCharge => {
                self.six = self.six.plus(net)?;
                self.seven = self.seven.plus(net)?;
            }
            VatRate::OutsideScope | VatRate::NoVat | VatRate::OneStopShop { .. } => {}
        }
        Ok(())
    }

    fn shown(self, ends: Date) -> Result<Period, MoneyError> {
        Ok(Period {
            ends: ends.to_string(),
            box1: self.one.digits(),
            box4: self.four.digits(),
            box5: self.one.minus(self.four)?.digits(),
            box6: self.six.digits(),
            box7: self.seven.digits(),
            box1_by_journal: self.one_by_journal.digits(),
            box4_by_journal: self.four_by_journal.digits(),
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
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarters_end_where_the_owner_says() {
        assert_eq!(period_end(date(2025, 11, 5), 3, 3), date(2025, 12, 31));
        assert_eq!(period_end(date(2025, 11, 5), 3, 2), date(2025, 11, 30));
        assert_eq!(period_end(date(2025, 11, 30), 1, 1), date(2025, 11, 30));
        assert_eq!(period_end(date(2025, 11, 5), 12, 4), date(2026, 4, 30));
    }
}
