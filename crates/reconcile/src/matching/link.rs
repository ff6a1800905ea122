//! What matching answers: links with their rule and evidence, what is left over, and what fits in several ways.

use money::Money;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::score::Score;

/// By which rule things were linked, the strictest first. The version of the rules is that of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Order, line and event are the same.
    Line,
    /// Order and line are the same; the events of both sides are summed.
    LineTotal,
    /// Order, SKU and quantity are the same; line ids are unknown or of different systems.
    SkuQuantity,
    /// Order and event are the same.
    Event,
    /// The order is the same; all of it on both sides is summed.
    Order,
    /// The amount fits, the days are close, and nothing else fits on either side.
    Window,
    /// Several fit; this is clearly the best whole.
    Assignment,
    /// As many on both sides, all alike: which is which cannot be told and does not matter.
    Alike,
    /// Several on one side make one on the other, in exactly one way.
    Sum,
}

/// Things of both sides that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Positions in the left side; never empty.
    pub left: Vec<usize>,
    /// Positions in the right side; never empty.
    pub right: Vec<usize>,
    /// By which rule.
    pub rule: Rule,
    /// Sum of the right less sum of the left: what the link does not explain.
    pub difference: Money,
    /// What speaks for it, by kind of evidence.
    pub score: Score,
}

/// Things that would fit in several ways: nothing was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// Positions in the left side.
    pub left: Vec<usize>,
    /// Positions in the right side.
    pub right: Vec<usize>,
    /// Why it stays open, in plain English.
    pub why: String,
}

/// The answer: each item of both sides is in one match or in `left_only` or `right_only`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// The links, in an order that does not depend on that of the inputs: those by keys first.
    pub matches: Vec<Match>,
    /// What no link took, likewise.
    pub left_only: Vec<usize>,
    /// What no link took, likewise.
    pub right_only: Vec<usize>,
    /// Left-over things that fit in several ways; each is also in `left_only` or `right_only`.
    pub open: Vec<Candidates>,
}

impl Rule {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::Line => "line",
            Rule::LineTotal => "line_total",
            Rule::SkuQuantity => "sku_quantity",
            Rule::Event => "event",
            Rule::Order => "order",
            Rule::Window => "window",
            Rule::Assignment => "assignment",
            Rule::Alike => "alike",
            Rule::Sum => "sum",
        }
    }

    /// Why things are linked by this rule, as a clause: "linked because …".
    pub fn because(self) -> &'static str {
        match self {
            Rule::Line => "order, line and event are the same",
            Rule::LineTotal => "order and line are the same, and all events of the line are summed on both sides",
            Rule::SkuQuantity => "order, product and quantity are the same",
            Rule::Event => "order and event are the same",
            Rule::Order => "the order is the same, and all of it is summed on both sides",
            Rule::Window => "the amount fits, the days are close, and nothing else fits on either side",
            Rule::Assignment => "of several that fit this is clearly the best",
            Rule::Alike => {
                "there are as many on both sides, all alike: which is which cannot be told and does not matter"
            }
            Rule::Sum => "together they make exactly this sum, and no others do",
        }
    }
}

impl Match {
    /// The link in a sentence.
    ///
    /// # Examples
    ///
    /// ```
    /// # use money::{Currency, Money};
    /// # use reconcile::{Item, Kind, Tolerances, match_items};
    /// let gbp = |minor| Money::new(minor, Currency::GBP);
    /// let day = |text: &str| Some(text.parse().unwrap());
    /// let payout = [Item { on: day("2026-03-17"), ..Item::new(Kind::Balance, gbp(350_00)) }];
    /// let bank = [Item { on: day("2026-03-19"), ..Item::new(Kind::Balance, gbp(350_00)) }];
    /// let matching = match_items(&payout, &bank, &Tolerances::default())?;
    /// assert_eq!(
    ///     matching.matches[0].explain(),
    ///     "Linked because the amount fits, the days are close, and nothing else fits on either side \
    ///      (amount +100, days +24)."
    /// );
    /// # Ok::<(), money::MoneyError>(())
    /// ```
    pub fn explain(&self) -> String {
        let rest = match self.difference.minor() {
            0 => String::new(),
            _ => format!(" {} remain unexplained.", self.difference),
        };
        format!("Linked because {}{}.{rest}", self.rule.because(), self.score)
    }
}

impl Matching {
    /// Puts what came after the keys into canonical order. What the keys found already is in the order of their join.
    pub(super) fn sort(&mut self, by_keys: usize, left: &[Item<'_>], right: &[Item<'_>]) {
        self.matches[by_keys..].sort_by(|a, b| left[a.left[0]].canonical(&left[b.left[0]]));
        self.open.sort_by(|a, b| {
            first(left, &a.left)
                .cmp(&first(left, &b.left))
                .then_with(|| first(right, &a.right).cmp(&first(right, &b.right)))
        });
    }
}

/// The first member as something that sorts.
fn first<'a>(items: &'a [Item<'a>], members: &[usize]) -> Option<Canonical<'a>> {
    members.first().map(|&index| Canonical(&items[index]))
}

struct Canonical<'a>(&'a Item<'a>);

impl Ord for Canonical<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.canonical(other.0)
    }
}

impl PartialOrd for Canonical<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Canonical<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Canonical<'_> {}
