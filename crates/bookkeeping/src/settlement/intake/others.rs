//! Rows that stand for themselves: compensation, transfers, and what waits for a person.

use model::VatRate;

use super::Fields;
use crate::Role;
use crate::settlement::book::{BankText, Cause, Doc};
use crate::settlement::links::FOLDED;
use crate::settlement::poster::{Poster, StockRow};
use crate::settlement::vocabulary::StockMove;
use crate::settlement::words::Why;

impl Poster<'_> {
    pub(in crate::settlement) fn plain(&mut self, row: Fields<'_>, role: Role, stock: StockMove) {
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

    pub(in crate::settlement) fn movement(&mut self, row: Fields<'_>, role: Role) {
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

    pub(in crate::settlement) fn waits(&mut self, row: Fields<'_>, why: Why) {
        let known = self.known_number(row.order);
        let (day, via) = self.deferral(known, row.day, false);
        let cause = if self.broken == Some(row.word) { Cause::Broken } else { Cause::Word(row.word, why) };
        let line = self.suspend(cause, day, row.minor, 1, row.line, via);
        self.links.set(row.link, line);
        let amount = self.converted(day, row.minor);
        self.defer(known, via, amount);
    }
}
