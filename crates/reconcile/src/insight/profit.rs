//! Profit by product, marketplace and month. Its total is the sum of all lines that are no balance: it ties to the ledger.

use std::collections::BTreeMap;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError, allocate};
use serde::{Deserialize, Serialize};

use super::lines::{EntryLine, EntryRole, FeeGroup};

/// How advertising that names no product is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdRule {
    /// It stays with no product.
    Apart,
    /// By revenue, within its marketplace and month, to the penny (largest remainder).
    ByRevenue,
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProfitKey {
    /// First day of the month.
    pub month: Date,
    /// The marketplace, empty if it is of none.
    pub marketplace: String,
    /// The product; none for what belongs to no product.
    pub sku: Option<String>,
}

/// One row. Costs are negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfitRow {
    /// Units sold less units taken back.
    pub units: i64,
    /// Revenue, net of VAT.
    pub revenue: Money,
    /// Refunds.
    pub refunds: Money,
    /// Promotions.
    pub promotions: Money,
    /// Fees by group.
    pub fees: BTreeMap<FeeGroup, Money>,
    /// Advertising, shared out as asked.
    pub advertising: Money,
    /// Reimbursements and other income.
    pub other_income: Money,
    /// Cost of goods.
    pub cost_of_goods: Money,
    /// Other costs.
    pub other_costs: Money,
    /// What is left.
    pub margin: Money,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profit {
    /// Rows by month, marketplace and product.
    pub rows: BTreeMap<ProfitKey, ProfitRow>,
    /// Their sum.
    pub total: ProfitRow,
}

impl ProfitRow {
    fn zero(currency: Currency) -> ProfitRow {
        let zero = Money::zero(currency);
        ProfitRow {
            units: 0,
            revenue: zero,
            refunds: zero,
            promotions: zero,
            fees: BTreeMap::new(),
            advertising: zero,
            other_income: zero,
            cost_of_goods: zero,
            other_costs: zero,
            margin: zero,
        }
    }

    fn add(&mut self, role: EntryRole, net: Money, units: i64) -> Result<(), MoneyError> {
        let zero = Money::zero(net.currency());
        let sum = match role {
            EntryRole::Revenue => &mut self.revenue,
            EntryRole::Refund => &mut self.refunds,
            EntryRole::Promotion => &mut self.promotions,
            EntryRole::Fee(group) => self.fees.entry(group).or_insert(zero),
            EntryRole::Advertising => &mut self.advertising,
            EntryRole::Reimbursement | EntryRole::OtherIncome => &mut self.other_income,
            EntryRole::CostOfGoods => &mut self.cost_of_goods,
            EntryRole::OtherCost => &mut self.other_costs,
            EntryRole::Balance => return Ok(()),
        };
        *sum = sum.plus(net)?;
        self.margin = self.margin.plus(net)?;
        self.units += units;
        Ok(())
    }
}

/// Profit of the lines, all in one currency.
///
/// # Errors
///
/// [`MoneyError`] if lines are in different currencies or a sum does not fit.
pub fn profit(lines: &[EntryLine], home: Currency, ads: AdRule) -> Result<Profit, MoneyError> {
    let mut rows: BTreeMap<ProfitKey, ProfitRow> = BTreeMap::new();
    let mut total = ProfitRow::zero(home);
    for line in lines.iter().filter(|line| line.role != EntryRole::Balance) {
        let key =
            ProfitKey { month: line.on.first_of_month(), marketplace: line.marketplace.clone(), sku: line.sku.clone() };
        // A line given back or discounted counts no units of its own: its goods line does.
        let units = if matches!(line.role, EntryRole::Revenue | EntryRole::Refund) { line.units } else { 0 };
        rows.entry(key).or_insert_with(|| ProfitRow::zero(home)).add(line.role, line.net, units)?;
        total.add(line.role, line.net, units)?;
    }
    if ads == AdRule::ByRevenue {
        share_out(&mut rows, home)?;
    }
    Ok(Profit { rows, total })
}

/// Moves the advertising of no product to the products of its marketplace and month.
fn share_out(rows: &mut BTreeMap<ProfitKey, ProfitRow>, home: Currency) -> Result<(), MoneyError> {
    let apart: Vec<ProfitKey> = rows
        .iter()
        .filter(|(key, row)| key.sku.is_none() && !row.advertising.is_zero())
        .map(|(key, _)| key.clone())
        .collect();
    for key in apart {
        let sold: Vec<(ProfitKey, u64)> = rows
            .iter()
            .filter(|(other, _)| {
                other.sku.is_some() && (other.month, &other.marketplace) == (key.month, &key.marketplace)
            })
            .map(|(other, row)| (other.clone(), u64::try_from(row.revenue.minor()).unwrap_or(0)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        let weights: Vec<u64> = sold.iter().map(|(_, weight)| *weight).collect();
        let Some(spent) = rows.get(&key).map(|row| row.advertising) else { continue };
        // Where nothing was sold there is nothing to share by: it stays apart.
        let Ok(shares) = allocate(spent, &weights) else { continue };
        for ((other, _), share) in sold.into_iter().zip(shares) {
            rows.entry(other).or_insert_with(|| ProfitRow::zero(home)).add(EntryRole::Advertising, share, 0)?;
        }
        if let Some(row) = rows.get_mut(&key) {
            row.add(EntryRole::Advertising, spent.negated(), 0)?;
        }
    }
    Ok(())
}
