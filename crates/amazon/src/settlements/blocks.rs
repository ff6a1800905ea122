//! The bytes of a file in pieces that fit the cache, each cut between two rows.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::input::fill;
use super::layout::Layout;
use super::refusal::Refusal;

/// Bytes read at once: small enough to stay in the cache while they are parsed.
pub(crate) const BLOCK_BYTES: usize = 256 << 10;
/// The longest line: no row of a settlement is near it.
pub(crate) const LINE_BYTES_MAX: usize = 4 << 20;
/// Beyond this a piece is cut at any line, though no line in it is complete: such a file is not Amazon's.
const UNCUT_BYTES_MAX: usize = 32 << 20;

/// Gives a file piece by piece.
pub(crate) struct Blocks<'i> {
    reader: Box<dyn Read + Send + 'i>,
    /// What was read beyond the last cut.
    carry: Vec<u8>,
    block_bytes: usize,
    ended: bool,
    given: u32,
}

/// Why the next piece cannot be given.
#[derive(Debug)]
pub(crate) enum Stop {
    Io(io::Error),
    LineTooLong,
    Refused(Refusal),
}

impl Stop {
    /// What a reader's failure is.
    pub(crate) fn of_io(error: io::Error) -> Stop {
        if error.kind() == io::ErrorKind::OutOfMemory { Stop::LineTooLong } else { Stop::Io(error) }
    }
}

/// Refuses to read on when one row takes too long to end: a quote that nobody closes would swallow the file.
pub(crate) struct Bounded<R> {
    inner: R,
    since_row: Progress,
}

/// Bytes since the last row ended.
#[derive(Clone, Default)]
pub(crate) struct Progress(Rc<Cell<usize>>);

impl Progress {
    /// A row has ended.
    pub(crate) fn reset(&self) {
        self.0.set(0);
    }
}

impl<R: Read> Bounded<R> {
    pub(crate) fn new(inner: R) -> (Bounded<R>, Progress) {
        let since_row = Progress::default();
        (Bounded { inner, since_row: since_row.clone() }, since_row)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let since_row = self.since_row.0.get() + read;
        self.since_row.0.set(since_row);
        if since_row > 2 * LINE_BYTES_MAX {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        Ok(read)
    }
}

impl<'i> Blocks<'i> {
    /// Pieces of about `block_bytes` from `reader`, after the first `skip` bytes.
    pub(crate) fn new(
        mut reader: Box<dyn Read + Send + 'i>,
        skip: u64,
        block_bytes: usize,
    ) -> Result<Blocks<'i>, Stop> {
        io::copy(&mut (&mut reader).take(skip), &mut io::sink()).map_err(Stop::Io)?;
        Ok(Blocks { reader, carry: Vec::new(), block_bytes: block_bytes.max(1), ended: false, given: 0 })
    }

    /// Puts the next piece at the front of `buffer` and tells its number and length; `None` at the end.
    pub(crate) fn next(&mut self, layout: &Layout, buffer: &mut Vec<u8>) -> Result<Option<(u32, usize)>, Stop> {
        let mut filled = self.carry.len();
        let mut wanted = filled + self.block_bytes;
        if buffer.len() < wanted {
            buffer.resize(wanted, 0);
        }
        buffer[..filled].copy_from_slice(&self.carry);
        self.carry.clear();
        loop {
            if !self.ended {
                let read = fill(&mut self.reader, &mut buffer[filled..wanted]).map_err(Stop::Io)?;
                self.ended = filled + read < wanted;
                filled += read;
            }
            if self.ended {
                break;
            }
            if let Some(cut) = layout.cut(&buffer[..filled]) {
                self.carry.extend_from_slice(&buffer[cut..filled]);
                filled = cut;
                break;
            }
            let last_line = memchr::memrchr(layout.eol, &buffer[..filled]).map_or(0, |at| at + 1);
            if filled - last_line > LINE_BYTES_MAX {
                return Err(Stop::LineTooLong);
            }
            if filled > UNCUT_BYTES_MAX {
                self.carry.extend_from_slice(&buffer[last_line..filled]);
                filled = last_line;
                break;
            }
            wanted = filled * 2;
            buffer.resize(wanted, 0);
        }
        if filled == 0 {
            return Ok(None);
        }
        self.given += 1;
        Ok(Some((self.given - 1, filled)))
    }
}
