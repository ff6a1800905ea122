//! The nominal codes, bank accounts and payment methods that a new sandbox account starts with.
//!
//! The vendor publishes no complete default chart. These are the codes seen in public, Sage-like ones filled in between, and
//! Amazon's accounts by role with the suggested new codes. A client must read them from the account, never know them.

/// One nominal code of the chart.
#[derive(Clone, Copy, Debug)]
pub struct Seeded {
    /// Its code.
    pub code: i64,
    /// Its name.
    pub name: &'static str,
    /// Where the application lists it.
    pub class: Class,
}

/// Where the application lists a nominal code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Sales codes.
    Turnover,
    /// Cost of sale.
    CostOfSale,
    /// Expenses.
    Expense,
    /// Current assets and liabilities that are no bank.
    Balance,
    /// Bank-type accounts.
    Bank,
    /// Capital.
    Capital,
}

impl Class {
    /// `Classification`.
    pub fn label(self) -> &'static str {
        match self {
            Class::Turnover => "Turnover",
            Class::CostOfSale => "Cost of Sale",
            Class::Expense => "Expense",
            Class::Balance | Class::Bank => "Current Asset/Liability",
            Class::Capital => "Capital and Reserves",
        }
    }

    /// `Type`.
    pub fn kind(self) -> &'static str {
        match self {
            Class::Turnover => "Sales",
            Class::CostOfSale | Class::Expense => "Purchase",
            Class::Balance | Class::Bank | Class::Capital => "Bank",
        }
    }

    /// `NomType`: 1 sales, 2 outgoing, 3 bank transaction.
    pub fn nom_type(self) -> i64 {
        match self {
            Class::Turnover => 1,
            Class::CostOfSale | Class::Expense => 2,
            Class::Balance | Class::Bank | Class::Capital => 3,
        }
    }
}

/// Lines without a sales code go here.
pub const OTHER_SALES: i64 = 9998;
/// Trade debtors: what customers owe.
pub const DEBTORS: i64 = 1100;
/// Trade creditors: what suppliers are owed.
pub const CREDITORS: i64 = 2100;
/// VAT on sales.
pub const OUTPUT_VAT: i64 = 2200;
/// VAT on purchases.
pub const INPUT_VAT: i64 = 2201;

const fn seeded(code: i64, name: &'static str, class: Class) -> Seeded {
    Seeded { code, name, class }
}

/// The chart of a new account.
pub const NOMINALS: &[Seeded] = &[
    seeded(1001, "Stock", Class::Balance),
    seeded(1100, "Trade Debtors", Class::Balance),
    seeded(1200, "Current Account", Class::Bank),
    seeded(1250, "Amazon clearing", Class::Bank),
    seeded(1251, "Amazon clearing EUR (in GBP)", Class::Bank),
    seeded(1252, "Amazon clearing USD (in GBP)", Class::Bank),
    seeded(1253, "Amazon clearing SEK (in GBP)", Class::Bank),
    seeded(1254, "Amazon clearing PLN (in GBP)", Class::Bank),
    seeded(1255, "Amazon reserve", Class::Bank),
    seeded(1256, "Amazon deferred transactions", Class::Bank),
    seeded(1257, "Amazon inter-marketplace", Class::Bank),
    seeded(1258, "Amazon gift-card balance", Class::Bank),
    seeded(1259, "Amazon clearing TRY (in GBP)", Class::Bank),
    seeded(2100, "Trade Creditors", Class::Balance),
    seeded(2200, "Sales VAT control", Class::Balance),
    seeded(2201, "Purchase VAT control", Class::Balance),
    seeded(2202, "VAT liability", Class::Balance),
    seeded(2206, "Import VAT", Class::Balance),
    seeded(2216, "Marketplace-collected tax", Class::Balance),
    seeded(2217, "EU OSS VAT payable", Class::Balance),
    seeded(2218, "Tax withheld by Amazon", Class::Balance),
    seeded(2300, "Amazon Lending loan", Class::Balance),
    seeded(2999, "Amazon unmapped (suspense)", Class::Balance),
    seeded(3000, "Capital", Class::Capital),
    seeded(3200, "Retained profit", Class::Capital),
    seeded(4000, "Sale of Goods", Class::Turnover),
    seeded(4009, "Discounts", Class::Turnover),
    seeded(4010, "Amazon sales, VAT collected by Amazon", Class::Turnover),
    seeded(4020, "Amazon sales, exports", Class::Turnover),
    seeded(4025, "Amazon sales, EU OSS", Class::Turnover),
    seeded(4030, "Amazon liquidation sales", Class::Turnover),
    seeded(4050, "Amazon delivery income", Class::Turnover),
    seeded(4055, "Amazon gift-wrap income", Class::Turnover),
    seeded(4060, "Amazon promotional discounts", Class::Turnover),
    seeded(4070, "Amazon refunds", Class::Turnover),
    seeded(4080, "Amazon restocking fees retained", Class::Turnover),
    seeded(4200, "Sale of Assets", Class::Turnover),
    seeded(4902, "Commissions Received", Class::Turnover),
    seeded(4905, "Distribution and Carriage", Class::Turnover),
    seeded(4930, "Amazon FBA reimbursements", Class::Turnover),
    seeded(4940, "Amazon SAFE-T and claim compensation", Class::Turnover),
    seeded(4950, "Other Amazon income", Class::Turnover),
    seeded(4960, "Flat-rate scheme surplus", Class::Turnover),
    seeded(5000, "Materials Purchased", Class::CostOfSale),
    seeded(5010, "Stock adjustments", Class::CostOfSale),
    seeded(5100, "Carriage", Class::CostOfSale),
    seeded(5101, "Import Duty", Class::CostOfSale),
    seeded(6002, "Sub contractors", Class::CostOfSale),
    seeded(6100, "Sales Commissions", Class::Expense),
    seeded(6200, "Amazon selling fees", Class::Expense),
    seeded(6201, "Advertising", Class::Expense),
    seeded(6210, "Amazon FBA fulfilment fees", Class::Expense),
    seeded(6215, "Amazon prep and labelling fees", Class::Expense),
    seeded(6220, "Amazon storage fees", Class::Expense),
    seeded(6225, "Amazon removal and disposal fees", Class::Expense),
    seeded(6230, "Amazon subscription fees", Class::Expense),
    seeded(6240, "Other Amazon fees", Class::Expense),
    seeded(6250, "Amazon advertising", Class::Expense),
    seeded(6255, "Amazon promotion programme fees", Class::Expense),
    seeded(6260, "Postage and shipping labels", Class::Expense),
    seeded(6270, "Product compliance (EPR) fees", Class::Expense),
    seeded(6280, "Customer goodwill", Class::Expense),
    seeded(7100, "Rent", Class::Expense),
    seeded(7102, "Water Rates", Class::Expense),
    seeded(7103, "General Rates", Class::Expense),
    seeded(7104, "Premises Insurance", Class::Expense),
    seeded(7200, "Electricity", Class::Expense),
    seeded(7201, "Gas", Class::Expense),
    seeded(7303, "Vehicle Insurance", Class::Expense),
    seeded(7304, "Misc Motor Expenses", Class::Expense),
    seeded(7400, "Travel", Class::Expense),
    seeded(7401, "Car Hire", Class::Expense),
    seeded(7402, "Hotels", Class::Expense),
    seeded(7403, "Entertainment", Class::Expense),
    seeded(7500, "Printing", Class::Expense),
    seeded(7501, "Postage", Class::Expense),
    seeded(7502, "Telephone", Class::Expense),
    seeded(7504, "Office Stationery", Class::Expense),
    seeded(7505, "Books", Class::Expense),
    seeded(7600, "Legal Fees", Class::Expense),
    seeded(7601, "Accounting Fees", Class::Expense),
    seeded(7603, "Professional Fees", Class::Expense),
    seeded(7801, "Cleaning", Class::Expense),
    seeded(7803, "Premises Expenses", Class::Expense),
    seeded(7900, "Bank charges", Class::Expense),
    seeded(7910, "Loan interest", Class::Expense),
    seeded(7920, "Exchange differences", Class::Expense),
    seeded(7950, "Rounding", Class::Expense),
    seeded(8100, "Bad debts", Class::Expense),
    seeded(8201, "Subscriptions", Class::Expense),
    seeded(8202, "Clothing", Class::Expense),
    seeded(8203, "Training", Class::Expense),
    seeded(8204, "Insurance", Class::Expense),
    seeded(8205, "Refreshments", Class::Expense),
    seeded(9998, "Other", Class::Turnover),
    seeded(9999, "Suspense", Class::Balance),
];

/// Roles of accounts and the codes this account keeps for them.
pub const ROLES: &[(&str, i64)] = &[
    ("SALES", 4000),
    ("SALES_MKT", 4010),
    ("SALES_EXPORT", 4020),
    ("SALES_OSS", 4025),
    ("SALES_LIQ", 4030),
    ("SHIP_INC", 4050),
    ("GIFT_INC", 4055),
    ("PROMO", 4060),
    ("REFUNDS", 4070),
    ("RESTOCK", 4080),
    ("REIMB", 4930),
    ("CLAIMS", 4940),
    ("OTHER_INC", 4950),
    ("FRS_SURPLUS", 4960),
    ("COGS", 5000),
    ("STOCK_ADJ", 5010),
    ("INBOUND", 5100),
    ("DUTY", 5101),
    ("FEE_SELL", 6200),
    ("FEE_FBA", 6210),
    ("FEE_PREP", 6215),
    ("FEE_STORAGE", 6220),
    ("FEE_REMOVAL", 6225),
    ("FEE_SUBS", 6230),
    ("FEE_OTHER", 6240),
    ("ADS", 6250),
    ("PROMO_FEE", 6255),
    ("POSTAGE", 6260),
    ("EPR", 6270),
    ("GOODWILL", 6280),
    ("FINCHG", 7900),
    ("LOAN_INT", 7910),
    ("FX", 7920),
    ("ROUNDING", 7950),
    ("BAD_DEBT", 8100),
    ("BANK", 1200),
    ("CLEARING", 1250),
    ("RESERVE", 1255),
    ("DEFERRED", 1256),
    ("INTER_MKT", 1257),
    ("GIFTCARD", 1258),
    ("STOCK", 1001),
    ("DEBTORS", DEBTORS),
    ("CREDITORS", CREDITORS),
    ("VAT_OUT", OUTPUT_VAT),
    ("VAT_IN", INPUT_VAT),
    ("VAT_LIAB", 2202),
    ("IMPORT_VAT", 2206),
    ("MKT_TAX", 2216),
    ("OSS_VAT", 2217),
    ("TAX_WITHHELD", 2218),
    ("LOAN", 2300),
    ("SUSPENSE", 2999),
];

/// A bank account that is there from the start: id, name, nominal code, and the currency whose clearing account it is.
pub const BANK_ACCOUNTS: &[(i64, &str, i64, Option<&str>)] = &[
    (9001, "Current Account", 1200, None),
    (9002, "Amazon clearing", 1250, Some("GBP")),
    (9003, "Amazon clearing EUR", 1251, Some("EUR")),
    (9004, "Amazon clearing USD", 1252, Some("USD")),
    (9005, "Amazon clearing SEK", 1253, Some("SEK")),
    (9006, "Amazon clearing PLN", 1254, Some("PLN")),
    (9007, "Amazon clearing TRY", 1259, Some("TRY")),
    (9008, "Amazon reserve", 1255, None),
    (9009, "Amazon deferred", 1256, None),
    (9010, "Amazon inter-marketplace", 1257, None),
    (9011, "Amazon gift-card balance", 1258, None),
];

/// Ways to be paid: ids are the account's own and never small.
pub const PAYMENT_METHODS: &[(i64, &str)] = &[
    (700_101, "Cash"),
    (700_102, "Cheque"),
    (700_103, "Bank Transfer"),
    (700_104, "Credit Card"),
    (700_105, "Amazon"),
];

/// The method that fits money that Amazon holds.
pub const AMAZON_METHOD: i64 = 700_105;
