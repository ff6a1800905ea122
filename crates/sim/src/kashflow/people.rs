//! What people do to the books: edit, delete, lock, and make documents where we meant to.
//!
//! Deeds are planned for moments of the sandbox's clock and done before the first request after them, so no task is needed and
//! the same seed does the same. A deed that aims at one of our invoices waits until that invoice is there.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::Account;
use super::day::london_day;
use super::ledger::{BankTransaction, Extras, Invoice, Journal, Ledger, Line, Side};
use crate::world::{Happening, World, WorldOrder};

/// Something a person is going to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Adds a pound to the first line of the invoice with this reference.
    Edit {
        /// Its reference.
        reference: String,
    },
    /// Deletes the invoice with this reference.
    Delete {
        /// Its reference.
        reference: String,
    },
    /// Locks everything up to this day.
    Lock {
        /// The last locked day.
        until: Date,
    },
    /// Changes the text of another of our documents, and a purchase's amount by a pound.
    EditOther {
        /// Which.
        aim: Aim,
    },
    /// Deletes another of our documents, payments and all.
    DeleteOther {
        /// Which.
        aim: Aim,
    },
    /// Locks one bank account up to this day.
    LockBank {
        /// Its id.
        account: i64,
        /// The last locked day.
        until: Date,
    },
    /// Submits the VAT return that ends on this day.
    SubmitVatReturn {
        /// Its last day.
        until: Date,
    },
    /// Makes an invoice of their own, which takes the next number.
    TakeNextNumber,
    /// Makes an invoice by hand with the reference that we are going to use, for another amount.
    UseReference {
        /// The reference.
        reference: String,
    },
}

/// A document of ours that is no invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The purchase with this reference.
    Purchase {
        /// Its reference.
        reference: String,
    },
    /// The first purchase whose reference contains this text.
    PurchaseWith {
        /// Part of its reference.
        text: String,
    },
    /// The first bank transaction or transfer whose comment contains this text.
    Bank {
        /// Part of its comment.
        text: String,
    },
    /// The first journal whose note contains this text.
    Journal {
        /// Part of its note.
        text: String,
    },
}

/// Something a person did.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// When it was done.
    pub at: Timestamp,
    /// What was done.
    pub deed: Deed,
    /// Number of the document it was done to, or id of the bank transaction or VAT return, if one.
    pub number: Option<i64>,
    /// What the document was before.
    pub before: Before,
}

/// A document as it was before somebody did something to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Before {
    /// The deed is about no document.
    Nothing,
    /// There was none: a person made the invoice.
    Absent {
        /// Its number.
        number: i64,
    },
    /// An invoice or a purchase.
    Invoice(Box<Invoice>),
    /// A bank transaction or transfer.
    Transaction(Box<BankTransaction>),
    /// A journal.
    Journal(Box<Journal>),
}

#[derive(Default)]
pub(super) struct People {
    planned: Vec<Planned>,
    done: Vec<Done>,
}

impl People {
    pub(super) fn plan(&mut self, deeds: Vec<Planned>) {
        self.planned.extend(deeds);
        self.planned.sort_by_key(|planned| planned.at);
    }

    pub(super) fn done(&self) -> &[Done] {
        &self.done
    }

    pub(super) fn act(&mut self, account: &Account, now: Timestamp) {
        if self.planned.first().is_none_or(|next| next.at > now) {
            return;
        }
        let due = self.planned.partition_point(|planned| planned.at <= now);
        let mut waiting = Vec::new();
        for planned in self.planned.drain(..due) {
            let before = account.before(&planned.deed);
            match account.carry_out(&planned.deed, now) {
                Some(number) => {
                    let before = match (&planned.deed, number) {
                        (Deed::TakeNextNumber | Deed::UseReference { .. }, Some(number)) => Before::Absent { number },
                        _ => before,
                    };
                    self.done.push(Done { at: now, deed: planned.deed, number, before });
                }
                None => waiting.push(planned),
            }
        }
        self.planned.splice(0..0, waiting);
    }
}

impl Account {
    /// The document that a deed aims at, as it is.
    fn before(&self, deed: &Deed) -> Before {
        let ledger = self.ledger();
        let invoice =
            |side, number| ledger[side].invoices.get(number).cloned().map(|own| Before::Invoice(Box::new(own)));
        let found = match deed {
            Deed::Edit { reference } | Deed::Delete { reference } => {
                number_of(&ledger, Side::Sales, reference).and_then(|number| invoice(Side::Sales, number))
            }
            Deed::EditOther { aim } | Deed::DeleteOther { aim } => aimed_at(&ledger, aim).and_then(|key| match aim {
                Aim::Purchase { .. } | Aim::PurchaseWith { .. } => invoice(Side::Purchases, key),
                Aim::Bank { .. } => {
                    ledger.transactions.get(&key).cloned().map(|own| Before::Transaction(Box::new(own)))
                }
                Aim::Journal { .. } => ledger.journals.get(&key).cloned().map(|own| Before::Journal(Box::new(own))),
            }),
            _ => None,
        };
        found.unwrap_or(Before::Nothing)
    }

    /// Does a deed; `None` when the document it aims at is not there yet.
    fn carry_out(&self, deed: &Deed, now: Timestamp) -> Option<Option<i64>> {
        match deed {
            Deed::Edit { reference } => {
                let number = self.number_of(reference)?;
                self.edit_invoice(number, |invoice| {
                    if let Some(line) = invoice.lines.first_mut() {
                        line.rate += Decimal::ONE;
                    }
                });
                Some(Some(number))
            }
            Deed::Delete { reference } => {
                let number = self.number_of(reference)?;
                self.delete_invoice(number);
                Some(Some(number))
            }
            Deed::Lock { until } => {
                self.lock_until(Some(*until));
                Some(None)
            }
            Deed::EditOther { aim } => self.edit_other(aim).map(Some),
            Deed::DeleteOther { aim } => self.delete_other(aim).map(Some),
            Deed::LockBank { account, until } => {
                let mut ledger = self.ledger();
                let bank = ledger.banks.get_mut(account)?;
                bank.locked_until = Some(*until);
                Some(Some(*account))
            }
            Deed::SubmitVatReturn { until } => Some(Some(self.submit_vat_return(*until))),
            Deed::TakeNextNumber => Some(Some(self.file_invoice(self.by_hand("by telephone", now)))),
            Deed::UseReference { reference } => Some(Some(self.file_invoice(self.by_hand(reference, now)))),
        }
    }

    fn number_of(&self, reference: &str) -> Option<i64> {
        number_of(&self.ledger(), Side::Sales, reference)
    }

    fn edit_other(&self, aim: &Aim) -> Option<i64> {
        const EDITED: &str = "edited by hand";
        let mut ledger = self.ledger();
        let key = aimed_at(&ledger, aim)?;
        match aim {
            Aim::Purchase { .. } | Aim::PurchaseWith { .. } => ledger.change_invoice(Side::Purchases, key, |own| {
                if let Some(line) = own.lines.first_mut() {
                    line.rate += Decimal::ONE;
                }
            }),
            Aim::Bank { .. } => {
                let mut own = ledger.transactions.get(&key)?.clone();
                EDITED.clone_into(&mut own.comment);
                ledger.put_transaction(own);
            }
            Aim::Journal { .. } => {
                let mut own = ledger.journals.get(&key)?.clone();
                EDITED.clone_into(&mut own.note);
                ledger.put_journal(own, Some(key));
            }
        }
        Some(key)
    }

    fn delete_other(&self, aim: &Aim) -> Option<i64> {
        let mut ledger = self.ledger();
        let key = aimed_at(&ledger, aim)?;
        match aim {
            Aim::Purchase { .. } | Aim::PurchaseWith { .. } => _ = ledger.delete_invoice(Side::Purchases, key),
            Aim::Bank { .. } => _ = ledger.take_out_transaction(key),
            Aim::Journal { .. } => _ = ledger.take_out_journal(key),
        }
        Some(key)
    }

    /// An invoice of 1.20 to a customer of their own.
    fn by_hand(&self, reference: &str, now: Timestamp) -> Invoice {
        const CODE: &str = "BYHAND";
        if self.customer(CODE).is_none() {
            self.file_customer(CODE, "GBP", "Domestic");
        }
        let contact_id = self.ledger()[Side::Sales].contacts.by_code(CODE).map_or(0, |customer| customer.id);
        let line = Line {
            description: "Made by hand".to_owned(),
            quantity: Decimal::ONE,
            rate: Decimal::ONE,
            vat_level: Decimal::from(20),
            vat: Decimal::new(20, 2),
            vat_exempt: false,
            nominal: 4200,
            product: None,
            project: None,
            disallowed: false,
        };
        Invoice {
            side: Side::Sales,
            id: 0,
            number: 0,
            contact_id,
            contact_code: CODE.to_owned(),
            reference: reference.to_owned(),
            issued_on: london_day(now),
            due_on: london_day(now),
            currency: "GBP".to_owned(),
            rate: Decimal::ONE,
            lines: vec![line],
            payments: Vec::new(),
            address: None,
            delivery: None,
            created_at: now,
            extras: Extras::new(),
        }
    }
}

/// Number or id of the document that a deed aims at; `None` while it is not there.
fn aimed_at(ledger: &Ledger, aim: &Aim) -> Option<i64> {
    match aim {
        Aim::Purchase { reference } => number_of(ledger, Side::Purchases, reference),
        Aim::PurchaseWith { text } => {
            let mut all = ledger[Side::Purchases].invoices.all();
            all.find(|own| own.reference.contains(text)).map(|own| own.number)
        }
        Aim::Bank { text } => ledger.transactions.values().find(|own| own.comment.contains(text)).map(|own| own.id),
        Aim::Journal { text } => ledger.journals.values().find(|own| own.note.contains(text)).map(|own| own.number),
    }
}

fn number_of(ledger: &Ledger, side: Side, reference: &str) -> Option<i64> {
    let invoices = &ledger[side].invoices;
    let found = invoices.referring_to(reference);
    found.into_iter().find(|number| invoices.get(*number).is_some_and(|own| own.reference.trim() == reference))
}

/// What people do in `world`: one deed of each kind, spread over its life, at ordinary domestic orders.
pub fn plan(world: &World) -> Vec<Planned> {
    let orders = world.orders();
    let mut ordinary: Vec<(Timestamp, &WorldOrder)> =
        orders.iter().filter_map(|order| dispatched_once(order)).collect();
    ordinary.sort_by_key(|(at, _)| *at);
    let reference = |order: &WorldOrder| format!("AMZ-{}", order.id);
    let mut deeds = Vec::new();
    // Each aims at an order of its own: the one that is a fixed part of the way through all dispatches.
    let pick = |percent: usize| ordinary.get(ordinary.len() * percent / 100).copied();
    let soon_after = |at: Timestamp| at.saturating_add(SignedDuration::from_hours(2)).unwrap_or(at);
    if let Some((at, order)) = pick(30) {
        deeds.push(Planned { at: soon_after(at), deed: Deed::Edit { reference: reference(order) } });
    }
    if let Some((at, order)) = pick(40) {
        deeds.push(Planned { at: soon_after(at), deed: Deed::Delete { reference: reference(order) } });
    }
    if let Some((at, _)) = pick(50) {
        deeds.push(Planned { at, deed: Deed::TakeNextNumber });
    }
    if let Some((at, order)) = pick(60) {
        deeds.push(Planned { at: before(at, 60), deed: Deed::UseReference { reference: reference(order) } });
    }
    if let Some((chosen, _)) = pick(80) {
        let day = london_day(chosen);
        // The last dispatch of its day, so that the rest of the day is delivered already.
        let last = ordinary.iter().map(|(at, _)| *at).filter(|at| london_day(*at) == day).max().unwrap_or(chosen);
        deeds.push(Planned { at: before(last, 1), deed: Deed::Lock { until: day } });
    }
    deeds
}

fn before(at: Timestamp, secs: i64) -> Timestamp {
    at.saturating_sub(SignedDuration::from_secs(secs)).unwrap_or(at)
}

/// The dispatch of an order to which nothing else happens that would need a document.
fn dispatched_once(order: &WorldOrder) -> Option<(Timestamp, &WorldOrder)> {
    let cancelled = order.timeline.iter().any(|event| matches!(event.what, Happening::Cancelled { .. }));
    let mut dispatches = order.dispatches();
    let (at, _) = dispatches.next()?;
    let plain = dispatches.next().is_none() && !cancelled && order.quirk.is_none() && order.replaces.is_none();
    (plain && order.marketplace.currency == "GBP" && order.gross() > 0).then_some((at, order))
}
