//! Every kind of break in one table: its stable word, how urgent it is, what it is called and what to do next.
//!
//! The word is an interface: it stands in the store, in `--json` and in links to the documentation, so it is never renamed. A cause is
//! told once: the checks look for the root first, and stay silent about what follows from it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How urgent a break is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Will probably resolve by itself: look at it, nothing has to be done now.
    Watch,
    /// A person must act, in their own time.
    Act,
    /// The books or the money are wrong: act now.
    Alarm,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $word:literal $severity:ident $title:literal $action:literal;)*) => {
        /// What kind of break it is. Printed as a stable word, for example `settlement_out_of_balance`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $word),* }
            }

            /// How urgent a break of this kind is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),* }
            }

            /// A few words for a heading.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// The next action.
            pub fn action(self) -> &'static str {
                match self { $(Code::$name => $action),* }
            }
        }
    };
}

codes! {
    // Matching of orders, transactions and settlement rows.
    /// A settlement has rows of an order that we do not hold.
    SettledWithoutOrder "settled_without_order" Act "Settled, but no such order"
        "Open the order on the marketplace; if it is yours, fetch it again so that its invoice can be made.";
    /// What was settled for an order is not what the order says.
    SettledDiffers "settled_differs" Act "Settled amount differs from the order"
        "Compare the order with the rows; accept the adjustment document, or open a case with the marketplace.";
    /// Shipped long ago, and in no settlement.
    NeverSettled "never_settled" Act "Shipped but never settled"
        "Look the order up in the marketplace's payments; if it was never paid, open a case.";
    /// A refund for which there is no sale anywhere.
    RefundWithoutSale "refund_without_sale" Act "Refund without a sale"
        "Find the sale it belongs to; if it was before this integration began, confirm the credit note as unlinked.";
    /// A transaction says that it is in a settlement, which does not have it.
    TransactionNotSettled "transaction_not_settled" Act "Transaction missing from its settlement"
        "Fetch the settlement report again; if the row is still missing, open a case with the marketplace and name the transaction.";
    /// A settlement has rows that no transaction explains.
    RowsWithoutTransaction "rows_without_transaction" Watch "Rows without a transaction"
        "Fetch the transactions of these days again; they can be two days late.";
    /// Rows and transaction of the same event have different sums.
    TransactionDiffers "transaction_differs" Act "Transaction and rows differ"
        "Compare both; the settlement decides what is paid. Report it to the marketplace if it is not a known adjustment.";
    /// Several explanations fit equally well, so none was chosen.
    Ambiguous "ambiguous" Act "Several explanations fit"
        "Choose one of the candidates, or leave it open until more is known.";

    // The chain of settlements.
    /// The rows of a settlement do not sum to its total.
    SettlementOutOfBalance "settlement_out_of_balance" Alarm "Settlement does not add up"
        "Nothing of it is posted. Fetch the report again; if the difference stays, name the missing row to the marketplace.";
    /// Two files with one settlement id say different things.
    SettlementContradicts "settlement_contradicts" Alarm "Two versions of one settlement"
        "Keep the version whose rows sum to the total and which the payout confirms; set the other aside.";
    /// The same content under two settlement ids.
    SettlementDuplicated "settlement_duplicated" Alarm "The same settlement under two ids"
        "Post only one of them: look at the bank to see which was paid.";
    /// Two settlements of one account and currency cover the same days.
    SettlementOverlap "settlement_overlap" Act "Settlement periods overlap"
        "Compare the rows of the common days; a row may be in both.";
    /// Days between two settlements are covered by none.
    SettlementMissing "settlement_missing" Act "A settlement is missing"
        "Download the settlement of these days from the marketplace and give it to us; reports are kept for about 90 days.";
    /// The next settlement should have closed and did not come.
    SettlementOverdue "settlement_overdue" Watch "The next settlement is overdue"
        "Look whether the marketplace has closed it; some accounts settle on request.";
    /// What was held back is not what came back.
    ReserveBroken "reserve_broken" Alarm "Reserve chain broken"
        "Compare the reserve lines of both settlements; the difference is owed by one side.";
    /// The debt brought forward is not the negative total before it.
    DebtBroken "debt_broken" Alarm "Debt chain broken"
        "Compare the opening debt with the total of the settlement before; the difference is counted twice or lost.";
    /// More was charged to the card than was owed.
    ChargeExceedsDebt "charge_exceeds_debt" Act "More charged than owed"
        "Compare the charge with the card statement and ask the marketplace for the excess.";
    /// Debt moved to another marketplace of the account, and did not arrive there.
    DebtMirrorMissing "debt_mirror_missing" Act "Debt moved without a counterpart"
        "Find the settlement of the other marketplace; both sides must cancel.";
    /// Debt moved between currencies: both sides are there, at a rate that nobody has confirmed.
    DebtMirrorConverted "debt_mirror_converted" Watch "Debt moved between currencies"
        "Confirm that the two amounts belong together; the difference is an exchange difference.";
    /// A payout failed and did not come back into a settlement.
    FailedTransferNotReturned "failed_transfer_not_returned" Alarm "Failed payout did not come back"
        "Check the bank details on the marketplace and ask where the money is.";
    /// A payout came back that we do not know.
    ReturnedTransferUnknown "returned_transfer_unknown" Act "Returned payout of unknown origin"
        "Find the payout that came back; without it the bank account is overstated by this sum.";
    /// A deferred transaction was released with another amount.
    ReleaseDiffers "release_differs" Act "Released amount differs"
        "Compare both transactions; the difference is usually a refund or a fee between them.";
    /// A release for which there is no deferred transaction, although its days are known.
    ReleaseUnknown "release_unknown" Act "Release of an unknown deferral"
        "Fetch the transactions of the last 60 days again.";
    /// A deferred transaction was released twice.
    ReleasedTwice "released_twice" Alarm "Released twice"
        "The second release is not posted; ask the marketplace, it may be taken back.";
    /// A deferred transaction is past its day and still not released.
    DeferralOverdue "deferral_overdue" Act "Deferred money overdue"
        "Look at the reason of the deferral; open a case with the marketplace if the delivery is confirmed.";
    /// A release was booked as a second sale.
    ReleaseBookedAgain "release_booked_again" Alarm "Release booked as a second sale"
        "Reverse the second document: the sale was booked when it was shipped.";
    /// A row without marketplace that no transaction, or more than one, explains.
    MarketplaceUnknown "marketplace_unknown" Watch "Row without marketplace"
        "Fetch the transactions of this day; until then the row counts for no marketplace.";

    // The bank.
    /// A payout did not reach the bank.
    DepositNotInBank "deposit_not_in_bank" Act "Payout not in the bank"
        "Look at the bank statement and at the payout's status on the marketplace.";
    /// Money of the marketplace in the bank that no payout explains.
    BankLineUnexplained "bank_line_unexplained" Act "Marketplace money without a payout"
        "Find the settlement it pays; it may be of an account that is not connected.";
    /// The bank has another amount than the payout it names.
    BankAmountDiffers "bank_amount_differs" Act "Bank amount differs from the payout"
        "Look for a bank charge or a conversion; confirm it, and the difference is posted where you say.";
    /// Payout and bank line fit, but so loosely that a person must say so.
    BankMatchUnconfirmed "bank_match_unconfirmed" Watch "Payout and bank line to confirm"
        "Confirm or refuse the proposed match.";
    /// A payout that failed stands in the bank all the same.
    FailedTransferArrived "failed_transfer_arrived" Act "Failed payout arrived all the same"
        "Look at the bank statement: the sum may have been taken back on a later day.";

    // Fees and their VAT.
    /// The referral fee is not what the rate card says.
    ReferralFeeDiffers "referral_fee_differs" Act "Referral fee differs from the rate card"
        "Check the category on the marketplace; if the rate card is right, claim the difference.";
    /// The fulfilment fee is not that of the product's size.
    FulfilmentFeeDiffers "fulfilment_fee_differs" Act "Fulfilment fee differs from the size tier"
        "Ask for the product to be measured again and claim the difference.";
    /// One fee was charged twice for one unit of work.
    FeeChargedTwice "fee_charged_twice" Act "Fee charged twice"
        "Claim one of the two.";
    /// A fee for an order that was cancelled.
    FeeOnCancelled "fee_on_cancelled" Act "Fee on a cancelled order"
        "Claim the fee back: nothing was sold.";
    /// The referral fee was not returned with the refund.
    ReferralNotReturned "referral_not_returned" Act "Referral fee not returned"
        "Claim the referral fee of the refunded part, less the refund administration fee.";
    /// The refund administration fee is above its cap.
    RefundAdminAboveCap "refund_admin_above_cap" Act "Refund administration fee above its cap"
        "Claim what is above the cap.";
    /// Units were lost or damaged and not paid for.
    ReimbursementMissing "reimbursement_missing" Act "Lost or damaged units not reimbursed"
        "Claim the units before the marketplace's time limit.";
    /// The fees of a month have no tax invoice.
    FeeInvoiceMissing "fee_invoice_missing" Act "No tax invoice for fees"
        "Download the invoice from the tax document library: VAT is only reclaimed on it.";
    /// A tax invoice for which no fees were posted.
    FeeRowsMissing "fee_rows_missing" Act "Tax invoice without fees"
        "Look for a settlement that is missing, or an invoice of another account.";
    /// VAT of the rows and of the tax invoices differ by more than rounding.
    FeeVatDiffers "fee_vat_differs" Act "Fee VAT differs from the tax invoices"
        "Compare the list of fees with the invoice; correct the bill before the VAT return.";
    /// The difference is fees that were charged in another month than they were invoiced.
    FeeVatTiming "fee_vat_timing" Watch "Fee VAT in another month"
        "Nothing: fees can be charged up to four weeks after the date of their invoice.";
    /// What was posted is not what the rows say.
    FeeBillDiffers "fee_bill_differs" Alarm "Fee bill differs from its rows"
        "Undo the bill and post it again.";

    // What the books hold.
    /// Our document is gone from the books.
    DocumentDeleted "document_deleted" Alarm "Our document was deleted"
        "Ask who deleted it; press Repost, or confirm that it shall stay away.";
    /// Our document was changed in the books.
    DocumentEdited "document_edited" Act "Our document was edited"
        "Accept the change, or put back what we wrote.";
    /// Our document is paid by another sum than we paid it with.
    PaidDifferently "paid_differently" Act "Paid differently"
        "Look who paid or unpaid it: the marketplace has paid exactly the sum of the document.";
    /// Two documents in the books have one reference of ours.
    DocumentDuplicated "document_duplicated" Alarm "Two documents with one reference"
        "Keep the one that we confirmed and delete or reverse the other.";
    /// The clearing account holds a sum that nothing explains.
    ClearingUnexplained "clearing_unexplained" Alarm "Clearing account not explained"
        "Open the list of the account's entries since the last day on which it was explained.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
