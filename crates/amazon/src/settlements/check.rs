//! One pass over a settlement, and what it amounts to.
//!
//! The gate of everything that follows: the rows must sum to the total, exactly, in minor units. Sums are kept in 128 bits, so no
//! file can make them overflow.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use model::Settlement;
use money::{Currency, Money};

use super::SettlementFile;
use super::blocks::{Blocks, Stop};
use super::interpret::{Detail, Interpreter};
use super::layout::{Scratch, Seen, TextRow};
use super::notes::{At, Head, Notes};
use super::number::{self, Decimal};
use super::plan::{Format, Plan};
use super::problem::{self, Problem, Suspect, Weight};
use super::refusal::Refusal;
use super::stamp::{Stamp, Written};
use super::tally::Tally;
use super::walk::Visit;

/// Rows named as suspects.
const SUSPECTS_MAX: usize = 10;

/// A settlement that was read to its end.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Format of the file.
    pub format: Format,
    /// Encoding of the file: `utf-8`, `utf-8-bom`, `utf-16`, `windows-1252`, `shift_jis`, ….
    pub encoding: String,
    /// Whether the file was compressed.
    pub gzip: bool,
    /// What stands between whole and fraction in its amounts.
    pub decimal: Decimal,
    /// The marketplace's id; empty if the file does not say.
    pub id: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The head, if the file states the total; without one there is nothing to balance against.
    pub settlement: Option<Settlement>,
    /// Sum of all rows.
    pub sum: Money,
    /// Amounts read (V1 has several on a line).
    pub rows: u64,
    /// Whether every amount was read and all sum to the total, exactly. Nothing else may be posted.
    pub balanced: bool,
    /// Sums by triple.
    pub tally: Tally,
    /// What is wrong, by line, the worst of each line first.
    pub problems: Vec<Problem>,
    /// Rows that may be why it does not balance.
    pub suspects: Vec<Suspect>,
    pub(crate) plan: Plan,
}

impl Checked {
    /// What the rows sum to beyond the total: nothing if it balances. `None` if the total is not known.
    pub fn difference(&self) -> Option<Money> {
        self.sum.minus(self.settlement.as_ref()?.total).ok()
    }

    /// What makes two files the same settlement: id and currency.
    pub fn key(&self) -> (&str, Currency) {
        (&self.id, self.currency)
    }
}

/// What a pass gave.
pub(crate) struct Pass {
    pub(crate) tally: Tally,
    pub(crate) notes: Notes,
    pub(crate) seen: Seen,
    /// Lines of each piece, by its number.
    lines: Vec<(u32, u64)>,
}

impl Pass {
    fn new() -> Pass {
        Pass { tally: Tally::default(), notes: Notes::default(), seen: Seen::default(), lines: Vec::new() }
    }

    fn absorb(&mut self, other: Pass) {
        self.tally.absorb(&other.tally);
        self.notes.absorb(other.notes);
        self.see(other.seen);
        self.lines.extend(other.lines);
    }

    fn see(&mut self, seen: Seen) {
        self.seen.lines += seen.lines;
        self.seen.fallback_lines += seen.fallback_lines;
        self.seen.joined_rows += seen.joined_rows;
    }

    /// The physical line (1-based) of a place in the file, `before` lines after its beginning.
    fn line(&self, at: At, before: u64) -> u64 {
        let earlier: u64 = self.lines.iter().filter(|(block, _)| *block < at.block).map(|(_, lines)| lines).sum();
        before + earlier + at.line + 1
    }
}

/// Reads rows and hands their amounts on.
struct Reading<'p, F> {
    pass: Pass,
    reader: Interpreter<'p>,
    each: F,
}

impl<F: FnMut(&Detail<'_, '_>)> Visit for Reading<'_, F> {
    fn piece(&mut self, number: u32) {
        self.reader.block = number;
    }

    #[inline]
    fn row(&mut self, row: &TextRow<'_>) {
        self.reader.row(row, &mut self.each);
    }

    fn piece_ended(&mut self, number: u32, seen: Seen) {
        self.reader.lines_before += seen.lines;
        self.pass.lines.push((number, seen.lines));
        self.pass.see(seen);
    }
}

impl SettlementFile<'_> {
    /// Reads all rows in the file's order.
    pub(crate) fn pass(&self, plan: &Plan, each: impl FnMut(&Detail<'_, '_>)) -> Result<Pass, Refusal> {
        let mut reading = Reading { pass: Pass::new(), reader: Interpreter::new(plan), each };
        reading.reader.lines_before = self.survey.layout.lines_before;
        self.walk(&mut reading)?;
        reading.pass.notes = reading.reader.notes;
        Ok(reading.pass)
    }

    /// Tallies all rows with `threads` threads, in any order.
    fn tally(&self, plan: &Plan, threads: usize) -> Result<Pass, Refusal> {
        let layout = &self.survey.layout;
        let in_pieces = self.survey.is_read_in_pieces();
        // An accepted amount belongs to a line, and lines have numbers only for who reads from the beginning.
        if threads < 2 || !in_pieces || !plan.accepted.is_empty() || plan.left_out.is_some() {
            let mut tally = Tally::default();
            let mut pass = self.pass(plan, |row| tally.add(row.kind, row.class, row.name, row.minor))?;
            pass.tally = tally;
            return Ok(pass);
        }
        let text = self.input.text(self.survey.packing, self.options.limits)?;
        let blocks = Blocks::new(text, layout.data_at, self.options.block_bytes).map_err(|stop| self.stopped(stop))?;
        let blocks = Mutex::new(blocks);
        let work = || -> Result<Pass, Stop> {
            let mut pass = Pass::new();
            let mut reader = Interpreter::new(plan);
            let (mut scratch, mut buffer) = (Scratch::default(), Vec::new());
            loop {
                let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).next(layout, &mut buffer)?;
                let Some((number, length)) = next else { break };
                reader.block = number;
                let tally = &mut pass.tally;
                let mut add = |row: &Detail<'_, '_>| tally.add(row.kind, row.class, row.name, row.minor);
                let seen = layout.rows(&buffer[..length], &mut scratch, |row| reader.row(&row, &mut add));
                pass.lines.push((number, seen.lines));
                pass.see(seen);
            }
            pass.notes = reader.notes;
            Ok(pass)
        };
        let parts = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            let joined =
                others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            std::iter::once(own).chain(joined).collect::<Vec<_>>()
        });
        let mut whole = Pass::new();
        for part in parts {
            whole.absorb(part.map_err(|stop| self.stopped(stop))?);
        }
        Ok(whole)
    }

    /// Reads one settlement of the file to its end.
    pub(crate) fn check_one(
        &self,
        mut plan: Plan,
        head: Option<&Head>,
        threads: usize,
    ) -> Result<(Checked, Vec<Head>), Refusal> {
        let mut pass = self.tally(&plan, threads)?;
        let before = self.survey.layout.lines_before;
        if let Some((at, other)) = pass.notes.mixed {
            return Err(Refusal::MixedCurrencies { line: pass.line(at, before), currency: plan.currency, other });
        }
        let mut problems = Vec::new();
        self.leave_the_payout_out(&mut plan, &mut pass, &mut problems)?;
        let heads = std::mem::take(&mut pass.notes.heads);
        let money = |minor: i128| i64::try_from(minor).map(|minor| Money::new(minor, plan.currency));
        let sum = money(pass.tally.sum_minor())
            .map_err(|_| Refusal::Damaged { reason: "its amounts sum to more than any account can hold".to_owned() })?;
        let total = plan.total.map(|minor| Money::new(minor, plan.currency));
        let difference = total.map(|total| i128::from(total.minor()) - i128::from(sum.minor()));
        let missing = difference.filter(|_| pass.notes.unreadable == 1).and_then(|minor| money(minor).ok());
        problems
            .extend(pass.notes.flaws.iter().map(|flaw| problem::of_flaw(flaw, pass.line(flaw.at, before), missing)));
        problems.extend(problem::of_the_rest(&pass.notes));
        let settlement = total.map(|total| self.settlement(&plan, head, total, &mut problems));
        twice(&heads, &plan, |at| pass.line(at, before), &mut problems);
        if let Some(problem) = identity(sum, total, pass.notes.unreadable, plan.unreadable_total.as_deref()) {
            problems.push(problem);
        }
        let balanced = total == Some(sum)
            && pass.notes.unreadable == 0
            && problems.iter().all(|problem| problem.weight != Weight::Stops);
        problems.sort_by_key(|problem| (problem.line.unwrap_or(0), problem.weight as u8));
        let checked = Checked {
            format: plan.format,
            encoding: self.encoding(&pass.seen),
            gzip: self.survey.packing.gzip,
            decimal: self.survey.decimal,
            id: plan.id.clone(),
            currency: plan.currency,
            settlement,
            sum,
            rows: pass.tally.rows(),
            balanced,
            suspects: Vec::new(),
            tally: pass.tally,
            problems,
            plan,
        };
        Ok((checked, heads))
    }

    /// Names rows that would explain why the sum is not the total. A second pass, so only for files that need it.
    pub(crate) fn suspect(&self, checked: &mut Checked) -> Result<(), Refusal> {
        let Some(difference) = checked.difference().filter(|difference| !difference.is_zero()) else { return Ok(()) };
        let difference = i128::from(difference.minor());
        let mut suspects = Vec::new();
        self.pass(&checked.plan, |row| {
            let minor = i128::from(row.minor);
            let why = if minor == difference {
                "the settlement would balance without this row: it may be there twice, or belong to another settlement"
            } else if 2 * minor == difference {
                "the settlement would balance if this amount had the other sign"
            } else {
                return;
            };
            if suspects.len() < SUSPECTS_MAX {
                suspects.push(Suspect { line: row.line, amount_minor: row.minor, why: why.to_owned() });
            }
        })?;
        checked.suspects = suspects;
        Ok(())
    }

    /// Some exports repeat the payout as a row, so that all rows sum to nothing. That row is not part of the settlement.
    fn leave_the_payout_out(
        &self,
        plan: &mut Plan,
        pass: &mut Pass,
        problems: &mut Vec<Problem>,
    ) -> Result<(), Refusal> {
        let (Some(total), [at]) = (plan.total, pass.notes.transfers.as_slice()) else { return Ok(()) };
        if pass.tally.sum_minor() != 0 || total == 0 {
            return Ok(());
        }
        let line = pass.line(*at, self.survey.layout.lines_before);
        let mut left_out = None;
        self.pass(plan, |row| {
            if row.line == line && row.minor == -total {
                left_out = Some([row.kind, row.class, row.name].map(str::to_owned));
            }
        })?;
        if let Some([kind, class, name]) = left_out {
            pass.tally.remove(&kind, &class, &name, -total);
            plan.left_out = Some(line);
            problems.push(Problem {
                line: Some(line),
                ..Problem::of_file(
                    Weight::Note,
                    format!("Line {line} repeats the payout itself (`{kind}`), so that all rows sum to nothing"),
                    "The row is left out: the payout is the settlement's total and is booked once",
                    "Nothing needs to be done",
                )
            });
        }
        Ok(())
    }

    fn settlement(&self, plan: &Plan, head: Option<&Head>, total: Money, problems: &mut Vec<Problem>) -> Settlement {
        let mut moment = |column: &str, text: &str| -> Option<Timestamp> {
            if text.is_empty() {
                return None;
            }
            let stamp = Written::parse(text).and_then(|written| written.decided(plan.day_order, &plan.zoneless));
            if stamp.is_none() {
                problems.push(Problem::of_file(
                    Weight::Note,
                    format!("`{text}` in `{column}` is not a date that can be read for certain"),
                    "The settlement's period or payout date is not known",
                    "Enter the date by hand, or download the file again",
                ));
            }
            stamp.and_then(Stamp::moment)
        };
        // A file that a spreadsheet wrote may have no summary row and repeat these columns on its rows.
        let repeated = &self.survey.samples.repeated;
        let [from, to, deposit] = match head {
            Some(head) => [head.from.as_str(), head.to.as_str(), head.deposit.as_str()],
            None => [&repeated.from, &repeated.to, &repeated.deposit].map(|text| text.as_deref().unwrap_or_default()),
        };
        let from = moment("settlement-start-date", from);
        let to = moment("settlement-end-date", to);
        let deposit_on = moment("deposit-date", deposit);
        Settlement { id: plan.id.clone(), currency: plan.currency, from, to, deposit_on, total }
    }

    fn encoding(&self, seen: &Seen) -> String {
        use super::input::Mark;
        match self.survey.packing.mark {
            Some(Mark::Utf16 { .. }) => "utf-16".to_owned(),
            Some(Mark::Utf8) => "utf-8-bom".to_owned(),
            None if self.survey.xml_encoding.is_some() => {
                self.survey.xml_encoding.map_or_else(String::new, |encoding| encoding.name().to_ascii_lowercase())
            }
            None if seen.fallback_lines > 0 => self.survey.layout.fallback.name().to_ascii_lowercase(),
            None => "utf-8".to_owned(),
        }
    }
}

/// The same settlement introduced twice: a file put together with itself.
fn twice(heads: &[Head], plan: &Plan, line: impl Fn(At) -> u64, problems: &mut Vec<Problem>) {
    let mut own = heads.iter().filter(|head| head.id == plan.id || head.id.is_empty());
    let (Some(first), Some(second)) = (own.next(), own.next()) else { return };
    let other_total = first.total != second.total;
    let weight = if other_total { Weight::Stops } else { Weight::Note };
    let (first, second) = (line(first.at), line(second.at));
    let what = format!("The settlement introduces itself twice, on lines {first} and {second}");
    let what = if other_total { format!("{what}, with different totals") } else { what };
    problems.push(Problem {
        line: Some(second),
        ..Problem::of_file(
            weight,
            what,
            "If the same file was put together with itself, all its rows are there twice",
            "Give the file as it was downloaded",
        )
    });
}

fn identity(sum: Money, total: Option<Money>, unreadable: u64, unreadable_total: Option<&str>) -> Option<Problem> {
    let Some(total) = total else {
        let what = match unreadable_total {
            Some(text) => {
                format!("The total `{text}` is not an amount in the form of this file; its rows sum to {sum}")
            }
            None => format!("The file does not state a total; its rows sum to {sum}"),
        };
        return Some(Problem::of_file(
            Weight::Stops,
            what,
            "It cannot be shown that no row is missing, so nothing of it is posted",
            "Download the file again with its first row, or state the total from Seller Central",
        ));
    };
    if sum == total || unreadable > 0 {
        return None;
    }
    let difference = i128::from(sum.minor()) - i128::from(total.minor());
    let digits = i64::try_from(difference)
        .map_or_else(|_| difference.to_string(), |minor| Money::new(minor, sum.currency()).digits());
    Some(Problem::of_file(
        Weight::Stops,
        format!("The rows sum to {}, but the settlement's total is {}: a difference of {digits}", sum.digits(), total),
        "A row is missing, doubled or changed, so nothing of this settlement is posted",
        "Download the file again. If it is the same, look at the rows named as suspects, and ask Amazon for the missing row",
    ))
}

/// Minor units of a total or an accepted amount as a person writes it: with a point.
pub(crate) fn stated(text: &str, place: &str, currency: Currency) -> Result<i64, Refusal> {
    number::minor(text, Decimal::Point, currency, currency.decimals()).map_err(|error| Refusal::BadAcceptance {
        place: place.to_owned(),
        amount: crate::answer::cut(text, 40),
        reason: error.reason().to_owned(),
    })
}
