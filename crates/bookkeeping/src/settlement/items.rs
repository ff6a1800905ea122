//! Items of orders while their rows come: one open at a time, the closed ones packed.
//!
//! Rows of an item usually follow each other, so an item is packed when another begins: some 30 bytes for each of millions. When rows of
//! a packed item come again they make a second fragment under the same 128-bit key, and fragments of one key are joined before anything
//! is valued. So the order of rows cannot matter, and nothing is ever taken back.

use std::hash::{DefaultHasher, Hasher};

use super::calendar::DayId;
use super::texts::TextId;
use super::words::WordId;

/// Number of a fragment.
pub(crate) type FragmentId = u32;

/// What an item is: `line` is the same for everything that happens to one order line, `event` for one event of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) line: u64,
    pub(crate) event: u64,
}

/// An event of an item of an order, with its amounts by triple.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) key: Key,
    /// First day of its rows.
    pub(crate) day: DayId,
    pub(crate) site: u16,
    pub(crate) sku: u32,
    /// Place of the order in the evidence plus one; 0 if it is not known.
    pub(crate) known: u32,
    /// Whether its rows name an order.
    pub(crate) linked: bool,
    /// Order, its line, and the shipment or adjustment; 0 where texts are not kept.
    pub(crate) order: TextId,
    pub(crate) line: TextId,
    pub(crate) part: TextId,
    /// Units of goods; `None` if no row says it.
    pub(crate) units: Option<i64>,
    /// First line of its rows in the file.
    pub(crate) first_line: u64,
    pub(crate) rows: u32,
    pub(crate) pieces: Vec<(WordId, i64)>,
}

impl Item {
    /// Adds an amount; `false` if the sum does not fit.
    pub(crate) fn add(&mut self, word: WordId, minor: i64) -> bool {
        self.rows += 1;
        match self.pieces.iter_mut().find(|(known, _)| *known == word) {
            Some((_, sum)) => match sum.checked_add(minor) {
                Some(new) => {
                    *sum = new;
                    true
                }
                None => false,
            },
            None => {
                self.pieces.push((word, minor));
                true
            }
        }
    }
}

/// Hashes texts to 64 bits; `seed` gives independent results. SipHash with a fixed key: the same text, the same key, on every machine.
pub(crate) fn hash(seed: u8, texts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u8(seed);
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// Packed fragments.
#[derive(Default)]
pub(crate) struct Fragments {
    keys: Vec<Key>,
    begins: Vec<(u32, u32)>,
    blocks: Vec<Vec<u8>>,
}

/// Bytes are kept in blocks, because one growing vector would be copied and held twice.
const BLOCK: usize = 1 << 20;

impl Fragments {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The number that the next fragment will get; `None` if there are too many.
    pub(crate) fn next(&self) -> Option<FragmentId> {
        FragmentId::try_from(self.keys.len()).ok()
    }

    pub(crate) fn push(&mut self, item: &Item) {
        if self.blocks.last().is_none_or(|block| block.len() + 160 + 14 * item.pieces.len() > BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let number = self.blocks.len() - 1;
        let block = &mut self.blocks[number];
        self.keys.push(item.key);
        self.begins.push((number as u32, block.len() as u32));
        for part in [
            u64::from(item.day),
            u64::from(item.site),
            u64::from(item.sku),
            u64::from(item.known) << 1 | u64::from(item.linked),
            u64::from(item.order),
            u64::from(item.line),
            u64::from(item.part),
            item.units.map_or(0, |units| zigzag(units).saturating_add(1)),
            item.first_line,
            u64::from(item.rows),
            item.pieces.len() as u64,
        ] {
            write(block, part);
        }
        for (word, minor) in &item.pieces {
            write(block, u64::from(*word));
            write(block, zigzag(*minor));
        }
    }

    pub(crate) fn key(&self, id: FragmentId) -> Key {
        self.keys[id as usize]
    }

    pub(crate) fn get(&self, id: FragmentId) -> Item {
        let (block, at) = self.begins[id as usize];
        let mut reader = Reader { bytes: &self.blocks[block as usize], at: at as usize };
        let (day, site, sku) = (reader.next() as DayId, reader.next() as u16, reader.next() as u32);
        let known = reader.next();
        let mut item = Item {
            key: self.keys[id as usize],
            day,
            site,
            sku,
            known: (known >> 1) as u32,
            linked: known & 1 == 1,
            order: reader.next() as TextId,
            line: reader.next() as TextId,
            part: reader.next() as TextId,
            units: match reader.next() {
                0 => None,
                units => Some(unzigzag(units - 1)),
            },
            first_line: reader.next(),
            rows: reader.next() as u32,
            pieces: Vec::new(),
        };
        let count = reader.next();
        item.pieces = (0..count).map(|_| (reader.next() as WordId, unzigzag(reader.next()))).collect();
        item
    }

    /// Fragments of order lines that have several, each line's together. All others stand alone and can be taken as they came, which is
    /// kinder to the memory of the machine than the order of their keys.
    pub(crate) fn shared(&self) -> Vec<Vec<FragmentId>> {
        let mut order: Vec<(u64, FragmentId)> = self.keys.iter().map(|key| key.line).zip(0..).collect();
        order.sort_unstable();
        let groups = order.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1);
        groups
            .map(|group| {
                let mut ids: Vec<FragmentId> = group.iter().map(|(_, id)| *id).collect();
                ids.sort_unstable_by_key(|&id| (self.key(id), id));
                ids
            })
            .collect()
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
            shift += 7;
        }
    }
}

fn write(block: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        block.push(value as u8 | 0x80);
        value >>= 7;
    }
    block.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_item_is_unpacked_as_it_was(
            day in any::<u16>(), sku in any::<u32>(), units in proptest::option::of(-1_000_i64..1_000),
            first_line in any::<u64>(), pieces in proptest::collection::vec((any::<u16>(), any::<i64>()), 0..20),
        ) {
            let key = Key { line: first_line, event: u64::from(sku) };
            let item = Item { key, day, sku, units, first_line, pieces, rows: 7, ..Item::default() };
            let mut fragments = Fragments::default();
            fragments.push(&Item::default());
            fragments.push(&item);
            prop_assert_eq!(fragments.get(1), item);
        }
    }
}
