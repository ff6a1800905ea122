//! A table of an evidence pack, before it is a sheet or a file.

use jiff::civil::Date;
use money::Money;
use rust_decimal::Decimal;

/// A named table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name: of the sheet, and of the file.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub about: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has one cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
}

/// What cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Amounts, summed below the workbook's table.
    Amount,
    /// Whole numbers.
    Whole,
    /// Days.
    Day,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text from anywhere; made safe when it is written.
    Text(String),
    /// An amount in its currency's decimals: a number in every format.
    Amount(Decimal),
    /// A whole number.
    Whole(u64),
    /// A day.
    Day(Date),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Cell {
        Cell::Amount(Decimal::new(money.minor(), money.currency().decimals()))
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Cell {
        Cell::Whole(number)
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Cell {
        Cell::Day(day)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(maybe: Option<T>) -> Cell {
        maybe.map_or(Cell::Empty, Into::into)
    }
}

impl Table {
    /// A table without rows.
    pub fn new(name: &'static str, about: &'static str, columns: &[(&'static str, Kind)]) -> Table {
        let columns = columns.iter().map(|(name, kind)| Column { name, kind: *kind }).collect();
        Table { name, about, columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, cells: [Cell; N]) {
        debug_assert_eq!(N, self.columns.len(), "table {}", self.name);
        self.rows.push(cells.into());
    }
}
