//! Bank transactions, transfers, journals, and the payout.

use model::{
    BankDraft, DocumentKey, DocumentKind, Draft, JournalDraft, JournalLine, NominalCode, Settlement, Subject,
    TransferDraft, VatRate,
};
use money::Money;
use rust_decimal::Decimal;

use super::names::{key, order_key, slug};
use super::{Desk, Drafted};
use crate::sales::london;
use crate::settlement::book::{BankText, Cause, Doc, Group, Journal, LineId};
use crate::settlement::poster::Poster;
use crate::settlement::rules::Method;
use crate::settlement::tasks::Task;
use crate::settlement::words::WordId;
use crate::{Problem, Role};

const BANK: u8 = 3;
const TRANSFER: u8 = 4;
const JOURNAL: u8 = 5;
const PAYOUT: u8 = 6;

pub(super) fn bank(desk: &Desk<'_, '_>, doc: usize, lines: &[LineId]) -> Result<Option<Drafted>, Problem> {
    let Doc::Bank { segment, text, nominal, via, .. } = desk.poster.book.docs[doc].doc else { return Ok(None) };
    let own = lines.iter().map(|&id| &desk.poster.book.lines[id as usize]);
    let amount = desk.sum(own.clone().flat_map(|line| [desk.money(line.sums.net), desk.money(line.sums.vat)]))?;
    let vat = desk.sum(own.clone().map(|line| desk.money(line.sums.vat)))?;
    if amount.is_zero() && vat.is_zero() {
        return Ok(None);
    }
    let two_row = own.clone().any(|line| line.key.two_row != 0);
    let vat_rate = match own.map(|line| desk.poster.book.rate_of(line.key.rate)).next() {
        // A fee whose VAT has rows of its own is at 0 % if none charges any.
        Some(VatRate::Percent(_)) if two_row && vat.is_zero() => VatRate::Percent(Decimal::ZERO),
        rate => rate.unwrap_or(VatRate::NoVat),
    };
    let on = desk.segment_day(segment);
    let label = label(desk, text);
    let part = format!("{}/{label}", desk.segment(segment));
    let account = desk.poster.rules.policy.accounts.title(nominal);
    let draft = BankDraft {
        key: key(desk, DocumentKind::Bank, part),
        reference: desk.reference(&format!("{}-{}", desk.segment(segment), slug(&label))),
        account: desk.account(via),
        on: value_day(desk, on),
        amount,
        rate: desk.rate(on),
        nominal,
        vat_rate,
        vat,
        description: format!("{label}, {account}{}{}", desk.conversion_text(on), desk.late_text(on)),
        reverses: None,
    };
    let lines = lines.iter().map(|&id| (id, 0)).collect();
    Ok(Some(Drafted { draft: Draft::Bank(draft), lines, true_on: on, rank: BANK }))
}

/// Straight on the bank, the value day is that of the payout.
fn value_day(desk: &Desk<'_, '_>, on: jiff::civil::Date) -> jiff::civil::Date {
    let direct = desk.poster.rules.method == Method::DirectBank;
    desk.head.deposit_on.filter(|_| direct).map_or(desk.open_day(on), london)
}

fn label(desk: &Desk<'_, '_>, text: BankText) -> String {
    match text {
        BankText::Word(word) => word_label(desk.poster, word),
        BankText::Fee(series) => format!("Amazon fees: {}", series.as_str()),
        BankText::Suspense(cause) => format!("Waits: {}", cause_label(desk.poster, cause)),
        BankText::MarketplaceTax => "VAT that Amazon withheld".to_owned(),
        BankText::Rounding => "Pennies of conversion".to_owned(),
        BankText::Tolerance => "Small differences from invoices".to_owned(),
        BankText::Accepted => "Difference that a person accepted".to_owned(),
    }
}

fn word_label(poster: &Poster<'_>, word: WordId) -> String {
    let [kind, class, name] = &poster.words.get(word).text;
    match (name.is_empty(), class.eq_ignore_ascii_case("other-transaction")) {
        (true, _) => format!("{kind} {class}").trim().to_owned(),
        (false, true) => name.clone(),
        (false, false) if class.is_empty() => name.clone(),
        (false, false) => format!("{class}: {name}"),
    }
}

fn cause_label(poster: &Poster<'_>, cause: Cause) -> String {
    match cause {
        Cause::Word(word, _) | Cause::LoneTax(word) => word_label(poster, word),
        Cause::Site(site) => format!("unknown marketplace {}", poster.sites[usize::from(site)].0),
        Cause::Destination => "unknown destination".to_owned(),
        Cause::Class(sku) => format!("no VAT class for {}", poster.skus.get(sku)),
        Cause::OssRate(country) => format!("no One-Stop Shop rate for {country}"),
        Cause::NorthernIreland => "Northern Ireland to the EU".to_owned(),
        Cause::Import => "import without VAT".to_owned(),
        Cause::Broken => "rows with a broken field".to_owned(),
    }
}

pub(super) fn transfer(desk: &Desk<'_, '_>, doc: usize, lines: &[LineId]) -> Result<Option<Drafted>, Problem> {
    let Doc::Transfer { day, role, word, into } = desk.poster.book.docs[doc].doc else { return Ok(None) };
    let own = lines.iter().map(|&id| &desk.poster.book.lines[id as usize]);
    let amount = desk.sum(own.clone().map(|line| desk.money(line.sums.net)))?;
    let Some(other) = own.map(|line| line.key.nominal).next() else { return Ok(None) };
    let on = desk.poster.calendar.day(day).date;
    let label = word_label(desk.poster, word);
    let side = if into { "in" } else { "out" };
    let part = format!("{on}/{}/{side}/{label}", role.as_str());
    let (from, to) = if into { (other, desk.clearing) } else { (desk.clearing, other) };
    let draft = TransferDraft {
        key: key(desk, DocumentKind::Transfer, part),
        reference: desk.reference(&format!("{on}-{}-{side}", slug(&label))),
        from,
        to,
        amount: if amount.is_negative() { amount.negated() } else { amount },
        rate: desk.rate(on),
        on: desk.open_day(on),
        description: format!("{label}{}{}", desk.conversion_text(on), desk.late_text(on)),
        reverses: None,
    };
    let lines = lines.iter().map(|&id| (id, 0)).collect();
    Ok(Some(Drafted { draft: Draft::Transfer(draft), lines, true_on: on, rank: TRANSFER }))
}

pub(super) fn release(desk: &Desk<'_, '_>, doc: usize, lines: &[LineId]) -> Result<Option<Drafted>, Problem> {
    let Doc::Release { day } = desk.poster.book.docs[doc].doc else { return Ok(None) };
    let own = lines.iter().map(|&id| desk.money(desk.poster.book.lines[id as usize].sums.net));
    let amount = desk.sum(own)?;
    if amount.is_zero() {
        return Ok(None);
    }
    let on = desk.poster.calendar.day(day).date;
    let (from, to) = if amount.is_negative() { (desk.clearing, desk.deferred) } else { (desk.deferred, desk.clearing) };
    let draft = TransferDraft {
        key: key(desk, DocumentKind::Transfer, format!("{on}/release")),
        reference: desk.reference(&format!("{on}-release")),
        from,
        to,
        amount: if amount.is_negative() { amount.negated() } else { amount },
        rate: desk.rate(on),
        on: desk.open_day(on),
        description: format!("Deferred money released{}", desk.late_text(on)),
        reverses: None,
    };
    let lines = lines.iter().map(|&id| (id, 0)).collect();
    Ok(Some(Drafted { draft: Draft::Transfer(draft), lines, true_on: on, rank: TRANSFER }))
}

pub(super) fn journal(desk: &Desk<'_, '_>, doc: usize, lines: &[LineId]) -> Result<Option<Drafted>, Problem> {
    let poster = desk.poster;
    let state = &poster.book.docs[doc];
    let Doc::Journal { journal, group } = state.doc else { return Ok(None) };
    // Journals are in home currency, whatever the settlement is in.
    let home = poster.rules.policy.seller.home;
    let mut own: Vec<(NominalCode, i64, LineId)> = lines
        .iter()
        .map(|&id| (&poster.book.lines[id as usize], id))
        .map(|(line, id)| (line.key.nominal, line.sums.net, id))
        .filter(|(_, amount, _)| *amount != 0)
        .collect();
    if own.is_empty() {
        return Ok(None);
    }
    own.sort_by_key(|(nominal, amount, _)| (*amount < 0, *nominal));
    let text = match journal {
        Journal::ReverseCharge => "Reverse charge 20 %".to_owned(),
        Journal::FlatRate => "Flat-rate scheme: the percentage is due, the rest is income".to_owned(),
        Journal::Oss => "One-Stop Shop VAT to its own liability".to_owned(),
        Journal::CostOfSales => "Cost of goods sold".to_owned(),
        Journal::Loan(word) => format!("Loan instalment: {}", word_label(poster, word)),
        Journal::StockOut(word) => format!("Out of stock: {}", word_label(poster, word)),
        Journal::StockIn(word) => format!("Back in stock: {}", word_label(poster, word)),
    };
    let short = match journal {
        Journal::ReverseCharge => "reverse-charge".to_owned(),
        Journal::FlatRate => "flat-rate".to_owned(),
        Journal::Oss => "oss".to_owned(),
        Journal::CostOfSales => "cost-of-sales".to_owned(),
        Journal::Loan(word) => format!("loan-{}", slug(&word_label(poster, word))),
        Journal::StockOut(word) => format!("out-{}", slug(&word_label(poster, word))),
        Journal::StockIn(word) => format!("in-{}", slug(&word_label(poster, word))),
    };
    let (on, place): (_, DocumentKey) = match group {
        Group::Event { order, part, .. } => {
            let on = state.day.unwrap_or(jiff::civil::Date::MIN);
            let part = poster.texts.get(part);
            let part = if part.is_empty() { on.to_string() } else { part.to_owned() };
            (on, order_key(desk, DocumentKind::Journal, poster.texts.get(order), format!("{part}/{short}")))
        }
        Group::Day { day, .. } => {
            let on = poster.calendar.day(day).date;
            (on, key(desk, DocumentKind::Journal, format!("{on}/{short}")))
        }
        Group::Segment { segment, .. } => {
            let on = desk.segment_day(segment);
            (on, key(desk, DocumentKind::Journal, format!("{}/{short}", desk.segment(segment))))
        }
    };
    let reference = match &place.subject {
        Subject::Order(order) => {
            format!("{}{order}/{}", poster.rules.policy.invoices.prefix, slug(&place.part))
        }
        Subject::Settlement { .. } => desk.reference(&slug(&place.part)),
    };
    let draft = JournalDraft {
        key: place,
        reference,
        on: desk.open_day(on),
        currency: home,
        lines: own
            .iter()
            .map(|(nominal, amount, _)| JournalLine {
                nominal: *nominal,
                amount: Money::new(*amount, home),
                description: text.clone(),
            })
            .collect(),
        description: format!("{text}{}", desk.late_text(on)),
        reverses: None,
    };
    let lines = own.iter().zip(0_u32..).map(|((.., id), place)| (*id, place)).collect();
    Ok(Some(Drafted { draft: Draft::Journal(draft), lines, true_on: on, rank: JOURNAL }))
}

/// The payout.
pub(super) struct Payout {
    pub(super) documents: Vec<Drafted>,
    /// What it takes off the clearing account, in the currency of documents.
    pub(super) amount: i64,
    pub(super) tasks: Vec<Task>,
}

/// A transfer of the total to the bank. A negative total pays nothing out: the clearing account closes there.
pub(super) fn payout(poster: &mut Poster<'_>, head: &Settlement, clearing: NominalCode) -> Result<Payout, Problem> {
    let mut payout = Payout { documents: Vec::new(), amount: 0, tasks: Vec::new() };
    let line = poster.evidence.bank;
    let on = line.map(|line| line.on).or_else(|| head.deposit_on.map(london));
    let Some(on) = on.filter(|_| head.total.minor() > 0 && poster.rules.method == Method::Clearing) else {
        return Ok(payout);
    };
    let home = poster.rules.policy.seller.home;
    let converts = poster.converts();
    let currency = if converts { home } else { poster.currency };
    // At the books' rate, so that the clearing account closes; what arrives otherwise is an exchange difference.
    let carried = poster.totals.carried_home;
    let booked = if converts {
        i64::try_from(poster.totals.home - poster.totals.unreleased - poster.totals.held_before + i128::from(carried))
            .map_err(|_| Problem::arithmetic("settlement", &money::MoneyError::TooLarge))?
    } else {
        head.total.minor()
    };
    let other = line.filter(|line| line.amount.currency() != poster.currency);
    let (moved, rate) = match other {
        Some(line) if converts && line.amount.currency() == home => (line.amount.minor(), None),
        Some(line) if line.amount.currency() == home => {
            // The books hold both currencies: the transfer carries the rate that Amazon used.
            let units = Decimal::new(head.total.minor(), poster.currency.decimals());
            let arrived = Decimal::new(line.amount.minor(), home.decimals());
            let per_home = units.checked_div(arrived).unwrap_or(Decimal::ONE);
            (booked, Some(model::ExchangeRate { per_home, source: model::RateSource::Own, on }))
        }
        _ => (booked, (currency != home).then(|| poster.rules.policy.rates.find(currency, on)).flatten()),
    };
    if let Some(line) = line {
        payout.tasks.extend(arrived(head, line.amount, moved, booked, currency));
    }
    let to = poster.nominal(Role::Bank, "", None);
    let subject = Subject::Settlement { id: head.id.clone(), currency: poster.currency };
    let posted_on = match poster.rules.periods.locked_until {
        Some(locked) if on <= locked => locked.tomorrow().unwrap_or(on),
        _ => on,
    };
    let late = if posted_on == on { String::new() } else { format!(" (belongs to {on}; that period is locked)") };
    let reference = |what: &str| format!("{}S-{}-{what}", poster.rules.policy.invoices.prefix, head.id);
    if moved > 0 {
        payout.documents.push(Drafted {
            draft: Draft::Transfer(TransferDraft {
                key: DocumentKey {
                    subject: subject.clone(),
                    kind: DocumentKind::Transfer,
                    part: "payout".to_owned(),
                    ordinal: 1,
                },
                reference: reference("payout"),
                from: clearing,
                to,
                amount: Money::new(moved, currency),
                rate,
                on: posted_on,
                description: format!("Payout of settlement {}{late}", head.id),
                reverses: None,
            }),
            lines: Vec::new(),
            true_on: on,
            rank: PAYOUT,
        });
    }
    let difference = booked - moved;
    if difference != 0 {
        let fx = poster.nominal(Role::Fx, "", None);
        let line = |nominal, amount| JournalLine {
            nominal,
            amount: Money::new(amount, currency),
            description: "Conversion difference".to_owned(),
        };
        payout.documents.push(Drafted {
            draft: Draft::Journal(JournalDraft {
                key: DocumentKey { subject, kind: DocumentKind::Journal, part: "payout/fx".to_owned(), ordinal: 1 },
                reference: format!("{}S-{}-payout-fx", poster.rules.policy.invoices.prefix, head.id),
                on: posted_on,
                currency,
                lines: vec![line(fx, difference), line(clearing, -difference)],
                description: format!("Conversion difference of the payout of settlement {}{late}", head.id),
                reverses: None,
            }),
            lines: Vec::new(),
            true_on: on,
            rank: PAYOUT,
        });
    }
    payout.amount = booked;
    Ok(payout)
}

/// What the bank statement says differs from the settlement: the same currency to the penny, a converted payout within 5 %.
fn arrived(head: &Settlement, amount: Money, moved: i64, booked: i64, currency: money::Currency) -> Option<Task> {
    let same = amount.currency() == head.total.currency();
    let difference = if same { amount.minor() - head.total.minor() } else { moved - booked };
    let far = if same { difference != 0 } else { difference.unsigned_abs() > booked.unsigned_abs() / 20 };
    far.then(|| Task {
        code: "payout_differs",
        in_suspense: false,
        rows_of: None,
        subject: head.id.clone(),
        sum: Money::new(difference, if same { amount.currency() } else { currency }),
        count: 1,
        line: 0,
        cause: format!(
            "The bank shows {amount}, the settlement pays out {}. The settlement's figure was posted.",
            head.total
        ),
        next: "Check that the line of the bank statement belongs to this settlement.".to_owned(),
        high_priority: true,
        suggestions: Vec::new(),
    })
}
