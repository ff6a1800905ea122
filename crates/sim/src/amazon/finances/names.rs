//! What Finances 2024-06-19 calls what settlements call otherwise, and the trees it hangs amounts on.

use super::wire::{Amount, Breakdown};
use crate::world::{MoneyEvent, MoneyLine};

/// `transactionType` and `description`.
pub(super) fn kind(event: MoneyEvent, line: Option<&MoneyLine>) -> (&'static str, &'static str) {
    match event {
        MoneyEvent::Shipment { .. } => ("Shipment", "Order Payment"),
        MoneyEvent::Refund => ("Refund", "Refund Order"),
        MoneyEvent::Chargeback => ("Chargeback", "Chargeback Refund"),
        MoneyEvent::Guarantee => ("GuaranteeClaim", "A-to-z Guarantee Refund"),
        MoneyEvent::ServiceFee | MoneyEvent::Unknown => ("ServiceFee", "Service Fee"),
        MoneyEvent::Advertising => ("ProductAdsPayment", "Advertising"),
        MoneyEvent::Reimbursement => ("FBAInventoryReimbursement", "FBA Inventory Reimbursement"),
        MoneyEvent::Claim if line.is_some_and(|line| line.description.starts_with("SAFE-T")) => {
            ("SAFETReimbursement", "SAFE-T Reimbursement")
        }
        MoneyEvent::Claim => ("GuaranteeClaim", "Refund Reimbursal"),
        MoneyEvent::Loan => ("LoanServicing", "Amazon Lending"),
        MoneyEvent::Reserve | MoneyEvent::FailedTransfer | MoneyEvent::Carried => ("Adjustment", "Adjustment"),
        MoneyEvent::Charge | MoneyEvent::CrossAccount => ("DebtRecovery", "Debt Recovery"),
        MoneyEvent::MicroDeposit => ("AdhocDisbursement", "Micro Deposit"),
        MoneyEvent::Payout => ("Transfer", "Fund Transfer"),
    }
}

/// Where an amount hangs: the two upper nodes and its own.
pub(super) fn place(event: MoneyEvent, line: &MoneyLine) -> [&'static str; 3] {
    let back = matches!(event, MoneyEvent::Refund | MoneyEvent::Chargeback | MoneyEvent::Guarantee);
    let sales = if back { "Refunded Sales" } else { "Sales" };
    let expenses = if back { "Refunded Expenses" } else { "Expenses" };
    match (line.amount_type, line.description) {
        ("ItemPrice", "Principal") => [sales, "ProductCharges", "OurPricePrincipal"],
        ("ItemPrice", "RestockingFee") => [sales, "ProductCharges", "RestockingDeductionPrincipal"],
        ("ItemPrice", "Goodwill") => [sales, "ProductCharges", "GoodwillPrincipal"],
        ("ItemPrice", "Shipping") => [sales, "Shipping", "ShippingPrincipal"],
        ("ItemPrice", "ReturnShipping") => [sales, "Shipping", "ReturnShipping"],
        ("ItemPrice", "GiftWrap") => [sales, "GiftWrap", "GiftwrapPrincipal"],
        ("ItemPrice", "Tax") => [sales, "Tax", "OurPriceTax"],
        ("ItemPrice", "ShippingTax") => [sales, "Tax", "ShippingTax"],
        ("ItemPrice", "GiftWrapTax") => [sales, "Tax", "GiftwrapTax"],
        ("Promotion", "Principal") => [sales, "Promo", "OurPriceDiscount"],
        ("Promotion", "Shipping") => [sales, "Promo", "ShippingDiscount"],
        ("Promotion", "TaxDiscount") => [sales, "Tax", "PromotionDiscountTax"],
        ("ItemWithheldTax", name) => [sales, "TaxWithheld", name],
        ("ItemFees", name) => [expenses, "AmazonFees", name],
        (_, "Subscription Fee") => ["Expenses", "AmazonFees", "Subscription"],
        (_, "Storage Fee") | ("FBA Inventory Storage Fee", _) => ["Expenses", "AmazonFees", "FBAStorageFee"],
        (_, "StorageRenewalBilling") => ["Expenses", "AmazonFees", "FBALongTermStorageFee"],
        (_, "RemovalComplete") | ("FBA Removal Order: Return Fee", _) => ["Expenses", "AmazonFees", "FBARemovalFee"],
        (_, "DisposalComplete") => ["Expenses", "AmazonFees", "FBADisposalFee"],
        (_, "FBA Prep Fee: Labelling") => ["Expenses", "AmazonFees", "LabelingFee"],
        ("FBA Inbound Placement Service Fee", _) => ["Expenses", "AmazonFees", "FBAInboundConvenienceFee"],
        ("Coupon Participation Fee", _) => ["Expenses", "AmazonFees", "CouponParticipationFee"],
        ("Coupon Performance Based Fee", _) => ["Expenses", "AmazonFees", "CouponPerformanceFee"],
        ("Vine Enrollment Fee", _) => ["Expenses", "AmazonFees", "VineFee"],
        ("Deal Participation Fee", _) => ["Expenses", "AmazonFees", "DealParticipationFee"],
        ("Lightning Deal Fee", _) => ["Expenses", "AmazonFees", "RunLightningDealFee"],
        ("Cost of Advertising", _) => ["Expenses", "Advertising", "AdvertisingFee"],
        ("Refund for Advertiser", _) => ["Expenses", "Advertising", "AdvertisingFeeRefund"],
        ("FBA Inventory Reimbursement", "COMPENSATED_CLAWBACK") => adjustment("FBAReversedReimbursement"),
        ("FBA Inventory Reimbursement", _) => adjustment("FBAInventoryReimbursement"),
        _ => match event {
            MoneyEvent::Reserve if line.minor < 0 => adjustment("ReserveDebit"),
            MoneyEvent::Reserve => adjustment("ReserveCredit"),
            MoneyEvent::FailedTransfer => adjustment("FailedDisbursement"),
            MoneyEvent::Carried => adjustment("BeginningBalance"),
            MoneyEvent::Charge => adjustment("DebtPayment"),
            MoneyEvent::CrossAccount => adjustment("DebtAdjustment"),
            MoneyEvent::Loan => adjustment("LoanPayment"),
            MoneyEvent::Payout => adjustment("FundTransfer"),
            MoneyEvent::ServiceFee | MoneyEvent::Unknown => ["Expenses", "AmazonFees", line.description],
            _ => adjustment(line.description),
        },
    }
}

fn adjustment(name: &'static str) -> [&'static str; 3] {
    ["Adjustments", "Adjustments", name]
}

/// A tree of amounts in the making. Each node is the sum of its children, since only leaves are added to.
#[derive(Default)]
pub(super) struct Tree(Vec<Node>);

struct Node {
    name: &'static str,
    minor: i64,
    children: Tree,
}

impl Tree {
    fn add(&mut self, path: &[&'static str], minor: i64) {
        let [name, rest @ ..] = path else { return };
        let at = self.0.iter().position(|own| own.name == *name).unwrap_or_else(|| {
            self.0.push(Node { name, minor: 0, children: Tree::default() });
            self.0.len() - 1
        });
        self.0[at].minor += minor;
        self.0[at].children.add(rest, minor);
    }

    /// Hangs on the amount of a row. Fees are parted into base and tax.
    pub(super) fn put(&mut self, event: MoneyEvent, line: &MoneyLine) {
        let [top, middle, leaf] = place(event, line);
        if middle != "AmazonFees" && middle != "Advertising" {
            return self.add(&[top, middle, leaf], line.minor);
        }
        for (part, minor) in [("Base", line.minor - line.fee_vat), ("Tax", line.fee_vat)] {
            if minor != 0 {
                self.add(&[top, middle, leaf, part], minor);
            }
        }
    }

    /// The tree as far down as `depth` levels.
    pub(super) fn shown(&self, currency: &'static str, depth: usize) -> Vec<Breakdown> {
        let nodes = self.0.iter().map(|node| Breakdown {
            breakdown_type: node.name,
            breakdown_amount: Amount::new(node.minor, currency),
            breakdowns: (depth > 1 && !node.children.0.is_empty()).then(|| node.children.shown(currency, depth - 1)),
        });
        nodes.collect()
    }

    /// The nodes under each top node, as items have them.
    pub(super) fn under_top(&self, currency: &'static str) -> Vec<Breakdown> {
        self.0.iter().flat_map(|node| node.children.shown(currency, usize::MAX)).collect()
    }
}
