//! What the owner decided, as far as settlements need it besides the [`Policy`] of order sales: one truth, in one place.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Country;
use money::Money;
use rust_decimal::Decimal;

use super::supplier::Series;
use super::vocabulary::Vocabulary;
use crate::{Policy, VatScheme};

/// Everything that a settlement's documents depend on besides its rows and the [`super::Evidence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Seller, VAT classes, accounts, customers, rates: shared with order sales.
    pub policy: Policy,
    /// What a document stands for.
    pub mode: Mode,
    /// What rows mean.
    pub vocabulary: Vocabulary,
    /// How fees are posted; `None`: as bills on standard VAT, else as bank transactions.
    pub fees: Option<FeeForm>,
    /// Through which account documents are paid.
    pub method: Method,
    /// Where sales stand whose money is not released.
    pub deferred: DeferredOn,
    /// How a confirmed chargeback is posted.
    pub chargebacks: Chargebacks,
    /// Months, VAT periods, locks.
    pub periods: Periods,
    /// Which VAT journals are wanted.
    pub journals: VatJournals,
    /// Whether there is an establishment in the EU as well.
    pub eu_establishment: bool,
    /// Union One-Stop Shop, if registered.
    pub oss: Option<Oss>,
    /// Cost and place of stock.
    pub stock: Stock,
    /// Names of sites that the owner added, with their country.
    pub sites: BTreeMap<String, Country>,
    /// Suppliers that the owner named, by series of tax invoices.
    pub suppliers: BTreeMap<Series, SupplierChoice>,
    /// What lenders' statements say.
    pub loans: Vec<LoanSplit>,
    /// Whether pairs of lines that cancel are left out of sales documents.
    pub short_invoices: bool,
    /// Largest silent difference between Amazon's VAT and ours on a document, in minor units.
    pub vat_tolerance_minor: i64,
}

impl Rules {
    /// The documented defaults on top of `policy`.
    pub fn new(policy: Policy) -> Rules {
        Rules {
            policy,
            mode: Mode::PerOrder,
            vocabulary: Vocabulary::default(),
            fees: None,
            method: Method::Clearing,
            deferred: DeferredOn::OwnAccount,
            chargebacks: Chargebacks::CreditNote,
            periods: Periods::default(),
            journals: VatJournals::default(),
            eu_establishment: false,
            oss: None,
            stock: Stock::default(),
            sites: BTreeMap::new(),
            suppliers: BTreeMap::new(),
            loans: Vec::new(),
            short_invoices: false,
            vat_tolerance_minor: 5,
        }
    }

    /// How fees are posted under a scheme.
    pub(crate) fn fee_form(&self, scheme: VatScheme) -> FeeForm {
        self.fees.unwrap_or(if scheme.reclaims() { FeeForm::Bill } else { FeeForm::Bank })
    }
}

/// What a document stands for. All modes give the same ledger, to the penny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One invoice for each order and dispatch, one credit note for each refund event.
    PerOrder,
    /// One of each for a day, site, currency and tax class.
    Daily,
    /// One of each for a settlement, site and tax class, split at month ends.
    Settlement,
}

impl Mode {
    /// The word in mappings, commands and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::PerOrder => "per_order",
            Mode::Daily => "daily",
            Mode::Settlement => "settlement",
        }
    }
}

/// How fees are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeeForm {
    /// A bill of the right supplier.
    Bill,
    /// A bank transaction with VAT on the clearing account.
    Bank,
}

/// Through which account documents are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// The clearing account; the payout is a transfer.
    Clearing,
    /// Straight on the bank: only settlement mode, and only settlements without reserve, deferral, month end or foreign currency.
    DirectBank,
}

/// Where sales stand whose money is not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeferredOn {
    /// On an account of their own.
    OwnAccount,
    /// On the clearing account.
    Clearing,
}

/// How a confirmed chargeback is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chargebacks {
    /// A credit note.
    CreditNote,
    /// A bad debt; VAT only through bad-debt relief.
    BadDebt,
}

/// Months, VAT periods, locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periods {
    /// Whether documents are split at the ends of months (VAT periods of HMRC end with a month).
    pub split_months: bool,
    /// Ends of VAT periods that are no month ends, by arrangement with HMRC.
    pub vat_period_ends: Vec<Date>,
    /// Last day of the locked period.
    pub locked_until: Option<Date>,
}

impl Default for Periods {
    fn default() -> Periods {
        Periods { split_months: true, vat_period_ends: Vec::new(), locked_until: None }
    }
}

impl Periods {
    /// The last day of the segment that `day` belongs to, or `None` if nothing is split.
    pub(crate) fn segment_end(&self, day: Date) -> Option<Date> {
        let month = self.split_months.then(|| day.last_of_month());
        let period = self.vat_period_ends.iter().copied().filter(|end| *end >= day).min();
        [month, period].into_iter().flatten().min()
    }
}

/// Which VAT journals are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatJournals {
    /// Output and input VAT of services bought under reverse charge. Off where a flag of the books does it.
    pub reverse_charge: bool,
    /// The surplus of the flat-rate scheme. Off by default, because KashFlow has its own adjustment: never both.
    pub flat_rate: bool,
}

impl Default for VatJournals {
    fn default() -> VatJournals {
        VatJournals { reverse_charge: true, flat_rate: false }
    }
}

/// Union One-Stop Shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oss {
    /// First day of the registration; `None`: since ever.
    pub from: Option<Date>,
    /// Country of destination → its rate in per cent, where the rows state no tax.
    pub rates: BTreeMap<Country, Decimal>,
}

impl Oss {
    pub(crate) fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day)
    }
}

/// Cost and place of stock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Whether the books keep stock perpetually.
    pub perpetual: bool,
    /// SKU, or beginning of one followed by `*`, → cost of a unit in home currency, by the day it begins to hold.
    pub costs: BTreeMap<String, Vec<(Option<Date>, Money)>>,
    /// SKU, or beginning of one followed by `*`, → country in which its stock lies.
    pub places: BTreeMap<String, Country>,
}

impl Stock {
    /// Cost of a unit on a day.
    pub fn cost(&self, sku: &str, on: Date) -> Option<Money> {
        let costs = best(&self.costs, sku)?;
        costs
            .iter()
            .filter(|(from, _)| from.is_none_or(|from| from <= on))
            .max_by_key(|(from, _)| *from)
            .map(|(_, cost)| *cost)
    }

    /// Country in which the stock of a product lies.
    pub fn place(&self, sku: &str) -> Option<Country> {
        best(&self.places, sku).copied()
    }
}

/// The exact SKU, else the longest beginning that fits.
fn best<'a, T>(table: &'a BTreeMap<String, T>, sku: &str) -> Option<&'a T> {
    let prefix = || {
        let fitting = table.iter().filter_map(|(key, value)| Some((key.strip_suffix('*')?, value)));
        fitting.filter(|(begin, _)| sku.starts_with(begin)).max_by_key(|(begin, _)| begin.len()).map(|(_, value)| value)
    };
    table.get(sku).or_else(prefix)
}

/// A supplier that the owner named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplierChoice {
    /// Its code in the books, letters and digits.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// How one instalment divides, from the lender's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanSplit {
    /// Day of the instalment in Europe/London; `None`: any.
    pub on: Option<Date>,
    /// What repays the loan.
    pub principal: Money,
    /// What is interest.
    pub interest: Money,
}
