//! Settlement files: Flat File V2, V1 and XML, as rows that sum to their total or are not posted.
//!
//! [`SettlementFile::open`] looks at a file and decides once what holds for all its rows (format, columns, encoding, decimals, order
//! of day and month). [`SettlementFile::check`] reads it to its end and says whether it balances. [`SettlementFile::rows`] then gives
//! the rows of a settlement that was checked. Two passes on purpose: nothing is half-posted, because nothing is posted before the
//! last row has been seen. Works without network, clock and runtime; memory does not grow with the file.
//!
//! A file with several settlements gives each of them on its own. What we assume about files is in `BEHAVIOR.md`, from 23 on.
//!
//! # Examples
//!
//! ```
//! use amazon::settlements::{Input, Options, SettlementFile};
//! let text = "settlement-id\ttotal-amount\tcurrency\ttransaction-type\tamount-type\tamount-description\tamount\n\
//!             1234567\t19.60\tGBP\t\t\t\t\n\
//!             1234567\t\t\tOrder\tItemPrice\tPrincipal\t24.00\n\
//!             1234567\t\t\tOrder\tItemFees\tCommission\t-4.40\n";
//! let file = SettlementFile::open(Input::Bytes(text.as_bytes()), Options::default())?;
//! for settlement in file.check(1)? {
//!     assert!(settlement.balanced);
//!     file.rows(&settlement, |row| println!("{} {} {}", row.kind, row.name, row.amount))?;
//! }
//! # Ok::<(), amazon::settlements::Refusal>(())
//! ```

mod blocks;
mod book;
mod check;
mod header;
mod input;
mod interpret;
mod layout;
mod notes;
mod number;
mod plan;
mod problem;
mod refusal;
mod sniff;
mod split;
mod stamp;
mod survey;
mod table;
mod tally;
mod v1;
mod walk;
mod xml;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use model::SettlementRow;
use money::Currency;

pub(crate) use book::read;
pub use check::Checked;
pub use input::{Input, UnpackLimits};
pub use number::Decimal;
pub use plan::Format;
pub use problem::{Problem, Suspect, Weight};
pub use refusal::Refusal;
pub use tally::{TRIPLES_MAX, Tally, TripleSum};

use header::Columns;
use input::fill;
use layout::{Layout, Scratch, TextRow};
use notes::Head;
use plan::{Places, Plan};
use survey::{Samples, Survey};
use walk::Rows;

/// Settlements that one file may hold.
const SETTLEMENTS_MAX: usize = 100;

/// What a person or the caller states about a file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Amounts accepted for lines (physical, 1-based) whose own cannot be read, written with a point: `12.34`. Their rows are
    /// marked ([`model::RowDoubt::AmountAccepted`]), so that they go to suspense.
    pub accept: BTreeMap<u64, String>,
    /// The total, written with a point, for a file that does not state it.
    pub total: Option<String>,
    /// The currency, for a file that does not state it.
    pub currency: Option<Currency>,
    /// The encoding that came with the bytes (`Cp1252`, `Cp932`, `GBK`, …). It counts for lines that are not UTF-8.
    pub charset: Option<String>,
    /// What compressed files may grow to.
    pub limits: UnpackLimits,
    /// The zone of times that do not name theirs: UTC unless the caller knows better.
    pub zoneless: TimeZone,
    /// Bytes read at once.
    pub block_bytes: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            accept: BTreeMap::new(),
            total: None,
            currency: None,
            charset: None,
            limits: UnpackLimits::default(),
            zoneless: TimeZone::UTC,
            block_bytes: blocks::BLOCK_BYTES,
        }
    }
}

/// A file that looks like a settlement.
pub struct SettlementFile<'i> {
    input: Input<'i>,
    options: Options,
    survey: Survey,
}

impl<'i> SettlementFile<'i> {
    /// Looks at the file. Nothing is read to its end unless the beginning leaves something open.
    ///
    /// # Errors
    ///
    /// [`Refusal`] that says what the file is instead, or what is missing.
    pub fn open(input: Input<'i>, options: Options) -> Result<SettlementFile<'i>, Refusal> {
        let packing = input.packing(options.limits)?;
        let mut text = input.text(packing, options.limits)?;
        let mut window = vec![0; survey::WINDOW_BYTES];
        let length = fill(&mut text, &mut window).map_err(|error| input.failure(&error))?;
        let is_whole = length < window.len();
        window.truncate(length);
        drop(text);
        let charset = options.charset.as_deref().and_then(crate::reports::encoding_of);
        let (format, layout) = layout_of(&window, charset)?;
        let mut file =
            SettlementFile { input, survey: Survey::new(packing, format, layout, charset, &window), options };
        let samples = file.samples(&window, is_whole)?;
        file.survey.decide(samples, charset);
        Ok(file)
    }

    /// Reads the file to its end with `threads` threads: every settlement in it, balanced or not. More than two threads help
    /// little; one is enough for all but the largest files.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if the file is damaged, holds two currencies in one settlement, or was stated something that cannot be used.
    pub fn check(&self, threads: usize) -> Result<Vec<Checked>, Refusal> {
        let first = self.survey.samples.head.as_ref();
        let plan = self.plan(first, Vec::new());
        let mut ids = BTreeSet::new();
        let several = match plan.and_then(|plan| self.check_one(plan, first, threads)) {
            Ok((mut checked, heads)) => {
                ids.extend(heads.iter().map(|head| head.id.clone()));
                if ids.len() < 2 {
                    self.suspect(&mut checked)?;
                    return Ok(vec![checked]);
                }
                heads
            }
            // Two currencies may be two settlements.
            Err(refusal @ Refusal::MixedCurrencies { .. }) => {
                let heads = self.heads()?;
                ids.extend(heads.iter().map(|head| head.id.clone()));
                if ids.len() < 2 {
                    return Err(refusal);
                }
                heads
            }
            Err(refusal) => return Err(refusal),
        };
        if ids.len() > SETTLEMENTS_MAX {
            return Err(Refusal::TooMany { limit: SETTLEMENTS_MAX });
        }
        let mut all = Vec::new();
        for head in &several {
            if !ids.remove(&head.id) {
                continue;
            }
            let others = several.iter().map(|other| other.id.clone()).filter(|other| *other != head.id).collect();
            let (mut checked, _) = self.check_one(self.plan(Some(head), others)?, Some(head), threads)?;
            self.suspect(&mut checked)?;
            all.push(checked);
        }
        Ok(all)
    }

    /// Gives every row of a settlement that [`SettlementFile::check`] has read, in the file's order. Rows whose amount cannot be
    /// read are not given: such a settlement is not balanced, and only a balanced one may be posted.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if the file cannot be read any more.
    pub fn rows(&self, checked: &Checked, mut each: impl FnMut(&SettlementRow<'_>)) -> Result<(), Refusal> {
        let plan = &checked.plan;
        self.pass(plan, |row| each(&row.canonical(plan)))?;
        Ok(())
    }

    fn samples(&self, window: &[u8], is_whole: bool) -> Result<Samples, Refusal> {
        let Survey { format, layout, .. } = &self.survey;
        let places = Places::of(&layout.columns);
        let mut samples = Samples::default();
        if self.survey.is_read_in_pieces() {
            let data = window.get(layout.data_at as usize..).unwrap_or_default();
            let end = if is_whole { data.len() } else { layout.cut(data).unwrap_or(0) };
            layout.rows(&data[..end], &mut Scratch::default(), |row| samples.row(*format, &places, &row));
            if is_whole || !samples.is_open() {
                return Ok(samples);
            }
            samples = Samples::default();
        }
        self.texts(|row| samples.row(*format, &places, row))?;
        Ok(samples)
    }

    /// All summary rows.
    fn heads(&self) -> Result<Vec<Head>, Refusal> {
        let places = Places::of(&self.survey.layout.columns);
        let mut heads = Vec::new();
        self.texts(|row| heads.extend(survey::head(self.survey.format, &places, row)))?;
        Ok(heads)
    }

    /// The plan for the settlement that `head` introduces.
    fn plan(&self, head: Option<&Head>, others: Vec<String>) -> Result<Plan, Refusal> {
        self.survey.plan(&self.options, head, others)
    }

    /// Gives all rows as text, without reading anything into them.
    fn texts(&self, each: impl FnMut(&TextRow<'_>)) -> Result<(), Refusal> {
        self.walk(&mut Rows(each))
    }
}

fn layout_of(window: &[u8], charset: Option<&'static Encoding>) -> Result<(Format, Layout), Refusal> {
    let head = String::from_utf8_lossy(window.get(..4096).unwrap_or(window)).into_owned();
    if head.trim_start().starts_with('<') && (head.contains("<AmazonEnvelope") || head.contains("<SettlementReport")) {
        return Ok((Format::Xml, Layout::of_columns(Columns::all())));
    }
    survey::layout(window, charset)
}
