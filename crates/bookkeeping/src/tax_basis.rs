//! From what a marketplace states to gross and VAT: the classic 20 % error lives here.
//!
//! Three conventions meet: prices with tax inside (UK and EU, Orders v0 and reports), prices with tax on top (US), and Orders
//! 2026-01-01, where only arithmetic tells: the line's stated total fits with the taxes added, or without.

use model::{Charge, LineCharges, PriceBasis};
use money::{Money, MoneyError};

use crate::Problem;

/// A charge as the buyer paid it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    /// With tax.
    pub(crate) gross: Money,
    /// The tax that the marketplace states for it.
    pub(crate) stated_tax: Option<Money>,
}

/// The parts of an order line as the buyer paid them. Discounts are negative here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PaidLine {
    pub(crate) item: Paid,
    pub(crate) delivery: Paid,
    pub(crate) gift_wrap: Paid,
    pub(crate) item_discount: Paid,
    pub(crate) delivery_discount: Paid,
}

/// Decides the basis of a line and applies it.
pub(crate) fn paid(charges: &LineCharges, path: &str) -> Result<PaidLine, Problem> {
    let exclusive = is_exclusive(charges, path)?;
    let of = |charge: Charge, negative: bool| -> Result<Paid, Problem> {
        let gross = match charge.tax {
            Some(tax) if exclusive => charge.amount.plus(tax).map_err(|error| Problem::arithmetic(path, &error))?,
            _ => charge.amount,
        };
        Ok(if negative {
            Paid { gross: gross.negated(), stated_tax: charge.tax.map(Money::negated) }
        } else {
            Paid { gross, stated_tax: charge.tax }
        })
    };
    Ok(PaidLine {
        item: of(charges.item, false)?,
        delivery: of(charges.delivery, false)?,
        gift_wrap: of(charges.gift_wrap, false)?,
        item_discount: of(charges.item_discount, true)?,
        delivery_discount: of(charges.delivery_discount, true)?,
    })
}

fn is_exclusive(charges: &LineCharges, path: &str) -> Result<bool, Problem> {
    match charges.basis {
        PriceBasis::Inclusive => Ok(false),
        PriceBasis::Exclusive => Ok(true),
        PriceBasis::ByArithmetic => by_arithmetic(charges, path),
    }
}

fn by_arithmetic(charges: &LineCharges, path: &str) -> Result<bool, Problem> {
    let (prices, taxes) = totals(charges).map_err(|error| Problem::arithmetic(path, &error))?;
    if taxes.is_zero() {
        return match charges.stated_total {
            Some(total) if total != prices => Err(unclear(path, prices, taxes, Some(total))),
            _ => Ok(false),
        };
    }
    let with_taxes = prices.plus(taxes).map_err(|error| Problem::arithmetic(path, &error))?;
    match charges.stated_total {
        Some(total) if total == with_taxes => Ok(true),
        Some(total) if total == prices => Ok(false),
        total => Err(unclear(path, prices, taxes, total)),
    }
}

/// Sum of prices less discounts, and of their taxes.
fn totals(charges: &LineCharges) -> Result<(Money, Money), MoneyError> {
    let currency = charges.item.amount.currency();
    let (mut prices, mut taxes) = (Money::zero(currency), Money::zero(currency));
    for charge in [charges.item, charges.delivery, charges.gift_wrap] {
        prices = prices.plus(charge.amount)?;
        taxes = taxes.plus(charge.tax.unwrap_or(Money::zero(currency)))?;
    }
    for charge in [charges.item_discount, charges.delivery_discount] {
        prices = prices.minus(charge.amount)?;
        taxes = taxes.minus(charge.tax.unwrap_or(Money::zero(currency)))?;
    }
    Ok((prices, taxes))
}

fn unclear(path: &str, prices: Money, taxes: Money, total: Option<Money>) -> Problem {
    let total = total.map_or_else(|| "no total".to_owned(), |total| format!("a total of {total}"));
    Problem::new(
        "tax_basis_unclear",
        format!("{path}.charges"),
        format!(
            "Amazon states prices of {prices}, taxes of {taxes} and {total}: neither reading (tax inside or on top) fits, so the VAT would be a guess. Nothing is posted for this order."
        ),
        "Compare the order in Seller Central. If its amounts are right, report this case; it can be posted by hand meanwhile.",
    )
}
