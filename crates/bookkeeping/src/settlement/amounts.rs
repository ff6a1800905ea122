//! What taking in and finishing share: accounts, tax points of deferred orders, conversion, suspense.

use model::{NominalCode, VatRate};

use super::book::{BankText, Cause, Doc, LineId, LineKey, Via};
use super::calendar::DayId;
use super::evidence::KnownOrder;
use super::market::{Site, site};
use super::poster::{Poster, too_many};
use super::rules::DeferredOn;
use super::value::Scene;
use crate::Role;

impl<'a> Poster<'a> {
    /// Adds an amount without VAT to a line of a document of one account.
    pub(super) fn bank(
        &mut self,
        doc: Doc,
        nominal: NominalCode,
        rate: u16,
        day: DayId,
        minor: i64,
        first_line: u64,
    ) -> LineId {
        let line = self.book.line(doc, LineKey { nominal, rate, slot: None, order_line: 0, two_row: 0 });
        let home = self.converted(day, minor);
        self.convert_sum(day, minor, home);
        self.book.add(line, home, 0, 1, first_line);
        line
    }

    /// Puts an amount on suspense, with a task.
    pub(super) fn suspend(
        &mut self,
        cause: Cause,
        day: DayId,
        minor: i64,
        rows: u64,
        first_line: u64,
        via: Via,
    ) -> LineId {
        let nominal = self.nominal(Role::Suspense, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let segment = self.calendar.day(day).segment;
        let doc = Doc::Bank { segment, text: BankText::Suspense(cause), rate, nominal, via };
        let line = self.bank(doc, nominal, rate, day, minor, first_line);
        self.tasks.waits(cause, minor, rows, first_line);
        line
    }

    pub(super) fn journal_line(&mut self, doc: Doc, nominal: NominalCode) -> LineId {
        let rate = self.book.rate(VatRate::NoVat);
        self.book.line(doc, LineKey { nominal, rate, slot: None, order_line: 0, two_row: 0 })
    }

    /// The account of a role.
    pub(super) fn nominal(&mut self, role: Role, short: &str, sku: Option<&str>) -> NominalCode {
        let found = self.rules.policy.accounts.find(role, self.currency, short, sku);
        found.unwrap_or_else(|| self.book.miss(role))
    }

    pub(super) fn known_number(&self, order: &str) -> u32 {
        if self.known.is_empty() || order.is_empty() {
            return 0;
        }
        self.by_order.get(order).map_or(0, |number| number + 1)
    }

    pub(super) fn known_order(&self, known: u32) -> Option<&'a KnownOrder> {
        known.checked_sub(1).map(|number| self.known[number as usize].1)
    }

    pub(super) fn scene<'s>(&'s self, site: &'s Site, day: DayId, sku: &'s str, known: u32) -> Scene<'s> {
        let on = self.calendar.day(day).date;
        Scene { rules: self.rules, on, site, sku, known: self.known_order(known), order: "", line: "" }
    }

    /// The tax point and the account of a row of an order whose money may be deferred.
    pub(super) fn deferral(&mut self, known: u32, day: DayId, of_sale: bool) -> (DayId, Via) {
        let Some(deferral) = self.known_order(known).and_then(|order| order.deferral) else {
            return (day, Via::Clearing);
        };
        let mut date = self.calendar.day(day).date;
        let mut day = day;
        if of_sale && let Some(shipped) = deferral.shipped_on.filter(|shipped| *shipped < date) {
            date = shipped;
            day = self.calendar.of_date(shipped).unwrap_or(day);
        }
        let waits = deferral.released_on.is_none_or(|released| date < released);
        let own = self.rules.deferred == DeferredOn::OwnAccount;
        (day, if waits && own { Via::Deferred } else { Via::Clearing })
    }

    pub(super) fn defer(&mut self, known: u32, via: Via, amount: i64) {
        if via == Via::Deferred {
            *self.deferred.entry(known).or_default() += amount;
        }
    }

    /// Whether documents are in home currency although the settlement is not.
    pub(super) fn converts(&self) -> bool {
        let policy = &self.rules.policy;
        self.currency != policy.seller.home && !policy.books.currencies.contains(&self.currency)
    }

    /// An amount as documents state it.
    pub(super) fn converted(&mut self, day: DayId, minor: i64) -> i64 {
        if self.converts() { self.in_home(day, minor) } else { minor }
    }

    /// An amount of documents in home currency, for journals.
    pub(super) fn in_home(&mut self, day: DayId, minor: i64) -> i64 {
        match self.calendar.home(day, minor) {
            Some(home) => home,
            None => {
                if !self.no_rate.contains(&day) {
                    self.no_rate.push(day);
                }
                0
            }
        }
    }

    pub(super) fn convert_sum(&mut self, day: DayId, foreign: i64, home: i64) {
        if !self.converts() {
            return;
        }
        let at = usize::from(day);
        if self.converted.len() <= at {
            self.converted.resize(at + 1, (0, 0));
        }
        self.converted[at].0 += i128::from(foreign);
        self.converted[at].1 += i128::from(home);
    }

    pub(super) fn sku(&mut self, sku: &str) -> u32 {
        self.skus.number(sku).unwrap_or(0)
    }

    pub(super) fn site(&mut self, name: &str) -> Option<u16> {
        let found = self.sites.iter().position(|(known, _)| known == name).or_else(|| {
            let found = site(name, self.currency, &self.rules.sites);
            self.sites.push((name.to_owned(), found));
            (self.sites.len() <= 1_000).then(|| self.sites.len() - 1)
        });
        if found.is_none() {
            self.refuse(too_many("different marketplaces"));
        }
        found.and_then(|at| u16::try_from(at).ok())
    }
}
