//! listTransactions: what is posted in a window, or belongs to an order or an event group.

use jiff::{SignedDuration, Timestamp};

use super::body::{Face, Groups, Listed, transaction};
use super::visible_at;
use super::wire::{Payload, Transactions};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::page::PageToken;
use crate::faults::Dice;

const PAGE: usize = 100;
const SPAN_DAYS_MAX: i64 = 180;
/// Only what is at least this old can be asked for.
const AGE_MIN: SignedDuration = SignedDuration::from_mins(2);
const OF: &str = "listTransactions";
/// Of a token whose page is empty although more follows: Amazon sends such pages now and then.
const OF_EMPTY: &str = "listTransactions, empty";

enum Asked<'a> {
    Window,
    Order(&'a str),
    EventGroup(&'a str),
}

pub(super) fn list(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let (query, now) = (&call.query, amazon.clock.now());
    let filters = query.canonical(&["nextToken"]);
    let token = match query.get("nextToken") {
        None => None,
        Some(text) => {
            let own = PageToken::open(text, amazon.world.seed(), now)
                .filter(|token| [OF, OF_EMPTY].contains(&token.of.as_str()) && token.filters == filters);
            let refused = "The nextToken is invalid, has expired or was made for other arguments.";
            Some(own.ok_or_else(|| Answer::invalid_input(refused))?)
        }
    };
    let asked = match (query.get("relatedIdentifierName"), query.get("relatedIdentifierValue")) {
        (None, None) => Asked::Window,
        (Some("ORDER_ID"), Some(id)) => Asked::Order(id),
        (Some("FINANCIAL_EVENT_GROUP_ID"), Some(id)) => Asked::EventGroup(id),
        _ => return Err(Answer::invalid_input("The related identifier is not one that can be asked by.")),
    };
    let status = query.get("transactionStatus");
    if status.is_some_and(|status| !["DEFERRED", "RELEASED", "DEFERRED_RELEASED"].contains(&status)) {
        return Err(Answer::invalid_input("The transactionStatus is not known."));
    }
    let latest = now.checked_sub(AGE_MIN).unwrap_or(now);
    let after = query.time("postedAfter")?;
    if after.is_none() && matches!(asked, Asked::Window) {
        return Err(Answer::invalid_input("postedAfter is required unless a related identifier is given."));
    }
    let (after, before) = (after.unwrap_or(Timestamp::MIN), query.time("postedBefore")?.unwrap_or(latest));
    let before = token.as_ref().map_or(before, |token| token.before);
    if before > latest || after > latest || after >= before {
        return Err(Answer::invalid_input(
            "postedAfter must be before postedBefore, and both at least two minutes ago.",
        ));
    }
    let too_long = before.duration_since(after).as_hours() > SPAN_DAYS_MAX * 24;
    if too_long && matches!(asked, Asked::Window) {
        return answer(amazon, Vec::new(), None, now); // documented: no error, no data
    }
    let groups = Groups::at(amazon, now);
    let mut found = match asked {
        Asked::Order(id) => of_order(amazon, id, now),
        Asked::Window | Asked::EventGroup(_) => in_window(amazon, after, before, now),
    };
    found.retain(|own| {
        (after..before).contains(&own.posted_at())
            && visible_at(amazon, own) <= now
            && status.is_none_or(|status| own.status(now) == status)
            && query
                .get("marketplaceId")
                .is_none_or(|id| own.event.marketplace.unwrap_or(own.event.group.marketplaces[0]).id == id)
            && match asked {
                Asked::EventGroup(id) => groups.of(&own.event, now).0.as_deref() == Some(id),
                _ => true,
            }
    });
    let dice = Dice::new(amazon.world.seed());
    found.sort_by_key(|own| (own.posted_at(), own.number(&dice)));
    let shown = |own: &Listed| {
        token.as_ref().is_none_or(|token| (own.posted_at(), own.number(&dice)) > (token.at, token.number))
    };
    found.retain(|own| shown(own));
    let next = |of: &str, at, number| PageToken {
        of: of.to_owned(),
        filters: filters.clone(),
        before,
        at,
        number,
        expires_at: PageToken::day_after(now),
    };
    if let Some(token) = token.as_ref().filter(|token| token.of == OF_EMPTY) {
        return answer(amazon, Vec::new(), Some(next(OF, token.at, token.number)), now);
    }
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let token = found.last().filter(|_| more).map(|last| {
        let (at, number) = (last.posted_at(), last.number(&dice));
        next(if number % 3 == 0 { OF_EMPTY } else { OF }, at, number)
    });
    answer(amazon, found, token, now)
}

fn answer(amazon: &Amazon, found: Vec<Listed>, token: Option<PageToken>, now: Timestamp) -> Answered {
    let groups = Groups::at(amazon, now);
    let transactions = found.iter().map(|own| transaction(amazon, &groups, own, now)).collect();
    let next_token = token.map(|token| token.seal(amazon.world.seed()));
    Ok(Answer::ok(&Payload { payload: Transactions { next_token, transactions } }))
}

/// Everything posted in a window: events, and releases of those that were held back.
fn in_window(amazon: &Amazon, after: Timestamp, before: Timestamp, now: Timestamp) -> Vec<Listed> {
    let world = &amazon.world;
    let events = world.transactions(after, before, now).into_iter();
    let releases = world.releases(after, before, now).into_iter();
    let events = events.map(|event| Listed { event, face: Face::Event });
    let all = events.chain(releases.map(|event| Listed { event, face: Face::Release }));
    all.filter(super::is_shown).collect()
}

fn of_order(amazon: &Amazon, id: &str, now: Timestamp) -> Vec<Listed> {
    let mut found = Vec::new();
    for event in amazon.world.transactions_of(id, now) {
        if event.deferral.is_some_and(|deferral| deferral.until <= now) {
            found.push(Listed { event: event.clone(), face: Face::Release });
        }
        found.push(Listed { event, face: Face::Event });
    }
    found
}
