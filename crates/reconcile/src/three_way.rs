//! Orders or invoices ↔ transactions ↔ settlement rows: what is settled as it should be, what is not, and what only waits.
//!
//! The three sides know different things: an order knows what the buyer paid, a transaction also the fees, rows also the settlement.
//! So orders are compared with rows by what the buyer paid, transactions with rows by everything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use money::{Money, MoneyError};

use crate::breaks::{self, Break, Code, Link};
use crate::days::between;
use crate::matching::{Basis, Candidates, Groups, Item, Kind, Match, Matching, Tolerances, match_items};

/// A transaction of the marketplace's finances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionItem<'a> {
    /// Its keys and its total amount, fees included; `id` is the transaction id, `event` the shipment or refund id.
    pub item: Item<'a>,
    /// The settlement that it says it is in, empty while it says none.
    pub settlement: &'a str,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// Orders or invoices and credit notes: what the buyer paid.
    pub orders: &'a [Item<'a>],
    /// Transactions; empty if they were not asked for.
    pub transactions: &'a [TransactionItem<'a>],
    /// First and last day for which all transactions were read. Rows of other days cannot be expected to have one.
    pub transactions_cover: Option<(Date, Date)>,
    /// Rows of orders, grouped.
    pub rows: &'a Groups,
    /// Rows that belong to no order: charges, reimbursements, balances.
    pub account_rows: &'a [Item<'a>],
    /// Ids of the settlements that `rows` and `account_rows` hold completely.
    pub closed: &'a [&'a str],
}

/// Days and pence of the comparison. Source: accounting rules §10 and §12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreeWayRules {
    /// The day on which it is asked.
    pub today: Date,
    /// Difference per order that needs no adjustment, in minor units.
    pub order_minor: i64,
    /// Days after which an order that is in no settlement is a break.
    pub settled_within_days: i64,
    /// Days that transactions may be late (Amazon: 48 hours).
    pub transactions_late_days: i64,
}

impl ThreeWayRules {
    /// The rules as they stand in the accounting rules: 0.02 per order, 45 days, 2 days.
    pub fn on(today: Date) -> ThreeWayRules {
        ThreeWayRules { today, order_minor: 2, settled_within_days: 45, transactions_late_days: 2 }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreeWay {
    /// Orders (left) and grouped rows (right).
    pub orders_rows: Matching,
    /// Transactions (left) and grouped rows, then account rows (right).
    pub transactions_rows: Matching,
    /// Orders that are in no settlement yet: their money is still owed. Positions in `orders`.
    pub unsettled: Vec<usize>,
    /// What does not fit.
    pub breaks: Vec<Break>,
}

/// Compares the three sides.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] if a sum does not fit.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Code, Item, Kind, Row, RowGroups, Sides, ThreeWayRules, three_way};
///
/// let gbp = |minor| Money::new(minor, Currency::GBP);
/// let mut rows = RowGroups::new(Currency::GBP);
/// rows.add(&Row::sale("203-1", "a", gbp(23_00)))?;
/// let orders = [Item { order: "203-1", ..Item::new(Kind::Sale, gbp(24_00)) }];
/// let sides =
///     Sides { orders: &orders, transactions: &[], transactions_cover: None, rows: &rows.finish()?, account_rows: &[], closed: &["26031877012"] };
/// let answer = three_way(&sides, &ThreeWayRules::on("2026-03-20".parse().unwrap()))?;
/// assert_eq!((answer.breaks[0].code, answer.breaks[0].amount), (Code::SettledDiffers, gbp(-1_00)));
/// # Ok::<(), money::MoneyError>(())
/// ```
pub fn three_way(sides: &Sides<'_>, rules: &ThreeWayRules) -> Result<ThreeWay, MoneyError> {
    let paid = sides.rows.items(Basis::Paid)?;
    let orders_rows = match_items(sides.orders, &paid, &Tolerances::default())?;
    let transactions: Vec<Item<'_>> = sides.transactions.iter().map(|transaction| transaction.item).collect();
    let mut all = sides.rows.items(Basis::Total)?;
    all.extend_from_slice(sides.account_rows);
    let close = Tolerances { days_before: 1, days_after: 1, ..Tolerances::default() };
    let transactions_rows = match_items(&transactions, &all, &close)?;

    let mut found = Found { sides, rules, breaks: Vec::new() };
    found.orders(&orders_rows, &paid, &waiting(sides, &transactions_rows))?;
    found.transactions(&transactions_rows, &transactions, &all)?;
    found.open(&orders_rows, sides.orders, &paid, "orders and rows");
    found.open(&transactions_rows, &transactions, &all, "transactions and rows");
    let mut breaks = found.breaks;
    breaks::sort(&mut breaks);
    let unsettled = orders_rows.left_only.clone();
    Ok(ThreeWay { orders_rows, transactions_rows, unsettled, breaks })
}

struct Found<'a> {
    sides: &'a Sides<'a>,
    rules: &'a ThreeWayRules,
    breaks: Vec<Break>,
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "sale",
        Kind::Refund => "refund",
        Kind::Charge => "charge",
        Kind::Reimbursement => "reimbursement",
        Kind::Balance => "balance",
        Kind::Other => "other",
    }
}

fn subject(item: &Item<'_>) -> String {
    match (item.order.is_empty(), item.id.is_empty()) {
        (false, _) => format!("order/{}/{}", item.order, word(item.kind)),
        (true, false) => format!("{}/{}", word(item.kind), item.id),
        (true, true) => {
            let day = item.on.map(|on| on.to_string()).unwrap_or_default();
            format!("{}/{day}/{}", word(item.kind), item.amount)
        }
    }
}

fn link(item: &Item<'_>) -> Link {
    if item.order.is_empty() { Link::Books(item.id.to_owned()) } else { Link::Order(item.order.to_owned()) }
}

/// Items by order and kind, so that an order of several lines is one break.
fn by_order<'b, 'a>(items: &'b [Item<'a>], members: &[usize]) -> BTreeMap<(&'a str, Kind), Vec<&'b Item<'a>>> {
    let mut orders: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for &at in members {
        orders.entry((items[at].order, items[at].kind)).or_default().push(&items[at]);
    }
    orders
}

fn sum(items: &[&Item<'_>]) -> Result<Money, MoneyError> {
    Money::sum(items[0].amount.currency(), items.iter().map(|item| item.amount))
}

fn earliest(items: &[&Item<'_>]) -> Option<Date> {
    items.iter().filter_map(|item| item.on).min()
}

/// Orders of transactions that no settlement has yet: they wait, or their transaction is the break.
fn waiting<'a>(sides: &Sides<'a>, transactions_rows: &Matching) -> BTreeSet<&'a str> {
    transactions_rows.left_only.iter().map(|&at| sides.transactions[at].item.order).collect()
}

/// What is left over on one side, without what is already named as open.
fn unclaimed(only: &[usize], open: &[Candidates], side: impl Fn(&Candidates) -> &Vec<usize>) -> Vec<usize> {
    let claimed: BTreeSet<usize> = open.iter().flat_map(side).copied().collect();
    only.iter().copied().filter(|at| !claimed.contains(at)).collect()
}

impl Found<'_> {
    fn orders(&mut self, matching: &Matching, rows: &[Item<'_>], waiting: &BTreeSet<&str>) -> Result<(), MoneyError> {
        for found in &matching.matches {
            if found.difference.minor().unsigned_abs() > self.rules.order_minor.unsigned_abs() {
                let breaks = self.differs(Code::SettledDiffers, found, self.sides.orders, rows)?;
                self.breaks.push(breaks);
            }
        }
        let sold: BTreeSet<&str> = self
            .sides
            .orders
            .iter()
            .chain(rows)
            .chain(self.sides.transactions.iter().map(|transaction| &transaction.item))
            .filter(|item| item.kind == Kind::Sale && !item.order.is_empty())
            .map(|item| item.order)
            .collect();
        for ((order, kind), lines) in
            by_order(rows, &unclaimed(&matching.right_only, &matching.open, |open| &open.right))
        {
            let amount = sum(&lines)?;
            // Rows without a price, for example fees of an order of another shop: the buyer paid nothing that an order could say.
            if amount.is_zero() {
                continue;
            }
            let (code, cause) = match kind {
                Kind::Refund if !sold.contains(order) => (
                    Code::RefundWithoutSale,
                    format!("A refund of {amount} was settled for order {order}, of which no sale is known."),
                ),
                Kind::Refund => (
                    Code::SettledWithoutOrder,
                    format!("A refund of {amount} was settled for order {order}, and no credit note of it is held."),
                ),
                _ => {
                    (Code::SettledWithoutOrder, format!("{amount} were settled for order {order}, which is not held."))
                }
            };
            let found = Break::new(code, subject(lines[0]), amount, cause).since(earliest(&lines)).evidence(
                link(lines[0]),
                format!("{} line(s) settled", lines.len()),
                Some(amount),
            );
            self.breaks.push(found);
        }
        for ((order, kind), lines) in
            by_order(self.sides.orders, &unclaimed(&matching.left_only, &matching.open, |open| &open.left))
        {
            let Some(since) = earliest(&lines) else { continue };
            let age = between(since, self.rules.today);
            if order.is_empty() || age <= self.rules.settled_within_days || waiting.contains(order) {
                continue;
            }
            let amount = sum(&lines)?;
            let cause = format!(
                "A {} of {amount} of order {order} is {age} days old, in no settlement and in no open transaction.",
                word(kind)
            );
            let found = Break::new(Code::NeverSettled, subject(lines[0]), amount.negated(), cause)
                .since(Some(since))
                .evidence(link(lines[0]), "not settled", Some(amount));
            self.breaks.push(found);
        }
        Ok(())
    }

    fn transactions(
        &mut self,
        matching: &Matching,
        transactions: &[Item<'_>],
        rows: &[Item<'_>],
    ) -> Result<(), MoneyError> {
        for found in matching.matches.iter().filter(|found| !found.difference.is_zero()) {
            let breaks = self.differs(Code::TransactionDiffers, found, transactions, rows)?;
            self.breaks.push(breaks);
        }
        for at in unclaimed(&matching.left_only, &matching.open, |open| &open.left) {
            let TransactionItem { item, settlement } = self.sides.transactions[at];
            if !self.sides.closed.contains(&settlement) {
                continue;
            }
            let cause = format!(
                "Transaction {} of {} says that it is in settlement {settlement}, which has no row of it.",
                item.id, item.amount
            );
            let found = Break::new(Code::TransactionNotSettled, format!("transaction/{}", item.id), item.amount, cause)
                .since(item.on)
                .evidence(Link::Transaction(item.id.to_owned()), "not in the rows", Some(item.amount))
                .evidence(Link::Settlement(settlement.to_owned()), "should have it", None);
            self.breaks.push(found);
        }
        let Some((first, last)) = self.sides.transactions_cover else { return Ok(()) };
        for ((order, kind), lines) in
            by_order(rows, &unclaimed(&matching.right_only, &matching.open, |open| &open.right))
        {
            let asked = earliest(&lines).is_some_and(|day| {
                day >= first && day <= last && between(day, self.rules.today) > self.rules.transactions_late_days
            });
            if !asked || kind == Kind::Balance {
                continue;
            }
            let groups: Vec<Vec<&Item<'_>>> =
                if order.is_empty() { lines.into_iter().map(|line| vec![line]).collect() } else { vec![lines] };
            for lines in groups {
                let amount = sum(&lines)?;
                let what = if order.is_empty() { "no order".to_owned() } else { format!("order {order}") };
                let cause = format!("Rows of {amount} of {what} were settled, and no transaction of them is known.");
                let found = Break::new(Code::RowsWithoutTransaction, subject(lines[0]), amount, cause)
                    .since(earliest(&lines))
                    .evidence(link(lines[0]), "settled", Some(amount));
                self.breaks.push(found);
            }
        }
        Ok(())
    }

    fn differs(&self, code: Code, found: &Match, left: &[Item<'_>], right: &[Item<'_>]) -> Result<Break, MoneyError> {
        let items = |items: &'_ [Item<'_>], members: &[usize]| -> Result<Money, MoneyError> {
            Money::sum(found.difference.currency(), members.iter().map(|&at| items[at].amount))
        };
        let (expected, settled) = (items(left, &found.left)?, items(right, &found.right)?);
        let first = &left[found.left[0]];
        let other = if code == Code::SettledDiffers { "The order says" } else { "The transaction says" };
        let cause = format!("{other} {expected}, the settlement has {settled}. {}", found.explain());
        let since = found.left.iter().filter_map(|&at| left[at].on).min();
        let break_ = Break::new(code, subject(first), found.difference, cause)
            .compare(expected, settled)
            .since(since)
            .evidence(link(first), "expected", Some(expected))
            .evidence(link(&right[found.right[0]]), "settled", Some(settled));
        Ok(break_)
    }

    fn open(&mut self, matching: &Matching, left: &[Item<'_>], right: &[Item<'_>], between: &str) {
        for Candidates { left: l, right: r, why } in &matching.open {
            let members: Vec<&Item<'_>> = l.iter().map(|&at| &left[at]).chain(r.iter().map(|&at| &right[at])).collect();
            let Some(first) = members.first() else { continue };
            let cause = format!("Between {between}, {} things fit in several ways: {why}.", members.len());
            let mut found = Break::new(Code::Ambiguous, subject(first), first.amount, cause)
                .since(members.iter().filter_map(|item| item.on).min());
            for item in members {
                found = found.evidence(link(item), word(item.kind), Some(item.amount));
            }
            self.breaks.push(found);
        }
    }
}
