//! Orders and transactions against the rows of settlements: the three-way comparison.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::SettlementRow;
use money::{Currency, MoneyError};
use reconcile::{Break, Code, Item, Kind, Row, RowGroups, Sides, ThreeWayRules, TransactionItem, three_way};
use serde::Serialize;

use super::Seen;
use super::words::Word;
use crate::evidence::{OrderItem, Told};

/// How orders that were given compare with the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Currency of the amounts.
    pub currency: &'static str,
    /// Matches of order lines with rows.
    pub matched: usize,
    /// Those whose amounts are the same.
    pub same: usize,
    /// Order lines that are in none of these settlements.
    pub not_settled: usize,
}

/// Rows of orders by currency, grouped.
#[derive(Default)]
pub(super) struct Grouped(BTreeMap<Currency, RowGroups>);

impl Grouped {
    /// Adds a row of an order.
    pub(super) fn add(&mut self, row: &SettlementRow<'_>, word: Word, on: Option<Date>) -> Result<(), MoneyError> {
        let kind = word.kind(!row.order.is_empty());
        if row.order.is_empty() || !matches!(kind, Kind::Sale | Kind::Refund) {
            return Ok(());
        }
        let currency = row.amount.currency();
        self.0.entry(currency).or_insert_with(|| RowGroups::new(currency)).add(&Row {
            kind,
            part: word.part,
            amount: row.amount,
            order: row.order,
            line: row.order_line,
            event: if word.refund { row.adjustment } else { row.shipment },
            sku: row.sku,
            marketplace: row.marketplace,
            quantity: row.quantity.filter(|_| word.goods),
            on,
            at: row.posted_at,
        })
    }

    /// Compares, currency by currency.
    pub(super) fn compare(
        self,
        orders: &[OrderItem],
        told: &[Told],
        seen: &[Seen],
        today: Date,
    ) -> Result<(Vec<Compared>, Vec<Break>), MoneyError> {
        let (mut compared, mut breaks) = (Vec::new(), Vec::new());
        let listed: BTreeSet<&str> = orders.iter().map(|item| item.order.as_str()).collect();
        let closed: Vec<&str> = seen.iter().map(|one| one.statement.settlement.id.as_str()).collect();
        for (currency, groups) in self.0 {
            let of_orders: Vec<Item<'_>> = orders.iter().filter_map(|item| ordered(item, currency)).collect();
            let transactions: Vec<TransactionItem<'_>> = told.iter().filter_map(|one| settled(one, currency)).collect();
            let rows = groups.finish()?;
            let sides = Sides {
                orders: &of_orders,
                transactions: &transactions,
                // The pages that were given need not be all of a period.
                transactions_cover: None,
                rows: &rows,
                account_rows: &[],
                closed: &closed,
            };
            let answer = three_way(&sides, &ThreeWayRules::on(today))?;
            if !of_orders.is_empty() {
                let matches = &answer.orders_rows.matches;
                compared.push(Compared {
                    currency: currency.code(),
                    matched: matches.len(),
                    same: matches.iter().filter(|one| one.difference.is_zero()).count(),
                    not_settled: answer.unsettled.len(),
                });
            }
            let known = Known::of(orders, told, seen, currency, &listed);
            breaks.extend(answer.breaks.into_iter().filter(|one| known.can_say(one)));
        }
        Ok((compared, breaks))
    }
}

fn ordered(item: &OrderItem, currency: Currency) -> Option<Item<'_>> {
    let gross = item.gross.filter(|gross| gross.currency() == currency && !gross.is_zero())?;
    Some(Item {
        order: &item.order,
        line: &item.item,
        sku: &item.sku,
        marketplace: &item.marketplace,
        quantity: item.quantity,
        on: item.dispatched_on,
        ..Item::new(Kind::Sale, gross)
    })
}

/// A transaction whose money is available: what is deferred is in no settlement, and its release is a transaction of its own.
fn settled(one: &Told, currency: Currency) -> Option<TransactionItem<'_>> {
    let amount = one.amount.filter(|amount| amount.currency() == currency)?;
    let kind = match one.kind.as_str() {
        "Shipment" => Kind::Sale,
        "Refund" | "Chargeback" | "GuaranteeClaim" => Kind::Refund,
        _ => return None,
    };
    if one.order.is_empty() || one.status != "RELEASED" {
        return None;
    }
    let item = Item { id: &one.id, order: &one.order, on: Some(one.on), at: Some(one.at), ..Item::new(kind, amount) };
    Some(TransactionItem { item, settlement: &one.settlement })
}

/// What the files that were given can speak of: a list of orders is rarely all of them, and settlements have a first one.
struct Known<'a> {
    listed: &'a BTreeSet<&'a str>,
    deferred: BTreeSet<&'a str>,
    /// First and last dispatch in the list.
    dispatched: Option<(Date, Date)>,
    /// First day of the settlements.
    from: Option<Date>,
}

impl<'a> Known<'a> {
    fn of(
        orders: &[OrderItem],
        told: &'a [Told],
        seen: &[Seen],
        currency: Currency,
        listed: &'a BTreeSet<&'a str>,
    ) -> Known<'a> {
        let days = || orders.iter().filter_map(|item| item.dispatched_on);
        let of_currency = seen.iter().filter(|one| one.statement.settlement.currency == currency);
        Known {
            listed,
            deferred: told.iter().filter(|one| one.status == "DEFERRED").map(|one| one.order.as_str()).collect(),
            dispatched: days().min().zip(days().max()),
            from: of_currency.filter_map(|one| one.statement.settlement.from).min().and_then(super::london),
        }
    }

    fn can_say(&self, found: &Break) -> bool {
        let mut parts = found.subject.split('/');
        let (order, kind) = (parts.nth(1).unwrap_or(""), parts.next().unwrap_or(""));
        match found.code {
            // The credit note of a refund is made from the rows themselves, so there is no other side to it.
            Code::RefundWithoutSale => false,
            Code::SettledWithoutOrder => {
                let within = |day: Date| self.dispatched.is_some_and(|(first, last)| first <= day && day <= last);
                kind == "sale" && !self.listed.contains(order) && found.since.is_some_and(within)
            }
            Code::NeverSettled => {
                let after = |day: Date| self.from.is_some_and(|from| from <= day);
                !self.deferred.contains(order) && found.since.is_some_and(after)
            }
            _ => true,
        }
    }
}
