//! Sums that documents are made of. Modes differ only in which sum an amount goes to.
//!
//! Amounts are kept from the seller's point of view, as rows are: a sale is positive, a fee negative. So what documents move on the
//! clearing account is the plain sum of their lines, and the clearing identity can be checked without knowing what they are.

use std::collections::HashMap;

use jiff::civil::Date;
use model::{Country, NominalCode, VatRate};

use super::calendar::DayId;
use super::items::Item;
use super::supplier::{Company, Series};
use super::texts::TextId;
use super::words::{Slot, Why, WordId};
use crate::customers::CustomerGroup;
use crate::{Problem, Role};

/// Number of a line of a document to be.
pub(crate) type LineId = u32;

/// A document to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doc {
    /// An invoice, or a credit note.
    Sales { refund: bool, group: Group, customer: CustomerGroup, via: Via },
    /// A bill, or a purchase credit.
    Purchase { company: Company, series: Series, segment: u16, via: Via },
    /// A bank transaction.
    Bank { segment: u16, text: BankText, rate: u16, nominal: NominalCode, via: Via },
    /// A transfer between the clearing account and another bank-type one; `into`: towards the clearing account.
    Transfer { day: DayId, role: Role, word: WordId, into: bool },
    /// Deferred money that was released on a day.
    Release { day: DayId },
    /// A journal.
    Journal { journal: Journal, group: Group },
}

/// What a document stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Group {
    /// One event of an order: its shipment or adjustment.
    Event { order: TextId, part: TextId, day: DayId },
    /// A day on a site.
    Day { day: DayId, site: u16, rate: u16 },
    /// A segment of the settlement on a site.
    Segment { segment: u16, site: u16 },
}

/// Where a document is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Via {
    /// The clearing account.
    Clearing,
    /// The account of deferred sales.
    Deferred,
}

/// What a bank transaction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BankText {
    /// The name of its rows.
    Word(WordId),
    /// A fee of a series.
    Fee(Series),
    /// Waits for a person.
    Suspense(Cause),
    /// Tax withheld although it was not the marketplace's to collect.
    MarketplaceTax,
    /// Pennies of conversion.
    Rounding,
    /// Small differences between invoices and rows.
    Tolerance,
    /// What a person accepted as missing.
    Accepted,
}

/// Why an amount waits on suspense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cause {
    /// The triple.
    Word(WordId, Why),
    /// The site of a triple is not known.
    Site(u16),
    /// Where goods or parcels went decides VAT, and nobody says.
    Destination,
    /// The VAT class of a product is not known.
    Class(u32),
    /// Union One-Stop Shop without a rate.
    OssRate(Country),
    /// Northern Ireland to the EU.
    NorthernIreland,
    /// Import above the threshold.
    Import,
    /// Tax without a price.
    LoneTax(WordId),
    /// A field that could not be read.
    Broken,
}

/// What a journal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Journal {
    /// Output and input VAT of services bought under reverse charge.
    ReverseCharge,
    /// Flat-rate surplus.
    FlatRate,
    /// OSS VAT to its own liability.
    Oss,
    /// Cost of goods sold.
    CostOfSales,
    /// An instalment of a loan.
    Loan(WordId),
    /// Stock lost.
    StockOut(WordId),
    /// Stock found.
    StockIn(WordId),
}

/// A line of a document to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LineKey {
    pub(crate) nominal: NominalCode,
    pub(crate) rate: u16,
    pub(crate) slot: Option<Slot>,
    /// Line of the order, in documents of one event.
    pub(crate) order_line: TextId,
    /// Number of the fee plus one, if its VAT has rows of its own: only all of them tell the rate.
    pub(crate) two_row: u16,
}

/// Sums of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) net: i64,
    pub(crate) vat: i64,
    pub(crate) units: i64,
    pub(crate) rows: u64,
    pub(crate) first_line: u64,
}

/// A line: its document, key and sums.
pub(crate) struct Line {
    pub(crate) doc: u32,
    pub(crate) key: LineKey,
    pub(crate) sums: Sums,
    /// SKU of a line of one event.
    pub(crate) sku: u32,
}

/// A document and what is known of it so far.
pub(crate) struct DocState {
    pub(crate) doc: Doc,
    /// Whom it is for; of several the first in order, so that it does not matter which came first.
    pub(crate) customer: Option<CustomerGroup>,
    /// Evidence number of its order plus one.
    pub(crate) known: u32,
    pub(crate) site: u16,
    /// First day of its items.
    pub(crate) day: Option<Date>,
}

/// Everything that is to be posted.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) docs: Vec<DocState>,
    pub(crate) lines: Vec<Line>,
    by_doc: HashMap<Doc, u32>,
    by_line: HashMap<(u32, LineKey), LineId>,
    rates: Vec<VatRate>,
    /// Whether a sum did not fit.
    pub(crate) overflow: bool,
    /// Roles that a row needed and the owner gave no account.
    pub(crate) missing: Vec<Role>,
}

impl Book {
    /// The number of a rate.
    pub(crate) fn rate(&mut self, rate: VatRate) -> u16 {
        let found = self.rates.iter().position(|known| *known == rate).unwrap_or_else(|| {
            self.rates.push(rate);
            self.rates.len() - 1
        });
        u16::try_from(found).unwrap_or(u16::MAX)
    }

    /// The rate with this number.
    pub(crate) fn rate_of(&self, number: u16) -> VatRate {
        self.rates.get(usize::from(number)).copied().unwrap_or(VatRate::NoVat)
    }

    /// The line with this key, made if it is new.
    pub(crate) fn line(&mut self, doc: Doc, key: LineKey) -> LineId {
        let doc = self.doc(doc);
        if let Some(&line) = self.by_line.get(&(doc, key)) {
            return line;
        }
        let line = self.lines.len() as LineId;
        self.lines.push(Line { doc, key, sums: Sums::default(), sku: 0 });
        self.by_line.insert((doc, key), line);
        line
    }

    fn doc(&mut self, doc: Doc) -> u32 {
        if let Some(&number) = self.by_doc.get(&doc) {
            return number;
        }
        let number = self.docs.len() as u32;
        self.docs.push(DocState { doc, customer: None, known: 0, site: 0, day: None });
        self.by_doc.insert(doc, number);
        number
    }

    /// Adds to a line.
    pub(crate) fn add(&mut self, line: LineId, net: i64, vat: i64, rows: u64, first_line: u64) {
        let state = &mut self.lines[line as usize];
        let sums = &mut state.sums;
        match (sums.net.checked_add(net), sums.vat.checked_add(vat)) {
            (Some(net), Some(vat)) => (sums.net, sums.vat) = (net, vat),
            _ => self.overflow = true,
        }
        if sums.rows == 0 || first_line < sums.first_line {
            sums.first_line = first_line;
        }
        sums.rows += rows;
    }

    /// Says what an item adds to the document of a line.
    /// `goes_first` orders sites, for an order whose rows name several.
    pub(crate) fn note(
        &mut self,
        line: LineId,
        item: &Item,
        group: CustomerGroup,
        on: Date,
        goes_first: impl Fn(u16, u16) -> bool,
    ) {
        let state = &mut self.lines[line as usize];
        state.sku = state.sku.max(item.sku);
        state.sums.units += item.units.unwrap_or(0);
        let doc = &mut self.docs[state.doc as usize];
        doc.customer = Some(doc.customer.map_or(group, |known| known.min(group)));
        if doc.day.is_none() || goes_first(item.site, doc.site) {
            doc.site = item.site;
        }
        doc.known = item.known;
        doc.day = Some(doc.day.map_or(on, |known| known.min(on)));
    }

    /// Says whose order the document of a line is about.
    pub(crate) fn of_order(&mut self, line: LineId, known: u32, site: u16, group: CustomerGroup, on: Date) {
        let doc = &mut self.docs[self.lines[line as usize].doc as usize];
        doc.customer = Some(doc.customer.map_or(group, |before| before.min(group)));
        (doc.known, doc.site) = (known, site);
        doc.day = Some(doc.day.map_or(on, |before| before.min(on)));
    }

    /// Says the day of the document of a line.
    pub(crate) fn date(&mut self, line: LineId, on: Date) {
        let doc = &mut self.docs[self.lines[line as usize].doc as usize];
        doc.day = Some(doc.day.map_or(on, |known| known.min(on)));
    }

    /// A role that has no account.
    pub(crate) fn miss(&mut self, role: Role) -> NominalCode {
        if !self.missing.contains(&role) {
            self.missing.push(role);
        }
        NominalCode(0)
    }

    /// The problems of roles without an account.
    pub(crate) fn missing_accounts(&self) -> Vec<Problem> {
        let mut missing = self.missing.clone();
        missing.sort();
        missing.into_iter().map(no_account).collect()
    }
}

fn no_account(role: Role) -> Problem {
    Problem::new(
        "no_account",
        format!("accounts.{}", role.as_str()),
        format!(
            "The mapping names no account for {}, and this settlement needs one. Nothing is posted.",
            role.as_str()
        ),
        format!("Add {} to [accounts] of the mapping, then post again.", role.as_str()),
    )
}
