//! A financial event as a transaction of Finances 2024-06-19.

use std::sync::Arc;

use jiff::Timestamp;

use super::names::{Tree, kind};
use super::wire::{Amount, Context, Item, ItemRelated, Related, SellingPartner, Site, Transaction};
use crate::amazon::Amazon;
use crate::amazon::orders::time;
use crate::faults::Dice;
use crate::world::{self, Fulfilment, MoneyEvent};

/// Which of the two transactions an event that was held back shows as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// The event itself.
    Event,
    /// Its release.
    Release,
}

/// An event as it is listed.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) event: Arc<world::Transaction>,
    pub(super) face: Face,
}

impl Listed {
    pub(super) fn posted_at(&self) -> Timestamp {
        match self.face {
            Face::Event => self.event.posted_at,
            Face::Release => self.event.released_at(),
        }
    }

    pub(super) fn id(&self) -> String {
        match self.face {
            Face::Event => self.event.id.clone(),
            Face::Release => release_id(&self.event),
        }
    }

    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match (self.face, self.event.deferral) {
            (Face::Event, Some(deferral)) if now < deferral.until => "DEFERRED",
            (Face::Event, Some(_)) => "DEFERRED_RELEASED",
            _ => "RELEASED",
        }
    }

    /// Tells apart those posted at one moment.
    pub(super) fn number(&self, dice: &Dice) -> u32 {
        u32::try_from(dice.roll(&["transaction", &self.id()], 0) >> 32).unwrap_or(0)
    }
}

/// The id of the transaction that releases an event.
fn release_id(event: &world::Transaction) -> String {
    event.id.chars().rev().collect()
}

/// The settlements of all groups by the time they cover: what an event's ids are looked up in.
pub(super) struct Groups {
    settlements: Vec<Arc<world::Settlement>>,
    open: Vec<(&'static world::Group, String, Timestamp)>,
}

impl Groups {
    pub(super) fn at(amazon: &Amazon, now: Timestamp) -> Groups {
        let open = world::GROUPS.map(|group| {
            let (id, since) = amazon.world.open_event_group(group);
            (group, id, since)
        });
        Groups { settlements: amazon.world.settlements(now), open: open.into() }
    }

    /// Event group and, once that is closed, settlement of an event; neither while its money is held back. A payout is of the
    /// settlement that it pays.
    pub(super) fn of(&self, event: &world::Transaction, now: Timestamp) -> (Option<String>, Option<String>) {
        let at = event.released_at();
        if at > now {
            return (None, None);
        }
        let mut of_group = self.settlements.iter().filter(|own| own.group == event.group);
        let own = match event.event {
            MoneyEvent::Payout => of_group.rfind(|own| own.deposit_at <= at),
            _ => of_group.find(|own| (own.start..own.end).contains(&at)),
        };
        match own {
            Some(own) => (Some(own.event_group_id.clone()), Some(own.id.clone())),
            None => {
                let open = self.open.iter().find(|(group, _, since)| *group == event.group && *since <= at);
                (open.map(|(_, id, _)| id.clone()), None)
            }
        }
    }
}

/// The body of a listed event.
pub(super) fn transaction(amazon: &Amazon, groups: &Groups, listed: &Listed, now: Timestamp) -> Transaction {
    let event = &listed.event;
    let currency = event.group.currency;
    let site = event.marketplace.unwrap_or(event.group.marketplaces[0]);
    let (transaction_type, description) = kind(event.event, event.lines.first());
    let mut tree = Tree::default();
    event.lines.iter().for_each(|line| tree.put(event.event, line));
    // Orders show their fees by item; what is about no item shows them here.
    let depth = if event.order.is_some() && event.event != MoneyEvent::Claim { 2 } else { usize::MAX };
    Transaction {
        selling_partner_metadata: SellingPartner {
            selling_partner_id: amazon.world.seller().seller_id.clone(),
            account_type: "Standard Orders",
            marketplace_id: site.id,
        },
        related_identifiers: related(groups, listed, now),
        transaction_type,
        transaction_id: listed.id(),
        transaction_status: listed.status(now),
        description,
        posted_date: time(listed.posted_at()),
        total_amount: Amount::new(event.total(), currency),
        marketplace_details: Site { marketplace_id: site.id, marketplace_name: site.name },
        items: items(event),
        contexts: contexts(event),
        breakdowns: tree.shown(currency, depth),
    }
}

fn related(groups: &Groups, listed: &Listed, now: Timestamp) -> Vec<Related> {
    let event = &listed.event;
    let mut related = Vec::new();
    let mut put = |name, value: Option<String>| related.extend(value.map(|value| Related::new(name, value)));
    put("ORDER_ID", event.order.as_ref().map(|order| order.id.clone()));
    let payout = event.event == MoneyEvent::Payout;
    put(if payout { "DISBURSEMENT_ID" } else { "SHIPMENT_ID" }, event.shipment_id.clone());
    put("REFUND_ID", event.adjustment_id.clone());
    let (group, settlement) = groups.of(event, now);
    put("FINANCIAL_EVENT_GROUP_ID", group);
    put("SETTLEMENT_ID", settlement);
    match (listed.face, event.deferral) {
        (Face::Release, _) => put("DEFERRED_TRANSACTION_ID", Some(event.id.clone())),
        (Face::Event, Some(deferral)) if deferral.until <= now => {
            put("RELEASE_TRANSACTION_ID", Some(release_id(event)));
        }
        _ => {}
    }
    related
}

fn contexts(event: &world::Transaction) -> Vec<Context> {
    let mut contexts = Vec::new();
    if let Some(deferral) = event.deferral {
        contexts
            .push(Context::Deferred { deferral_reason: deferral.reason.as_str(), maturity_date: time(deferral.until) });
    }
    if event.event == MoneyEvent::Payout {
        contexts.push(Context::Payments {
            payment_type: "Disbursement",
            payment_method: "BANK_ACCOUNT",
            payment_reference: event.shipment_id.clone().unwrap_or_default(),
            payment_date: time(event.posted_at),
        });
    }
    contexts
}

fn items(event: &world::Transaction) -> Vec<Item> {
    let Some(order) = &event.order else { return Vec::new() };
    let currency = event.group.currency;
    let mut indices: Vec<usize> = event.lines.iter().filter_map(|line| line.item).collect();
    indices.dedup();
    let item = |index: usize| {
        let own = &order.items[index];
        let lines = || event.lines.iter().filter(move |line| line.item == Some(index));
        let mut tree = Tree::default();
        lines().for_each(|line| tree.put(event.event, line));
        let adjustment = event.adjustment_id.clone().map(|id| ItemRelated {
            item_related_identifier_name: "ORDER_ADJUSTMENT_ITEM_ID",
            item_related_identifier_value: id,
        });
        Item {
            description: own.sku.title.clone(),
            related_identifiers: adjustment.into_iter().collect(),
            total_amount: Amount::new(lines().map(|line| line.minor).sum(), currency),
            breakdowns: tree.under_top(currency),
            contexts: vec![Context::Product {
                asin: own.sku.asin.clone(),
                sku: own.sku.sku.clone(),
                quantity_shipped: lines().find_map(|line| line.units).unwrap_or(0),
                fulfillment_network: if order.fulfilment == Fulfilment::Fba { "AFN" } else { "MFN" },
            }],
        }
    };
    indices.into_iter().map(item).collect()
}
