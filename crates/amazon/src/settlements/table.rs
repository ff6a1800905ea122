//! Rows of files that a spreadsheet wrote: commas or semicolons, with quotes around what holds them.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::blocks::{Bounded, Stop};
use super::layout::{Layout, Scratch, Seen, TextRow};

/// Calls `each` with every row after the header.
pub(crate) fn rows(
    mut reader: impl Read,
    layout: &Layout,
    scratch: &mut Scratch,
    mut each: impl FnMut(TextRow<'_>),
) -> Result<Seen, Stop> {
    io::copy(&mut (&mut reader).take(layout.data_at), &mut io::sink()).map_err(Stop::Io)?;
    let (bounded, progress) = Bounded::new(reader);
    let mut table =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(layout.delimiter).from_reader(bounded);
    let mut record = ByteRecord::new();
    let mut seen = Seen::default();
    loop {
        match table.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(stop(error)),
        }
        progress.reset();
        let line = record.position().map_or(0, csv::Position::line).saturating_sub(1);
        seen.lines = line + 1;
        scratch.clear();
        for (index, field) in record.iter().enumerate().take(super::split::ENDS_MAX) {
            if index > 0 {
                scratch.end_field();
            }
            match std::str::from_utf8(field) {
                Ok(text) => push(scratch, text),
                Err(_) => {
                    seen.fallback_lines += 1;
                    push(scratch, &layout.fallback.decode_without_bom_handling(field).0);
                }
            }
        }
        each(scratch.row(line));
    }
    Ok(seen)
}

fn push(scratch: &mut Scratch, text: &str) {
    scratch
        .text
        .extend(text.chars().map(|character| if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character }));
}

fn stop(error: csv::Error) -> Stop {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Stop::of_io(error),
        other => Stop::Io(io::Error::other(format!("{other:?}"))),
    }
}
