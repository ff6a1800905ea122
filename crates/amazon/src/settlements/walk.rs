//! One way through a file of any format: all its rows as text, in order, piece by piece.

use super::SettlementFile;
use super::blocks::{Blocks, LINE_BYTES_MAX, Stop};
use super::layout::{Scratch, Seen, TextRow};
use super::plan::Format;
use super::refusal::Refusal;
use super::{table, xml};

/// Who is shown the rows.
pub(crate) trait Visit {
    /// A piece of the file begins. Files that are not read in pieces are one.
    fn piece(&mut self, _number: u32) {}

    /// A row.
    fn row(&mut self, row: &TextRow<'_>);

    /// The piece has ended.
    fn piece_ended(&mut self, _number: u32, _seen: Seen) {}
}

/// Shows rows to a closure.
pub(crate) struct Rows<F>(pub(crate) F);

impl<F: FnMut(&TextRow<'_>)> Visit for Rows<F> {
    fn row(&mut self, row: &TextRow<'_>) {
        (self.0)(row);
    }
}

impl SettlementFile<'_> {
    /// Shows all rows after the header, in the file's order.
    pub(crate) fn walk(&self, visitor: &mut impl Visit) -> Result<(), Refusal> {
        let layout = &self.survey.layout;
        let mut scratch = Scratch::default();
        let text = self.input.text(self.survey.packing, self.options.limits)?;
        if self.survey.is_read_in_pieces() {
            let stopped = |stop| self.stopped(stop);
            let mut blocks = Blocks::new(text, layout.data_at, self.options.block_bytes).map_err(stopped)?;
            let mut buffer = Vec::new();
            while let Some((number, length)) = blocks.next(layout, &mut buffer).map_err(stopped)? {
                visitor.piece(number);
                let seen = layout.rows(&buffer[..length], &mut scratch, |row| visitor.row(&row));
                visitor.piece_ended(number, seen);
            }
            return Ok(());
        }
        visitor.piece(0);
        let seen = if self.survey.format == Format::Xml {
            xml::rows(xml::decoded(text, self.survey.xml_encoding), &mut scratch, |row| visitor.row(&row))
        } else {
            table::rows(text, layout, &mut scratch, |row| visitor.row(&row))
        };
        visitor.piece_ended(0, seen.map_err(|stop| self.stopped(stop))?);
        Ok(())
    }

    /// Why the file cannot be read on.
    pub(crate) fn stopped(&self, stop: Stop) -> Refusal {
        match stop {
            Stop::Io(error) => self.input.failure(&error),
            Stop::LineTooLong => Refusal::LineTooLong { after: self.survey.layout.lines_before, limit: LINE_BYTES_MAX },
            Stop::Refused(refusal) => refusal,
        }
    }
}
