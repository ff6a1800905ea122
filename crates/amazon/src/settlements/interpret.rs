//! From a row of text to amounts with a meaning: summary, details, and notes of what could not be read.
//!
//! A field that cannot be read never stops the file: an amount makes it unbalanced, every other field is left empty, and the row
//! is marked so that its amount goes to suspense. Nothing is skipped without a note.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{RowDoubt, SettlementRow};
use money::{Currency, Money};

use super::header::{Column, V1_AMOUNTS, normal};
use super::layout::TextRow;
use super::notes::{At, FLAWS_MAX, FlawKind, Head, Notes};
use super::number::{self, NotAnAmount};
use super::plan::{Format, Plan};
use super::stamp::{Quick, Stamp, Written};
use super::{survey, v1};

/// One amount with its row.
pub(crate) struct Detail<'r, 'a> {
    pub(crate) row: &'r TextRow<'a>,
    pub(crate) line: u64,
    pub(crate) kind: &'a str,
    pub(crate) class: &'a str,
    pub(crate) name: &'a str,
    pub(crate) minor: i64,
    pub(crate) posted: Option<Stamp>,
    pub(crate) quantity: Option<i64>,
    pub(crate) doubt: Option<RowDoubt>,
}

/// Reads rows and keeps what it noticed.
pub(crate) struct Interpreter<'p> {
    plan: &'p Plan,
    quick: Quick,
    /// Physical lines before the piece, where they are known.
    pub(crate) lines_before: u64,
    pub(crate) block: u32,
    pub(crate) notes: Notes,
    marketplace: String,
    /// V1 states an item's units on a line of their own, before its amounts: the item and its units.
    units: Option<(String, i64)>,
}

impl<'p> Interpreter<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Interpreter<'p> {
        Interpreter {
            plan,
            quick: Quick::default(),
            lines_before: 0,
            block: 0,
            notes: Notes::default(),
            marketplace: String::new(),
            units: None,
        }
    }

    /// Reads one row and gives its amounts to `each`.
    #[inline]
    pub(crate) fn row<'a>(&mut self, row: &TextRow<'a>, each: &mut impl FnMut(&Detail<'_, 'a>)) {
        match self.plan.format {
            Format::V2 | Format::Xml => self.row_v2(row, each),
            Format::V1 => self.row_v1(row, each),
        }
    }

    #[inline]
    fn row_v2<'a>(&mut self, row: &TextRow<'a>, each: &mut impl FnMut(&Detail<'_, 'a>)) {
        let places = &self.plan.columns;
        let text = row.at(places.amount);
        let (kind, class, name) = (row.at(places.kind), row.at(places.class), row.at(places.name));
        let minor = match number::minor(text, self.plan.decimal, self.plan.currency, self.plan.decimals) {
            Ok(minor) => Ok(minor),
            Err(NotAnAmount::Empty) if class.is_empty() && name.is_empty() => return self.without_amount(row),
            Err(_) if self.is_header(row) => return,
            Err(error) => Err(error),
        };
        let Some(mut doubt) = self.of_this_settlement(row) else { return };
        let (posted, quantity) = self.rest(row, &mut doubt);
        let Some(minor) = self.amount(row, minor, Column::Amount, text, &mut doubt) else { return };
        let line = self.lines_before + row.line + 1;
        self.transfer(row, kind, minor);
        if self.plan.left_out == Some(line) {
            return;
        }
        each(&Detail { row, line, kind, class, name, minor, posted, quantity, doubt });
    }

    fn row_v1<'a>(&mut self, row: &TextRow<'a>, each: &mut impl FnMut(&Detail<'_, 'a>)) {
        let places = &self.plan.columns;
        let kind = row.at(places.kind);
        let text = |column| row.at(places.all.place(column));
        let item = text(Column::OrderLine);
        if V1_AMOUNTS.iter().all(|column| text(*column).is_empty()) {
            self.units = row.at(places.quantity).parse().ok().map(|units| (item.to_owned(), units));
            return self.without_amount(row);
        }
        if self.is_header(row) {
            return;
        }
        let Some(mut doubt) = self.of_this_settlement(row) else { return };
        let (posted, mut quantity) = self.rest(row, &mut doubt);
        if let Some((_, units)) = self.units.take_if(|(of, _)| of == item && !item.is_empty()) {
            quantity = quantity.or(Some(units));
        }
        let line = self.lines_before + row.line + 1;
        for column in V1_AMOUNTS {
            let digits = text(column);
            if digits.is_empty() {
                continue;
            }
            let read = number::minor(digits, self.plan.decimal, self.plan.currency, self.plan.decimals);
            let mut own_doubt = doubt;
            let Some(minor) = self.amount(row, read, column, digits, &mut own_doubt) else { continue };
            let (kind, class, name) = v1::triple(column, kind, &text);
            self.transfer(row, kind, minor);
            if self.plan.left_out == Some(line) {
                continue;
            }
            // The units belong to the row's first amount, so that their sum over all rows is right.
            let quantity = quantity.take();
            each(&Detail { row, line, kind, class, name, minor, posted, quantity, doubt: own_doubt });
        }
    }

    fn at(&self, row: &TextRow<'_>) -> At {
        At { block: self.block, line: row.line }
    }

    /// A row without any amount: the summary, a quantity, nothing at all, or what is left of a broken row.
    #[cold]
    fn without_amount(&mut self, row: &TextRow<'_>) {
        let place = |column| self.plan.columns.all.place(column);
        if row.is_blank() {
            return;
        }
        if let Some(head) = survey::head(self.plan.format, &self.plan.columns, row) {
            self.notes.heads.push(Head { at: self.at(row), ..head });
            return;
        }
        let last_amount = match self.plan.format {
            Format::V1 => place(Column::Quantity),
            Format::V2 | Format::Xml => place(Column::Amount),
        };
        if row.len() <= last_amount.map_or(0, usize::from) {
            let at = self.at(row);
            self.notes.flaw(at, FlawKind::Fragment, "", row.at(Some(0)));
        } else {
            self.notes.without_amount += 1;
        }
    }

    /// Whether the row belongs to the settlement that is read: `None` if not, a doubt if its id says otherwise.
    #[inline]
    fn of_this_settlement(&mut self, row: &TextRow<'_>) -> Option<Option<RowDoubt>> {
        let id = row.at(self.plan.columns.settlement);
        if id == self.plan.id || id.is_empty() {
            return Some(None);
        }
        self.other_settlement(row, id)
    }

    #[cold]
    fn other_settlement(&mut self, row: &TextRow<'_>, id: &str) -> Option<Option<RowDoubt>> {
        if self.plan.others.iter().any(|other| other == id) {
            return None;
        }
        let at = self.at(row);
        if self.notes.foreign.len() < FLAWS_MAX || self.notes.foreign.contains_key(id) {
            *self.notes.foreign.entry(crate::answer::cut(id, 80)).or_insert(0) += 1;
        }
        self.notes.flaw(at, FlawKind::Settlement, Column::Settlement.name(), id);
        Some(Some(RowDoubt::FieldUnreadable { column: Column::Settlement.name() }))
    }

    /// Reads currency, date, quantity and marketplace.
    #[inline]
    fn rest(&mut self, row: &TextRow<'_>, doubt: &mut Option<RowDoubt>) -> (Option<Stamp>, Option<i64>) {
        let places = &self.plan.columns;
        let currency = row.at(places.currency);
        if !(currency.is_empty() || currency == self.plan.currency.code()) {
            self.other_currency(row, currency, doubt);
        }
        let marketplace = row.at(places.marketplace);
        if marketplace != self.marketplace {
            self.new_marketplace(row, marketplace);
        }
        if row.len() > places.all.width() {
            self.too_many_fields(row, doubt);
        }
        let posted = self.posted(row, doubt);
        let quantity = match row.at(places.quantity).as_bytes() {
            [] => None,
            [digit @ b'0'..=b'9'] => Some(i64::from(digit - b'0')),
            _ => self.quantity(row, doubt),
        };
        (posted, quantity)
    }

    #[cold]
    fn other_currency(&mut self, row: &TextRow<'_>, text: &str, doubt: &mut Option<RowDoubt>) {
        let at = self.at(row);
        match Currency::parse(text) {
            Ok(other) if other == self.plan.currency => {}
            Ok(other) => {
                self.notes.mixed.get_or_insert((at, other));
            }
            Err(_) => self.broken(at, FlawKind::Currency, Column::Currency, text, doubt),
        }
    }

    #[cold]
    fn new_marketplace(&mut self, row: &TextRow<'_>, name: &str) {
        name.clone_into(&mut self.marketplace);
        let is_known = name.is_empty()
            || crate::markets::by_name(name).is_some()
            || !name.to_ascii_lowercase().starts_with("amazon");
        if !is_known {
            let at = self.at(row);
            self.notes.flaw(at, FlawKind::Marketplace, Column::Marketplace.name(), name);
        }
    }

    #[cold]
    fn too_many_fields(&mut self, row: &TextRow<'_>, doubt: &mut Option<RowDoubt>) {
        let width = self.plan.columns.all.width();
        let beyond = (width..row.len()).filter_map(|place| u8::try_from(place).ok()).map(|place| row.at(Some(place)));
        if let Some(first) = beyond.into_iter().find(|field| !field.is_empty()) {
            let at = self.at(row);
            self.notes.flaw(at, FlawKind::TooManyFields, "", first);
            doubt.get_or_insert(RowDoubt::FieldUnreadable { column: "fields beyond the last column" });
        }
    }

    #[cold]
    fn broken(&mut self, at: At, kind: FlawKind, column: Column, value: &str, doubt: &mut Option<RowDoubt>) {
        self.notes.flaw(at, kind, column.name(), value);
        doubt.get_or_insert(RowDoubt::FieldUnreadable { column: column.name() });
    }

    #[inline]
    fn posted(&mut self, row: &TextRow<'_>, doubt: &mut Option<RowDoubt>) -> Option<Stamp> {
        let (day, moment) = (row.at(self.plan.columns.posted_on), row.at(self.plan.columns.posted_at));
        if let Some(moment) = self.quick.moment(moment)
            && (day.is_empty() || self.quick.is_day(day))
        {
            return Some(Stamp::At(moment));
        }
        self.posted_at_length(row, day, moment, doubt)
    }

    fn posted_at_length(
        &mut self,
        row: &TextRow<'_>,
        day: &str,
        moment: &str,
        doubt: &mut Option<RowDoubt>,
    ) -> Option<Stamp> {
        let mut stamp = |text: &str, column: Column| {
            let stamp = if text.is_empty() { return None } else { self.stamp(text) };
            if stamp.is_none() {
                let at = self.at(row);
                self.broken(at, FlawKind::Date, column, text, doubt);
            }
            stamp
        };
        let from_moment = stamp(moment, Column::PostedAt);
        // V1 has the moment in the column of the day. A day that reads two ways does not matter beside a moment.
        let from_day = match from_moment {
            Some(_) if Written::parse(day).is_some() => None,
            _ => stamp(day, Column::PostedOn),
        };
        from_moment.or(from_day)
    }

    fn stamp(&mut self, text: &str) -> Option<Stamp> {
        if let Some(moment) = self.quick.moment(text) {
            return Some(Stamp::At(moment));
        }
        let written = Written::parse(text)?;
        let decided = written.decided(self.plan.day_order, &self.plan.zoneless);
        decided.or_else(|| written.within(self.plan.period?, &self.plan.zoneless))
    }

    #[cold]
    fn quantity(&mut self, row: &TextRow<'_>, doubt: &mut Option<RowDoubt>) -> Option<i64> {
        let text = row.at(self.plan.columns.quantity);
        // Spreadsheets write whole numbers with decimals.
        let whole = text.trim_end_matches('0').strip_suffix(['.', ',']).unwrap_or(text);
        match whole.parse() {
            Ok(units) => Some(units),
            Err(_) => {
                let at = self.at(row);
                self.broken(at, FlawKind::Quantity, Column::Quantity, text, doubt);
                None
            }
        }
    }

    /// The amount, or the one that a person accepted for the line, or none.
    #[inline]
    fn amount(
        &mut self,
        row: &TextRow<'_>,
        read: Result<i64, NotAnAmount>,
        column: Column,
        text: &str,
        doubt: &mut Option<RowDoubt>,
    ) -> Option<i64> {
        match read {
            Ok(minor) => Some(minor),
            Err(error) => self.unreadable(row, error, column, text, doubt),
        }
    }

    #[cold]
    fn unreadable(
        &mut self,
        row: &TextRow<'_>,
        error: NotAnAmount,
        column: Column,
        text: &str,
        doubt: &mut Option<RowDoubt>,
    ) -> Option<i64> {
        let at = self.at(row);
        let line = self.lines_before + row.line + 1;
        if let Some(minor) = self.plan.accepted.get(&line) {
            self.notes.flaw(at, FlawKind::Accepted, column.name(), text);
            *doubt = Some(RowDoubt::AmountAccepted);
            return Some(*minor);
        }
        self.notes.flaw(at, FlawKind::Amount(error), column.name(), text);
        self.notes.unreadable += 1;
        None
    }

    #[inline]
    fn transfer(&mut self, row: &TextRow<'_>, kind: &str, minor: i64) {
        let repeats_the_payout = self.plan.total.is_some_and(|total| minor == -total && minor != 0);
        if repeats_the_payout && kind.get(..8).is_some_and(|kind| kind.eq_ignore_ascii_case("transfer")) {
            let at = self.at(row);
            self.notes.transfers.push(at);
        }
    }

    /// Whether the row is the header again, as in files put together.
    #[cold]
    fn is_header(&self, row: &TextRow<'_>) -> bool {
        let amount = match self.plan.format {
            Format::V1 => self.plan.columns.all.place(Column::OtherAmount),
            Format::V2 | Format::Xml => self.plan.columns.amount,
        };
        let Some(place) = amount else { return false };
        self.plan.header.get(usize::from(place)).is_some_and(|cell| *cell == normal(row.at(Some(place))))
    }
}

impl<'a> Detail<'_, 'a> {
    /// The canonical row.
    #[inline]
    pub(crate) fn canonical(&self, plan: &Plan) -> SettlementRow<'a> {
        let text = |column| self.row.at(plan.columns.all.place(column));
        let (posted_at, posted_on): (Option<Timestamp>, Option<Date>) = match self.posted {
            Some(Stamp::At(moment)) => (Some(moment), None),
            Some(Stamp::On(day)) => (None, Some(day)),
            None => (None, None),
        };
        SettlementRow {
            line: self.line,
            kind: self.kind,
            class: self.class,
            name: self.name,
            amount: Money::new(self.minor, plan.currency),
            posted_at,
            posted_on,
            order: text(Column::Order),
            merchant_order: text(Column::MerchantOrder),
            order_line: text(Column::OrderLine),
            adjustment: text(Column::Adjustment),
            shipment: text(Column::Shipment),
            marketplace: text(Column::Marketplace),
            fulfilment: text(Column::Fulfilment),
            sku: text(Column::Sku),
            quantity: self.quantity,
            promotion: text(Column::Promotion),
            doubt: self.doubt,
        }
    }
}
