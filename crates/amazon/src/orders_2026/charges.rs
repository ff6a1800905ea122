//! The money of an order line in the Orders API 2026-01-01: breakdowns by type, taxes and discounts by subtype.
//!
//! Nothing is computed. A breakdown that does not add up, or that would have to be split by guessing, parks the order.

use model::{Charge, LineCharges, MarketplaceTax, PriceBasis, TaxScheme};
use money::Money;
use ports::Parked;

use super::wire;
use crate::read::{Amounts, bad, magnitude, missing, parked, unsupported_charge};

const BY_HAND: &str = "Compare the order with Seller Central; book it by hand if Amazon's figures stay as they are";

/// An amount of the wire.
pub(crate) fn amount(wire: Option<&wire::Money>, amounts: &mut Amounts, path: &str) -> Result<Money, Parked> {
    let wire = wire.ok_or_else(|| missing(path))?;
    amounts.read(wire.amount.as_ref(), wire.currency_code.as_ref(), path)
}

/// The line's charges, or `None` while Amazon states no price (pending orders).
pub(crate) fn line_charges(
    item: &wire::OrderItem,
    item_path: &str,
    amounts: &mut Amounts,
) -> Result<Option<LineCharges>, Parked> {
    let marketplace_tax = marketplace_tax(item, item_path)?;
    let Some(proceeds) = item.proceeds.as_ref().filter(|proceeds| !proceeds.breakdowns.as_slice().is_empty()) else {
        return Ok(None);
    };
    let path = format!("{item_path}.proceeds");
    let stated_total = match &proceeds.proceeds_total {
        Some(total) => Some(amount(Some(total), amounts, &format!("{path}.proceedsTotal"))?),
        None => None,
    };
    let parts = Parts::read(proceeds, &path, amounts)?;
    let zero = Money::zero(parts.item.currency());
    let taxes = parts.taxes(&path, zero)?;
    let charge = |amount: Money, tax: Option<Money>| Charge { amount, tax };
    Ok(Some(LineCharges {
        item: charge(parts.item, taxes.map(|taxes| taxes.item)),
        delivery: charge(parts.delivery, taxes.map(|taxes| taxes.delivery)),
        gift_wrap: charge(parts.gift_wrap, taxes.map(|taxes| taxes.gift_wrap)),
        item_discount: charge(parts.item_discount, taxes.map(|taxes| taxes.item_discount)),
        delivery_discount: charge(parts.delivery_discount, taxes.map(|taxes| taxes.delivery_discount)),
        stated_total,
        basis: PriceBasis::ByArithmetic,
        marketplace_tax,
    }))
}

struct Parts {
    item: Money,
    delivery: Money,
    gift_wrap: Money,
    item_discount: Money,
    delivery_discount: Money,
    tax: Option<Tax>,
}

struct Tax {
    total: Money,
    item: Option<Money>,
    delivery: Option<Money>,
    gift_wrap: Option<Money>,
    discount: Option<Money>,
}

#[derive(Clone, Copy)]
struct Taxes {
    item: Money,
    delivery: Money,
    gift_wrap: Money,
    item_discount: Money,
    delivery_discount: Money,
}

impl Parts {
    fn read(proceeds: &wire::ItemProceeds, path: &str, amounts: &mut Amounts) -> Result<Parts, Parked> {
        let (mut item, mut delivery, mut gift_wrap, mut discount, mut tax) = (None, None, None, None, None);
        for (index, part) in proceeds.breakdowns.as_slice().iter().enumerate() {
            let path = format!("{path}.breakdowns[{index}]");
            let kind = crate::read::required(part.r#type.as_ref(), &format!("{path}.type"))?;
            let subtotal = amount(part.subtotal.as_ref(), amounts, &format!("{path}.subtotal"))?;
            let twice = || bad(path.clone(), "the same kind of charge is listed twice");
            match kind {
                "ITEM" => once(&mut item, subtotal).ok_or_else(twice)?,
                "SHIPPING" => once(&mut delivery, subtotal).ok_or_else(twice)?,
                "GIFT_WRAP" => once(&mut gift_wrap, subtotal).ok_or_else(twice)?,
                "DISCOUNT" => once(&mut discount, discounts(part, subtotal, &path, amounts)?).ok_or_else(twice)?,
                "TAX" => once(&mut tax, taxes(part, subtotal, &path, amounts)?).ok_or_else(twice)?,
                // COD_FEE, OTHER and whatever comes: nothing to say as long as it is nothing.
                other if !subtotal.is_zero() => return Err(unsupported_charge(path, other)),
                _ => {}
            }
        }
        let item: Money = item.ok_or_else(|| missing(format!("{path}.breakdowns[?(@.type=='ITEM')]")))?;
        let zero = Money::zero(item.currency());
        let (item_discount, delivery_discount) = discount.unwrap_or((zero, zero));
        Ok(Parts {
            item,
            delivery: delivery.unwrap_or(zero),
            gift_wrap: gift_wrap.unwrap_or(zero),
            item_discount,
            delivery_discount,
            tax,
        })
    }

    /// The tax of each charge, if Amazon states tax at all.
    fn taxes(&self, path: &str, zero: Money) -> Result<Option<Taxes>, Parked> {
        let Some(tax) = &self.tax else { return Ok(None) };
        let nothing =
            Taxes { item: zero, delivery: zero, gift_wrap: zero, item_discount: zero, delivery_discount: zero };
        if let (None, None, None, None) = (tax.item, tax.delivery, tax.gift_wrap, tax.discount) {
            // Not split by Amazon: plain only where there is nothing to split.
            let alone = self.delivery.is_zero() && self.gift_wrap.is_zero();
            return if alone || tax.total.is_zero() {
                Ok(Some(Taxes { item: tax.total, ..nothing }))
            } else {
                let reason = "Amazon states one tax for several charges and does not say how it splits";
                Err(parked("tax_not_split", path, reason, BY_HAND))
            };
        }
        let discount = magnitude(tax.discount.unwrap_or(zero));
        // BEHAVIOR 6: one figure for the tax of all discounts of an item, which have one VAT class: it is shared by their amounts.
        let weights = [self.item_discount.minor().unsigned_abs(), self.delivery_discount.minor().unsigned_abs()];
        let shares = money::allocate(discount, &weights).unwrap_or_else(|_| vec![discount, zero]);
        Ok(Some(Taxes {
            item: tax.item.unwrap_or(zero),
            delivery: tax.delivery.unwrap_or(zero),
            gift_wrap: tax.gift_wrap.unwrap_or(zero),
            item_discount: shares[0],
            delivery_discount: shares[1],
        }))
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

/// Discount on goods and on delivery, as positive amounts.
fn discounts(
    part: &wire::ItemBreakdown,
    subtotal: Money,
    path: &str,
    amounts: &mut Amounts,
) -> Result<(Money, Money), Parked> {
    let zero = Money::zero(subtotal.currency());
    let (mut item, mut delivery, mut sum) = (zero, zero, zero);
    for (index, detail) in part.detailed_breakdowns.as_slice().iter().enumerate() {
        let path = format!("{path}.detailedBreakdowns[{index}]");
        let value = amount(detail.value.as_ref(), amounts, &format!("{path}.value"))?;
        sum = add(sum, value, &path)?;
        match crate::read::required(detail.subtype.as_ref(), &format!("{path}.subtype"))? {
            "ITEM" | "DISCOUNT" => item = add(item, magnitude(value), &path)?,
            "SHIPPING" => delivery = add(delivery, magnitude(value), &path)?,
            other if !value.is_zero() => return Err(unsupported_charge(path, &format!("DISCOUNT/{other}"))),
            _ => {}
        }
    }
    if part.detailed_breakdowns.as_slice().is_empty() {
        return Ok((magnitude(subtotal), zero));
    }
    if magnitude(sum) != magnitude(subtotal) {
        return Err(mismatch(path, "the parts of the discount do not sum to it"));
    }
    Ok((item, delivery))
}

fn taxes(part: &wire::ItemBreakdown, subtotal: Money, path: &str, amounts: &mut Amounts) -> Result<Tax, Parked> {
    let mut tax = Tax { total: subtotal, item: None, delivery: None, gift_wrap: None, discount: None };
    let zero = Money::zero(subtotal.currency());
    let (mut charged, mut lowered) = (zero, zero);
    for (index, detail) in part.detailed_breakdowns.as_slice().iter().enumerate() {
        let path = format!("{path}.detailedBreakdowns[{index}]");
        let value = amount(detail.value.as_ref(), amounts, &format!("{path}.value"))?;
        let subtype = crate::read::required(detail.subtype.as_ref(), &format!("{path}.subtype"))?;
        let slot = match subtype {
            "ITEM" => &mut tax.item,
            "SHIPPING" => &mut tax.delivery,
            "GIFT_WRAP" => &mut tax.gift_wrap,
            "DISCOUNT" => &mut tax.discount,
            other if !value.is_zero() => return Err(unsupported_charge(path, &format!("TAX/{other}"))),
            _ => continue,
        };
        once(slot, value).ok_or_else(|| bad(path.clone(), "the same kind of tax is listed twice"))?;
        let side = if subtype == "DISCOUNT" { &mut lowered } else { &mut charged };
        *side = add(*side, value, &path)?;
    }
    let net = add(charged, magnitude(lowered).negated(), path)?;
    // Whether the stated total already has the discount's tax taken off is not documented: either reading may hold.
    if !part.detailed_breakdowns.as_slice().is_empty() && subtotal != net && subtotal != charged {
        return Err(mismatch(path, "the parts of the tax do not sum to it"));
    }
    Ok(tax)
}

fn add(left: Money, right: Money, path: &str) -> Result<Money, Parked> {
    left.plus(right).map_err(|error| bad(path, error.to_string()))
}

fn mismatch(path: &str, reason: &str) -> Parked {
    parked("breakdown_mismatch", path, reason, BY_HAND)
}

/// Who remits the tax. Only a stated collection counts; a reporting scheme alone changes nothing.
fn marketplace_tax(item: &wire::OrderItem, path: &str) -> Result<Option<MarketplaceTax>, Parked> {
    let Some(tax) = &item.tax else { return Ok(None) };
    let mut collected = false;
    for (index, collection) in tax.tax_collections.as_slice().iter().enumerate() {
        let path = format!("{path}.tax.taxCollections[{index}].model");
        match crate::read::required(collection.model.as_ref(), &path)? {
            "MARKETPLACE_FACILITATOR" => collected = true,
            other => {
                return Err(bad(
                    path,
                    format!("the tax collection model `{}` is not known", crate::answer::cut(other, 40)),
                ));
            }
        }
    }
    if !collected {
        return Ok(None);
    }
    let mut scheme = None;
    for (index, calculation) in tax.tax_calculation_breakdowns.as_slice().iter().enumerate() {
        let path = format!("{path}.tax.taxCalculationBreakdowns[{index}].reportingScheme");
        scheme = tax_scheme(crate::read::filled(calculation.reporting_scheme.as_ref()), &path)?.or(scheme);
    }
    Ok(Some(MarketplaceTax { scheme }))
}

/// A reporting scheme by the name that both APIs use.
pub(crate) fn tax_scheme(name: Option<&str>, path: &str) -> Result<Option<TaxScheme>, Parked> {
    match name {
        None => Ok(None),
        Some("UOSS") => Ok(Some(TaxScheme::UnionOss)),
        Some("IOSS") => Ok(Some(TaxScheme::ImportOss)),
        Some(other) => Err(bad(path, format!("the reporting scheme `{}` is not known", crate::answer::cut(other, 40)))),
    }
}
