//! Accounts by role: code addresses roles, the owner says which nominal code each has.

use std::collections::BTreeMap;

use model::NominalCode;
use money::Currency;
use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        /// What an amount is, as far as the chart of accounts cares. Clearing accounts are no role: each currency has its own, and
        /// [`crate::PaymentRule`] names them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Role] = &[$(Role::$name),*];

            /// The word in mappings.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Role::$name => $word,)*
                }
            }
        }
    };
}

roles! {
    /// Sales with the seller's own VAT.
    Sales = "SALES",
    /// Sales whose VAT the marketplace collects.
    SalesMkt = "SALES_MKT",
    /// Exports and sales outside the UK.
    SalesExport = "SALES_EXPORT",
    /// Sales under the EU One-Stop Shop.
    SalesOss = "SALES_OSS",
    /// Stock that the marketplace sold off.
    SalesLiq = "SALES_LIQ",
    /// Delivery charged to buyers.
    ShipInc = "SHIP_INC",
    /// Gift wrap charged to buyers.
    GiftInc = "GIFT_INC",
    /// Promotions borne by the seller.
    Promo = "PROMO",
    /// What buyers got back.
    Refunds = "REFUNDS",
    /// The part of a refund that was kept.
    Restock = "RESTOCK",
    /// Reimbursements for stock lost or damaged.
    Reimb = "REIMB",
    /// Compensation of claims.
    Claims = "CLAIMS",
    /// Other income.
    OtherInc = "OTHER_INC",
    /// VAT charged less the flat-rate percentage.
    FrsSurplus = "FRS_SURPLUS",
    /// Cost of goods sold.
    Cogs = "COGS",
    /// Stock lost, damaged, found.
    StockAdj = "STOCK_ADJ",
    /// Carriage to the marketplace's warehouses.
    Inbound = "INBOUND",
    /// Customs duty.
    Duty = "DUTY",
    /// Selling fees.
    FeeSell = "FEE_SELL",
    /// Fulfilment fees.
    FeeFba = "FEE_FBA",
    /// Preparation and labelling.
    FeePrep = "FEE_PREP",
    /// Storage.
    FeeStorage = "FEE_STORAGE",
    /// Removal and disposal.
    FeeRemoval = "FEE_REMOVAL",
    /// Subscription.
    FeeSubs = "FEE_SUBS",
    /// Fees without a role of their own.
    FeeOther = "FEE_OTHER",
    /// Advertising.
    Ads = "ADS",
    /// Coupons, deals, reviews.
    PromoFee = "PROMO_FEE",
    /// Postage and labels.
    Postage = "POSTAGE",
    /// Product compliance.
    Epr = "EPR",
    /// Compensation above the price.
    Goodwill = "GOODWILL",
    /// Charges of banks and lenders.
    Finchg = "FINCHG",
    /// Interest of a loan.
    LoanInt = "LOAN_INT",
    /// Exchange differences.
    Fx = "FX",
    /// Pennies of conversion.
    Rounding = "ROUNDING",
    /// Bad debts.
    BadDebt = "BAD_DEBT",
    /// The account that payouts arrive on.
    Bank = "BANK",
    /// What the marketplace holds back from a payout.
    Reserve = "RESERVE",
    /// Sales whose money is not released yet.
    Deferred = "DEFERRED",
    /// Debts moved between marketplaces of one account.
    InterMkt = "INTER_MKT",
    /// Payouts to a gift-card balance.
    Giftcard = "GIFTCARD",
    /// Stock.
    Stock = "STOCK",
    /// Control account of customers.
    Debtors = "DEBTORS",
    /// Control account of suppliers.
    Creditors = "CREDITORS",
    /// Output VAT.
    VatOut = "VAT_OUT",
    /// Input VAT.
    VatIn = "VAT_IN",
    /// What a VAT return leaves to pay.
    VatLiab = "VAT_LIAB",
    /// Import VAT.
    ImportVat = "IMPORT_VAT",
    /// Tax that the marketplace withheld although it is not its to collect: must come back to nil.
    MktTax = "MKT_TAX",
    /// VAT owed through the One-Stop Shop.
    OssVat = "OSS_VAT",
    /// Income tax withheld abroad.
    TaxWithheld = "TAX_WITHHELD",
    /// A loan of the marketplace.
    Loan = "LOAN",
    /// What waits for a person: must be nil at the end of a period.
    Suspense = "SUSPENSE",
}

impl Role {
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.as_str() == word)
    }

    /// Whether it is income from sales: what is posted there stands on a sales document.
    pub fn is_sales(self) -> bool {
        matches!(
            self,
            Role::Sales
                | Role::SalesMkt
                | Role::SalesExport
                | Role::SalesOss
                | Role::SalesLiq
                | Role::ShipInc
                | Role::GiftInc
                | Role::Promo
                | Role::Refunds
                | Role::Restock
        )
    }

    /// Whether its account is bank-type: money between two of them is a transfer.
    pub fn is_bank_type(self) -> bool {
        matches!(self, Role::Bank | Role::Reserve | Role::Deferred | Role::InterMkt | Role::Giftcard)
    }
}

/// Which nominal code a role has; a product's own wins over its marketplace's, that over its currency's, that over the general one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// For everything.
    pub general: BTreeMap<Role, NominalCode>,
    /// By the marketplace's short code (`DE`).
    pub by_marketplace: BTreeMap<String, BTreeMap<Role, NominalCode>>,
    /// By SKU.
    pub by_product: BTreeMap<String, BTreeMap<Role, NominalCode>>,
    /// By currency of the settlement.
    pub by_currency: BTreeMap<Currency, BTreeMap<Role, NominalCode>>,
    /// Names of accounts, for people where the books are not connected.
    pub names: BTreeMap<NominalCode, String>,
}

impl Accounts {
    /// The account of `role` for amounts in `currency` of a product on a marketplace.
    pub fn find(&self, role: Role, currency: Currency, marketplace: &str, sku: Option<&str>) -> Option<NominalCode> {
        let of_product = sku.and_then(|sku| self.by_product.get(sku)?.get(&role));
        let of_marketplace = || self.by_marketplace.get(marketplace)?.get(&role);
        let of_currency = || self.by_currency.get(&currency)?.get(&role);
        of_product.or_else(of_marketplace).or_else(of_currency).or_else(|| self.general.get(&role)).copied()
    }

    /// Code and name as a person reads them: `1250 Amazon clearing`.
    pub fn title(&self, code: NominalCode) -> String {
        match self.names.get(&code) {
            Some(name) => format!("{code} {name}"),
            None => code.to_string(),
        }
    }
}
