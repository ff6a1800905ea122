//! What an account is, for a VAT return and a profit report: roles of `bookkeeping` in the words of `reconcile`.

use std::collections::BTreeMap;

use bookkeeping::Role;
use bookkeeping::settlement::Rules;
use model::NominalCode;
use reconcile::{EntryRole, FeeGroup};

/// The role of every account of a mapping.
pub(crate) struct Roles(BTreeMap<NominalCode, EntryRole>);

impl Roles {
    /// Of the accounts of some rules. An account with several roles has the first of them in the order of the chart: income and costs
    /// come before balances, so that no figure is lost from a report because an account is shared.
    pub(crate) fn of(rules: &Rules) -> Roles {
        let accounts = &rules.policy.accounts;
        let mut roles = BTreeMap::new();
        let clearing = rules.policy.invoices.payment.iter().flat_map(|payment| payment.accounts.values());
        roles.extend(clearing.map(|code| (*code, EntryRole::Balance)));
        let own = accounts.by_marketplace.values().chain(accounts.by_product.values());
        let tables: Vec<_> =
            std::iter::once(&accounts.general).chain(own).chain(accounts.by_currency.values()).collect();
        for role in Role::ALL {
            for code in tables.iter().filter_map(|table| table.get(role)) {
                roles.entry(*code).or_insert(entry_role(*role));
            }
        }
        Roles(roles)
    }

    /// What an account is; `None`: no role has it.
    pub(crate) fn get(&self, code: NominalCode) -> Option<EntryRole> {
        self.0.get(&code).copied()
    }
}

fn entry_role(role: Role) -> EntryRole {
    match role {
        Role::Sales
        | Role::SalesMkt
        | Role::SalesExport
        | Role::SalesOss
        | Role::SalesLiq
        | Role::ShipInc
        | Role::GiftInc => EntryRole::Revenue,
        Role::Promo => EntryRole::Promotion,
        // What is kept of a refund makes the refund smaller.
        Role::Refunds | Role::Restock => EntryRole::Refund,
        Role::Reimb | Role::Claims => EntryRole::Reimbursement,
        Role::OtherInc | Role::FrsSurplus => EntryRole::OtherIncome,
        Role::Cogs | Role::StockAdj => EntryRole::CostOfGoods,
        Role::Inbound => EntryRole::Fee(FeeGroup::Inbound),
        Role::FeeSell => EntryRole::Fee(FeeGroup::Selling),
        Role::FeeFba | Role::FeePrep | Role::Postage => EntryRole::Fee(FeeGroup::Fulfilment),
        Role::FeeStorage | Role::FeeRemoval => EntryRole::Fee(FeeGroup::Storage),
        Role::FeeSubs | Role::FeeOther | Role::PromoFee | Role::Epr => EntryRole::Fee(FeeGroup::Other),
        Role::Ads => EntryRole::Advertising,
        Role::Duty | Role::Goodwill | Role::Finchg | Role::LoanInt | Role::Fx | Role::Rounding | Role::BadDebt => {
            EntryRole::OtherCost
        }
        Role::Bank
        | Role::Reserve
        | Role::Deferred
        | Role::InterMkt
        | Role::Giftcard
        | Role::Stock
        | Role::Debtors
        | Role::Creditors
        | Role::VatOut
        | Role::VatIn
        | Role::VatLiab
        | Role::ImportVat
        | Role::MktTax
        | Role::OssVat
        | Role::TaxWithheld
        | Role::Loan
        | Role::Suspense => EntryRole::Balance,
    }
}
