//! What an item of an order is worth in the books: accounts, rates, net and VAT. Every mode shares this; modes only group.
//!
//! The tax basis is decided by arithmetic on the item's own rows: with a tax row the price excludes it, without one the price includes VAT.

use jiff::civil::Date;
use model::{Country, VatRate};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::book::Cause;
use super::evidence::{KnownLine, KnownOrder};
use super::items::Item;
use super::market::Site;
use super::rules::Rules;
use super::words::{Event, Fixed, Part, Reading, Slot, Words};
use crate::vat::{Route, inside, treatment};
use crate::{DestinationRule, Role, Treatment, VatClass, Vcs};

/// Where an item stands: everything that its value depends on besides its amounts.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) on: Date,
    pub(crate) site: &'a Site,
    pub(crate) sku: &'a str,
    pub(crate) known: Option<&'a KnownOrder>,
    pub(crate) order: &'a str,
    pub(crate) line: &'a str,
}

/// A line of a sales document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ValuedLine {
    pub(crate) slot: Slot,
    pub(crate) role: Role,
    pub(crate) rate: VatRate,
    pub(crate) net: i64,
    pub(crate) vat: i64,
    /// VAT of another country inside `net`.
    pub(crate) oss: i64,
    /// Whether Amazon states the VAT.
    pub(crate) stated: bool,
}

impl ValuedLine {
    pub(crate) fn gross(&self) -> i64 {
        self.net + self.vat
    }
}

/// What an item is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// It has amounts.
    Lines(Valued),
    /// It waits for a person, with the sum of its amounts.
    Waits(Cause, i64),
}

/// The amounts of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Valued {
    pub(crate) treatment: Treatment,
    pub(crate) class: Option<VatClass>,
    pub(crate) lines: Vec<ValuedLine>,
    /// Tax withheld although it was not the marketplace's to collect (negative).
    pub(crate) wrongly_withheld: i64,
    pub(crate) notes: Vec<(Note, i64)>,
}

/// What a person should know of an item that was posted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Note {
    /// Amazon collects VAT that is not its to collect.
    WronglyWithheld,
    /// Amazon's VAT is not that of the class.
    VatDiffers,
    /// The setting says that Amazon states no VAT, but it does.
    VcsContradicted,
    /// The setting says that Amazon states VAT, but it does not.
    VcsMissing,
    /// Tax and withheld tax do not cancel.
    PassThrough,
    /// An export without evidence.
    ExportEvidence,
    /// Outside UK VAT: local VAT or One-Stop Shop.
    LocalVat,
    /// A refund without its sale.
    Unlinked,
    /// More was refunded than was paid.
    RefundAbovePrice,
}

#[derive(Clone, Copy)]
struct Component {
    slot: Slot,
    role: Role,
    fixed: Option<Fixed>,
    amount: i64,
    tax: i64,
    withheld: i64,
    has_tax: bool,
}

/// Values an item.
pub(crate) fn value(item: &Item, words: &Words<'_>, scene: &Scene<'_>) -> Value {
    let (components, lone) = components(item, words);
    if let Some(word) = lone {
        let sum = item.pieces.iter().map(|(_, minor)| minor).sum();
        return Value::Waits(Cause::LoneTax(word), sum);
    }
    let total = components.iter().map(|part| part.amount + part.tax + part.withheld).sum();
    let route = match route(scene) {
        Ok(route) => route,
        Err(cause) => return Value::Waits(cause, total),
    };
    let withheld = components.iter().any(|part| part.withheld != 0);
    let collected = withheld.then_some(model::MarketplaceTax { scheme: None });
    let treatment = match treatment(&scene.rules.policy.seller, scene.on, route, collected, "") {
        Ok(treatment) => treatment,
        Err(problem) if problem.code == "northern_ireland_to_eu" => {
            return Value::Waits(Cause::NorthernIreland, total);
        }
        Err(_) => return Value::Waits(Cause::Import, total),
    };
    let mut valued = Valued { treatment, class: None, lines: Vec::new(), wrongly_withheld: 0, notes: Vec::new() };
    let cause = match treatment {
        Treatment::OwnVat { alarm } => {
            own_vat(&components, alarm, scene, words.get(item.pieces[0].0).event, &mut valued)
        }
        Treatment::NotRegistered => {
            plain(&components, VatRate::NoVat, Role::Sales, &mut valued);
            None
        }
        Treatment::CollectedByMarketplace { role, zero_rated } => {
            collected_by_marketplace(&components, role, zero_rated, &mut valued);
            None
        }
        Treatment::Export => {
            plain(&components, VatRate::Percent(Decimal::ZERO), Role::SalesExport, &mut valued);
            if !scene.rules.policy.seller.export_evidence_kept {
                valued.notes.push((Note::ExportEvidence, total));
            }
            None
        }
        Treatment::OutsideScope { role } => outside(&components, role, route.to, scene, &mut valued),
    };
    match cause {
        Some(cause) => Value::Waits(cause, total),
        None => {
            if scene.rules.short_invoices {
                drop_cancelling(&mut valued.lines);
            }
            valued.lines.retain(|line| line.net != 0 || line.vat != 0);
            Value::Lines(valued)
        }
    }
}

/// The amounts of an item by slot, each with its tax; or the triple of a tax that has no amount to belong to.
fn components(item: &Item, words: &Words<'_>) -> (Vec<Component>, Option<u16>) {
    let mut components: Vec<Component> = Vec::new();
    let pieces = |part| {
        item.pieces.iter().filter_map(move |(word, minor)| match words.get(*word).reading {
            Reading::Item(piece) if piece.part == part => Some((piece, *word, *minor)),
            _ => None,
        })
    };
    for (piece, _, minor) in pieces(Part::Amount) {
        let same = |part: &&mut Component| (part.slot, part.role, part.fixed) == (piece.slot, piece.role, piece.fixed);
        match components.iter_mut().find(same) {
            Some(component) => component.amount += minor,
            None => components.push(component(piece.slot, piece.role, piece.fixed, minor)),
        }
    }
    // The order of rows must not matter.
    components.sort_by_key(|part| (part.slot, part.role, part.fixed));
    let mut lone = None;
    for part in [Part::Tax, Part::Withheld] {
        for (piece, word, minor) in pieces(part) {
            let at = home_of(&components, piece.slot);
            match at {
                Some(at) if part == Part::Tax => {
                    components[at].tax += minor;
                    components[at].has_tax = true;
                }
                Some(at) => components[at].withheld += minor,
                None => lone = Some(lone.map_or(word, |other: u16| other.min(word))),
            }
        }
    }
    let sum: i64 = item.pieces.iter().map(|(_, minor)| minor).sum();
    (components, lone.filter(|_| sum != 0))
}

fn component(slot: Slot, role: Role, fixed: Option<Fixed>, amount: i64) -> Component {
    Component { slot, role, fixed, amount, tax: 0, withheld: 0, has_tax: false }
}

/// The amount that a tax belongs to: that of its slot, else the goods, else the largest.
fn home_of(components: &[Component], slot: Slot) -> Option<usize> {
    let largest = |wanted: &dyn Fn(&Component) -> bool| {
        let fitting = components.iter().enumerate().filter(|(_, part)| wanted(part));
        fitting.max_by_key(|(at, part)| (part.fixed.is_none(), part.amount.unsigned_abs(), std::cmp::Reverse(*at)))
    };
    largest(&|part| part.slot == slot)
        .or_else(|| largest(&|part| part.slot == Slot::Goods))
        .or_else(|| largest(&|_| true))
        .map(|(at, _)| at)
}

/// Where the goods started and went, as far as somebody says it.
pub(crate) fn ends(scene: &Scene<'_>) -> (Country, Option<Country>) {
    let seller = &scene.rules.policy.seller;
    let known = scene.known;
    let from = known
        .and_then(|order| order.ship_from)
        .or_else(|| scene.rules.stock.place(scene.sku))
        .unwrap_or(seller.ship_from);
    let to = known.and_then(|order| order.ship_to).or(match scene.rules.policy.destination {
        DestinationRule::MarketplaceCountry => scene.site.country,
        DestinationRule::Park => None,
    });
    (from, to)
}

fn route(scene: &Scene<'_>) -> Result<Route, Cause> {
    let seller = &scene.rules.policy.seller;
    let (from, to) = ends(scene);
    let to = to.ok_or(Cause::Destination)?;
    let from_part = from.uk_part(None).map(|part| if from == seller.ship_from { seller.ship_from_part } else { part });
    let area = scene.known.and_then(|order| order.ship_to_area.as_deref());
    Ok(Route { from, from_part, to, to_part: to.uk_part(area) })
}

/// What is known of the item's order line.
pub(crate) fn known_line<'a>(scene: &Scene<'a>) -> Option<&'a KnownLine> {
    let lines = &scene.known?.lines;
    lines.get(scene.line).or_else(|| lines.get(""))
}

fn own_vat(
    components: &[Component],
    alarm: bool,
    scene: &Scene<'_>,
    event: Event,
    valued: &mut Valued,
) -> Option<Cause> {
    let vcs = scene.rules.policy.seller.vcs_on(scene.on);
    let tax: i64 = components.iter().map(|part| part.tax).sum();
    let gross: i64 = components.iter().map(|part| part.amount + part.tax).sum();
    let class = class(scene, gross, tax, event);
    if class.is_none() && components.iter().any(|part| part.fixed.is_none()) {
        return Some(Cause::Class(0));
    }
    valued.class = class;
    let mut differs = 0;
    for part in components {
        let gross = part.amount + part.tax;
        let (percent, rate) = match (part.fixed, class) {
            (Some(Fixed::Zero), _) => (0, VatRate::Percent(Decimal::ZERO)),
            (Some(Fixed::Standard), _) => (20, VatRate::Percent(Decimal::from(20))),
            (None, Some(class)) => (class.percent(), class.rate()),
            (None, None) => (0, VatRate::NoVat),
        };
        let computed = inside(gross, percent);
        let stated = part.has_tax && vcs != Vcs::Off;
        let vat = if stated { part.tax } else { computed };
        if stated && (part.tax - computed).abs() > 1 {
            differs += part.tax - computed;
        }
        valued.lines.push(ValuedLine { slot: part.slot, role: part.role, rate, net: gross - vat, vat, oss: 0, stated });
    }
    if differs != 0 {
        valued.notes.push((Note::VatDiffers, differs));
    }
    if tax != 0 && vcs == Vcs::Off {
        valued.notes.push((Note::VcsContradicted, tax));
    }
    let taxable = class.is_some_and(|class| class.percent() > 0);
    if vcs == Vcs::On && taxable && !components.iter().any(|part| part.has_tax) {
        valued.notes.push((Note::VcsMissing, gross));
    }
    if alarm {
        valued.wrongly_withheld = components.iter().map(|part| part.withheld).sum();
        valued.notes.push((Note::WronglyWithheld, valued.wrongly_withheld));
    }
    None
}

/// The VAT class: of the original line for a refund, else the owner's for the item or product, else what Amazon's VAT implies, else the
/// owner's default.
fn class(scene: &Scene<'_>, gross: i64, tax: i64, event: Event) -> Option<VatClass> {
    let classes = &scene.rules.policy.vat;
    let original = || known_line(scene).and_then(|line| line.class);
    let own = || {
        let sku = (!scene.sku.is_empty()).then_some(scene.sku);
        classes.of_order_line(scene.order, scene.line).or_else(|| classes.of_sku(sku))
    };
    let first = if event.is_refund() { original().or_else(own) } else { own().or_else(original) };
    first.or_else(|| implied(gross, tax)).or(classes.default)
}

/// The class whose rate lies within half a percentage point of the VAT that Amazon states.
fn implied(gross: i64, tax: i64) -> Option<VatClass> {
    let net = i128::from(gross) - i128::from(tax);
    if tax == 0 || net == 0 {
        return None;
    }
    let thousandths = i128::from(tax) * 1_000 / net;
    [VatClass::Standard, VatClass::Reduced].into_iter().find(|class| {
        let exact = i128::from(class.percent()) * 10;
        (thousandths - exact).abs() <= 5
    })
}

fn plain(components: &[Component], rate: VatRate, sales: Role, valued: &mut Valued) {
    for part in components {
        let net = part.amount + part.tax + part.withheld;
        let role = if part.role == Role::Sales { sales } else { part.role };
        valued.lines.push(ValuedLine { slot: part.slot, role, rate, net, vat: 0, oss: 0, stated: part.has_tax });
    }
}

fn collected_by_marketplace(components: &[Component], role: Role, zero_rated: bool, valued: &mut Valued) {
    let rate = if zero_rated { VatRate::Percent(Decimal::ZERO) } else { VatRate::OutsideScope };
    plain(components, rate, role, valued);
    let tax: i64 = components.iter().map(|part| part.tax).sum();
    let rest: i64 = tax + components.iter().map(|part| part.withheld).sum::<i64>();
    if tax != 0 && rest != 0 {
        valued.notes.push((Note::PassThrough, rest));
    }
}

/// Local VAT or One-Stop Shop: the whole price is revenue, and OSS VAT moves to its own liability.
fn outside(components: &[Component], role: Role, to: Country, scene: &Scene<'_>, valued: &mut Valued) -> Option<Cause> {
    let oss = scene.rules.oss.as_ref().filter(|oss| role == Role::SalesOss && oss.holds_on(scene.on) && to.is_eu_vat());
    let Some(oss) = oss else {
        plain(components, VatRate::OutsideScope, role, valued);
        valued.notes.push((Note::LocalVat, components.iter().map(|part| part.amount + part.tax).sum()));
        return None;
    };
    let tax: i64 = components.iter().map(|part| part.tax).sum();
    let net: i64 = components.iter().map(|part| part.amount).sum();
    let percent = match (oss.rates.get(&to), tax) {
        (Some(percent), _) => *percent,
        (None, 0) => return Some(Cause::OssRate(to)),
        (None, tax) => half_percent(tax, net),
    };
    for part in components {
        let gross = part.amount + part.tax;
        let oss = if part.has_tax { part.tax } else { inside_decimal(gross, percent) };
        let role = if part.role == Role::Sales { role } else { part.role };
        let rate = VatRate::OneStopShop { country: to, percent };
        valued.lines.push(ValuedLine { slot: part.slot, role, rate, net: gross, vat: 0, oss, stated: part.has_tax });
    }
    None
}

/// A rate from two amounts, to the nearest half of a percentage point: rates of the EU are no finer.
fn half_percent(tax: i64, net: i64) -> Decimal {
    let halves = (Decimal::from(tax) * Decimal::from(200)).checked_div(Decimal::from(net)).unwrap_or_default();
    let halves = halves.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    (halves / Decimal::TWO).normalize()
}

/// VAT inside a gross amount at any rate, rounded half away from zero.
fn inside_decimal(gross: i64, percent: Decimal) -> i64 {
    let hundred = Decimal::ONE_HUNDRED;
    let vat = (Decimal::from(gross) * percent).checked_div(hundred + percent).unwrap_or_default();
    vat.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(0)
}

/// Leaves out pairs of lines that cancel: delivery and free delivery, gift wrap and its promotion.
fn drop_cancelling(lines: &mut Vec<ValuedLine>) {
    for (charged, given) in [(Slot::Delivery, Slot::PromotionDelivery), (Slot::GiftWrap, Slot::Promotion)] {
        let of = |slot| lines.iter().position(|line: &ValuedLine| line.slot == slot);
        if let (Some(left), Some(right)) = (of(charged), of(given))
            && lines[left].net + lines[right].net == 0
            && lines[left].vat + lines[right].vat == 0
        {
            lines.retain(|line| line.slot != charged && line.slot != given);
        }
    }
}
