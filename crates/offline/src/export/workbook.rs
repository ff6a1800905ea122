//! Tables as a workbook with live totals.
//!
//! A sheet of more rows than a spreadsheet can hold goes on in the next one. Sheets are written row by row, so a pack of a million
//! rows needs little memory. Every text is written as text; the only formulas are the totals made here.

use std::borrow::Cow;
use std::io::{Seek, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::{Color, Format, FormatBorder, Formula, Workbook as Book, Worksheet, XlsxError, utility};

use super::cell::plain_text;
use super::table::{Cell, Kind, Table};

/// Rows of a sheet below its head; a spreadsheet holds 1,048,576 in all.
const ROWS_MAX: usize = 1_000_000;

/// Longest text of a cell that spreadsheets take.
const TEXT_MAX: usize = 32_000;

/// Row on which the columns are named; the table begins below.
const HEAD: u32 = 2;

/// A workbook in the making: its first sheet sums up the others.
pub struct Workbook<'a> {
    title: String,
    summary: Vec<Summed>,
    tables: Vec<Table<'a>>,
}

/// A line of the summary: a total that is computed in the sheet, and what it must be.
#[derive(Clone, Debug)]
pub struct Summed {
    /// What is summed.
    pub label: String,
    /// The table.
    pub table: String,
    /// The column of it.
    pub column: &'static str,
    /// Only rows whose text in this column is this one.
    pub only: Option<(&'static str, String)>,
    /// What the sum must be.
    pub must_be: Cell,
}

struct Formats {
    title: Format,
    head: Format,
    text: Format,
    risky: Format,
    amount: Format,
    day: Format,
    total: Format,
}

impl Formats {
    fn new() -> Formats {
        let amount = "#,##0.00;[Red]-#,##0.00";
        Formats {
            title: Format::new().set_bold().set_font_size(14),
            head: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0xE7_EE_F7))
                .set_border_bottom(FormatBorder::Thin),
            text: Format::new(),
            // The apostrophe of spreadsheets: the text stays a text when somebody edits it.
            risky: Format::new().set_quote_prefix(),
            amount: Format::new().set_num_format(amount),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            total: Format::new().set_bold().set_num_format(amount).set_border_top(FormatBorder::Thin),
        }
    }
}

impl<'a> Workbook<'a> {
    /// A workbook without sheets.
    pub fn new(title: impl Into<String>) -> Workbook<'a> {
        Workbook { title: title.into(), summary: Vec::new(), tables: Vec::new() }
    }

    /// Adds a line to the summary.
    pub fn sum(&mut self, summed: Summed) {
        self.summary.push(summed);
    }

    /// Adds a sheet.
    pub fn table(&mut self, table: Table<'a>) {
        self.tables.push(table);
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What `out` answers.
    pub fn write<W: Write + Seek + Send>(&self, out: W) -> Result<(), XlsxError> {
        let mut book = Book::new();
        let formats = Formats::new();
        self.write_summary(book.add_worksheet(), &formats)?;
        for table in &self.tables {
            write_table(&mut book, table, &formats)?;
        }
        book.save_to_writer(out)
    }

    fn write_summary(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        sheet.set_name("Summary")?;
        sheet.set_column_width(0, 58)?.set_column_width(1, 18)?.set_column_width(2, 18)?.set_column_width(3, 12)?;
        text(sheet, 0, 0, &self.title, &formats.title)?;
        for (column, name) in ["total", "computed here", "must be", "difference"].iter().enumerate() {
            sheet.write_string_with_format(HEAD, column_number(column), *name, &formats.head)?;
        }
        for (index, summed) in self.summary.iter().enumerate() {
            let row = HEAD + 1 + row_number(index);
            text(sheet, row, 0, &summed.label, &formats.text)?;
            if let Some(formula) = self.formula(summed) {
                sheet.write_formula_with_format(
                    row,
                    1,
                    Formula::new(formula).set_result(shown(&summed.must_be)),
                    &formats.amount,
                )?;
            }
            write_cell(sheet, row, 2, &summed.must_be, formats)?;
            let difference = Formula::new(format!("=ROUND(B{0}-C{0},6)", row + 1)).set_result("0");
            sheet.write_formula_with_format(row, 3, difference, &formats.amount)?;
        }
        sheet.set_freeze_panes(HEAD + 1, 0)?;
        Ok(())
    }

    /// The sum over every sheet of the table.
    fn formula(&self, summed: &Summed) -> Option<String> {
        let table = self.tables.iter().find(|table| table.name == summed.table)?;
        let amounts = column_letters(table.column(summed.column)?);
        let sums: Vec<String> = (0..sheets(table.len()))
            .map(|index| {
                let (first, last) = (HEAD + 2, HEAD + 1 + row_number(rows_of(table.len(), index).max(1)));
                let sheet = sheet_name(&table.name, index);
                let range = |letters: &str| format!("'{sheet}'!${letters}${first}:${letters}${last}");
                match &summed.only {
                    None => Some(format!("SUM({})", range(&amounts))),
                    Some((column, only)) => {
                        let texts = column_letters(table.column(column)?);
                        // EXACT and SUMPRODUCT: SUMIF would read wildcards and comparisons in the text.
                        let only = plain_text(only).replace('"', "\"\"");
                        Some(format!("SUMPRODUCT(EXACT({},\"{only}\")*1,{})", range(&texts), range(&amounts)))
                    }
                }
            })
            .collect::<Option<_>>()?;
        Some(format!("={}", sums.join("+")))
    }
}

/// Sheets that a table of so many rows needs: one at least.
fn sheets(rows: usize) -> usize {
    rows.div_ceil(ROWS_MAX).max(1)
}

/// Rows on a sheet of a table.
fn rows_of(rows: usize, sheet: usize) -> usize {
    rows.saturating_sub(sheet * ROWS_MAX).min(ROWS_MAX)
}

fn sheet_name(table: &str, index: usize) -> String {
    if index == 0 { table.to_owned() } else { format!("{table} {}", index + 1) }
}

fn write_table(book: &mut Book, table: &Table<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let mut sheet = begin_sheet(book, table, 0, formats)?;
    let (mut row, mut index) = (0, 0);
    let mut totals = vec![Decimal::ZERO; table.columns.len()];
    let mut outcome: Result<(), XlsxError> = Ok(());
    table.each(&mut |cells| {
        if outcome.is_ok() {
            outcome = (|| {
                if row == ROWS_MAX {
                    end_sheet(sheet_at(book, sheet)?, table, row, &mut totals, formats)?;
                    (row, index) = (0, index + 1);
                    sheet = begin_sheet(book, table, index, formats)?;
                }
                let at = HEAD + 1 + row_number(row);
                let on = sheet_at(book, sheet)?;
                for (column, cell) in cells.iter().enumerate() {
                    write_cell(on, at, column_number(column), cell, formats)?;
                    if let Cell::Amount(amount) = cell {
                        totals[column] += amount;
                    }
                }
                row += 1;
                Ok(())
            })();
        }
    });
    outcome?;
    end_sheet(sheet_at(book, sheet)?, table, row, &mut totals, formats)
}

fn sheet_at(book: &mut Book, index: usize) -> Result<&mut Worksheet, XlsxError> {
    book.worksheet_from_index(index)
}

/// Adds a sheet with its head and gives its place in the book.
fn begin_sheet(book: &mut Book, table: &Table<'_>, index: usize, formats: &Formats) -> Result<usize, XlsxError> {
    let place = book.worksheets().len();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(sheet_name(&table.name, index))?;
    for (column, of) in table.columns.iter().enumerate() {
        sheet.set_column_width(column_number(column), if of.kind == Kind::Text { 28 } else { 14 })?;
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    text(sheet, 0, 0, table.about, &formats.text)?;
    for (column, of) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(HEAD, column_number(column), of.name, &formats.head)?;
    }
    Ok(place)
}

/// Writes the totals below the rows.
fn end_sheet(
    sheet: &mut Worksheet,
    table: &Table<'_>,
    rows: usize,
    totals: &mut [Decimal],
    formats: &Formats,
) -> Result<(), XlsxError> {
    if rows == 0 {
        return Ok(());
    }
    let last_column = column_number(table.columns.len().saturating_sub(1));
    sheet.autofilter(HEAD, 0, HEAD + row_number(rows), last_column)?;
    let below = HEAD + 2 + row_number(rows);
    for (column, _) in table.columns.iter().enumerate().filter(|(_, of)| of.kind == Kind::Amount) {
        let letters = column_letters(column);
        let sum = format!("=SUM({letters}{}:{letters}{})", HEAD + 2, HEAD + 1 + row_number(rows));
        let total = std::mem::take(&mut totals[column]);
        sheet.write_formula_with_format(
            below,
            column_number(column),
            Formula::new(sum).set_result(total.to_string()),
            &formats.total,
        )?;
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(content) => {
            let risky = matches!(plain_text(content), Cow::Owned(_));
            text(sheet, row, column, content, if risky { &formats.risky } else { &formats.text })?;
        }
        Cell::Amount(amount) => {
            sheet.write_with_format(row, column, *amount, &formats.amount)?;
        }
        Cell::Whole(number) => {
            // Whole numbers of a pack are counts and lines, far below what a cell holds exactly.
            sheet.write_number(row, column, u32::try_from(*number).unwrap_or(u32::MAX))?;
        }
        Cell::Day(day) => {
            sheet.write_datetime_with_format(row, column, excel_day(*day)?, &formats.day)?;
        }
    }
    Ok(())
}

fn excel_day(day: jiff::civil::Date) -> Result<rust_xlsxwriter::ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    rust_xlsxwriter::ExcelDateTime::from_ymd(
        year,
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )
}

/// Writes a text, safe and never longer than a cell.
fn text(sheet: &mut Worksheet, row: u32, column: u16, content: &str, format: &Format) -> Result<(), XlsxError> {
    let cut: String =
        plain_text(content).chars().filter(|character| !is_forbidden(*character)).take(TEXT_MAX).collect();
    sheet.write_string_with_format(row, column, cut, format)?;
    Ok(())
}

/// Characters that the format cannot hold.
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Amount(amount) => amount.to_string(),
        Cell::Whole(number) => number.to_string(),
        _ => String::new(),
    }
}

fn row_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn column_number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn column_letters(index: usize) -> String {
    utility::column_number_to_name(column_number(index))
}
