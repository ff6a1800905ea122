//! Evidence packs as files: a workbook, CSV, JSON.

mod cell;
mod csv_file;
mod table;
mod workbook;

pub use cell::plain_text;
pub use csv_file::write as write_csv;
pub use table::{Cell, Column, Kind, Table, Take};
pub use workbook::{Summed, Workbook};
