//! The roles that accounts are addressed by, with a chart that a bookkeeper may start from.
//!
//! The chart is a suggestion: offline it stands in for accounts that a profile leaves out, in live books it is never used, because
//! there a code that the owner did not choose would be a guess. `bookkeeping` has the same roles as a type; a test in `flow` keeps
//! the two alike.

/// A role that an account plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The word in a mapping.
    pub word: &'static str,
    /// Suggested nominal code.
    pub code: u32,
    /// Suggested name.
    pub name: &'static str,
    /// What is posted there.
    pub meaning: &'static str,
}

const fn role(word: &'static str, code: u32, name: &'static str, meaning: &'static str) -> Role {
    Role { word, code, name, meaning }
}

/// Every role, in the order of the suggested chart.
pub const ROLES: &[Role] = &[
    role("SALES", 4000, "Amazon sales", "goods sold with your own VAT, or without VAT if you are not registered"),
    role("SALES_MKT", 4010, "Amazon sales, VAT collected by Amazon", "goods whose VAT Amazon pays to HMRC"),
    role("SALES_EXPORT", 4020, "Amazon sales, exports", "zero-rated exports and goods that never were in the UK"),
    role("SALES_OSS", 4025, "Amazon sales, EU OSS", "goods declared through the EU One-Stop Shop"),
    role("SALES_LIQ", 4030, "Amazon liquidation sales", "stock that Amazon sold off for you"),
    role("SHIP_INC", 4050, "Amazon delivery income", "delivery that buyers paid"),
    role("GIFT_INC", 4055, "Amazon gift-wrap income", "gift wrap that buyers paid"),
    role("PROMO", 4060, "Amazon promotional discounts", "promotions and coupons that you bear"),
    role("REFUNDS", 4070, "Amazon refunds", "what buyers got back"),
    role("RESTOCK", 4080, "Amazon restocking fees retained", "the part of a refund that you kept"),
    role("REIMB", 4930, "Amazon FBA reimbursements", "what Amazon paid for stock it lost or damaged"),
    role("CLAIMS", 4940, "Amazon SAFE-T and claim compensation", "what Amazon or a carrier paid on a claim"),
    role("OTHER_INC", 4950, "Other Amazon income", "rewards and other receipts"),
    role("FRS_SURPLUS", 4960, "Flat-rate scheme surplus", "VAT charged less the flat-rate percentage"),
    role("COGS", 5000, "Cost of goods sold", "cost of the goods that were dispatched"),
    role("STOCK_ADJ", 5010, "Stock adjustments", "stock lost, damaged, found"),
    role("INBOUND", 5100, "Inbound carriage to FBA", "carriage of your goods to Amazon's warehouses"),
    role("DUTY", 5101, "Import duty", "customs duty"),
    role("FEE_SELL", 6200, "Amazon selling fees", "referral, closing and refund administration fees"),
    role("FEE_FBA", 6210, "Amazon FBA fulfilment fees", "picking, packing and delivery by Amazon"),
    role("FEE_PREP", 6215, "Amazon prep and labelling fees", "preparation of your stock by Amazon"),
    role("FEE_STORAGE", 6220, "Amazon storage fees", "storage at Amazon"),
    role("FEE_REMOVAL", 6225, "Amazon removal and disposal fees", "stock sent back or thrown away"),
    role("FEE_SUBS", 6230, "Amazon subscription fees", "the monthly subscription"),
    role("FEE_OTHER", 6240, "Other Amazon fees", "fees without a role of their own"),
    role("ADS", 6250, "Amazon advertising", "sponsored products and other advertising"),
    role("PROMO_FEE", 6255, "Amazon promotion programme fees", "coupons, deals and Vine"),
    role("POSTAGE", 6260, "Postage and shipping labels", "labels bought through Amazon"),
    role("EPR", 6270, "Product compliance (EPR) fees", "eco-contributions paid on your behalf"),
    role("GOODWILL", 6280, "Customer goodwill", "compensation above the price of the goods"),
    role("FINCHG", 7900, "Bank and finance charges", "charges of banks and lenders"),
    role("LOAN_INT", 7910, "Loan interest", "the interest part of loan instalments"),
    role("FX", 7920, "Exchange differences", "differences of conversion"),
    role("ROUNDING", 7950, "Rounding differences", "pennies of conversion"),
    role("BAD_DEBT", 8100, "Bad debts", "chargebacks treated as bad debts"),
    role("BANK", 1200, "Bank current account", "the account that Amazon pays into"),
    role("RESERVE", 1255, "Amazon reserve", "what Amazon holds back from a payout"),
    role("DEFERRED", 1256, "Amazon deferred transactions", "sales whose money Amazon has not released yet"),
    role("INTER_MKT", 1257, "Amazon inter-marketplace", "debts that Amazon moved between your marketplaces"),
    role("GIFTCARD", 1258, "Amazon gift-card balance", "payouts to a gift-card balance"),
    role("STOCK", 1001, "Stock", "stock, when it is kept perpetually"),
    role("DEBTORS", 1100, "Debtors", "control account of customers"),
    role("CREDITORS", 2100, "Creditors", "control account of suppliers"),
    role("VAT_OUT", 2200, "Output VAT", "VAT that you owe"),
    role("VAT_IN", 2201, "Input VAT", "VAT that you reclaim"),
    role("VAT_LIAB", 2202, "VAT liability", "what a VAT return leaves to pay"),
    role("IMPORT_VAT", 2206, "Import VAT", "C79 and postponed import VAT"),
    role(
        "MKT_TAX",
        2216,
        "Marketplace-collected tax (pass-through)",
        "tax that Amazon withheld wrongly; must come back to nil",
    ),
    role("OSS_VAT", 2217, "EU OSS VAT payable", "VAT owed through the One-Stop Shop"),
    role("TAX_WITHHELD", 2218, "Tax withheld by Amazon", "income tax withheld abroad"),
    role("LOAN", 2300, "Amazon Lending loan", "the loan itself"),
    role("SUSPENSE", 2999, "Amazon unmapped (suspense)", "what waits for you; must be nil at the end of a period"),
];

/// Suggested clearing accounts: a bank-type account for each currency.
pub const CLEARING: &[(&str, u32, &str)] = &[
    ("GBP", 1250, "Amazon clearing"),
    ("EUR", 1251, "Amazon clearing EUR (in GBP)"),
    ("USD", 1252, "Amazon clearing USD (in GBP)"),
];

/// The role with this word.
pub fn role_of(word: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.word == word)
}
