//! The lines of an invoice: goods, delivery, gift wrap and promotions of each order line, with exact VAT.
//!
//! A line's VAT is computed on the whole order line and shared out by running totals, so that two parcels carry together what
//! one would have carried.

use jiff::civil::Date;
use model::{DraftLine, NominalCode, Order, OrderLine, ProductCode, VatRate};
use money::{Money, allocate, share};

use crate::tax_basis::{Paid, PaidLine, paid};
use crate::vat::{Route, treatment};
use crate::{Advice, DestinationRule, Policy, Problem, Role, Treatment, Vcs, vat_inside};

use super::units::Part;

/// The lines of one order line, how it was treated, and what a person should know.
pub(crate) struct LineOutcome {
    pub(crate) lines: Vec<DraftLine>,
    pub(crate) treatment: Treatment,
    pub(crate) advice: Vec<Advice>,
}

/// One amount of an order line with its VAT, for all its units.
#[derive(Clone, Copy)]
struct Whole {
    role: Role,
    net: Money,
    vat: Money,
    rate: VatRate,
}

/// Makes the document lines for units `part.from..part.to` of `line`.
pub(crate) fn lines(
    order: &Order,
    line: &OrderLine,
    part: &Part,
    on: Date,
    policy: &Policy,
) -> Result<LineOutcome, Problem> {
    let path = format!("lines[{}]", line.id);
    let charges = line.charges.as_ref().ok_or_else(|| {
        Problem::new(
            "no_price",
            format!("{path}.charges"),
            "The order was dispatched but Amazon states no price for this line, so no invoice can be made.",
            "Open the order in Seller Central. The price usually appears within an hour; press Retry then.",
        )
    })?;
    let route = route(order, policy, &path)?;
    let treatment = treatment(&policy.seller, on, route, charges.marketplace_tax, &path)?;
    let paid = paid(charges, &path)?;
    let mut advice = Vec::new();
    if treatment == (Treatment::OwnVat { alarm: true }) {
        advice.push(collected_alarm(&path));
    }
    if treatment == Treatment::Export && !policy.seller.export_evidence_kept {
        advice.push(export_evidence(&path));
    }
    let mut lines = Vec::new();
    for (kind, whole) in wholes(&paid, treatment, policy, on, order, line, &path, &mut advice)? {
        let Some(part_net_vat) = shared(whole, part, line).map_err(|error| Problem::arithmetic(&path, &error))? else {
            continue;
        };
        lines.extend(document_lines(order, line, part, kind, whole, part_net_vat, policy, &path)?);
    }
    Ok(LineOutcome { lines, treatment, advice })
}

/// What an amount is for, in the text of its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Goods,
    Delivery,
    GiftWrap,
    Coupon,
    FreeDelivery,
}

fn route(order: &Order, policy: &Policy, path: &str) -> Result<Route, Problem> {
    let to = match (order.ship_to, policy.destination) {
        (Some(country), _) => country,
        (None, DestinationRule::MarketplaceCountry) => order.market.country,
        (None, DestinationRule::Park) => {
            return Err(Problem::new(
                "unknown_destination",
                "ship_to",
                "Amazon does not say where the goods go, and VAT depends on it. Nothing is posted for this order.",
                "Authorise the role that shows the destination, or decide in the mapping that [destination] unknown = \"marketplace_country\".",
            ));
        }
    };
    let from = order.ship_from.unwrap_or(policy.seller.ship_from);
    let from_part = if from == policy.seller.ship_from {
        from.uk_part(None).map(|_| policy.seller.ship_from_part)
    } else {
        from.uk_part(None)
    };
    let to_part = to.uk_part(order.ship_to_area.as_deref());
    let _ = path;
    Ok(Route { from, from_part, to, to_part })
}

#[expect(clippy::too_many_arguments, reason = "an amount depends on all of these")]
fn wholes(
    paid: &PaidLine,
    treatment: Treatment,
    policy: &Policy,
    on: Date,
    order: &Order,
    line: &OrderLine,
    path: &str,
    advice: &mut Vec<Advice>,
) -> Result<Vec<(Kind, Whole)>, Problem> {
    let parts = [
        (Kind::Goods, paid.item),
        (Kind::Delivery, paid.delivery),
        (Kind::FreeDelivery, paid.delivery_discount),
        (Kind::GiftWrap, paid.gift_wrap),
        (Kind::Coupon, paid.item_discount),
    ];
    let mut wholes = Vec::new();
    for (kind, amount) in parts {
        if amount.gross.is_zero() {
            continue;
        }
        wholes.push((kind, whole(kind, amount, treatment, policy, on, order, line, path, advice)?));
    }
    Ok(wholes)
}

#[expect(clippy::too_many_arguments, reason = "an amount depends on all of these")]
fn whole(
    kind: Kind,
    amount: Paid,
    treatment: Treatment,
    policy: &Policy,
    on: Date,
    order: &Order,
    line: &OrderLine,
    path: &str,
    advice: &mut Vec<Advice>,
) -> Result<Whole, Problem> {
    let sales = match treatment {
        Treatment::OwnVat { .. } | Treatment::NotRegistered => Role::Sales,
        Treatment::CollectedByMarketplace { role, .. } | Treatment::OutsideScope { role } => role,
        Treatment::Export => Role::SalesExport,
    };
    let role = match kind {
        Kind::Goods => sales,
        Kind::Delivery => Role::ShipInc,
        Kind::GiftWrap => Role::GiftInc,
        Kind::Coupon | Kind::FreeDelivery => Role::Promo,
    };
    let nothing = Money::zero(amount.gross.currency());
    let plain = |rate| Whole { role, net: amount.gross, vat: nothing, rate };
    match treatment {
        Treatment::OwnVat { .. } => own_vat(role, amount, policy, on, order, line, path, advice),
        Treatment::NotRegistered => Ok(plain(VatRate::NoVat)),
        Treatment::OutsideScope { .. } => Ok(plain(VatRate::OutsideScope)),
        Treatment::Export => Ok(plain(VatRate::Percent(0.into()))),
        Treatment::CollectedByMarketplace { zero_rated, .. } => {
            let tax = amount.stated_tax.unwrap_or(nothing);
            let net = amount.gross.minus(tax).map_err(|error| Problem::arithmetic(path, &error))?;
            let rate = if zero_rated { VatRate::Percent(0.into()) } else { VatRate::OutsideScope };
            Ok(Whole { role, net, vat: nothing, rate })
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "an amount depends on all of these")]
fn own_vat(
    role: Role,
    amount: Paid,
    policy: &Policy,
    on: Date,
    order: &Order,
    line: &OrderLine,
    path: &str,
    advice: &mut Vec<Advice>,
) -> Result<Whole, Problem> {
    let sku = line.sku.as_ref().map(model::Sku::as_str);
    let class = policy.vat.of_line(order.id.as_str(), line.id.as_str(), sku).ok_or_else(|| {
        Problem::new(
            "no_vat_class",
            format!("{path}.sku"),
            format!("The VAT class of product `{}` is not known, so its VAT would be a guess. Nothing is posted for this order.", sku.unwrap_or("without SKU")),
            "Add the product to [vat.skus] of the mapping (20, 5, 0 or exempt), then press Retry.",
        )
    })?;
    let computed = vat_inside(amount.gross, class.percent());
    let stated = amount.stated_tax.filter(|tax| match policy.seller.vcs_on(on) {
        Vcs::On => true,
        Vcs::Detect => !tax.is_zero(),
        Vcs::Off => false,
    });
    let vat = stated.unwrap_or(computed);
    if (vat.minor() - computed.minor()).abs() > 1 {
        advice.push(vat_differs(path, vat, computed, class.percent()));
    }
    let net = amount.gross.minus(vat).map_err(|error| Problem::arithmetic(path, &error))?;
    Ok(Whole { role, net, vat, rate: class.rate() })
}

/// Net and VAT of the units of `part`, or `None` if nothing is left of them.
fn shared(whole: Whole, part: &Part, line: &OrderLine) -> Result<Option<(Money, Money)>, money::MoneyError> {
    let (from, to, of) = (u64::from(part.from), u64::from(part.to), u64::from(line.ordered));
    let gross = whole.net.plus(whole.vat)?;
    let vat = share(whole.vat, from, to, of)?;
    let net = share(gross, from, to, of)?.minus(vat)?;
    Ok((!net.is_zero() || !vat.is_zero()).then_some((net, vat)))
}

#[expect(clippy::too_many_arguments, reason = "one line of a document depends on all of these")]
fn document_lines(
    order: &Order,
    line: &OrderLine,
    part: &Part,
    kind: Kind,
    whole: Whole,
    (net, vat): (Money, Money),
    policy: &Policy,
    path: &str,
) -> Result<Vec<DraftLine>, Problem> {
    let sku = line.sku.as_ref().map(model::Sku::as_str);
    let nominal = policy
        .accounts
        .find(whole.role, net.currency(), &order.market.short, sku)
        .ok_or_else(|| no_account(whole.role, path))?;
    let units = part.to - part.from;
    let name = sku.unwrap_or("product");
    if kind != Kind::Goods {
        let description = match kind {
            Kind::Delivery => format!("Delivery of {name}"),
            Kind::GiftWrap => format!("Gift wrap of {name}"),
            Kind::FreeDelivery => format!("Promotion: delivery of {name}"),
            Kind::Coupon | Kind::Goods => format!("Promotion: {name}"),
        };
        return Ok(vec![single(description, net, vat, whole.rate, nominal, line)]);
    }
    let product = product(order, line, policy);
    let description = if line.title.is_empty() { name.to_owned() } else { format!("{name} {}", line.title) };
    let split = split_units(net, vat, units).map_err(|error| Problem::arithmetic(path, &error))?;
    Ok(split
        .into_iter()
        .map(|(count, unit_net, net, vat)| DraftLine {
            description: description.clone(),
            quantity: i32::try_from(count).unwrap_or(i32::MAX),
            unit_net,
            net,
            vat_rate: whole.rate,
            vat,
            nominal,
            product: product.clone(),
            order_line: Some(line.id.clone()),
            units: count,
            sku: line.sku.clone(),
        })
        .collect())
}

fn single(
    description: String,
    net: Money,
    vat: Money,
    vat_rate: VatRate,
    nominal: NominalCode,
    line: &OrderLine,
) -> DraftLine {
    DraftLine {
        description,
        quantity: 1,
        unit_net: net,
        net,
        vat_rate,
        vat,
        nominal,
        product: None,
        order_line: Some(line.id.clone()),
        units: 0,
        sku: line.sku.clone(),
    }
}

/// Splits `units` of a net that does not divide into two runs whose unit nets are exact: (units, unit net, net, VAT).
///
/// 8.33 for three becomes 2 × 2.78 + 1 × 2.77: quantity, net and VAT all stay exact, whatever decimals the books keep of a
/// unit price.
pub(crate) fn split_units(
    net: Money,
    vat: Money,
    units: u32,
) -> Result<Vec<(u32, Money, Money, Money)>, money::MoneyError> {
    let currency = net.currency();
    let count = i64::from(units);
    let (low, more) = (net.minor().div_euclid(count), net.minor().rem_euclid(count));
    let runs: Vec<(u32, i64)> =
        [(u32::try_from(more).unwrap_or(0), low + 1), (units - u32::try_from(more).unwrap_or(0), low)]
            .into_iter()
            .filter(|(run, _)| *run > 0)
            .collect();
    let nets: Vec<Money> = runs.iter().map(|(run, unit)| Money::new(unit * i64::from(*run), currency)).collect();
    let weights: Vec<u64> = nets.iter().map(|net| net.minor().unsigned_abs()).collect();
    let vats = if weights.iter().any(|weight| *weight > 0) {
        allocate(vat, &weights)?
    } else {
        allocate(vat, &runs.iter().map(|(run, _)| u64::from(*run)).collect::<Vec<_>>())?
    };
    Ok(runs
        .into_iter()
        .zip(nets)
        .zip(vats)
        .map(|(((run, unit), net), vat)| (run, Money::new(unit, currency), net, vat))
        .collect())
}

/// The product whose stock the books count. FBA never carries one: its stock is the marketplace's, and would count twice.
fn product(order: &Order, line: &OrderLine, policy: &Policy) -> Option<ProductCode> {
    if order.fulfilment != model::Fulfilment::BySeller {
        return None;
    }
    let link = policy.products.get(line.sku.as_ref()?.as_str())?;
    let counted = link.stock_managed && policy.books.stock_products.contains(&link.code);
    counted.then(|| ProductCode::parse(&link.code).ok()).flatten()
}

pub(crate) fn no_account(role: Role, path: &str) -> Problem {
    Problem::new(
        "no_account",
        path,
        format!("The mapping names no account for {}. Nothing is posted for this order.", role.as_str()),
        format!("Add {} to [accounts] of the mapping, then press Retry.", role.as_str()),
    )
}

fn collected_alarm(path: &str) -> Advice {
    let mut problem = Problem::new(
        "marketplace_collects_uk_vat",
        path,
        "Amazon collects VAT on a sale within the UK although you are established and registered here: it treats you as an overseas seller. The invoice carries your own VAT; the VAT that Amazon withheld stays open until it pays back.",
        "Complete Amazon's establishment check in Seller Central and ask for the withheld VAT back.",
    );
    problem.high_priority = true;
    Advice(problem)
}

fn export_evidence(path: &str) -> Advice {
    Advice(Problem::new(
        "export_evidence",
        path,
        "The sale was posted as a zero-rated export. That holds only with evidence of export.",
        "Keep proof of dispatch for this order; set export_evidence_kept = true in the mapping if you keep it for all.",
    ))
}

fn vat_differs(path: &str, stated: Money, computed: Money, percent: u32) -> Advice {
    Advice(Problem::new(
        "vat_differs_from_stated",
        path,
        format!("Amazon states VAT of {stated}; {percent} % would be {computed}. Amazon's figure was posted."),
        "Check the product's VAT class in the mapping and its tax code in Seller Central.",
    ))
}
