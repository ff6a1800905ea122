//! What must be known before the first row can be read: decided once for a file, from all it shows, by [`super::survey`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Currency;

use super::header::{Column, Columns};
use super::number::Decimal;
use super::stamp::DayOrder;

/// Which of Amazon's formats a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Flat File V2: one amount on each line.
    V2,
    /// Flat File (V1): up to nine amounts on each line.
    V1,
    /// XML.
    Xml,
}

impl Format {
    /// `v2`, `v1` or `xml`.
    pub fn name(self) -> &'static str {
        match self {
            Format::V2 => "v2",
            Format::V1 => "v1",
            Format::Xml => "xml",
        }
    }
}

/// How the rows of one settlement are read.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) format: Format,
    pub(crate) columns: Places,
    pub(crate) decimal: Decimal,
    pub(crate) day_order: Option<DayOrder>,
    pub(crate) zoneless: TimeZone,
    pub(crate) currency: Currency,
    pub(crate) decimals: u32,
    /// Id of the settlement; empty if the file names none.
    pub(crate) id: String,
    /// Ids of the other settlements in the file.
    pub(crate) others: Vec<String>,
    /// What is paid out, in minor units, if the file says so.
    pub(crate) total: Option<i64>,
    /// The total as it stands in the file, if it cannot be read.
    pub(crate) unreadable_total: Option<String>,
    /// First and last day of the period.
    pub(crate) period: Option<(Date, Date)>,
    /// Amounts in minor units that a person accepted for lines.
    pub(crate) accepted: BTreeMap<u64, i64>,
    /// The row that repeats the payout and is left out.
    pub(crate) left_out: Option<u64>,
    /// Cells of the header in normal form.
    pub(crate) header: Vec<String>,
}

/// Places of the columns that every row is asked for, looked up once.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) all: Columns,
    pub(crate) settlement: Option<u8>,
    pub(crate) total: Option<u8>,
    pub(crate) currency: Option<u8>,
    pub(crate) kind: Option<u8>,
    pub(crate) class: Option<u8>,
    pub(crate) name: Option<u8>,
    pub(crate) amount: Option<u8>,
    pub(crate) posted_on: Option<u8>,
    pub(crate) posted_at: Option<u8>,
    pub(crate) quantity: Option<u8>,
    pub(crate) marketplace: Option<u8>,
}

impl Places {
    pub(crate) fn of(columns: &Columns) -> Places {
        let place = |column| columns.place(column);
        Places {
            settlement: place(Column::Settlement),
            total: place(Column::Total),
            currency: place(Column::Currency),
            kind: place(Column::Kind),
            class: place(Column::Class),
            name: place(Column::Name),
            amount: place(Column::Amount),
            posted_on: place(Column::PostedOn),
            posted_at: place(Column::PostedAt),
            quantity: place(Column::Quantity),
            marketplace: place(Column::Marketplace),
            all: columns.clone(),
        }
    }
}
