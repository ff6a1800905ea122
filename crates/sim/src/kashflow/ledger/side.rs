//! The two sides of trade, which share routes, shapes and rules.

/// Who owes: a customer, or we.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Invoices to customers.
    Sales,
    /// Invoices of suppliers, which the vendor calls purchases.
    Purchases,
}
