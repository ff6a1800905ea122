//! Payouts and charges against the bank statement.
//!
//! Certain: a reference of the payout in the text; or the amount to the penny, within −1 to +7 days, where nothing else fits and the text
//! does not speak of somebody else. To be confirmed by a person: a wider window, another text, several payouts in one line or the other
//! way round, a conversion at a rate that only the bank knows. What a person confirmed once is passed in and counts first.

mod findings;
mod search;

use jiff::civil::Date;
use money::{Money, MoneyError};

use crate::breaks::Break;
use search::Search;

/// A payout, or with a negative amount a charge of the seller's card or account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit<'a> {
    /// The settlement, `id-currency`.
    pub settlement: &'a str,
    /// What the settlement pays, in its currency.
    pub amount: Money,
    /// The day on which the transfer was begun.
    pub on: Date,
    /// The transfer's trace id, empty if unknown.
    pub trace: &'a str,
    /// What reaches the bank, if the marketplace says that it converted.
    pub converted: Option<Money>,
    /// The amount in the bank's currency at the rate of the books, if the currencies differ.
    pub at_books_rate: Option<Money>,
    /// Whether the transfer failed.
    pub failed: bool,
}

/// A line of the bank statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankLine<'a> {
    /// The bank's or our id of it.
    pub id: &'a str,
    /// Booking day.
    pub on: Date,
    /// Money in is positive.
    pub amount: Money,
    /// The text.
    pub text: &'a str,
}

/// How a payout was found in the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BankRule {
    /// A person said so.
    Confirmed,
    /// The text names the trace id or the settlement.
    Reference,
    /// Amount to the penny, −1 to +7 days.
    Amount,
    /// Amount to the penny, up to 14 days.
    WideWindow,
    /// Several payouts in one line, or one payout in several.
    Together,
    /// Converted, within 5 % of the books' rate.
    Converted,
}

/// Payouts and bank lines that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLink {
    /// Positions of the payouts.
    pub deposits: Vec<usize>,
    /// Positions of the bank lines.
    pub lines: Vec<usize>,
    /// How they were found.
    pub rule: BankRule,
    /// Whether a person must confirm it before anything is posted from it.
    pub to_confirm: bool,
    /// Bank less payout, in the bank's currency.
    pub difference: Money,
    /// Why, in a sentence.
    pub because: String,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankMatching {
    /// The links, by settlement.
    pub links: Vec<BankLink>,
    /// What does not fit, and links that want a confirmation.
    pub breaks: Vec<Break>,
}

/// Days, words and confirmations. Source: accounting rules §10 and §12.
#[derive(Clone, Copy, Debug)]
pub struct BankRules<'a> {
    /// The day on which it is asked.
    pub today: Date,
    /// A word by which the marketplace's lines are known.
    pub word: &'a str,
    /// Pairs that a person confirmed: settlement and bank line.
    pub confirmed: &'a [(&'a str, &'a str)],
}

const DAYS_BEFORE: i64 = 1;
const DAYS_AFTER: i64 = 7;
const DAYS_WIDE: i64 = 14;
/// The marketplace's own margin on a conversion is below this share of the amount.
const CONVERTED_PERCENT: i64 = 5;
/// Days that a settlement's report may come after its money.
const REPORT_LATE_DAYS: i64 = 3;
/// Shorter references occur in texts by chance.
const REFERENCE_MIN: usize = 6;

/// Matches payouts with bank lines. Every line and every payout is in at most one link.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] if a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{BankLine, BankRule, BankRules, Deposit, match_bank};
///
/// let amount = Money::new(36_14, Currency::GBP);
/// let deposit = Deposit {
///     settlement: "1-GBP", amount, on: "2025-11-16".parse().unwrap(), trace: "", converted: None, at_books_rate: None, failed: false,
/// };
/// let line = BankLine { id: "b7", on: "2025-11-18".parse().unwrap(), amount, text: "AMAZON PAYMENTS UK" };
/// let rules = BankRules { today: "2025-12-01".parse().unwrap(), word: "AMAZON", confirmed: &[] };
/// let found = match_bank(&[deposit], &[line], &rules)?;
/// assert_eq!((found.links[0].rule, found.links[0].to_confirm), (BankRule::Amount, false));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn match_bank(
    deposits: &[Deposit<'_>],
    lines: &[BankLine<'_>],
    rules: &BankRules<'_>,
) -> Result<BankMatching, MoneyError> {
    let mut search = Search::new(deposits, lines, rules);
    search.confirmed()?;
    search.references()?;
    search.windows(DAYS_BEFORE, DAYS_AFTER, true, BankRule::Amount)?;
    search.windows(DAYS_BEFORE, DAYS_AFTER, false, BankRule::Amount)?;
    search.windows(DAYS_BEFORE, DAYS_WIDE, true, BankRule::WideWindow)?;
    search.together()?;
    search.converted()?;
    search.finish()
}
