//! Rows of items of orders: summed while they follow each other, packed when another item begins.

use super::Fields;
use crate::settlement::items::{Item, Key, hash};
use crate::settlement::poster::{Poster, too_many};
use crate::settlement::words::{Part, Reading, Slot};

/// The item whose rows come now.
#[derive(Default)]
pub(in crate::settlement) struct Open {
    pub(in crate::settlement) active: bool,
    pub(in crate::settlement) kind: u16,
    pub(in crate::settlement) order: String,
    pub(in crate::settlement) line: String,
    pub(in crate::settlement) part: String,
    /// Whether day and site tell it apart: its rows name no order, or a refund without an adjustment id.
    pub(in crate::settlement) dated: bool,
    pub(in crate::settlement) item: Item,
}

impl Poster<'_> {
    pub(in crate::settlement) fn item(&mut self, row: Fields<'_>) {
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
            Reading::Item(piece) if piece.slot == Slot::Goods && piece.part == Part::Amount
        );
        let item = &mut self.open.item;
        if !item.add(row.word, row.minor) {
            self.book.overflow = true;
        }
        let item = &mut self.open.item;
        if row.day != item.day && self.calendar.day(row.day).date < self.calendar.day(item.day).date {
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

    pub(in crate::settlement) fn begin(&mut self, row: &Fields<'_>, kind: u16, line: &str, part: &str, dated: bool) {
        // What tells items apart besides order, line and part: day and site, where a row names no order or a refund no adjustment.
        let day = if dated { self.calendar.day(row.day).date.to_string() } else { String::new() };
        let own = if dated { self.sites[usize::from(row.site)].0.as_str() } else { "" };
        let kind_text = self.words.kind(kind);
        let unlinked = if row.order.is_empty() { [kind_text, day.as_str(), own] } else { ["", "", ""] };
        let key = Key {
            line: hash(1, &[row.order, line, unlinked[0], unlinked[1], unlinked[2]]),
            event: hash(2, &[kind_text, row.order, line, part, &day, own]),
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

    pub(in crate::settlement) fn close(&mut self) {
        if std::mem::take(&mut self.open.active) {
            self.fragments.push(&self.open.item);
        }
    }
}
