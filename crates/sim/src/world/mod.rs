//! The world that both remotes show: a UK seller, its buyers, and everything that happens to each order.
//!
//! A world is a function of its seed. Orders are made a day at a time, each with its whole life; what a remote shows at a moment
//! is [`WorldOrder::at`], so nothing needs to run in the background. On a real clock the world goes on for as long as somebody
//! looks at it. People's actions (a confirmed shipment) amend an order's future.

mod basket;
mod catalogue;
mod generate;
mod index;
mod life;
mod market;
mod money;
mod order;
mod people;
mod rates;
mod seller;
mod view;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use clock::Clock;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rust_decimal::Decimal;

use crate::{FaultLevel, SandboxConfig};

use generate::Day;
use index::Orders;
pub(crate) use index::Visit;
pub use market::{DE, FR, IE, MARKETPLACES, Marketplace, UK, UNKNOWN};
pub use money::{
    Balance, BankLine, DE_GROUP, Deferral, DeferralReason, GROUPS, Group, IE_GROUP, MoneyEvent, MoneyLine, Payout,
    Settlement, Transaction, UK_GROUP,
};
pub use order::{Business, Buyer, Event, Happening, Package, Quirk, Scheme, Tax, WorldItem, WorldOrder};
pub(crate) use rates::mix;
pub use seller::{Address, Category, Fulfilment, SellerProfile, Sku, VatClass};
pub use view::{LineView, Status, View};

/// Exchange rates: (year, month) to currency to units of it per pound.
pub type Rates = BTreeMap<(i16, i8), BTreeMap<&'static str, Decimal>>;

/// How many orders there are, by how far they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Placed so far: the sum of the others.
    pub placed: u64,
    /// Cancelled in full.
    pub cancelled: u64,
    /// Neither cancelled nor dispatched in full.
    pub pending: u64,
    /// Dispatched in full.
    pub shipped: u64,
}

/// The world. Share it in an `Arc`.
pub struct World {
    seed: u64,
    clock: Clock,
    seller: SellerProfile,
    start: Timestamp,
    plan: Plan,
    quirks: bool,
    orders: RwLock<Orders>,
    /// Worked out when somebody asks. Locked before `orders`, never after.
    money: Mutex<money::Ledger>,
    /// Second of the last moment for which all orders are made.
    made_until_s: AtomicI64,
}

/// How many orders are placed on which day.
struct Plan {
    days: u32,
    per_day: u32,
    exactly: Option<u32>,
    goes_on: bool,
}

impl World {
    /// The world of `config`: on a real clock its history ends now and it goes on; on a virtual one it begins now.
    pub fn new(config: &SandboxConfig) -> World {
        let days = config.days.max(1);
        let virtual_time = config.clock.is_virtual();
        let now = whole_millis(config.clock.now());
        let history = if virtual_time { 0 } else { i64::from(config.days) + i64::from(config.quiet_days) };
        let start = now.saturating_sub((history * 24).hours()).unwrap_or(now);
        let world = World {
            seed: config.seed,
            clock: config.clock.clone(),
            seller: seller(config.seed),
            start,
            plan: Plan {
                days,
                per_day: config.orders_per_day,
                exactly: config.orders,
                goes_on: !virtual_time && config.orders.is_none(),
            },
            quirks: config.faults == FaultLevel::People,
            orders: RwLock::default(),
            money: Mutex::new(money::Ledger::new(config.seed, start)),
            made_until_s: AtomicI64::new(i64::MIN),
        };
        world.make_days(days);
        world
    }

    /// The seller.
    pub fn seller(&self) -> &SellerProfile {
        &self.seller
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// When the world began; no order is older.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// All orders made so far, in order of placing. On a real clock some of them lie in the future.
    pub fn orders(&self) -> Vec<Arc<WorldOrder>> {
        self.read().all().to_vec()
    }

    /// The order with this id, if it has been placed by now.
    pub fn order(&self, id: &str) -> Option<Arc<WorldOrder>> {
        let now = self.clock.now();
        self.reach(now);
        self.read().by_id(id).filter(|order| order.placed_at <= now)
    }

    /// How many orders there are at `now`.
    pub fn counts(&self, now: Timestamp) -> Counts {
        self.reach(now);
        let mut counts = Counts::default();
        for view in self.read().all().iter().filter_map(|order| order.at(now)) {
            counts.placed += 1;
            match view.status {
                Status::Cancelled => counts.cancelled += 1,
                Status::Shipped => counts.shipped += 1,
                Status::Pending | Status::Unshipped | Status::PartiallyShipped => counts.pending += 1,
            }
        }
        counts
    }

    /// Whether everything that ever happens has happened; never on a real clock that goes on.
    pub fn is_finished(&self, now: Timestamp) -> bool {
        !self.plan.goes_on && now >= self.last_event_at()
    }

    /// When the last thing happens to any order made so far.
    pub fn last_event_at(&self) -> Timestamp {
        self.read().last_event_at().unwrap_or(self.start)
    }

    /// Units of `currency` per pound in a month of London time, as the tax office publishes them for that month. Invented.
    pub fn monthly_rate(&self, year: i16, month: i8, currency: &str) -> Option<Decimal> {
        rates::monthly_rate(self.seed, year, month, currency)
    }

    /// The rates of every month that the world touches so far, and of the month before and after.
    pub fn rates(&self) -> Rates {
        let first = self.start.saturating_sub((31 * 24).hours()).unwrap_or(self.start);
        let last = self.last_event_at().max(self.clock.now()).saturating_add((31 * 24).hours()).unwrap_or(self.start);
        let month_of = |at: Timestamp| at.to_zoned(TimeZone::UTC).date().first_of_month();
        let mut month = month_of(first);
        let mut rates = Rates::new();
        while month <= month_of(last) {
            let of_month =
                |currency| self.monthly_rate(month.year(), month.month(), currency).map(|rate| (currency, rate));
            rates.insert(
                (month.year(), month.month()),
                ["GBP", "EUR", "USD", "SEK", "PLN", "NOK"].into_iter().filter_map(of_month).collect(),
            );
            month = month.saturating_add(1.month());
        }
        rates
    }

    /// Shows `visit` the orders with `after <= placed_at <= before`, in order of placing, until it breaks.
    pub(crate) fn visit_placed(&self, after: Timestamp, before: Timestamp, visit: &mut Visit<'_>) {
        self.reach(before);
        self.read().visit_placed(after, before, visit);
    }

    /// Shows `visit` the orders whose last change at `now` lies in `after..=before`, in order of that change, until it breaks.
    pub(crate) fn visit_updated(&self, after: Timestamp, before: Timestamp, now: Timestamp, visit: &mut Visit<'_>) {
        self.reach(now);
        self.read().visit_updated(after, before, now, visit);
    }

    /// Every change after `after` and up to `until`, in order of time: the order and the moment (its placing is the first change).
    pub fn changes(&self, after: Timestamp, until: Timestamp) -> Vec<(Timestamp, Arc<WorldOrder>)> {
        self.reach(until);
        self.read().changes(after, until)
    }

    /// The moment of the first change after `after`, if one is made already.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        self.reach(after);
        self.read().next_change(after)
    }

    /// Replaces the future of an order: what people do. Past events must be kept as they are.
    pub fn amend(&self, id: &str, change: impl FnOnce(&mut WorldOrder)) -> bool {
        let Some(order) = self.write().amend(id, change) else { return false };
        self.money_ledger().amend(order);
        true
    }

    /// Makes the days up to a day after `moment`, if this world goes on.
    fn reach(&self, moment: Timestamp) {
        if !self.plan.goes_on || moment.as_second() < self.made_until_s.load(Ordering::Relaxed) {
            return;
        }
        let since = moment.duration_since(self.start).as_secs().max(0) / 86_400;
        self.make_days(u32::try_from(since).unwrap_or(u32::MAX - 2) + 2);
    }

    fn make_days(&self, until: u32) {
        let mut orders = self.write();
        for number in orders.days_made()..until {
            let before = orders.all().len() as u64;
            let start = self.start.saturating_add((i64::from(number) * 24).hours()).unwrap_or(self.start);
            let count = self.plan.count(number);
            let day =
                Day { seed: self.seed, seller: &self.seller, start, number, count, before, earlier: orders.all() };
            let mut made = day.orders();
            if self.quirks {
                add_quirks(&mut made, orders.all().iter().filter(|order| order.quirk.is_some()).count());
            }
            orders.add_day(made);
        }
        let made_until =
            self.start.as_second().saturating_add(i64::from(orders.days_made().saturating_sub(1)) * 86_400);
        self.made_until_s.store(made_until, Ordering::Relaxed);
    }

    fn read(&self) -> RwLockReadGuard<'_, Orders> {
        self.orders.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn money_ledger(&self) -> MutexGuard<'_, money::Ledger> {
        self.money.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Orders> {
        self.orders.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed)
            .field("orders", &self.read().all().len())
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// Orders on an ordinary day.
    fn per_day(&self) -> u32 {
        self.exactly.map_or(self.per_day, |total| total / self.days.max(1))
    }

    fn count(&self, day: u32) -> u32 {
        match self.exactly {
            Some(total) if day < self.days => {
                let up_to = |day: u32| u64::from(total) * u64::from(day) / u64::from(self.days);
                u32::try_from(up_to(day + 1) - up_to(day)).unwrap_or(0)
            }
            Some(_) => 0,
            None => self.per_day,
        }
    }
}

fn seller(seed: u64) -> SellerProfile {
    let drawn = mix(seed ^ 0x5E11);
    SellerProfile {
        seller_id: format!("A{:013X}", mix(drawn) & 0xF_FFFF_FFFF_FFFF),
        store_name: "Harbour & Hearth".to_owned(),
        established_in: "GB",
        vat_registered: true,
        vcs: drawn & 1 == 1,
        tax_beside_price: drawn & 2 == 2,
        rows_dated_by_release: drawn & 4 == 4,
        skus: catalogue::skus(),
        warehouse: Address {
            name: "Harbour & Hearth Ltd".to_owned(),
            line1: "Unit 3, Slipway Works".to_owned(),
            city: "Whitby".to_owned(),
            county: "North Yorkshire".to_owned(),
            postcode: "YO21 1AA".to_owned(),
            country: "GB",
            ..Address::default()
        },
    }
}

/// One order for each quirk, the first ordinary domestic ones that are dispatched; `given` quirks have an order already.
fn add_quirks(orders: &mut [WorldOrder], given: usize) {
    let kinds = [Quirk::UnknownStatus, Quirk::UnknownCurrency, Quirk::UnknownMarketplace, Quirk::MissingPrice];
    let ordinary = |order: &&mut WorldOrder| {
        let ended = order.timeline.last().is_some_and(|event| matches!(event.what, Happening::Dispatched(_)));
        ended && order.replaces.is_none() && order.marketplace == &UK && order.dispatches().count() == 1
    };
    for (order, quirk) in orders.iter_mut().filter(ordinary).zip(kinds.into_iter().skip(given)) {
        order.quirk = Some(quirk);
        if quirk == Quirk::UnknownMarketplace {
            order.marketplace = &UNKNOWN;
        }
    }
}

fn whole_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests;
