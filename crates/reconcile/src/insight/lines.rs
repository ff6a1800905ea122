//! [`EntryLine`]: one line of something posted, in the books' home currency, with what insight asks about.

use jiff::civil::Date;
use model::{DocumentKey, DocumentKind, Draft, ExchangeRate, NominalCode, VatRate};
use money::{Currency, Money, MoneyError};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What a posted line is. The owner's chart decides: an account of the books has a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryRole {
    /// Goods, delivery and gift wrap sold.
    Revenue,
    /// Given back to buyers.
    Refund,
    /// Promotions that the seller bears.
    Promotion,
    /// A fee of the marketplace.
    Fee(FeeGroup),
    /// Advertising.
    Advertising,
    /// Compensation and claims: no turnover.
    Reimbursement,
    /// Other income, for example the surplus of the flat-rate scheme.
    OtherIncome,
    /// Cost of the goods sold, stock adjustments.
    CostOfGoods,
    /// Any other cost.
    OtherCost,
    /// Moves a balance: bank, reserve, debtors, VAT, loan, suspense. In no profit and in no box.
    Balance,
}

/// Which fees belong together in a profit report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeGroup {
    /// Referral, closing, refund administration.
    Selling,
    /// Picking, packing, sending, prep.
    Fulfilment,
    /// Storage and removal.
    Storage,
    /// Getting goods to the marketplace.
    Inbound,
    /// Subscription, programmes, anything else.
    Other,
}

/// One posted line. Amounts are from the seller's side: income positive, cost negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// The document.
    pub document: DocumentKey,
    /// What it is.
    pub role: EntryRole,
    /// The account.
    pub nominal: NominalCode,
    /// Net in home currency.
    pub net: Money,
    /// VAT in home currency, with the sign of `net`.
    pub vat: Money,
    /// VAT rate.
    pub rate: VatRate,
    /// Whether it was bought (input VAT) or sold (output VAT).
    pub bought: bool,
    /// Whether it is a capital good, the only input VAT of the flat-rate scheme.
    pub capital: bool,
    /// The day in the books: the tax point, or the first open day after it.
    pub on: Date,
    /// The true tax point, if the period was locked.
    pub true_on: Option<Date>,
    /// The product, if it is of one.
    pub sku: Option<String>,
    /// The marketplace, empty if it is of none.
    pub marketplace: String,
    /// The order, if it is of one.
    pub order: Option<String>,
    /// Units sold (positive) or taken back (negative) by this line.
    pub units: i64,
}

/// Why a draft cannot be told in lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// An account has no role, so that leaving it out or guessing would make the figures wrong.
    #[error("account {0} of {1} has no role: say in the mapping what it is")]
    NoRole(NominalCode, DocumentKey),
    /// A document is in another currency and has no exchange rate.
    #[error("{0} is in {1} and has no exchange rate")]
    NoRate(DocumentKey, Currency),
    /// A sum failed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The lines of a draft, converted to `home`. `role_of` says what an account is, `marketplace` where it was sold.
///
/// A transfer and the payment of a document move balances and give no lines. Converting rounds each line half away from zero.
///
/// # Errors
///
/// [`LineError`].
pub fn entry_lines(
    draft: &Draft,
    home: Currency,
    marketplace: &str,
    role_of: impl Fn(NominalCode) -> Option<EntryRole>,
) -> Result<Vec<EntryLine>, LineError> {
    let key = draft.key().clone();
    let role = |nominal| role_of(nominal).ok_or_else(|| LineError::NoRole(nominal, key.clone()));
    let base = |nominal, net: Money, vat: Money, rate, bought| {
        Ok::<_, LineError>(EntryLine {
            role: role(nominal)?,
            document: key.clone(),
            nominal,
            net,
            vat,
            rate,
            bought,
            capital: false,
            on: draft.on(),
            true_on: None,
            sku: None,
            marketplace: marketplace.to_owned(),
            order: key.order().map(ToString::to_string),
            units: 0,
        })
    };
    let at = |amount, rate: &Option<ExchangeRate>| to_home(amount, rate.as_ref(), home, &key);
    match draft {
        Draft::Sales(sales) => {
            let back = matches!(key.kind, DocumentKind::Refund | DocumentKind::Reversal);
            let line = |line: &model::DraftLine| {
                let units = i64::from(line.units);
                Ok(EntryLine {
                    sku: line.sku.as_ref().map(|sku| sku.as_str().to_owned()),
                    units: if back { -units } else { units },
                    ..base(line.nominal, at(line.net, &sales.rate)?, at(line.vat, &sales.rate)?, line.vat_rate, false)?
                })
            };
            sales.lines.iter().map(line).collect()
        }
        Draft::Purchase(bill) => {
            let line = |line: &model::PurchaseLine| {
                let (net, vat) = (at(line.net, &bill.rate)?.negated(), at(line.vat, &bill.rate)?.negated());
                base(line.nominal, net, vat, line.vat_rate, true)
            };
            bill.lines.iter().map(line).collect()
        }
        Draft::Bank(bank) => {
            let vat = at(bank.vat, &bank.rate)?;
            let net = at(bank.amount, &bank.rate)?.minus(vat)?;
            let mut line = base(bank.nominal, net, vat, bank.vat_rate, false)?;
            line.bought = !matches!(
                line.role,
                EntryRole::Revenue | EntryRole::Refund | EntryRole::Promotion | EntryRole::OtherIncome
            );
            Ok(vec![line])
        }
        Draft::Journal(journal) => {
            let zero = Money::zero(home);
            let line = |line: &model::JournalLine| {
                base(line.nominal, at(line.amount, &None)?.negated(), zero, VatRate::OutsideScope, false)
            };
            journal.lines.iter().map(line).collect()
        }
        // Money between accounts of the balance sheet.
        Draft::Transfer(_) | Draft::Payment(_) | Draft::Allocation(_) => Ok(Vec::new()),
    }
}

fn to_home(amount: Money, rate: Option<&ExchangeRate>, home: Currency, key: &DocumentKey) -> Result<Money, LineError> {
    if amount.currency() == home {
        return Ok(amount);
    }
    let no_rate = || LineError::NoRate(key.clone(), amount.currency());
    let per_home = rate.map(|rate| rate.per_home).filter(|per_home| *per_home > Decimal::ZERO).ok_or_else(no_rate)?;
    let major = Decimal::from(amount.minor()) / Decimal::from(amount.currency().minor_per_major()) / per_home;
    let minor = (major * Decimal::from(home.minor_per_major()))
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .ok_or(MoneyError::TooLarge)?;
    Ok(Money::new(minor, home))
}
