//! All financial events of a world, by time, and the settlements they fall into.
//!
//! Nothing here runs by itself. Whoever asks brings it up to date: orders made since are worked out, then every settlement whose end has
//! passed is closed, in order of time. What is closed stays as it is: amending an order changes its future only.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::close::{Chain, Cycle};
use super::group::{GROUPS, Group};
use super::refund::refunds;
use super::sale::shipments;
use super::settlement::{Balance, Settlement};
use super::transaction::{MoneyEvent, Transaction};
use crate::faults::Dice;
use crate::world::WorldOrder;

type Key = (Timestamp, String);

/// The financial events and settlements known so far.
pub(crate) struct Ledger {
    seed: u64,
    dice: Dice,
    /// By the time of posting.
    posted: BTreeMap<Key, Arc<Transaction>>,
    /// By the time of release, one for each group.
    released: [BTreeMap<Key, Arc<Transaction>>; GROUPS.len()],
    by_order: HashMap<String, Vec<Arc<Transaction>>>,
    orders_done: usize,
    days_done: u32,
    amended: Vec<Arc<WorldOrder>>,
    chains: [Chain; GROUPS.len()],
    settlements: Vec<Arc<Settlement>>,
}

impl Ledger {
    pub(crate) fn new(seed: u64, start: Timestamp) -> Ledger {
        Ledger {
            seed,
            dice: Dice::new(seed),
            posted: BTreeMap::new(),
            released: Default::default(),
            by_order: HashMap::new(),
            orders_done: 0,
            days_done: 0,
            amended: Vec::new(),
            chains: GROUPS.map(|group| Chain::new(seed, group, start)),
            settlements: Vec::new(),
        }
    }

    pub(crate) fn dice(&self) -> Dice {
        self.dice
    }

    pub(crate) fn days_done(&self) -> u32 {
        self.days_done
    }

    /// Notes that an order has another future than it had.
    pub(crate) fn amend(&mut self, order: Arc<WorldOrder>) {
        self.amended.push(order);
    }

    /// Takes in orders made since the last time: `orders` are all there are, in order of placing.
    pub(crate) fn add_orders(&mut self, orders: &[Arc<WorldOrder>]) {
        for order in std::mem::take(&mut self.amended) {
            for old in self.by_order.remove(&order.id).unwrap_or_default() {
                self.take_out(&old);
            }
            // Those that were never taken in come with the others below.
            if orders[..self.orders_done].iter().any(|own| own.id == order.id) {
                self.add_order(&order);
            }
        }
        for order in orders.get(self.orders_done..).unwrap_or_default() {
            self.add_order(order);
        }
        self.orders_done = orders.len();
    }

    fn add_order(&mut self, order: &Arc<WorldOrder>) {
        let sold = shipments(self.seed, &self.dice, order);
        if sold.is_empty() {
            return;
        }
        for transaction in sold.into_iter().chain(refunds(self.seed, &self.dice, order)) {
            self.add(transaction);
        }
    }

    /// Takes in a day of the account.
    pub(crate) fn add_day(&mut self, transactions: Vec<Transaction>) {
        transactions.into_iter().for_each(|transaction| self.add(transaction));
        self.days_done += 1;
    }

    fn add(&mut self, transaction: Transaction) {
        let transaction = Arc::new(transaction);
        let group = transaction.group.index();
        if let Some(order) = &transaction.order {
            self.by_order.entry(order.id.clone()).or_default().push(Arc::clone(&transaction));
        }
        let id = transaction.id.clone();
        // A payout is in no settlement: it is the total of one.
        if transaction.event != MoneyEvent::Payout {
            self.released[group].insert((transaction.released_at(), id.clone()), Arc::clone(&transaction));
        }
        self.posted.insert((transaction.posted_at, id), transaction);
    }

    fn take_out(&mut self, transaction: &Transaction) {
        let id = transaction.id.clone();
        self.released[transaction.group.index()].remove(&(transaction.released_at(), id.clone()));
        self.posted.remove(&(transaction.posted_at, id));
    }

    /// Closes every settlement that ends up to `now`.
    pub(crate) fn close(&mut self, cycle: &Cycle<'_>, now: Timestamp) {
        loop {
            let next = self.chains.iter().enumerate().min_by_key(|(_, chain)| chain.next_end());
            let Some((index, end)) = next.map(|(index, chain)| (index, chain.next_end())) else { return };
            if end > now {
                return;
            }
            let since = self.chains[index].since();
            let own = &self.released[index];
            let range = (since, String::new())..(end, String::new());
            let transactions: Vec<Arc<Transaction>> = own.range(range).map(|(_, own)| Arc::clone(own)).collect();
            let more = own.range((end, String::new())..).next().is_some() || cycle.goes_on;
            let closed = self.chains[index].close(cycle, transactions, more);
            if let Some(settlement) = closed.settlement {
                self.settlements.push(Arc::new(settlement));
            }
            closed.follow_up.into_iter().for_each(|transaction| self.add(transaction));
        }
    }

    /// Settlements closed so far, in order of closing.
    pub(crate) fn settlements(&self) -> &[Arc<Settlement>] {
        &self.settlements
    }

    /// Events posted from `after` up to before `before`, in order of posting.
    pub(crate) fn posted(&self, after: Timestamp, before: Timestamp) -> impl Iterator<Item = &Arc<Transaction>> {
        let range = if after < before { after..before } else { before..before };
        self.posted.range((range.start, String::new())..(range.end, String::new())).map(|(_, own)| own)
    }

    /// Events whose money was held back and is released from `after` up to before `before`, in order of release in each group.
    pub(crate) fn released(&self, after: Timestamp, before: Timestamp) -> impl Iterator<Item = &Arc<Transaction>> {
        let range = (after.min(before), String::new())..(before, String::new());
        let own = self.released.iter().flat_map(move |own| own.range(range.clone()).map(|(_, own)| own));
        own.filter(|own| own.deferral.is_some())
    }

    /// What a group holds for the seller at `now`: its settlement that is open must be the last one it has.
    pub(crate) fn balance(&self, group: &Group, now: Timestamp) -> Balance {
        let chain = &self.chains[group.index()];
        let reserve = self.settlements.iter().rfind(|own| own.group == group).map_or(0, |own| own.reserve);
        let own = &self.released[group.index()];
        let until = now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now);
        let open: i64 =
            own.range((chain.since(), String::new())..(until, String::new())).map(|(_, own)| own.total()).sum();
        let later = own.range((until, String::new())..).map(|(_, own)| own);
        let deferred = later.filter(|own| own.posted_at <= now && own.deferral.is_some()).map(|own| own.total()).sum();
        Balance { available: open - reserve, deferred, reserve }
    }

    /// Id of the event group that is open, and since when it is.
    pub(crate) fn open_group(&self, group: &Group) -> (String, Timestamp) {
        let chain = &self.chains[group.index()];
        (chain.event_group_id(), chain.since())
    }

    /// Events about an order.
    pub(crate) fn of_order(&self, id: &str) -> &[Arc<Transaction>] {
        self.by_order.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// When the last event that is known is released.
    pub(crate) fn last_release(&self) -> Option<Timestamp> {
        self.released.iter().filter_map(|own| own.last_key_value()).map(|((at, _), _)| *at).max()
    }
}
