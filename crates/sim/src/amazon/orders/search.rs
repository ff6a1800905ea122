//! searchOrders and getOrder of v2026-01-01 (fact sheet §5.1).

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::build::{self, Included, fulfilled_by, order, status, time};
use super::wire::{GetOrderResponse, Pagination, SearchOrdersResponse};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::page::PageToken;
use crate::amazon::query::Query;
use crate::world::{View, WorldOrder};

const STATUSES: [&str; 7] =
    ["PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"];

/// By which moment orders are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Created,
    Updated,
}

/// The window of a search, checked.
pub(super) struct Window {
    pub(super) by: By,
    pub(super) after: Timestamp,
    pub(super) before: Timestamp,
}

/// Which orders a search keeps.
struct Filter<'a> {
    statuses: Option<Vec<&'a str>>,
    marketplaces: Option<Vec<&'a str>>,
    fulfilled_by: Option<Vec<&'a str>>,
}

pub(super) fn get_order(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let included = included(&call.query)?;
    let id = call.path.first().map(String::as_str).unwrap_or_default();
    if !is_order_id(id) {
        return Err(Answer::invalid_input("Invalid value for parameter orderId."));
    }
    let found = amazon.world.order(id).ok_or_else(|| Answer::not_found("The requested order was not found."))?;
    let view = found.at(amazon.clock.now()).ok_or_else(|| Answer::not_found("The requested order was not found."))?;
    Ok(Answer::ok(&GetOrderResponse { order: order(&view, amazon.world.seller(), included) }))
}

pub(super) fn search_orders(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let query = &call.query;
    let now = amazon.clock.now();
    let mut window = window(query, now, ["createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore"])?;
    let filter = filter(query)?;
    let included = included(query)?;
    let limit = query.number("maxResultsPerPage", 1, 100)?.unwrap_or(100);
    let filters = query.canonical(&["paginationToken", "maxResultsPerPage"]);
    let from = match query.get("paginationToken") {
        None => None,
        Some(text) => {
            let token = PageToken::open(text, amazon.world.seed(), now)
                .filter(|token| token.of == "searchOrders" && token.filters == filters);
            Some(token.ok_or_else(|| {
                Answer::invalid_input("The paginationToken is invalid, has expired or belongs to other filters.")
            })?)
        }
    };
    if let Some(token) = &from {
        window.before = token.before;
    }
    let (found, next) = page(amazon, &window, from.as_ref(), limit, now, &|view| filter.keeps(view));
    let next_token = next.map(|(at, number)| {
        let expires_at = PageToken::day_after(now);
        PageToken { of: "searchOrders".to_owned(), filters, before: window.before, at, number, expires_at }
            .seal(amazon.world.seed())
    });
    let views: Vec<View<'_>> = found.iter().filter_map(|order| order.at(now)).collect();
    Ok(Answer::ok(&SearchOrdersResponse {
        orders: views.iter().map(|view| build::order(view, amazon.world.seller(), included)).collect(),
        pagination: next_token.map(|next_token| Pagination { next_token }),
        last_updated_before: (window.by == By::Updated).then(|| time(window.before)),
        created_before: (window.by == By::Created).then(|| time(window.before)),
    }))
}

/// Where a page ended: the moment by which its last order is listed, and that order's number.
pub(super) type Mark = (Timestamp, u32);

/// At most `limit` orders of the window after `from`, and where the next page begins if there is one.
pub(super) fn page(
    amazon: &Amazon,
    window: &Window,
    from: Option<&PageToken>,
    limit: usize,
    now: Timestamp,
    keeps: &dyn Fn(&View<'_>) -> bool,
) -> (Vec<Arc<WorldOrder>>, Option<Mark>) {
    let mut found: Vec<Arc<WorldOrder>> = Vec::with_capacity(limit);
    let mut last: Option<Mark> = None;
    let mut more = false;
    let mut visit = |at: Timestamp, number: u32, order: &Arc<WorldOrder>| {
        let shown = from.is_some_and(|token| (at, number) <= (token.at, token.number));
        if shown || !order.at(now).is_some_and(|view| keeps(&view)) {
            return ControlFlow::Continue(());
        }
        if found.len() == limit {
            more = true;
            return ControlFlow::Break(());
        }
        last = Some((at, number));
        found.push(Arc::clone(order));
        ControlFlow::Continue(())
    };
    let after = from.map_or(window.after, |token| token.at);
    match window.by {
        By::Created => amazon.world.visit_placed(after, window.before, &mut visit),
        By::Updated => amazon.world.visit_updated(after, window.before, now, &mut visit),
    }
    (found, last.filter(|_| more))
}

/// Checks the four dates: exactly one family, its upper bound not before its lower one and at least two minutes ago.
pub(super) fn window(query: &Query, now: Timestamp, names: [&str; 4]) -> Result<Window, Answer> {
    let [created_after, created_before, updated_after, updated_before] = names;
    let dates = [
        query.time(created_after)?,
        query.time(created_before)?,
        query.time(updated_after)?,
        query.time(updated_before)?,
    ];
    let (by, after, before) = match dates {
        [Some(after), before, None, None] => (By::Created, after, before),
        [None, None, Some(after), before] => (By::Updated, after, before),
        [None, _, None, _] => {
            return Err(Answer::invalid_input(&format!(
                "Either the {created_after} or the {updated_after} parameter must be specified."
            )));
        }
        _ => {
            let message = format!(
                "{created_after} or {created_before} cannot be specified together with {updated_after} or {updated_before}."
            );
            return Err(Answer::invalid_input(&message));
        }
    };
    let latest = now.checked_sub(2.minutes()).unwrap_or(now);
    if before.is_some_and(|before| before > latest) {
        return Err(Answer::invalid_input(
            "The upper bound of the date range must be at least two minutes before the current time.",
        ));
    }
    if before.is_some_and(|before| before < after) {
        return Err(Answer::invalid_input("The upper bound of the date range must not be before its lower bound."));
    }
    Ok(Window { by, after, before: before.unwrap_or(latest) })
}

/// Order ids have three groups of digits.
pub(in crate::amazon) fn is_order_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let digits = |group: &&str, length| group.len() == length && group.bytes().all(|byte| byte.is_ascii_digit());
    matches!(groups.as_slice(), [first, second, third] if digits(first, 3) && digits(second, 7) && digits(third, 7))
}

fn included(query: &Query) -> Result<Included, Answer> {
    let names = query.list("includedData").unwrap_or_default();
    Included::parse(&names).ok_or_else(|| Answer::invalid_input("Invalid value for parameter includedData."))
}

fn filter(query: &Query) -> Result<Filter<'_>, Answer> {
    let checked = |name: &str, known: &[&str]| match query.list(name) {
        Some(values) if values.iter().any(|value| !known.contains(value)) => {
            Err(Answer::invalid_input(&format!("Invalid value for parameter {name}.")))
        }
        values => Ok(values),
    };
    let marketplaces = query.list("marketplaceIds");
    if marketplaces.as_ref().is_some_and(|ids| ids.len() > 50) {
        return Err(Answer::invalid_input("At most 50 marketplaceIds can be specified."));
    }
    let statuses = checked("fulfillmentStatuses", &STATUSES)?;
    Ok(Filter { statuses, marketplaces, fulfilled_by: checked("fulfilledBy", &["MERCHANT", "AMAZON"])? })
}

impl Filter<'_> {
    fn keeps(&self, view: &View<'_>) -> bool {
        let in_list = |list: &Option<Vec<&str>>, value: &str| list.as_ref().is_none_or(|list| list.contains(&value));
        in_list(&self.statuses, status(view))
            && in_list(&self.marketplaces, view.order.marketplace.id)
            && in_list(&self.fulfilled_by, fulfilled_by(view))
    }
}
