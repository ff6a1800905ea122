//! Posts settlements as a bookkeeper would, from the rows of each: one bill a month, one credit note for each refund, transfers and bank
//! transactions, the payout. Fees have the VAT that the world put into them, not what the judge thinks.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Clock;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use crate::kashflow::{Account, BankTransaction, Invoice, Journal, JournalLine, Line, Payment, Side, london_day};
use crate::oracle::settlements::refunds::{is_refund, vat_given_back};
use crate::oracle::settlements::rules::{Meaning, is_reverse_charge, meaning};
use crate::oracle::tests as orders;
use crate::world::{Settlement, Transaction, World};
use crate::{FaultLevel, KashflowOptions, Quotas, SandboxConfig};

const DAYS: i64 = 46;

/// Net and VAT by account and rate.
type Sums = BTreeMap<(i64, i64), (i64, i64)>;

pub(super) struct Books {
    pub(super) world: World,
    pub(super) account: Arc<Account>,
    pub(super) now: Timestamp,
}

pub(super) fn config(seed: u64, faults: FaultLevel) -> SandboxConfig {
    SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days: DAYS as u32,
        quiet_days: 0,
        orders_per_day: 12,
        orders: None,
        clock: Clock::virtual_at("2026-11-01T00:00:00Z".parse().unwrap()),
        quotas: Quotas::Off,
        faults,
        kashflow: KashflowOptions::default(),
    }
}

/// The right books of a world after three settlements of each account.
pub(super) fn right_books(seed: u64, faults: FaultLevel) -> Books {
    let config = config(seed, faults);
    let world = World::new(&config);
    let account = orders::account(&world, &config.clock);
    let now = world.start() + (24 * DAYS).hours();
    orders::fill(&world, &account, now);
    let listed = world.listed_settlements(now);
    let all = listed.iter().flat_map(|own| &own.transactions).map(Arc::as_ref);
    let given = vat_given_back(&world, now, all);
    let poster = Poster { world: &world, account: &account, roles: account.roles() };
    for settlement in &listed {
        poster.post(settlement, &given.iter().map(|(id, vat)| (id.as_str(), *vat)).collect());
    }
    Books { world, account, now }
}

struct Poster<'a> {
    world: &'a World,
    account: &'a Account,
    roles: BTreeMap<&'static str, i64>,
}

impl Poster<'_> {
    fn post(&self, settlement: &Settlement, given: &BTreeMap<&str, i64>) {
        self.fees(settlement);
        self.self_charged(settlement);
        for transaction in &settlement.transactions {
            if is_refund(transaction) {
                self.credit_note(settlement, transaction, given[transaction.id.as_str()]);
            }
            for line in &transaction.lines {
                if let Meaning::Move(role) = meaning(transaction, line) {
                    let day = london_day(transaction.posted_at);
                    let pounds = self.pounds(settlement, day, line.minor);
                    self.move_money(settlement, day, self.roles[role], pounds, line.description);
                }
            }
        }
        if let Some(payout) = &settlement.payout {
            let day = london_day(settlement.deposit_at);
            self.move_money(settlement, day, self.roles["BANK"], -Decimal::new(payout.amount, 2), "Payout");
            if settlement.group.currency != "GBP" {
                let booked = self.pounds(settlement, day, settlement.total);
                let difference = booked - Decimal::new(payout.amount, 2);
                let clearing = self.account.clearing_nominal("EUR").unwrap();
                self.journal(settlement, day, &[(self.roles["FX"], difference), (clearing, -difference)]);
            }
        }
    }

    /// One bill for each month, each line a fee of one kind at one rate.
    fn fees(&self, settlement: &Settlement) {
        let mut bills: BTreeMap<Date, Sums> = BTreeMap::new();
        for (transaction, line) in settlement.rows() {
            let Meaning::Fee(role) = meaning(transaction, line) else { continue };
            let month = london_day(transaction.posted_at).last_of_month();
            let rate = if line.fee_vat != 0 || line.description == "Base fee" { 20 } else { 0 };
            let sums = bills.entry(month).or_default().entry((self.roles[role], rate)).or_default();
            sums.0 -= line.minor - line.fee_vat;
            sums.1 -= line.fee_vat;
        }
        for (month, sums) in bills {
            let on = month.min(london_day(settlement.end));
            let lines = sums.iter().map(|((nominal, rate), (net, vat))| line(*nominal, *rate, *net, *vat)).collect();
            let reference = format!("AMZ-S-{}-{}-fees", settlement.id, on.strftime("%Y-%m"));
            self.document(settlement, Side::Purchases, on, reference, lines);
        }
    }

    /// The reverse charge on advertising abroad.
    fn self_charged(&self, settlement: &Settlement) {
        for transaction in settlement.transactions.iter().filter(|own| is_reverse_charge(own)) {
            let day = london_day(transaction.posted_at);
            let vat = (self.pounds(settlement, day, -transaction.total()) / Decimal::from(5)).round_dp(2);
            self.journal(settlement, day, &[(self.roles["VAT_IN"], vat), (self.roles["VAT_OUT"], -vat)]);
        }
    }

    fn credit_note(&self, settlement: &Settlement, refund: &Transaction, vat: i64) {
        let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
        for line in &refund.lines {
            if let Meaning::Refund(role) = meaning(refund, line) {
                *sums.entry(self.roles[role]).or_default() += line.minor;
            }
        }
        // All of the VAT on the largest line, which is as good as anywhere.
        let largest = sums.iter().min_by_key(|(_, gross)| **gross).map(|(nominal, _)| *nominal);
        let lines = sums.iter().map(|(nominal, gross)| {
            let vat = if Some(*nominal) == largest { -vat } else { 0 };
            line(*nominal, if vat == 0 { 0 } else { 20 }, gross - vat, vat)
        });
        let order = &refund.order.as_ref().unwrap().id;
        let reference = format!("AMZ-{order}/R1");
        self.document(settlement, Side::Sales, london_day(refund.posted_at), reference, lines.collect());
    }

    fn document(&self, settlement: &Settlement, side: Side, on: Date, reference: String, lines: Vec<Line>) {
        let currency = settlement.group.currency;
        let payment = Payment {
            id: 0,
            date: on,
            amount: lines.iter().map(|line| line.net() + line.vat).sum(),
            method: self.account.payment_method_id(),
            account: self.account.clearing_account_id(currency).unwrap(),
            reference: None,
            note: None,
            bulk: None,
            is_credit: false,
        };
        self.account.file_invoice(Invoice {
            side,
            id: 0,
            number: 0,
            contact_id: 0,
            contact_code: "AMAZON".to_owned(),
            reference,
            issued_on: on,
            due_on: on,
            currency: currency.to_owned(),
            rate: self.rate(currency, on),
            lines,
            payments: vec![payment],
            address: None,
            delivery: None,
            created_at: settlement.listed_at,
            extras: Default::default(),
        });
    }

    fn rate(&self, currency: &str, on: Date) -> Decimal {
        self.world.monthly_rate(on.year(), on.month(), currency).unwrap_or(Decimal::ONE)
    }

    fn pounds(&self, settlement: &Settlement, on: Date, minor: i64) -> Decimal {
        (Decimal::new(minor, 2) / self.rate(settlement.group.currency, on)).round_dp(2)
    }

    /// `amount` into the clearing account, out of it below nothing.
    fn move_money(&self, settlement: &Settlement, date: Date, nominal: i64, amount: Decimal, text: &str) {
        let account = self.account.clearing_account_id(settlement.group.currency).unwrap();
        let other_account = self.account.bank_nominals().into_iter().find(|(_, own)| *own == nominal).map(|(id, _)| id);
        self.account.file_transaction(BankTransaction {
            id: 0,
            account,
            date,
            nominal,
            other_account,
            amount,
            vatable: false,
            vat_level: Decimal::ZERO,
            vat: Decimal::ZERO,
            comment: format!("{text} AMZ-S-{}", settlement.id),
            customer_id: None,
            supplier_id: None,
            extras: Default::default(),
        });
    }

    fn journal(&self, settlement: &Settlement, date: Date, lines: &[(i64, Decimal)]) {
        let line = |(nominal, amount): &(i64, Decimal)| JournalLine {
            id: 0,
            nominal: *nominal,
            amount: *amount,
            comment: None,
            project: None,
            disallowed: false,
        };
        self.account.file_journal(Journal {
            id: 0,
            number: 0,
            name: String::new(),
            date,
            note: format!("AMZ-S-{}", settlement.id),
            category: 0,
            lines: lines.iter().map(line).collect(),
            extras: Default::default(),
        });
    }
}

fn line(nominal: i64, level: i64, net: i64, vat: i64) -> Line {
    Line {
        description: String::new(),
        quantity: Decimal::ONE,
        rate: Decimal::new(net, 2),
        vat_level: Decimal::from(level),
        vat: Decimal::new(vat, 2),
        vat_exempt: false,
        nominal,
        product: None,
        project: None,
        disallowed: false,
    }
}
