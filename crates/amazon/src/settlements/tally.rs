//! Sums by (kind, class, name): what a settlement consists of, without knowing yet what it means.
//!
//! The triples of a file are few and its rows many, so a triple is found by hash and compared, never allocated twice. The table
//! is bounded: a file cannot make it grow beyond [`TRIPLES_MAX`], and what comes after is summed under one name.

use std::hash::{BuildHasher, RandomState};

/// Different triples that are kept apart.
pub const TRIPLES_MAX: usize = 65_536;

/// Kind, class and name under which amounts beyond [`TRIPLES_MAX`] triples are summed.
const BEYOND: &str = "(beyond 65,536 kinds of amount)";

/// Rows and their sum for one (kind, class, name), verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TripleSum {
    text: Box<str>,
    cuts: (u32, u32),
    hash: u64,
    /// Rows of this triple.
    pub rows: u64,
    /// Their sum in minor units of the settlement's currency.
    pub sum_minor: i128,
}

impl TripleSum {
    /// What happened (`Order`): the marketplace's `transaction-type`.
    pub fn kind(&self) -> &str {
        &self.text[..self.cuts.0 as usize]
    }

    /// Which sort of amount (`ItemPrice`): the marketplace's `amount-type`.
    pub fn class(&self) -> &str {
        &self.text[self.cuts.0 as usize..self.cuts.1 as usize]
    }

    /// Which amount (`Principal`): the marketplace's `amount-description`.
    pub fn name(&self) -> &str {
        &self.text[self.cuts.1 as usize..]
    }

    fn is(&self, kind: &str, class: &str, name: &str) -> bool {
        self.kind() == kind && self.class() == class && self.name() == name
    }
}

/// Sums by triple, in the order in which the triples appeared.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Index into `entries` plus one, or nothing; the length is a power of two.
    slots: Vec<u32>,
    entries: Vec<TripleSum>,
    seed: u64,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally { slots: vec![0; 1024], entries: Vec::new(), seed: RandomState::new().hash_one(0_u8) }
    }
}

impl Tally {
    /// Adds one amount of `minor` units.
    #[inline]
    pub fn add(&mut self, kind: &str, class: &str, name: &str, minor: i64) {
        self.add_many(kind, class, name, 1, i128::from(minor));
    }

    #[inline]
    fn add_many(&mut self, kind: &str, class: &str, name: &str, rows: u64, minor: i128) {
        let hash = self.hash(kind, class, name);
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while let Some(index) = self.slots[place].checked_sub(1) {
            let entry = &mut self.entries[index as usize];
            if entry.hash == hash && entry.is(kind, class, name) {
                entry.rows += rows;
                entry.sum_minor += minor;
                return;
            }
            place = (place + 1) & mask;
        }
        self.insert(hash, place, [kind, class, name], rows, minor);
    }

    #[cold]
    fn insert(&mut self, hash: u64, place: usize, [kind, class, name]: [&str; 3], rows: u64, minor: i128) {
        if self.entries.len() >= TRIPLES_MAX && kind != BEYOND {
            return self.add_many(BEYOND, "", "", rows, minor);
        }
        let cuts = (kind.len() as u32, (kind.len() + class.len()) as u32);
        let text = [kind, class, name].concat().into_boxed_str();
        self.entries.push(TripleSum { text, cuts, hash, rows, sum_minor: minor });
        self.slots[place] = self.entries.len() as u32;
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (index, entry) in self.entries.iter().enumerate() {
            let mut place = entry.hash as usize & mask;
            while self.slots[place] != 0 {
                place = (place + 1) & mask;
            }
            self.slots[place] = index as u32 + 1;
        }
    }

    #[inline]
    fn hash(&self, kind: &str, class: &str, name: &str) -> u64 {
        let mut hash = self.seed;
        for part in [kind, class, name] {
            let (words, rest) = part.as_bytes().as_chunks::<8>();
            for word in words {
                hash = mixed(hash, u64::from_le_bytes(*word));
            }
            let last = match rest {
                [a, b, c, d, ..] => {
                    let tail = rest.last_chunk::<4>().map_or(0, |tail| u32::from_le_bytes(*tail));
                    u64::from(u32::from_le_bytes([*a, *b, *c, *d])) | u64::from(tail) << 32
                }
                [a, b, c] => u64::from_le_bytes([*a, *b, *c, 0, 0, 0, 0, 0]),
                [a, b] => u64::from_le_bytes([*a, *b, 0, 0, 0, 0, 0, 0]),
                [a] => u64::from(*a),
                [] => 0,
            };
            hash = mixed(hash, last ^ (part.len() as u64) << 56);
        }
        hash ^ hash >> 32
    }

    /// All triples with their sums, in the order in which they appeared.
    pub fn triples(&self) -> impl ExactSizeIterator<Item = &TripleSum> {
        self.entries.iter()
    }

    /// The triples that `is_known` does not know.
    pub fn unknown(&self, is_known: impl Fn(&str, &str, &str) -> bool) -> Vec<&TripleSum> {
        self.triples().filter(|triple| !is_known(triple.kind(), triple.class(), triple.name())).collect()
    }

    /// Rows of all triples.
    pub fn rows(&self) -> u64 {
        self.entries.iter().map(|entry| entry.rows).sum()
    }

    /// Sum of all triples in minor units.
    pub fn sum_minor(&self) -> i128 {
        self.entries.iter().map(|entry| entry.sum_minor).sum()
    }

    /// Takes in what another part of the file gave.
    pub(crate) fn absorb(&mut self, other: &Tally) {
        for entry in &other.entries {
            self.add_many(entry.kind(), entry.class(), entry.name(), entry.rows, entry.sum_minor);
        }
    }

    /// Takes one row out again.
    pub(crate) fn remove(&mut self, kind: &str, class: &str, name: &str, minor: i64) {
        if let Some(at) = self.entries.iter().position(|entry| entry.is(kind, class, name)) {
            self.entries[at].rows -= 1;
            self.entries[at].sum_minor -= i128::from(minor);
            if self.entries[at].rows == 0 {
                self.entries.remove(at);
                self.grow();
            }
        }
    }
}

#[inline]
fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        #[test]
        fn a_tally_says_what_a_map_says(rows in proptest::collection::vec(("[ab]{0,3}", "[ab]{0,3}", "[abé]{0,9}", -99_i64..99), 0..400), cut in any::<prop::sample::Index>()) {
            let mut map = BTreeMap::new();
            let mut parts = [Tally::default(), Tally::default()];
            let cut = cut.index(rows.len() + 1);
            for (index, (kind, class, name, minor)) in rows.iter().enumerate() {
                let entry = map.entry((kind.clone(), class.clone(), name.clone())).or_insert((0_u64, 0_i128));
                *entry = (entry.0 + 1, entry.1 + i128::from(*minor));
                parts[usize::from(index < cut)].add(kind, class, name, *minor);
            }
            let [mut whole, other] = parts;
            whole.absorb(&other);
            let told: BTreeMap<_, _> = whole
                .triples()
                .map(|triple| ((triple.kind().to_owned(), triple.class().to_owned(), triple.name().to_owned()), (triple.rows, triple.sum_minor)))
                .collect();
            prop_assert_eq!(told, map);
            prop_assert_eq!(whole.rows(), rows.len() as u64);
        }
    }

    #[test]
    fn a_file_cannot_make_it_grow_without_end_nor_lose_a_penny() {
        let mut tally = Tally::default();
        for number in 0..100_000 {
            tally.add("Order", "ItemFees", &format!("fee {number}"), 1);
        }
        assert_eq!(tally.triples().len(), TRIPLES_MAX + 1);
        assert_eq!((tally.rows(), tally.sum_minor()), (100_000, 100_000));
    }

    #[test]
    fn a_row_taken_out_leaves_no_trace() {
        let mut tally = Tally::default();
        tally.add("Transfer", "Transfer", "", -5);
        tally.add("Order", "ItemPrice", "Principal", 5);
        tally.remove("Transfer", "Transfer", "", -5);
        tally.add("Order", "ItemPrice", "Principal", 1);
        assert_eq!(
            tally.triples().map(|triple| (triple.kind(), triple.rows, triple.sum_minor)).collect::<Vec<_>>(),
            [("Order", 2, 6)]
        );
    }
}
