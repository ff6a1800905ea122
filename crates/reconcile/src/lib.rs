//! Reconciliation and insight: what belongs together, what does not add up and why, what was earned and what is owed.
//!
//! Pure functions over typed values: no I/O, no clock (`today` is passed in), no remote field names. Each answer carries its reasons:
//! a match says by which rule and with what evidence, a difference is a [`Break`] with its cause in plain English, its sum, its age and
//! the next action. The same inputs in any order give the same answer.
//!
//! Rules and tolerances are those of the accounting rules (matching and identity, balance movements, rounding, VAT return map).

mod bank;
mod breaks;
mod chain;
mod clearing;
mod days;
mod drift;
mod fees;
mod insight;
mod matching;
mod missing;
mod three_way;

pub use bank::{BankLine, BankLink, BankMatching, BankRule, BankRules, Deposit, match_bank};
pub use breaks::{Break, Code, Evidence, Link, Severity};
pub use chain::{
    Attribution, Attributions, Balance, BalanceRow, BlankRow, ChainAudit, Deferral, DeferralStage, Payout, Statement,
    attribute_marketplaces, audit_chains, audit_deferrals,
};
pub use clearing::{Clearing, clearing_identity, unpaid_negative_totals};
pub use drift::{Confirmed, Held, HeldLine, find_drift};
pub use fees::{
    Band, Charge, FEES_AMAZON_UK, FeeFacts, FeeKind, FeeTable, FeeVat, FeeVatMonth, FeeVatReconciliation, Loss,
    Referral, RefundedLine, Reimbursed, Size, SizeTier, SoldLine, TaxInvoice, audit_fees, reconcile_fee_vat,
};
pub use insight::{
    AdRule, CashFacts, CashForecast, CashLine, CashReason, DeferredMoney, EntryLine, EntryRole, FeeGroup, LateEntries,
    LateEntry, LineError, Profit, ProfitKey, ProfitRow, RegistrationMonth, RegistrationWatch, VatBoxes, VatPreview,
    VatPreviewLine, VatScheme, entry_lines, forecast_cash, late_entries, preview_vat_return, profit,
    watch_registration,
};
pub use matching::{
    Basis, Candidates, Groups, Item, Kind, Match, Matching, Part, Row, RowGroups, Rule, Score, Subset, SubsetLimits,
    Tolerances, match_items, subset,
};
pub use missing::name_missing_rows;
pub use three_way::{Sides, ThreeWay, ThreeWayRules, TransactionItem, three_way};
