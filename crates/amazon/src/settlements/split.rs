//! Where fields and lines end: 64 bytes at a time, as bits.
//!
//! A delimiter is an ASCII byte below `0x40`, and neither UTF-8, Cp1252 nor Cp932 uses such a byte inside a character, so raw
//! bytes can be split before their encoding is known. Sixty-four bytes become one word of bits; walking its ones costs a
//! nanosecond for each field, where a search from field to field costs several.

/// Columns whose ends are kept. A settlement has at most 36; what lies beyond is counted and not kept.
pub(crate) const ENDS_MAX: usize = 128;

/// One physical line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// First byte.
    pub(crate) start: usize,
    /// The end-of-line byte, or the end of the bytes.
    pub(crate) end: usize,
    /// Delimiters in it.
    pub(crate) delimiters: usize,
}

/// Walks lines and notes the ends of their fields.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    eol: u8,
    start: usize,
    base: usize,
    /// Where delimiters and ends of lines stand in the 64 bytes from `base` that have not been walked.
    marks: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(bytes: &'a [u8], delimiter: u8, eol: u8) -> Lines<'a> {
        let mut lines = Lines { bytes, delimiter, eol, start: 0, base: 0, marks: 0 };
        lines.load(0);
        lines
    }

    /// Goes on at `at`, which is where a line begins.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.start = at;
        self.load(at - at % 64);
        self.marks &= !0_u64 << (at % 64);
    }

    #[inline]
    fn load(&mut self, base: usize) {
        self.base = base;
        let rest = self.bytes.get(base..).unwrap_or_default();
        self.marks = match rest.first_chunk::<64>() {
            Some(block) => marks(block, self.delimiter, self.eol),
            None => self.last_marks(rest),
        };
    }

    #[cold]
    fn last_marks(&self, rest: &[u8]) -> u64 {
        let mut padded = [0_u8; 64];
        padded[..rest.len()].copy_from_slice(rest);
        marks(&padded, self.delimiter, self.eol)
    }

    /// The next line; `ends` receives the ends of all its fields but the last, whose end is the line's.
    #[inline]
    pub(crate) fn next_line(&mut self, ends: &mut [u32; ENDS_MAX]) -> Option<Line> {
        let start = self.start;
        if start >= self.bytes.len() {
            return None;
        }
        let mut count = 0;
        loop {
            while self.marks != 0 {
                let at = self.base + self.marks.trailing_zeros() as usize;
                self.marks &= self.marks - 1;
                if self.bytes[at] == self.eol {
                    self.start = at + 1;
                    return Some(Line { start, end: at, delimiters: count });
                }
                ends[count % ENDS_MAX] = at as u32;
                count += 1;
            }
            let next = self.base + 64;
            if next >= self.bytes.len() {
                let end = self.bytes.len();
                self.start = end;
                return Some(Line { start, end, delimiters: count });
            }
            self.load(next);
        }
    }
}

/// Bit `i` is set where `block[i]` is `a` or `b`.
///
/// Each byte becomes its own bit of eight or nothing, which the compiler does for many bytes at once; a multiplication then
/// adds the eight bytes of a word, whose bits never meet, into its highest byte.
#[inline]
fn marks(block: &[u8; 64], a: u8, b: u8) -> u64 {
    let mut bits = [0_u8; 64];
    for (index, bit) in bits.iter_mut().enumerate() {
        let own = 1_u8 << (index % 8);
        *bit = if (block[index] == a) | (block[index] == b) { own } else { 0 };
    }
    let (words, _) = bits.as_chunks::<8>();
    words.iter().enumerate().fold(0, |found, (index, word)| {
        let gathered = u64::from_le_bytes(*word).wrapping_mul(0x0101_0101_0101_0101) >> 56;
        found | gathered << (8 * index)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(bytes: &[u8]) -> Vec<(usize, usize, Vec<u32>)> {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut ends = Vec::new();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\t' => ends.push(at as u32),
                b'\n' => {
                    lines.push((start, at, std::mem::take(&mut ends)));
                    start = at + 1;
                }
                _ => {}
            }
        }
        if start < bytes.len() {
            lines.push((start, bytes.len(), ends));
        }
        lines
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn lines_and_fields_are_where_a_walk_byte_by_byte_finds_them(
            bytes in proptest::collection::vec(prop_oneof![Just(b'\t'), Just(b'\n'), Just(b'x'), any::<u8>()], 0..400),
            jump in any::<prop::sample::Index>(),
        ) {
            let expected = plain(&bytes);
            let mut lines = Lines::new(&bytes, b'\t', b'\n');
            let mut ends = [0; ENDS_MAX];
            let mut from = 0;
            if !expected.is_empty() {
                from = jump.index(expected.len());
                lines.go_to(expected[from].0);
            }
            for (start, end, fields) in &expected[from..] {
                let line = lines.next_line(&mut ends).unwrap();
                prop_assert_eq!((line.start, line.end, line.delimiters), (*start, *end, fields.len()));
                if fields.len() <= ENDS_MAX {
                    prop_assert_eq!(&ends[..fields.len()], &fields[..]);
                }
            }
            prop_assert_eq!(lines.next_line(&mut ends), None);
        }
    }
}
