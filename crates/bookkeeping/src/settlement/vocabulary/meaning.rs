//! What a row means: its category, where it belongs, how VAT falls on it.

use crate::Role;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$item])* $variant,)*
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word in the vocabulary.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}

words! {
    /// Whose vocabulary it is: each source names things its own way.
    Source {
        /// Settlement reports (flat file V2; V1 and XML are read into its words).
        SettlementV2 = "settlement_v2",
        /// Finances API v0.
        FinancesV0 = "finances_v0",
        /// Finances API 2024-06-19.
        Finances2024 = "finances_2024",
        /// Payments (date-range) report.
        DateRange = "date_range",
    }
}

words! {
    /// What a row is about.
    Category {
        /// Price of goods.
        RevenueProduct = "revenue_product",
        /// Delivery charged.
        RevenueShipping = "revenue_shipping",
        /// Gift wrap charged.
        RevenueGiftwrap = "revenue_giftwrap",
        /// Other charges to the buyer.
        RevenueOther = "revenue_other",
        /// Stock that the marketplace sold off.
        RevenueLiquidation = "revenue_liquidation",
        /// Tax of another row.
        TaxComponent = "tax_component",
        /// Tax that the marketplace collects itself.
        MarketplaceTax = "marketplace_tax",
        /// Discount on goods.
        PromoDiscount = "promo_discount",
        /// Discount on delivery.
        PromoDiscountShipping = "promo_discount_shipping",
        /// Discount taken back with a refund.
        PromoDiscountRefund = "promo_discount_refund",
        /// Price of goods given back.
        RefundProduct = "refund_product",
        /// Delivery given back, or return postage.
        RefundShipping = "refund_shipping",
        /// Gift wrap given back.
        RefundGiftwrap = "refund_giftwrap",
        /// Goodwill of the seller.
        RefundGoodwill = "refund_goodwill",
        /// Part of a refund that the seller keeps.
        RefundRestocking = "refund_restocking",
        /// Money taken back by the buyer's bank.
        Chargeback = "chargeback",
        /// A claim that the marketplace granted the buyer.
        AtozClaim = "atoz_claim",
        /// A claim that the marketplace gave back to the seller.
        AtozRecovery = "atoz_recovery",
        /// Selling fee.
        SellingFee = "selling_fee",
        /// Selling fee given back.
        SellingFeeRefund = "selling_fee_refund",
        /// Fulfilment fee.
        FbaFee = "fba_fee",
        /// Preparation fee.
        PrepFee = "prep_fee",
        /// Storage fee.
        StorageFee = "storage_fee",
        /// Removal fee.
        RemovalFee = "removal_fee",
        /// Carriage to the warehouse.
        InboundFee = "inbound_fee",
        /// Customs duty.
        ImportDuty = "import_duty",
        /// Subscription.
        Subscription = "subscription",
        /// Other fee.
        OtherFee = "other_fee",
        /// Advertising.
        Advertising = "advertising",
        /// Coupons, deals, reviews.
        PromoProgramme = "promo_programme",
        /// Postage label.
        ShippingLabel = "shipping_label",
        /// Product compliance.
        ComplianceFee = "compliance_fee",
        /// Reimbursement for stock.
        Reimbursement = "reimbursement",
        /// Reimbursement taken back.
        ReimbursementReversal = "reimbursement_reversal",
        /// Compensation of a SAFE-T claim.
        Safet = "safet",
        /// Other income.
        OtherIncome = "other_income",
        /// Bad debt.
        OtherBadDebt = "other_bad_debt",
        /// VAT of commingled stock.
        ComminglingVat = "commingling_vat",
        /// Tax of an earlier order, corrected.
        TaxReclassification = "tax_reclassification",
        /// Income tax withheld abroad.
        TaxWithheld = "tax_withheld",
        /// Tax on a fee of the report by columns.
        TaxOnFee = "tax_on_fee",
        /// Held back from this payout.
        ReserveHold = "reserve_hold",
        /// Held back before, paid now.
        ReserveRelease = "reserve_release",
        /// Closing debt of the settlement before.
        BalanceForward = "balance_forward",
        /// The marketplace charged card or bank.
        TransferIn = "transfer_in",
        /// Paid out.
        TransferOut = "transfer_out",
        /// A payout that came back.
        TransferFailed = "transfer_failed",
        /// Loan of the marketplace.
        Loan = "loan",
        /// Debt moved between marketplaces.
        CrossAccount = "cross_account",
        /// Paid to the seller by another way.
        OtherClearing = "other_clearing",
        /// Anything else.
        Other = "other",
        /// Node of a tree whose leaves are posted.
        GroupNode = "group_node",
        /// A second view of what is posted elsewhere.
        DuplicateView = "duplicate_view",
    }
}

words! {
    /// How VAT falls on a row (accounting rules §17).
    VatCode {
        /// Output VAT at the class of the item.
        OutGoods = "OUT_GOODS",
        /// Reduction of it.
        OutGoodsContra = "OUT_GOODS_CONTRA",
        /// VAT part of another row: folded in, never posted alone.
        TaxComponent = "TAX_COMPONENT",
        /// Collected by the marketplace: cancels against the tax component.
        MktTaxPass = "MKT_TAX_PASS",
        /// Input VAT of 20 % contained; before August 2024 reverse charge.
        InStd20 = "IN_STD20",
        /// 20 % within the UK, 0 % otherwise; before August 2024 reverse charge.
        InFbaSplit = "IN_FBA_SPLIT",
        /// 20 % on UK advertising, reverse charge on EU advertising.
        InAds = "IN_ADS",
        /// Net row of a fee whose VAT has a row of its own.
        InTwoRow = "IN_TWO_ROW",
        /// That VAT.
        InTwoRowTax = "IN_TWO_ROW_TAX",
        /// Zero-rated export.
        ZeroExport = "ZERO_EXPORT",
        /// No VAT, no box.
        OutsideScope = "OUTSIDE_SCOPE",
        /// Balance-sheet movement.
        NoVatBs = "NO_VAT_BS",
        /// A person confirms the treatment once; before that it waits on suspense.
        Review = "REVIEW",
        /// Not expected in UK and EU accounts: reviewed if seen.
        NaUk = "NA_UK",
        /// Node of a tree: never posted.
        IgnoreParent = "IGNORE_PARENT",
        /// Duplicate view: never posted.
        IgnoreDup = "IGNORE_DUP",
        /// The owner's rule: 0 % purchase.
        InZero = "IN_ZERO",
        /// The owner's rule: reverse charge whatever the day.
        InReverse = "IN_REVERSE",
        /// The owner's rule: sale with 20 % contained.
        OutStd20 = "OUT_STD20",
    }
}

/// Where a row is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The account of a role.
    Role(Role),
    /// The clearing account itself: nothing moves.
    Clearing,
    /// With the row it belongs to.
    Parent,
    /// Nowhere.
    None,
}

impl Place {
    /// Reads the word of the vocabulary.
    pub(super) fn parse(word: &str) -> Option<Place> {
        match word {
            "CLEARING" => Some(Place::Clearing),
            "PARENT" => Some(Place::Parent),
            "" => Some(Place::None),
            word => Role::parse(word).map(Place::Role),
        }
    }

    /// Its role, if it has one.
    pub fn role(self) -> Option<Role> {
        match self {
            Place::Role(role) => Some(role),
            Place::Clearing | Place::Parent | Place::None => None,
        }
    }
}

/// What a row does to stock that the books keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StockMove {
    /// Nothing.
    None,
    /// Units are gone.
    Out,
    /// Units were found.
    In,
}

/// What a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What it is about.
    pub category: Category,
    /// Where it is posted.
    pub place: Place,
    /// How VAT falls on it.
    pub vat: VatCode,
    /// What it does to stock.
    pub stock: StockMove,
    /// Whether the owner's own rule says so.
    pub own: bool,
}
