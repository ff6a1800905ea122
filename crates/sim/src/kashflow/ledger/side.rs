//! The two sides of trade, which share routes, shapes and rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Index, IndexMut};

use rust_decimal::Decimal;

use super::{BulkPayment, Contacts, Invoices, Ledger};
use crate::kashflow::chart;

/// Who owes: a customer, or we.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Invoices to customers.
    Sales,
    /// Invoices of suppliers, which the vendor calls purchases.
    Purchases,
}

/// What one side consists of.
#[derive(Default)]
pub struct Trade {
    /// Customers or suppliers.
    pub(in crate::kashflow) contacts: Contacts,
    /// Invoices and credit notes.
    pub(in crate::kashflow) invoices: Invoices,
    /// Bulk payments by number.
    pub(in crate::kashflow) bulk: BTreeMap<i64, BulkPayment>,
    /// Bank transactions with money on account, by the contact whose money it is.
    pub(super) advances: HashMap<i64, BTreeSet<i64>>,
}

impl Side {
    /// Both.
    pub const BOTH: [Side; 2] = [Side::Sales, Side::Purchases];

    /// The nominal code of what is owed: debtors or creditors.
    pub fn control(self) -> i64 {
        match self {
            Side::Sales => chart::DEBTORS,
            Side::Purchases => chart::CREDITORS,
        }
    }

    /// The nominal code of its VAT.
    pub fn vat_control(self) -> i64 {
        match self {
            Side::Sales => chart::OUTPUT_VAT,
            Side::Purchases => chart::INPUT_VAT,
        }
    }

    /// 1 where a positive document is a debit of its control account and its payment money in, else -1.
    pub fn sign(self) -> Decimal {
        match self {
            Side::Sales => Decimal::ONE,
            Side::Purchases => Decimal::NEGATIVE_ONE,
        }
    }

    /// What a document is called in messages.
    pub fn document(self) -> &'static str {
        match self {
            Side::Sales => "invoice",
            Side::Purchases => "purchase",
        }
    }

    /// What a contact is called in messages.
    pub fn contact(self) -> &'static str {
        match self {
            Side::Sales => "customer",
            Side::Purchases => "supplier",
        }
    }

    /// The route of its documents.
    pub fn route(self) -> &'static str {
        match self {
            Side::Sales => "invoices",
            Side::Purchases => "purchases",
        }
    }

    /// The route of its contacts.
    pub fn contact_route(self) -> &'static str {
        match self {
            Side::Sales => "customers",
            Side::Purchases => "suppliers",
        }
    }
}

impl Index<Side> for Ledger {
    type Output = Trade;

    fn index(&self, side: Side) -> &Trade {
        match side {
            Side::Sales => &self.sales,
            Side::Purchases => &self.purchases,
        }
    }
}

impl IndexMut<Side> for Ledger {
    fn index_mut(&mut self, side: Side) -> &mut Trade {
        match side {
            Side::Sales => &mut self.sales,
            Side::Purchases => &mut self.purchases,
        }
    }
}
