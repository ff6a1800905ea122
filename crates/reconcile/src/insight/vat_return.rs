//! A preview of the UK VAT return: boxes 1, 4, 6 and 7, each figure with the lines that make it. It is a preview: the books file it.
//!
//! Source: the VAT return map of the accounting rules; VAT Notice 700/12 for the boxes, Notice 733 for the flat-rate scheme.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::{DocumentKey, VatRate};
use money::{Currency, Money, MoneyError};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::lines::{EntryLine, EntryRole};

/// How the seller accounts for VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatScheme {
    /// Standard VAT accounting.
    Standard,
    /// Flat-rate scheme at this percentage of the gross turnover.
    FlatRate(Decimal),
    /// Not registered: there is no return.
    NotRegistered,
}

/// The boxes. Box 3 is box 1 (no acquisitions), box 5 is box 1 less box 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatBoxes {
    /// VAT due on sales.
    pub box1: Money,
    /// VAT reclaimed on purchases.
    pub box4: Money,
    /// Net sales.
    pub box6: Money,
    /// Net purchases.
    pub box7: Money,
}

/// What one line puts into the boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatPreviewLine {
    /// Position of the line in the input.
    pub line: usize,
    /// Its document.
    pub document: DocumentKey,
    /// Its part of the boxes.
    pub boxes: VatBoxes,
    /// Which rule put it there.
    pub rule: &'static str,
}

/// The preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatPreview {
    /// The boxes, to the penny.
    pub boxes: VatBoxes,
    /// Box 5: to pay if positive, to reclaim if negative.
    pub box5: Money,
    /// Boxes 6 and 7 as they are filed: whole pounds, pence dropped, in minor units of whole pounds.
    pub filed: (Money, Money),
    /// Every line in a box. Their sum is `boxes`, but for the flat rate, which is one calculation on the turnover.
    pub lines: Vec<VatPreviewLine>,
    /// The same by document.
    pub documents: BTreeMap<DocumentKey, VatBoxes>,
    /// What a person should look at before filing.
    pub notes: Vec<String>,
}

impl VatBoxes {
    fn zero(currency: Currency) -> VatBoxes {
        let zero = Money::zero(currency);
        VatBoxes { box1: zero, box4: zero, box6: zero, box7: zero }
    }

    fn plus(self, other: VatBoxes) -> Result<VatBoxes, MoneyError> {
        Ok(VatBoxes {
            box1: self.box1.plus(other.box1)?,
            box4: self.box4.plus(other.box4)?,
            box6: self.box6.plus(other.box6)?,
            box7: self.box7.plus(other.box7)?,
        })
    }
}

/// Reverse-charge services are at the standard rate.
const REVERSE_CHARGE_PERCENT: i64 = 20;

/// Previews the return of a period: all lines whose day in the books is in `from..=to`.
///
/// # Errors
///
/// [`MoneyError`] if lines are in different currencies or a sum does not fit.
pub fn preview_vat_return(
    lines: &[EntryLine],
    home: Currency,
    from: Date,
    to: Date,
    scheme: VatScheme,
) -> Result<VatPreview, MoneyError> {
    let mut preview = VatPreview {
        boxes: VatBoxes::zero(home),
        box5: Money::zero(home),
        filed: (Money::zero(home), Money::zero(home)),
        lines: Vec::new(),
        documents: BTreeMap::new(),
        notes: Vec::new(),
    };
    if scheme == VatScheme::NotRegistered {
        preview.notes.push("The seller is not registered for VAT: there is no return.".to_owned());
        return Ok(preview);
    }
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.on >= from && line.on <= to) {
        let Some((boxes, rule)) = place(line, scheme)? else { continue };
        preview.boxes = preview.boxes.plus(boxes)?;
        let document = preview.documents.entry(line.document.clone()).or_insert(VatBoxes::zero(home));
        *document = document.plus(boxes)?;
        preview.lines.push(VatPreviewLine { line: at, document: line.document.clone(), boxes, rule });
    }
    if let VatScheme::FlatRate(percent) = scheme {
        flat_rate(&mut preview, lines, percent)?;
    }
    preview.box5 = preview.boxes.box1.minus(preview.boxes.box4)?;
    let unit = home.minor_per_major();
    let pounds = |amount: Money| Money::new(amount.minor() / unit * unit, home);
    preview.filed = (pounds(preview.boxes.box6), pounds(preview.boxes.box7));
    Ok(preview)
}

/// Where a line belongs; `None` for what is in no box.
fn place(line: &EntryLine, scheme: VatScheme) -> Result<Option<(VatBoxes, &'static str)>, MoneyError> {
    let zero = VatBoxes::zero(line.net.currency());
    if matches!(line.role, EntryRole::Balance | EntryRole::Reimbursement) {
        return Ok(None);
    }
    let flat = matches!(scheme, VatScheme::FlatRate(_));
    Ok(match (line.bought, line.rate) {
        (_, VatRate::OutsideScope | VatRate::OneStopShop { .. } | VatRate::NoVat) => None,
        // Turnover of the scheme is what the buyer paid; its VAT is one calculation at the end.
        (false, VatRate::Percent(_) | VatRate::Exempt) if flat => {
            Some((VatBoxes { box6: line.net.plus(line.vat)?, ..zero }, "flat-rate turnover, VAT included"))
        }
        (false, VatRate::Percent(percent)) => {
            let rule = match percent.is_zero() {
                true => "zero-rated sale",
                false => "sale with VAT",
            };
            Some((VatBoxes { box1: line.vat, box6: line.net, ..zero }, rule))
        }
        (false, VatRate::Exempt) => Some((VatBoxes { box6: line.net, ..zero }, "exempt sale")),
        (true, VatRate::ReverseCharge) => {
            let (net, vat) = (line.net.negated(), reverse_charge(line.net.negated())?);
            Some((VatBoxes { box1: vat, box4: vat, box6: net, box7: net }, "reverse charge"))
        }
        (true, _) if flat && !line.capital => None,
        (true, VatRate::Percent(percent)) => {
            let rule = match percent.is_zero() {
                true => "zero-rated purchase",
                false => "purchase with VAT",
            };
            Some((VatBoxes { box4: line.vat.negated(), box7: line.net.negated(), ..zero }, rule))
        }
        (true, VatRate::Exempt) => Some((VatBoxes { box7: line.net.negated(), ..zero }, "exempt purchase")),
        (false, VatRate::ReverseCharge) => Some((VatBoxes { box6: line.net, ..zero }, "sale under the reverse charge")),
    })
}

/// The VAT that a buyer accounts for, half away from zero.
fn reverse_charge(net: Money) -> Result<Money, MoneyError> {
    percent_of(net, Decimal::from(REVERSE_CHARGE_PERCENT))
}

fn percent_of(amount: Money, percent: Decimal) -> Result<Money, MoneyError> {
    let minor = (Decimal::from(amount.minor()) * percent / Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .ok_or(MoneyError::TooLarge)?;
    Ok(Money::new(minor, amount.currency()))
}

/// Box 1 of the scheme: its percentage of the turnover. Reverse-charge lines are apart from it.
fn flat_rate(preview: &mut VatPreview, lines: &[EntryLine], percent: Decimal) -> Result<(), MoneyError> {
    let of_scheme = preview.lines.iter().filter(|line| !lines[line.line].bought);
    let turnover = Money::sum(preview.box5.currency(), of_scheme.map(|line| line.boxes.box6))?;
    let due = percent_of(turnover, percent)?;
    preview.boxes.box1 = preview.boxes.box1.plus(due)?;
    preview.notes.push(format!("Flat-rate scheme: {} % of a turnover of {turnover} is {due}.", percent.normalize()));
    if preview.lines.iter().any(|line| line.rule == "reverse charge") {
        preview.notes.push(
            "Services under the reverse charge stand outside the scheme's turnover, in boxes 1 and 4; HMRC's texts differ on box 4: ask your accountant.".to_owned(),
        );
    }
    Ok(())
}
