//! Bank statements as comma-separated values, whichever bank wrote them.

use jiff::civil::Date;
use money::{Currency, Money};

use super::EvidenceError;
use super::table::{Row, Table, Wanted, month_first};

/// One line of a bank statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// Line in its file (1-based).
    pub line: u64,
    /// The day the bank gives.
    pub on: Date,
    /// Positive is money in.
    pub amount: Money,
    /// What the bank wrote about it.
    pub description: String,
}

const COLUMNS: &[Wanted] = &[
    Wanted {
        name: "date",
        others: &[
            "transaction date",
            "posted date",
            "posting date",
            "value date",
            "completed date",
            "date completed",
            "booking date",
        ],
    },
    Wanted {
        name: "amount",
        others: &["value", "amount gbp", "amount eur", "amount (gbp)", "transaction amount", "net amount"],
    },
    Wanted {
        name: "money in",
        others: &["paid in", "credit", "credit amount", "received", "deposits", "money in (gbp)"],
    },
    Wanted {
        name: "money out",
        others: &["paid out", "debit", "debit amount", "spent", "withdrawals", "money out (gbp)"],
    },
    Wanted {
        name: "description",
        others: &[
            "transaction description",
            "details",
            "narrative",
            "reference",
            "memo",
            "name",
            "counter party",
            "payee",
            "transaction",
            "particulars",
        ],
    },
    Wanted { name: "currency", others: &["ccy", "account currency", "currency code"] },
];

/// Reads a statement. Lines without a currency are in `home`.
///
/// # Errors
///
/// Every line that cannot be read.
pub fn bank(file: &str, bytes: &[u8], home: Currency) -> Result<Vec<BankLine>, Vec<EvidenceError>> {
    let table = Table::read(file, bytes, COLUMNS, &[&["date"], &["amount", "money in"]])?;
    let days: Vec<String> = table.rows().map(|row| row.text("date").to_owned()).collect();
    let month_first = month_first(days.iter().map(String::as_str));
    table.each(|row| line(row, home, month_first, table.has("amount")))
}

fn line(row: &Row<'_>, home: Currency, month_first: bool, one_column: bool) -> Result<Option<BankLine>, EvidenceError> {
    let currency = match row.text("currency") {
        "" => home,
        code => Currency::parse(code).map_err(|error| {
            row.problem("currency", error.to_string(), "Write a currency by its three letters, for example GBP")
        })?,
    };
    let amount = if one_column {
        row.amount("amount", currency)?
    } else {
        let negative = |amount: Money| Money::new(-amount.minor().abs(), currency);
        match (row.amount("money in", currency)?, row.amount("money out", currency)?.map(negative)) {
            (Some(into), Some(out)) if !into.is_zero() && !out.is_zero() => {
                return Err(row.problem(
                    "money in",
                    "the line has money in and money out",
                    "Export the statement again",
                ));
            }
            (into, out) => into.filter(|amount| !amount.is_zero()).or(out),
        }
    };
    // Balance lines and titles have no date or no amount.
    let (Some(on), Some(amount)) = (row.day("date", month_first)?, amount) else { return Ok(None) };
    Ok(Some(BankLine { line: row.line, on, amount, description: row.text("description").to_owned() }))
}
