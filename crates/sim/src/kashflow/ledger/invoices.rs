//! Invoices and the one way to change them.

use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{Extras, Json, Ledger, Line, Payment, Side};
use crate::kashflow::day::london_day;
use crate::kashflow::sorted::Sorted;

/// Creations older than this are never hidden from a list, however stale it is.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// An invoice, sent or received, or with a negative total a credit note.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// Sent to a customer or received from a supplier.
    pub side: Side,
    /// Internal id: what credits are addressed by.
    pub id: i64,
    /// Its number, unique on its side of the account.
    pub number: i64,
    /// Internal id of its customer or supplier.
    pub contact_id: i64,
    /// Code of its customer or supplier.
    pub contact_code: String,
    /// `CustomerReference` or `SupplierReference`.
    pub reference: String,
    /// Its date.
    pub issued_on: Date,
    /// When it is due.
    pub due_on: Date,
    /// Currency code.
    pub currency: String,
    /// Units of its currency per pound; 1 in pounds.
    pub rate: Decimal,
    /// Lines, in order.
    pub lines: Vec<Line>,
    /// Payments, oldest id first.
    pub payments: Vec<Payment>,
    /// `Address`.
    pub address: Option<Json>,
    /// `DeliveryAddress`.
    pub delivery: Option<Json>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What else a client has set.
    pub extras: Extras,
}

/// All invoices and the indexes that keep any look-up cheap at a hundred thousand of them.
#[derive(Default)]
pub struct Invoices {
    by_number: HashMap<i64, Invoice>,
    number_of_id: HashMap<i64, i64>,
    pub(in crate::kashflow) numbers: Sorted<i64>,
    pub(in crate::kashflow) by_date: Sorted<(Date, i64)>,
    by_customer: HashMap<i64, Sorted<(Date, i64)>>,
    /// Lower-case reference, and the rest of it after its first hyphen.
    references: BTreeSet<(String, i64)>,
    recent: VecDeque<(Timestamp, i64)>,
    /// Documents with something left to apply, by customer id.
    creditors: HashMap<i64, BTreeSet<i64>>,
    created_in_month: HashMap<(i16, i8), u32>,
}

impl Invoices {
    /// The invoice with this number.
    pub fn get(&self, number: i64) -> Option<&Invoice> {
        self.by_number.get(&number)
    }

    /// The invoice with this internal id.
    pub fn by_id(&self, id: i64) -> Option<&Invoice> {
        self.get(*self.number_of_id.get(&id)?)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_number.len()
    }

    /// All of them, by number.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Invoice> {
        self.numbers.all().iter().filter_map(|number| self.get(*number))
    }

    /// The number that an invoice without one gets: the highest and one.
    pub fn next_number(&self) -> i64 {
        self.numbers.all().last().map_or(1, |highest| highest.saturating_add(1))
    }

    /// Numbers of invoices whose reference, or what follows its first hyphen, starts with `text` in any case.
    pub fn referring_to(&self, text: &str) -> BTreeSet<i64> {
        let text = text.trim().to_lowercase();
        let hits = self.references.range((text.clone(), i64::MIN)..).take_while(|(own, _)| own.starts_with(&text));
        hits.map(|(_, number)| *number).collect()
    }

    /// (date, number) of a customer's documents, in order.
    pub fn of_customer(&self, customer: i64) -> &[(Date, i64)] {
        self.by_customer.get(&customer).map(Sorted::all).unwrap_or_default()
    }

    /// Numbers of a customer's documents that have something left to apply.
    pub fn creditors_of(&self, customer: i64) -> Vec<i64> {
        self.creditors.get(&customer).into_iter().flatten().copied().collect()
    }

    /// Numbers of documents made after `moment`: those that a stale list does not know yet.
    pub fn made_after(&self, moment: Timestamp) -> BTreeSet<i64> {
        self.recent.iter().rev().take_while(|(made, _)| *made > moment).map(|(_, number)| *number).collect()
    }

    /// Documents made in the calendar month of `day`.
    pub fn made_in_month_of(&self, day: Date) -> u32 {
        self.created_in_month.get(&(day.year(), day.month())).copied().unwrap_or(0)
    }

    fn index(&mut self, invoice: &Invoice) {
        self.numbers.insert(invoice.number);
        self.number_of_id.insert(invoice.id, invoice.number);
        self.by_date.insert((invoice.issued_on, invoice.number));
        self.by_customer.entry(invoice.contact_id).or_default().insert((invoice.issued_on, invoice.number));
        self.references.extend(searchable(&invoice.reference).map(|text| (text, invoice.number)));
        if invoice.due() < Decimal::ZERO {
            self.creditors.entry(invoice.contact_id).or_default().insert(invoice.number);
        }
    }

    fn unindex(&mut self, invoice: &Invoice) {
        self.numbers.remove(&invoice.number);
        self.number_of_id.remove(&invoice.id);
        self.by_date.remove(&(invoice.issued_on, invoice.number));
        if let Some(own) = self.by_customer.get_mut(&invoice.contact_id) {
            own.remove(&(invoice.issued_on, invoice.number));
        }
        for text in searchable(&invoice.reference) {
            self.references.remove(&(text, invoice.number));
        }
        if let Some(open) = self.creditors.get_mut(&invoice.contact_id) {
            open.remove(&invoice.number);
        }
    }

    fn remember(&mut self, made: Timestamp, number: i64) {
        self.recent.push_back((made, number));
        while self.recent.front().is_some_and(|(oldest, _)| made.duration_since(*oldest) > REMEMBERED) {
            self.recent.pop_front();
        }
        let day = london_day(made);
        *self.created_in_month.entry((day.year(), day.month())).or_default() += 1;
    }
}

/// The texts under which a reference is found.
fn searchable(reference: &str) -> impl Iterator<Item = String> {
    let whole = reference.trim().to_lowercase();
    let rest = whole.split_once('-').map(|(_, rest)| rest.to_owned()).filter(|rest| !rest.is_empty());
    [Some(whole).filter(|whole| !whole.is_empty()), rest].into_iter().flatten()
}

impl Ledger {
    /// Files `invoice`, in place of the one with number `replaces` if given. Stock, bank and customer figures follow.
    pub(in crate::kashflow) fn put_invoice(&mut self, invoice: Invoice, replaces: Option<i64>) {
        match replaces.and_then(|number| self.take_out(number)) {
            Some(_) => {}
            None => self.invoices.remember(invoice.created_at, invoice.number),
        }
        self.move_stock(&invoice, 1);
        self.move_money(&invoice, 1);
        self.add_to_figures(&invoice, 1);
        self.invoices.index(&invoice);
        self.invoices.by_number.insert(invoice.number, invoice);
    }

    /// Deletes an invoice; its stock goes back and its payments leave the bank.
    pub(in crate::kashflow) fn delete_invoice(&mut self, number: i64) -> Option<Invoice> {
        self.take_out(number)
    }

    fn take_out(&mut self, number: i64) -> Option<Invoice> {
        let old = self.invoices.by_number.remove(&number)?;
        self.invoices.unindex(&old);
        self.move_stock(&old, -1);
        self.move_money(&old, -1);
        self.add_to_figures(&old, -1);
        Some(old)
    }

    fn add_to_figures(&mut self, invoice: &Invoice, sign: i64) {
        let Some(figures) = self.customers.figures_mut(invoice.contact_id) else { return };
        let times = Decimal::from(sign);
        figures.net += invoice.in_home(invoice.net()) * times;
        figures.vat += invoice.in_home(invoice.vat()) * times;
        figures.paid += invoice.in_home(invoice.paid()) * times;
        figures.count += sign;
    }
}
