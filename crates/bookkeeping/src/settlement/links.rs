//! From a row to the line of a document that it went into, and back.
//!
//! Six bytes a row: the number of the triple, and either a line or the packed fragment of an item, whose parts went to one line for each
//! slot. So ten million rows can be followed in the memory of a small machine.

use super::book::LineId;
use super::items::FragmentId;
use super::words::{Slot, WordId};

const ITEM: u32 = 1 << 31;
/// The debt of the settlement before: never posted.
pub(crate) const CARRIED: u32 = ITEM - 1;
/// A parent, a duplicate or the payout itself: never posted.
pub(crate) const IGNORED: u32 = ITEM - 2;
/// Went into something that came to nil.
pub(crate) const FOLDED: u32 = ITEM - 3;
/// Was posted before, when the goods left.
pub(crate) const HELD: u32 = ITEM - 4;

/// Where a row went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowPlace {
    /// A line of a document: their places in [`super::Posted::documents`].
    Line {
        /// Document.
        document: u32,
        /// Line of it; 0 for a movement.
        line: u32,
    },
    /// It and its neighbours came to nil.
    Folded,
    /// The debt of the settlement before.
    Carried,
    /// A parent, a duplicate, or the payout itself.
    Ignored,
    /// An invoice that was posted when the goods left.
    Held,
}

/// Rows and the lines they went into.
#[derive(Debug, Default)]
pub struct RowLinks {
    lines: RowLines,
    words: Vec<WordId>,
    slots: Vec<u32>,
    /// Of each fragment: which pattern of lines its parts went into.
    fragments: Vec<u32>,
    patterns: Vec<Vec<(Slot, LineId)>>,
    /// Slot of each triple.
    word_slots: Vec<Option<Slot>>,
    /// Place of each line in the documents.
    places: Vec<Option<(u32, u32)>>,
}

/// Line numbers of rows: mostly each is one more than the one before.
#[derive(Debug)]
enum RowLines {
    From(u64),
    Each(Vec<u64>),
}

impl Default for RowLines {
    fn default() -> RowLines {
        RowLines::From(0)
    }
}

impl RowLinks {
    /// Rows that were taken.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no row was taken.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Where each row went, with its line in the file, in the order in which rows came.
    pub fn iter(&self) -> impl Iterator<Item = (u64, RowPlace)> + '_ {
        (0..self.slots.len()).map(|at| (self.line(at), self.place(at)))
    }

    /// Where the row of a line in the file went.
    pub fn of_row(&self, line: u64) -> Option<RowPlace> {
        let at = match &self.lines {
            RowLines::From(first) => usize::try_from(line.checked_sub(*first)?).ok()?,
            RowLines::Each(lines) => lines.iter().position(|known| *known == line)?,
        };
        (at < self.slots.len()).then(|| self.place(at))
    }

    /// Lines in the file of the rows that went into a line of a document.
    pub fn rows_of(&self, document: u32, line: u32) -> impl Iterator<Item = u64> + '_ {
        self.iter().filter(move |(_, place)| *place == RowPlace::Line { document, line }).map(|(line, _)| line)
    }

    pub(super) fn row(&mut self, line: u64, word: WordId) -> usize {
        let at = self.slots.len();
        match &mut self.lines {
            RowLines::From(first) if at == 0 => *first = line,
            RowLines::From(first) if *first + at as u64 == line => {}
            RowLines::From(first) => {
                let mut lines: Vec<u64> = (0..at as u64).map(|before| *first + before).collect();
                lines.push(line);
                self.lines = RowLines::Each(lines);
            }
            RowLines::Each(lines) => lines.push(line),
        }
        self.words.push(word);
        self.slots.push(FOLDED);
        at
    }

    pub(super) fn set(&mut self, row: usize, slot: u32) {
        self.slots[row] = slot;
    }

    pub(super) fn set_item(&mut self, row: usize, fragment: FragmentId) {
        self.slots[row] = ITEM | fragment;
    }

    /// Makes room for the fragments of items.
    pub(super) fn expect(&mut self, fragments: usize, word_slots: Vec<Option<Slot>>) {
        self.patterns.push(Vec::new());
        self.fragments = vec![0; fragments];
        self.word_slots = word_slots;
    }

    /// The parts of a fragment went into these lines.
    pub(super) fn set_fragment(&mut self, fragment: FragmentId, pattern: u32) {
        self.fragments[fragment as usize] = pattern;
    }

    pub(super) fn add_pattern(&mut self, lines: Vec<(Slot, LineId)>) -> u32 {
        self.patterns.push(lines);
        (self.patterns.len() - 1) as u32
    }

    pub(super) fn set_places(&mut self, places: Vec<Option<(u32, u32)>>) {
        self.places = places;
    }

    fn line(&self, at: usize) -> u64 {
        match &self.lines {
            RowLines::From(first) => first + at as u64,
            RowLines::Each(lines) => lines[at],
        }
    }

    fn place(&self, at: usize) -> RowPlace {
        let slot = self.slots[at];
        let line = if slot & ITEM == 0 { slot } else { self.line_of_item(at, slot & !ITEM) };
        match line {
            CARRIED => RowPlace::Carried,
            IGNORED => RowPlace::Ignored,
            FOLDED => RowPlace::Folded,
            HELD => RowPlace::Held,
            line => match self.places.get(line as usize) {
                Some(Some((document, line))) => RowPlace::Line { document: *document, line: *line },
                _ => RowPlace::Folded,
            },
        }
    }

    fn line_of_item(&self, at: usize, fragment: FragmentId) -> LineId {
        let pattern = &self.patterns[self.fragments[fragment as usize] as usize];
        let slot = self.word_slots[usize::from(self.words[at])];
        let own = pattern.iter().find(|(known, _)| Some(*known) == slot);
        // A tax without an amount of its own slot was folded into another of the item.
        own.or(pattern.first()).map_or(FOLDED, |(_, line)| *line)
    }
}
