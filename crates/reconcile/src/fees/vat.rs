//! Fee VAT, month by month and series by series: what the rows say, what we billed, what the marketplace's tax invoices say.
//!
//! Input VAT is reclaimed on the tax invoice and not on the settlement, so the three must agree. Fees can be charged up to four weeks after
//! the date of their invoice: a month that lacks what the next one has too much of is timing and no mistake.

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};

use crate::breaks::{self, Break, Code, Link};
use crate::days::between;

/// Fees of rows or of a bill. Net and VAT are costs: positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeVat<'a> {
    /// Series of the marketplace's invoices: selling, FBA, advertising.
    pub series: &'a str,
    /// The day: of the rows, or the tax point of the bill.
    pub on: Date,
    /// Net.
    pub net: Money,
    /// VAT.
    pub vat: Money,
    /// Rows that it sums.
    pub rows: i64,
}

/// A tax invoice of the marketplace; a credit note has negative amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxInvoice<'a> {
    /// Its number.
    pub number: &'a str,
    /// Its series.
    pub series: &'a str,
    /// Its date.
    pub on: Date,
    /// Net.
    pub net: Money,
    /// VAT.
    pub vat: Money,
}

/// One month of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeVatMonth {
    /// The series.
    pub series: String,
    /// First day of the month.
    pub month: Date,
    /// VAT of the rows.
    pub rows: Money,
    /// VAT of our bills.
    pub bills: Money,
    /// VAT of the tax invoices, credit notes taken off.
    pub invoices: Money,
    /// Difference of rows and invoices that is only rounding: 0.01 for each row, at most 1.00.
    pub rounding: Money,
    /// Numbers of the tax invoices.
    pub numbers: Vec<String>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeeVatReconciliation {
    /// Every month and series, in order.
    pub months: Vec<FeeVatMonth>,
    /// What differs.
    pub breaks: Vec<Break>,
}

/// Days after the end of a month by which its tax invoices are there.
const INVOICED_DAYS: i64 = 10;
/// Days after the end of a month until which its fees may still be charged.
const CHARGED_DAYS: i64 = 28;
/// Most that rounding may make in a month, in minor units.
const ROUNDING_MAX: i64 = 1_00;

/// Compares rows, bills and tax invoices.
///
/// # Errors
///
/// [`MoneyError`] if a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Code, FeeVat, TaxInvoice, reconcile_fee_vat};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let on = "2025-11-14".parse().unwrap();
/// let rows = [FeeVat { series: "selling", on, net: gbp(46_30), vat: gbp(9_27), rows: 9 }];
/// let invoice = TaxInvoice { number: "GB-1", series: "selling", on, net: gbp(46_30), vat: gbp(9_26) };
/// let today = "2026-01-15".parse().unwrap();
/// assert!(reconcile_fee_vat(&rows, &rows, &[invoice], today)?.breaks.is_empty()); // one penny of rounding
/// let missing = reconcile_fee_vat(&rows, &rows, &[], today)?;
/// assert_eq!((missing.breaks[0].code, missing.breaks[0].amount), (Code::FeeInvoiceMissing, gbp(-9_27)));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn reconcile_fee_vat(
    rows: &[FeeVat<'_>],
    bills: &[FeeVat<'_>],
    invoices: &[TaxInvoice<'_>],
    today: Date,
) -> Result<FeeVatReconciliation, MoneyError> {
    let mut months: BTreeMap<(&str, Currency, Date), FeeVatMonth> = BTreeMap::new();
    let mut counts: BTreeMap<(&str, Currency, Date), i64> = BTreeMap::new();
    for one in rows {
        let month = month(&mut months, one.series, one.on, one.vat.currency());
        month.rows = month.rows.plus(one.vat)?;
        *counts.entry((one.series, one.vat.currency(), one.on.first_of_month())).or_default() += one.rows;
    }
    for one in bills {
        let month = month(&mut months, one.series, one.on, one.vat.currency());
        month.bills = month.bills.plus(one.vat)?;
    }
    for one in invoices {
        let month = month(&mut months, one.series, one.on, one.vat.currency());
        month.invoices = month.invoices.plus(one.vat)?;
        month.numbers.push(one.number.to_owned());
    }
    for (key, month) in &mut months {
        let rows = counts.get(key).copied().unwrap_or(0);
        month.rounding = Money::new(rows.clamp(0, ROUNDING_MAX), key.1);
        month.numbers.sort();
    }
    let mut answer = FeeVatReconciliation { months: months.into_values().collect(), breaks: Vec::new() };
    for month in &answer.months {
        answer.breaks.extend(billed(month)?);
    }
    let chain = |a: &FeeVatMonth, b: &FeeVatMonth| a.series == b.series && a.rows.currency() == b.rows.currency();
    for series in answer.months.chunk_by(chain) {
        invoiced(series, today, &mut answer.breaks)?;
    }
    breaks::sort(&mut answer.breaks);
    Ok(answer)
}

fn month<'a, 'b>(
    months: &'b mut BTreeMap<(&'a str, Currency, Date), FeeVatMonth>,
    series: &'a str,
    on: Date,
    currency: Currency,
) -> &'b mut FeeVatMonth {
    let month = on.first_of_month();
    let zero = Money::zero(currency);
    months.entry((series, currency, month)).or_insert_with(|| FeeVatMonth {
        series: series.to_owned(),
        month,
        rows: zero,
        bills: zero,
        invoices: zero,
        rounding: zero,
        numbers: Vec::new(),
    })
}

fn subject(month: &FeeVatMonth) -> String {
    format!("fee-vat/{}/{}/{}", month.series, month.rows.currency(), &month.month.to_string()[..7])
}

fn found(code: Code, month: &FeeVatMonth, amount: Money, cause: String) -> Break {
    let mut one = Break::new(code, subject(month), amount, cause).since(Some(month.month.last_of_month()));
    for number in &month.numbers {
        one = one.evidence(Link::TaxInvoice(number.clone()), "tax invoice", None);
    }
    one
}

fn name(month: &FeeVatMonth) -> String {
    format!("“{}” of {}", month.series, &month.month.to_string()[..7])
}

/// Bills are made from rows: they must agree to the penny.
fn billed(month: &FeeVatMonth) -> Result<Option<Break>, MoneyError> {
    let difference = month.bills.minus(month.rows)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let cause = format!("The rows of {} have VAT of {}, our bills {}.", name(month), month.rows, month.bills);
    Ok(Some(found(Code::FeeBillDiffers, month, difference, cause).compare(month.rows, month.bills)))
}

fn within(difference: Money, rounding: Money) -> bool {
    difference.minor().unsigned_abs() <= rounding.minor().unsigned_abs()
}

/// One series in the order of its months: each month alone, else together with the next.
fn invoiced(months: &[FeeVatMonth], today: Date, breaks: &mut Vec<Break>) -> Result<(), MoneyError> {
    let mut at = 0;
    while at < months.len() {
        let month = &months[at];
        at += 1;
        let difference = month.rows.minus(month.invoices)?;
        let age = between(month.month.last_of_month(), today);
        if within(difference, month.rounding) || age <= INVOICED_DAYS {
            continue;
        }
        // Invoiced in this month and charged in the next: the next one has as much too much as this one lacks.
        if difference.is_negative()
            && let Some(next) = months.get(at)
            && between(month.month.last_of_month(), next.month) == 1
        {
            let both = difference.plus(next.rows.minus(next.invoices)?)?;
            if within(both, month.rounding.plus(next.rounding)?) {
                let cause = format!(
                    "{} of VAT was invoiced for {} and charged in the month after.",
                    difference.negated(),
                    name(month)
                );
                breaks.push(found(Code::FeeVatTiming, month, difference, cause).compare(month.invoices, month.rows));
                at += 1;
                continue;
            }
        }
        breaks.push(alone(month, difference, age));
    }
    Ok(())
}

fn alone(month: &FeeVatMonth, difference: Money, age: i64) -> Break {
    let (code, cause) = if month.numbers.is_empty() {
        let cause =
            format!("Fees of {} have VAT of {}, and there is no tax invoice for them.", name(month), month.rows);
        (Code::FeeInvoiceMissing, cause)
    } else if difference.is_negative() && age <= CHARGED_DAYS {
        let cause = format!(
            "{} of VAT of {} was invoiced and not charged yet, which may take until the {CHARGED_DAYS}th day of the next month.",
            difference.negated(),
            name(month)
        );
        (Code::FeeVatTiming, cause)
    } else if month.rows.is_zero() {
        let cause =
            format!("The tax invoices of {} have VAT of {}, and no fees were posted.", name(month), month.invoices);
        (Code::FeeRowsMissing, cause)
    } else {
        let cause = format!(
            "Fees of {} have VAT of {}, the tax invoices {}: more than rounding ({}) apart.",
            name(month),
            month.rows,
            month.invoices,
            month.rounding
        );
        (Code::FeeVatDiffers, cause)
    };
    // VAT that no invoice supports cannot be reclaimed; VAT that was invoiced and not posted is lost until it is.
    let lacks = Money::new(-difference.minor().abs(), difference.currency());
    found(code, month, lacks, cause).compare(month.invoices, month.rows)
}
