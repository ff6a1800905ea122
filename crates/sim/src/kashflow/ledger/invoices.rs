//! Invoices and the one way to change them.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Extras, Json, Ledger, Line, Payment, Side};
use crate::kashflow::day::london_day;
use crate::kashflow::sorted::Sorted;

/// An invoice, sent or received, or with a negative total a credit note.
#[derive(Clone, Debug, PartialEq)]
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

/// All invoices of one side and the indexes that keep any look-up cheap at a hundred thousand of them.
#[derive(Default)]
pub struct Invoices {
    by_number: HashMap<i64, Invoice>,
    number_of_id: HashMap<i64, i64>,
    pub(in crate::kashflow) numbers: Sorted<i64>,
    pub(in crate::kashflow) by_date: Sorted<(Date, i64)>,
    by_contact: HashMap<i64, Sorted<(Date, i64)>>,
    /// Lower-case reference, and the rest of it after its first hyphen.
    references: BTreeSet<(String, i64)>,
    /// Documents with something left to apply, by contact id.
    with_credit: HashMap<i64, BTreeSet<i64>>,
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

    /// (date, number) of a contact's documents, in order.
    pub fn of_contact(&self, contact: i64) -> &[(Date, i64)] {
        self.by_contact.get(&contact).map(Sorted::all).unwrap_or_default()
    }

    /// Numbers of a contact's documents that have something left to apply.
    pub fn with_credit(&self, contact: i64) -> Vec<i64> {
        self.with_credit.get(&contact).into_iter().flatten().copied().collect()
    }

    /// Documents made in the calendar month of `day`.
    pub fn made_in_month_of(&self, day: Date) -> u32 {
        self.created_in_month.get(&(day.year(), day.month())).copied().unwrap_or(0)
    }

    fn index(&mut self, invoice: &Invoice) {
        self.numbers.insert(invoice.number);
        self.number_of_id.insert(invoice.id, invoice.number);
        self.by_date.insert((invoice.issued_on, invoice.number));
        self.by_contact.entry(invoice.contact_id).or_default().insert((invoice.issued_on, invoice.number));
        self.references.extend(searchable(&invoice.reference).map(|text| (text, invoice.number)));
        if invoice.due() < Decimal::ZERO {
            self.with_credit.entry(invoice.contact_id).or_default().insert(invoice.number);
        }
    }

    fn unindex(&mut self, invoice: &Invoice) {
        self.numbers.remove(&invoice.number);
        self.number_of_id.remove(&invoice.id);
        self.by_date.remove(&(invoice.issued_on, invoice.number));
        if let Some(own) = self.by_contact.get_mut(&invoice.contact_id) {
            own.remove(&(invoice.issued_on, invoice.number));
        }
        for text in searchable(&invoice.reference) {
            self.references.remove(&(text, invoice.number));
        }
        if let Some(open) = self.with_credit.get_mut(&invoice.contact_id) {
            open.remove(&invoice.number);
        }
    }

    fn count(&mut self, made: Timestamp) {
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
    /// Files `invoice`, in place of the one with number `replaces` if given. Stock, books, bulk payments and the contact's
    /// figures follow.
    pub(in crate::kashflow) fn put_invoice(&mut self, invoice: Invoice, replaces: Option<i64>) {
        let side = invoice.side;
        let old = replaces.and_then(|number| self.take_out(side, number));
        if old.is_none() {
            self[side].invoices.count(invoice.created_at);
        }
        self.carry(&invoice, Decimal::ONE);
        let number = invoice.number;
        let invoices = &mut self[side].invoices;
        invoices.index(&invoice);
        invoices.by_number.insert(number, invoice);
        if let Some(old) = old {
            self.follow_in_bulk(side, &old.payments, number);
        }
    }

    /// Deletes an invoice; its stock goes back, its payments leave the bank, its postings the books.
    pub(in crate::kashflow) fn delete_invoice(&mut self, side: Side, number: i64) -> Option<Invoice> {
        let old = self.take_out(side, number)?;
        self.follow_in_bulk(side, &old.payments, number);
        Some(old)
    }

    /// Changes an invoice in place, with everything that follows from it.
    pub(in crate::kashflow) fn change_invoice(&mut self, side: Side, number: i64, change: impl FnOnce(&mut Invoice)) {
        if let Some(mut invoice) = self[side].invoices.get(number).cloned() {
            change(&mut invoice);
            self.put_invoice(invoice, Some(number));
        }
    }

    fn take_out(&mut self, side: Side, number: i64) -> Option<Invoice> {
        let invoices = &mut self[side].invoices;
        let old = invoices.by_number.remove(&number)?;
        invoices.unindex(&old);
        self.carry(&old, Decimal::NEGATIVE_ONE);
        Some(old)
    }

    /// Carries an invoice into stock, books and figures (`sign` 1) or out of them (-1).
    fn carry(&mut self, invoice: &Invoice, sign: Decimal) {
        self.move_stock(invoice, sign);
        let postings = self.invoice_postings(invoice);
        self.post(&postings, sign);
        let Some(figures) = self[invoice.side].contacts.figures_mut(invoice.contact_id) else { return };
        figures.net += invoice.in_home(invoice.net()) * sign;
        figures.vat += invoice.in_home(invoice.vat()) * sign;
        figures.paid += invoice.in_home(invoice.paid()) * sign;
        figures.count += if sign.is_sign_positive() { 1 } else { -1 };
    }
}
