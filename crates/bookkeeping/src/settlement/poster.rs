//! Takes rows as they come, in bounded memory: fees are summed at once, items of orders are packed until the end.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Country, NominalCode, SettlementRow, VatRate};
use money::{Currency, Money};

use super::book::{BankText, Book, Cause, Doc, Group, Journal, LineId, LineKey, Via};
use super::calendar::{Calendar, DayId};
use super::evidence::{Evidence, KnownOrder};
use super::fee::{FeeRate, plan};
use super::items::{Fragments, Item, Key, hash};
use super::links::{CARRIED, FOLDED, IGNORED, RowLinks};
use super::market::{Site, site};
use super::rules::{DeferredOn, FeeForm, Mode, Rules};
use super::tasks::Tasks;
use super::texts::Texts;
use super::value::{Scene, ends};
use super::vocabulary::Source;
use super::words::{Fee, Reading, Why, WordId, Words};
use crate::{Problem, Role};

/// Posts one settlement: [`Poster::push`] its rows in any order, then [`Poster::finish`].
pub struct Poster<'a> {
    pub(super) rules: &'a Rules,
    pub(super) evidence: &'a Evidence,
    pub(super) known: Vec<(&'a str, &'a KnownOrder)>,
    pub(super) by_order: HashMap<&'a str, u32>,
    pub(super) words: Words<'a>,
    pub(super) calendar: Calendar<'a>,
    pub(super) currency: Currency,
    pub(super) sites: Vec<(String, Option<Site>)>,
    pub(super) skus: Texts,
    pub(super) texts: Texts,
    pub(super) fragments: Fragments,
    pub(super) book: Book,
    pub(super) tasks: Tasks,
    pub(super) links: RowLinks,
    pub(super) totals: Totals,
    pub(super) loans: Vec<LoanRow>,
    pub(super) stock: Vec<StockRow>,
    /// Amounts that deferred orders moved, by evidence number.
    pub(super) deferred: HashMap<u32, i64>,
    /// Foreign and home sums by day, for the pennies of conversion.
    pub(super) converted: Vec<(i128, i128)>,
    /// Days on which a rate was needed and is missing.
    pub(super) no_rate: Vec<DayId>,
    undated: Vec<OwnRow>,
    open: Open,
    plans: HashMap<PlanKey, Plan>,
    refused: Option<Problem>,
    keep_texts: bool,
    /// The triple that stands for rows with a broken field.
    broken: Option<WordId>,
}

/// Sums over all rows, in minor units.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) rows: u64,
    /// Sum of the rows that count.
    pub(super) sum: i128,
    /// Sum of payouts that stand as rows.
    pub(super) payouts: i128,
    /// Debt carried from the settlement before.
    pub(super) carried: i128,
    pub(super) carried_rows: u64,
    /// Reserve that was released, and held.
    pub(super) released: i128,
    pub(super) held: i128,
    /// What invoices of before hold of the rows.
    pub(super) held_before: i128,
    /// Deferred and not released.
    pub(super) unreleased: i128,
    /// What rows are worth in home currency, where documents are converted.
    pub(super) home: i128,
    /// The debt that was carried in, in home currency.
    pub(super) carried_home: i64,
}

/// A row of a loan: few, and each needs its own line of the lender's statement.
pub(super) struct LoanRow {
    pub(super) day: DayId,
    pub(super) word: WordId,
    pub(super) minor: i64,
    pub(super) line: u64,
    pub(super) link: usize,
}

/// A row that moves stock.
pub(super) struct StockRow {
    pub(super) day: DayId,
    pub(super) word: WordId,
    pub(super) sku: u32,
    pub(super) units: Option<i64>,
    pub(super) out: bool,
    pub(super) line: u64,
}

/// A row without a day: it takes that of the settlement, which is known at the end.
struct OwnRow {
    link: usize,
    line: u64,
    word: WordId,
    amount: i64,
    quantity: Option<i64>,
    order: String,
    order_line: String,
    adjustment: String,
    shipment: String,
    marketplace: String,
    sku: String,
}

/// What of a row matters here.
#[derive(Clone, Copy)]
struct Fields<'r> {
    link: usize,
    line: u64,
    word: WordId,
    minor: i64,
    day: DayId,
    quantity: Option<i64>,
    order: &'r str,
    order_line: &'r str,
    adjustment: &'r str,
    shipment: &'r str,
    site: u16,
    sku: &'r str,
}

/// The item whose rows come now.
#[derive(Default)]
struct Open {
    active: bool,
    kind: u16,
    order: String,
    line: String,
    part: String,
    /// Whether day and site tell it apart: its rows name no order, or a refund without an adjustment id.
    dated: bool,
    item: Item,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PlanKey {
    word: WordId,
    site: u16,
    day: DayId,
    via: Via,
    from: Country,
    to: Option<Country>,
}

/// Where rows of a fee go.
#[derive(Clone, Copy)]
struct Plan {
    line: LineId,
    rate: FeeRate,
    /// Lines of the reverse-charge journal: input VAT, output VAT.
    reverse: Option<(LineId, LineId)>,
    suspense: Option<Cause>,
}

impl<'a> Poster<'a> {
    /// A poster for rows of `source` in `currency`.
    pub fn new(rules: &'a Rules, evidence: &'a Evidence, source: Source, currency: Currency) -> Poster<'a> {
        let known: Vec<(&str, &KnownOrder)> =
            evidence.orders.iter().map(|(order, known)| (order.as_str(), known)).collect();
        let by_order = known.iter().zip(0..).map(|((order, _), number)| (*order, number)).collect();
        Poster {
            rules,
            evidence,
            keep_texts: rules.mode == Mode::PerOrder || !rules.policy.vat.by_order_line.is_empty(),
            known,
            by_order,
            words: Words::new(rules, source),
            calendar: Calendar::new(rules, currency),
            currency,
            sites: Vec::new(),
            skus: Texts::default(),
            texts: Texts::default(),
            fragments: Fragments::default(),
            book: Book::default(),
            tasks: Tasks::default(),
            links: RowLinks::default(),
            totals: Totals::default(),
            loans: Vec::new(),
            stock: Vec::new(),
            deferred: HashMap::new(),
            converted: Vec::new(),
            no_rate: Vec::new(),
            undated: Vec::new(),
            open: Open::default(),
            plans: HashMap::new(),
            refused: None,
            broken: None,
        }
    }

    /// Takes a row. What is wrong with it is said by [`Poster::finish`]: a row is never lost, and never stops the others.
    pub fn push(&mut self, row: &SettlementRow<'_>) {
        if row.amount.currency() != self.currency {
            self.refuse(mixed_currencies(row, self.currency));
            return;
        }
        let Some(word) = self.words.number(row.kind, row.class, row.name) else {
            self.refuse(too_many("different kinds of rows"));
            return;
        };
        self.totals.rows += 1;
        let link = self.links.row(row.line, word);
        let minor = row.amount.minor();
        match self.words.get(word).reading {
            Reading::Ignored => return self.links.set(link, IGNORED),
            Reading::Payout => {
                self.totals.payouts += i128::from(minor);
                return self.links.set(link, IGNORED);
            }
            _ => self.totals.sum += i128::from(minor),
        }
        let day = match (row.posted_at, row.posted_on) {
            (Some(at), _) => self.calendar.of_moment(at),
            (None, Some(on)) => self.calendar.of_date(on),
            (None, None) => {
                self.undated.push(OwnRow::of(row, word, link));
                return;
            }
        };
        let Some(day) = day else {
            self.refuse(too_many("different days"));
            return;
        };
        let Some(site) = self.site(row.marketplace) else { return };
        self.dated(Fields {
            link,
            line: row.line,
            word,
            minor,
            day,
            quantity: row.quantity,
            order: row.order.trim(),
            order_line: row.order_line.trim(),
            adjustment: row.adjustment.trim(),
            shipment: row.shipment.trim(),
            site,
            sku: row.sku.trim(),
        });
    }

    /// Puts an amount of a row that could not be read otherwise (a broken field) on suspense, visibly.
    pub fn push_broken(&mut self, line: u64, amount: Money, posted_at: Option<Timestamp>) {
        if amount.currency() != self.currency {
            self.refuse(too_many("currencies"));
            return;
        }
        let Some(word) = self.words.number("", "", "(a row with a broken field)") else { return };
        self.broken = Some(word);
        self.totals.rows += 1;
        self.totals.sum += i128::from(amount.minor());
        let link = self.links.row(line, word);
        let day = posted_at.and_then(|at| self.calendar.of_moment(at));
        match day {
            Some(day) => {
                let line_id = self.suspend(Cause::Broken, day, amount.minor(), 1, line, Via::Clearing);
                self.links.set(link, line_id);
            }
            None => self.undated.push(OwnRow {
                link,
                line,
                word,
                amount: amount.minor(),
                quantity: None,
                order: String::new(),
                order_line: String::new(),
                adjustment: String::new(),
                shipment: String::new(),
                marketplace: String::new(),
                sku: String::new(),
            }),
        }
    }

    pub(super) fn refuse(&mut self, problem: Problem) {
        self.refused.get_or_insert(problem);
    }

    pub(super) fn refused(&mut self) -> Option<Problem> {
        self.refused.take()
    }

    /// Gives rows without a day the day `on`, and packs the last item.
    pub(super) fn complete(&mut self, on: Option<Date>) {
        let undated = std::mem::take(&mut self.undated);
        let latest = self.calendar.days().iter().map(|day| day.date).max();
        if !undated.is_empty() {
            let Some(on) = on.or(latest) else {
                self.refuse(Problem::new(
                    "no_date",
                    format!("line {}", undated[0].line),
                    "Neither the rows nor the head of this settlement say when anything was posted. Nothing is posted.",
                    "Download the settlement again from Seller Central.",
                ));
                return;
            };
            let Some(day) = self.calendar.of_date(on) else {
                self.refuse(too_many("different days"));
                return;
            };
            for row in &undated {
                let Some(site) = self.site(&row.marketplace) else { return };
                self.dated(row.fields(day, site));
            }
        }
        self.close();
    }

    fn dated(&mut self, row: Fields<'_>) {
        match self.words.get(row.word).reading {
            Reading::Item(_) => self.item(row),
            Reading::Fee(fee) => self.fee(row, fee),
            Reading::Plain { role, stock } => self.plain(row, role, stock),
            Reading::Movement(role) => self.movement(row, role),
            Reading::Loan => self.loans.push(LoanRow {
                day: row.day,
                word: row.word,
                minor: row.minor,
                line: row.line,
                link: row.link,
            }),
            Reading::Carried => {
                self.totals.carried += i128::from(row.minor);
                self.totals.carried_rows += 1;
                self.links.set(row.link, CARRIED);
            }
            Reading::Suspense(why) => self.waits(row, why),
            Reading::Payout | Reading::Ignored => self.links.set(row.link, IGNORED),
        }
    }

    // Items.

    fn item(&mut self, row: Fields<'_>) {
        let word = self.words.get(row.word);
        let (kind, event) = (word.kind, word.event);
        let line = if row.order_line.is_empty() { row.sku } else { row.order_line };
        let part = if event.is_refund() { row.adjustment } else { row.shipment };
        let open = &self.open;
        let same = open.active
            && open.kind == kind
            && open.order == row.order
            && open.line == line
            && open.part == part
            && (!open.dated || (open.item.day == row.day && open.item.site == row.site));
        if !same {
            self.close();
            self.begin(&row, kind, line, part, row.order.is_empty() || (event.is_refund() && part.is_empty()));
        }
        let Some(fragment) = self.fragments.next() else {
            self.refuse(too_many("items of orders"));
            return;
        };
        self.links.set_item(row.link, fragment);
        let sku = if self.skus.get(self.open.item.sku) == row.sku { self.open.item.sku } else { self.sku(row.sku) };
        let goods = matches!(
            self.words.get(row.word).reading,
            Reading::Item(piece) if piece.slot == super::words::Slot::Goods && piece.part == super::words::Part::Amount
        );
        let item = &mut self.open.item;
        if !item.add(row.word, row.minor) {
            self.book.overflow = true;
        }
        let item = &mut self.open.item;
        if self.calendar.day(row.day).date < self.calendar.day(item.day).date {
            item.day = row.day;
        }
        if sku != item.sku && !row.sku.is_empty() && (item.sku == 0 || row.sku < self.skus.get(item.sku)) {
            item.sku = sku;
        }
        if row.site != item.site && self.sites[usize::from(row.site)].0 > self.sites[usize::from(item.site)].0 {
            item.site = row.site;
        }
        if goods && let Some(units) = row.quantity {
            item.units = Some(item.units.unwrap_or(0).saturating_add(units));
        }
        item.first_line = item.first_line.min(row.line);
    }

    fn begin(&mut self, row: &Fields<'_>, kind: u16, line: &str, part: &str, dated: bool) {
        let site = self.sites[usize::from(row.site)].0.clone();
        let day = if dated { self.calendar.day(row.day).date.to_string() } else { String::new() };
        let (kind_text, own) = (self.words.kind(kind).to_owned(), if dated { site.as_str() } else { "" });
        let unlinked = if row.order.is_empty() { [kind_text.as_str(), day.as_str(), own] } else { ["", "", ""] };
        let key = Key {
            line: hash(1, &[row.order, line, unlinked[0], unlinked[1], unlinked[2]]),
            event: hash(2, &[&kind_text, row.order, line, part, &day, own]),
        };
        let known = self.known_number(row.order);
        let keep = self.keep_texts || known != 0;
        let mut number = |text: &str| if keep { self.texts.number(text).unwrap_or(0) } else { 0 };
        let item = Item {
            key,
            day: row.day,
            site: row.site,
            sku: 0,
            known,
            linked: !row.order.is_empty(),
            order: number(row.order),
            line: number(line),
            part: number(part),
            units: None,
            first_line: row.line,
            rows: 0,
            pieces: std::mem::take(&mut self.open.item.pieces),
        };
        let open = &mut self.open;
        (open.active, open.kind, open.dated) = (true, kind, dated);
        for (own, text) in [(&mut open.order, row.order), (&mut open.line, line), (&mut open.part, part)] {
            own.clear();
            own.push_str(text);
        }
        open.item = item;
        open.item.pieces.clear();
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.open.active) {
            self.fragments.push(&self.open.item);
        }
    }

    // Fees.

    fn fee(&mut self, row: Fields<'_>, fee: Fee) {
        let known = self.known_number(row.order);
        let (day, via) = self.deferral(known, row.day, !self.words.get(row.word).event.is_refund());
        let (from, to) = match &self.sites[usize::from(row.site)].1 {
            Some(site) => ends(&self.scene(site, day, row.sku, known)),
            None => (Country::GB, None),
        };
        let key = PlanKey { word: row.word, site: row.site, day, via, from, to };
        let plan = match self.plans.get(&key) {
            Some(plan) => *plan,
            None => {
                let plan = self.plan(key, fee);
                self.plans.insert(key, plan);
                plan
            }
        };
        if let Some(cause) = plan.suspense {
            let line = self.suspend(cause, day, row.minor, 1, row.line, via);
            return self.links.set(row.link, line);
        }
        let (net, vat) = plan.rate.split(row.minor);
        let (net, vat) = (self.converted(day, net), self.converted(day, vat));
        self.convert_sum(day, row.minor, net + vat);
        self.book.add(plan.line, net, vat, 1, row.line);
        self.links.set(row.link, plan.line);
        self.defer(known, via, net + vat);
        if let Some((input, output)) = plan.reverse {
            // Journals are in home currency; `net` already is, where documents are converted.
            let home = if self.converts() { net } else { self.in_home(day, net) };
            let vat = plan.rate.reverse_charge(home);
            self.book.add(input, -vat, 0, 0, row.line);
            self.book.add(output, vat, 0, 0, row.line);
        }
    }

    fn plan(&mut self, key: PlanKey, fee: Fee) -> Plan {
        let waits = |cause| Plan { line: 0, rate: FeeRate::Cost, reverse: None, suspense: Some(cause) };
        let (date, scheme, segment) = {
            let day = self.calendar.day(key.day);
            (day.date, day.scheme, day.segment)
        };
        let Some(site) = self.sites[usize::from(key.site)].1.clone() else { return waits(Cause::Site(key.site)) };
        let Some(plan) = plan(self.rules, date, &site, fee, key.from, key.to) else {
            return waits(Cause::Destination);
        };
        let nominal = self.nominal(fee.role, &site.short, None);
        let rate = self.book.rate(plan.rate.on_line());
        let doc = match self.rules.fee_form(scheme) {
            FeeForm::Bill => Doc::Purchase { company: plan.company, series: fee.series, segment, via: key.via },
            FeeForm::Bank => Doc::Bank { segment, text: BankText::Fee(fee.series), rate, nominal, via: key.via },
        };
        let two_row = match plan.rate {
            FeeRate::Net | FeeRate::Tax => self.words.get(key.word).class.saturating_add(1),
            _ => 0,
        };
        let line = self.book.line(doc, LineKey { nominal, rate, slot: None, order_line: 0, two_row });
        let reverse = (plan.rate == FeeRate::Reverse && self.rules.journals.reverse_charge).then(|| {
            let journal = Doc::Journal { journal: Journal::ReverseCharge, group: Group::Segment { segment, site: 0 } };
            let (input, output) = (self.nominal(Role::VatIn, "", None), self.nominal(Role::VatOut, "", None));
            (self.journal_line(journal, input), self.journal_line(journal, output))
        });
        Plan { line, rate: plan.rate, reverse, suspense: None }
    }

    // Rows of their own.

    fn plain(&mut self, row: Fields<'_>, role: Role, stock: super::vocabulary::StockMove) {
        use super::vocabulary::StockMove;
        let known = self.known_number(row.order);
        let (day, via) = self.deferral(known, row.day, false);
        let nominal = self.nominal(role, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let segment = self.calendar.day(day).segment;
        let doc = Doc::Bank { segment, text: BankText::Word(row.word), rate, nominal, via };
        let line = self.bank(doc, nominal, rate, day, row.minor, row.line);
        self.links.set(row.link, line);
        let amount = self.converted(day, row.minor);
        self.defer(known, via, amount);
        if self.rules.stock.perpetual && stock != StockMove::None {
            let sku = self.sku(row.sku);
            let out = stock == StockMove::Out;
            let units = row.quantity;
            self.stock.push(StockRow { day, word: row.word, sku, units, out, line: row.line });
        }
    }

    fn movement(&mut self, row: Fields<'_>, role: Role) {
        match (role, row.minor < 0) {
            (Role::Reserve, true) => self.totals.held += i128::from(row.minor),
            (Role::Reserve, false) => self.totals.released += i128::from(row.minor),
            _ => {}
        }
        if row.minor == 0 {
            return self.links.set(row.link, FOLDED);
        }
        let doc = Doc::Transfer { day: row.day, role, word: row.word, into: row.minor > 0 };
        let nominal = self.nominal(role, "", None);
        let rate = self.book.rate(VatRate::NoVat);
        let line = self.bank(doc, nominal, rate, row.day, row.minor, row.line);
        self.links.set(row.link, line);
    }

    fn waits(&mut self, row: Fields<'_>, why: Why) {
        let known = self.known_number(row.order);
        let (day, via) = self.deferral(known, row.day, false);
        let cause = if self.broken == Some(row.word) { Cause::Broken } else { Cause::Word(row.word, why) };
        let line = self.suspend(cause, day, row.minor, 1, row.line, via);
        self.links.set(row.link, line);
        let amount = self.converted(day, row.minor);
        self.defer(known, via, amount);
    }

    // Shared by push and finish.

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

    fn site(&mut self, name: &str) -> Option<u16> {
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

impl OwnRow {
    fn of(row: &SettlementRow<'_>, word: WordId, link: usize) -> OwnRow {
        OwnRow {
            link,
            line: row.line,
            word,
            amount: row.amount.minor(),
            quantity: row.quantity,
            order: row.order.trim().to_owned(),
            order_line: row.order_line.trim().to_owned(),
            adjustment: row.adjustment.trim().to_owned(),
            shipment: row.shipment.trim().to_owned(),
            marketplace: row.marketplace.to_owned(),
            sku: row.sku.trim().to_owned(),
        }
    }

    fn fields(&self, day: DayId, site: u16) -> Fields<'_> {
        Fields {
            link: self.link,
            line: self.line,
            word: self.word,
            minor: self.amount,
            day,
            quantity: self.quantity,
            order: &self.order,
            order_line: &self.order_line,
            adjustment: &self.adjustment,
            shipment: &self.shipment,
            site,
            sku: &self.sku,
        }
    }
}

fn mixed_currencies(row: &SettlementRow<'_>, currency: Currency) -> Problem {
    Problem::new(
        "mixed_currencies",
        format!("line {}", row.line),
        format!(
            "The settlement is in {currency}, but this row is in {}. Amounts of two currencies are never added. Nothing is posted.",
            row.amount.currency()
        ),
        "Download the settlement again from Seller Central; post each currency's settlement by itself.",
    )
}

fn too_many(what: &str) -> Problem {
    Problem::new(
        "too_large",
        "settlement",
        format!("The settlement has more {what} than can be told apart. Nothing is posted."),
        "Check that the file is a settlement; split it by period if it is.",
    )
}
