//! What the owner decided, as the core needs it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{Country, NominalCode, PaymentMethodId, UkPart};
use money::Currency;

use crate::{Accounts, Rates, VatClass, VatHistory};

/// Everything that documents depend on besides the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who sells.
    pub seller: Seller,
    /// VAT class of each product.
    pub vat: VatClasses,
    /// How invoices look.
    pub invoices: InvoiceRules,
    /// Whom they are made out to.
    pub customers: CustomerRules,
    /// Where they are posted.
    pub accounts: Accounts,
    /// SKU → product of the books.
    pub products: BTreeMap<String, ProductLink>,
    /// Exchange rates.
    pub rates: Rates,
    /// What to do when the destination is not known.
    pub destination: DestinationRule,
    /// What the books offer.
    pub books: BooksFacts,
}

/// Who sells, as far as VAT cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    /// Where the seller is established.
    pub established: Country,
    /// How it accounts for UK VAT, since when.
    pub vat: VatHistory,
    /// Whether Amazon's VAT Calculation Service states the VAT of its sales.
    pub vcs: Vcs,
    /// The day since which `vcs` holds; before it the service was off.
    pub vcs_from: Option<Date>,
    /// Where goods start when the order does not say.
    pub ship_from: Country,
    /// Part of the UK where they start, if it is the UK.
    pub ship_from_part: UkPart,
    /// Home currency of the books.
    pub home: Currency,
    /// Whether export evidence is kept for every export; if not, each export asks for it.
    pub export_evidence_kept: bool,
}

impl Seller {
    /// Whether Amazon's VAT Calculation Service was on that day.
    pub fn vcs_on(&self, day: Date) -> Vcs {
        if self.vcs_from.is_some_and(|from| day < from) { Vcs::Off } else { self.vcs }
    }
}

/// Whether the marketplace states VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vcs {
    /// It does not; a stated tax is ignored unless the marketplace collects it.
    Off,
    /// It does: its figure is used, ours only compares.
    On,
    /// Use what is stated when something is stated.
    Detect,
}

/// VAT class by product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VatClasses {
    /// For products that are not listed. `None` parks them.
    pub default: Option<VatClass>,
    /// By exact SKU.
    pub by_sku: BTreeMap<String, VatClass>,
    /// By the beginning of the SKU; the longest wins.
    pub by_prefix: BTreeMap<String, VatClass>,
    /// By item of an order (`order/item`): goes before the SKU.
    pub by_order_line: BTreeMap<String, VatClass>,
}

impl VatClasses {
    /// The class of a product.
    pub fn of(&self, sku: Option<&str>) -> Option<VatClass> {
        self.of_sku(sku).or(self.default)
    }

    /// The class of one item of an order: its own, else its product's.
    pub fn of_line(&self, order: &str, line: &str, sku: Option<&str>) -> Option<VatClass> {
        self.of_order_line(order, line).or_else(|| self.of(sku))
    }

    /// What was decided for one item of an order.
    pub(crate) fn of_order_line(&self, order: &str, line: &str) -> Option<VatClass> {
        if self.by_order_line.is_empty() {
            return None;
        }
        self.by_order_line.get(&format!("{order}/{line}")).copied()
    }

    /// What was decided for a product or a group of products, without the default.
    pub(crate) fn of_sku(&self, sku: Option<&str>) -> Option<VatClass> {
        let sku = sku?;
        let longest_prefix = || {
            self.by_prefix
                .iter()
                .filter(|(prefix, _)| sku.starts_with(prefix.as_str()))
                .max_by_key(|(prefix, _)| prefix.len())
        };
        self.by_sku.get(sku).copied().or_else(|| longest_prefix().map(|(_, class)| *class))
    }
}

/// How invoices look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRules {
    /// When an order becomes an invoice.
    pub when: InvoiceWhen,
    /// What references begin with.
    pub prefix: String,
    /// Days from issue to due.
    pub due_days: u32,
    /// How they are paid; `None` leaves them open.
    pub payment: Option<PaymentRule>,
}

/// When an order becomes an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceWhen {
    /// On dispatch: the UK tax point for goods (VAT Notice 700 §14).
    Dispatch,
    /// As soon as payment is confirmed.
    Payment,
}

/// Into which account the marketplace's money goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRule {
    /// Clearing account of each currency, by its nominal code.
    pub accounts: BTreeMap<Currency, NominalCode>,
    /// Payment method.
    pub method: PaymentMethodId,
}

/// Whom invoices are made out to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRules {
    /// One for many buyers, or one for each.
    pub mode: CustomerMode,
    /// Beginning of the codes, letters and digits.
    pub code_prefix: String,
}

/// One customer for many buyers, or one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerMode {
    /// One for each marketplace, currency and VAT treatment; no buyer data.
    Shared,
    /// One for each buyer.
    PerBuyer,
}

/// A product of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLink {
    /// Its code there.
    pub code: String,
    /// Whether the books count its stock: then, and only for FBM, invoice lines carry it.
    pub stock_managed: bool,
}

/// What to do when the destination is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationRule {
    /// Park the order.
    Park,
    /// Take the marketplace's own country: the owner's decision, visible in the trace.
    MarketplaceCountry,
}

/// What the books offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BooksFacts {
    /// Currencies enabled on the account.
    pub currencies: BTreeSet<Currency>,
    /// Codes of products whose stock the books count.
    pub stock_products: BTreeSet<String>,
}
