//! Items are valued when all rows are there: fragments of one event are joined, refunds meet their sale, invoices posted before meet their rows.

use std::collections::HashMap;

use model::VatRate;
use rust_decimal::Decimal;

use super::book::{BankText, Cause, Doc, Group, Journal, LineId, LineKey, Via};
use super::calendar::DayId;
use super::items::{FragmentId, Item};
use super::links::HELD;
use super::market::Site;
use super::poster::Poster;
use super::refund::{self, Given, Original};
use super::rules::Mode;
use super::tasks::Matter;
use super::value::{Note, Scene, Value, Valued, ends, value};
use super::words::{Event, Reading, Slot};
use crate::customers::{CustomerGroup, TaxGroup, border};
use crate::{Role, Treatment, VatScheme};

/// What is collected while items are valued.
#[derive(Default)]
pub(super) struct Settling {
    /// Turnover and output VAT by segment and flat rate.
    pub(super) flat_rate: HashMap<(u16, Decimal), (i64, i64)>,
    /// Rows of orders whose invoices were posted at dispatch.
    pub(super) held: HashMap<u32, Vec<HeldRows>>,
    patterns: HashMap<Vec<(Slot, LineId)>, u32>,
}

/// Rows of one item of such an order.
pub(super) struct HeldRows {
    pub(super) line: String,
    pub(super) units: Option<i64>,
    pub(super) gross: i64,
    pub(super) day: DayId,
    pub(super) rate: VatRate,
    pub(super) percent: u32,
    pub(super) site: u16,
    pub(super) group: CustomerGroup,
    pub(super) first_line: u64,
    pub(super) order: u32,
}

impl Poster<'_> {
    /// Values all items and adds them to the book.
    pub(super) fn settle(&mut self) -> Settling {
        let mut settling = Settling::default();
        let slots = (0..self.words.len()).map(|word| match self.words.get(word).reading {
            Reading::Item(piece) => Some(piece.slot),
            _ => None,
        });
        let slots = slots.collect();
        self.links.expect(self.fragments.len(), slots);
        let shared = self.fragments.shared();
        let mut stands_alone = vec![true; self.fragments.len()];
        for &id in shared.iter().flatten() {
            stands_alone[id as usize] = false;
        }
        for (id, alone) in (0..).zip(stands_alone) {
            if alone {
                self.lone_fragment(id, &mut settling);
            }
        }
        for ids in shared {
            self.order_line(&ids, &mut settling);
        }
        settling
    }

    /// All that happened to a line of an order, if it is one event whose rows followed each other.
    fn lone_fragment(&mut self, id: FragmentId, settling: &mut Settling) {
        let item = self.fragments.get(id);
        if self.event(&item).is_refund() {
            self.refunds(vec![(item, vec![id])], Original::default(), settling);
        } else {
            let value = self.value(&item);
            self.post(&item, &[id], value, settling);
        }
    }

    /// Everything that happened to one line of an order.
    fn order_line(&mut self, fragments: &[FragmentId], settling: &mut Settling) {
        let mut items: Vec<(Item, Vec<FragmentId>)> = Vec::with_capacity(1);
        for &id in fragments {
            let item = self.fragments.get(id);
            match items.last_mut() {
                Some((whole, ids)) if whole.key == item.key => {
                    self.join(whole, item);
                    ids.push(id);
                }
                _ => items.push((item, vec![id])),
            }
        }
        let (refunds, sales): (Vec<_>, Vec<_>) = items.into_iter().partition(|(item, _)| self.event(item).is_refund());
        let mut sold = Original::default();
        for (item, ids) in sales {
            let value = self.value(&item);
            if let Value::Lines(valued) = &value {
                sold.add(valued);
            }
            self.post(&item, &ids, value, settling);
        }
        self.refunds(refunds, sold, settling);
    }

    /// Refunds of one line in the order of their days: VAT given back so far decides what the next gives back.
    fn refunds(&mut self, mut refunds: Vec<(Item, Vec<FragmentId>)>, sold: Original, settling: &mut Settling) {
        if refunds.is_empty() {
            return;
        }
        refunds.sort_by_key(|(item, _)| (self.calendar.day(item.day).date, item.key.event));
        let mut given = Given::default();
        for (item, ids) in refunds {
            let mut value = self.value(&item);
            let original = self.original(&item, sold);
            if let Value::Lines(valued) = &mut value {
                let excess = refund::give_back(valued, original, &mut given);
                if original.is_none() && item.linked && matches!(valued.treatment, Treatment::OwnVat { .. }) {
                    valued.notes.push((Note::Unlinked, valued.lines.iter().map(super::value::ValuedLine::gross).sum()));
                }
                let goodwill = refund::goodwill_above_price(valued, excess, item.linked);
                if goodwill != 0 {
                    self.goodwill(&item, goodwill);
                }
            }
            self.given_back(&item, &value);
            self.post(&item, &ids, value, settling);
        }
    }

    /// Remembers what a refund of a known order gave back: the next settlement goes on from there.
    fn given_back(&mut self, item: &Item, value: &Value) {
        let Value::Lines(valued) = value else { return };
        if item.known == 0 {
            return;
        }
        let settled = self.settled.entry((item.known, item.line)).or_default();
        settled.1 -= valued.lines.iter().map(super::value::ValuedLine::gross).sum::<i64>();
        settled.2 -= valued.lines.iter().map(|line| line.vat).sum::<i64>();
    }

    fn original(&self, item: &Item, sold: Original) -> Option<Original> {
        let known = self.known_order(item.known);
        let line = known.and_then(|order| order.lines.get(self.texts.get(item.line)).or_else(|| order.lines.get("")));
        match line {
            Some(line) => Some(Original::known(line)),
            None => (sold.gross != 0).then_some(sold),
        }
    }

    fn goodwill(&mut self, item: &Item, minor: i64) {
        let nominal = self.nominal(Role::Goodwill, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let segment = self.calendar.day(item.day).segment;
        let word = item.pieces.iter().map(|(word, _)| *word).max_by_key(|word| self.words.get(*word).text.clone());
        let text = BankText::Word(word.unwrap_or(0));
        let doc = Doc::Bank { segment, text, rate, nominal, via: Via::Clearing };
        self.bank(doc, nominal, rate, item.day, minor, item.first_line);
    }

    fn join(&mut self, whole: &mut Item, other: Item) {
        let rows = whole.rows;
        for (word, minor) in other.pieces {
            if !whole.add(word, minor) {
                self.book.overflow = true;
            }
        }
        // `add` counted amounts; what counts is rows.
        whole.rows = rows + other.rows;
        if self.calendar.day(other.day).date < self.calendar.day(whole.day).date {
            whole.day = other.day;
        }
        if other.sku != 0 && (whole.sku == 0 || self.skus.get(other.sku) < self.skus.get(whole.sku)) {
            whole.sku = other.sku;
        }
        if self.sites[usize::from(other.site)].0 > self.sites[usize::from(whole.site)].0 {
            whole.site = other.site;
        }
        whole.units = match (whole.units, other.units) {
            (Some(left), Some(right)) => Some(left.saturating_add(right)),
            (left, right) => left.or(right),
        };
        whole.first_line = whole.first_line.min(other.first_line);
    }

    pub(super) fn event(&self, item: &Item) -> Event {
        item.pieces.first().map_or(Event::Sale, |(word, _)| self.words.get(*word).event)
    }

    fn value(&self, item: &Item) -> Value {
        let total = || item.pieces.iter().map(|(_, minor)| minor).sum();
        let Some(site) = &self.sites[usize::from(item.site)].1 else {
            return Value::Waits(Cause::Site(item.site), total());
        };
        let scene = self.scene_of(item, site);
        match value(item, &self.words, &scene) {
            Value::Waits(Cause::Class(_), total) => Value::Waits(Cause::Class(item.sku), total),
            value => value,
        }
    }

    fn scene_of<'s>(&'s self, item: &'s Item, site: &'s Site) -> Scene<'s> {
        Scene {
            rules: self.rules,
            on: self.calendar.day(item.day).date,
            site,
            sku: self.skus.get(item.sku),
            known: self.known_order(item.known),
            order: self.texts.get(item.order),
            line: self.texts.get(item.line),
        }
    }

    fn post(&mut self, item: &Item, fragments: &[FragmentId], value: Value, settling: &mut Settling) {
        let event = self.event(item);
        let of_sale = !event.is_refund();
        let (day, via) = self.deferral(item.known, item.day, of_sale);
        let rows = u64::from(item.rows);
        let pattern = match value {
            Value::Waits(cause, total) => {
                if total == 0 {
                    Vec::new()
                } else {
                    let line = self.suspend(cause, day, total, rows, item.first_line, via);
                    let amount = self.converted(day, total);
                    self.defer(item.known, via, amount);
                    vec![(Slot::Goods, line)]
                }
            }
            Value::Lines(valued) => self.post_lines(item, event, day, via, &valued, settling),
        };
        if of_sale {
            self.cost_of_sales(item, day);
        }
        if event == Event::Sale && item.known != 0 && self.has_goods(item) {
            let units = item.units.and_then(|units| u32::try_from(units).ok()).unwrap_or(0);
            let settled = self.settled.entry((item.known, item.line)).or_default();
            settled.0 = settled.0.saturating_add(units);
        }
        let number = match settling.patterns.get(&pattern) {
            Some(&number) => number,
            None => {
                let number = self.links.add_pattern(pattern.clone());
                settling.patterns.insert(pattern, number);
                number
            }
        };
        for &fragment in fragments {
            self.links.set_fragment(fragment, number);
        }
    }

    fn post_lines(
        &mut self,
        item: &Item,
        event: Event,
        day: DayId,
        via: Via,
        valued: &Valued,
        settling: &mut Settling,
    ) -> Vec<(Slot, LineId)> {
        for (note, amount) in &valued.notes {
            self.tasks.add(Matter::Note(*note), *amount, 1, item.first_line);
        }
        self.flat_rate(day, valued, settling);
        if valued.wrongly_withheld != 0 {
            self.wrongly_withheld(item, day, via, valued.wrongly_withheld);
        }
        let group = self.customer_group(item, valued.treatment);
        let is_held = self.known_order(item.known).is_some_and(|order| !order.held.is_empty());
        if event == Event::Sale && is_held {
            self.hold(item, day, group, valued, settling);
            return vec![(Slot::Goods, HELD)];
        }
        let mut pattern = Vec::with_capacity(valued.lines.len());
        for line in &valued.lines {
            let nominal = self.nominal_of(line.role, item);
            let rate = self.book.rate(line.rate);
            let doc = self.sales_doc(item, event, day, rate, group, via);
            let of_event = self.rules.mode == Mode::PerOrder;
            let key = LineKey {
                nominal,
                rate,
                slot: of_event.then_some(line.slot),
                order_line: if of_event { item.line } else { 0 },
                two_row: 0,
            };
            let id = self.book.line(doc, key);
            let (net, vat) = (self.converted(day, line.net), self.converted(day, line.vat));
            self.convert_sum(day, line.gross(), net + vat);
            self.book.add(id, net, vat, u64::from(item.rows), item.first_line);
            self.defer(item.known, via, net + vat);
            let on = self.calendar.day(day).date;
            let sites = &self.sites;
            let goes_first = |left: u16, right: u16| sites[usize::from(left)].0 > sites[usize::from(right)].0;
            self.book.note(id, item, group, on, goes_first);
            if line.oss != 0 {
                self.oss(day, nominal, line.oss, item.first_line);
            }
            pattern.push((line.slot, id));
        }
        pattern
    }

    fn nominal_of(&mut self, role: Role, item: &Item) -> model::NominalCode {
        let short = self.sites[usize::from(item.site)].1.as_ref().map_or("", |site| site.short.as_str());
        let sku = (item.sku != 0).then(|| self.skus.get(item.sku));
        let found = self.rules.policy.accounts.find(role, self.currency, short, sku);
        found.unwrap_or_else(|| self.book.miss(role))
    }

    /// The document that a line of an item goes on: the only place where modes differ.
    fn sales_doc(&self, item: &Item, event: Event, day: DayId, rate: u16, customer: CustomerGroup, via: Via) -> Doc {
        let refund = event.is_refund();
        let site = self.site_number(item.site);
        match self.rules.mode {
            Mode::PerOrder if item.linked => {
                let dated = if item.part == 0 { day } else { DayId::MAX };
                let group = Group::Event { order: item.order, part: item.part, day: dated };
                Doc::Sales { refund, group, customer: CustomerGroup::default(), via }
            }
            Mode::PerOrder | Mode::Daily => Doc::Sales { refund, group: Group::Day { day, site, rate }, customer, via },
            Mode::Settlement => {
                let segment = self.calendar.day(day).segment;
                Doc::Sales { refund, group: Group::Segment { segment, site }, customer, via }
            }
        }
    }

    /// Names that mean one site are one.
    fn site_number(&self, site: u16) -> u16 {
        let short = |at: usize| self.sites[at].1.as_ref().map(|site| &site.name);
        let own = short(usize::from(site));
        (0..self.sites.len()).find(|&at| short(at) == own).and_then(|at| u16::try_from(at).ok()).unwrap_or(site)
    }

    fn customer_group(&self, item: &Item, treatment: Treatment) -> CustomerGroup {
        let Some(site) = &self.sites[usize::from(item.site)].1 else { return CustomerGroup::default() };
        let (_, to) = ends(&self.scene_of(item, site));
        let area = self.known_order(item.known).and_then(|order| order.ship_to_area.as_deref());
        CustomerGroup { tax: TaxGroup::of(treatment), border: border(to, area) }
    }

    fn wrongly_withheld(&mut self, item: &Item, day: DayId, via: Via, minor: i64) {
        let nominal = self.nominal(Role::MktTax, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let segment = self.calendar.day(day).segment;
        let doc = Doc::Bank { segment, text: BankText::MarketplaceTax, rate, nominal, via };
        self.bank(doc, nominal, rate, day, minor, item.first_line);
        let amount = self.converted(day, minor);
        self.defer(item.known, via, amount);
    }

    /// Turnover of the flat-rate scheme is gross and includes zero-rated sales, not what is outside the scope of UK VAT.
    fn flat_rate(&mut self, day: DayId, valued: &Valued, settling: &mut Settling) {
        let VatScheme::FlatRate { percent } = self.calendar.day(day).scheme else { return };
        let in_scope = match valued.treatment {
            Treatment::OwnVat { .. } | Treatment::Export => true,
            Treatment::CollectedByMarketplace { zero_rated, .. } => zero_rated,
            Treatment::NotRegistered | Treatment::OutsideScope { .. } => false,
        };
        if !in_scope || !self.rules.journals.flat_rate {
            return;
        }
        let segment = self.calendar.day(day).segment;
        for line in &valued.lines {
            let (net, vat) = (self.in_home(day, line.net), self.in_home(day, line.vat));
            let sums = settling.flat_rate.entry((segment, percent)).or_default();
            match (sums.0.checked_add(net + vat), sums.1.checked_add(vat)) {
                (Some(gross), Some(vat)) => *sums = (gross, vat),
                _ => self.book.overflow = true,
            }
        }
    }

    fn oss(&mut self, day: DayId, nominal: model::NominalCode, minor: i64, first_line: u64) {
        let segment = self.calendar.day(day).segment;
        let doc = Doc::Journal { journal: Journal::Oss, group: Group::Segment { segment, site: 0 } };
        let liability = self.nominal(Role::OssVat, "", None);
        let (from, to) = (self.journal_line(doc, nominal), self.journal_line(doc, liability));
        let home = self.in_home(day, minor);
        self.book.add(from, home, 0, 0, first_line);
        self.book.add(to, -home, 0, 0, first_line);
    }

    /// Whether it is about goods, not only about their delivery.
    fn has_goods(&self, item: &Item) -> bool {
        item.pieces.iter().any(|(word, _)| match self.words.get(*word).reading {
            Reading::Item(piece) => piece.slot == Slot::Goods && piece.part == super::words::Part::Amount,
            _ => false,
        })
    }

    /// Cost of the units that left. A free replacement has no price, so this is all that it posts.
    fn cost_of_sales(&mut self, item: &Item, day: DayId) {
        if !self.rules.stock.perpetual || !self.has_goods(item) {
            return;
        }
        let Some(units) = item.units else {
            self.tasks.add(Matter::NoUnits, 0, 1, item.first_line);
            return;
        };
        let date = self.calendar.day(day).date;
        let cost = self.rules.stock.cost(self.skus.get(item.sku), date);
        let Some(total) = cost.and_then(|cost| cost.times(units).ok()) else {
            self.tasks.add(Matter::NoCost(item.sku), 0, 1, item.first_line);
            return;
        };
        if total.is_zero() {
            return;
        }
        let segment = self.calendar.day(day).segment;
        let group = match self.rules.mode {
            Mode::PerOrder if item.linked => {
                let dated = if item.part == 0 { day } else { DayId::MAX };
                Group::Event { order: item.order, part: item.part, day: dated }
            }
            Mode::PerOrder | Mode::Daily => Group::Day { day, site: 0, rate: 0 },
            Mode::Settlement => Group::Segment { segment, site: 0 },
        };
        let doc = Doc::Journal { journal: Journal::CostOfSales, group };
        let (cogs, stock) = (self.nominal(Role::Cogs, "", None), self.nominal(Role::Stock, "", None));
        let (from, to) = (self.journal_line(doc, cogs), self.journal_line(doc, stock));
        self.book.add(from, total.minor(), 0, 0, item.first_line);
        self.book.add(to, -total.minor(), 0, 0, item.first_line);
        self.book.date(from, date);
    }

    fn hold(&mut self, item: &Item, day: DayId, group: CustomerGroup, valued: &Valued, settling: &mut Settling) {
        let gross = valued.lines.iter().map(super::value::ValuedLine::gross).sum();
        let goods = valued.lines.iter().find(|line| line.slot == Slot::Goods).or(valued.lines.first());
        settling.held.entry(item.known).or_default().push(HeldRows {
            line: self.texts.get(item.line).to_owned(),
            units: item.units,
            gross,
            day,
            rate: goods.map_or(VatRate::NoVat, |line| line.rate),
            percent: valued.class.map_or(0, crate::VatClass::percent),
            site: item.site,
            group,
            first_line: item.first_line,
            order: item.order,
        });
    }
}
