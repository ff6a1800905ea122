//! The fee audit: what the marketplace should have charged by its rate card, against what it charged.
//!
//! Only what was charged too much, twice, without reason, or not given back is a finding: each is a break with the sum and the claim. The
//! rate card is data of the owner ([`FeeTable`]); where it has no entry for a product nothing is expected and nothing is found.

mod losses;
mod refunds;
mod sales;
mod table;
mod vat;

use jiff::civil::Date;
use money::{Money, MoneyError};

pub use losses::{Loss, Reimbursed};
pub use table::{Band, FEES_AMAZON_UK, FeeTable, Referral, Size, SizeTier};
pub use vat::{FeeVat, FeeVatMonth, FeeVatReconciliation, TaxInvoice, reconcile_fee_vat};

use crate::breaks::{self, Break};

/// Which fee a charge is. The marketplace's own words are translated by the caller (`Commission` is the referral fee).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeeKind<'a> {
    /// Share of the price.
    Referral,
    /// Picking, packing and sending one unit.
    Fulfilment,
    /// What the marketplace keeps of the referral fee when it refunds.
    RefundAdministration,
    /// Any other fee, by a stable name.
    Other(&'a str),
}

/// One charge of a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge<'a> {
    /// An id, for example settlement and line.
    pub id: &'a str,
    /// Which fee.
    pub kind: FeeKind<'a>,
    /// Its amount, VAT included; a charge is negative.
    pub amount: Money,
    /// The shipment or refund it is for, empty if it is not said.
    pub event: &'a str,
}

/// A line of an order with everything that was charged for its sale.
#[derive(Clone, Copy, Debug)]
pub struct SoldLine<'a> {
    /// The order.
    pub order: &'a str,
    /// The line.
    pub line: &'a str,
    /// The product.
    pub sku: &'a str,
    /// Its category in the rate card, empty if unknown.
    pub category: &'a str,
    /// Its size and weight as they should be charged, if known.
    pub size: Option<Size>,
    /// Whether the marketplace sends it.
    pub by_marketplace: bool,
    /// Whether the whole line was cancelled before dispatch.
    pub cancelled: bool,
    /// Units.
    pub quantity: i64,
    /// What the buyer paid, tax and delivery included.
    pub price: Money,
    /// Day of the sale.
    pub on: Date,
    /// What was charged for the sale.
    pub charges: &'a [Charge<'a>],
}

/// One refund of an order line.
#[derive(Clone, Copy, Debug)]
pub struct RefundedLine<'a> {
    /// The order.
    pub order: &'a str,
    /// The refund event.
    pub event: &'a str,
    /// What the buyer paid for the line.
    pub price: Money,
    /// What was given back, positive.
    pub refunded: Money,
    /// The referral fee that was charged for the sale, negative.
    pub referral_charged: Money,
    /// What of it was given back, positive.
    pub referral_returned: Money,
    /// The refund administration fee, negative or zero.
    pub administration: Money,
    /// Day of the refund.
    pub on: Date,
}

/// Everything that is audited.
#[derive(Clone, Copy, Debug)]
pub struct FeeFacts<'a> {
    /// Lines that were sold.
    pub sold: &'a [SoldLine<'a>],
    /// Refunds.
    pub refunded: &'a [RefundedLine<'a>],
    /// Units that the marketplace lost or damaged.
    pub losses: &'a [Loss<'a>],
    /// Units that it paid for or found again.
    pub reimbursed: &'a [Reimbursed<'a>],
}

/// Audits fees against the rate cards: of several the one that holds on the day counts.
///
/// # Errors
///
/// [`MoneyError`] if amounts of one line are in different currencies or a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Charge, Code, FEES_AMAZON_UK, FeeFacts, FeeKind, FeeTable, SoldLine, audit_fees};
///
/// let table: FeeTable = toml::from_str(FEES_AMAZON_UK).unwrap();
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let charge = |minor| [Charge { id: "1-GBP/7", kind: FeeKind::Referral, amount: gbp(minor), event: "" }];
/// let line = |charges| SoldLine {
///     order: "203-1", line: "a", sku: "MUG", category: "home", size: None, by_marketplace: false, cancelled: false,
///     quantity: 1, price: gbp(24_00), on: "2025-11-05".parse().unwrap(), charges,
/// };
/// let today = "2025-12-01".parse().unwrap();
/// // 15.3 % of 24.00 is 3.67, with VAT 4.40.
/// let (right, wrong) = (charge(-4_40), charge(-5_00));
/// let sold = [line(&right)];
/// let facts = FeeFacts { sold: &sold, refunded: &[], losses: &[], reimbursed: &[] };
/// assert!(audit_fees(&facts, &[table.clone()], today)?.is_empty());
/// let breaks = audit_fees(&FeeFacts { sold: &[line(&wrong)], ..facts }, &[table], today)?;
/// assert_eq!((breaks[0].code, breaks[0].amount), (Code::ReferralFeeDiffers, gbp(-60)));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn audit_fees(facts: &FeeFacts<'_>, tables: &[FeeTable], today: Date) -> Result<Vec<Break>, MoneyError> {
    let mut breaks = Vec::new();
    for line in facts.sold {
        sales::check(line, FeeTable::on(tables, line.on, line.price.currency()), &mut breaks)?;
    }
    for refund in facts.refunded {
        refunds::check(refund, FeeTable::on(tables, refund.on, refund.price.currency()), &mut breaks)?;
    }
    losses::check(facts.losses, facts.reimbursed, today, &mut breaks)?;
    breaks::sort(&mut breaks);
    Ok(breaks)
}
