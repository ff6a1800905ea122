//! What is known besides the rows of the settlement. Every part may be missing: rows alone give documents too, with fewer checks.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::{Country, CustomerDraft, Order, SalesDraft};
use money::Money;

use crate::VatClass;

/// What is known besides the rows. Documents made from this very settlement are not evidence: leave them out, so that a replay gives
/// the same documents again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// By the marketplace's order id.
    pub orders: BTreeMap<String, KnownOrder>,
    /// The settlement before this one, of the same account and currency.
    pub earlier: Option<Earlier>,
    /// The line of the bank statement that is its payout.
    pub bank: Option<BankLine>,
    /// A person accepted that the rows lack this amount: it goes to suspense, and the rest posts.
    pub accepted_difference: Option<Money>,
}

/// What is known of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownOrder {
    /// Where the goods started.
    pub ship_from: Option<Country>,
    /// Where they went.
    pub ship_to: Option<Country>,
    /// Postcode area of the destination (`BT`, `JE`).
    pub ship_to_area: Option<String>,
    /// The customer that the order flow chose; `None`: one shared by all buyers of its kind.
    pub customer: Option<CustomerDraft>,
    /// VAT number of a business buyer, for the text of its invoice.
    pub buyer_vat_number: Option<String>,
    /// By the marketplace's id of the line; one under an empty id speaks for the whole order.
    pub lines: BTreeMap<String, KnownLine>,
    /// Finances says that its money was deferred.
    pub deferral: Option<Deferral>,
    /// Invoices that the order flow posted at dispatch. Rows are compared with them, and only a difference is posted.
    pub held: Vec<SalesDraft>,
    /// Units of each line that earlier settlements paid for.
    pub settled_units: BTreeMap<String, u32>,
    /// Invoices that the books hold for it: the next reference is the one after.
    pub invoices: u32,
    /// Refunds that the books hold for it.
    pub refunds: u32,
}

/// What is known of an order line: what was charged, and what was given back before this settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLine {
    /// What the buyer paid, with VAT, after promotions.
    pub gross: Money,
    /// The VAT of it that was posted.
    pub vat: Money,
    /// Its VAT class, if it is known.
    pub class: Option<VatClass>,
    /// What was refunded so far, above zero.
    pub refunded: Money,
    /// The VAT of that.
    pub refunded_vat: Money,
}

/// A deferred order: money that the marketplace pays only some days after delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deferral {
    /// Tax point: the day of dispatch, whatever day the rows carry.
    pub shipped_on: Option<Date>,
    /// The day on which it was released; `None`: not yet.
    pub released_on: Option<Date>,
}

/// The settlement before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its total.
    pub total: Money,
    /// What it held back, above zero; `None`: not known.
    pub reserve: Option<Money>,
    /// Balance of the clearing account after it, in the currency of the clearing account.
    pub clearing: Option<Money>,
}

/// The line of a bank statement that is the payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// What arrived, in the currency in which it arrived.
    pub amount: Money,
    /// When.
    pub on: Date,
}

impl From<&Order> for KnownOrder {
    fn from(order: &Order) -> KnownOrder {
        KnownOrder {
            ship_from: order.ship_from,
            ship_to: order.ship_to,
            ship_to_area: order.ship_to_area.clone(),
            buyer_vat_number: order.buyer.as_ref().and_then(|buyer| buyer.vat_number.clone()),
            ..KnownOrder::default()
        }
    }
}
