//! listSummary and listBalances: sums that a settlement, a period or the moment can be checked against.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::names::Tree;
use super::wire::{Amount, Balance, Balances, Partner, Related, Summaries, Summary};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::orders::time;
use crate::world::{GROUPS, Group, MoneyEvent, Settlement};

const ACCOUNT: &str = "Standard Orders";
const TYPES: [&str; 5] = ["AVAILABLE", "RESERVED", "ACCOUNT_LEVEL_RESERVE", "DEFERRED", "TOTAL"];

/// The groups of the sites asked for; all if none is.
pub(super) fn groups(call: &Call<'_>) -> Vec<&'static Group> {
    let sites = call.query.list("marketplaceIds");
    let wanted = |group: &&Group| {
        let on = |ids: &Vec<&str>| group.marketplaces.iter().any(|site| ids.contains(&site.id));
        sites.as_ref().is_none_or(on)
    };
    GROUPS.into_iter().filter(wanted).collect()
}

pub(super) fn partner(amazon: &Amazon, group: &Group) -> Partner {
    Partner {
        partner_id: amazon.world.seller().seller_id.clone(),
        account_type: ACCOUNT,
        marketplace_id: group.marketplaces[0].id,
    }
}

pub(super) fn summary(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let (query, now) = (&call.query, amazon.clock.now());
    let groups = groups(call);
    let summaries = match (query.get("relatedIdentifierName"), query.get("relatedIdentifierValue")) {
        (Some("SETTLEMENT_ID"), Some(id)) => {
            let settlements = amazon.world.settlements(now).into_iter();
            settlements
                .filter(|own| own.id == id && groups.contains(&own.group))
                .map(|own| settled(amazon, &own))
                .collect()
        }
        (None, None) => {
            let (from, to) = (query.time("periodStart")?, query.time("periodEnd")?);
            let missing = || Answer::invalid_input("A SETTLEMENT_ID or periodStart is required.");
            let from = from.ok_or_else(missing)?;
            let to = to.unwrap_or(now).min(now);
            if from > to {
                return Err(Answer::invalid_input("periodStart must not be after periodEnd."));
            }
            // A date is a whole day.
            let is_date = query.get("periodEnd").is_some_and(|text| text.parse::<Date>().is_ok() && text.len() == 10);
            let to = if is_date { to.saturating_add(24.hours()).unwrap_or(to) } else { to };
            groups.into_iter().map(|group| of_period(amazon, group, from, to, now)).collect()
        }
        _ => return Err(Answer::invalid_input("The related identifier is not one that can be asked by.")),
    };
    Ok(Answer::ok(&Summaries { summaries }))
}

fn settled(amazon: &Amazon, own: &Settlement) -> Summary {
    let mut tree = Tree::default();
    own.rows().for_each(|(event, line)| tree.put(event.event, line));
    Summary {
        partner_metadata: partner(amazon, own.group),
        net_proceeds: Amount::new(own.total, own.group.currency),
        related_identifiers: vec![Related::new("SETTLEMENT_ID", own.id.clone())],
        breakdowns: tree.shown(own.group.currency, 3),
        period_start: time(own.start),
        period_end: time(own.end),
    }
}

fn of_period(amazon: &Amazon, group: &'static Group, from: Timestamp, to: Timestamp, now: Timestamp) -> Summary {
    let (mut tree, mut total) = (Tree::default(), 0);
    for event in amazon.world.transactions(from, to, now) {
        if event.group == group && event.event != MoneyEvent::Payout && event.event != MoneyEvent::Carried {
            event.lines.iter().for_each(|line| tree.put(event.event, line));
            total += event.total();
        }
    }
    Summary {
        partner_metadata: partner(amazon, group),
        net_proceeds: Amount::new(total, group.currency),
        related_identifiers: Vec::new(),
        breakdowns: tree.shown(group.currency, 3),
        period_start: time(from),
        period_end: time(to),
    }
}

pub(super) fn balances(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let (query, now) = (&call.query, amazon.clock.now());
    let wanted = query.get("balanceType").unwrap_or("TOTAL");
    if !TYPES.contains(&wanted) {
        return Err(Answer::invalid_input("The balanceType is not known."));
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    if query.get("asOfDate").is_some_and(|day| day.parse::<Date>().ok() != Some(today)) {
        return Err(Answer::invalid_input("The sandbox knows the balances of today only."));
    }
    let own = |group: &'static Group| {
        let held = amazon.world.balance(group);
        let of = |kind, minor, balances| Balance {
            partner_metadata: None,
            balance_type: kind,
            amount: Amount::new(minor, group.currency),
            last_updated_time: None,
            balances,
        };
        let reserved = held.deferred + held.reserve;
        let parts =
            || vec![of("DEFERRED", held.deferred, Vec::new()), of("ACCOUNT_LEVEL_RESERVE", held.reserve, Vec::new())];
        let shown = match wanted {
            "AVAILABLE" => of("AVAILABLE", held.available, Vec::new()),
            "DEFERRED" => of("DEFERRED", held.deferred, Vec::new()),
            "ACCOUNT_LEVEL_RESERVE" => of("ACCOUNT_LEVEL_RESERVE", held.reserve, Vec::new()),
            "RESERVED" => of("RESERVED", reserved, parts()),
            _ => {
                let halves = vec![of("AVAILABLE", held.available, Vec::new()), of("RESERVED", reserved, parts())];
                of("TOTAL", held.available + reserved, halves)
            }
        };
        Balance { partner_metadata: Some(partner(amazon, group)), last_updated_time: Some(time(now)), ..shown }
    };
    Ok(Answer::ok(&Balances { balances: groups(call).into_iter().map(own).collect() }))
}
