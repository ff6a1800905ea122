//! Rows of a settlement, summed to one item for each event of an order line while they stream by.
//!
//! A settlement has about five rows for each order line (price, tax, fees, …). They are kept as runs, most of which are whole already,
//! since the rows of a line stand together; runs are sorted and joined now and then, so memory follows the lines and not the rows.

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

use super::item::{Item, Kind, rank};

/// What an amount of a row is, as far as matching cares. The marketplace's own words are translated by the vocabulary (`bookkeeping`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What the buyer pays or gets back: goods, delivery, gift wrap and the tax on them.
    Price,
    /// Promotions that the seller bears, the tax on them included.
    Discount,
    /// Tax that the marketplace keeps to pay it itself.
    Withheld,
    /// A fee of the marketplace.
    Fee,
    /// Anything else.
    Other,
}

impl Part {
    /// The part that a category of the shipped vocabulary (its column `category`) is of.
    ///
    /// Categories that move balances or compensate are [`Part::Other`]. `None`: no category of ours.
    pub fn of_category(category: &str) -> Option<Part> {
        Some(match category {
            "revenue_product"
            | "revenue_shipping"
            | "revenue_giftwrap"
            | "revenue_other"
            | "revenue_liquidation"
            | "tax_component"
            | "refund_product"
            | "refund_shipping"
            | "refund_giftwrap"
            | "refund_goodwill"
            | "refund_restocking"
            | "chargeback"
            | "atoz_claim" => Part::Price,
            "promo_discount" | "promo_discount_shipping" | "promo_discount_refund" => Part::Discount,
            "marketplace_tax" | "tax_withheld" => Part::Withheld,
            "selling_fee" | "selling_fee_refund" | "fba_fee" | "prep_fee" | "storage_fee" | "removal_fee"
            | "inbound_fee" | "subscription" | "advertising" | "promo_programme" | "shipping_label"
            | "compliance_fee" | "other_fee" | "tax_on_fee" | "import_duty" => Part::Fee,
            "reimbursement"
            | "reimbursement_reversal"
            | "safet"
            | "atoz_recovery"
            | "balance_forward"
            | "cross_account"
            | "loan"
            | "reserve_hold"
            | "reserve_release"
            | "transfer_failed"
            | "transfer_in"
            | "transfer_out"
            | "other"
            | "other_income"
            | "other_bad_debt"
            | "other_clearing"
            | "commingling_vat"
            | "tax_reclassification"
            | "group_node"
            | "duplicate_view" => Part::Other,
            _ => return None,
        })
    }
}

/// Which sum of a group is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Price and tax only: what a list of item prices says.
    Price,
    /// Price, tax and discounts: what the buyer paid, what an invoice says.
    Paid,
    /// Everything: what a transaction of the finances says.
    Total,
}

/// One row as it comes from the reader, already classed.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// What happened.
    pub kind: Kind,
    /// What the amount is.
    pub part: Part,
    /// The amount.
    pub amount: Money,
    /// The order.
    pub order: &'a str,
    /// The line of the order.
    pub line: &'a str,
    /// Adjustment of a refund, else the shipment.
    pub event: &'a str,
    /// The product.
    pub sku: &'a str,
    /// The marketplace.
    pub marketplace: &'a str,
    /// Units.
    pub quantity: Option<i64>,
    /// The day in Europe/London.
    pub on: Option<Date>,
    /// The moment.
    pub at: Option<Timestamp>,
}

/// The texts of one run: order, line, event, SKU and marketplace one after another.
#[derive(Clone, Copy, Debug)]
struct Texts {
    start: u32,
    ends: [u16; 5],
}

#[derive(Clone, Copy, Debug)]
struct Run {
    rank: u64,
    texts: Texts,
    kind: Kind,
    /// Price, discount, withheld, fee, other.
    sums: [i64; 5],
    quantity: Option<i64>,
    on: Option<Date>,
    at: Option<Timestamp>,
}

/// Sums rows into one item per event of an order line. Groups of several readers (one for each part of a file) can be joined.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Basis, Kind, Part, Row, RowGroups};
///
/// let mut groups = RowGroups::new(Currency::GBP);
/// let row = |part, minor| Row { part, ..Row::sale("203-1234567-7654321", "1", Money::new(minor, Currency::GBP)) };
/// groups.add(&row(Part::Price, 20_00))?;
/// groups.add(&row(Part::Fee, -4_40))?;
/// groups.add(&row(Part::Price, 4_00))?;
/// let groups = groups.finish()?;
/// let items = groups.items(Basis::Paid)?;
/// assert_eq!((items.len(), items[0].amount.minor()), (1, 24_00));
/// assert_eq!(groups.items(Basis::Total)?[0].amount.minor(), 19_60);
/// # Ok::<(), money::MoneyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RowGroups {
    currency: Currency,
    arena: String,
    runs: Vec<Run>,
    joined: usize,
}

/// What [`RowGroups::finish`] makes: one group for each event of an order line, in the order of the join.
#[derive(Clone, Debug)]
pub struct Groups {
    currency: Currency,
    arena: String,
    runs: Vec<Run>,
}

impl<'a> Row<'a> {
    /// A row of a sale of which only order, line and amount are known; its part is [`Part::Price`].
    pub fn sale(order: &'a str, line: &'a str, amount: Money) -> Row<'a> {
        Row {
            kind: Kind::Sale,
            part: Part::Price,
            amount,
            order,
            line,
            event: "",
            sku: "",
            marketplace: "",
            quantity: None,
            on: None,
            at: None,
        }
    }
}

impl RowGroups {
    /// No rows yet; all of one settlement currency.
    pub fn new(currency: Currency) -> RowGroups {
        RowGroups { currency, arena: String::new(), runs: Vec::new(), joined: 0 }
    }

    /// Adds one row. Rows without an order are not grouped: they stay things of their own (see [`Item`]) and are passed apart.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if the row has another currency, or the sums or the text of all keys do not fit.
    pub fn add(&mut self, row: &Row<'_>) -> Result<(), MoneyError> {
        if row.amount.currency() != self.currency {
            return Err(MoneyError::MixedCurrencies { left: self.currency, right: row.amount.currency() });
        }
        if let Some(last) = self.runs.last_mut()
            && last.kind == row.kind
            && last.texts.is(&self.arena, [row.order, row.line, row.event, row.sku, row.marketplace])
        {
            return last.add(row);
        }
        let texts = Texts::push(&mut self.arena, [row.order, row.line, row.event, row.sku, row.marketplace])?;
        let mut run = Run {
            rank: rank(row.order, row.kind),
            texts,
            kind: row.kind,
            sums: [0; 5],
            quantity: None,
            on: None,
            at: None,
        };
        run.add(row)?;
        self.runs.push(run);
        if self.runs.len() >= 1 << 16 && self.runs.len() >= self.joined * 2 {
            self.join()?;
        }
        Ok(())
    }

    /// Takes over what was grouped of another part of the file, or of another settlement.
    ///
    /// # Errors
    ///
    /// As [`RowGroups::add`].
    pub fn absorb(&mut self, other: Groups) -> Result<(), MoneyError> {
        if other.currency != self.currency {
            return Err(MoneyError::MixedCurrencies { left: self.currency, right: other.currency });
        }
        self.join()?;
        let shift = u32::try_from(self.arena.len()).map_err(|_| MoneyError::TooLarge)?;
        self.arena.push_str(&other.arena);
        u32::try_from(self.arena.len()).map_err(|_| MoneyError::TooLarge)?;
        self.runs.extend(
            other
                .runs
                .into_iter()
                .map(|run| Run { texts: Texts { start: run.texts.start + shift, ..run.texts }, ..run }),
        );
        Ok(())
    }

    /// Joins what is left to join.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] if a sum does not fit.
    pub fn finish(mut self) -> Result<Groups, MoneyError> {
        self.join()?;
        Ok(Groups { currency: self.currency, arena: self.arena, runs: self.runs })
    }

    /// Sorts the runs and joins those of one event.
    fn join(&mut self) -> Result<(), MoneyError> {
        if self.joined == self.runs.len() {
            return Ok(());
        }
        let arena = &self.arena;
        let key = |run: &Run| [0, 1, 2].map(|index| run.texts.get(arena, index));
        // Stable, because it is quick on parts that are sorted already.
        self.runs.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| key(a).cmp(&key(b))));
        let mut kept: usize = 0;
        for index in 1..self.runs.len() {
            let run = self.runs[index];
            if self.runs[kept].rank == run.rank && key(&self.runs[kept]) == key(&run) {
                self.runs[kept].merge(&run, arena)?;
            } else {
                kept += 1;
                self.runs[kept] = run;
            }
        }
        let before = self.runs.len();
        self.runs.truncate(kept + 1);
        self.joined = self.runs.len();
        if before - self.joined > before / 4 {
            self.compact();
        }
        Ok(())
    }

    /// Gives back the texts of runs that were joined to others.
    fn compact(&mut self) {
        let mut arena = String::new();
        for run in &mut self.runs {
            let (start, length) = (run.texts.start as usize, usize::from(run.texts.ends[4]));
            // It was below `u32::MAX` before, and only became smaller.
            run.texts.start = arena.len() as u32;
            arena.push_str(&self.arena[start..start + length]);
        }
        self.arena = arena;
    }
}

impl Groups {
    /// One item for each event of an order line, with the sum that `basis` names, in canonical order.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] if a sum does not fit.
    pub fn items(&self, basis: Basis) -> Result<Vec<Item<'_>>, MoneyError> {
        let arena = &self.arena;
        self.runs
            .iter()
            .map(|run| {
                let [price, discount, ..] = run.sums;
                let minor = match basis {
                    Basis::Price => Some(price),
                    Basis::Paid => price.checked_add(discount),
                    Basis::Total => run.sums.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)),
                };
                Ok(Item {
                    id: "",
                    kind: run.kind,
                    amount: Money::new(minor.ok_or(MoneyError::TooLarge)?, self.currency),
                    order: run.texts.get(arena, 0),
                    line: run.texts.get(arena, 1),
                    event: run.texts.get(arena, 2),
                    sku: run.texts.get(arena, 3),
                    marketplace: run.texts.get(arena, 4),
                    quantity: run.quantity,
                    on: run.on,
                    at: run.at,
                })
            })
            .collect()
    }
}

impl Run {
    fn add(&mut self, row: &Row<'_>) -> Result<(), MoneyError> {
        let sum = &mut self.sums[row.part as usize];
        *sum = sum.checked_add(row.amount.minor()).ok_or(MoneyError::TooLarge)?;
        self.quantity = self.quantity.max(row.quantity);
        self.on = earliest(self.on, row.on);
        self.at = earliest(self.at, row.at);
        Ok(())
    }

    fn merge(&mut self, other: &Run, arena: &str) -> Result<(), MoneyError> {
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum = sum.checked_add(more).ok_or(MoneyError::TooLarge)?;
        }
        // SKU and marketplace are no part of the key: the smallest that is not empty counts, whichever run came first.
        let order = |texts: &Texts| [3, 4].map(|index| texts.get(arena, index)).map(|text| (text.is_empty(), text));
        if order(&other.texts) < order(&self.texts) {
            self.texts = other.texts;
        }
        self.quantity = self.quantity.max(other.quantity);
        self.on = earliest(self.on, other.on);
        self.at = earliest(self.at, other.at);
        Ok(())
    }
}

fn earliest<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

impl Texts {
    fn push(arena: &mut String, texts: [&str; 5]) -> Result<Texts, MoneyError> {
        let start = u32::try_from(arena.len()).map_err(|_| MoneyError::TooLarge)?;
        let mut ends = [0_u16; 5];
        let mut length = 0_usize;
        for (end, text) in ends.iter_mut().zip(texts) {
            arena.push_str(text);
            length += text.len();
            *end = u16::try_from(length).map_err(|_| MoneyError::TooLarge)?;
        }
        Ok(Texts { start, ends })
    }

    fn is(&self, arena: &str, texts: [&str; 5]) -> bool {
        (0..5).rev().all(|index| self.get(arena, index) == texts[index])
    }

    fn get<'a>(&self, arena: &'a str, index: usize) -> &'a str {
        let from = if index == 0 { 0 } else { self.ends[index - 1] };
        let start = self.start as usize;
        &arena[start + usize::from(from)..start + usize::from(self.ends[index])]
    }
}
