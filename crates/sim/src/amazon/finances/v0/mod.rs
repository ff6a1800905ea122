//! Finances v0 over the same ledger (fact sheet §8.2): the fallback. What is held back is invisible until it is released, and then
//! appears under the date on which it was posted.

mod events;
mod wire;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::body::{self, Face};
use super::{is_shown, visible_at};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::orders::{is_order_id, time};
use crate::amazon::page::PageToken;
use crate::faults::Dice;
use crate::world::{GROUPS, MoneyEvent, Settlement, Transaction};
use wire::{Currency, Events, Group, Groups, Listed};

const SPAN_DAYS_MAX: i64 = 180;
/// Only what is at least this old can be asked for.
const AGE_MIN: SignedDuration = SignedDuration::from_mins(2);
/// Minutes for which a page token lives.
const TOKEN_MIN: i64 = 3;

/// listFinancialEvents.
pub(super) fn by_date(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let now = amazon.clock.now();
    let Some((after, before)) = window(call, ["PostedAfter", "PostedBefore"], now)? else {
        return Err(Answer::invalid_input("PostedAfter is required."));
    };
    let found = in_window(amazon, after, before, now);
    listed(amazon, call, found, now)
}

/// listFinancialEventsByGroupId.
pub(super) fn by_group(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let now = amazon.clock.now();
    let asked = window(call, ["PostedAfter", "PostedBefore"], now)?;
    let id = call.path.first().map(String::as_str).unwrap_or_default();
    let groups = body::Groups::at(amazon, now);
    let (after, before) = asked.unwrap_or((Timestamp::MIN, now));
    let mut found = in_window(amazon, after, before, now);
    found.retain(|own| groups.of(own, now).0.as_deref() == Some(id));
    listed(amazon, call, found, now)
}

/// listFinancialEventsByOrderId.
pub(super) fn by_order(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let now = amazon.clock.now();
    let id = call.path.first().map(String::as_str).unwrap_or_default();
    if !is_order_id(id) {
        return Err(Answer::invalid_input("The orderId is not valid."));
    }
    let mut found = amazon.world.transactions_of(id, now);
    found.retain(|own| appears(amazon, own, now));
    listed(amazon, call, found, now)
}

/// listFinancialEventGroups: the settlements, the last first, and what is open.
pub(super) fn groups(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let now = amazon.clock.now();
    let asked = window(call, ["FinancialEventGroupStartedAfter", "FinancialEventGroupStartedBefore"], now)?;
    let limit = call.query.number("MaxResultsPerPage", 1, 100)?.unwrap_or(100);
    let token = token(amazon, call, now)?;
    let open = GROUPS.map(|group| {
        let (id, since) = amazon.world.open_event_group(group);
        let shown = Group {
            financial_event_group_id: id,
            processing_status: "Open",
            fund_transfer_status: None,
            original_total: Currency::new(amazon.world.balance(group).available, group.currency),
            converted_total: None,
            fund_transfer_date: None,
            trace_id: None,
            account_tail: None,
            beginning_balance: Currency::new(0, group.currency),
            financial_event_group_start: time(since),
            financial_event_group_end: None,
        };
        (since, shown)
    });
    let closed = amazon.world.settlements(now).into_iter().map(|own| (own.start, of_settlement(&own, now)));
    let mut all: Vec<(Timestamp, Group)> = closed.chain(open).collect();
    all.retain(|(start, _)| asked.is_none_or(|(after, before)| (after..before).contains(start)));
    all.sort_by(|one, other| {
        (other.0, &one.1.financial_event_group_id).cmp(&(one.0, &other.1.financial_event_group_id))
    });
    let skipped = token.as_ref().map_or(0, |token| token.number as usize);
    let more = all.len() > skipped + limit;
    let shown = all.into_iter().skip(skipped).take(limit).map(|(_, group)| group).collect();
    let next = more.then(|| seal(amazon, call, (now, skipped + limit), now));
    Ok(Answer::payload(&Groups { next_token: next, financial_event_group_list: shown }))
}

fn of_settlement(own: &Settlement, now: Timestamp) -> Group {
    let currency = own.group.currency;
    let payout = own.payout.as_ref();
    let transfer = payout.map(|payout| match () {
        () if now < payout.arrives_at => "Processing",
        () if payout.fails => "Failed",
        () => "Succeeded",
    });
    let converted = payout.filter(|payout| payout.currency != currency);
    Group {
        financial_event_group_id: own.event_group_id.clone(),
        processing_status: "Closed",
        fund_transfer_status: transfer,
        original_total: Currency::new(own.total, currency),
        converted_total: converted.map(|payout| Currency::new(payout.amount, payout.currency)),
        fund_transfer_date: payout.map(|_| time(own.deposit_at)),
        trace_id: payout.map(|payout| payout.trace_id.clone()),
        account_tail: payout.map(|payout| payout.account_tail),
        beginning_balance: Currency::new(-own.carried, currency),
        financial_event_group_start: time(own.start),
        financial_event_group_end: Some(time(own.end)),
    }
}

fn in_window(amazon: &Amazon, after: Timestamp, before: Timestamp, now: Timestamp) -> Vec<Arc<Transaction>> {
    let mut found = amazon.world.transactions(after, before, now);
    found.retain(|own| appears(amazon, own, now));
    found
}

/// Whether an event is released, and Finances has got round to showing it.
fn appears(amazon: &Amazon, own: &Arc<Transaction>, now: Timestamp) -> bool {
    let listed = body::Listed { event: Arc::clone(own), face: Face::Event };
    is_shown(&listed)
        && own.event != MoneyEvent::Payout
        && own.released_at() <= now
        && visible_at(amazon, &listed) <= now
}

/// One page of events, in order of posting.
fn listed(amazon: &Amazon, call: &Call<'_>, mut found: Vec<Arc<Transaction>>, now: Timestamp) -> Answered {
    let limit = call.query.number("MaxResultsPerPage", 1, 100)?.unwrap_or(100);
    let token = token(amazon, call, now)?;
    let dice = Dice::new(amazon.world.seed());
    let mark =
        |own: &Transaction| (own.posted_at, u32::try_from(dice.roll(&["v0 event", &own.id], 0) >> 32).unwrap_or(0));
    found.sort_by_key(|own| mark(own));
    found.retain(|own| token.as_ref().is_none_or(|token| mark(own) > (token.at, token.number)));
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| {
        let (at, number) = mark(last);
        seal(amazon, call, (at, number as usize), now)
    });
    let mut financial_events = Events::default();
    found.iter().for_each(|own| events::put(&mut financial_events, own));
    Ok(Answer::payload(&Listed { next_token: next, financial_events }))
}

/// The window asked for, if there is one.
fn window(
    call: &Call<'_>,
    [after, before]: [&str; 2],
    now: Timestamp,
) -> Result<Option<(Timestamp, Timestamp)>, Answer> {
    let latest = now.checked_sub(AGE_MIN).unwrap_or(now);
    let (from, to) = (call.query.time(after)?, call.query.time(before)?);
    let Some(from) = from else {
        let alone = Answer::invalid_input(&format!("{before} needs {after}."));
        return if to.is_some() { Err(alone) } else { Ok(None) };
    };
    let to = to.unwrap_or(latest);
    if to > latest || from >= to {
        return Err(Answer::invalid_input(&format!(
            "{after} must be before {before}, and both at least two minutes ago."
        )));
    }
    let too_long = to.duration_since(from).as_hours() > SPAN_DAYS_MAX * 24;
    Ok(Some(if too_long { (from, from) } else { (from, to) })) // documented: no error, no data
}

fn token(amazon: &Amazon, call: &Call<'_>, now: Timestamp) -> Result<Option<PageToken>, Answer> {
    let Some(text) = call.query.get("NextToken") else { return Ok(None) };
    let own = PageToken::open(text, amazon.world.seed(), now)
        .filter(|token| token.of == call.operation.name && token.filters == filters(call));
    let refused = "Token is not valid, token duration is 3 minutes.";
    own.map(Some).ok_or_else(|| Answer::invalid_input(refused))
}

fn seal(amazon: &Amazon, call: &Call<'_>, (at, number): (Timestamp, usize), now: Timestamp) -> String {
    let expires_at = now.checked_add(TOKEN_MIN.minutes()).unwrap_or(Timestamp::MAX);
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let of = call.operation.name.to_owned();
    PageToken { of, filters: filters(call), before: now, at, number, expires_at }.seal(amazon.world.seed())
}

/// What a token is bound to: all parameters, and the order or group in the path.
fn filters(call: &Call<'_>) -> Vec<(String, String)> {
    let mut filters = call.query.canonical(&["NextToken", "MaxResultsPerPage"]);
    filters.extend(call.path.first().map(|id| ("path".to_owned(), id.clone())));
    filters
}
