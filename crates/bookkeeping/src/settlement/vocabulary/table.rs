//! The list itself, read once.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::meaning::{Category, Meaning, Place, Source, StockMove, VatCode};
use super::suggest::letters;
use super::{fold, matches};

static TEXT: &str = include_str!("../../../data/amazon-vocabulary.csv");

/// One line of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose words.
    pub source: Source,
    /// Kind, as the marketplace writes it; empty or `*`: any.
    pub kind: String,
    /// Class.
    pub class: String,
    /// Name.
    pub name: String,
    /// What it means.
    pub meaning: Meaning,
    /// How sure it is (`[observed]`, `[inferred]`), and what to know.
    pub note: String,
    folded: [String; 3],
    /// Letters and digits of name and class, for comparing with unknown words.
    pub(super) letters: [String; 2],
}

struct Table {
    entries: Vec<Entry>,
    /// Entries without a wildcard, by their folded triple.
    exact: HashMap<(Source, [String; 3]), usize>,
    /// The others, most exact first.
    open: Vec<usize>,
}

/// Every entry, in the order of the list.
pub fn entries() -> &'static [Entry] {
    &table().entries
}

pub(super) fn find(source: Source, kind: &str, class: &str, name: &str) -> Option<&'static Entry> {
    let table = table();
    let key = (source, [kind.to_owned(), class.to_owned(), name.to_owned()]);
    if let Some(&index) = table.exact.get(&key) {
        return Some(&table.entries[index]);
    }
    table.open.iter().map(|&index| &table.entries[index]).find(|entry| {
        entry.source == source
            && entry.folded.iter().zip([kind, class, name]).all(|(pattern, word)| matches(pattern, word))
    })
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let entries: Vec<Entry> = csv::Reader::from_reader(TEXT.as_bytes())
            .into_records()
            .enumerate()
            .map(|(index, record)| {
                let record = record.unwrap_or_else(|error| panic!("line {} of the vocabulary: {error}", index + 2));
                entry(&record).unwrap_or_else(|| panic!("line {} of the vocabulary holds an unknown word", index + 2))
            })
            .collect();
        let is_open = |entry: &Entry| entry.folded.iter().any(|word| word.is_empty() || word.ends_with('*'));
        let exact = (entries.iter().enumerate())
            .filter(|(_, entry)| !is_open(entry))
            .map(|(index, entry)| ((entry.source, entry.folded.clone()), index))
            .collect();
        let mut open: Vec<usize> = (0..entries.len()).filter(|&index| is_open(&entries[index])).collect();
        open.sort_by_key(|&index| {
            let weight: usize = entries[index].folded.iter().map(|word| word.trim_end_matches('*').len()).sum();
            (std::cmp::Reverse(weight), index)
        });
        Table { entries, exact, open }
    })
}

fn entry(record: &csv::StringRecord) -> Option<Entry> {
    let field = |index: usize| record.get(index).unwrap_or("");
    let (kind, class, name) = (field(1), field(2), field(3));
    let stock = match field(7) {
        "" => StockMove::None,
        "out" => StockMove::Out,
        "in" => StockMove::In,
        _ => return None,
    };
    let meaning = Meaning {
        category: Category::parse(field(4))?,
        place: Place::parse(field(5))?,
        vat: VatCode::parse(field(6))?,
        stock,
        own: false,
    };
    Some(Entry {
        source: Source::parse(field(0))?,
        kind: kind.to_owned(),
        class: class.to_owned(),
        name: name.to_owned(),
        meaning,
        note: field(8).to_owned(),
        folded: [fold(kind), fold(class), fold(name)],
        letters: [name, class].map(letters),
    })
}
