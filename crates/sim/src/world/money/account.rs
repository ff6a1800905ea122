//! What Amazon charges and pays besides orders: fees of the account, advertising, loans, compensation. A calendar, scaled by sales.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::fees::Fee;
use super::group::{DE_GROUP, IE_GROUP, UK_GROUP};
use super::transaction::{MoneyEvent, MoneyLine, Transaction, opaque};
use super::{Group, whole_seconds};
use crate::faults::Dice;
use crate::world::{DE, Fulfilment, IE, Marketplace, SellerProfile, Sku, UK};

/// Compensation that Amazon pays for goods in its hands, in turn.
const REIMBURSEMENTS: [&str; 6] = [
    "WAREHOUSE_DAMAGE",
    "REVERSAL_REIMBURSEMENT",
    "WAREHOUSE_LOST",
    "CUSTOMER_RETURN",
    "MISSING_FROM_INBOUND",
    "FREE_REPLACEMENT_REFUND_ITEMS",
];

/// One day of the account.
pub(super) struct AccountDay<'a> {
    pub(super) seed: u64,
    pub(super) dice: &'a Dice,
    pub(super) seller: &'a SellerProfile,
    /// When the day begins.
    pub(super) start: Timestamp,
    /// Days since the world began.
    pub(super) number: u32,
    /// Orders on an ordinary day.
    pub(super) orders: i64,
    /// Whether a fee occurs that nobody knows.
    pub(super) unknown_fee: bool,
}

const OTHER: &str = "other-transaction";

impl AccountDay<'_> {
    /// Everything that is posted on it.
    pub(super) fn transactions(&self) -> Vec<Transaction> {
        let mut made = Vec::new();
        self.united_kingdom(&mut made);
        self.overseas(&mut made);
        made
    }

    fn united_kingdom(&self, made: &mut Vec<Transaction>) {
        let every = |days: u32, on: u32| self.number % days == on;
        let date = self.date();
        let mut old = |name, amount| made.push(self.fee(name, amount));
        if date.day() == 1 {
            old("Subscription Fee", 30_00);
        }
        if date.day() == 8 && date.month() % 2 == 0 || self.number == 12 {
            old("Storage Fee", self.scaled("storage", 144_00));
        }
        if date.day() == 15 || self.number == 11 {
            old("StorageRenewalBilling", self.scaled("renewal", 18_60));
        }
        if every(7, 2) {
            old("FBAInboundTransportationFee", self.scaled("inbound", 51_60));
        }
        if every(11, 4) {
            old("RemovalComplete", self.scaled("removal", 7_20));
        }
        if every(11, 7) {
            old("DisposalComplete", self.scaled("disposal", 2_10));
        }
        if every(10, 3) {
            old("CouponRedemptionFee", self.scaled("coupons", 12_24));
        }
        if every(13, 6) {
            old("FBA Prep Fee: Labelling", self.scaled("labels", 9_00));
        }
        let mut new = |kind, name, net| made.push(self.two_rows(&UK_GROUP, Some(&UK), kind, name, net));
        if date.day() == 8 && date.month() % 2 == 1 || self.number == 13 {
            new("FBAFees", "FBA Inventory Storage Fee", self.scaled("storage", 120_00));
        }
        if every(14, 9) {
            new("FBAFees", "FBA Inbound Placement Service Fee", self.scaled("placement", 31_00));
        }
        if every(22, 10) {
            new("FBAFees", "FBA Removal Order: Return Fee", self.scaled("return", 11_30));
        }
        if every(10, 8) {
            new("AmazonFees", "Coupon Participation Fee", 5_00);
            new("AmazonFees", "Coupon Performance Based Fee", self.scaled("coupon", 17_77));
        }
        if every(30, 12) {
            new("AmazonFees", "Vine Enrollment Fee", 60_00);
        }
        if every(4, 1) {
            made.push(self.advertising(&UK_GROUP, &UK, "Cost of Advertising", -self.scaled("ads", 96_00), 20));
        }
        if every(29, 10) {
            made.push(self.advertising(&UK_GROUP, &UK, "Refund for Advertiser", self.scaled("ads back", 8_40), 20));
        }
        if every(14, 5) {
            made.push(self.plain(MoneyEvent::Loan, "Amazon Capital Services", -120_00));
        }
        if self.number == 2 {
            made.push(self.plain(MoneyEvent::MicroDeposit, "Micro Deposit", -1));
        }
        if self.unknown_fee && self.number == 4 {
            made.push(self.plain(MoneyEvent::Unknown, "Harmonised Parcel Levy", -7_77));
        }
        self.compensation(made);
    }

    /// Reimbursements, and those that are taken back nine days later.
    fn compensation(&self, made: &mut Vec<Transaction>) {
        let Some((_, turn)) = self.reimbursed(self.number) else { return self.clawback(made) };
        let name = REIMBURSEMENTS[turn % REIMBURSEMENTS.len()];
        made.push(self.reimbursement(self.number, name, 1));
        if turn % 4 == 3 {
            let mut fee = self.reimbursement(self.number, "INCORRECT_FEES_ITEMS", 1);
            fee.id = self.id("incorrect fees");
            let corrected = Fee::containing_vat(fee.total());
            fee.lines.iter_mut().for_each(|line| line.fee_vat = corrected.vat);
            made.push(fee);
        }
        self.clawback(made);
    }

    fn clawback(&self, made: &mut Vec<Transaction>) {
        let Some((day, turn)) = self.number.checked_sub(9).and_then(|day| self.reimbursed(day)) else { return };
        if turn % REIMBURSEMENTS.len() == 0 {
            let mut back = self.reimbursement(day, "COMPENSATED_CLAWBACK", -1);
            back.id = self.id("clawback");
            made.push(back);
        }
    }

    /// Whether something is reimbursed on a day, and the how many'th time it is.
    fn reimbursed(&self, day: u32) -> Option<(u32, usize)> {
        day.is_multiple_of(3).then_some((day, day as usize / 3))
    }

    fn reimbursement(&self, of_day: u32, description: &'static str, sign: i64) -> Transaction {
        let range: Vec<&Arc<Sku>> = self.seller.skus.iter().filter(|sku| sku.fulfilment == Fulfilment::Fba).collect();
        let number = u64::from(of_day);
        let sku = range.get(self.dice.below(&["reimbursed"], number, range.len() as u64) as usize);
        let worth = sku.map_or(6_40, |sku| sku.unit_price_minor * 2 / 5) + number as i64 % 7;
        let mut made =
            self.plain_of("FBA Inventory Reimbursement", MoneyEvent::Reimbursement, description, sign * worth);
        for line in &mut made.lines {
            line.sku = sku.map(|sku| Arc::clone(sku));
            line.units = Some(1);
        }
        made
    }

    fn overseas(&self, made: &mut Vec<Transaction>) {
        if self.number % 5 == 3 {
            made.push(self.advertising(&DE_GROUP, &DE, "Cost of Advertising", -self.scaled("anzeigen", 14_00), 0));
        }
        if self.number % 30 == 10 {
            let net = self.scaled("blitz", 35_00);
            made.push(self.two_rows(&DE_GROUP, Some(&DE), "AmazonFees", "Lightning Deal Fee", net));
        }
        // A deal that costs more than the site earns, three settlements running: the debt is carried, charged, and paid by another site.
        if self.number % 14 == 3 && self.number / 14 < 3 {
            let net = 60_00 * self.orders.max(1);
            made.push(self.two_rows(&IE_GROUP, Some(&IE), "AmazonFees", "Deal Participation Fee", net));
        }
    }

    /// An amount that grows with sales: about `base` at forty orders a day, a fifth more or less.
    fn scaled(&self, word: &str, base: i64) -> i64 {
        let percent = 80 + self.dice.below(&["scaled", word], u64::from(self.number), 41) as i64;
        (base * self.orders * percent / 4_000).max(1_00)
    }

    fn date(&self) -> Date {
        self.start.to_zoned(TimeZone::UTC).date()
    }

    /// A fee that contains its VAT, in the old layout.
    fn fee(&self, description: &'static str, gross: i64) -> Transaction {
        let mut made = self.plain(MoneyEvent::ServiceFee, description, -gross);
        made.lines[0].fee_vat = -Fee::containing_vat(gross).vat;
        made
    }

    /// A fee in the newer layout: net, and its VAT in a row of its own.
    fn two_rows(
        &self,
        group: &'static Group,
        marketplace: Option<&'static Marketplace>,
        kind: &'static str,
        name: &'static str,
        net: i64,
    ) -> Transaction {
        let fee = Fee::with_vat(net);
        let line =
            |description, minor, fee_vat| MoneyLine { fee_vat, ..MoneyLine::plain(kind, name, description, minor) };
        let lines = vec![line("Base fee", -net, 0), line("Tax on fee", -fee.vat, -fee.vat)];
        Transaction { marketplace, lines, ..self.empty(group, MoneyEvent::ServiceFee, name) }
    }

    fn advertising(
        &self,
        group: &'static Group,
        marketplace: &'static Marketplace,
        amount_type: &'static str,
        minor: i64,
        vat_percent: i64,
    ) -> Transaction {
        let vat = if vat_percent == 0 { 0 } else { Fee::containing_vat(minor.abs()).vat * minor.signum() };
        let line =
            MoneyLine { fee_vat: vat, ..MoneyLine::plain("ServiceFee", amount_type, "TransactionTotalAmount", minor) };
        let marketplace = Some(marketplace);
        Transaction { marketplace, lines: vec![line], ..self.empty(group, MoneyEvent::Advertising, amount_type) }
    }

    fn plain(&self, event: MoneyEvent, description: &'static str, minor: i64) -> Transaction {
        self.plain_of(OTHER, event, description, minor)
    }

    fn plain_of(
        &self,
        amount_type: &'static str,
        event: MoneyEvent,
        description: &'static str,
        minor: i64,
    ) -> Transaction {
        let lines = vec![MoneyLine::plain(OTHER, amount_type, description, minor)];
        Transaction { lines, ..self.empty(&UK_GROUP, event, description) }
    }

    fn empty(&self, group: &'static Group, event: MoneyEvent, name: &'static str) -> Transaction {
        let minutes = self.dice.below(&["minute", group.name, name], u64::from(self.number), 1_380) as i64 + 10;
        let posted_at = self.start.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(self.start);
        // Amazon leaves the site out of some rows of the whole account.
        let blank = self.dice.below(&["blank", name], u64::from(self.number), 3) == 0;
        Transaction {
            id: self.id(&format!("{} {name}", group.name)),
            group,
            marketplace: (!blank).then(|| group.marketplaces[0]),
            event,
            posted_at: whole_seconds(posted_at),
            deferral: None,
            order: None,
            shipment_id: None,
            adjustment_id: None,
            lines: Vec::new(),
        }
    }

    fn id(&self, name: &str) -> String {
        opaque(self.seed, &["account", name, &self.number.to_string()])
    }
}
