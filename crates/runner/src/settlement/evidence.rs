//! What is known besides a settlement's rows: its orders with the invoices that they hold, what earlier settlements did to them,
//! and the settlement before.

use std::collections::{BTreeMap, BTreeSet};

use bookkeeping::VatClass;
use bookkeeping::settlement::{Deferral, Earlier, KnownLine, KnownOrder};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{DocumentKind, Draft, OrderId, SalesDraft};
use money::{Currency, Money, MoneyError};
use store::lanes::Wake;
use store::orders::Stage as OrderStage;
use store::settlements::{SettlementRow, Stage};
use store::{Store, StoreError, facts, finances, intents, orders, settled, settlements};

use super::summary::Left;
use super::wake;
use crate::decide::held;
use crate::pair::Pair;

/// Orders of a settlement, as far as they are known.
pub(super) struct Orders {
    pub(super) known: BTreeMap<String, KnownOrder>,
    /// Orders that nobody has looked at yet, or that were not dispatched when somebody did.
    pub(super) unread: Vec<OrderId>,
    /// Orders whose invoice is in another currency than the settlement.
    pub(super) converted: Vec<String>,
}

/// Gathers what is known of the orders that the rows of `row` name.
pub(super) async fn orders(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    names: &BTreeSet<String>,
) -> Result<Orders, StoreError> {
    let mut all = Orders { known: BTreeMap::new(), unread: Vec::new(), converted: Vec::new() };
    for name in names {
        // Multi-channel and liquidation orders have ids of their own form and are no orders of the marketplace.
        let Ok(id) = OrderId::parse(name) else { continue };
        let (known, is_read) = order(store, pair, row, &id).await?;
        if !is_read {
            all.unread.push(id);
        }
        if known.held.iter().any(|draft| draft.currency != row.currency) {
            all.converted.push(name.clone());
        }
        all.known.insert(name.clone(), known);
    }
    Ok(all)
}

/// One order, and whether it was read and decided since it was dispatched.
async fn order(
    store: &Store,
    pair: &Pair,
    row: &SettlementRow,
    id: &OrderId,
) -> Result<(KnownOrder, bool), StoreError> {
    let mut known = KnownOrder::default();
    if let Some((fact, buyer)) = facts::current(store, pair.id(), id.as_str()).await?
        && let Ok(order) = pair.setup.marketplace.translate(&fact.kind, &fact.payload, buyer.as_deref())
    {
        known = KnownOrder::from(&order);
    }
    let invoices = format!("order/{id}/{}/", DocumentKind::Invoice.as_str());
    known.invoices = u32::try_from(intents::count_under(store, pair.id(), &invoices).await?).unwrap_or(u32::MAX);
    for (_, draft) in held(store, pair, id.as_str()).await? {
        // A refused document is still wanted: a person puts its cause right, and its money is expected on the account.
        let Draft::Sales(draft) = draft else { continue };
        known.customer.get_or_insert_with(|| draft.customer.clone());
        known.held.push(draft);
    }
    known.lines = lines(&known.held, row.currency).map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?;
    for settled in settled::of_order(store, pair.id(), id.as_str()).await? {
        if settled.settlement == row.id && settled.refunded.currency() == row.currency {
            continue;
        }
        let units = known.settled_units.entry(settled.line.clone()).or_default();
        *units = units.saturating_add(settled.units);
        if let Some(line) = known.lines.get_mut(&settled.line)
            && settled.refunded.currency() == line.refunded.currency()
        {
            let sum = |own: Money, more: Money| own.plus(more).map_err(|error| StoreError::Damaged(error.to_string()));
            line.refunded = sum(line.refunded, settled.refunded)?;
            line.refunded_vat = sum(line.refunded_vat, settled.refunded_vat)?;
        }
    }
    // Refunds belong to the settlements that brought them; their numbers go on over all of them.
    let refunds = format!("order/{id}/{}/", DocumentKind::Refund.as_str());
    known.refunds = u32::try_from(intents::count_under(store, pair.id(), &refunds).await?).unwrap_or(u32::MAX);
    // An invoice that was posted at dispatch stands on the clearing account already, released or not.
    if known.held.is_empty() {
        known.deferral = deferral(store, pair, id).await?;
    }
    let shown = orders::get(store, pair.id(), id.as_str()).await?;
    let is_read = shown.is_some_and(|order| order.stage != OrderStage::Waiting);
    Ok((known, is_read))
}

/// What was charged for each line of an order, by the invoices that it holds.
fn lines(held: &[SalesDraft], currency: Currency) -> Result<BTreeMap<String, KnownLine>, MoneyError> {
    let nothing = Money::zero(currency);
    let mut lines: BTreeMap<String, KnownLine> = BTreeMap::new();
    for line in held.iter().filter(|draft| draft.currency == currency).flat_map(|draft| &draft.lines) {
        let Some(id) = &line.order_line else { continue };
        let known = lines.entry(id.to_string()).or_insert(KnownLine {
            gross: nothing,
            vat: nothing,
            class: None,
            refunded: nothing,
            refunded_vat: nothing,
        });
        known.gross = known.gross.plus(line.net.plus(line.vat)?)?;
        known.vat = known.vat.plus(line.vat)?;
        // The goods decide: delivery follows them.
        if line.units > 0 {
            known.class = known.class.or(VatClass::of_rate(line.vat_rate));
        }
    }
    Ok(lines)
}

/// When finances say that the order's money was held back and let go.
async fn deferral(store: &Store, pair: &Pair, id: &OrderId) -> Result<Option<Deferral>, StoreError> {
    let rows = finances::of_order(store, pair.id(), id.as_str()).await?;
    let held = rows.iter().filter(|row| row.status.starts_with("DEFERRED"));
    let Some(shipped) = held.clone().map(|row| row.posted_at).min() else { return Ok(None) };
    let released = rows
        .iter()
        .filter(|row| row.status == "RELEASED" && row.posted_at >= shipped)
        .map(|row| row.posted_at)
        .max()
        .or_else(|| held.filter(|row| row.status == "DEFERRED_RELEASED").filter_map(|row| row.matures_at).max());
    Ok(Some(Deferral { shipped_on: Some(london(shipped)), released_on: released.map(london) }))
}

fn london(at: Timestamp) -> Date {
    // The zone is compiled in; were it not, UTC differs by an hour at most.
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// The settlement before `row` in its chain.
pub(super) enum Before {
    /// There is none, or nobody knows what it left.
    Unknown,
    /// It is here and not decided yet.
    Undecided,
    /// What it left.
    Known(Earlier),
}

/// Finds the settlement that ends where `row` begins.
pub(super) async fn before(store: &Store, row: &SettlementRow) -> Result<Before, StoreError> {
    let Some(from) = row.from else { return Ok(Before::Unknown) };
    let chain = settlements::chain(store, &row.pair, row.currency).await?;
    let Some(earlier) = chain.into_iter().rev().find(|other| other.to == Some(from) && other.id != row.id) else {
        return Ok(Before::Unknown);
    };
    match earlier.stage {
        Stage::Received => Ok(Before::Undecided),
        Stage::Quarantined => Ok(Before::Known(Earlier { total: earlier.total, reserve: None, clearing: None })),
        Stage::Posting | Stage::Posted | Stage::Review => Ok(Before::Known(left(&earlier))),
    }
}

/// Makes the settlements due that wait until `row` is decided: those that begin where it ends.
pub(super) async fn next(store: &Store, row: &SettlementRow) -> Result<Vec<Wake>, StoreError> {
    let Some(to) = row.to else { return Ok(Vec::new()) };
    let now = store.clock().now();
    let chain = settlements::chain(store, &row.pair, row.currency).await?;
    let waits = |other: &SettlementRow| other.from == Some(to) && other.id != row.id && other.stage == Stage::Received;
    Ok(chain.into_iter().filter(waits).map(|other| wake(&row.pair, &other.id, other.currency, now)).collect())
}

fn left(earlier: &SettlementRow) -> Earlier {
    let left: Left = serde_json::from_str(&earlier.summary).unwrap_or_default();
    let clearing = left.clearing.and_then(|clearing| {
        let currency = Currency::parse(&clearing.currency).ok()?;
        Some(Money::new(clearing.after_minor, currency))
    });
    let reserve = left.reserve_minor.map(|minor| Money::new(minor, earlier.currency));
    Earlier { total: earlier.total, reserve, clearing }
}
