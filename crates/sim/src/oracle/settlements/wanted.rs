//! What settlements want of the books, from the world alone.
//!
//! Amounts are whole minor units of the settlement's currency. What stands in pounds only (bank transactions, transfers, journals of
//! an account in euros) is also given in pounds, at the tax office's rate of the month; as documents may be dated by the event or by
//! the release of its money, there is slack where those fall into two months.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::refunds::vat_given_back;
use super::rules::{Meaning, fee_vat, is_reverse_charge, meaning};
use super::{Currency, Month, month_of};
use crate::kashflow::{Account, Side, london_day};
use crate::oracle::{OpenItem, OpenItemKind};
use crate::world::{MoneyEvent, Settlement, Transaction, World};

/// Everything that settlements want.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub settlements: u64,
    pub rows: u64,
    /// Credit notes by sales code, with VAT: below nothing.
    pub refunds: BTreeMap<(Currency, i64), i64>,
    /// Fees by account, without VAT: above nothing.
    pub fees: BTreeMap<(Currency, i64), i64>,
    /// VAT by side: of refunds below nothing, of fees above it.
    pub vat: BTreeMap<(Currency, Side), i64>,
    /// The same by month, with what may also stand in a month beside.
    pub vat_by_month: BTreeMap<(Currency, Side, Month), Loose>,
    /// What else moves, by account: debits above nothing.
    pub moved: BTreeMap<(Currency, i64), Amount>,
    /// What all of it but the payouts does to the clearing account.
    pub clearing: BTreeMap<Currency, Amount>,
    pub payouts: Vec<Due>,
    /// Net of fees under reverse charge, in pounds.
    pub reverse_charge: Decimal,
    pub open_items: Vec<OpenItem>,
}

/// An amount with what may be missing from it or too much.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loose {
    pub minor: i64,
    pub slack: i64,
}

/// An amount in its currency and in pence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Amount {
    pub minor: i64,
    pub pence: Decimal,
    /// What the pence may be off by because the rate of another month was used.
    pub slack: Decimal,
}

/// A payout.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub settlement: String,
    pub currency: Currency,
    /// What the settlement pays out, in its currency.
    pub minor: i64,
    /// What the bank gets, in pence.
    pub pence: i64,
    /// Whether the money has reached the bank, so that the books must say so.
    pub has_arrived: bool,
}

/// When something may be dated: from the tax point to the release of its money.
#[derive(Clone, Copy)]
struct Days {
    first: Date,
    last: Date,
}

/// What `settlements` want at `now`.
pub(super) fn of(world: &World, account: &Account, settlements: &[Arc<Settlement>], now: Timestamp) -> Wanted {
    let mut wanted = Wanted { settlements: settlements.len() as u64, ..Wanted::default() };
    let all = settlements.iter().flat_map(|own| &own.transactions).map(Arc::as_ref);
    let given = vat_given_back(world, now, all);
    let mut maker = Maker { world, roles: account.roles(), wanted: &mut wanted };
    for settlement in settlements {
        for transaction in &settlement.transactions {
            maker.add(settlement, transaction);
            if let Some(vat) = given.get(&transaction.id) {
                let days = days(transaction);
                maker.vat(settlement.group.currency, Side::Sales, days, -vat);
            }
        }
        if let Some(payout) = &settlement.payout {
            maker.wanted.payouts.push(Due {
                settlement: settlement.id.clone(),
                currency: settlement.group.currency,
                minor: settlement.total,
                pence: payout.amount,
                has_arrived: payout.arrives_at <= now,
            });
        }
    }
    wanted
}

struct Maker<'a> {
    world: &'a World,
    roles: BTreeMap<&'static str, i64>,
    wanted: &'a mut Wanted,
}

impl Maker<'_> {
    fn add(&mut self, settlement: &Settlement, transaction: &Transaction) {
        let currency = settlement.group.currency;
        let days = days(transaction);
        for line in &transaction.lines {
            self.wanted.rows += 1;
            let minor = line.minor;
            match meaning(transaction, line) {
                Meaning::Sale | Meaning::Carried => continue,
                Meaning::PassThrough => {}
                Meaning::Refund(role) => *self.wanted.refunds.entry((currency, self.code(role))).or_default() += minor,
                Meaning::Fee(role) => {
                    let vat = fee_vat(transaction, line);
                    *self.wanted.fees.entry((currency, self.code(role))).or_default() += vat - minor;
                    self.vat(currency, Side::Purchases, days, -vat);
                    if is_reverse_charge(transaction) {
                        self.wanted.reverse_charge += self.amount(currency, days, -minor).pence;
                    }
                }
                Meaning::Move(role) => {
                    let amount = self.amount(currency, days, -minor);
                    self.wanted.moved.entry((currency, self.code(role))).or_default().add(amount);
                }
            }
            let amount = self.amount(currency, days, minor);
            self.wanted.clearing.entry(currency).or_default().add(amount);
        }
        if transaction.event == MoneyEvent::Unknown {
            let order = settlement.id.clone();
            self.wanted.open_items.push(OpenItem { order, kind: OpenItemKind::UnknownRow });
        }
    }

    fn code(&self, role: &str) -> i64 {
        self.roles.get(role).copied().unwrap_or_default()
    }

    fn vat(&mut self, currency: Currency, side: Side, days: Days, minor: i64) {
        *self.wanted.vat.entry((currency, side)).or_default() += minor;
        let first = month_of(days.first);
        self.wanted.vat_by_month.entry((currency, side, first)).or_default().minor += minor;
        if first == month_of(days.last) {
            return;
        }
        let mut month = days.first.first_of_month();
        while month <= days.last {
            self.wanted.vat_by_month.entry((currency, side, month_of(month))).or_default().slack += minor.abs();
            let Ok(next) = month.checked_add(jiff::Span::new().months(1)) else { return };
            month = next;
        }
    }

    fn amount(&self, currency: Currency, days: Days, minor: i64) -> Amount {
        let pence = |day: Date| {
            let rate = self.world.monthly_rate(day.year(), day.month(), currency).unwrap_or(Decimal::ONE);
            Decimal::from(minor).checked_div(rate).unwrap_or_default()
        };
        let (first, last) = (pence(days.first), pence(days.last));
        Amount { minor, pence: first, slack: (first - last).abs() }
    }
}

impl Amount {
    fn add(&mut self, other: Amount) {
        self.minor += other.minor;
        self.pence += other.pence;
        self.slack += other.slack;
    }
}

/// The tax point of a sale is its dispatch, that of everything else its posting. Fees of a sale may be known only when its money is
/// released.
fn days(transaction: &Transaction) -> Days {
    let posted = london_day(transaction.posted_at);
    let left = match (transaction.event, &transaction.order) {
        (MoneyEvent::Shipment { dispatch }, Some(order)) => {
            order.dispatches().nth(dispatch).map(|(at, _)| london_day(at))
        }
        _ => None,
    };
    Days {
        first: left.map_or(posted, |left| left.min(posted)),
        last: london_day(transaction.released_at()).max(posted),
    }
}
