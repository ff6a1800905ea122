//! How values stand in columns: times as microseconds, money as minor units and code, truth as 0 and 1.

use jiff::Timestamp;
use money::{Currency, Money};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;

/// Microseconds since 1970 UTC.
pub(crate) fn us(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn opt_us(at: Option<Timestamp>) -> Option<i64> {
    at.map(us)
}

/// A row that is read column by column, with the column named in the error.
pub(crate) struct Columns<'r>(pub &'r SqliteRow);

impl Columns<'_> {
    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn opt_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn opt_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn count(&self, column: &str) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| damaged(column))
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.int(column)?).map_err(|_| damaged(column))
    }

    pub(crate) fn opt_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        let read = |micros| Timestamp::from_microsecond(micros).map_err(|_| damaged(column));
        self.opt_int(column)?.map(read).transpose()
    }

    /// Money in the columns `<name>_minor` and `<name>_currency`.
    pub(crate) fn opt_money(&self, name: &str) -> Result<Option<Money>, StoreError> {
        let minor = self.opt_int(&format!("{name}_minor"))?;
        let code = self.opt_text(&format!("{name}_currency"))?;
        match (minor, code) {
            (Some(minor), Some(code)) => {
                let currency = Currency::parse(&code).map_err(|_| damaged(name))?;
                Ok(Some(Money::new(minor, currency)))
            }
            _ => Ok(None),
        }
    }

    /// A value that checks itself, such as an id.
    pub(crate) fn parsed<T, E>(&self, column: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, StoreError> {
        parse(&self.text(column)?).map_err(|_| damaged(column))
    }
}

pub(crate) fn damaged(column: &str) -> StoreError {
    StoreError::Damaged(format!("column {column} holds a value that this program never writes"))
}
