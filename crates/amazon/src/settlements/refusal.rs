//! Why a file is not read at all, in words for the person who gave it.

use money::Currency;

/// A file that gives no settlement. Nothing of it was used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file could not be opened or read.
    #[error("{file} could not be read: {reason}. Nothing was done. Check the name and that you may read it")]
    Unreadable {
        /// Name as given.
        file: String,
        /// What the operating system says.
        reason: String,
    },
    /// There is nothing in it.
    #[error("The file is empty. Nothing was done. Download the settlement again")]
    Empty,
    /// It is something else.
    #[error("This is {what}, not a settlement. Nothing was done. {next}")]
    NotASettlement {
        /// What it is, with its article.
        what: String,
        /// Where to get the right file.
        next: String,
    },
    /// It was a settlement, but what arrived is damaged or was cut off.
    #[error("The file is damaged: {reason}. Nothing was done, because rows may be missing. Download it again")]
    Damaged {
        /// How it shows.
        reason: String,
    },
    /// It grows beyond measure when it is unpacked.
    #[error(
        "The file grows beyond {limit} when it is unpacked. Nothing was done. Unpack it yourself if you trust it, and give the text file"
    )]
    Bomb {
        /// The limit that was passed.
        limit: String,
    },
    /// Columns without which no amount can be read or explained.
    #[error(
        "The header has no column `{missing}`. Nothing was done. Its columns are: {found}. Download the \
         settlement as Flat File V2 with Seller Central in English"
    )]
    MissingColumn {
        /// The column, by Amazon's name.
        missing: &'static str,
        /// The columns that are there.
        found: String,
    },
    /// Amounts in two currencies are never summed.
    #[error(
        "Line {line} is in {other}, but the settlement is in {currency}. Nothing was done, because amounts in two \
         currencies cannot be summed. Give each currency's settlement as a file of its own"
    )]
    MixedCurrencies {
        /// Physical line of the first row in another currency.
        line: u64,
        /// Currency of the settlement.
        currency: Currency,
        /// The other one.
        other: Currency,
    },
    /// The currency is not stated, or not one that we know.
    #[error("{reason}. Nothing was done, because the decimals of its amounts would be a guess. {next}")]
    UnknownCurrency {
        /// What is wrong.
        reason: String,
        /// What to do.
        next: String,
    },
    /// A line without end.
    #[error(
        "A line or a quoted field beyond line {after} is longer than {limit} bytes. Nothing was done. This is not a settlement \
         as Amazon writes it: download it again"
    )]
    LineTooLong {
        /// Physical line after which it stands.
        after: u64,
        /// Bytes allowed.
        limit: usize,
    },
    /// More settlements in one file than we look through.
    #[error("The file holds more than {limit} settlements. Nothing was done. Give them as separate files")]
    TooMany {
        /// Settlements allowed.
        limit: usize,
    },
    /// An accepted amount or a stated total cannot be used.
    #[error("The amount `{amount}` given for {place} cannot be used: {reason}. Nothing was done. Write it as 12.34")]
    BadAcceptance {
        /// The line, or the total.
        place: String,
        /// As given.
        amount: String,
        /// Why not.
        reason: String,
    },
}

impl Refusal {
    /// A short word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unreadable { .. } => "unreadable",
            Refusal::Empty => "empty",
            Refusal::NotASettlement { .. } => "not_a_settlement",
            Refusal::Damaged { .. } => "damaged",
            Refusal::Bomb { .. } => "bomb",
            Refusal::MissingColumn { .. } => "missing_column",
            Refusal::MixedCurrencies { .. } => "mixed_currencies",
            Refusal::UnknownCurrency { .. } => "unknown_currency",
            Refusal::LineTooLong { .. } => "line_too_long",
            Refusal::TooMany { .. } => "too_many_settlements",
            Refusal::BadAcceptance { .. } => "bad_acceptance",
        }
    }
}
