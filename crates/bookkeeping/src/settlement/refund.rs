//! VAT of refunds: together they give back exactly what the sale charged, whatever parts they come in (accounting rules §7).
//!
//! VAT(refund k) = round(V × refunded to date ÷ gross) − VAT given back so far. Where the sale is not known, each slot gives back the VAT
//! contained in what was refunded of it to date.

use super::evidence::KnownLine;
use super::value::{Note, Valued, ValuedLine};
use super::words::Slot;
use crate::Treatment;
use crate::vat::{inside, of_whole};

/// What was charged for a line, and what was given back before this settlement. Minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) gross: i64,
    pub(crate) vat: i64,
    pub(crate) refunded: i64,
    pub(crate) refunded_vat: i64,
}

impl Original {
    pub(crate) fn known(line: &KnownLine) -> Original {
        Original {
            gross: line.gross.minor(),
            vat: line.vat.minor(),
            refunded: line.refunded.minor(),
            refunded_vat: line.refunded_vat.minor(),
        }
    }

    pub(crate) fn add(&mut self, sale: &Valued) {
        self.gross += sale.lines.iter().map(ValuedLine::gross).sum::<i64>();
        self.vat += sale.lines.iter().map(|line| line.vat).sum::<i64>();
    }
}

/// What the refunds of one line gave back within this settlement, above zero.
#[derive(Debug, Default)]
pub(crate) struct Given {
    gross: i64,
    vat: i64,
    /// Gross and VAT by slot, for lines whose sale is not known.
    slots: Vec<(Slot, i64, i64)>,
}

/// Sets the VAT of a refund's lines and counts it. Returns what is refunded above the price, above zero.
pub(crate) fn give_back(refund: &mut Valued, original: Option<Original>, given: &mut Given) -> i64 {
    let gross = -refund.lines.iter().map(ValuedLine::gross).sum::<i64>();
    let stated = refund.lines.iter().any(|line| line.stated);
    let own_vat = matches!(refund.treatment, Treatment::OwnVat { .. });
    let excess = match original {
        Some(original) => (original.refunded + given.gross + gross - original.gross).max(0),
        None => 0,
    };
    if own_vat && !stated {
        match original {
            Some(original) => cumulative(refund, original, given, gross),
            None => by_slot(refund, given),
        }
    }
    given.gross += gross;
    given.vat -= refund.lines.iter().map(|line| line.vat).sum::<i64>();
    if excess > 0 {
        refund.notes.push((Note::RefundAbovePrice, -excess));
    }
    excess.min(gross.max(0))
}

fn cumulative(refund: &mut Valued, original: Original, given: &Given, gross: i64) {
    let to_date = original.refunded + given.gross + gross;
    let back = if original.gross > 0 && (0..=original.gross).contains(&to_date) {
        of_whole(to_date, original.vat, original.gross.max(original.vat))
    } else if to_date > original.gross {
        original.vat
    } else {
        0
    };
    let wanted = -(back - original.refunded_vat - given.vat);
    let now: i64 = refund.lines.iter().map(|line| line.vat).sum();
    move_vat(refund, wanted - now);
}

/// Moves VAT into or out of the largest line, whose gross stays.
fn move_vat(refund: &mut Valued, difference: i64) {
    if difference == 0 {
        return;
    }
    if let Some(line) = refund.lines.iter_mut().max_by_key(|line| (line.gross().unsigned_abs(), line.slot)) {
        line.vat += difference;
        line.net -= difference;
    }
}

fn by_slot(refund: &mut Valued, given: &mut Given) {
    let percent = refund.class.map_or(0, crate::VatClass::percent);
    for line in &mut refund.lines {
        let gross = line.gross();
        // A line with a rate of its own keeps it.
        if line.vat != inside(gross, percent) {
            continue;
        }
        let at = given.slots.iter().position(|(slot, ..)| *slot == line.slot).unwrap_or_else(|| {
            given.slots.push((line.slot, 0, 0));
            given.slots.len() - 1
        });
        let (_, sum, vat) = &mut given.slots[at];
        *sum += gross;
        let now = inside(*sum, percent) - *vat;
        *vat += now;
        (line.vat, line.net) = (now, gross - now);
    }
}

/// Takes goodwill above the price, or without an order, off the credit note: it is compensation, not a price reduction. Returns it with
/// its sign.
pub(crate) fn goodwill_above_price(refund: &mut Valued, excess: i64, linked: bool) -> i64 {
    let Some(at) = refund.lines.iter().position(|line| line.slot == Slot::Goodwill) else { return 0 };
    let gross = refund.lines[at].gross();
    let off = if linked { -excess.min(gross.unsigned_abs() as i64) } else { gross };
    if off == 0 || gross >= 0 {
        return 0;
    }
    let line = &mut refund.lines[at];
    let vat = if line.gross() == off { line.vat } else { of_whole(line.vat, off.abs(), gross.abs()) };
    if linked {
        // The VAT of the sale was given back in full already, so what is above the price takes none with it.
        line.net -= off;
    } else {
        line.net -= off - vat;
        line.vat -= vat;
    }
    refund.lines.retain(|line| line.net != 0 || line.vat != 0);
    refund.notes.retain(|(note, _)| *note != Note::RefundAbovePrice);
    off
}
