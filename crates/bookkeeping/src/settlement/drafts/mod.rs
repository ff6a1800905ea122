//! Documents from sums: keys, days, texts, payments, and the payout.

mod money_movement;
mod names;
mod purchase;
mod sales;

use std::collections::{BTreeMap, HashMap};

use jiff::Span;
use jiff::civil::Date;
use model::{Draft, ExchangeRate, NominalCode, PaymentDraft, PaymentMethodId, Settlement};
use money::{Currency, Money};

use super::book::{Doc, LineId, Via};
use super::evidence::KnownOrder;
use super::posted::LateEntry;
use super::poster::Poster;
use super::rules::Method;
use super::tasks::Task;
use crate::sales::{london, payment_marker};
use crate::{Problem, Role};

/// What was made.
pub(super) struct Made {
    pub(super) documents: Vec<Draft>,
    /// Place of each line of the book: document and line of it.
    pub(super) places: Vec<Option<(u32, u32)>>,
    pub(super) late: Vec<LateEntry>,
    pub(super) tasks: Vec<Task>,
    /// What the payout takes off the clearing account.
    pub(super) deposit: i64,
}

/// Everything that making documents needs.
pub(super) struct Desk<'d, 'p> {
    pub(super) poster: &'d Poster<'p>,
    pub(super) head: &'d Settlement,
    /// Last day of the settlement.
    pub(super) last: Option<Date>,
    pub(super) clearing: NominalCode,
    pub(super) deferred: NominalCode,
    /// Currency of documents.
    pub(super) currency: Currency,
    /// Names of segments: `2026-11`.
    pub(super) segments: Vec<String>,
    /// Documents of each order, refunds apart: their days and parts.
    pub(super) events: HashMap<(&'d str, bool), Vec<(Date, String)>>,
}

/// A document, the line of it that each line of the book went into, and the day it belongs to.
pub(super) struct Drafted {
    pub(super) draft: Draft,
    pub(super) lines: Vec<(LineId, u32)>,
    pub(super) true_on: Date,
    /// Place among its kind: sales, refunds, bills, bank, transfers, journals.
    pub(super) rank: u8,
}

pub(super) fn make(
    poster: &mut Poster<'_>,
    head: &Settlement,
    last: Option<Date>,
    clearing: NominalCode,
) -> Result<Made, Problem> {
    let deferred = poster.nominal(Role::Deferred, "", None);
    let payout = money_movement::payout(poster, head, clearing)?;
    if let Some(problem) = poster.book.missing_accounts().into_iter().find(|_| uses_deferred(poster)) {
        return Err(problem);
    }
    let home = poster.rules.policy.seller.home;
    let desk = Desk {
        poster,
        head,
        last,
        clearing,
        deferred,
        currency: if poster.converts() { home } else { poster.currency },
        segments: names::segments(poster),
        events: names::events(poster),
    };
    let mut lines: Vec<Vec<LineId>> = vec![Vec::new(); desk.poster.book.docs.len()];
    for (line, state) in (0..).zip(&desk.poster.book.lines) {
        lines[state.doc as usize].push(line);
    }
    let mut drafted = Vec::new();
    let mut tasks = payout.tasks;
    for (doc, lines) in lines.iter().enumerate() {
        match desk.poster.book.docs[doc].doc {
            Doc::Sales { .. } => drafted.extend(sales::draft(&desk, doc, lines)?),
            Doc::Purchase { .. } => drafted.extend(purchase::draft(&desk, doc, lines, &mut tasks)?),
            Doc::Bank { .. } => drafted.extend(money_movement::bank(&desk, doc, lines)?),
            Doc::Transfer { .. } => drafted.extend(money_movement::transfer(&desk, doc, lines)?),
            Doc::Release { .. } => drafted.extend(money_movement::release(&desk, doc, lines)?),
            Doc::Journal { .. } => drafted.extend(money_movement::journal(&desk, doc, lines)?),
        }
    }
    drafted.extend(payout.documents);
    Ok(finish(&desk, drafted, tasks, payout.amount))
}

fn uses_deferred(poster: &Poster<'_>) -> bool {
    poster.book.docs.iter().any(|doc| match doc.doc {
        Doc::Sales { via, .. } | Doc::Purchase { via, .. } | Doc::Bank { via, .. } => via == Via::Deferred,
        Doc::Release { .. } => true,
        Doc::Transfer { .. } | Doc::Journal { .. } => false,
    })
}

/// Puts documents in order, tells equal keys and references apart, and notes those that are late.
fn finish(desk: &Desk<'_, '_>, mut drafted: Vec<Drafted>, tasks: Vec<Task>, deposit: i64) -> Made {
    drafted.sort_by_cached_key(|one| {
        (one.rank, one.true_on, one.draft.key().clone(), one.draft.reference().to_owned(), describe(&one.draft))
    });
    let (mut keys, mut references) = (BTreeMap::new(), BTreeMap::new());
    let mut made = Made {
        documents: Vec::with_capacity(drafted.len()),
        places: vec![None; desk.poster.book.lines.len()],
        late: Vec::new(),
        tasks,
        deposit,
    };
    for one in drafted {
        let number = made.documents.len();
        for (line, place) in one.lines {
            made.places[line as usize] = Some((number as u32, place));
        }
        let posted_on = one.draft.on();
        if posted_on != one.true_on {
            made.late.push(LateEntry { document: number, true_on: one.true_on, posted_on });
        }
        made.documents.push(names::apart(one.draft, &mut keys, &mut references));
    }
    made
}

/// What tells two documents of one key apart: their texts and amounts.
fn describe(draft: &Draft) -> (String, i64) {
    let text = match draft {
        Draft::Bank(draft) => draft.description.clone(),
        Draft::Transfer(draft) => draft.description.clone(),
        Draft::Journal(draft) => draft.description.clone(),
        Draft::Payment(draft) => draft.description.clone(),
        Draft::Allocation(draft) => draft.reference.clone(),
        Draft::Purchase(draft) => draft.supplier.name.clone(),
        Draft::Sales(draft) => draft.customer.name.clone(),
    };
    (text, draft.amount().map_or(0, Money::minor))
}

impl Desk<'_, '_> {
    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// The day a document is posted on: the first open one, if its own is locked.
    pub(super) fn open_day(&self, on: Date) -> Date {
        match self.poster.rules.periods.locked_until {
            Some(locked) if on <= locked => locked.tomorrow().unwrap_or(on),
            _ => on,
        }
    }

    /// What is added to the text of a document that is posted on another day than its own.
    pub(super) fn late_text(&self, on: Date) -> String {
        if self.open_day(on) == on { String::new() } else { format!(" (belongs to {on}; that period is locked)") }
    }

    /// The day of documents of a segment: its last, or that of the settlement if it ends before.
    pub(super) fn segment_day(&self, segment: u16) -> Date {
        let calendar = &self.poster.calendar;
        let latest = calendar.days().iter().filter(|day| day.segment == segment).map(|day| day.date).max();
        let end = calendar.segment(segment);
        let last = self.last.into_iter().chain(latest).max();
        match (end, last) {
            (Some(end), Some(last)) => end.min(last),
            (end, last) => end.or(last).unwrap_or(Date::MIN),
        }
    }

    pub(super) fn segment(&self, segment: u16) -> &str {
        &self.segments[usize::from(segment)]
    }

    /// The reference of a document of the settlement.
    pub(super) fn reference(&self, part: &str) -> String {
        format!("{}S-{}-{part}", self.poster.rules.policy.invoices.prefix, self.head.id)
    }

    /// How documents get to home currency, if they are in another.
    pub(super) fn rate(&self, on: Date) -> Option<ExchangeRate> {
        let policy = &self.poster.rules.policy;
        (self.currency != policy.seller.home).then(|| policy.rates.find(self.currency, on)).flatten()
    }

    /// A note on converted amounts.
    pub(super) fn conversion_text(&self, on: Date) -> String {
        if !self.poster.converts() {
            return String::new();
        }
        match self.poster.rules.policy.rates.find(self.poster.currency, on) {
            Some(rate) => format!(" ({} at {} per {})", self.poster.currency, rate.per_home, self.currency),
            None => format!(" ({})", self.poster.currency),
        }
    }

    pub(super) fn account(&self, via: Via) -> NominalCode {
        if via == Via::Deferred { self.deferred } else { self.clearing }
    }

    /// The payment that goes with a document.
    pub(super) fn payment(&self, key: &model::DocumentKey, via: Via, amount: Money, on: Date) -> PaymentDraft {
        let policy = &self.poster.rules.policy;
        let method = policy.invoices.payment.as_ref().map_or(PaymentMethodId(0), |rule| rule.method);
        let direct = self.poster.rules.method == Method::DirectBank;
        let on = self.head.deposit_on.filter(|_| direct).map_or(on, london);
        PaymentDraft { account: self.account(via), method, amount, on, note: payment_marker(key) }
    }

    pub(super) fn due(&self, on: Date) -> Date {
        let days = i64::from(self.poster.rules.policy.invoices.due_days);
        on.checked_add(Span::new().days(days)).unwrap_or(on)
    }

    pub(super) fn sum(&self, amounts: impl IntoIterator<Item = Money>) -> Result<Money, Problem> {
        Money::sum(self.currency, amounts).map_err(|error| Problem::arithmetic("settlement", &error))
    }
}

/// What invoices of before hold of `units` of a line, after those that earlier settlements paid for; all of it if units are not said.
pub(super) fn held_share(order: &KnownOrder, line: &str, units: Option<i64>) -> i64 {
    let of_line = |draft: &&model::DraftLine| {
        line.is_empty() || draft.order_line.as_ref().is_some_and(|own| own.as_str() == line)
    };
    let lines = || order.held.iter().flat_map(|draft| &draft.lines).filter(of_line);
    let gross: i64 = lines().map(|line| line.net.minor() + line.vat.minor()).sum();
    let whole: u64 = lines().map(|line| u64::from(line.units)).sum();
    let settled = u64::from(order.settled_units.get(line).copied().unwrap_or(0));
    let Some(units) = units.and_then(|units| u64::try_from(units).ok()).filter(|_| whole > 0 && !line.is_empty())
    else {
        return if settled == 0 { gross } else { 0 };
    };
    let (from, to) = (settled.min(whole), (settled + units).min(whole));
    money::share(Money::new(gross, Currency::GBP), from, to, whole).map_or(gross, Money::minor)
}
