//! From bytes to rows of text: splitting, re-joining broken lines, quotes, and the encoding of each line.
//!
//! In a tab-separated file a row is known by its number of fields, never by quotes: a line with as many fields as the header is a
//! row; a shorter one that does not begin a row was broken by a line break inside a field and is joined with what follows. So a
//! row never depends on more than its own lines, and a file can be cut between any two complete lines and read in parallel.
//! The encoding is judged line by line for the same reason: UTF-8 if the line is UTF-8, else the file's older encoding.

use encoding_rs::Encoding;
use memchr::{memchr, memchr_iter, memrchr};

use super::header::{Column, Columns};
use super::split::{ENDS_MAX, Line, Lines};

/// Lines that may be joined to one row.
const JOINED_LINES_MAX: usize = 64;

/// How the text of a file is laid out.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) delimiter: u8,
    pub(crate) eol: u8,
    pub(crate) columns: Columns,
    /// Cells of the header in normal form; a row like it is the header again.
    pub(crate) header: Vec<String>,
    /// Bytes before the first row.
    pub(crate) data_at: u64,
    /// Physical lines before the first row.
    pub(crate) lines_before: u64,
    /// Encoding of lines that are not UTF-8.
    pub(crate) fallback: &'static Encoding,
    /// Id on the first row: a line with it, or with a number like it, begins a row.
    pub(crate) first_id: Vec<u8>,
}

/// One row as text.
#[derive(Clone, Copy)]
pub(crate) struct TextRow<'a> {
    text: &'a str,
    /// Where `text` begins in the bytes that `start`, `end` and `ends` count.
    offset: usize,
    start: usize,
    end: usize,
    ends: &'a [u32],
    /// Physical line within what is read (0-based).
    pub(crate) line: u64,
}

impl<'a> TextRow<'a> {
    /// Fields of the row.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// The field, without blanks around it; empty if the row does not reach so far.
    #[inline]
    pub(crate) fn at(&self, place: Option<u8>) -> &'a str {
        let Some(place) = place.map(usize::from) else { return "" };
        let start = match place.checked_sub(1) {
            None => self.start,
            Some(before) => match self.ends.get(before) {
                Some(end) => *end as usize + 1,
                None => return "",
            },
        };
        let end = self.ends.get(place).map_or(self.end, |end| *end as usize);
        clean(self.text.get(start - self.offset..end - self.offset).unwrap_or_default())
    }

    pub(crate) fn is_blank(&self) -> bool {
        let text = self.text.get(self.start - self.offset..self.end - self.offset).unwrap_or_default();
        text.chars().all(|character| character.is_whitespace() || matches!(character, ',' | ';'))
    }
}

#[inline]
fn clean(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if is_plain(*first) && is_plain(*last) => text,
        [only] if is_plain(*only) => text,
        _ => text.trim(),
    }
}

/// Neither a blank nor the beginning of one outside ASCII.
#[inline]
fn is_plain(byte: u8) -> bool {
    byte > b' ' && byte < 0x80
}

/// What the lines showed of their encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) lines: u64,
    pub(crate) fallback_lines: u64,
    pub(crate) joined_rows: u64,
}

/// Text of rows that cannot be borrowed from the bytes.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) text: String,
    pub(crate) ends: Vec<u32>,
}

impl Scratch {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Begins the next field.
    pub(crate) fn end_field(&mut self) {
        self.ends.push(self.text.len() as u32);
        self.text.push('\t');
    }

    pub(crate) fn row(&self, line: u64) -> TextRow<'_> {
        TextRow { text: &self.text, offset: 0, start: 0, end: self.text.len(), ends: &self.ends, line }
    }
}

impl Layout {
    /// A layout for readers that fill `columns` themselves.
    pub(crate) fn of_columns(columns: Columns) -> Layout {
        Layout {
            delimiter: b'\t',
            eol: b'\n',
            columns,
            header: Vec::new(),
            data_at: 0,
            lines_before: 0,
            fallback: encoding_rs::WINDOWS_1252,
            first_id: Vec::new(),
        }
    }

    /// Learns the id on the first row of `data`.
    pub(crate) fn learn_id(&mut self, data: &[u8]) {
        let Some(place) = self.columns.place(Column::Settlement) else { return };
        let line = data.split(|byte| *byte == self.eol).find(|line| !is_empty(line)).unwrap_or_default();
        let field = line.split(|byte| *byte == self.delimiter).nth(usize::from(place)).unwrap_or_default();
        let field = field.trim_ascii();
        self.first_id = field.get(..80).unwrap_or(field).to_vec();
    }

    /// Calls `each` with every row of `bytes`, which must begin with a row and end between two lines (or the file).
    pub(crate) fn rows(&self, bytes: &[u8], scratch: &mut Scratch, mut each: impl FnMut(TextRow<'_>)) -> Seen {
        let text = std::str::from_utf8(bytes).ok();
        let quoted = memchr(b'"', bytes).is_some();
        let mut seen = Seen::default();
        let mut ends = [0; ENDS_MAX];
        let mut lines = Lines::new(bytes, self.delimiter, self.eol);
        while let Some(line) = lines.next_line(&mut ends) {
            let own = seen.lines;
            seen.lines += 1;
            if line.delimiters + 1 < self.columns.width() {
                if is_empty(&bytes[line.start..line.end]) {
                    continue;
                }
                if let Some((end, next, joined)) = self.broken(bytes, line) {
                    seen.lines += joined;
                    seen.joined_rows += 1;
                    self.rebuild(&bytes[line.start..end], scratch, &mut seen);
                    each(scratch.row(own));
                    lines.go_to(next);
                    continue;
                }
            }
            let raw = &bytes[line.start..line.end];
            let borrowed = match text {
                _ if quoted && memchr(b'"', raw).is_some() => None,
                _ if line.delimiters >= ENDS_MAX => None,
                Some(text) => Some((text, 0)),
                None => std::str::from_utf8(raw).ok().map(|text| (text, line.start)),
            };
            match borrowed {
                Some((text, offset)) => {
                    let Line { start, end, delimiters } = line;
                    each(TextRow { text, offset, start, end, ends: &ends[..delimiters], line: own });
                }
                None => {
                    self.rebuild(raw, scratch, &mut seen);
                    each(scratch.row(own));
                }
            }
        }
        seen
    }

    /// If `line` is the first part of a broken row: where the row ends, where the next begins, and how many lines were joined.
    #[cold]
    fn broken(&self, bytes: &[u8], line: Line) -> Option<(usize, usize, u64)> {
        let wanted = self.columns.width() - 1;
        let mut have = line.delimiters;
        let mut next = line.end + 1;
        for joined in 1..=JOINED_LINES_MAX {
            if next >= bytes.len() {
                return None;
            }
            let end = memchr(self.eol, &bytes[next..]).map_or(bytes.len(), |at| next + at);
            let part = &bytes[next..end];
            let more = memchr_iter(self.delimiter, part).count();
            if more >= wanted || have + more > wanted || self.begins_row(part) {
                return None;
            }
            have += more;
            if have == wanted {
                return Some((end, end + 1, joined as u64));
            }
            next = end + 1;
        }
        None
    }

    /// Whether the line names a settlement where a row does.
    fn begins_row(&self, line: &[u8]) -> bool {
        let Some(place) = self.columns.place(Column::Settlement) else { return false };
        let Some(field) = line.split(|byte| *byte == self.delimiter).nth(usize::from(place)) else { return false };
        let field = field.trim_ascii();
        let field = field.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(field);
        let is_number = field.len() >= 6 && field.iter().all(u8::is_ascii_digit);
        is_number || (!field.is_empty() && field == self.first_id)
    }

    /// Where `bytes` can be cut so that no row depends on both sides: the largest such place, if there is one.
    pub(crate) fn cut(&self, bytes: &[u8]) -> Option<usize> {
        let mut end = memrchr(self.eol, bytes)?;
        loop {
            let start = memrchr(self.eol, &bytes[..end]).map_or(0, |at| at + 1);
            let line = &bytes[start..end];
            if memchr_iter(self.delimiter, line).count() + 1 >= self.columns.width() {
                return Some(end + 1);
            }
            if start == 0 {
                return None;
            }
            if self.begins_row(line) {
                return Some(start);
            }
            end = start - 1;
        }
    }

    /// Decodes a row, takes its quotes away and puts blanks for line breaks inside fields.
    #[cold]
    pub(crate) fn rebuild(&self, raw: &[u8], scratch: &mut Scratch, seen: &mut Seen) {
        let decoded = match std::str::from_utf8(raw) {
            Ok(text) => text.into(),
            Err(_) => {
                seen.fallback_lines += 1;
                self.fallback.decode_without_bom_handling(raw).0
            }
        };
        scratch.clear();
        let delimiter = self.delimiter as char;
        let mut fields: Vec<String> = decoded.split(delimiter).map(str::to_owned).collect();
        if fields.len() > self.columns.width() && self.delimiter == b'\t' {
            fields = requoted(&fields);
        }
        for (index, field) in fields.iter().enumerate().take(ENDS_MAX) {
            if index > 0 {
                scratch.end_field();
            }
            let field = unquoted(field);
            scratch.text.extend(field.chars().map(|character| match character {
                '\n' | '\r' | '\t' => ' ',
                character => character,
            }));
        }
    }
}

/// Joins the fields between an opening quote and its closing one: delimiters inside quotes.
fn requoted(fields: &[String]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::with_capacity(fields.len());
    let mut open = false;
    for field in fields {
        match whole.last_mut().filter(|_| open) {
            Some(last) => {
                last.push('\t');
                last.push_str(field);
            }
            None => whole.push(field.clone()),
        }
        let field = field.trim();
        if open {
            open = !field.ends_with('"');
        } else {
            open = field.starts_with('"') && (field.len() == 1 || !field.ends_with('"'));
        }
    }
    // A quote that nobody closes is a character like any other.
    if open { fields.to_vec() } else { whole }
}

fn unquoted(field: &str) -> std::borrow::Cow<'_, str> {
    let trimmed = field.trim();
    match trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if inner.contains("\"\"") => inner.replace("\"\"", "\"").into(),
        Some(inner) => inner.into(),
        None => field.into(),
    }
}

fn is_empty(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
