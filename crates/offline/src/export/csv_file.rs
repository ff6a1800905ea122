//! Tables as comma-separated values.

use std::io::Write;

use super::cell::plain_text;
use super::table::{Cell, Table};

/// Writes a table: UTF-8 with a byte order mark (spreadsheets otherwise guess), a heading line, every text in quotes and safe against
/// formulas, every amount a bare number.
///
/// # Errors
///
/// What `out` answers.
pub fn write(table: &Table<'_>, out: &mut impl Write) -> std::io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut lines = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::NonNumeric).from_writer(out);
    lines.write_record(table.columns.iter().map(|column| column.name))?;
    let mut failed = None;
    table.each(&mut |row| {
        if failed.is_none() {
            failed = lines.write_record(row.iter().map(written)).err();
        }
    });
    match failed {
        Some(error) => Err(error.into()),
        None => lines.flush(),
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => plain_text(text).into_owned(),
        Cell::Amount(amount) => amount.to_string(),
        Cell::Whole(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::export::Kind;

    #[test]
    fn amounts_stay_numbers_and_texts_stay_texts() {
        let mut table = Table::new("t", "", &[("text", Kind::Text), ("amount", Kind::Amount)]);
        table.push(["=HYPERLINK(\"http://x\")".into(), Cell::Amount(Decimal::new(-440, 2))]);
        let mut out = Vec::new();
        write(&table, &mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "\u{feff}\"text\",\"amount\"\n\"'=HYPERLINK(\"\"http://x\"\")\",-4.40\n");
    }
}
