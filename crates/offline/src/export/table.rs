//! A table of an evidence pack, before it is a sheet or a file.

use jiff::civil::Date;
use money::Money;
use rust_decimal::Decimal;

/// A named table.
pub struct Table<'a> {
    /// Its name: of the sheet, and of the file.
    pub name: String,
    /// What it shows, in a sentence.
    pub about: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    rows: Rows<'a>,
}

/// Gives a row to whoever writes it.
pub type Take<'t> = dyn FnMut(&[Cell]) + 't;

/// Rows that are there, or that come when they are asked for: a settlement may have millions.
enum Rows<'a> {
    Kept(Vec<Vec<Cell>>),
    Coming { count: usize, give: Box<dyn Fn(&mut Take<'_>) + 'a> },
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

impl<'a> Table<'a> {
    /// A table without rows.
    pub fn new(name: impl Into<String>, about: &'static str, columns: &[(&'static str, Kind)]) -> Table<'a> {
        let columns = columns.iter().map(|(name, kind)| Column { name, kind: *kind }).collect();
        Table { name: name.into(), about, columns, rows: Rows::Kept(Vec::new()) }
    }

    /// The same table with `count` rows that come when they are asked for.
    #[must_use]
    pub fn coming(self, count: usize, give: impl Fn(&mut Take<'_>) + 'a) -> Table<'a> {
        Table { rows: Rows::Coming { count, give: Box::new(give) }, ..self }
    }

    /// Adds a row; it has one cell for each column.
    pub fn push<const N: usize>(&mut self, cells: [Cell; N]) {
        debug_assert_eq!(N, self.columns.len(), "table {}", self.name);
        if let Rows::Kept(rows) = &mut self.rows {
            rows.push(cells.into());
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Kept(rows) => rows.len(),
            Rows::Coming { count, .. } => *count,
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives each row, in order.
    pub fn each(&self, take: &mut Take<'_>) {
        match &self.rows {
            Rows::Kept(rows) => rows.iter().for_each(|row| take(row)),
            Rows::Coming { give, .. } => give(take),
        }
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
