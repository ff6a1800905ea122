//! Invoices and credit notes. A line has quantity one: its net and VAT are sums of its rows, never a rate to recompute, and summary and
//! settlement lines never carry a product, whose stock the books would count twice.

use model::{CustomerDraft, DocumentKind, Draft, DraftLine, OrderLineId, SalesDraft, Sku, VatRate};

use super::names::{key, order_key};
use super::{Desk, Drafted};
use crate::Problem;
use crate::sales::reference;
use crate::settlement::book::{Doc, DocState, Group, Line, LineId, Via};
use crate::settlement::words::Slot;

pub(super) fn draft(desk: &Desk<'_, '_>, doc: usize, lines: &[LineId]) -> Result<Option<Drafted>, Problem> {
    let state = &desk.poster.book.docs[doc];
    let Doc::Sales { refund, group, via, .. } = state.doc else { return Ok(None) };
    let mut own: Vec<(LineId, &Line)> = lines.iter().map(|&id| (id, &desk.poster.book.lines[id as usize])).collect();
    own.retain(|(_, line)| line.sums.net != 0 || line.sums.vat != 0);
    if own.is_empty() {
        return Ok(None);
    }
    own.sort_by_cached_key(|(_, line)| {
        let rate = desk.poster.book.rate_of(line.key.rate);
        (
            desk.poster.texts.get(line.key.order_line).to_owned(),
            line.key.slot,
            line.key.nominal,
            std::cmp::Reverse(rate),
        )
    });
    let kind = if refund { DocumentKind::Refund } else { DocumentKind::Invoice };
    let names = names(desk, state, group, kind, via);
    let on = names.on;
    let mut drafted = Vec::with_capacity(own.len());
    for (_, line) in &own {
        drafted.push(draft_line(desk, line, state, &names.text, on));
    }
    let posted_on = desk.open_day(on);
    let mut draft = SalesDraft {
        key: names.key,
        reference: names.reference,
        customer: customer(desk, state, group)?,
        issued_on: posted_on,
        due_on: desk.due(posted_on),
        currency: desk.currency,
        rate: desk.rate(on),
        lines: drafted,
        payment: None,
        delivery: None,
        reverses: None,
    };
    let gross = draft.gross().map_err(|error| Problem::arithmetic("settlement", &error))?;
    if !gross.is_zero() {
        draft.payment = Some(desk.payment(&draft.key, via, gross, posted_on));
    }
    let lines = own.iter().zip(0_u32..).map(|((id, _), place)| (*id, place)).collect();
    Ok(Some(Drafted { draft: Draft::Sales(draft), lines, true_on: on, rank: u8::from(refund) }))
}

struct Names {
    key: model::DocumentKey,
    reference: String,
    on: jiff::civil::Date,
    text: String,
}

fn names(desk: &Desk<'_, '_>, state: &DocState, group: Group, kind: DocumentKind, via: Via) -> Names {
    let poster = desk.poster;
    let letters = if kind == DocumentKind::Refund { "-R" } else { "" };
    let waits = if via == Via::Deferred { "-deferred" } else { "" };
    match group {
        Group::Event { order, part, .. } => {
            let (order, part) = (poster.texts.get(order), poster.texts.get(part));
            let on = state.day.unwrap_or(jiff::civil::Date::MIN);
            let part = if part.is_empty() { on.to_string() } else { part.to_owned() };
            let reference = order_reference(desk, state, order, &part, kind);
            Names { key: order_key(desk, kind, order, part), reference, on, text: String::new() }
        }
        Group::Day { day, site, rate } => {
            let on = poster.calendar.day(day).date;
            let (name, short) = site_names(desk, site);
            let rate = rate_word(poster.book.rate_of(rate));
            let code = state.customer.unwrap_or_default().code();
            let part = format!("{on}/{name}/{code}/{rate}{waits}");
            let reference = desk.reference(&format!("{on}-{short}-{code}-{rate}{letters}{waits}"));
            Names { key: key(desk, kind, part), reference, on, text: format!("{name} {on}") }
        }
        Group::Segment { segment, site } => {
            let on = desk.segment_day(segment);
            let (name, short) = site_names(desk, site);
            let code = state.customer.unwrap_or_default().code();
            let part = format!("{}/{name}/{code}{waits}", desk.segment(segment));
            let reference = desk.reference(&format!("{}-{short}-{code}{letters}{waits}", desk.segment(segment)));
            Names { key: key(desk, kind, part), reference, on, text: format!("{name} {}", desk.segment(segment)) }
        }
    }
}

/// The reference of a document of an order: the number after those that the books hold and those of this settlement before it.
fn order_reference(desk: &Desk<'_, '_>, state: &DocState, order: &str, part: &str, kind: DocumentKind) -> String {
    let poster = desk.poster;
    let known = poster.known_order(state.known);
    let before = known.map_or(0, |known| if kind == DocumentKind::Refund { known.refunds } else { known.invoices });
    let earlier = desk.events.get(&(order, kind == DocumentKind::Refund)).map_or(0, |events| {
        let own = (state.day.unwrap_or(jiff::civil::Date::MIN), part.to_owned());
        events.iter().filter(|event| **event < own).count()
    });
    let number = before + u32::try_from(earlier).unwrap_or(u32::MAX - before - 1) + 1;
    let prefix = &poster.rules.policy.invoices.prefix;
    match model::OrderId::parse(order) {
        Ok(order) => reference(prefix, &order, kind, number),
        Err(_) => desk.reference(&format!("{}-{number}", super::names::slug(order))),
    }
}

fn site_names<'n>(desk: &'n Desk<'_, '_>, site: u16) -> (&'n str, &'n str) {
    match &desk.poster.sites[usize::from(site)].1 {
        Some(site) => (&site.name, &site.short),
        None => (&desk.poster.sites[usize::from(site)].0, "XX"),
    }
}

fn rate_word(rate: VatRate) -> String {
    match rate {
        VatRate::Percent(percent) => percent.normalize().to_string(),
        VatRate::Exempt => "exempt".to_owned(),
        VatRate::OutsideScope => "outside".to_owned(),
        VatRate::NoVat => "none".to_owned(),
        VatRate::ReverseCharge => "reverse".to_owned(),
        VatRate::OneStopShop { country, percent } => format!("oss-{country}-{}", percent.normalize()),
    }
}

fn customer(desk: &Desk<'_, '_>, state: &DocState, group: Group) -> Result<CustomerDraft, Problem> {
    let poster = desk.poster;
    let site = match group {
        Group::Event { .. } => state.site,
        Group::Day { site, .. } | Group::Segment { site, .. } => site,
    };
    if let (Group::Event { .. }, Some(customer)) =
        (group, poster.known_order(state.known).and_then(|known| known.customer.clone()))
    {
        return Ok(customer);
    }
    let (name, short) = site_names(desk, site);
    let own = poster.sites[usize::from(site)].1.as_ref().map_or(desk.currency, |site| site.currency);
    state.customer.unwrap_or_default().customer(&poster.rules.policy, name, short, own, desk.currency)
}

fn draft_line(desk: &Desk<'_, '_>, line: &Line, state: &DocState, summary: &str, on: jiff::civil::Date) -> DraftLine {
    let poster = desk.poster;
    let sku = poster.skus.get(line.sku);
    let what = match line.key.slot {
        None => {
            let account = poster.rules.policy.accounts.names.get(&line.key.nominal);
            let account = account.map_or_else(|| line.key.nominal.to_string(), Clone::clone);
            format!("{summary}: {account}")
        }
        Some(Slot::Goods) => sku.to_owned(),
        Some(Slot::Delivery) => format!("Delivery of {sku}"),
        Some(Slot::GiftWrap) => format!("Gift wrap of {sku}"),
        Some(Slot::Promotion) => format!("Promotion: {sku}"),
        Some(Slot::PromotionDelivery) => format!("Promotion: delivery of {sku}"),
        Some(Slot::Goodwill) => format!("Goodwill for {sku}"),
        Some(Slot::Restocking) => format!("Restocking fee kept for {sku}"),
        Some(Slot::Other) => format!("Other charges of {sku}"),
    };
    let buyer = poster.known_order(state.known).and_then(|known| known.buyer_vat_number.as_deref());
    let buyer = match (line.key.slot, buyer) {
        (Some(Slot::Goods), Some(number)) => format!(" (VAT number of the buyer: {number})"),
        _ => String::new(),
    };
    let net = desk.money(line.sums.net);
    let goods = line.key.slot == Some(Slot::Goods);
    DraftLine {
        description: format!("{}{buyer}{}{}", what.trim(), desk.conversion_text(on), desk.late_text(on)),
        quantity: 1,
        unit_net: net,
        net,
        vat_rate: poster.book.rate_of(line.key.rate),
        vat: desk.money(line.sums.vat),
        nominal: line.key.nominal,
        product: None,
        order_line: OrderLineId::parse(poster.texts.get(line.key.order_line)).ok(),
        units: if goods { u32::try_from(line.sums.units).unwrap_or(0) } else { 0 },
        sku: if line.key.slot.is_some() { Sku::parse(sku).ok() } else { None },
    }
}
