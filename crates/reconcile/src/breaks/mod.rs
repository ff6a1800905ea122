//! [`Break`]: a difference that nobody has explained yet, in words that a bookkeeper understands.

mod codes;

use jiff::civil::Date;
use model::DocumentKey;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

pub use codes::{Code, Severity};

/// A difference that nobody has explained yet.
///
/// It is recomputed from facts whenever they change, so it is never closed by hand: when its cause is gone, it is gone. What a person
/// said about it is kept by its [`Break::key`].
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Break, Code, Link};
///
/// let lost = Money::new(-12_40, Currency::GBP);
/// let found = Break::new(Code::NeverSettled, "order/203-1", lost, "Shipped on 1 March and in no settlement since.")
///     .since(Some("2026-03-01".parse().unwrap()))
///     .evidence(Link::Order("203-1".into()), "shipped", Some(lost));
/// assert_eq!(found.key(), "never_settled/order/203-1");
/// assert_eq!(found.age_days("2026-04-20".parse().unwrap()), Some(50));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// What kind it is; says how urgent it is and what to do.
    pub code: Code,
    /// What it is about, in the form of a key: `settlement/26031877012-GBP`, `order/203-…`.
    pub subject: String,
    /// Why, in plain English, with the sums.
    pub cause: String,
    /// The sum in question from the seller's side: negative is money that the seller lacks.
    pub amount: Money,
    /// What was expected, if there is something to compare.
    pub expected: Option<Money>,
    /// What was found instead.
    pub found: Option<Money>,
    /// The part of `amount` that sits in the clearing account; zero if the clearing account does not notice.
    pub in_clearing: Money,
    /// The day from which its age counts.
    pub since: Option<Date>,
    /// What leads there, in a stable order.
    pub evidence: Vec<Evidence>,
}

/// One thing that a break or a match rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Where to look.
    pub link: Link,
    /// What is to be seen there, in a few words.
    pub says: String,
    /// The amount there, in minor units of `currency`.
    pub minor: Option<i64>,
    /// Currency of `minor`.
    pub currency: Option<Currency>,
}

/// Something that a person can open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// An order of the marketplace.
    Order(String),
    /// A document of ours.
    Document(DocumentKey),
    /// A transaction of the marketplace's finances, by its id.
    Transaction(String),
    /// A settlement, `id-currency`.
    Settlement(String),
    /// A row of a settlement: settlement and physical line.
    Row(String, u64),
    /// A line of the bank statement.
    BankLine(String),
    /// A tax invoice of the marketplace.
    TaxInvoice(String),
    /// A product.
    Sku(String),
    /// Something in the books without a key of ours.
    Books(String),
}

impl Break {
    /// A break without evidence; `amount` negative is money that the seller lacks.
    pub fn new(code: Code, subject: impl Into<String>, amount: Money, cause: impl Into<String>) -> Break {
        Break {
            code,
            subject: subject.into(),
            cause: cause.into(),
            amount,
            expected: None,
            found: None,
            in_clearing: Money::zero(amount.currency()),
            since: None,
            evidence: Vec::new(),
        }
    }

    /// Says what was expected and what was found.
    #[must_use]
    pub fn compare(mut self, expected: Money, found: Money) -> Break {
        (self.expected, self.found) = (Some(expected), Some(found));
        self
    }

    /// Says which part of the amount sits in the clearing account.
    #[must_use]
    pub fn in_clearing(mut self, amount: Money) -> Break {
        self.in_clearing = amount;
        self
    }

    /// Says from which day its age counts.
    #[must_use]
    pub fn since(mut self, day: Option<Date>) -> Break {
        self.since = day;
        self
    }

    /// Adds one thing that it rests on.
    #[must_use]
    pub fn evidence(mut self, link: Link, says: impl Into<String>, amount: Option<Money>) -> Break {
        self.evidence.push(Evidence {
            link,
            says: says.into(),
            minor: amount.map(Money::minor),
            currency: amount.map(Money::currency),
        });
        self
    }

    /// One key for one cause: the same break has the same key on every run.
    pub fn key(&self) -> String {
        format!("{}/{}", self.code, self.subject)
    }

    /// How urgent it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The next action.
    pub fn action(&self) -> &'static str {
        self.code.action()
    }

    /// Whole days since it began; `None` if the day is unknown.
    pub fn age_days(&self, today: Date) -> Option<i64> {
        self.since.map(|day| crate::days::between(day, today))
    }
}

/// Sorts breaks the way they are shown: the most urgent first, then by key. The order of the inputs leaves no trace.
pub(crate) fn sort(breaks: &mut [Break]) {
    breaks.sort_by_cached_key(|one| (std::cmp::Reverse(one.severity()), one.key()));
}
